package survey

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/build"
	"github.com/gatherlint/gatherlint/internal/facts"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/relevant"
	"github.com/gatherlint/gatherlint/internal/source"
)

// A built package: its model, and what else the tests want to know of a run.
type built struct {
	pass  *analysis.Pass
	pkg   *model.Package
	again string // the dump of a second run on the same package
	// kept and whole are the SSA of the functions, by name: of those that the
	// gate keeps, and of all, built without a gate.
	kept, whole map[string]string
}

// dump is the model in text.
func (b *built) dump() string { return dumpOf(b.pkg, b.pass) }

func dumpOf(p *model.Package, pass *analysis.Pass) string {
	var out bytes.Buffer
	dumpModel(&out, p, func(p token.Pos) string { return placeOf(pass, p) })
	return out.String()
}

// placeOf says where something is so that what is written before the function does
// not matter: the function, and how many lines below its first one.
func placeOf(pass *analysis.Pass, p token.Pos) string {
	if !p.IsValid() {
		return "-"
	}
	line := func(p token.Pos) int { return pass.Fset.Position(p).Line }
	for _, f := range pass.Files {
		for _, d := range f.Decls {
			if d.Pos() > p || p >= d.End() {
				continue
			}
			if fd, ok := d.(*ast.FuncDecl); ok {
				return fmt.Sprintf("%s+%d", fd.Name.Name, line(p)-line(fd.Pos()))
			}
			return "a declaration"
		}
	}
	return "elsewhere"
}

// The packages of testdata/src that the tests look at. They are loaded together,
// because most of the time goes into the dependencies that they share.
var testPackages = []string{"model", "origins", "nasty", "quiet", "walks"}

var world = sync.OnceValues(func() (map[string]*built, error) { return buildAll(testPackages...) })

// modelOf is the model of one of testPackages.
func modelOf(t *testing.T, name string) *built {
	t.Helper()
	all, err := world()
	if err != nil {
		t.Fatal(err)
	}
	if all[name] == nil {
		t.Fatalf("package %s was not analysed", name)
	}
	return all[name]
}

// buildAll runs the model builder over packages below testdata/src, twice each.
func buildAll(packages ...string) (map[string]*built, error) {
	dir, err := filepath.Abs("../../testdata")
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	all := map[string]*built{}
	wanted := map[string]bool{}
	for _, p := range packages {
		wanted[p] = true
	}
	a := &analysis.Analyzer{
		Name: "model", Doc: "build the model", FactTypes: []analysis.Fact{new(facts.Summary)},
		Run: func(pass *analysis.Pass) (any, error) {
			if !wanted[pass.Pkg.Path()] {
				Summarize(pass, nil)
				return nil, nil
			}
			b := &built{pass: pass, pkg: first(Model(pass, nil))}
			b.again = dumpOf(first(Model(pass, nil)), pass)
			b.kept, b.whole = keptSSA(pass), wholeSSA(pass)
			mu.Lock()
			defer mu.Unlock()
			all[pass.Pkg.Path()] = b
			return nil, nil
		},
	}
	var w withoutWants
	for _, r := range analysistest.Run(&w, dir, a, packages...) {
		if r.Err != nil {
			return nil, r.Err
		}
	}
	if w.msgs != nil {
		return nil, fmt.Errorf("%s", strings.Join(w.msgs, "\n"))
	}
	return all, nil
}

// first is the model without its builder.
func first(p *model.Package, _ *build.Builder) *model.Package { return p }

// withoutWants takes the place of a testing.T where facts have no expectations.
type withoutWants struct{ msgs []string }

func (w *withoutWants) Errorf(format string, args ...any) {
	if msg := fmt.Sprintf(format, args...); !strings.Contains(msg, "unexpected fact") {
		w.msgs = append(w.msgs, msg)
	}
}

// keptSSA is the text of the functions that the gate lets through.
func keptSSA(pass *analysis.Pass) map[string]string {
	g := relevant.Find(pass, facts.NewGroups(pass, nil), relevant.ForFanOuts)
	if g.Empty() {
		return nil
	}
	return ssaText(source.BuildSSA(pass, g), pass)
}

// wholeSSA is the text of all functions of the package, built the plain way
// from the files as they are.
func wholeSSA(pass *analysis.Pass) map[string]string {
	prog := ssa.NewProgram(pass.Fset, ssa.NaiveForm)
	prog.SetNoReturn(known.NeverReturns)
	for _, p := range pass.Pkg.Imports() {
		prog.CreatePackage(p, nil, nil, true)
	}
	pkg := prog.CreatePackage(pass.Pkg, pass.Files, pass.TypesInfo, false)
	pkg.Build()
	return ssaText(pkg, pass)
}

// ssaText is the text of each function with a body, literals too, with the
// position of each instruction.
func ssaText(pkg *ssa.Package, pass *analysis.Pass) map[string]string {
	out := map[string]string{}
	for _, fn := range source.Functions(pass, pkg) {
		var text bytes.Buffer
		fn.WriteTo(&text)
		for _, blk := range fn.Blocks {
			for _, in := range blk.Instrs {
				fmt.Fprintf(&text, "%d.%s at %s\n", blk.Index, in, pass.Fset.Position(in.Pos()))
			}
		}
		out[fn.String()] = text.String()
	}
	return out
}
