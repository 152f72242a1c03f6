package fanout

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// The gate decides which functions get SSA at all.
//
// A function matters when it has a go statement, makes a channel, calls or names a function of
// a group type, calls a function of another package that has a Summary, or has
// a channel, group or context-and-channel signature and works on channels (its
// callers in other packages need its Summary). What these functions call within
// the package matters too, to the depth that frames follow calls. All other
// bodies are left out of the SSA: measured on whole closures of large modules,
// that is four fifths of the cost of SSA.
//
// The gate looks at identifiers and their types only; a group reached through
// an alias, an embedded field or a wrapper type still names the group's method.

// gated is what the gate lets through.
type gated struct {
	keep  map[*ast.FuncDecl]bool
	inits map[ast.Expr]bool // right sides of package variables with a literal that matters
	// summaries are the functions that a Summary is exported of.
	summaries map[*types.Func]bool
	// values are exported functions that take a context, return an error, and
	// do no more with the context than read values from it.
	values []*types.Func
}

func (g *gated) empty() bool { return len(g.keep) == 0 && len(g.inits) == 0 }

// A purpose is what a package is looked at for.
type purpose int8

const (
	forFanOuts   purpose = iota // its own fan-outs, and summaries
	forSummaries                // what other packages need to know of it
)

// gate walks the package's syntax once.
func gate(pass *analysis.Pass, groups *knownGroups, why purpose) *gated {
	g := &gated{keep: map[*ast.FuncDecl]bool{}, inits: map[ast.Expr]bool{}, summaries: map[*types.Func]bool{}}
	std := standardLibrary(pass)
	v := &gateVisitor{pass: pass, known: groups}
	decls := map[*types.Func]*ast.FuncDecl{}
	calls := map[*ast.FuncDecl][]*types.Func{}
	makers := map[*types.Func]bool{}
	var order []*ast.FuncDecl
	var seeds []*ast.FuncDecl
	var initCalls []*types.Func
	for _, file := range pass.Files {
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Body == nil {
					continue
				}
				fn, _ := pass.TypesInfo.Defs[d.Name].(*types.Func)
				if fn == nil {
					continue
				}
				decls[fn] = d
				order = append(order, d)
				v.reset()
				ast.Inspect(d.Body, v.visit)
				calls[d] = v.calls
				if v.makes {
					makers[fn] = true
				}
				if !std && !v.ctx && fn.Exported() && takesContext(fn) >= 0 && returnsError(fn.Signature()) {
					g.values = append(g.values, fn)
				}
				if !std && ((v.seed || v.chans) && v.known.chanSignature(fn) || givesContext(fn)) {
					g.summaries[fn] = true
				}
				if g.summaries[fn] || v.seed && why == forFanOuts {
					seeds = append(seeds, d)
				}
			case *ast.GenDecl:
				if why == forSummaries {
					continue
				}
				initCalls = append(initCalls, v.inits(d, g)...)
			}
		}
	}
	// What a function makes and gives back is used by its callers.
	if why == forFanOuts && len(makers) > 0 {
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
	for depth := 0; len(level) > 0 && depth <= maxDepth; depth++ {
		var next []*ast.FuncDecl
		for _, d := range level {
			if g.keep[d] {
				continue
			}
			g.keep[d] = true
			for _, fn := range calls[d] {
				if c := decls[fn]; c != nil && !g.keep[c] {
					next = append(next, c)
				}
			}
		}
		level = next
	}
	return g
}

// gateVisitor collects what one body says about itself.
type gateVisitor struct {
	pass  *analysis.Pass
	known *knownGroups
	seed  bool          // it spawns, or touches a group
	chans bool          // it works on channels
	makes bool          // it makes a channel
	ctx   bool          // it does more with a context than read values
	calls []*types.Func // functions of the same package that it names
}

func (v *gateVisitor) reset() {
	v.seed, v.chans, v.makes, v.ctx, v.calls = false, false, false, false, nil
}

// inits looks at the initial values of package variables; function literals in
// them (commands, handlers) are bodies like any other.
func (v *gateVisitor) inits(d *ast.GenDecl, g *gated) (calls []*types.Func) {
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
				g.inits[val] = true
				calls = append(calls, v.calls...)
			}
		}
	}
	return calls
}

func (v *gateVisitor) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GoStmt:
		v.seed = true
	case *ast.CallExpr:
		// A function that makes a channel may be where tasks are joined.
		if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "make" && len(n.Args) > 0 {
			if t := v.pass.TypesInfo.TypeOf(n); t != nil && isChan(t) {
				v.seed, v.makes = true, true
			}
		}
	case *ast.SendStmt, *ast.SelectStmt:
		v.chans = true
	case *ast.UnaryExpr:
		v.chans = v.chans || n.Op == token.ARROW
	case *ast.RangeStmt:
		if t := v.pass.TypesInfo.TypeOf(n.X); t != nil && isChan(t) {
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

func (v *gateVisitor) isContext(id *ast.Ident) bool {
	obj, ok := v.pass.TypesInfo.Uses[id].(*types.Var)
	return ok && isNamed(obj.Type(), "context", "Context")
}

func (v *gateVisitor) ident(id *ast.Ident) {
	switch obj := v.pass.TypesInfo.Uses[id].(type) {
	case *types.Func:
		if obj.Pkg() == v.pass.Pkg {
			v.calls = append(v.calls, obj.Origin())
			// What Wait gave to a function of the package it gives to its callers.
			if res := obj.Signature().Results(); res.Len() == 1 && pointerError(res.At(0).Type()) {
				v.seed = true
			}
		} else if !v.seed && v.matters(obj) {
			v.seed = true
		}
	case *types.Builtin:
		v.chans = v.chans || obj.Name() == "close"
	}
}

// matters reports whether naming fn, a function of another package, makes the
// function that does so worth a model.
func (v *gateVisitor) matters(fn *types.Func) bool {
	if recv := fn.Signature().Recv(); recv != nil && v.known.is(recv.Type()) || v.known.makes(fn) {
		return true
	}
	if gathering(funcName(fn)) != nil {
		return true
	}
	s := importSummary(v.pass, fn)
	return s != nil && !s.onlyQuits()
}

// chanSignature reports whether a caller of fn can tell from outside what fn
// does with a channel or a group: such a function deserves a Summary.
func (k *knownGroups) chanSignature(fn *types.Func) bool {
	sig := fn.Signature()
	has := func(t types.Type) bool { return isChan(t) || k.holds(t) }
	for p := range sig.Params().Variables() {
		if has(p.Type()) {
			return true
		}
	}
	for r := range sig.Results().Variables() {
		if has(r.Type()) {
			return true
		}
	}
	return sig.Recv() != nil && k.holds(sig.Recv().Type())
}

// takesContext is the index of fn's first context parameter, the receiver
// counted, or -1.
func takesContext(fn *types.Func) int {
	sig := fn.Signature()
	i := 0
	if sig.Recv() != nil {
		i++
	}
	for p := range sig.Params().Variables() {
		if isNamed(p.Type(), "context", "Context") {
			return i
		}
		i++
	}
	return -1
}

// givesContext reports whether a result of fn is a context: its callers need to
// know what it derives from.
func givesContext(fn *types.Func) bool {
	for r := range fn.Signature().Results().Variables() {
		if isNamed(r.Type(), "context", "Context") {
			return true
		}
	}
	return false
}

// standardLibrary reports whether the package under analysis is one of std.
// Its functions are described by the table; only its own fan-outs are looked at.
func standardLibrary(pass *analysis.Pass) bool {
	first, _, _ := strings.Cut(pass.Pkg.Path(), "/")
	if strings.Contains(first, ".") {
		return false
	}
	return pass.Module == nil || pass.Module.Path == "" || pass.Module.Path == "std" || pass.Module.Path == "cmd"
}
