package source

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/relevant"
)

// Who may give back what a function leaves taken: whoever names it in the package, to call
// it or to hand it on, and gives back something of the same name, or calls what does; and
// nobody need do so where all callers have just made the object, and drop it.

// MayMakeGood reports whether that is so for fn and what it takes of the field or variable
// of the name, "" if any.
func (p *Package) MayMakeGood(fn *types.Func, what known.Taking, name string) bool {
	uses := p.usesOf(fn.Origin())
	dropped := len(uses) > 0 && !fn.Exported()
	for _, id := range uses {
		path := p.enclosing(id.Pos())
		d, call := callIn(path, id)
		if d == nil || p.gives(d, fn, what, name, true) {
			return true
		}
		dropped = dropped && call != nil && p.madeIn(d, call)
	}
	return dropped
}

// callIn is the call of a function that is named at the end of a path, nil if it is handed
// on there, and the declaration around it.
func callIn(path []ast.Node, id *ast.Ident) (d *ast.FuncDecl, call *ast.CallExpr) {
	for _, n := range path {
		switch n := n.(type) {
		case *ast.CallExpr:
			fun := ast.Unparen(n.Fun)
			if sel, ok := fun.(*ast.SelectorExpr); call == nil && (fun == ast.Expr(id) || ok && sel.Sel == id) {
				call = n
			}
		case *ast.FuncDecl:
			d = n
		}
	}
	return d, call
}

// gives reports whether a function, or one of the package that it calls besides fn, gives
// back something of the name, and takes nothing of that name itself.
func (p *Package) gives(d *ast.FuncDecl, fn *types.Func, what known.Taking, name string, follow bool) bool {
	gives, takes, calls := false, false, false
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SendStmt:
			takes = takes || what == known.AChanPlace && named(n.Chan, name)
		case *ast.UnaryExpr:
			gives = gives || what == known.AChanPlace && n.Op == token.ARROW && named(n.X, name)
		case *ast.CallExpr:
			if is, of, does := relevant.Takes(p.Pass.TypesInfo, n); is == what && named(of, name) {
				takes, gives = takes || does, gives || !does
			}
			if to := p.declOf(n); follow && to != nil && to.Name.Pos() != fn.Origin().Pos() {
				calls = calls || p.gives(to, fn, what, name, false)
			}
		}
		return true
	})
	return calls || gives && !takes
}

// named reports whether an expression ends with a name.
func named(x ast.Expr, name string) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		return name == "" || x.Name == name
	case *ast.SelectorExpr:
		return name == "" || x.Sel.Name == name
	}
	return name == ""
}

// declOf is the declaration of the function of the package that is called, nil if it is
// none.
func (p *Package) declOf(call *ast.CallExpr) *ast.FuncDecl {
	fun := ast.Unparen(call.Fun)
	if sel, ok := fun.(*ast.SelectorExpr); ok {
		fun = sel.Sel
	}
	id, ok := fun.(*ast.Ident)
	if !ok {
		return nil
	}
	fn, ok := p.Pass.TypesInfo.Uses[id].(*types.Func)
	if !ok || fn.Pkg() != p.Pass.Pkg {
		return nil
	}
	if path := p.enclosing(fn.Origin().Pos()); len(path) > 1 {
		d, _ := path[1].(*ast.FuncDecl)
		return d
	}
	return nil
}

// madeIn reports whether the call is of a method of what is held in a variable that the
// function declares in its body.
func (p *Package) madeIn(d *ast.FuncDecl, call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	id, ok := ast.Unparen(sel.X).(*ast.Ident)
	if !ok {
		return false
	}
	obj := p.Pass.TypesInfo.Uses[id]
	return obj != nil && d.Body.Pos() <= obj.Pos() && obj.Pos() < d.Body.End()
}
