package fanout

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// sourceIndex finds the syntax behind the positions that SSA carries, so that
// findings span whole expressions and speak the author's names.
type sourceIndex struct {
	pass  *analysis.Pass
	calls map[token.Pos]*ast.CallExpr // by opening parenthesis
	stmts map[*ast.CallExpr]ast.Node  // the statement that a call is, or is assigned by
	rets  map[token.Pos]*ast.ReturnStmt
	ops   map[token.Pos]ast.Node // send, receive, select, range by their keyword or operator
}

func indexSource(pass *analysis.Pass, g *gated) *sourceIndex {
	x := &sourceIndex{
		pass:  pass,
		calls: map[token.Pos]*ast.CallExpr{},
		stmts: map[*ast.CallExpr]ast.Node{},
		rets:  map[token.Pos]*ast.ReturnStmt{},
		ops:   map[token.Pos]ast.Node{},
	}
	for d := range g.keep {
		ast.Inspect(d.Body, x.add)
	}
	for init := range g.inits {
		ast.Inspect(init, x.add)
	}
	return x
}

func (x *sourceIndex) add(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		x.calls[n.Lparen] = n
	case *ast.ReturnStmt:
		x.rets[n.Return] = n
	case *ast.ExprStmt:
		if c, ok := ast.Unparen(n.X).(*ast.CallExpr); ok {
			x.stmts[c] = n
		}
	case *ast.AssignStmt:
		if len(n.Rhs) == 1 {
			if c, ok := ast.Unparen(n.Rhs[0]).(*ast.CallExpr); ok {
				x.stmts[c] = n
			}
		}
	case *ast.GoStmt:
		x.stmts[n.Call] = n
	case *ast.DeferStmt:
		x.stmts[n.Call] = n
	case *ast.SendStmt:
		x.ops[n.Arrow] = n
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			x.ops[n.OpPos] = n
		}
	case *ast.SelectStmt:
		x.ops[n.Select] = n
	case *ast.RangeStmt:
		x.ops[n.For] = n
	}
	return true
}

// call is the call expression at the position that SSA gives a call, or nil
// for a call that the compiler makes up.
func (x *sourceIndex) call(p token.Pos) *ast.CallExpr { return x.calls[p] }

// short is an expression in one line, cut in its inner parts where it is long.
func short(e ast.Expr) string {
	if e == nil {
		return ""
	}
	s := withoutCgo(types.ExprString(e))
	const max = 60
	if len(s) > max {
		if c, ok := e.(*ast.CallExpr); ok {
			return short(c.Fun) + "(...)"
		}
		return s[:max] + "..."
	}
	return s
}

// cgoName is what cgo writes in place of C.name; a function stands in parentheses.
var cgoName = regexp.MustCompile(`\(_C2?func_(\w+)\)|\b_C(?:2?func|type|[ifs]const|macro)_(\w+)`)

// withoutCgo puts the names that the author wrote for cgo's own.
func withoutCgo(s string) string {
	if !strings.Contains(s, "_C") {
		return s
	}
	return cgoName.ReplaceAllString(s, "C.$1$2")
}

// noted reports whether a comment stands on the line of p or the line above:
// the author says why.
func (x *sourceIndex) noted(p token.Pos) bool {
	return x.comment(p, func(*ast.CommentGroup) bool { return true })
}

// explained is noted, by a comment for people: what is there for tools (directives,
// nolint with or without a space, expectations of analysistest) says nothing.
func (x *sourceIndex) explained(p token.Pos) bool {
	return x.comment(p, func(cg *ast.CommentGroup) bool {
		text := strings.TrimSpace(cg.Text())
		return text != "" && !strings.HasPrefix(text, "nolint") && !strings.HasPrefix(text, "want `")
	})
}

func (x *sourceIndex) comment(p token.Pos, ok func(*ast.CommentGroup) bool) bool {
	tf := x.pass.Fset.File(p)
	if tf == nil {
		return false
	}
	line := tf.Line(p)
	for _, f := range x.pass.Files {
		if f.FileStart > p || p > f.FileEnd {
			continue
		}
		for _, cg := range f.Comments {
			from, to := tf.Line(cg.Pos()), tf.Line(cg.End())
			if (from == line || to == line-1) && ok(cg) {
				return true
			}
		}
	}
	return false
}
