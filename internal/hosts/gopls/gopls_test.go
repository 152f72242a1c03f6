// Package gopls_test builds a gopls with gatherlint inside and talks to it as
// an editor does.
package gopls_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// programs are what the tests build, once for all of them.
type programs struct {
	gatherlint string
	gopls      string // with the default checks
	narrow     string // with the check parentctx alone
	cache      string // of gopls, for all its runs
}

// TestGopls has all tests as subtests, so that they share the programs.
func TestGopls(t *testing.T) {
	if os.Getenv("GATHERLINT_HOSTS") == "" {
		t.Skip("it builds gopls, which takes minutes the first time; GATHERLINT_HOSTS=1 switches it on")
	}
	p := build(t)
	t.Run("AgreesWithVet", func(t *testing.T) { testAgreesWithVet(t, p) })
	t.Run("Fixes", func(t *testing.T) { testFixes(t, p) })
	t.Run("UnsavedText", func(t *testing.T) { testUnsavedText(t, p) })
	t.Run("SwitchedOff", func(t *testing.T) { testSwitchedOff(t, p) })
	t.Run("Checks", func(t *testing.T) { testChecks(t, p) })
	t.Run("Directive", func(t *testing.T) { testDirective(t, p) })
}

// build makes the programs as a user does: the second gopls over the first.
func build(t *testing.T) programs {
	t.Helper()
	dir := t.TempDir()
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	exe := func(name string) string { return filepath.Join(dir, name+goOutput(t, root, "env", "GOEXE")) }
	p := programs{exe("gatherlint"), exe("gopls"), exe("narrow"), t.TempDir()}
	goOutput(t, root, "build", "-buildvcs=false", "-o", p.gatherlint, "./cmd/gatherlint")
	for _, b := range []struct {
		program string
		flags   []string
	}{
		{p.gopls, nil},
		{p.narrow, []string{"-checks", "parentctx"}},
	} {
		begin := time.Now()
		cmd := exec.Command(p.gatherlint, append([]string{"build", "gopls", "-source", root, "-o", b.program}, b.flags...)...)
		cmd.Dir = dir
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		if err := cmd.Run(); err != nil {
			t.Fatalf("build gopls %v: %v\n%s", b.flags, err, errs.String())
		}
		fi, err := os.Stat(b.program)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("build gopls %v: %.1f s, %d MB; %s", b.flags, time.Since(begin).Seconds(), fi.Size()>>20, strings.TrimSpace(out.String()))
	}
	left, err := filepath.Glob(filepath.Join(dir, ".gatherlint-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("the builds left %v (%v)", left, err)
	}
	return p
}

// goOutput runs the go command and returns what it prints.
func goOutput(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, errs.String())
	}
	return strings.TrimSpace(out.String())
}

// demo copies the demo, so that nothing can happen to it, and says where.
func demo(t *testing.T) string {
	t.Helper()
	// Links in the path would make gopls and the tests name files differently.
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(dir, "demo")
	if err := os.CopyFS(dir, os.DirFS("../../../testdata/demo")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// demoFindings are the findings, by line, of files that the tests edit.
var demoFindings = map[string]string{
	"quay/berths.go": "deadctx droppedwait",
	"quay/cranes.go": "missedwait maskedcause",
	"quay/papers.go": "parentctx lostctx",
}

// The editor sees what go vet sees: place, check, message and steps. The link
// leads to the section of the check.
func testAgreesWithVet(t *testing.T, p programs) {
	root := demo(t)
	want := vetFindings(t, p.gatherlint, root)
	for name, checks := range demoFindings {
		if n := len(want[name]); n != len(strings.Fields(checks)) {
			t.Fatalf("go vet has %d findings in %s, and the tests count on %s", n, name, checks)
		}
	}
	begin := time.Now()
	c := start(t, p.gopls, root, p.cache, nil)
	for i, name := range slices.Sorted(maps.Keys(want)) {
		c.openFile(name)
		all := ours(c.until(name, "findings as many as go vet has", func(all []diagnostic) bool {
			return len(ours(all)) >= len(want[name])
		}))
		if i == 0 {
			t.Logf("first findings, of a gopls that has never run: %.1f s after its start", time.Since(begin).Seconds())
		}
		var got []string
		for _, d := range all {
			var steps []string
			for _, r := range d.Related {
				steps = append(steps, fmt.Sprintf("%s: %s", place(c.root, r.Location), r.Message))
			}
			got = append(got, finding(place(c.root, location{uri(c.file(name)), d.Range}), fmt.Sprint(d.Code), d.Message, steps))
			look(t, d)
		}
		slices.Sort(got)
		slices.Sort(want[name])
		if !slices.Equal(got, want[name]) {
			t.Errorf("%s: gopls shows\n%s\ngo vet says\n%s", name, strings.Join(got, "\n"), strings.Join(want[name], "\n"))
		}
	}
}

// look checks what go vet does not say of a finding.
func look(t *testing.T, d diagnostic) {
	t.Helper()
	link := fmt.Sprintf("https://github.com/gatherlint/gatherlint/blob/main/docs/checks.md#%v", d.Code)
	if d.CodeDescription.Href != link {
		t.Errorf("%s: the link is %q, want %q", d, d.CodeDescription.Href, link)
	}
	if d.Severity != 2 {
		t.Errorf("%s: the severity is %d, want 2, a warning", d, d.Severity)
	}
	if len(d.Related) < 2 {
		t.Errorf("%s: %d steps", d, len(d.Related))
	}
}

// place is a place as go vet writes it, relative to the workspace.
func place(root string, l location) string {
	return fmt.Sprintf("%s:%d:%d", strings.TrimPrefix(l.URI, uri(root)+"/"), l.Range.Start.Line+1, l.Range.Start.Character+1)
}

func finding(at, check, message string, steps []string) string {
	return fmt.Sprintf("%s %s %s\n\t%s", at, check, message, strings.Join(steps, "\n\t"))
}

// vetFindings are the findings of go vet, by file, in the form of finding.
func vetFindings(t *testing.T, tool, root string) map[string][]string {
	t.Helper()
	short := func(posn string) string {
		return filepath.ToSlash(strings.TrimPrefix(posn, root+string(filepath.Separator)))
	}
	found := map[string][]string{}
	dec := json.NewDecoder(strings.NewReader(goOutput(t, root, "vet", "-vettool="+tool, "-json", "./...")))
	for {
		var packages map[string]map[string][]struct {
			Category, Posn, Message string
			Related                 []struct{ Posn, Message string }
		}
		err := dec.Decode(&packages)
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, analyzers := range packages {
			for _, d := range analyzers["gatherlint"] {
				var steps []string
				for _, r := range d.Related {
					steps = append(steps, short(r.Posn)+": "+r.Message)
				}
				name, _, _ := strings.Cut(short(d.Posn), ":")
				found[name] = append(found[name], finding(short(d.Posn), d.Category, d.Message, steps))
			}
		}
	}
}

// Each quick fix, applied in the editor, removes its finding and no other, and
// the text compiles.
func testFixes(t *testing.T, p programs) {
	c := start(t, p.gopls, demo(t), p.cache, quick(true))
	for _, f := range []struct{ name, check, title, left string }{
		{"quay/berths.go", "deadctx", "Name the context of g gctx, so that ctx stays the caller's", "droppedwait"},
		{"quay/papers.go", "parentctx", "Use gctx, which dies when g fails", "lostctx"},
		{"quay/papers.go", "lostctx", "Keep the context of g and use it in the tasks", ""},
	} {
		if c.text(f.name) == "" {
			c.openFile(f.name)
		}
		has := func(all []diagnostic) bool { return strings.Contains(checks(all), f.check) }
		all := ours(c.until(f.name, "finding "+f.check, has))
		i := slices.IndexFunc(all, func(d diagnostic) bool { return d.Code == f.check })
		actions := c.fixes(f.name, all[i])
		if len(actions) != 1 || actions[0].Title != f.title || actions[0].Kind != "quickfix" {
			t.Errorf("%s: the fixes are %+v, want the quickfix %q", all[i], actions, f.title)
			continue
		}
		before := c.text(f.name)
		if err := c.apply(actions[0]); err != nil {
			t.Error(err)
			continue
		}
		if c.text(f.name) == before {
			t.Errorf("%q changes nothing", f.title)
		}
		after := c.until(f.name, "findings "+f.left+" after the fix of "+f.check, shows(f.left))
		for _, d := range after {
			if d.Source == "compiler" {
				t.Errorf("after %q: %s", f.title, d)
			}
		}
	}
	// A finding without a fix has no quick fix.
	all := ours(c.until("quay/berths.go", "finding droppedwait", shows("droppedwait")))
	if actions := c.fixes("quay/berths.go", all[0]); len(actions) != 0 {
		t.Errorf("%s: the fixes are %+v, want none", all[0], actions)
	}
}

// quick are settings with which gopls does not wait a second before it answers
// to an edit, and with gatherlint on or off.
func quick(on bool) map[string]any {
	return map[string]any{"diagnosticsDelay": "50ms", "analyses": map[string]any{"gatherlint": on}}
}
