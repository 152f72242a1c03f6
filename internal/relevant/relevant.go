package relevant

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/internal/facts"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
)

// Which functions get SSA at all.
//
// A function matters when it has a go statement, makes a channel, calls or names a function of
// a group type, calls a function of another package that has a Summary, or has
// a channel, group or context-and-channel signature and works on channels (its
// callers in other packages need its Summary). What these functions call within
// the package matters too, to the depth that frames follow calls. All other
// bodies are left out of the SSA: measured on whole closures of large modules,
// that is four fifths of the cost of SSA.
//
// Find looks at identifiers and their types only; a group reached through
// an alias, an embedded field or a wrapper type still names the group's method.

// A Set is the functions that matter.
type Set struct {
	Keep  map[*ast.FuncDecl]bool
	Inits map[ast.Expr]bool // right sides of package variables with a literal that matters
	// Summaries are the functions that a Summary is exported of.
	Summaries map[*types.Func]bool
	// Values are exported functions that take a context, return an error, and
	// do no more with the context than read values from it.
	Values []*types.Func
	// Holders are the functions that may return with something taken.
	Holders map[*ast.FuncDecl]bool
}

// Empty reports whether nothing is worth building.
func (g *Set) Empty() bool { return len(g.Keep) == 0 && len(g.Inits) == 0 }

// A purpose is what a package is looked at for.
type purpose int8

const (
	ForFanOuts   purpose = iota // its own fan-outs, and summaries
	ForSummaries                // what other packages need to know of it
)

// Find walks the package's syntax once.
func Find(pass *analysis.Pass, groups *facts.Groups, why purpose) *Set {
	g := &Set{Keep: map[*ast.FuncDecl]bool{}, Inits: map[ast.Expr]bool{}, Summaries: map[*types.Func]bool{}, Holders: map[*ast.FuncDecl]bool{}}
	std := known.IsStd(pass)
	v := &relevanceVisitor{pass: pass, known: groups}
	decls := map[*types.Func]*ast.FuncDecl{}
	calls := map[*ast.FuncDecl][]*types.Func{}
	makers := map[*types.Func]bool{}
	fields := map[*ast.FuncDecl][]*types.Var{}
	works := map[*ast.FuncDecl]bool{} // on channels
	var order []*ast.FuncDecl
	var seeds []*ast.FuncDecl
	var initCalls []*types.Func
	lockings := map[*types.Func]*locking{}
	for _, file := range pass.Files {
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				fn, _ := pass.TypesInfo.Defs[d.Name].(*types.Func)
				if d.Body == nil || fn == nil {
					continue
				}
				decls[fn] = d
				order = append(order, d)
				v.reset()
				ast.Inspect(d.Body, v.visit)
				calls[d], fields[d], works[d] = v.calls, v.fields, v.chans
				if v.makes || v.starts && v.derives || v.seed && known.TakesFunc(fn.Signature()) {
					makers[fn] = true
				}
				if !std && !v.ctx && fn.Exported() && known.ContextParam(fn) >= 0 && known.ReturnsError(fn.Signature()) {
					g.Values = append(g.Values, fn)
				}
				if !std && ((v.seed || v.chans) && v.known.HasSyncSignature(fn) || known.ReturnsContext(fn)) {
					g.Summaries[fn] = true
				}
				if why == ForFanOuts {
					if l := lockingOf(pass, d); l != nil {
						lockings[fn] = l
					}
				}
				g.Holders[d] = why == ForFanOuts && (v.acquires || v.leavesHolding(d.Body))
				if g.Summaries[fn] || v.seed && why == ForFanOuts || g.Holders[d] {
					seeds = append(seeds, d)
				}
			case *ast.GenDecl:
				if why == ForSummaries {
					continue
				}
				initCalls = append(initCalls, v.inits(d, g)...)
			}
		}
	}
	for fn := range relocks(lockings) {
		if d := decls[fn]; !g.Holders[d] {
			g.Holders[d] = true
			seeds = append(seeds, d)
		}
	}
	// What a function makes and gives back, as a channel or the end of a goroutine's
	// context, is used by its callers; and a literal that it runs in tasks is theirs.
	if why == ForFanOuts && len(makers) > 0 {
		for _, d := range order {
			if slices.ContainsFunc(calls[d], func(fn *types.Func) bool { return makers[fn] }) {
				seeds = append(seeds, d)
			}
		}
	}
	level := seeds
	for _, fn := range initCalls {
		if d := decls[fn]; d != nil {
			level = append(level, d)
		}
	}
	g.keepCalled(level, calls, decls)
	if why == ForFanOuts {
		g.keepUsers(order, fields)
		g.keepTakers(order, calls, works, decls)
	}
	return g
}

// keepTakers keeps the functions that work on channels and have one given by a method that
// matters, at once or over another one.
func (g *Set) keepTakers(order []*ast.FuncDecl, calls map[*ast.FuncDecl][]*types.Func, works map[*ast.FuncDecl]bool, decls map[*types.Func]*ast.FuncDecl) {
	gives := func(fn *types.Func) bool {
		res := fn.Signature().Results()
		return fn.Signature().Recv() != nil && res.Len() > 0 && known.LeadsToChan(res.At(0).Type())
	}
	taker := func(fn *types.Func) bool {
		d := decls[fn]
		return d != nil && gives(fn) && (g.Keep[d] || slices.ContainsFunc(calls[d], func(f *types.Func) bool { return gives(f) && g.Keep[decls[f]] }))
	}
	var users []*ast.FuncDecl
	for _, d := range order {
		if works[d] && !g.Keep[d] && slices.ContainsFunc(calls[d], taker) {
			users = append(users, d)
		}
	}
	g.keepCalled(users, calls, decls)
}

// keepCalled keeps the functions, and what they call within the package, to the depth that
// frames follow calls.
func (g *Set) keepCalled(level []*ast.FuncDecl, calls map[*ast.FuncDecl][]*types.Func, decls map[*types.Func]*ast.FuncDecl) {
	methods := methodsByName(decls)
	for depth := 0; len(level) > 0 && depth <= model.MaxDepth; depth++ {
		var next []*ast.FuncDecl
		for _, d := range level {
			if g.Keep[d] {
				continue
			}
			g.Keep[d] = true
			for _, fn := range calls[d] {
				c := decls[fn]
				if c == nil {
					c = decls[onlyMethod(fn, methods)]
				}
				if c != nil && !g.Keep[c] {
					next = append(next, c)
				}
			}
		}
		level = next
	}
}

// keepUsers keeps the functions that work on a channel or CancelFunc in a field which one
// of those that matter names too: they end what that one starts.
func (g *Set) keepUsers(order []*ast.FuncDecl, fields map[*ast.FuncDecl][]*types.Var) {
	matter := map[*types.Var]bool{}
	for _, d := range order {
		for _, f := range fields[d] {
			matter[f] = matter[f] || g.Keep[d]
		}
	}
	for _, d := range order {
		if slices.ContainsFunc(fields[d], func(f *types.Var) bool { return matter[f] }) {
			g.Keep[d] = true
		}
	}
}

// methodsByName are the methods of the package.
func methodsByName(decls map[*types.Func]*ast.FuncDecl) map[string][]*types.Func {
	out := map[string][]*types.Func{}
	for fn := range decls {
		if fn.Signature().Recv() != nil {
			out[fn.Name()] = append(out[fn.Name()], fn)
		}
	}
	return out
}

// onlyMethod is the method that a call of fn runs if fn is a method of an interface
// that one type of the package implements, nil otherwise.
func onlyMethod(fn *types.Func, methods map[string][]*types.Func) *types.Func {
	recv := fn.Signature().Recv()
	if recv == nil || !types.IsInterface(recv.Type()) {
		return nil
	}
	var only *types.Func
	for _, m := range methods[fn.Name()] {
		if !types.Implements(m.Signature().Recv().Type(), recv.Type().Underlying().(*types.Interface)) {
			continue
		}
		if only != nil {
			return nil
		}
		only = m
	}
	return only
}

// relevanceVisitor collects what one body says about itself.
type relevanceVisitor struct {
	pass     *analysis.Pass
	known    *facts.Groups
	seed     bool          // it spawns, or touches a group
	chans    bool          // it works on channels
	makes    bool          // it makes a channel
	starts   bool          // it has a go statement
	derives  bool          // it derives a context that can be cancelled
	ctx      bool          // it does more with a context than read values
	acquires bool          // it acquires places of a semaphore
	calls    []*types.Func // functions of the same package that it names
	// fields are the unexported fields with a channel, CancelFunc or map of these that it names.
	fields []*types.Var
}

func (v *relevanceVisitor) reset() {
	*v = relevanceVisitor{pass: v.pass, known: v.known}
}

// inits looks at the initial values of package variables; function literals in
// them (commands, handlers) are bodies like any other.
func (v *relevanceVisitor) inits(d *ast.GenDecl, g *Set) (calls []*types.Func) {
	if d.Tok != token.VAR {
		return nil
	}
	for _, spec := range d.Specs {
		vs, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		for _, val := range vs.Values {
			hasLit := false
			ast.Inspect(val, func(n ast.Node) bool {
				_, lit := n.(*ast.FuncLit)
				hasLit = hasLit || lit
				return !hasLit
			})
			if !hasLit {
				continue
			}
			v.reset()
			ast.Inspect(val, v.visit)
			if v.seed {
				g.Inits[val] = true
				calls = append(calls, v.calls...)
			}
		}
	}
	return calls
}

func (v *relevanceVisitor) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GoStmt:
		v.seed, v.starts = true, true
	case *ast.CallExpr:
		// A function that makes a channel may be where tasks are joined.
		if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "make" && len(n.Args) > 0 {
			if t := v.pass.TypesInfo.TypeOf(n); t != nil && known.IsChan(t) {
				v.seed, v.makes = true, true
			}
		}
	case *ast.SendStmt, *ast.SelectStmt:
		v.chans = true
	case *ast.IfStmt:
		v.seed = v.seed || v.drains(n.Body)
	case *ast.UnaryExpr:
		v.chans = v.chans || n.Op == token.ARROW
	case *ast.RangeStmt:
		if t := v.pass.TypesInfo.TypeOf(n.X); t != nil && known.IsChan(t) {
			v.chans = true
		}
	case *ast.SelectorExpr:
		switch n.Sel.Name {
		case "Value", "Err", "Deadline":
			if id, ok := n.X.(*ast.Ident); ok && v.isContext(id) {
				return false
			}
		}
	case *ast.Ident:
		v.ident(n)
		v.ctx = v.ctx || v.isContext(n)
	}
	return true
}

// drains reports whether a block does nothing but receive from a timer.
func (v *relevanceVisitor) drains(b *ast.BlockStmt) bool {
	if len(b.List) != 1 {
		return false
	}
	e, ok := b.List[0].(*ast.ExprStmt)
	if !ok {
		return false
	}
	recv, ok := e.X.(*ast.UnaryExpr)
	if !ok || recv.Op != token.ARROW {
		return false
	}
	sel, ok := recv.X.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	t, ok := v.pass.TypesInfo.TypeOf(sel.X).(*types.Pointer)
	return ok && known.IsTimer(t.Elem())
}

// tells reports whether a field of type t is one by which goroutines can be told something:
// a channel or CancelFunc, or a map or slice that channels are kept in.
func tells(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Map:
		return known.LeadsToChan(u.Elem()) || known.IsChan(u.Key())
	case *types.Slice:
		return known.LeadsToChan(u.Elem())
	}
	return known.IsChan(t) || known.IsCancelFunc(t) || known.IsNamed(t, "sync", "Map")
}

func (v *relevanceVisitor) isContext(id *ast.Ident) bool {
	obj, ok := v.pass.TypesInfo.Uses[id].(*types.Var)
	return ok && known.IsNamed(obj.Type(), "context", "Context")
}

func (v *relevanceVisitor) ident(id *ast.Ident) {
	switch obj := v.pass.TypesInfo.Uses[id].(type) {
	case *types.Func:
		if obj.Pkg() == v.pass.Pkg {
			v.calls = append(v.calls, obj.Origin())
			// What Wait gave to a function of the package it gives to its callers.
			if res := obj.Signature().Results(); res.Len() == 1 && known.IsNamed(res.At(0).Type(), known.MultierrorPath, "Error") {
				v.seed = true
			}
			v.seed = v.seed || startsByShape(obj)
		} else if !v.seed && v.isRelevant(obj) {
			v.seed = true
		}
		v.derives = v.derives || known.Derives(known.FuncName(obj)) == model.AddsCancel
		v.acquires = v.acquires || known.RoleOf(known.FuncName(obj)) == known.RoleAcquire
	case *types.Var:
		if obj.IsField() && !obj.Exported() && obj.Pkg() == v.pass.Pkg && tells(obj.Type()) {
			v.fields = append(v.fields, obj.Origin())
		}
	case *types.Builtin:
		v.chans = v.chans || obj.Name() == "close"
	}
}

// startsByShape reports whether fn can start tasks of a group of the package's own: a
// method, of a type that holds a group, that is given a function.
func startsByShape(fn *types.Func) bool {
	sig := fn.Signature()
	if sig.Recv() == nil || !known.HoldsGroup(sig.Recv().Type()) {
		return false
	}
	for p := range sig.Params().Variables() {
		if known.IsFunc(p.Type()) {
			return true
		}
	}
	return false
}

// isRelevant reports whether naming fn, a function of another package, makes the
// function that does so worth a model.
func (v *relevanceVisitor) isRelevant(fn *types.Func) bool {
	if recv := fn.Signature().Recv(); recv != nil && v.known.Is(recv.Type()) || v.known.Makes(fn) {
		return true
	}
	if known.Gatherer(known.FuncName(fn)) != nil {
		return true
	}
	s := facts.Import(v.pass, fn)
	return s != nil && !s.OnlyGoexit()
}
