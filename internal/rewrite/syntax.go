package rewrite

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/internal/facts"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
)

// A syntax is the syntax of one declaration, each node with the one around it, for
// the fixes that look at statements.
type syntax struct {
	known  *facts.Groups
	pass   *analysis.Pass
	info   *types.Info
	file   *ast.File
	tokens *token.File
	parent map[ast.Node]ast.Node
}

// syntaxAt is the nest of the top-level declaration at p, nil if there is none.
func (e *Editor) syntaxAt(p token.Pos) *syntax {
	for _, file := range e.Pass.Files {
		if p < file.FileStart || p >= file.FileEnd {
			continue
		}
		for _, d := range file.Decls {
			if p < d.Pos() || p >= d.End() {
				continue
			}
			if d == e.last {
				return e.syntax
			}
			n := &syntax{pass: e.Pass, known: e.Groups, info: e.Pass.TypesInfo, file: file, tokens: e.Pass.Fset.File(p), parent: map[ast.Node]ast.Node{}}
			ast.PreorderStack(d, nil, func(x ast.Node, stack []ast.Node) bool {
				if len(stack) > 0 {
					n.parent[x] = stack[len(stack)-1]
				}
				return true
			})
			e.last, e.syntax = d, n
			return n
		}
	}
	return nil
}

// outer is the node around x, parentheses aside.
func (n *syntax) outer(x ast.Node) ast.Node {
	for {
		x = n.parent[x]
		if _, paren := x.(*ast.ParenExpr); !paren {
			return x
		}
	}
}

// function is the function declaration or literal that x is in.
func (n *syntax) function(x ast.Node) ast.Node {
	for x = n.parent[x]; x != nil; x = n.parent[x] {
		switch x.(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			return x
		}
	}
	return nil
}

// callAt is the call with the given text, nil if there is none.
func (n *syntax) callAt(at model.Span) *ast.CallExpr {
	for x := range n.parent {
		if call, ok := x.(*ast.CallExpr); ok && model.SpanOf(call) == at {
			return call
		}
	}
	return nil
}

// callee is the function or builtin that is called by name, nil if none is.
func (n *syntax) callee(call *ast.CallExpr) types.Object {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return n.info.Uses[fun]
	case *ast.SelectorExpr:
		return n.info.Uses[fun.Sel]
	}
	return nil
}

// isPlain reports whether the call is a Done or close itself, not one of a function
// that does so.
func (n *syntax) isPlain(call *ast.CallExpr, kind model.OpKind) bool {
	switch fn := n.callee(call).(type) {
	case *types.Builtin:
		return kind == model.OpClose && fn.Name() == "close"
	case *types.Func:
		counts, takes := known.Takes(fn)
		return kind == model.OpDone && counts == known.ACount && !takes && receiver(call) != nil
	}
	return false
}

// receiver is the expression before the method's name, or nil.
func receiver(call *ast.CallExpr) ast.Expr {
	if call == nil {
		return nil
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	return sel.X
}

// jumps reports whether there is a goto.
func (n *syntax) jumps() bool {
	for x := range n.parent {
		if b, ok := x.(*ast.BranchStmt); ok && b.Tok == token.GOTO {
			return true
		}
	}
	return false
}

// uses are the places where v is named, its declaration left out.
func (n *syntax) uses(v *types.Var) []*ast.Ident {
	var out []*ast.Ident
	for x := range n.parent {
		if id, ok := x.(*ast.Ident); ok && n.info.Uses[id] == types.Object(v) {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, func(a, b *ast.Ident) int { return cmp.Compare(a.Pos(), b.Pos()) })
	return out
}

// declares is the variable that is declared with the value x, and the list of
// statements that the declaration is in.
func (n *syntax) declares(x ast.Expr) (home ast.Node, v *types.Var) {
	var names []*ast.Ident
	var values []ast.Expr
	switch p := n.outer(x).(type) {
	case *ast.AssignStmt:
		if p.Tok != token.DEFINE {
			return nil, nil
		}
		for _, l := range p.Lhs {
			id, _ := l.(*ast.Ident)
			names = append(names, id)
		}
		values, home = p.Rhs, n.parent[p]
	case *ast.ValueSpec:
		names, values, home = p.Names, p.Values, n.parent[n.parent[n.parent[p]]]
	}
	if statements(home) == nil || len(names) != len(values) {
		return nil, nil
	}
	for i := range values {
		if ast.Unparen(values[i]) == x {
			v, _ = n.info.Defs[names[i]].(*types.Var)
		}
	}
	return home, v
}

// statements are the statements of a block or a clause, nil for other nodes.
func statements(x ast.Node) []ast.Stmt {
	switch x := x.(type) {
	case *ast.BlockStmt:
		return x.List
	case *ast.CaseClause:
		return x.Body
	case *ast.CommClause:
		return x.Body
	}
	return nil
}

// clause is the clause of a select whose communication x is a part of, or nil.
func (n *syntax) clause(x ast.Node) *ast.CommClause {
	for x != nil {
		p := n.parent[x]
		if _, ok := x.(ast.Stmt); ok {
			if c, ok := p.(*ast.CommClause); ok && ast.Node(c.Comm) == x {
				return c
			}
			return nil
		}
		x = p
	}
	return nil
}

// startCall is the go statement's call or the Go call that starts the literal.
func (n *syntax) startCall(lit *ast.FuncLit) *ast.CallExpr {
	call, ok := n.outer(lit).(*ast.CallExpr)
	if !ok {
		return nil
	}
	if ast.Unparen(call.Fun) == ast.Expr(lit) {
		if _, isGo := n.parent[call].(*ast.GoStmt); isGo {
			return call
		}
		return nil
	}
	fn, ok := n.callee(call).(*types.Func)
	if !ok || fn.Signature().Recv() == nil {
		return nil
	}
	if n.known.Starts(fn) {
		return call
	}
	return nil
}

// started lists the loops around the start of a task, up to the list of statements
// home, in one function with it; ok is false if the literal is not a task.
func (n *syntax) started(lit *ast.FuncLit, home ast.Node) (loops []ast.Node, ok bool) {
	call := n.startCall(lit)
	if call == nil || n.function(call) != n.function(home) {
		return nil, false
	}
	for x := n.parent[call]; x != home; x = n.parent[x] {
		switch x.(type) {
		case nil:
			return nil, false
		case *ast.ForStmt, *ast.RangeStmt:
			loops = append(loops, x)
		}
	}
	return loops, true
}

// isTask reports whether the literal is started as a task, and never called: where
// it is written, or by the name of the variable that it is declared with.
func (n *syntax) isTask(lit *ast.FuncLit) bool {
	if n.startCall(lit) != nil {
		return true
	}
	_, v := n.declares(lit)
	if v == nil {
		return false
	}
	for _, id := range n.uses(v) {
		call, ok := n.outer(id).(*ast.CallExpr)
		if !ok || ast.Unparen(call.Fun) != ast.Expr(id) {
			return false
		}
		if _, isGo := n.parent[call].(*ast.GoStmt); !isGo {
			return false
		}
	}
	return true
}

// last reports whether the statement is the last thing that the literal does when
// it comes to it: nothing or a plain return follows.
func (n *syntax) last(s ast.Stmt, lit *ast.FuncLit) bool {
	var x ast.Node = s
	for {
		p := n.parent[x]
		switch p := p.(type) {
		case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
			if list := statements(p); isStatement(x) {
				i := slices.IndexFunc(list, func(s ast.Stmt) bool { return ast.Node(s) == x })
				if i < 0 {
					return false // what a select waits for
				}
				if rest := list[i+1:]; len(rest) > 0 {
					ret, ok := rest[0].(*ast.ReturnStmt)
					return ok && bare(ret)
				}
			}
			if p == ast.Node(lit.Body) {
				return true
			}
		case *ast.IfStmt:
			if x == ast.Node(p.Init) {
				return false
			}
		case *ast.SwitchStmt:
			if x != ast.Node(p.Body) {
				return false
			}
		case *ast.TypeSwitchStmt:
			if x != ast.Node(p.Body) {
				return false
			}
		case *ast.SelectStmt:
		default:
			return false
		}
		x = p
	}
}

// isStatement tells statements from the clauses of a switch or select, after
// which nothing follows.
func isStatement(x ast.Node) bool {
	switch x.(type) {
	case *ast.CaseClause, *ast.CommClause:
		return false
	}
	return true
}

// bare reports whether a return statement computes nothing.
func bare(ret *ast.ReturnStmt) bool {
	for _, x := range ret.Results {
		switch ast.Unparen(x).(type) {
		case *ast.Ident, *ast.BasicLit:
		default:
			return false
		}
	}
	return true
}

// collection reports whether a range over the variable makes as many rounds as len
// of it says.
func (n *syntax) collection(id *ast.Ident) bool {
	switch t := n.info.TypeOf(id).Underlying().(type) {
	case *types.Slice, *types.Array, *types.Map:
		return true
	case *types.Pointer:
		_, array := t.Elem().Underlying().(*types.Array)
		return array
	}
	return false
}

// visible reports whether the name means at x what it means where it stands.
func (n *syntax) visible(id *ast.Ident, x ast.Node) bool {
	return n.info.Uses[id] != nil && n.lookUp(id.Name, x) == n.info.Uses[id]
}

// meansLen reports whether len at x is the builtin.
func (n *syntax) meansLen(x ast.Node) bool {
	return n.lookUp("len", x) == types.Universe.Lookup("len")
}

func (n *syntax) lookUp(name string, x ast.Node) types.Object {
	scope := n.pass.Pkg.Scope().Innermost(x.Pos())
	if scope == nil {
		return nil
	}
	_, obj := scope.LookupParent(name, x.Pos())
	return obj
}

// lasts reports whether the name is a local variable that has its value at x
// already and keeps it from there on.
func (n *syntax) lasts(id *ast.Ident, x ast.Node) bool {
	v, ok := n.info.Uses[id].(*types.Var)
	return ok && v.Parent() != n.pass.Pkg.Scope() && n.visible(id, x) && n.keeps(v, x)
}

// keeps reports whether the variable gets no value after x, nor in another
// function than that of x.
func (n *syntax) keeps(v *types.Var, x ast.Node) bool {
	return !slices.ContainsFunc(n.uses(v), func(u *ast.Ident) bool {
		return n.written(u) && (u.Pos() > x.Pos() || n.function(u) != n.function(x))
	})
}

// written reports whether the variable may be given a value where it is named.
func (n *syntax) written(u *ast.Ident) bool {
	switch p := n.outer(u).(type) {
	case *ast.AssignStmt:
		return slices.ContainsFunc(p.Lhs, func(l ast.Expr) bool { return ast.Unparen(l) == ast.Expr(u) })
	case *ast.IncDecStmt:
		return true
	case *ast.RangeStmt:
		return ast.Unparen(p.X) != ast.Expr(u)
	case *ast.UnaryExpr:
		return p.Op == token.AND
	case *ast.SelectorExpr:
		sel := n.info.Selections[p]
		if sel == nil || sel.Kind() == types.FieldVal {
			return false
		}
		_, pointer := sel.Obj().(*types.Func).Signature().Recv().Type().(*types.Pointer)
		_, isPointer := n.info.TypeOf(u).Underlying().(*types.Pointer)
		return pointer && !isPointer
	}
	return false
}

// setBefore reports whether the variable means the same at the beginning of the
// literal as wherever it is named there: the object is the variable itself, or it
// is not set again.
func (n *syntax) setBefore(id *ast.Ident, lit *ast.FuncLit) bool {
	v, ok := n.info.Uses[id].(*types.Var)
	if !ok || v.Pos() > lit.Body.Lbrace && v.Pos() < lit.Body.Rbrace {
		return false
	}
	switch v.Type().Underlying().(type) {
	case *types.Struct:
		return true
	}
	return n.keeps(v, lit) && v.Parent() != n.pass.Pkg.Scope()
}

func (n *syntax) line(p token.Pos) int { return n.tokens.PositionFor(p, false).Line }

// indent is the space before a statement that begins a line.
func (n *syntax) indent(s ast.Stmt) string {
	return strings.Repeat("\t", n.tokens.PositionFor(s.Pos(), false).Column-1)
}

// removal is what to take away with the statement: its line, if it has one of its
// own, or what separates it from its neighbour. ok is false when an empty block
// would remain.
func (n *syntax) removal(s ast.Stmt) (_ model.Span, ok bool) {
	home := n.parent[s]
	list := statements(home)
	i := slices.IndexFunc(list, func(o ast.Stmt) bool { return o == s })
	before := token.NoPos
	switch home := home.(type) {
	case *ast.BlockStmt:
		if len(list) == 1 {
			return model.Span{}, false
		}
		before = home.Lbrace + 1
	case *ast.CaseClause:
		before = home.Colon + 1
	case *ast.CommClause:
		before = home.Colon + 1
	}
	if i > 0 {
		before = list[i-1].End()
	}
	from, to := n.line(s.Pos()), n.line(s.End())
	switch {
	case i < len(list)-1 && n.line(list[i+1].Pos()) == to:
		return model.Span{Pos: s.Pos(), End: list[i+1].Pos()}, true
	case n.line(before) == from:
		return model.Span{Pos: before, End: s.End()}, true
	case n.commented(s) || n.line(home.End()-1) == to && i == len(list)-1 && isStatement(home):
		return model.SpanOf(s), true
	}
	return model.Span{Pos: n.tokens.LineStart(from), End: n.tokens.LineStart(to + 1)}, true
}

// commented reports whether a comment stands on the lines of the statement, other
// than one at their end.
func (n *syntax) commented(s ast.Stmt) bool {
	from, to := n.line(s.Pos()), n.line(s.End())
	for _, g := range n.file.Comments {
		for _, c := range g.List {
			touches := n.line(c.Pos()) <= to && n.line(c.End()) >= from
			if touches && (c.Pos() < s.End() || n.line(c.End()) > to) {
				return true
			}
		}
	}
	return false
}

// top is where a statement goes that is to be the first of the literal: after the
// brace, or the comment behind it.
func (n *syntax) top(lit *ast.FuncLit) token.Pos {
	at := lit.Body.Lbrace + 1
	for _, g := range n.file.Comments {
		for _, c := range g.List {
			if c.Pos() >= at && c.Pos() < lit.Body.List[0].Pos() && n.line(c.Pos()) == n.line(at) {
				at = c.End()
			}
		}
	}
	return at
}
