package relevant

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"

	"github.com/gatherlint/gatherlint/internal/known"
)

// Functions that take something and may leave without giving it back: a lock, a place
// in a semaphore or a channel that is used as one, a count in a WaitGroup.
//
// Most functions that lock neither start goroutines nor make channels, and are not
// worth a model. This looks for those few that return, as they are written, between
// an op that takes and the op of the same text that gives back. What is found is only
// a reason to build the function; deferred ops give back at every return.

// taken are what a statement list has taken and not given back, by what is written.
type taken map[string]bool

// leavesHolding reports whether a function looks as if it did so.
func (v *relevanceVisitor) leavesHolding(body *ast.BlockStmt) bool {
	return v.holding(body.List, taken{})
}

// holding goes through a list of statements, and notes in held what it leaves taken.
func (v *relevanceVisitor) holding(list []ast.Stmt, held taken) bool {
	for _, stmt := range list {
		if len(held) > 0 && leaves(stmt) {
			return true
		}
		for _, inner := range innerLists(stmt) {
			branch := maps.Clone(held)
			if v.holding(inner, branch) {
				return true
			}
			if len(inner) == 0 || !leaves(inner[len(inner)-1]) {
				maps.DeleteFunc(held, func(key string, _ bool) bool { return !branch[key] })
			}
		}
		v.takes(stmt, held)
	}
	return false
}

func leaves(stmt ast.Stmt) bool {
	switch stmt.(type) {
	case *ast.ReturnStmt, *ast.BranchStmt:
		return true
	}
	return false
}

// innerLists are the statement lists within a statement, literals apart.
func innerLists(stmt ast.Stmt) [][]ast.Stmt {
	switch s := stmt.(type) {
	case *ast.BlockStmt:
		return [][]ast.Stmt{s.List}
	case *ast.LabeledStmt:
		return innerLists(s.Stmt)
	case *ast.IfStmt:
		out := [][]ast.Stmt{s.Body.List}
		if s.Else != nil {
			out = append(out, innerLists(s.Else)...)
		}
		return out
	case *ast.ForStmt:
		return [][]ast.Stmt{s.Body.List}
	case *ast.RangeStmt:
		return [][]ast.Stmt{s.Body.List}
	case *ast.SwitchStmt:
		return clauses(s.Body)
	case *ast.TypeSwitchStmt:
		return clauses(s.Body)
	case *ast.SelectStmt:
		return clauses(s.Body)
	}
	return nil
}

func clauses(body *ast.BlockStmt) (out [][]ast.Stmt) {
	for _, c := range body.List {
		switch c := c.(type) {
		case *ast.CaseClause:
			out = append(out, c.Body)
		case *ast.CommClause:
			out = append(out, c.Body)
		}
	}
	return out
}

// takes notes what a simple statement takes and gives back.
func (v *relevanceVisitor) takes(stmt ast.Stmt, held taken) {
	var calls []ast.Expr
	switch s := stmt.(type) {
	case *ast.ExprStmt:
		if recv, ok := s.X.(*ast.UnaryExpr); ok && recv.Op == token.ARROW {
			delete(held, string(known.AChanPlace)+" "+types.ExprString(recv.X))
		}
		calls = append(calls, s.X)
	case *ast.SendStmt:
		if t := v.pass.TypesInfo.TypeOf(s.Value); t != nil && isToken(t) {
			held[string(known.AChanPlace)+" "+types.ExprString(s.Chan)] = true
		}
	case *ast.AssignStmt:
		calls = s.Rhs
	case *ast.IfStmt:
		if init, ok := s.Init.(*ast.AssignStmt); ok {
			calls = init.Rhs
		}
	case *ast.DeferStmt, *ast.GoStmt:
		ast.Inspect(s, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if key, _ := v.holder(call); key != "" {
					delete(held, key)
				}
			}
			if recv, ok := n.(*ast.UnaryExpr); ok && recv.Op == token.ARROW {
				delete(held, string(known.AChanPlace)+" "+types.ExprString(recv.X))
			}
			return true
		})
		return
	}
	for _, x := range calls {
		call, ok := x.(*ast.CallExpr)
		if !ok {
			continue
		}
		key, takes := v.holder(call)
		switch {
		case key == "":
		case takes:
			held[key] = true
		default:
			delete(held, key)
		}
	}
}

// isToken reports whether the values of a type say nothing.
func isToken(t types.Type) bool {
	st, ok := t.Underlying().(*types.Struct)
	return ok && st.NumFields() == 0
}

// holder is what a call takes or gives back, as it is written, "" if it is no such call.
func (v *relevanceVisitor) holder(call *ast.CallExpr) (key string, takes bool) {
	what, of, takes := Takes(v.pass.TypesInfo, call)
	if what == known.NoTaking {
		return "", false
	}
	return string(what) + " " + types.ExprString(of), takes
}

// Takes is what a call takes or gives back, and the object whose method it calls for that.
func Takes(info *types.Info, call *ast.CallExpr) (what known.Taking, of ast.Expr, takes bool) {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return known.NoTaking, nil, false
	}
	fn, ok := info.Uses[sel.Sel].(*types.Func)
	if !ok {
		return known.NoTaking, nil, false
	}
	what, takes = known.Takes(fn)
	return what, sel.X, takes
}
