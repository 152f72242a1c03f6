package fanout

import (
	"golang.org/x/tools/go/ssa"
)

// maxDepth is how many calls deep the model follows functions of the package.
const maxDepth = 4

// A frame is one activation of a function in the model: which function, called
// or spawned where, with which arguments and captured variables. The frames of
// one root form a tree; the same site gives the same frame, so a value is
// identified by itself and its frame.
type frame struct {
	fn     *ssa.Function
	caller *frame              // nil for a root
	site   ssa.CallInstruction // in caller.fn; nil for a root
	args   []ssa.Value         // values of fn.Params in caller, nil if unknown
	// lit and home say where the function literal was made: its captured
	// variables are the bindings of lit in the frame home.
	lit  *ssa.MakeClosure
	home *frame
	// spawned frames run beside their caller: what the caller stores later
	// may be seen.
	spawned  bool
	deferred bool // runs when the caller returns, so later stores are seen too
	depth    int
	// group is set where a group calls the function as a task, and gives it its
	// context.
	group    *Group
	children map[frameKey]*frame
	decls    map[*ssa.Function]bool // see chain
}

type frameKey struct {
	site ssa.Instruction
	fn   *ssa.Function
}

// rootFrame is the frame of fn when nothing is known about its callers. A
// function literal keeps its captured variables: they are looked up at the
// point where the literal is made.
func (e *engine) rootFrame(fn *ssa.Function) *frame {
	if fr := e.roots[fn]; fr != nil {
		return fr
	}
	fr := &frame{fn: fn, children: map[frameKey]*frame{}}
	e.roots[fn] = fr
	if p := fn.Parent(); p != nil {
		fr.home = e.rootFrame(p)
		fr.lit = makeClosure(p, fn)
	}
	return fr
}

// makeClosure finds where parent makes the closure of the literal fn.
func makeClosure(parent, fn *ssa.Function) *ssa.MakeClosure {
	if refs := fn.Referrers(); refs != nil {
		for _, r := range *refs {
			if mc, ok := r.(*ssa.MakeClosure); ok && mc.Parent() == parent {
				return mc
			}
		}
	}
	for _, b := range parent.Blocks {
		for _, in := range b.Instrs {
			if mc, ok := in.(*ssa.MakeClosure); ok && mc.Fn == fn {
				return mc
			}
		}
	}
	return nil
}

// callTarget is the one function that a call can reach.
type callTarget struct {
	fn   *ssa.Function
	lit  *ssa.MakeClosure
	home *frame
}

// enter returns the frame of target called at site in fr with the given
// arguments, or nil when it is too deep or recursive.
func (e *engine) enter(fr *frame, site ssa.CallInstruction, t callTarget, args []ssa.Value, spawned bool) *frame {
	if fr.depth >= maxDepth || len(t.fn.Blocks) == 0 {
		return nil
	}
	for f := fr; f != nil; f = f.caller {
		if f.fn == t.fn {
			return nil
		}
	}
	key := frameKey{site, t.fn}
	if c := fr.children[key]; c != nil {
		return c
	}
	c := &frame{
		fn: t.fn, caller: fr, site: site, args: args, lit: t.lit, home: t.home,
		spawned: spawned, deferred: isDefer(site), depth: fr.depth + 1, children: map[frameKey]*frame{},
	}
	if len(args) != len(t.fn.Params) {
		c.args = nil
	}
	fr.children[key] = c
	return c
}

func isDefer(site ssa.CallInstruction) bool {
	_, ok := site.(*ssa.Defer)
	return ok
}

// entry is the point in home at which the captured variables of fr are first
// seen, and whether it is known to be the point of the call. Without a call
// from home it is the point where the literal was made.
func (fr *frame) entry() (at ssa.Instruction, exact bool) {
	for f := fr; f.caller != nil; f = f.caller {
		if f.caller == fr.home {
			return f.site, true
		}
	}
	if fr.lit != nil {
		return fr.lit, false
	}
	return nil, false
}

// concurrent reports whether fr runs beside its home frame or after it: the call
// chain from home to fr goes through a spawn or a defer.
func (fr *frame) concurrent() bool {
	for f := fr; f != nil && f != fr.home; f = f.caller {
		if f.spawned || f.deferred {
			return true
		}
	}
	return false
}

// target resolves the callee of a call to the one function of this package
// that it can reach; ok is false for interfaces with several callees, unknown
// function values and functions of other packages.
func (e *engine) target(c *ssa.CallCommon, fr *frame) (callTarget, bool) {
	if c.IsInvoke() {
		return callTarget{}, false
	}
	return e.funcTarget(c.Value, fr)
}

// funcTarget is the one function that a function value is, if it is known.
func (e *engine) funcTarget(v ssa.Value, fr *frame) (callTarget, bool) {
	return e.resolver().funcTarget(v, fr)
}

// funcTarget is part of a query: what a call returns may depend on which
// function a value is, and the other way round.
func (r *resolver) funcTarget(v ssa.Value, fr *frame) (callTarget, bool) {
	var found callTarget
	n := 0
	for _, s := range r.value(v, fr) {
		var t callTarget
		switch f := s.val.(type) {
		case *ssa.Function:
			t = callTarget{fn: f}
		case *ssa.MakeClosure:
			t = callTarget{fn: f.Fn.(*ssa.Function), lit: f, home: s.fr}
		case *ssa.Const:
			continue // a nil function is not called
		default:
			return callTarget{}, false
		}
		if s.path != "" {
			return callTarget{}, false
		}
		if t.fn.Origin() != nil {
			t.fn = t.fn.Origin()
		}
		if n > 0 && t != found {
			return callTarget{}, false
		}
		found, n = t, n+1
	}
	return found, n > 0
}

// around is the frame that fr is seen from: its caller, or for a literal
// without a known call the function that makes it.
func (fr *frame) around() *frame {
	if fr.caller != nil {
		return fr.caller
	}
	return fr.home
}
