package source

import (
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"slices"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/gatherlint/gatherlint/internal/known"
)

// Who can reach a field?
//
// All code that names an unexported field stands in its package, whatever becomes of
// the object that it is a field of. So the syntax alone says all that is ever done to
// what the field holds, in functions that were not built too, provided that the value
// does not leave: everything but an operation on it is a use that is not known.
// Ignored: reflection and unsafe.

// A TouchKind says what is done to a field.
type TouchKind int8

// The kinds of touches.
const (
	TouchOther TouchKind = iota // its value or its address goes elsewhere
	TouchAsk                    // it is compared with nil, its length is asked for
	TouchMake                   // it is given a value where the object is put together
	TouchSet                    // it is given a value
	TouchSend
	TouchReceive
	TouchClose
	TouchMethod // a method of it is called
	TouchCall   // it is called
)

// A Touch is one place that names a field.
type Touch struct {
	Kind   TouchKind
	Method *types.Func // of TouchMethod
	Given  ast.Expr    // of TouchMake and TouchSet: the value, nil where it is computed
	In     ast.Node    // the function, or the literal, that it stands in
}

// A Mention is one place that names a function of the package.
type Mention struct {
	In     ast.Node // the function, or the literal, that it stands in
	Called bool
}

// Named is who names the unexported fields, and the functions, of a package.
type Named struct {
	Mentions map[*types.Func][]Mention
	Decls    map[*types.Func]*ast.FuncDecl
	Inside   map[ast.Node]ast.Node // of a literal, what it stands in
	touches  map[*types.Var][]Touch
	names    map[ast.Node][]*types.Func
	within   map[*types.Func][]*types.Func // see all
}

// all is the functions that a function and the literals in it name.
func (x *Named) all(fn *types.Func) []*types.Func {
	out, ok := x.within[fn]
	if decl := x.Decls[fn]; !ok && decl != nil {
		ast.Inspect(decl, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.FuncDecl, *ast.FuncLit:
				out = append(out, x.names[n]...)
			}
			return true
		})
		x.within[fn] = out
	}
	return out
}

// Touches are the places that name an unexported field of the package, in source
// order within each file.
func (p *Package) Touches(f *types.Var) []Touch { return p.Named().touches[f] }

// Named is who names the fields and functions of the package, put together when it is asked
// for the first time.
func (p *Package) Named() *Named {
	if p.named != nil {
		return p.named
	}
	x := &Named{
		touches: map[*types.Var][]Touch{}, Mentions: map[*types.Func][]Mention{}, Decls: map[*types.Func]*ast.FuncDecl{},
		Inside: map[ast.Node]ast.Node{}, names: map[ast.Node][]*types.Func{}, within: map[*types.Func][]*types.Func{},
	}
	p.named = x
	for _, file := range p.Pass.Files {
		for _, d := range file.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok {
				if fn, ok := p.Pass.TypesInfo.Defs[fd.Name].(*types.Func); ok {
					x.Decls[fn] = fd
				}
			}
			v := &fieldVisitor{p: p, x: x}
			ast.Inspect(d, v.visit)
		}
	}
	return x
}

// fieldVisitor walks one declaration.
type fieldVisitor struct {
	p     *Package
	x     *Named
	stack []ast.Node
}

func (v *fieldVisitor) visit(n ast.Node) bool {
	if n == nil {
		v.stack = v.stack[:len(v.stack)-1]
		return false
	}
	v.stack = append(v.stack, n)
	switch n := n.(type) {
	case *ast.FuncLit:
		v.x.Inside[n] = v.around(1)
	case *ast.Ident:
		v.ident(n)
	}
	return true
}

// around is the innermost function around the node that is looked at, skipping the
// last few.
func (v *fieldVisitor) around(skip int) ast.Node {
	for i := len(v.stack) - 1 - skip; i >= 0; i-- {
		switch v.stack[i].(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			return v.stack[i]
		}
	}
	return v.stack[0]
}

func (v *fieldVisitor) ident(id *ast.Ident) {
	pkg := v.p.Pass.Pkg
	switch obj := v.p.Pass.TypesInfo.Uses[id].(type) {
	case *types.Var:
		obj = obj.Origin()
		if obj.IsField() && obj.Pkg() == pkg && !obj.Exported() {
			kind, method := v.touch(obj, id)
			v.x.touches[obj] = append(v.x.touches[obj], Touch{kind, method, v.given(id), v.around(0)})
		}
	case *types.Func:
		if obj.Pkg() == pkg {
			obj = obj.Origin()
			in := v.around(0)
			_, called := v.use(id)
			v.x.Mentions[obj] = append(v.x.Mentions[obj], Mention{in, called})
			v.x.names[in] = append(v.x.names[in], obj)
		}
	}
}

// use is the expression that the identifier is the name of, with what it stands in,
// and whether it is called there.
func (v *fieldVisitor) use(id *ast.Ident) (expr ast.Expr, called bool) {
	expr = id
	for i := len(v.stack) - 2; i >= 0; i-- {
		switch p := v.stack[i].(type) {
		case *ast.SelectorExpr:
			if p.Sel != expr {
				return expr, false
			}
			expr = p
		case *ast.ParenExpr:
			expr = p
		case *ast.CallExpr:
			return expr, p.Fun == expr || v.starts(p)
		default:
			return expr, false
		}
	}
	return expr, false
}

// starts reports whether a call gives its argument to a group, as a task.
func (v *fieldVisitor) starts(call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	fn, ok := v.p.Pass.TypesInfo.Uses[sel.Sel].(*types.Func)
	return ok && v.p.Groups.Starts(fn)
}

// touch says what is done to the field that id names.
func (v *fieldVisitor) touch(f *types.Var, id *ast.Ident) (TouchKind, *types.Func) {
	expr, called := v.use(id)
	if called && !known.IsChan(f.Type()) {
		return TouchCall, nil
	}
	i := len(v.stack) - 1
	for v.stack[i] != expr {
		i--
	}
	if i == 0 {
		return TouchOther, nil
	}
	switch p := v.stack[i-1].(type) {
	case *ast.SendStmt:
		if p.Chan == expr {
			return TouchSend, nil
		}
	case *ast.UnaryExpr:
		switch p.Op {
		case token.ARROW:
			return TouchReceive, nil
		case token.AND:
			return TouchOther, nil
		}
	case *ast.IncDecStmt:
		return TouchSet, nil
	case *ast.RangeStmt:
		if p.X == expr && known.IsChan(f.Type()) {
			return TouchReceive, nil
		}
	case *ast.BinaryExpr:
		return TouchAsk, nil
	case *ast.KeyValueExpr:
		if p.Key == expr {
			return TouchMake, nil
		}
	case *ast.AssignStmt:
		for _, l := range p.Lhs {
			if l == expr {
				return TouchSet, nil
			}
		}
	case *ast.CallExpr:
		if b, ok := p.Fun.(*ast.Ident); ok {
			switch v.p.Pass.TypesInfo.Uses[b] {
			case types.Universe.Lookup("close"):
				return TouchClose, nil
			case types.Universe.Lookup("len"), types.Universe.Lookup("cap"):
				return TouchAsk, nil
			}
		}
	case *ast.SelectorExpr:
		if call, ok := v.stack[max(i-2, 0)].(*ast.CallExpr); ok && call.Fun == p && p.X == expr {
			if fn, ok := v.p.Pass.TypesInfo.Uses[p.Sel].(*types.Func); ok {
				return TouchMethod, fn
			}
		}
	}
	if _, basic := f.Type().Underlying().(*types.Basic); basic {
		return TouchAsk, nil // what is read is a copy
	}
	return TouchOther, nil
}

// given is the value that the field which id names is given there, nil if there is none,
// or if it is one of several that a call returns.
func (v *fieldVisitor) given(id *ast.Ident) ast.Expr {
	for i := len(v.stack) - 1; i >= 0; i-- {
		switch p := v.stack[i].(type) {
		case *ast.Ident, *ast.SelectorExpr, *ast.ParenExpr:
			continue
		case *ast.KeyValueExpr:
			if p.Key == id {
				return p.Value
			}
		case *ast.AssignStmt:
			if at := slices.Index(p.Lhs, v.stack[i+1].(ast.Expr)); at >= 0 && len(p.Lhs) == len(p.Rhs) && p.Tok == token.ASSIGN {
				return p.Rhs[at]
			}
		}
		return nil
	}
	return nil
}

// NeverEnds reports whether every value that an unexported field of the package is given
// under its name is a context that never ends. Ignored: composite literals without keys,
// and what is stored through the field's address.
func (p *Package) NeverEnds(f *types.Var) bool {
	given := false
	for _, t := range p.Touches(f.Origin()) {
		if t.Kind != TouchMake && t.Kind != TouchSet {
			continue
		}
		call, ok := t.Given.(*ast.CallExpr)
		if !ok || !known.NeverEnds(known.FuncName(typeutil.StaticCallee(p.Pass.TypesInfo, call))) {
			return false
		}
		given = true
	}
	return given
}

// DoneBy are the functions that do one of these things to a field of the package's structs,
// themselves or in what they name.
func (p *Package) DoneBy(does func(*types.Var, Touch) bool, fields iter.Seq[*types.Var]) map[*types.Func]bool {
	out := map[*types.Func]bool{}
	for f := range fields {
		for _, t := range p.Touches(f) {
			if does(f, t) {
				p.naming(t.In, out)
			}
		}
	}
	return out
}

// naming adds the function that a node is, or stands in, and all that name it.
func (p *Package) naming(in ast.Node, out map[*types.Func]bool) {
	decl, ok := p.DeclOf(in).(*ast.FuncDecl)
	if !ok {
		return // the initial value of a variable, which nothing names
	}
	fn, ok := p.Pass.TypesInfo.Defs[decl.Name].(*types.Func)
	if !ok || out[fn] {
		return
	}
	out[fn] = true
	for _, m := range p.Named().Mentions[fn] {
		p.naming(m.In, out)
	}
}

// NamedBeside reports whether a function other than those that own says names fn.
func (p *Package) NamedBeside(fn *types.Func, own func(*types.Func) bool) bool {
	for _, m := range p.Named().Mentions[fn] {
		decl, ok := p.DeclOf(m.In).(*ast.FuncDecl)
		if !ok {
			return true
		}
		if in, ok := p.Pass.TypesInfo.Defs[decl.Name].(*types.Func); ok && !own(in) {
			return true
		}
	}
	return false
}

// DeclOf is the declaration around a function or literal.
func (p *Package) DeclOf(in ast.Node) ast.Node {
	for {
		up := p.Named().Inside[in]
		if up == nil {
			return in
		}
		in = up
	}
}

// Reached adds a function and all that it names.
func (p *Package) Reached(fn *types.Func, out map[*types.Func]bool) {
	fn = fn.Origin()
	if out[fn] {
		return
	}
	out[fn] = true
	for _, f := range p.Named().all(fn) {
		p.Reached(f, out)
	}
}
