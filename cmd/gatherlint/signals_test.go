package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestSignals ends a command that waits: for the go command, for a reader of its
// output, for the writer of a file.
func TestSignals(t *testing.T) {
	t.Parallel()
	dir := badModule(t)
	if err := exec.Command("mkfifo", dir+"/pipe", dir+"/b/c_pipe.go").Run(); err != nil {
		t.Skip(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args   string
		signal os.Signal
		want   int
	}{
		{"-o pipe ./a", os.Interrupt, 130},
		{"-o pipe ./a", syscall.SIGTERM, 143},
		{"./b", os.Interrupt, 130},
		{"-o report ./b", syscall.SIGHUP, 129},
	} {
		if tt.signal == syscall.SIGHUP && signal.Ignored(syscall.SIGHUP) {
			continue // the tests run under nohup, and so does the command
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, exe, strings.Fields(tt.args)...)
		cmd.Dir = dir
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		time.Sleep(2 * time.Second)
		if err := cmd.Process.Signal(tt.signal); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // the code tells
		if got := cmd.ProcessState.ExitCode(); got != tt.want {
			t.Errorf("%s: exit code %d after %v, want %d: %s", tt.args, got, time.Since(begin), tt.want, out.String())
		}
		wantNoTemp(t, dir)
	}
}

// A signal that the parent ignores does not end the command: an interrupt at a
// terminal reaches what a script has started with "&" too.
func TestSignalIgnored(t *testing.T) {
	t.Parallel()
	dir := badModule(t)
	if err := exec.Command("mkfifo", dir+"/pipe").Run(); err != nil {
		t.Skip(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", `trap "" INT; exec "$0" -o pipe ./a`, exe)
	cmd.Dir = dir
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * time.Second)
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		if err := cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		time.Sleep(200 * time.Millisecond)
	}
	_ = cmd.Wait() // the code tells
	if got, want := cmd.ProcessState.ExitCode(), exitSignal+int(syscall.SIGTERM); got != want {
		t.Errorf("exit code %d, want %d: by the second signal", got, want)
	}
}

// The tool does not go on when go vet was killed, which waits for it.
func TestSignalEndsTool(t *testing.T) {
	t.Parallel()
	asleep := filepath.Join(t.TempDir(), "asleep")
	dir := writeModule(t, map[string]string{"x.go": "package x\n\n//" + asleep + "\nfunc sleep() {}\n"})
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, ".")
	cmd.Dir = dir
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for begin := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		if _, err := os.Stat(asleep); err == nil {
			break
		} else if time.Since(begin) > time.Minute {
			t.Fatal("nothing was analysed")
		}
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was interrupted
	time.Sleep(sleepy + time.Second)
	if _, err := os.Stat(asleep + ".late"); err == nil {
		t.Error("the tool went on after the command had ended")
	}
}

// A line that comes from the code does not reach stderr as it is.
func TestPlainStderr(t *testing.T) {
	t.Parallel()
	dir := writeModule(t, map[string]string{
		"x.go":   "package x\n\nvar x int = `\x1b[31m\n::error::type`\n",
		"y/y.go": "package y\n\n//line ::error file=x::y.go:7\nvar y int = `##[error]`\n",
		"z.go":   "package x\n\nfunc f() { g(`\n\t::warning::x`) }\n",
	})
	for _, args := range [][]string{{"./..."}, {"-json", "./..."}, {"-fix", "-diff", "./..."}, {"::error::x/..."}} {
		code, out, errs := gatherlint(t, dir, args...)
		wantCode(t, code, exitFailed, out, errs)
		for line := range strings.Lines(out + errs) {
			if strings.ContainsAny(line, "\x1b\r") || strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[") {
				t.Errorf("%v: a line gets through: %q", args, line)
			}
		}
	}
}

// A patch that would lead astray is not printed, and the others are.
func TestPlainDiff(t *testing.T) {
	t.Parallel()
	dir := writeModule(t, map[string]string{
		"a.go":   "package x\n\nfunc badA() {}\n\nvar _ = `\n::error::a`\n",
		"b.go":   "package x\n\nfunc badB() {}\n\nvar _ = `\x1b[2J`\n",
		"c.go":   "package x\n\nfunc badC() {}\n\n// caf\u00e9\u00a0\u200d is no harm\n",
		"d/d.go": "package d\n\nfunc badD() {}\n",
	})
	code, out, errs := gatherlint(t, dir, "-fix", "-diff")
	wantCode(t, code, exitFindings, out, errs)
	for _, name := range []string{"a.go", "b.go"} {
		wantContains(t, "stderr", errs, "gatherlint: "+name+": change not printed: ")
	}
	if strings.Count(out, "--- a/") != 2 || !strings.Contains(out, "+func goodC") || !strings.Contains(out, "+func goodD") {
		t.Errorf("the diff is\n%s", out)
	}
}

// Where go.work alone is, the message says what to type.
func TestWorkspaceRoot(t *testing.T) {
	t.Parallel()
	dir := writeModule(t, map[string]string{
		"go.work": "go 1.25\n\nuse (\n\t./api\n\t./web\n)\n", "go.mod": "",
		"api/go.mod": "module example.com/api\n\ngo 1.25\n", "api/a.go": "package api\n\nfunc badA() {}\n",
		"web/go.mod": "module example.com/web\n\ngo 1.25\n", "web/a.go": "package web\n\nfunc badB() {}\n",
	})
	if err := os.Remove(filepath.Join(dir, "go.mod")); err != nil {
		t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) string {
		cmd := exec.Command(exe, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOWORK=")
		out, _ := cmd.CombinedOutput() // the text tells
		return string(out)
	}
	wantText(t, "output", run("./..."), "gatherlint: no module of the workspace (go.work) is in "+dir+" itself; name the modules: ./api/... ./web/..., or work for all\ngatherlint: nothing was analysed\n")
	wantContains(t, "output", run("work"), "2 findings in 2 packages")
	wantContains(t, "output", run("./api/...", "./web/..."), "2 findings in 2 packages")
}
