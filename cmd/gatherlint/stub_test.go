package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/go/analysis"
)

// asTool makes the test binary act as gatherlint with the stub analyzer, for
// go vet, which inherits it from the tests.
const asTool = "GATHERLINT_TEST_AS_TOOL"

func TestMain(m *testing.M) {
	if os.Getenv(asTool) != "" {
		flag.CommandLine = flag.NewFlagSet(os.Args[0], flag.ExitOnError) // without the flags of package testing
		e, err := newEnv()
		if err != nil {
			panic(err)
		}
		os.Exit(run(e, os.Args[1:], stub()))
	}
	// The modules of the tests import nothing: no network, and the same
	// results whatever the environment says.
	for name, value := range map[string]string{
		asTool: "1", "GOFLAGS": "", "GOWORK": "off", "GOPROXY": "off", "GOTOOLCHAIN": "local", "GO111MODULE": "on",
	} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// stubChecks is a flag that takes "default" and "bad" only.
type stubChecks struct{ value string }

func (c *stubChecks) String() string { return c.value }

func (c *stubChecks) Set(s string) error {
	if s != "default" && s != "bad" && s != "none" {
		return fmt.Errorf("unknown check %q; did you mean %q? The checks are: bad", s, "bad")
	}
	c.value = s
	return nil
}

// sleepy is how long the stub sleeps.
const sleepy = 8 * time.Second

// stub returns an analyzer that reports each function named bad* and offers
// to name it good*, with two steps; fails on a function named crash; sleeps on
// one named sleep, after it made the file named by its comment, and then makes
// another one with the ending late; and takes longer
// than a progress waits on one named doze.
func stub() *analysis.Analyzer {
	checks := &stubChecks{"default"}
	// With facts, so that go vet's driver runs it on dependencies too.
	a := &analysis.Analyzer{Name: "gatherlint", Doc: "stub", FactTypes: []analysis.Fact{new(stubFact)}}
	a.Flags.Var(checks, "checks", "which `checks` run")
	actors := a.Flags.Bool("actors", false, "begin each step with who does it")
	a.Run = func(pass *analysis.Pass) (any, error) {
		for _, file := range pass.Files {
			for _, decl := range file.Decls {
				fn, ok := decl.(*ast.FuncDecl)
				if !ok {
					continue
				}
				switch name := fn.Name.Name; {
				case name == "crash":
					return nil, errors.New("it crashed")
				case name == "sleep":
					if err := os.WriteFile(strings.TrimSpace(fn.Doc.Text()), nil, 0o666); err != nil {
						return nil, err
					}
					time.Sleep(sleepy)
					if err := os.WriteFile(strings.TrimSpace(fn.Doc.Text())+".late", nil, 0o666); err != nil {
						return nil, err
					}
				case name == "doze":
					time.Sleep(progressDelay + time.Second)
				case strings.HasPrefix(name, "bad") && checks.value != "none":
					reportBad(pass, fn, *actors)
				}
			}
		}
		return nil, nil
	}
	return a
}

type stubFact struct{}

func (*stubFact) AFact() {}

func reportBad(pass *analysis.Pass, fn *ast.FuncDecl, actors bool) {
	first, second := "", ""
	if actors {
		first, second = fmt.Sprintf("[spawner \"main\" -> task %q] ", fn.Name.Name), fmt.Sprintf("[task %q blocks] ", fn.Name.Name)
	}
	d := analysis.Diagnostic{
		Pos: fn.Name.Pos(), End: fn.Name.End(),
		Category: "bad",
		Message:  fmt.Sprintf("bad: %s is bad; it is not good", fn.Name.Name),
		Related: []analysis.RelatedInformation{
			{Pos: fn.Pos(), End: fn.End(), Message: "1. " + first + "main starts " + fn.Name.Name},
			{Pos: fn.Body.Pos(), End: fn.Body.End(), Message: "2. " + second + "it ends badly"},
		},
	}
	rename := analysis.TextEdit{Pos: fn.Name.Pos(), End: fn.Name.End(), NewText: []byte("good" + fn.Name.Name[len("bad"):])}
	switch {
	case strings.HasSuffix(fn.Name.Name, "NoFix"):
	case strings.HasSuffix(fn.Name.Name, "Twice"):
		// A second finding with another fix in the same place.
		other := d
		other.Message = "bad: " + fn.Name.Name + " is worse; it is far from good"
		rename2 := rename
		rename2.NewText = []byte("better" + fn.Name.Name[len("bad"):])
		other.SuggestedFixes = []analysis.SuggestedFix{{Message: "rename", TextEdits: []analysis.TextEdit{rename2}}}
		pass.Report(other)
		fallthrough
	default:
		d.SuggestedFixes = []analysis.SuggestedFix{{Message: "rename", TextEdits: []analysis.TextEdit{rename}}}
	}
	pass.Report(d)
}

const goMod = "module example.com/m\n\ngo 1.25\n"

// writeModule makes a directory with the files. Keys are paths, and go.mod is
// added if it is not among them.
func writeModule(t *testing.T, files map[string]string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir()) // the go command prints real paths
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := files["go.mod"]; !ok {
		write(t, dir, "go.mod", goMod)
	}
	for name, text := range files {
		write(t, dir, name, text)
	}
	return dir
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// gatherlint runs the command as if the user stood in dir.
func gatherlint(t *testing.T, dir string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	code = run(env{stdout: &out, stderr: &errs, dir: dir, exe: exe}, args, stub())
	return code, out.String(), errs.String()
}

func wantCode(t *testing.T, got, want int, stdout, stderr string) {
	t.Helper()
	if got != want {
		t.Errorf("exit code %d, want %d\nstdout:\n%s\nstderr:\n%s", got, want, stdout, stderr)
	}
}

func wantText(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n%s\nwant:\n%s", what, got, want)
	}
}

func wantContains(t *testing.T, what, got string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(got, want) {
			t.Errorf("%s does not contain %q:\n%s", what, want, got)
		}
	}
}
