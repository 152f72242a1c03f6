package main

import (
	"strings"
	"testing"
)

func TestSkip(t *testing.T) {
	t.Parallel()
	for glob, want := range map[string]struct{ yes, no string }{
		"vendor":        {"vendor vendor/x/a.go a/vendor/b.go", "vendors/a.go a/my_vendor.go ."},
		"*_gen.go":      {"a_gen.go a/b_gen.go", "a_gen.gox a/b.go"},
		"internal/old":  {"internal/old internal/old/x/a.go", "a/internal/old/b.go internal/older/a.go internal"},
		"./a/b/...":     {"a/b a/b/c.go", "a/c.go"},
		"a/":            {"a/x.go b/a/x.go", "ab/x.go"},
		"**/mock/*.go":  {"mock/a.go x/y/mock/a.go", "mock/x/a.go mock"},
		"a/**/z":        {"a/z a/b/z a/b/c/z/x.go", "a/b z"},
		"a?/[b-c]/*.go": {"ax/b/x.go", "ax/d/x.go a/b/x.go"},
	} {
		s, err := parseSkip(glob)
		if err != nil {
			t.Errorf("%s: %v", glob, err)
		}
		for _, path := range strings.Fields(want.yes) {
			if !s.covers(path) {
				t.Errorf("%s does not cover %s", glob, path)
			}
		}
		for _, path := range strings.Fields(want.no) {
			if s.covers(path) {
				t.Errorf("%s covers %s", glob, path)
			}
		}
	}
}

// TestSkipRun leaves out a package that does not compile, a file, and tests.
func TestSkipRun(t *testing.T) {
	t.Parallel()
	dir := badModule(t)
	write(t, dir, "old/old.go", "package old\n\nvar X = nope\n")
	write(t, dir, "a/a_gen.go", "package a\n\nfunc badGen() {}\n")
	code, out, errs := gatherlint(t, dir, "-format=short", "-skip", "old", "-skip=*_gen.go", "-skip", "b/b.go", "-test=false")
	wantCode(t, code, exitFindings, out, errs)
	wantText(t, "stdout", out, "a/a.go:3:6: bad: badB is bad; it is not good\na/a.go:5:6: bad: badA is bad; it is not good\n")
	wantText(t, "stderr", errs, "")
	// The glob counts from the directory of the run.
	code, out, errs = gatherlint(t, dir+"/b", "-C", "../a", "-format=short", "-skip", "./a.go", "-skip=x_test.go", "-test=true")
	wantCode(t, code, exitFindings, out, errs)
	wantText(t, "stdout", out, "../a/a_gen.go:3:6: bad: badGen is bad; it is not good\n../a/a_test.go:3:6: bad: badTest is bad; it is not good\n")
	code, out, errs = gatherlint(t, dir, "-skip=b", "./b")
	wantCode(t, code, exitFailed, out, errs)
	wantContains(t, "stderr", errs, "gatherlint: -skip leaves no package to analyse\n")
}
