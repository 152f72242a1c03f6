// Package setup prepares what the tests of the hosts run: the command, copies
// of programs to analyse, and a module proxy that has gatherlint in a version.
package setup

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Real skips a test that runs a real host program, which takes minutes and
// needs the module proxy, unless GATHERLINT_HOSTS asks for it.
func Real(t *testing.T) {
	t.Helper()
	if os.Getenv("GATHERLINT_HOSTS") == "" {
		t.Skip("runs a real host program, which takes minutes and needs the module proxy; set GATHERLINT_HOSTS=1")
	}
}

// Need skips a test whose host program is not installed. Where GATHERLINT_HOSTS
// asks for the real programs, that is a failure.
func Need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		if os.Getenv("GATHERLINT_HOSTS") != "" {
			t.Fatalf("GATHERLINT_HOSTS is set and %s is not installed", program)
		}
		t.Skipf("%s is not installed", program)
	}
}

// Root is the root directory of gatherlint's source.
func Root(t *testing.T) string {
	t.Helper()
	_, file, _, ok := runtime.Caller(0)
	if !ok {
		t.Fatal("the test does not know its source")
	}
	return filepath.Join(filepath.Dir(file), "..", "..", "..")
}

// A Result is how a program ended.
type Result struct {
	Stdout, Stderr string
	Code           int
}

// Run runs a program in a directory. The environment is that of the test and
// the variables of environ. A program that cannot be run fails the test.
func Run(t *testing.T, dir string, environ []string, name string, args ...string) Result {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "GOWORK=off"), environ...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s: %v", name, err)
	}
	return Result{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

// Want fails the test if a program did not end with a code.
func (r Result) Want(t *testing.T, code int) Result {
	t.Helper()
	if r.Code != code {
		t.Fatalf("exit code %d, want %d\nstdout:\n%s\nstderr:\n%s", r.Code, code, r.Stdout, r.Stderr)
	}
	return r
}

// Command builds the command from the source and returns its path.
func Command(t *testing.T) string {
	t.Helper()
	exe := filepath.Join(t.TempDir(), "gatherlint")
	if runtime.GOOS == "windows" {
		exe += ".exe"
	}
	Run(t, Root(t), nil, "go", "build", "-buildvcs=false", "-o", exe, "./cmd/gatherlint").Want(t, 0)
	return exe
}

// Demo is a copy of the demo's module, with more files. Keys are paths.
func Demo(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := realDir(t)
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(Root(t), "testdata", "demo"))); err != nil {
		t.Fatal(err)
	}
	Write(t, dir, files)
	return dir
}

// Module is a module with the files and what errgroup needs in go.mod.
func Module(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := realDir(t)
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(Root(t), "testdata", "demo", name))
		if err != nil {
			t.Fatal(err)
		}
		Write(t, dir, map[string]string{name: string(text)})
	}
	Write(t, dir, files)
	return dir
}

// Source is a copy of what gatherlint is built from, to be changed.
func Source(t *testing.T) string {
	t.Helper()
	root, dir := Root(t), realDir(t)
	for _, name := range []string{"go.mod", "go.sum"} {
		Write(t, dir, map[string]string{name: Read(t, root, name)})
	}
	for _, part := range []string{"analyzer", "cmd", "internal", "plugin"} {
		if err := os.CopyFS(filepath.Join(dir, part), os.DirFS(filepath.Join(root, part))); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Write writes files below a directory.
func Write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(text), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
}

// Read reads a file below a directory.
func Read(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Blocks are the texts of the fenced blocks of a language in a file of the
// documentation, so that what it says is what is tested.
func Blocks(t *testing.T, file, language string) []string {
	t.Helper()
	var blocks []string
	rest := Read(t, Root(t), file)
	for {
		_, after, ok := strings.Cut(rest, "```"+language+"\n")
		if !ok {
			break
		}
		block, left, ok := strings.Cut(after, "```\n")
		if !ok {
			t.Fatalf("%s: a block does not end", file)
		}
		blocks, rest = append(blocks, block), left
	}
	if len(blocks) == 0 {
		t.Fatalf("%s has no block of %s", file, language)
	}
	return blocks
}

// realDir is a temporary directory by its real path, which tools print.
func realDir(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
