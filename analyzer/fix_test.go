package analyzer_test

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// TestFixes applies each fix of each check to the code of its folder: the result
// compiles, the finding is gone, and no check finds anything new. Fixes of different
// functions are applied together, as each analysis costs as much as the folder is large.
func TestFixes(t *testing.T) {
	for _, name := range checkNames() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := pass(t, name)
			all, err := folders()[name].all()
			if err != nil {
				t.Fatal(err)
			}
			before := byPlace(p, all)
			for _, together := range batches(p, folders()[name].reported) {
				var edits []analysis.TextEdit
				var labels []string
				for _, o := range together {
					edits, labels = append(edits, o.fix.TextEdits...), append(labels, o.label(p))
				}
				fixed, err := applyFix(p, analysis.SuggestedFix{TextEdits: edits})
				if err != nil {
					t.Errorf("%s: %v", strings.Join(labels, ", "), err)
					continue
				}
				after := findings(t, fixed)
				for _, o := range together {
					if key := place(p, o.of); after[key] >= before[key] { // one fix can remove several
						t.Errorf("%s: the finding is still there", o.label(p))
					}
				}
				for _, key := range slices.Sorted(maps.Keys(after)) {
					if after[key] > before[key] {
						t.Errorf("a new finding: %s; it is made by one of %s", key, strings.Join(labels, ", "))
					}
				}
			}
		})
	}
}

// An offered fix is one of a finding.
type offered struct {
	of  analysis.Diagnostic
	fix analysis.SuggestedFix
}

func (o offered) label(p *analysis.Pass) string {
	at := p.Fset.Position(o.of.Pos)
	return fmt.Sprintf("%s:%d: fix %q", filepath.Base(at.Filename), at.Line, o.fix.Message)
}

// batches puts together the fixes of findings that change different declarations.
func batches(p *analysis.Pass, ds []analysis.Diagnostic) [][]offered {
	var out [][]offered
	var changed []map[ast.Node]bool // of each batch
	for _, d := range ds {
		for _, fix := range d.SuggestedFixes {
			own, n := declarations(p, d, fix), 0
			for n < len(out) && slices.ContainsFunc(own, func(decl ast.Node) bool { return changed[n][decl] }) {
				n++
			}
			if n == len(out) {
				out, changed = append(out, nil), append(changed, map[ast.Node]bool{})
			}
			out[n] = append(out[n], offered{d, fix})
			for _, decl := range own {
				changed[n][decl] = true
			}
		}
	}
	return out
}

// declarations are those that a fix changes, and that of its finding.
func declarations(p *analysis.Pass, d analysis.Diagnostic, fix analysis.SuggestedFix) []ast.Node {
	at := []token.Pos{d.Pos}
	for _, e := range fix.TextEdits {
		at = append(at, e.Pos)
	}
	var out []ast.Node
	for _, file := range p.Files {
		for _, decl := range file.Decls {
			if slices.ContainsFunc(at, func(pos token.Pos) bool { return decl.Pos() <= pos && pos <= decl.End() }) {
				out = append(out, decl)
			}
		}
	}
	return out
}

// findings counts what all checks say of a package, by place.
func findings(t *testing.T, p *analysis.Pass) map[string]int {
	t.Helper()
	ds, err := diagnose(everyCheck(), p)
	if err != nil {
		t.Fatal(err)
	}
	return byPlace(p, ds)
}

func byPlace(p *analysis.Pass, ds []analysis.Diagnostic) map[string]int {
	count := map[string]int{}
	for _, d := range ds {
		count[place(p, d)]++
	}
	return count
}

// place tells findings apart although a fix moves lines: by file, function and
// message.
func place(p *analysis.Pass, d analysis.Diagnostic) string {
	fn := ""
	for _, file := range p.Files {
		for _, decl := range file.Decls {
			if decl, ok := decl.(*ast.FuncDecl); ok && decl.Pos() <= d.Pos && d.Pos < decl.End() {
				fn = decl.Name.Name
			}
		}
	}
	return filepath.Base(p.Fset.Position(d.Pos).Filename) + ": " + fn + ": " + d.Message
}

// applyFix returns the package with the fix applied, type-checked.
func applyFix(p *analysis.Pass, fix analysis.SuggestedFix) (*analysis.Pass, error) {
	edits := slices.Clone(fix.TextEdits)
	slices.SortFunc(edits, func(a, b analysis.TextEdit) int { return cmp.Compare(a.Pos, b.Pos) })
	fixed := *p
	fixed.Files = slices.Clone(p.Files)
	for i, file := range p.Files {
		tf := p.Fset.File(file.FileStart)
		src, err := os.ReadFile(tf.Name())
		if err != nil {
			return nil, err
		}
		text, last := "", 0
		for _, e := range edits {
			if p.Fset.File(e.Pos) != tf {
				continue
			}
			if tf.Offset(e.Pos) < last {
				return nil, errors.New("two edits overlap")
			}
			text += string(src[last:tf.Offset(e.Pos)]) + string(e.NewText)
			last = tf.Offset(e.Pos)
			if e.End.IsValid() {
				last = tf.Offset(e.End)
			}
		}
		if last == 0 {
			continue
		}
		if fixed.Files[i], err = parser.ParseFile(p.Fset, tf.Name(), text+string(src[last:]), parser.ParseComments); err != nil {
			return nil, err
		}
	}
	return &fixed, typeCheck(&fixed)
}

// typeCheck gives a pass the types of its files.
func typeCheck(p *analysis.Pass) error {
	known := map[string]*types.Package{}
	var visit func(*types.Package)
	visit = func(pkg *types.Package) {
		if known[pkg.Path()] == nil {
			known[pkg.Path()] = pkg
			for _, imp := range pkg.Imports() {
				visit(imp)
			}
		}
	}
	for _, imp := range p.Pkg.Imports() {
		visit(imp)
	}
	var errs []error
	conf := types.Config{
		Importer: importerFunc(func(path string) (*types.Package, error) {
			if pkg := known[path]; pkg != nil {
				return pkg, nil
			}
			return nil, fmt.Errorf("the package did not import %s before", path)
		}),
		Sizes: p.TypesSizes,
		Error: func(err error) {
			// Drivers drop imports that are of no use any more.
			if !strings.HasSuffix(err.Error(), "imported and not used") {
				errs = append(errs, err)
			}
		},
	}
	p.TypesInfo = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Instances: map[*ast.Ident]types.Instance{},
		Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Scopes: map[ast.Node]*types.Scope{}, FileVersions: map[*ast.File]string{},
	}
	p.Pkg, _ = conf.Check(p.Pkg.Path(), p.Fset, p.Files, p.TypesInfo) // its errors are in errs
	return errors.Join(errs...)
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

// The tests of the fixes fail where they ought to: on a fix that does not
// compile, and on one that changes nothing.
func TestApplyFix(t *testing.T) {
	p := pass(t, checkNames()[0])
	name := p.Files[0].Name
	broken := analysis.TextEdit{Pos: p.Files[0].Decls[1].Pos(), End: p.Files[0].Decls[1].Pos(), NewText: []byte("var unknown = missing\n")}
	if _, err := applyFix(p, analysis.SuggestedFix{TextEdits: []analysis.TextEdit{broken}}); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("a fix that does not compile: %v, want an error about missing", err)
	}
	twice := []analysis.TextEdit{{Pos: name.Pos(), End: name.End(), NewText: []byte(name.Name)}, {Pos: name.Pos() + 1, End: token.NoPos, NewText: nil}}
	if _, err := applyFix(p, analysis.SuggestedFix{TextEdits: twice}); err == nil {
		t.Error("edits that overlap: no error")
	}
	nothing := analysis.TextEdit{Pos: name.Pos(), End: name.End(), NewText: []byte(name.Name)}
	fixed, err := applyFix(p, analysis.SuggestedFix{TextEdits: []analysis.TextEdit{nothing}})
	if err != nil {
		t.Fatal(err)
	}
	if before, after := findings(t, p), findings(t, fixed); len(before) == 0 || !maps.Equal(before, after) {
		t.Errorf("a fix that changes nothing: %v, want %v", after, before)
	}
}
