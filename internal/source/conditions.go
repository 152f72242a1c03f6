package source

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
)

// How the author wrote what a branch asks. It is looked up when a finding tells of
// a branch, and not for all of them.

// Condition is the condition at the place that SSA gives it, nil if it is not found.
func (p *Package) Condition(at token.Pos) *model.Condition {
	path := p.enclosing(at)
	for i, n := range slices.Backward(path) {
		var cond ast.Expr
		around := path[:i+1]
		switch n := n.(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			return nil
		case *ast.IfStmt:
			cond = n.Cond
		case *ast.ForStmt:
			cond = n.Cond
		case *ast.CaseClause:
			around = path[:i-1] // the clauses stand in the body of the switch
			if sw, ok := around[i-2].(*ast.SwitchStmt); ok && sw.Tag == nil {
				if i := slices.IndexFunc(n.List, func(e ast.Expr) bool { return at < e.End() }); i >= 0 {
					cond = n.List[i]
				}
			}
		}
		if cond == nil || at < cond.Pos() || at >= cond.End() {
			continue
		}
		e := operandAt(cond, at)
		if e == nil {
			return nil
		}
		c := &model.Condition{At: model.SpanOf(e), Text: Short(e)}
		p.failure(c, e, around)
		return c
	}
	return nil
}

// Loop is the for statement around a place of which depth others stand around it,
// within one function.
func (p *Package) Loop(at token.Pos, depth int) *model.Condition {
	path := p.enclosing(at)
	for i, n := range slices.Backward(path) {
		switch n.(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			path = path[i:]
		default:
			continue
		}
		break
	}
	for _, n := range path {
		var c *model.Condition
		switch n := n.(type) {
		case *ast.RangeStmt:
			c = &model.Condition{At: model.Span{Pos: n.For, End: n.X.End()}, Text: Short(n.X)}
		case *ast.ForStmt:
			c = &model.Condition{At: model.Span{Pos: n.For, End: n.Body.Pos()}}
		default:
			continue
		}
		if depth == 0 {
			return c
		}
		depth--
	}
	return nil
}

// enclosing are the nodes around a place, the outermost first.
func (p *Package) enclosing(at token.Pos) []ast.Node {
	var path []ast.Node
	for _, f := range p.Pass.Files {
		if at < f.FileStart || at >= f.FileEnd {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			inside := n != nil && n.Pos() <= at && at < n.End()
			if inside {
				path = append(path, n)
			}
			return inside
		})
	}
	return path
}

// operandAt is the operand of !, && and || that SSA decides about at a position.
func operandAt(cond ast.Expr, at token.Pos) ast.Expr {
	cond = ast.Unparen(cond)
	if not, ok := cond.(*ast.UnaryExpr); ok && not.Op == token.NOT {
		return operandAt(not.X, at)
	}
	if b, ok := cond.(*ast.BinaryExpr); ok && (b.Op == token.LAND || b.Op == token.LOR) {
		if at < b.OpPos {
			return operandAt(b.X, at)
		}
		return operandAt(b.Y, at)
	}
	return cond
}

// failure adds the error that a condition compares with nil, and what gave it.
func (p *Package) failure(c *model.Condition, e ast.Expr, path []ast.Node) {
	cmp, ok := e.(*ast.BinaryExpr)
	if !ok {
		if x, ok := e.(*ast.UnaryExpr); ok && x.Op == token.ARROW {
			p.given(c, x, true)
		}
		return
	}
	x, y := ast.Unparen(cmp.X), ast.Unparen(cmp.Y)
	if id, ok := x.(*ast.Ident); ok && id.Name == "nil" {
		x, y = y, x
	}
	if id, ok := y.(*ast.Ident); !ok || id.Name != "nil" {
		return
	}
	c.Err = model.SpanOf(x)
	for root := x; ; {
		switch r := root.(type) {
		case *ast.SelectorExpr:
			root = ast.Unparen(r.X)
			continue
		case *ast.Ident:
			if obj := p.Pass.TypesInfo.ObjectOf(r); obj != nil {
				p.given(c, p.assigned(obj, path), root == x)
			}
		default:
			p.given(c, x, true)
		}
		return
	}
}

// given notes the call or receive that gave the error; whole says that the error is
// all that it gave.
func (p *Package) given(c *model.Condition, from ast.Expr, whole bool) {
	switch from := ast.Unparen(from).(type) {
	case *ast.CallExpr:
		if whole && !p.Pass.TypesInfo.Types[from.Fun].IsType() {
			c.From, c.FromText, c.Ctx = model.SpanOf(from), Short(from.Fun), p.askedContext(from)
		}
	case *ast.UnaryExpr:
		if from.Op == token.ARROW {
			c.From, c.FromText, c.Receives = model.SpanOf(from), Short(from.X), true
		}
	case *ast.Ident, *ast.SelectorExpr: // what a loop ranges over
		if t := p.Pass.TypesInfo.TypeOf(from); t != nil {
			if _, ok := t.Underlying().(*types.Chan); ok {
				c.From, c.FromText, c.Receives = model.SpanOf(from), Short(from), true
			}
		}
	}
}

// askedContext is the context of which a call gives the error, "" for another call.
func (p *Package) askedContext(call *ast.CallExpr) string {
	fn, ok := typeutil.Callee(p.Pass.TypesInfo, call).(*types.Func)
	if !ok || !known.TellsEnd(known.FuncName(fn)) {
		return ""
	}
	if fn.Signature().Recv() != nil {
		return Short(p.Positions.Receiver(call))
	}
	return Short(p.Positions.Arg(call, 0))
}

// assigned is what a variable got last before the innermost of the nodes, if that is
// the same on all ways: by a statement before it in one of the lists around it. It is
// nil where something in between could have assigned it too.
func (p *Package) assigned(obj types.Object, path []ast.Node) ast.Expr {
	for i := len(path) - 1; i >= 0; i-- {
		var before []ast.Stmt
		switch n := path[i].(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			return nil
		case *ast.IfStmt:
			before = []ast.Stmt{n.Init}
		case *ast.RangeStmt:
			if p.is(n.Key, obj) || p.is(n.Value, obj) {
				return n.X
			}
		case *ast.BlockStmt:
			before = upTo(n.List, path[i+1:])
		case *ast.CaseClause:
			before = upTo(n.Body, path[i+1:])
		case *ast.CommClause:
			before = append([]ast.Stmt{n.Comm}, upTo(n.Body, path[i+1:])...)
		}
		for _, s := range slices.Backward(before) {
			if e, found := p.assignedBy(s, obj); found {
				return e
			}
		}
	}
	return nil
}

// upTo are the statements of a list before the one that is on a path.
func upTo(list []ast.Stmt, path []ast.Node) []ast.Stmt {
	for i, s := range list {
		if len(path) > 0 && ast.Node(s) == path[0] {
			return list[:i]
		}
	}
	return nil
}

// assignedBy is what a statement assigns to a variable, nil if that is not one
// expression; found is false if it does not assign it at all.
func (p *Package) assignedBy(s ast.Stmt, obj types.Object) (_ ast.Expr, found bool) {
	if s == nil {
		return nil, false
	}
	if a, ok := s.(*ast.AssignStmt); ok {
		for i, lhs := range a.Lhs {
			switch {
			case !p.is(lhs, obj):
			case len(a.Lhs) == len(a.Rhs):
				return a.Rhs[i], true
			case i == len(a.Lhs)-1 || len(a.Lhs) == 2 && i == 0:
				return a.Rhs[0], true
			default:
				return nil, true
			}
		}
	}
	ast.Inspect(s, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && p.Pass.TypesInfo.ObjectOf(id) == obj && !found {
			found = p.sets(s, id)
		}
		return !found
	})
	return nil, found
}

// sets reports whether a statement that mentions a variable may set it.
func (p *Package) sets(s ast.Stmt, id *ast.Ident) bool {
	may := false
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			may = may || slices.Contains(n.Lhs, ast.Expr(id))
		case *ast.RangeStmt:
			may = may || n.Key == ast.Expr(id) || n.Value == ast.Expr(id)
		case *ast.ValueSpec:
			may = may || slices.Contains(n.Names, id)
		case *ast.UnaryExpr:
			may = may || n.Op == token.AND && ast.Unparen(n.X) == ast.Expr(id)
		}
		return !may
	})
	return may
}

// is reports whether an expression is the variable.
func (p *Package) is(e ast.Expr, obj types.Object) bool {
	id, ok := e.(*ast.Ident)
	return ok && p.Pass.TypesInfo.ObjectOf(id) == obj
}
