package analyzer_test

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// A mutantFile is a file of testdata/src with the functions that can be changed.
type mutantFile struct {
	pass  *analysis.Pass
	file  *ast.File
	tf    *token.File
	text  string
	sites []*site
	index int // in pass.Files
	calls *callGraph
}

func (f *mutantFile) at(p token.Pos) int { return f.tf.Offset(p) }

// mutantFiles are all files of the packages that were loaded, in one order.
func mutantFiles(t *testing.T) []*mutantFile {
	t.Helper()
	var out []*mutantFile
	for name, f := range folders() {
		if f.pass == nil {
			t.Fatalf("testdata/src/%s was not analysed: %s", name, strings.Join(f.problems, "\n"))
		}
		graph := newCallGraph(f.pass)
		for i, syntax := range f.pass.Files {
			tf := f.pass.Fset.File(syntax.FileStart)
			text, err := os.ReadFile(tf.Name())
			if err != nil {
				t.Fatal(err)
			}
			m := &mutantFile{pass: f.pass, file: syntax, tf: tf, text: string(text), index: i, calls: graph}
			for _, d := range syntax.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil && len(fn.Body.List) > 0 {
					m.sites = append(m.sites, siteOf(m, fn))
				}
			}
			if len(m.sites) > 0 {
				out = append(out, m)
			}
		}
	}
	slices.SortFunc(out, func(a, b *mutantFile) int { return cmp.Compare(a.tf.Name(), b.tf.Name()) })
	return out
}

// A callGraph is which declared functions of a package name which others.
type callGraph struct {
	uses map[*ast.FuncDecl][]*ast.FuncDecl
	used map[*ast.FuncDecl][]*ast.FuncDecl
}

func newCallGraph(pass *analysis.Pass) *callGraph {
	g := &callGraph{map[*ast.FuncDecl][]*ast.FuncDecl{}, map[*ast.FuncDecl][]*ast.FuncDecl{}}
	decl := map[types.Object]*ast.FuncDecl{}
	var all []*ast.FuncDecl
	for _, f := range pass.Files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				all = append(all, fn)
				decl[pass.TypesInfo.Defs[fn.Name]] = fn
			}
		}
	}
	for _, fn := range all {
		ast.Inspect(fn, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				obj := pass.TypesInfo.Uses[id]
				if f, ok := obj.(*types.Func); ok {
					obj = f.Origin()
				}
				if to := decl[obj]; to != nil {
					g.uses[fn] = append(g.uses[fn], to)
					g.used[to] = append(g.used[to], fn)
				}
			}
			return true
		})
	}
	return g
}

// maxCallers is how many callers of a changed function stay in its package.
const maxCallers = 3

// around is the function, what it calls, and some who call it.
func (g *callGraph) around(fn *ast.FuncDecl) map[string]bool {
	keep := map[*ast.FuncDecl]bool{}
	var visit func(fn *ast.FuncDecl)
	visit = func(fn *ast.FuncDecl) {
		if !keep[fn] {
			keep[fn] = true
			for _, to := range g.uses[fn] {
				visit(to)
			}
		}
	}
	visit(fn)
	names := map[string]bool{}
	for fn := range keep {
		names[declName(fn)] = true
	}
	for _, by := range g.used[fn][:min(maxCallers, len(g.used[fn]))] {
		names[declName(by)] = true
	}
	return names
}

// declName names a declaration by its receiver's type too.
func declName(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return fn.Name.Name
	}
	return types.ExprString(fn.Recv.List[0].Type) + "." + fn.Name.Name
}

// A mutant is a package that was changed in one place, and type-checks.
type mutant struct {
	what string // which change, and where
	fn   string // the text of the changed function
	pass *analysis.Pass
}

// newMutant makes the mutant with a number, nil if it does not type-check.
func newMutant(files []*mutantFile, all []mutation, seed uint64, n int) *mutant {
	r := rand.New(rand.NewPCG(seed, uint64(n)))
	src, _ := pick(r, files)
	s, _ := pick(r, src.sites)
	m, _ := pick(r, all)
	edits := m.apply(s, r)
	if edits == nil {
		return nil
	}
	slices.SortFunc(edits, func(a, b edit) int { return b.from - a.from })
	text, end := src.text, src.at(s.fn.End())
	for _, e := range edits {
		text = text[:e.from] + e.text + text[e.to:]
		end += len(e.text) - (e.to - e.from)
	}
	fn := text[src.at(s.fn.Pos()):end]
	after := src.at(src.file.Name.End())
	text = text[:after] + `; import mutantSync "sync"` + text[after:] + mutantDecls
	pos := src.pass.Fset.Position(s.fn.Pos())
	return checkTypes(src, text, src.calls.around(s.fn), &mutant{what: fmt.Sprintf("%s in %s:%d (seed %d, number %d)", m.name, pos.Filename, pos.Line, seed, n), fn: fn})
}

// checkTypes parses the changed file and type-checks its package, in which only the
// functions to keep have bodies.
func checkTypes(src *mutantFile, text string, keep map[string]bool, m *mutant) *mutant {
	fset := src.pass.Fset
	changed, err := parser.ParseFile(fset, src.tf.Name(), text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	files := slices.Clone(src.pass.Files)
	files[src.index] = changed
	for i, f := range files {
		files[i] = withoutBodies(f, keep)
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Instances: map[*ast.Ident]types.Instance{},
		Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Scopes: map[ast.Node]*types.Scope{}, FileVersions: map[*ast.File]string{},
	}
	conf := types.Config{Importer: loadedImports(src.pass.Pkg), DisableUnusedImportCheck: true, GoVersion: src.pass.Pkg.GoVersion(), Sizes: src.pass.TypesSizes}
	pkg, err := conf.Check(src.pass.Pkg.Path(), fset, files, info)
	if err != nil {
		return nil
	}
	facts := map[types.Object]analysis.Fact{}
	p := *src.pass
	p.Files, p.Pkg, p.TypesInfo = files, pkg, info
	p.ExportObjectFact = func(obj types.Object, f analysis.Fact) { facts[obj] = f }
	p.ImportObjectFact = func(obj types.Object, f analysis.Fact) bool {
		if own, ok := facts[obj]; ok {
			reflect.ValueOf(f).Elem().Set(reflect.ValueOf(own).Elem())
			return true
		}
		return obj.Pkg() != pkg && src.pass.ImportObjectFact(obj, f)
	}
	m.pass = &p
	return m
}

func withoutBodies(f *ast.File, keep map[string]bool) *ast.File {
	c := *f
	c.Decls = slices.Clone(f.Decls)
	for i, d := range c.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if ok && fn.Body != nil && fn.Type.TypeParams == nil && fn.Name.Name != "init" && !keep[declName(fn)] && !generic(fn) {
			bare := *fn
			bare.Body = nil
			c.Decls[i] = &bare
		}
	}
	return &c
}

// generic reports whether the receiver has type parameters.
func generic(fn *ast.FuncDecl) bool {
	return fn.Recv != nil && strings.Contains(types.ExprString(fn.Recv.List[0].Type), "[")
}

// loadedImports finds what a package imports, directly or not, among what has
// been loaded for it.
func loadedImports(pkg *types.Package) importerFunc {
	return func(path string) (*types.Package, error) {
		seen := map[*types.Package]bool{}
		var find func(p *types.Package) *types.Package
		find = func(p *types.Package) *types.Package {
			if p.Path() == path {
				return p
			}
			if seen[p] {
				return nil
			}
			seen[p] = true
			for _, q := range p.Imports() {
				if found := find(q); found != nil {
					return found
				}
			}
			return nil
		}
		if path == "unsafe" {
			return types.Unsafe, nil
		}
		if p := find(pkg); p != nil {
			return p, nil
		}
		return nil, fmt.Errorf("%s is not loaded", path)
	}
}
