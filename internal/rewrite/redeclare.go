package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"

	"github.com/gatherlint/gatherlint/internal/model"
)

// Redeclare tells where "=" can become ":=", so that a task has a variable of its
// own. It is certain when
//
//   - the assignment stands in the task's literal, and all that it assigns are
//     plain variables of functions around the literal, or the blank one;
//   - all uses of these in the literal come after the assignment, in the scope that
//     the new variables have, and each is read there;
//   - nobody else looks at what the task has written: outside the literal a variable
//     is not used in the loop around it nor in another literal, is no result, and
//     what comes after first assigns it, in a statement on the way.
func (e *Editor) Redeclare(r *model.Race) (model.Span, bool) {
	a := r.First
	if !a.Write || a.Kind != model.AccessVar || !a.Whole || r.Task.Body == nil || a.Body != r.Task.Body {
		return model.Span{}, false
	}
	lit, ok := e.FrameOf[a.Body].Fn.Syntax().(*ast.FuncLit)
	if !ok {
		return model.Span{}, false
	}
	path := e.enclosing(a.At.Pos)
	var assign *ast.AssignStmt
	for _, n := range path {
		if as, ok := n.(*ast.AssignStmt); ok {
			assign = as
			break
		}
	}
	if assign == nil || assign.Tok != token.ASSIGN || assign.Pos() < lit.Pos() {
		return model.Span{}, false
	}
	scope := e.Pass.Pkg.Scope().Innermost(assign.Pos())
	if scope == nil {
		return model.Span{}, false
	}
	named := false
	for _, l := range assign.Lhs {
		id, ok := l.(*ast.Ident)
		if !ok {
			return model.Span{}, false
		}
		if id.Name == "_" {
			continue
		}
		v, ok := e.Pass.TypesInfo.Uses[id].(*types.Var)
		if !ok || v.Pos() >= lit.Pos() && v.Pos() < lit.End() || !e.canRedeclare(v, assign, scope, lit) {
			return model.Span{}, false
		}
		named = true
	}
	return model.Span{Pos: assign.TokPos, End: assign.TokPos + 1}, named
}

// enclosing is the nodes around a position, the innermost first.
func (e *Editor) enclosing(p token.Pos) []ast.Node {
	for _, file := range e.Pass.Files {
		if file.FileStart <= p && p < file.FileEnd {
			path, _ := astutil.PathEnclosingInterval(file, p, p)
			return path
		}
	}
	return nil
}

// canRedeclare reports whether the literal can have a variable of its own in the place
// of v from the assignment on.
func (e *Editor) canRedeclare(v *types.Var, assign *ast.AssignStmt, scope *types.Scope, lit *ast.FuncLit) bool {
	if v.Kind() != types.LocalVar {
		return false
	}
	around := e.enclosing(lit.Pos())
	var loop ast.Node
	var fn ast.Node
	for _, n := range around {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			if fn == nil {
				loop = n
			}
		case *ast.FuncLit, *ast.FuncDecl:
			if n != ast.Node(lit) && fn == nil {
				fn = n
			}
		}
	}
	if fn == nil {
		return false
	}
	read, kept := false, false // by the literal after the assignment; by others at all
	var next *ast.Ident
	for id, obj := range e.Pass.TypesInfo.Uses {
		if obj != types.Object(v) {
			continue
		}
		p := id.Pos()
		switch {
		case p >= lit.Pos() && p < lit.End():
			if p >= assign.Pos() && p < assign.End() {
				if !isTarget(id, assign) {
					return false // its old value is used
				}
				continue
			}
			if p < assign.End() || !scope.Contains(p) {
				return false
			}
			read = read || !e.isAssigned(id)
		case loop != nil && p >= loop.Pos() && p < loop.End(), p < fn.Pos() || p >= fn.End(), e.funcAround(p) != fn:
			return false
		case p > lit.End():
			kept = kept || !e.isAssigned(id)
			if next == nil || p < next.Pos() {
				next = id
			}
		default:
			kept = kept || !e.isAssigned(id)
		}
	}
	return read && kept && (next == nil || e.isAssigned(next) && e.onTheWay(next, around))
}

// isTarget reports whether id is on the left side of the assignment.
func isTarget(id *ast.Ident, as *ast.AssignStmt) bool {
	for _, l := range as.Lhs {
		if l == ast.Expr(id) {
			return true
		}
	}
	return false
}

// isAssigned reports whether the mention is the target of a plain assignment.
func (e *Editor) isAssigned(id *ast.Ident) bool {
	for _, n := range e.enclosing(id.Pos()) {
		if as, ok := n.(*ast.AssignStmt); ok {
			if !isTarget(id, as) || as.Tok != token.ASSIGN && as.Tok != token.DEFINE {
				return false
			}
			used := false
			for _, r := range as.Rhs {
				ast.Inspect(r, func(n ast.Node) bool {
					x, ok := n.(*ast.Ident)
					used = used || ok && e.Pass.TypesInfo.Uses[x] == e.Pass.TypesInfo.Uses[id]
					return !used
				})
			}
			return !used
		}
	}
	return false
}

// funcAround is the innermost function at a position.
func (e *Editor) funcAround(p token.Pos) ast.Node {
	for _, n := range e.enclosing(p) {
		switch n.(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			return n
		}
	}
	return nil
}

// onTheWay reports whether the statement of the mention, or the if or switch that
// it begins, stands directly in a block around the literal: it is executed whenever
// what follows it is.
func (e *Editor) onTheWay(id *ast.Ident, around []ast.Node) bool {
	var child ast.Node = id
	for _, n := range e.enclosing(id.Pos()) {
		switch n := n.(type) {
		case *ast.BlockStmt:
			for _, b := range around {
				if b == ast.Node(n) {
					return true
				}
			}
			return false
		case *ast.IfStmt:
			if child != ast.Node(n.Init) {
				return false
			}
		case *ast.Ident, *ast.AssignStmt:
		default:
			return false
		}
		child = n
	}
	return false
}
