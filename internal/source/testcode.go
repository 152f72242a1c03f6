package source

import (
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
)

// Code that only tests run. What is left behind in it ends with the test.
//
// It stands in a test file; in a function that is given a test; in a package that is for
// tests by its place in the module, or that is named for them, itself or one around it, and
// names a type of package testing; in a file that imports such a package of its own
// module, as no program does; or in a file that is named for tests and names a type of
// package testing.

// InTest reports whether only tests run fn.
func (p *Package) InTest(fn *ssa.Function) bool {
	if p.forTests || p.InTestFile(fn.Pos()) {
		return true
	}
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return slices.ContainsFunc(fn.Params, func(p *ssa.Parameter) bool { return known.TestingType(p.Type()) || known.TakesAsserter(p.Type()) })
}

// InTestFile reports whether a place is in a file that is for tests.
func (p *Package) InTestFile(at token.Pos) bool {
	return slices.ContainsFunc(p.Pass.Files, func(f *ast.File) bool {
		if at < f.FileStart || at >= f.FileEnd {
			return false
		}
		if p.testFiles == nil {
			p.testFiles = map[*ast.File]bool{}
		}
		is, done := p.testFiles[f]
		if !done {
			is = isTestFile(p.Pass, f)
			p.testFiles[f] = is
		}
		return is
	})
}

func isTestFile(pass *analysis.Pass, f *ast.File) bool {
	name := filepath.Base(pass.Fset.File(f.FileStart).Name())
	if strings.HasSuffix(name, "_test.go") {
		return true
	}
	imports := slices.ContainsFunc(f.Imports, func(s *ast.ImportSpec) bool {
		path, err := strconv.Unquote(s.Path.Value)
		own, ok := inModule(pass, path)
		return err == nil && ok && (known.IsTestPath(own) || known.IsTestName(own))
	})
	return imports || strings.Contains(name, "test") && namesTest(pass, f)
}

// inModule is the path of a package in the module under analysis, and whether it belongs
// to that.
func inModule(pass *analysis.Pass, path string) (string, bool) {
	if pass.Module == nil || pass.Module.Path == "" {
		return path, false
	}
	own, ok := strings.CutPrefix(path, pass.Module.Path)
	return own, ok && (own == "" || own[0] == '/')
}

// namesTest reports whether a file names a type of package testing.
func namesTest(pass *analysis.Pass, f *ast.File) bool {
	found := false
	ast.Inspect(f, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && !found {
			t, isType := pass.TypesInfo.Uses[sel.Sel].(*types.TypeName)
			found = isType && known.TestingType(t.Type())
		}
		return !found
	})
	return found
}

// isForTests reports whether a package is one of helpers for tests.
func isForTests(pass *analysis.Pass) bool {
	path, _ := inModule(pass, pass.Pkg.Path())
	if known.IsTestPath(path) {
		return true
	}
	return slices.ContainsFunc(strings.Split(path, "/"), known.IsTestName) && slices.ContainsFunc(pass.Files, func(f *ast.File) bool {
		return !strings.HasSuffix(pass.Fset.File(f.FileStart).Name(), "_test.go") && namesTest(pass, f)
	})
}
