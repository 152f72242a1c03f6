package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/gatherlint/gatherlint/internal/report"
)

// command is gatherlint as users have it: what it explains is the real analyzer's.
var command = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "gatherlint-explain-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "gatherlint")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	out, err := exec.Command("go", "build", "-buildvcs=false", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", errors.New(string(out))
	}
	return path, nil
})

// explain runs "gatherlint explain" in dir.
func explain(t *testing.T, dir string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	path, err := command()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, append([]string{"explain"}, args...)...)
	cmd.Dir = dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

const dockText = `package dock

import "sync"

func clean(names []string) int {
	out := make(chan int, len(names))
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() { out <- weigh(name) })
	}
	wg.Wait()
	close(out)
	sum := 0
	for n := range out {
		sum += n
	}
	return sum
}

func weigh(name string) int {
	return len(name)
}

type sink interface{ drain(chan int) }

func leaky(s sink) {
	out := make(chan int)
	s.drain(out)
	go feed(out)
}
`

const feedText = `package dock

func feed(out chan int) {
	out <- 1
}

func idle() {}
`

func dockModule(t *testing.T) string {
	return writeModule(t, map[string]string{
		"dock/dock.go":      dockText,
		"dock/feed.go":      feedText,
		"dock/idle.go":      "package dock\n\nfunc lazy() {}\n",
		"dock/none.go":      "//go:build never\n\npackage dock\n\nfunc never() { go never() }\n",
		"dock/dock_test.go": "package dock\n\n// Package testing has many dependencies.\n\nfunc tryX() {\n\tout := make(chan int)\n\tgo feed(out)\n\t<-out\n}\n",
		"dock/x_test.go":    "package dock_test\n\n// Nor is it needed here.\n\nfunc tryY() {\n\tout := make(chan int)\n\tgo func() { out <- 1 }()\n\t<-out\n}\n",
		"broken/broken.go":  "package broken\n\nfunc f() { go g() }\n",
		"other/go.mod":      "module example.com/other\n\ngo 1.25\n",
		"other/other.go":    "package other\n\nfunc F() {\n\tc := make(chan int, 1)\n\tgo func() { c <- 1 }()\n}\n",
	})
}

func TestExplainLine(t *testing.T) {
	t.Parallel()
	dir := dockModule(t)
	for _, tt := range []struct {
		from, args string
		want       []string
	}{
		{"", "dock/dock.go:9", []string{"clean starts 1 task under wg (dock/dock.go:5)\n\n", "wg.Wait is called (dock/dock.go:11)", "\n  none of the ", " checks finds anything\n", "\n  in what was explored (", "\nnot known, and so not judged\n  nothing\n"}},
		{"", "dock/dock.go:5:6", []string{"clean starts 1 task"}},
		{"dock", "./dock.go:18", []string{"clean starts 1 task under wg (dock.go:5)\n\n"}},
		{"other", "../dock/dock.go:5", []string{"clean starts 1 task under wg (../dock/dock.go:5)\n\n"}},
		{"", "-C dock dock.go:5", []string{"clean starts 1 task under wg (dock/dock.go:5)\n\n"}},
		{"", "-tags=x " + dir + "/dock/dock.go:5", []string{"clean starts 1 task under wg (dock/dock.go:5)\n\n"}},
		// What a task or a call runs is part of it.
		{"", "dock/dock.go:26", []string{"leaky starts 1 task", "\n  out: it is passed to s.drain, whose body is not seen (dock/dock.go:27)\n"}},
		{"", "dock/feed.go:4", []string{"leaky starts 1 task"}},
		{"", "dock/dock_test.go:7", []string{"tryX starts 1 task (dock/dock_test.go:5)", "what a test leaves behind ends with it"}},
		{"", "dock/x_test.go:7", []string{"tryY starts 1 task (dock/x_test.go:5)"}},
		// The module is that of the file.
		{"", "other/other.go:4", []string{"F starts 1 task (other/other.go:3)"}},
	} {
		code, out, errs := explain(t, filepath.Join(dir, tt.from), append([]string{"-q"}, strings.Fields(tt.args)...)...)
		wantCode(t, code, exitClean, out, errs)
		others := ""
		if tt.args == "dock/feed.go:4" {
			others = "gatherlint: dock/feed.go:4 is also part of 1 other fan-out: tryX (dock/dock_test.go:5)\n"
		}
		wantText(t, tt.args+": stderr", errs, others)
		wantContains(t, tt.args, out, tt.want...)
	}
}

// Where there is nothing to explain, the message says why, and where there is.
func TestExplainNothing(t *testing.T) {
	t.Parallel()
	dir := dockModule(t)
	for args, want := range map[string]string{
		"dock/dock.go:1":     "no fan-out at dock/dock.go:1; the fan-outs of the file are: clean (line 5), leaky (line 26)",
		"dock/feed.go:7":     "no fan-out at dock/feed.go:7, and none in the file",
		"dock/idle.go:3:6":   "no fan-out at dock/idle.go:3, and none in the file",
		"dock/none.go:5":     "dock/none.go is not part of the package in its directory: build tags, GOOS or GOARCH leave it out",
		"broken/broken.go:3": "broken/broken.go:3:15: undefined: g",
	} {
		code, out, errs := explain(t, dir, args)
		wantCode(t, code, exitFailed, out, errs)
		wantText(t, args+": stdout", out, "")
		wantContains(t, args+": stderr", errs, want)
	}
}

func TestExplainUsage(t *testing.T) {
	t.Parallel()
	dir := dockModule(t)
	for args, want := range map[string]string{
		"":                                  "explain needs a check, or a line as FILE:LINE",
		"droppedwiat":                       `unknown check "droppedwiat", did you mean droppedwait`,
		"dock/dock.go":                      `explain needs one line as FILE:LINE, not "dock/dock.go"`,
		"dock/dock.go:":                     `"" is no line number; explain needs FILE:LINE`,
		"dock/dock.go:x":                    `"x" is no line number`,
		"dock/dock.go:0":                    `"0" is no line number`,
		"dock/dock.go:-3":                   "line -3: lines count from 1",
		"dock/dock.go:99999999999999999999": `is no line number`,
		"dock/dock.go:31":                   "dock/dock.go:31 has 30 lines only",
		"dock:3":                            "dock is no Go file",
		"go.mod:1":                          "go.mod is no Go file",
		"nosuch.go:3":                       "nosuch.go: no such file",
		"dock/dock.go:3 dock/feed.go:3":     "explain needs one line as FILE:LINE, not",
		"-format=sarif dock/dock.go:3":      "explain has no format sarif; its formats are text, json and html",
		"-format=pdf dock/dock.go:3":        "unknown format",
		"-json dock/dock.go:3":              "flags -json, -fix, -diff and -checks cannot be used with explain",
		"-fix dock/dock.go:3":               "flags -json, -fix, -diff and -checks cannot be used with explain",
		"-checks=all dock/dock.go:3":        "flags -json, -fix, -diff and -checks cannot be used with explain",
		"-nosuch dock/dock.go:3":            "unknown flag -nosuch",
		"-groups=x dock/dock.go:3":          `group "x" is not of the form`,
		"-explain dock/dock.go:3":           "unknown flag -explain",
	} {
		code, out, errs := explain(t, dir, strings.Fields(args)...)
		wantCode(t, code, exitUsage, out, errs)
		wantText(t, args+": stdout", out, "")
		wantContains(t, args+": stderr", errs, "gatherlint: ", want)
		if strings.Count(errs, "\n") != 1 {
			t.Errorf("%s: more than one line: %s", args, errs)
		}
	}
	code, out, errs := explain(t, dir, "-help")
	wantCode(t, code, exitClean, out, errs)
	wantText(t, "help", out, explainUsage)
}

// The documentation of a check is that of help.
func TestExplainCheck(t *testing.T) {
	t.Parallel()
	code, out, errs := explain(t, "", "droppedwait")
	wantCode(t, code, exitClean, out, errs)
	_, help, _ := gatherlint(t, "", "help", "droppedwait")
	wantText(t, "explain droppedwait", out, help)
}

func TestExplainFormats(t *testing.T) {
	t.Parallel()
	dir := dockModule(t)
	code, out, errs := explain(t, dir, "-format=json", "dock/dock.go:26")
	wantCode(t, code, exitClean, out, errs)
	var list []report.Explanation
	if err := json.Unmarshal([]byte(out), &list); err != nil || len(list) != 1 {
		t.Fatalf("%d explanations, %v: %s", len(list), err, out)
	}
	wantText(t, "title", list[0].Title+" "+list[0].At.String(), "leaky starts 1 task dock/dock.go:26")
	if len(list[0].Sections) < 4 || len(list[0].Strokes) == 0 {
		t.Errorf("sections or the drawing are missing: %s", out)
	}
	code, out, errs = explain(t, dir, "-format=html", "-o=x.html", "dock/dock.go:26")
	wantCode(t, code, exitClean, out, errs)
	page := read(t, filepath.Join(dir, "x.html"))
	wantText(t, "stdout", out, "")
	wantContains(t, "the page", page, "<!doctype html>", "<svg class=\"diagram\"", "leaky starts 1 task", "out: it is passed to s.drain, whose body is not seen")
	if strings.Contains(page, dir) {
		t.Error("the page names the directory it was made in")
	}
	// An answer that there is none leaves an older file as it is.
	code, out, errs = explain(t, dir, "-o=x.html", "dock/dock.go:1")
	wantCode(t, code, exitFailed, out, errs)
	wantText(t, "x.html", read(t, filepath.Join(dir, "x.html")), page)
}

// Other commands do not take the flag with which the tool is asked.
func TestExplainFlagIsInternal(t *testing.T) {
	t.Parallel()
	path, err := command()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(path, "-explain", "./...").CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitUsage {
		t.Errorf("%v, want exit code %d", err, exitUsage)
	}
	wantContains(t, "output", string(out), "unknown flag -explain")
	help, err := exec.Command(path, "help").Output()
	if err != nil || strings.Contains(string(help), "-explain") {
		t.Errorf("%v: help has the flag:\n%s", err, help)
	}
}

// Flags may come before the word, as with other commands.
func TestExplainBehindFlags(t *testing.T) {
	t.Parallel()
	dir := dockModule(t)
	path, err := command()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args string
		code int
		want string
	}{
		{"-q -C dock explain dock.go:9", exitClean, "clean starts 1 task under wg (dock/dock.go:5)"},
		{"-C dock explain", exitUsage, "gatherlint: explain needs one line as FILE:LINE, not"},
		{"-C nowhere explain dock.go:9", exitUsage, "gatherlint: dock.go: no such file"},
		{"-C dock -fix explain dock.go:9", exitUsage, "gatherlint: flags -json, -fix, -diff and -checks cannot be used with explain"},
		{"-C dock version", exitUsage, "gatherlint: version comes first: gatherlint version ..."},
	} {
		cmd := exec.Command(path, strings.Fields(tt.args)...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if code := cmd.ProcessState.ExitCode(); code != tt.code || !strings.HasPrefix(string(out), tt.want) {
			t.Errorf("%s: exit code %d, %v, want %d\n%s\nwant %s", tt.args, code, err, tt.code, out, tt.want)
		}
	}
}

const hangingTest = `package dock

import "sync"

// It is in a test file, which is enough. Package testing
// has many dependencies, which would be read for each
// set of flags.
func hang() {
	var wg sync.WaitGroup
	for n := range 3 {
		wg.Add(1)
		go func() {
			if late(n) {
				return
			}
			wg.Done()
		}()
	}
	wg.Wait()
}

func late(n int) bool { return n == 1 }
`

const busyTest = `package dock

import (
	"errors"
	"sync"
	"testing"
)

func run(wg *sync.WaitGroup, errs chan<- error) {
	for range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			errs <- errors.New("no berth")
		}()
	}
}

func TestFirst(t *testing.T) {
	errs := make(chan error, 3)
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			errs <- errors.New("no berth")
		}()
	}
	wg.Wait()
	if len(errs) > 0 {
		t.Fatal(<-errs)
	}
}

func TestHandedOver(t *testing.T) {
	var wg sync.WaitGroup
	run(&wg, make(chan error, 3))
}
`

// TestTests has tests that do what would be a mistake elsewhere.
func TestTests(t *testing.T) {
	t.Parallel()
	path, err := command()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"dock/busy_test.go": "", "dock/busy.go": "firsterror: errs is read once|missedwait: nothing ever waits for wg"} {
		source := busyTest
		if want != "" { // the same, and no test
			source = strings.NewReplacer(`"testing"`, `"log"`, "t *testing.T", "", "t.Fatal", "log.Fatal").Replace(busyTest)
		}
		cmd := exec.Command(path, "-q", "-format=short", "./...")
		cmd.Dir = writeModule(t, map[string]string{name: source})
		out, _ := cmd.Output() // with findings, the code is not 0
		for _, w := range strings.Split(want, "|") {
			if !strings.Contains(string(out), w) || want == "" && len(out) > 0 {
				t.Errorf("%s: want %q, there is\n%s", name, w, out)
			}
		}
	}
}

// TestLeaksInTests has a test that hangs: it is told when somebody asks for it, by
// the command and by explain.
func TestLeaksInTests(t *testing.T) {
	t.Parallel()
	dir := writeModule(t, map[string]string{"dock/hang_test.go": hangingTest})
	path, err := command()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ args, want string }{
		{"-q -format=short ./...", ""},
		{"-q -format=short -leaks-in-tests ./...", "dock/hang_test.go:14:5: misseddone: "},
		{"explain -q -leaks-in-tests dock/hang_test.go:9", "misseddone: "},
	} {
		cmd := exec.Command(path, strings.Fields(tt.args)...)
		cmd.Dir = dir
		out, _ := cmd.Output() // with findings, the code is not 0
		if !strings.Contains(string(out), tt.want) || tt.want == "" && len(out) > 0 {
			t.Errorf("%s:\n%s\nwant %q", tt.args, out, tt.want)
		}
	}
}
