package analyzer_test

import (
	"fmt"
	"go/ast"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/analyzer"
)

// ran tells by their findings which checks an analyzer runs: each check finds
// something in its own folder.
func ran(t *testing.T, a *analysis.Analyzer) []string {
	t.Helper()
	var names []string
	for _, name := range checkNames() {
		ds, err := diagnose(a, examplesOf(pass(t, name)))
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(ds, func(d analysis.Diagnostic) bool { return d.Category == name }) {
			names = append(names, name)
		}
	}
	return names
}

// examplesOf is the pass with the files of the documented examples only: which
// checks run shows there too.
func examplesOf(p *analysis.Pass) *analysis.Pass {
	few := *p
	few.Files = slices.DeleteFunc(slices.Clone(p.Files), func(f *ast.File) bool {
		name := filepath.Base(p.Fset.Position(f.FileStart).Filename)
		return name != "example.go" && name != "helpers.go"
	})
	return &few
}

// byDefault lists the checks that are not opt-in.
func byDefault() []string {
	var names []string
	for _, c := range analyzer.Checks() {
		if !c.OptIn {
			names = append(names, c.Name)
		}
	}
	return names
}

func without(names []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == name })
}

func TestChecksOption(t *testing.T) {
	all, optIn := checkNames(), checkNames()
	for _, name := range byDefault() {
		optIn = without(optIn, name)
	}
	cases := map[string][]string{
		"":                            byDefault(),
		" \t":                         byDefault(),
		"default":                     byDefault(),
		"all":                         all,
		"droppedwait":                 {"droppedwait"},
		"droppedwait,deadctx":         {"deadctx", "droppedwait"},
		" droppedwait , deadctx ":     {"deadctx", "droppedwait"},
		"deadctx,deadctx":             {"deadctx"},
		"-droppedwait":                without(byDefault(), "droppedwait"),
		" -droppedwait":               without(byDefault(), "droppedwait"),
		"default,-droppedwait":        without(byDefault(), "droppedwait"),
		"all,-droppedwait":            without(all, "droppedwait"),
		"-droppedwait,droppedwait":    byDefault(),
		"all,-default":                optIn,
		"-all,deadctx":                {"deadctx"},
		"deadctx,default,-missedwait": without(byDefault(), "missedwait"),
	}
	for _, name := range optIn {
		with := append(byDefault(), name)
		slices.Sort(with)
		cases["default,"+name] = with
	}
	for list, want := range cases {
		o := analyzer.Options{Checks: list}
		if err := o.Validate(); err != nil {
			t.Errorf("Validate of %q: %v", list, err)
			continue
		}
		if got := ran(t, analyzer.New(&o)); !slices.Equal(got, want) {
			t.Errorf("option %q runs %v, want %v", list, got, want)
		}
	}
	for _, list := range []string{"-all", "-default", "droppedwait,-droppedwait"} {
		want := fmt.Sprintf("%q leaves no check to run", list)
		if err := (analyzer.Options{Checks: list}).Validate(); err == nil || err.Error() != want {
			t.Errorf("Validate of %q: %v, want %s", list, err, want)
		}
	}
	// The flag takes the same lists.
	a := analyzer.New(nil)
	for _, list := range []string{"droppedwait,deadctx", "-droppedwait", ""} {
		if err := a.Flags.Set("checks", list); err != nil {
			t.Fatal(err)
		}
		if got := ran(t, a); !slices.Equal(got, cases[list]) {
			t.Errorf("flag %q runs %v, want %v", list, got, cases[list])
		}
	}
}

func TestUnknownCheck(t *testing.T) {
	for list, hint := range map[string]string{
		"dropedwait":           `unknown check "dropedwait", did you mean droppedwait;`,
		"default,-deadctxt":    `unknown check "deadctxt", did you mean deadctx;`,
		"parentctx,lostctx ,x": `unknown check "x"`,
		"deadctx,,lostctx":     `unknown check ""`,
		"deadctx,":             `unknown check ""`,
		"deadctx lostctx":      `unknown check "deadctx lostctx"`,
		"somethingquiteother":  `unknown check "somethingquiteother";`, // nothing is near
	} {
		o := analyzer.Options{Checks: list}
		_, runErr := diagnose(analyzer.New(&o), pass(t, "deadctx"))
		for how, err := range map[string]error{
			"Validate": o.Validate(), "a run": runErr, "the flag": analyzer.New(nil).Flags.Set("checks", list),
		} {
			if err == nil || !strings.Contains(err.Error(), hint) {
				t.Errorf("%s of %q: %v, want %s", how, list, err, hint)
				continue
			}
			for _, name := range append(checkNames(), "default", "all") {
				if !strings.Contains(err.Error(), name) {
					t.Errorf("%s of %q does not name %s: %v", how, list, name, err)
				}
			}
		}
	}
}

// Analyzers have their options for themselves, whatever happens to those that
// they were made from.
func TestOptionsApart(t *testing.T) {
	o := &analyzer.Options{Checks: "deadctx"}
	first := analyzer.New(o)
	o.Checks = "lostctx"
	second := analyzer.New(o)
	third := analyzer.New(nil)
	if err := second.Flags.Set("checks", "droppedwait"); err != nil {
		t.Fatal(err)
	}
	if err := second.Flags.Set("checks", "nosuchcheck"); err == nil {
		t.Error("the flag takes a check that does not exist")
	}
	for want, a := range map[string]*analysis.Analyzer{
		"deadctx": first, "droppedwait": second, strings.Join(byDefault(), " "): third,
	} {
		if got := strings.Join(ran(t, a), " "); got != want {
			t.Errorf("runs %s, want %s", got, want)
		}
	}
	if o.Checks != "lostctx" {
		t.Errorf("a flag changed the options of the caller to %q", o.Checks)
	}
	if got := strings.Join(ran(t, analyzer.Analyzer), " "); got != strings.Join(byDefault(), " ") {
		t.Errorf("analyzer.Analyzer runs %s", got)
	}
}
