package source

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
)

// Which functions end the process.
//
// The process ends when main returns, and when the function of a command does that a
// library of command lines runs. It ends with a function of the package too if each
// call of that one, tests apart, is followed by such an end at once: the caller returns
// what it gives, or exits. The syntax is looked at, because callers need not have SSA. A
// function that others can call, or that is used as a value, ends nothing.

// Ending says when the process ends with fn.
func (p *Package) Ending(fn *ssa.Function) model.Ending {
	switch s := fn.Syntax().(type) {
	case *ast.FuncDecl:
		return p.endingOfDecl(s)
	case *ast.FuncLit:
		return p.endingOfValue(p.pathTo(s))
	}
	return model.EndsNever
}

// endingOfDecl is the least of the endings of all uses of a declared function.
func (p *Package) endingOfDecl(d *ast.FuncDecl) model.Ending {
	if known, ok := p.endings[d]; ok {
		return known
	}
	if p.endings == nil {
		p.endings = map[*ast.FuncDecl]model.Ending{}
	}
	p.endings[d] = model.EndsNever // as seen from a call of its own
	p.endings[d] = p.judgeDecl(d)
	return p.endings[d]
}

func (p *Package) judgeDecl(d *ast.FuncDecl) model.Ending {
	inMain := p.Pass.Pkg.Name() == "main"
	fn, ok := p.Pass.TypesInfo.Defs[d.Name].(*types.Func)
	switch {
	case !ok:
		return model.EndsNever
	case d.Recv == nil && (inMain && d.Name.Name == "main" || d.Name.Name == "TestMain"):
		return model.EndsAlways
	case known.IsCommand(fn):
		return model.EndsAlways
	case fn.Exported() && (d.Recv != nil || !inMain):
		return model.EndsNever
	case d.Recv != nil && p.inInterface(fn.Name()):
		return model.EndsNever
	}
	least := model.EndsNever
	for i, id := range p.usesOf(fn) {
		path := p.pathTo(id)
		if n := len(path); n > 1 {
			if sel, ok := path[n-2].(*ast.SelectorExpr); ok && sel.Sel == id {
				path = path[:n-1]
			}
		}
		if e := p.endingOfValue(path); i == 0 || e < least {
			least = e
		}
	}
	return least
}

// pathTo are the nodes around one, which is the last; none if it is not found in the source.
func (p *Package) pathTo(n ast.Node) []ast.Node {
	path := p.enclosing(n.Pos())
	return path[:slices.Index(path, n)+1]
}

// usesOf are the mentions of a function of the package outside test files.
func (p *Package) usesOf(fn *types.Func) []*ast.Ident {
	if p.uses == nil {
		p.uses = map[*types.Func][]*ast.Ident{}
		for id, obj := range p.Pass.TypesInfo.Uses {
			f, ok := obj.(*types.Func)
			if !ok || f.Pkg() != p.Pass.Pkg || strings.HasSuffix(p.Pass.Fset.File(id.Pos()).Name(), "_test.go") {
				continue
			}
			p.uses[f.Origin()] = append(p.uses[f.Origin()], id)
		}
	}
	return p.uses[fn]
}

// inInterface reports whether an interface that the package declares or writes down has a
// method of the name: it may be called through that.
func (p *Package) inInterface(name string) bool {
	if p.inInterfaces == nil {
		p.inInterfaces = map[string]bool{}
		for _, n := range p.Pass.Pkg.Scope().Names() {
			p.noteMethods(p.Pass.Pkg.Scope().Lookup(n).Type())
		}
		for x, tv := range p.Pass.TypesInfo.Types {
			if _, ok := x.(*ast.InterfaceType); ok {
				p.noteMethods(tv.Type)
			}
		}
	}
	return p.inInterfaces[name]
}

// noteMethods notes the methods of t, if it is an interface.
func (p *Package) noteMethods(t types.Type) {
	if t, ok := t.Underlying().(*types.Interface); ok {
		for m := range t.Methods() {
			if m.Exported() || m.Pkg() == p.Pass.Pkg {
				p.inInterfaces[m.Name()] = true
			}
		}
	}
}

// endingOfValue says how the process ends with a function, by one mention of it: the last
// node of the path.
func (p *Package) endingOfValue(path []ast.Node) model.Ending {
	if len(path) < 2 {
		return model.EndsNever
	}
	value := path[len(path)-1]
	path = path[:len(path)-1]
	switch around := path[len(path)-1].(type) {
	case *ast.CallExpr:
		if around.Fun == value {
			return p.endingOfCall(path)
		}
		if p.isFunc(value) && p.isFunc(around) {
			return p.endingOfValue(path) // one that wraps it
		}
		if fn := p.calledBy(around); fn != nil {
			return known.CommandMethod(fn)
		}
	case *ast.KeyValueExpr:
		key, isName := around.Key.(*ast.Ident)
		lit, isLit := path[len(path)-2].(*ast.CompositeLit)
		if isName && isLit && around.Value == value {
			return known.CommandField(p.Pass.TypesInfo.TypeOf(lit), key.Name)
		}
	case *ast.AssignStmt:
		if i := slices.Index(around.Rhs, value.(ast.Expr)); i >= 0 && len(around.Lhs) == len(around.Rhs) {
			if sel, ok := around.Lhs[i].(*ast.SelectorExpr); ok {
				return known.CommandField(p.Pass.TypesInfo.TypeOf(sel.X), sel.Sel.Name)
			}
		}
	}
	return model.EndsNever
}

// endingOfCall says how the process ends after a call, the last node of the path.
func (p *Package) endingOfCall(path []ast.Node) model.Ending {
	for i := len(path) - 2; i >= 0; i-- {
		switch around := path[i].(type) {
		case *ast.ParenExpr:
			continue
		case *ast.CallExpr:
			switch {
			case around.Fun == path[i+1]:
				return model.EndsNever
			case p.exits(around) != model.EndsNever:
				return p.then(p.exits(around), path[:i])
			case p.wraps(around):
				continue
			}
		case *ast.ReturnStmt:
			return p.endingAround(path[:i])
		case *ast.ExprStmt:
			if p.endsAfter(path[:i+1], false) {
				return model.EndsAlways
			}
		case *ast.AssignStmt:
			return p.endingOfError(path[:i+1])
		}
		break
	}
	return model.EndsNever
}

// then is the ending at a call that exits, always or if it is given an error, and else goes
// on: the last node of the path is the statement.
func (p *Package) then(e model.Ending, path []ast.Node) model.Ending {
	if e == model.EndsOnError && p.endsAfter(path, false) {
		return model.EndsAlways
	}
	return e
}

// endingAround is that of the function around a place.
func (p *Package) endingAround(path []ast.Node) model.Ending {
	for i, n := range slices.Backward(path) {
		switch n := n.(type) {
		case *ast.FuncDecl:
			return p.endingOfDecl(n)
		case *ast.FuncLit:
			return p.endingOfValue(path[:i+1])
		}
	}
	return model.EndsNever
}

// endingOfError says how the process ends after an assignment of an error, the last node of
// the path: it is tested at once, returned, or given to a function that exits.
func (p *Package) endingOfError(path []ast.Node) model.Ending {
	assign := path[len(path)-1].(*ast.AssignStmt)
	id, ok := assign.Lhs[len(assign.Lhs)-1].(*ast.Ident)
	if !ok {
		return model.EndsNever
	}
	err := p.Pass.TypesInfo.ObjectOf(id)
	if err == nil || !known.IsError(err.Type()) {
		return model.EndsNever
	}
	path = path[:len(path)-1]
	test, ok := path[len(path)-1].(*ast.IfStmt)
	if !ok {
		rest := following(path[len(path)-1], assign)
		for len(rest) > 0 && p.isAside(rest[0]) {
			rest = rest[1:]
		}
		if len(rest) == 0 {
			return model.EndsNever
		}
		switch next := rest[0].(type) {
		case *ast.IfStmt:
			test, path = next, append(slices.Clone(path), next)
		case *ast.ReturnStmt:
			if len(next.Results) > 0 && p.isErrorOf(next.Results[len(next.Results)-1], err) {
				return p.endingAround(path)
			}
		case *ast.ExprStmt:
			call, ok := next.X.(*ast.CallExpr)
			if ok && slices.ContainsFunc(call.Args, func(a ast.Expr) bool { return p.isErrorOf(a, err) }) {
				return p.then(p.exits(call), append(slices.Clone(path), next))
			}
		}
	}
	if test == nil || !p.compares(test.Cond, token.NEQ, err) || !p.endsIn(test.Body.List, append(slices.Clone(path), test.Body), true) {
		return model.EndsNever
	}
	if test.Else == nil && p.endsAfter(path, false) {
		return model.EndsAlways
	}
	return model.EndsOnError
}

// compares reports whether a condition compares err with nil.
func (p *Package) compares(cond ast.Expr, op token.Token, err types.Object) bool {
	cmp, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	return ok && cmp.Op == op && p.isErrorOf(cmp.X, err) && p.isNil(cmp.Y)
}

// isErrorOf reports whether x is the variable err, or an error made of it.
func (p *Package) isErrorOf(x ast.Expr, err types.Object) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		return p.Pass.TypesInfo.ObjectOf(x) == err
	case *ast.CallExpr:
		return p.wraps(x) && slices.ContainsFunc(x.Args, func(a ast.Expr) bool { return p.isErrorOf(a, err) })
	}
	return false
}

func (p *Package) isNil(x ast.Expr) bool { return p.Pass.TypesInfo.Types[x].IsNil() }

// endsAfter reports whether the process ends at once when the statement at the end of
// the path is over. With failing, an error has been found.
func (p *Package) endsAfter(path []ast.Node, failing bool) bool {
	for i := len(path) - 1; i > 0; i-- {
		stmt, ok := path[i].(ast.Stmt)
		if !ok {
			return false
		}
		switch stmt.(type) {
		case *ast.CaseClause, *ast.CommClause:
			continue // the cases that follow in the source are others
		}
		switch around := path[i-1].(type) {
		case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
			return p.endsIn(following(around, stmt), path[:i], failing)
		case *ast.FuncDecl, *ast.FuncLit:
			return p.endingAround(path[:i]) == model.EndsAlways
		case *ast.IfStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			continue
		default: // another round of a loop
			return false
		}
	}
	return false
}

// following are the statements of a list after one of them.
func following(list ast.Node, stmt ast.Stmt) []ast.Stmt {
	var all []ast.Stmt
	switch l := list.(type) {
	case *ast.BlockStmt:
		all = l.List
	case *ast.CaseClause:
		all = l.Body
	case *ast.CommClause:
		all = l.Body
	}
	return all[slices.Index(all, stmt)+1:]
}

// endsIn reports whether the process ends at once by the statements, the last of the list that
// the path leads to. What is done before must be brief.
func (p *Package) endsIn(rest []ast.Stmt, path []ast.Node, failing bool) bool {
	for _, stmt := range rest {
		switch s := stmt.(type) {
		case *ast.ReturnStmt:
			return p.isBrief(s) && p.endsByReturn(s, path, failing)
		case *ast.ExprStmt:
			if call, ok := s.X.(*ast.CallExpr); ok && p.exits(call) == model.EndsAlways {
				return true
			}
		}
		if !p.isBrief(stmt) {
			return false
		}
	}
	return p.endsAfter(path, failing)
}

// endsByReturn reports whether the process ends with a return.
func (p *Package) endsByReturn(ret *ast.ReturnStmt, path []ast.Node, failing bool) bool {
	e := p.endingAround(path)
	if e != model.EndsOnError {
		return e == model.EndsAlways
	}
	n := len(ret.Results)
	return failing && n > 0 && !p.isNil(ret.Results[n-1])
}

// isBrief reports whether a statement comes to its end at once: it neither leaves nor loops nor
// waits, and calls nothing but what is known to be brief.
func (p *Package) isBrief(stmt ast.Stmt) bool {
	brief := true
	ast.Inspect(stmt, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			brief = brief && n == stmt
		case *ast.ForStmt, *ast.RangeStmt, *ast.BranchStmt, *ast.SelectStmt, *ast.SendStmt, *ast.GoStmt, *ast.DeferStmt:
			brief = false
		case *ast.UnaryExpr:
			brief = brief && n.Op != token.ARROW
		case *ast.CallExpr:
			brief = brief && p.callsBrief(n)
		}
		return brief
	})
	return brief
}

func (p *Package) callsBrief(call *ast.CallExpr) bool {
	if tv := p.Pass.TypesInfo.Types[call.Fun]; tv.IsType() || tv.IsBuiltin() || known.IsCancelFunc(tv.Type) {
		return true
	}
	fn := p.calledBy(call)
	return fn != nil && known.IsPartingCall(fn)
}

// calledBy is the function that a call names, nil if it is none.
func (p *Package) calledBy(call *ast.CallExpr) *types.Func {
	var id *ast.Ident
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		id = fun
	case *ast.SelectorExpr:
		id = fun.Sel
	default:
		return nil
	}
	fn, _ := p.Pass.TypesInfo.Uses[id].(*types.Func)
	return fn
}

// wraps reports whether a call makes an error of the one that it is given.
func (p *Package) wraps(call *ast.CallExpr) bool {
	fn := p.calledBy(call)
	return fn != nil && known.ReturnsError(fn.Signature()) && known.IsPartingCall(fn)
}

// exits says when a call ends the process: always, or if it is given an error.
func (p *Package) exits(call *ast.CallExpr) model.Ending {
	fn := p.calledBy(call)
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		if on, ok := ast.Unparen(sel.X).(*ast.CallExpr); ok && p.exits(on) == model.EndsAlways {
			return model.EndsAlways // log.Fatal().Msg(text)
		}
	}
	switch {
	case fn == nil:
		return model.EndsNever
	case known.ExitsProcess(fn):
		return model.EndsAlways
	case known.ExitsOnError(fn):
		return model.EndsOnError
	}
	return p.exitsItself(fn)
}
