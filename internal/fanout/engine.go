package fanout

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// engine holds what one run on one package knows. It lives as long as the run.
type engine struct {
	pass  *analysis.Pass
	known *knownGroups
	pkg   *ssa.Package
	text  *sourceIndex
	// funcs are the functions with a body, literals too, in source order.
	funcs []*ssa.Function

	roots     map[*ssa.Function]*frame
	origins   map[valueKey][]source
	cells     map[*ssa.Alloc]*cellInfo
	writes    *writes // see written
	ctxs      map[source]*Ctx
	groups    map[source]*Group
	vars      map[varKey]*Var
	chans     map[source]*Chan
	locks     map[source]*Lock
	sems      map[source]*Sem
	events    map[valueKey]*Event
	races     map[*Body][]ownedRace
	bodies    map[*frame]*Body
	summaries map[*types.Func]*Summary
	idents    *idents
	spent     int // instructions modelled for the current root
}

// Build models the fan-outs of the package under analysis and exports the
// summaries of its functions. It returns an empty Package, without building
// anything, when no function of the package can matter. Named are the groups that
// the user has named beside those that are known.
//
// The summaries are those of Summarize, computed on their own: what the model of
// the fan-outs has seen beside a function, or of the functions that it calls,
// must not show in them. Importers see the same whether the package was named
// or not.
func Build(pass *analysis.Pass, named []*Contract) *Package {
	Summarize(pass, named)
	known := newKnownGroups(pass, named)
	g := gate(pass, known, forFanOuts)
	p := &Package{}
	if e := newEngine(pass, known, g); e != nil {
		for _, fn := range e.funcs {
			p.FanOuts = append(p.FanOuts, e.fanOuts(fn)...)
		}
		e.judgeFields(p)
		p.Scenes = e.scenes()
	}
	return p
}

// Summarize only exports the summaries, for a package whose findings nobody
// asks for. The standard library has none: the table describes it.
func Summarize(pass *analysis.Pass, named []*Contract) {
	if standardLibrary(pass) {
		return
	}
	known := newKnownGroups(pass, named)
	g := gate(pass, known, forSummaries)
	if e := newEngine(pass, known, g); e != nil {
		e.export(g)
	}
	exportValues(pass, known, g.values)
	exportQuits(pass)
}

// newEngine builds SSA for what the gate lets through; nil if that is nothing.
func newEngine(pass *analysis.Pass, known *knownGroups, g *gated) *engine {
	if g.empty() {
		return nil
	}
	e := &engine{
		pass:      pass,
		known:     known,
		pkg:       buildSSA(pass, g),
		text:      indexSource(pass, g),
		roots:     map[*ssa.Function]*frame{},
		origins:   map[valueKey][]source{},
		cells:     map[*ssa.Alloc]*cellInfo{},
		ctxs:      map[source]*Ctx{},
		groups:    map[source]*Group{},
		vars:      map[varKey]*Var{},
		chans:     map[source]*Chan{},
		locks:     map[source]*Lock{},
		sems:      map[source]*Sem{},
		events:    map[valueKey]*Event{},
		races:     map[*Body][]ownedRace{},
		bodies:    map[*frame]*Body{},
		summaries: map[*types.Func]*Summary{},
	}
	e.collectFuncs()
	return e
}

// collectFuncs lists the functions that were built, in source order.
func (e *engine) collectFuncs() {
	var add func(fn *ssa.Function)
	add = func(fn *ssa.Function) {
		if len(fn.Blocks) > 0 {
			e.funcs = append(e.funcs, fn)
		}
		for _, a := range fn.AnonFuncs {
			add(a)
		}
	}
	if init := e.pkg.Func("init"); init != nil {
		for _, a := range init.AnonFuncs {
			add(a)
		}
	}
	for _, file := range e.pass.Files {
		for _, d := range file.Decls {
			fd, ok := d.(*ast.FuncDecl)
			if !ok || fd.Body == nil {
				continue
			}
			obj, _ := e.pass.TypesInfo.Defs[fd.Name].(*types.Func)
			if obj == nil {
				continue
			}
			if fn := e.pkg.Prog.FuncValue(obj); fn != nil {
				add(fn)
			}
		}
	}
}

// foreign reports whether fn is a function of another package.
func (e *engine) foreign(fn *ssa.Function) bool {
	return fn.Pkg != nil && fn.Pkg != e.pkg
}

type varKey struct {
	cell ssa.Value
	fr   *frame
}

// varOf is the variable behind an address, if it is a local one, seen from fr;
// a captured variable is the variable that it is bound to. Variables that
// functions running elsewhere may write are left out: their value at a point
// is not known from the path.
func (e *engine) varOf(addr ssa.Value, fr *frame) *Var {
	for {
		fv, ok := addr.(*ssa.FreeVar)
		if !ok {
			break
		}
		b, home := fr.binding(fv)
		if b == nil {
			return nil
		}
		addr, fr = b, home
	}
	a, ok := addr.(*ssa.Alloc)
	if !ok || e.cellInfo(a).wild {
		return nil
	}
	key := varKey{a, fr}
	v := e.vars[key]
	if v == nil {
		v = &Var{Name: a.Comment, Pos: a.Pos(), id: len(e.vars)}
		e.vars[key] = v
	}
	return v
}

// cellOf is the local variable that v is, is read from or is a part of, whoever
// writes it.
func cellOf(v ssa.Value, fr *frame) varKey {
	for fr != nil {
		switch x := v.(type) {
		case *ssa.UnOp:
			v = x.X
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.Field:
			v = x.X
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.FreeVar:
			v, fr = fr.binding(x)
		case *ssa.Alloc:
			return varKey{x, fr}
		default:
			return varKey{}
		}
	}
	return varKey{}
}
