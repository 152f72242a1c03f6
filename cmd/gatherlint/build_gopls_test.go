package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestGoplsFor(t *testing.T) {
	for _, c := range []struct{ goVersion, want, problem string }{
		{"go1.26\n", "v0.23.0", ""},
		{"go1.26.8", "v0.23.0", ""},
		{"go1.26rc1", "v0.23.0", ""},
		{"go1.26.8 X:jsonv2", "v0.23.0", ""},
		{"go1.26.8-acme", "v0.23.0", ""},
		{"go1.27.4", "v0.24.0", ""},
		{"go1.31.0", "v0.24.0", ""},
		{"devel go1.28-cf3d5b3 Sun Nov 22 10:00:00 2026 +0000", "v0.24.0", ""},
		{"go1.25.9", "", "gopls with gatherlint inside needs go1.26 or newer to be built, and this is go1.25.9"},
		{"devel +cf3d5b3", "", `cannot tell which gopls the Go version "devel +cf3d5b3" builds; -version names one`},
		{"", "", `cannot tell which gopls the Go version "" builds; -version names one`},
	} {
		got, err := goplsFor(c.goVersion)
		if got != c.want || errorText(err) != c.problem {
			t.Errorf("goplsFor(%q) = %q, %q; want %q, %q", c.goVersion, got, errorText(err), c.want, c.problem)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestParseGoplsVersion(t *testing.T) {
	for _, c := range []struct{ version, want, problem string }{
		{"v0.23.0", "v0.23.0", ""},
		{"0.23.0", "v0.23.0", ""},
		{"v0.24.0-pre.1", "v0.24.0-pre.1", ""},
		{"v1.0.0", "v1.0.0", ""},
		{"latest", "latest", ""},
		{"v0.22.9", "", "gatherlint does not fit into gopls before v0.23.0"},
		{"v0.9.10", "", "gatherlint does not fit into gopls before v0.23.0"},
		{"v0.23", "", "it is not a version of gopls like v0.24.0, nor latest"},
		{"v0.23.0 ", "", "it is not a version of gopls like v0.24.0, nor latest"},
		{"main", "", "it is not a version of gopls like v0.24.0, nor latest"},
		{"v0.23.0\nexclude x v1.0.0", "", "it is not a version of gopls like v0.24.0, nor latest"},
		{"v0.99999999999999999999.0", "", "it has a number that is too large"},
	} {
		got, err := parseGoplsVersion(c.version)
		if got != c.want || errorText(err) != c.problem {
			t.Errorf("parseGoplsVersion(%q) = %q, %q; want %q, %q", c.version, got, errorText(err), c.want, c.problem)
		}
	}
}

// The releases are newest first, and each is one that -version takes.
func TestGoplsReleases(t *testing.T) {
	all := goplsReleases()
	if !slices.IsSortedFunc(all, func(a, b goplsRelease) int { return strings.Compare(b.version, a.version) }) {
		t.Errorf("not newest first: %v", all)
	}
	for _, r := range all {
		if got, err := parseGoplsVersion(r.version); got != r.version || err != nil {
			t.Errorf("%s: %q, %v", r.version, got, err)
		}
		if got, err := goplsFor(r.needs + ".0"); got != r.version || err != nil {
			t.Errorf("%s builds %q (%v), want %s", r.needs, got, err, r.version)
		}
	}
}

// The file that is laid into gopls is Go, whatever the checks are, and has them
// as they were written.
func TestGoplsRegister(t *testing.T) {
	for _, checks := range []string{"", "parentctx,lostctx", "all, -missedwait", "\"`\\\n*/"} {
		source := goplsRegister(checks)
		file, err := parser.ParseFile(token.NewFileSet(), "", source, parser.SkipObjectResolution)
		if err != nil {
			t.Errorf("checks %q: %v in\n%s", checks, err, source)
			continue
		}
		var literals []string
		ast.Inspect(file, func(n ast.Node) bool {
			if kv, ok := n.(*ast.KeyValueExpr); ok {
				if lit, ok := kv.Value.(*ast.BasicLit); ok {
					value, err := strconv.Unquote(lit.Value)
					if err != nil {
						t.Error(err)
					}
					literals = append(literals, value)
				}
			}
			return true
		})
		if !slices.Equal(literals, []string{checks}) {
			t.Errorf("checks %q: the file has %q", checks, literals)
		}
	}
}
