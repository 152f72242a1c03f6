package source

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
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
		dropped = dropped && call != nil && p.madeIn(d, call) && !slices.ContainsFunc(path, startsIt)
	}
	return dropped
}

// startsIt reports whether what stands in a node runs on while its function returns.
func startsIt(n ast.Node) bool { _, ok := n.(*ast.GoStmt); return ok }

// WaitsAsk reports whether each wait in the package for the group in a field asks first for
// what fn sets after at, where it counts: a function that fails before that is not waited for.
func (p *Package) WaitsAsk(fn *types.Func, group *types.Var, at token.Pos) bool {
	path := p.enclosing(fn.Origin().Pos())
	if len(path) < 2 || group == nil {
		return false
	}
	d, ok := path[1].(*ast.FuncDecl)
	if !ok {
		return false
	}
	set := setAfter(d, at)
	waits, all := false, true
	for _, file := range p.Pass.Files {
		var stack []ast.Node
		ast.Inspect(file, func(n ast.Node) bool {
			if n == nil {
				stack = stack[:len(stack)-1]
				return true
			}
			stack = append(stack, n)
			if sel, ok := n.(*ast.SelectorExpr); ok && p.waits(sel) && p.isField(sel.X, group) {
				waits, all = true, all && asksBefore(stack, set)
			}
			return true
		})
	}
	return waits && all
}

// WaitsBeside reports whether a function of the package that names fn waits for a group
// itself: what fn leaves undone shows there.
func (p *Package) WaitsBeside(fn *types.Func) bool {
	return slices.ContainsFunc(p.usesOf(fn.Origin()), func(id *ast.Ident) bool {
		d, _ := callIn(p.enclosing(id.Pos()), id)
		waits := false
		if d != nil {
			ast.Inspect(d, func(n ast.Node) bool {
				sel, ok := n.(*ast.SelectorExpr)
				waits = waits || ok && p.waits(sel)
				return !waits
			})
		}
		return waits
	})
}

// waits reports whether a selector names the method of a group that waits for its tasks.
func (p *Package) waits(sel *ast.SelectorExpr) bool {
	fn, ok := p.Pass.TypesInfo.Uses[sel.Sel].(*types.Func)
	return ok && p.Groups.Does(fn, model.OpWait)
}

// isField reports whether an expression is a field of an object.
func (p *Package) isField(x ast.Expr, f *types.Var) bool {
	sel, ok := ast.Unparen(x).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	v, ok := p.Pass.TypesInfo.Uses[sel.Sel].(*types.Var)
	return ok && v.Origin() == f.Origin()
}

// setAfter are the names of the fields that a function sets after at and not before it, by an
// assignment or a method that is called.
func setAfter(d *ast.FuncDecl, at token.Pos) map[string]bool {
	set, before := map[string]bool{}, map[string]bool{}
	sets := func(x ast.Expr) {
		if sel, ok := ast.Unparen(x).(*ast.SelectorExpr); ok {
			set[sel.Sel.Name] = true
			before[sel.Sel.Name] = before[sel.Sel.Name] || x.Pos() < at
		}
	}
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				sets(l)
			}
		case *ast.CallExpr:
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok && len(n.Args) > 0 {
				sets(sel.X) // s.ok.Store(true)
			}
		}
		return true
	})
	maps.DeleteFunc(set, func(name string, _ bool) bool { return before[name] })
	return set
}

// asksBefore reports whether what stands at the end of a path is only come to where an if
// statement has asked for one of the fields: within it, or after one that leaves.
func asksBefore(path []ast.Node, fields map[string]bool) bool {
	asks := func(cond ast.Expr) (found bool) {
		ast.Inspect(cond, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			found = found || ok && fields[sel.Sel.Name]
			return !found
		})
		return found
	}
	for i, n := range path[:len(path)-1] {
		switch n := n.(type) {
		case *ast.IfStmt:
			if path[i+1] == ast.Node(n.Body) && asks(n.Cond) {
				return true
			}
		case *ast.BlockStmt:
			for _, stmt := range n.List {
				if ast.Node(stmt) == path[i+1] {
					break
				}
				if test, ok := stmt.(*ast.IfStmt); ok && asks(test.Cond) && leaves(test.Body) {
					return true
				}
			}
		}
	}
	return false
}

// leaves reports whether a block ends with a return.
func leaves(b *ast.BlockStmt) bool {
	if len(b.List) == 0 {
		return false
	}
	_, ok := b.List[len(b.List)-1].(*ast.ReturnStmt)
	return ok
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

// CallsOf are the calls of a function of the package outside test files; all is false where
// others may call it: it is exported, handed on, or called through an interface.
func (p *Package) CallsOf(fn *types.Func) (calls []*ast.CallExpr, all bool) {
	if fn.Exported() || fn.Signature().Recv() != nil && p.inInterface(fn.Name()) {
		return nil, false
	}
	for _, id := range p.usesOf(fn.Origin()) {
		_, call := callIn(p.enclosing(id.Pos()), id)
		if call == nil {
			return nil, false
		}
		calls = append(calls, call)
	}
	return calls, len(calls) > 0
}

// Recovered reports whether all who call fn take its panics.
func (p *Package) Recovered(fn *types.Func) bool {
	calls, all := p.CallsOf(fn)
	return all && !slices.ContainsFunc(calls, func(c *ast.CallExpr) bool { return !relevant.Recovers(p.enclosing(c.Pos()), c.Pos()) })
}

// Discarded reports whether all who call fn leave what it gives.
func (p *Package) Discarded(fn *types.Func) bool {
	calls, all := p.CallsOf(fn)
	return all && !slices.ContainsFunc(calls, func(c *ast.CallExpr) bool {
		path := p.enclosing(c.Pos())
		up := path[slices.Index(path, ast.Node(c))-1]
		if a, ok := up.(*ast.AssignStmt); ok {
			return slices.ContainsFunc(a.Lhs, func(x ast.Expr) bool { return Short(x) != "_" })
		}
		_, alone := up.(*ast.ExprStmt)
		return !alone
	})
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
