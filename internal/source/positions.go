package source

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/relevant"
)

// DisplayName is the function as its author would name it: "fetch",
// "Server.Run", "the function literal in fetch". Of literals within literals only the
// function around them all is named.
func DisplayName(fn *ssa.Function) string {
	outer, depth := fn, 0
	for ; outer.Parent() != nil; outer = outer.Parent() {
		depth++
	}
	ofPackage := outer.Name() == "init" && outer.Synthetic != ""
	switch {
	case depth == 1 && ofPackage:
		return "the function literal"
	case depth > 1 && ofPackage:
		return "a nested function literal"
	case depth == 1:
		return "the function literal in " + DisplayName(outer)
	case depth > 1:
		return "a nested function literal in " + DisplayName(outer)
	}
	if recv := fn.Signature.Recv(); recv != nil {
		if n := known.NamedType(recv.Type()); n != nil {
			return n.Obj().Name() + "." + fn.Name()
		}
	}
	return fn.Name()
}

// CallText is the callee of a call in the author's words.
func (e *Package) CallText(call *ssa.Call) string {
	if syn := e.Positions.Call(call.Pos()); syn != nil {
		return Short(syn.Fun)
	}
	return "a call"
}

// Positions finds the syntax behind the positions that SSA carries, so that
// findings span whole expressions and speak the author's names.
type Positions struct {
	pass  *analysis.Pass
	calls map[token.Pos]*ast.CallExpr // by opening parenthesis
	Stmts map[*ast.CallExpr]ast.Node  // the statement that a call is, or is assigned by
	Rets  map[token.Pos]*ast.ReturnStmt
	Ops   map[token.Pos]ast.Node // send, receive, select, range by their keyword or operator
}

func newPositions(pass *analysis.Pass, g *relevant.Set) *Positions {
	x := &Positions{
		pass:  pass,
		calls: map[token.Pos]*ast.CallExpr{},
		Stmts: map[*ast.CallExpr]ast.Node{},
		Rets:  map[token.Pos]*ast.ReturnStmt{},
		Ops:   map[token.Pos]ast.Node{},
	}
	for d := range g.Keep {
		ast.Inspect(d.Body, x.add)
	}
	for init := range g.Inits {
		ast.Inspect(init, x.add)
	}
	return x
}

func (x *Positions) add(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		x.calls[n.Lparen] = n
	case *ast.ReturnStmt:
		x.Rets[n.Return] = n
	case *ast.ExprStmt:
		if c, ok := ast.Unparen(n.X).(*ast.CallExpr); ok {
			x.Stmts[c] = n
		}
	case *ast.AssignStmt:
		if len(n.Rhs) == 1 {
			if c, ok := ast.Unparen(n.Rhs[0]).(*ast.CallExpr); ok {
				x.Stmts[c] = n
			}
		}
	case *ast.GoStmt:
		x.Stmts[n.Call] = n
	case *ast.DeferStmt:
		x.Stmts[n.Call] = n
	case *ast.SendStmt:
		x.Ops[n.Arrow] = n
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			x.Ops[n.OpPos] = n
		}
	case *ast.SelectStmt:
		x.Ops[n.Select] = n
	case *ast.RangeStmt:
		x.Ops[n.For] = n
	}
	return true
}

// Call is the call expression at the position that SSA gives a call, or nil
// for a call that the compiler makes up.
func (x *Positions) Call(p token.Pos) *ast.CallExpr { return x.calls[p] }

// Short is an expression in one line, without bodies, cut where it is long.
func Short(e ast.Expr) string {
	if e == nil {
		return ""
	}
	s := types.ExprString(e)
	ast.Inspect(e, func(n ast.Node) bool {
		if lit, ok := n.(*ast.FuncLit); ok {
			s = strings.ReplaceAll(s, types.ExprString(lit), "a function literal")
		}
		return true
	})
	const max = 60
	if s = withoutCgo(s); len(s) > max {
		if c, ok := e.(*ast.CallExpr); ok {
			return Short(c.Fun) + "(...)"
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

// Noted reports whether a comment stands on the line of p or the line above:
// the author says why.
func (x *Positions) Noted(p token.Pos) bool {
	return x.comment(p, func(*ast.CommentGroup) bool { return true })
}

// Explained is noted, by a comment for people.
func (x *Positions) Explained(p token.Pos) bool {
	return x.comment(p, isForPeople)
}

// isForPeople reports whether a comment is not there for tools: directives, nolint with or
// without a space, and expectations of analysistest say nothing.
func isForPeople(cg *ast.CommentGroup) bool {
	text := strings.TrimSpace(cg.Text())
	return text != "" && !strings.HasPrefix(text, "nolint") && !strings.HasPrefix(text, "want `")
}

// NoteAt is the text of the comments for people on the line of p and the line above, ""
// if there is none.
func (x *Positions) NoteAt(p token.Pos) string {
	var texts []string
	x.comment(p, func(cg *ast.CommentGroup) bool {
		if isForPeople(cg) {
			texts = append(texts, cg.Text())
		}
		return false
	})
	return strings.Join(texts, " ")
}

func (x *Positions) comment(p token.Pos, ok func(*ast.CommentGroup) bool) bool {
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

// NameOf is what the author calls a value: its variable or field.
func (e *Package) NameOf(v ssa.Value) string {
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return e.NameOf(v.X)
		}
		if n, ok := e.Positions.Ops[v.Pos()].(*ast.UnaryExpr); ok {
			return Short(n)
		}
	case *ssa.Alloc:
		return v.Comment
	case *ssa.FreeVar, *ssa.Parameter, *ssa.Global:
		return v.Name()
	case *ssa.FieldAddr:
		return e.NameOf(v.X) + "." + FieldName(v)
	case *ssa.Field:
		return e.NameOf(v.X) + "." + StructField(v.X.Type(), v.Field)
	case *ssa.Call:
		if c := e.Positions.Call(v.Pos()); c != nil {
			return Short(c)
		}
	case *ssa.Extract:
		return e.NameOf(v.Tuple)
	case *ssa.MakeInterface:
		return e.NameOf(v.X)
	case *ssa.ChangeType:
		return e.NameOf(v.X)
	case *ssa.ChangeInterface:
		return e.NameOf(v.X)
	case *ssa.IndexAddr:
		return e.NameOf(v.X) + "[...]"
	case *ssa.Function:
		return v.Name()
	}
	return "it"
}

// CallSpan is a call as it is written.
func (p *Positions) CallSpan(call *ssa.Call) model.Span {
	if syn := p.Call(call.Pos()); syn != nil {
		return model.SpanOf(syn)
	}
	return model.SpanAt(call.Pos())
}
