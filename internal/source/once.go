package source

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/model"
)

// Which functions run once in the life of a process.
//
// main does, the function of a command, and what initializes the package. So does a function of the package if each
// mention of it, tests apart, is a call outside of loops in one that runs once. A loop over
// a list that is written out has few rounds; goto makes a loop of a function. The exported
// functions of package main, methods too, are taken to be called by those who name them. A
// function that is used as a value runs as often as others like.

// RunsOnce reports whether a process runs fn once at most from each place that calls it.
func (p *Package) RunsOnce(fn *ssa.Function) bool {
	switch s := fn.Syntax().(type) {
	case *ast.FuncDecl:
		return p.declRunsOnce(s)
	case *ast.FuncLit:
		return p.valueRunsOnce(p.pathTo(s))
	}
	return false
}

// HasGoto reports whether code may go round without a loop.
func HasGoto(top ast.Node) bool {
	found := false
	ast.Inspect(top, func(n ast.Node) bool {
		b, ok := n.(*ast.BranchStmt)
		found = found || ok && b.Tok == token.GOTO
		return !found
	})
	return found
}

func (p *Package) declRunsOnce(d *ast.FuncDecl) bool {
	if out, ok := p.once[d]; ok {
		return out
	}
	if p.once == nil {
		p.once = map[*ast.FuncDecl]bool{}
	}
	p.once[d] = false // as seen from a call of its own
	p.once[d] = d.Recv == nil && d.Name.Name == "init" || p.endingOfDecl(d) == model.EndsAlways || p.calledOnce(d)
	return p.once[d]
}

// calledOnce reports whether all mentions of a declared function are calls that run once.
func (p *Package) calledOnce(d *ast.FuncDecl) bool {
	fn, ok := p.Pass.TypesInfo.Defs[d.Name].(*types.Func)
	if !ok || fn.Exported() && p.Pass.Pkg.Name() != "main" || d.Recv != nil && p.inInterface(fn.Name()) {
		return false
	}
	uses := p.usesOf(fn)
	return len(uses) > 0 && !slices.ContainsFunc(uses, func(id *ast.Ident) bool {
		path := p.pathTo(id)
		if n := len(path); n > 1 {
			if sel, ok := path[n-2].(*ast.SelectorExpr); ok && sel.Sel == id {
				path = path[:n-1]
			}
		}
		return !p.valueRunsOnce(path)
	})
}

// valueRunsOnce says that of a function by one mention of it, the last node of the path: it is
// called there, outside of loops, or it is the function of a command.
func (p *Package) valueRunsOnce(path []ast.Node) bool {
	n := len(path)
	if n < 2 {
		return false
	}
	if call, ok := path[n-2].(*ast.CallExpr); !ok || call.Fun != path[n-1] {
		return p.endingOfValue(path) != model.EndsNever
	}
	for i, around := range slices.Backward(path[:n-1]) {
		switch around := around.(type) {
		case *ast.ForStmt:
			return false
		case *ast.RangeStmt:
			if !p.IsWrittenOut(around.X) {
				return false
			}
		case *ast.FuncDecl:
			return !HasGoto(around) && p.declRunsOnce(around)
		case *ast.FuncLit:
			return p.valueRunsOnce(path[:i+1])
		}
	}
	return true // for a variable of the package
}

// IsWrittenOut reports whether a list is a literal, or a local variable that is given literals
// only.
func (p *Package) IsWrittenOut(list ast.Expr) bool {
	if lit, ok := ast.Unparen(list).(*ast.CompositeLit); ok {
		return lit.Type != nil
	}
	id, ok := ast.Unparen(list).(*ast.Ident)
	if !ok {
		return false
	}
	v := p.Pass.TypesInfo.ObjectOf(id)
	path := p.pathTo(id)
	outermost := slices.IndexFunc(path, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			return true
		}
		return false
	})
	given, only := false, true
	ast.Inspect(path[max(0, outermost)], func(n ast.Node) bool {
		set, ok := n.(*ast.AssignStmt)
		if !ok {
			return true
		}
		for i, to := range set.Lhs {
			if to, ok := to.(*ast.Ident); ok && p.Pass.TypesInfo.ObjectOf(to) == v {
				_, lit := set.Rhs[min(i, len(set.Rhs)-1)].(*ast.CompositeLit)
				given, only = true, only && lit
			}
		}
		return true
	})
	return given && only
}
