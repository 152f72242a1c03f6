package source

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
)

// Functions of the package that end the process: fatal(err).
//
// One does so always if its last statement does, and it has no way around that; or if it
// is given an error, where it looks at that first. Functions that others can replace, and
// methods, are not looked at.

// exitsItself says when a call of a function of the package ends the process by what the
// function does.
func (p *Package) exitsItself(fn *types.Func) model.Ending {
	if fn.Pkg() != p.Pass.Pkg || fn.Signature().Recv() != nil {
		return model.EndsNever
	}
	if ends, ok := p.exiting[fn]; ok {
		return ends
	}
	if p.exiting == nil {
		p.exiting = map[*types.Func]model.Ending{}
	}
	p.exiting[fn] = model.EndsNever // as seen from a call of its own
	if path := p.enclosing(fn.Pos()); len(path) > 1 {
		if d, ok := path[1].(*ast.FuncDecl); ok && d.Body != nil {
			p.exiting[fn] = p.judgeExit(d)
		}
	}
	return p.exiting[fn]
}

func (p *Package) judgeExit(d *ast.FuncDecl) model.Ending {
	if p.allExit(d.Body.List) {
		return model.EndsAlways
	}
	if len(d.Body.List) == 0 {
		return model.EndsNever
	}
	test, ok := d.Body.List[0].(*ast.IfStmt)
	if !ok || test.Init != nil || test.Else != nil {
		return model.EndsNever
	}
	for _, field := range d.Type.Params.List {
		for _, name := range field.Names {
			err := p.Pass.TypesInfo.Defs[name]
			switch {
			case err == nil || !known.IsError(err.Type()):
			case p.compares(test.Cond, token.NEQ, err) && p.allExit(test.Body.List),
				p.compares(test.Cond, token.EQL, err) && returnsNothing(test.Body.List) && p.allExit(d.Body.List[1:]):
				return model.EndsOnError
			}
		}
	}
	return model.EndsNever
}

// allExit reports whether the process ends with the last of the statements, and none
// before it leaves.
func (p *Package) allExit(list []ast.Stmt) bool {
	if len(list) == 0 {
		return false
	}
	last, ok := list[len(list)-1].(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := last.X.(*ast.CallExpr)
	if !ok || p.exits(call) != model.EndsAlways {
		return false
	}
	leaves := false
	for _, stmt := range list {
		ast.Inspect(stmt, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ReturnStmt, *ast.BranchStmt:
				leaves = true
			}
			return !leaves
		})
	}
	return !leaves
}

func returnsNothing(list []ast.Stmt) bool {
	if len(list) != 1 {
		return false
	}
	ret, ok := list[0].(*ast.ReturnStmt)
	return ok && len(ret.Results) == 0
}

// isAside reports whether a statement is a brief call that does not end the process.
func (p *Package) isAside(stmt ast.Stmt) bool {
	s, ok := stmt.(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := s.X.(*ast.CallExpr)
	return ok && len(call.Args) == 0 && p.isBrief(stmt)
}

// isFunc reports whether an expression is a function.
func (p *Package) isFunc(n ast.Node) bool {
	x, ok := n.(ast.Expr)
	if !ok {
		return false
	}
	t := p.Pass.TypesInfo.TypeOf(x)
	return t != nil && known.IsFunc(t)
}
