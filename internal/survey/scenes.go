package survey

import (
	"cmp"
	"go/ast"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/build"
	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// scenes are the scenes of all functions that make a channel or gather tasks.
// Function literals that a scene before has played are part of that one, unless they
// are goroutines that own something of which that scene is not sure (see owners).
func (e surveyor) scenes() []*model.Scene {
	var out []*model.Scene
	played, owner := map[*ssa.Function]bool{}, map[*ssa.Function]*model.Scene{}
	for _, fn := range e.Funcs {
		if fn.Parent() != nil && played[fn] && owner[fn] == nil || !e.stages(fn, 1) {
			continue
		}
		e.Begin(model.MaxInstrs)
		root := e.RootFrame(fn)
		s := &model.Scene{Spawner: source.DisplayName(fn), At: source.NameSpan(fn), Extent: source.Extent(fn), EndsProcess: e.Ending(fn) == model.EndsAlways, Once: e.leavesOnce(fn), Test: e.InTest(fn), Body: e.BodyOf(root), Around: owner[fn], Outer: map[any]bool{}, Leaks: map[any][]model.Leak{}}
		frames := e.Frames(root)
		for _, fr := range frames {
			played[fr.Fn] = true
		}
		e.objects(s, root, frames)
		e.owners(s, root, owner)
		s.Cut = e.Shallow(fn) || cut(frames)
		if len(s.Chans) > 0 || len(s.Groups) > 0 || slices.ContainsFunc(s.Ctxs, func(c *model.Ctx) bool { return c.CancelLocal }) ||
			slices.ContainsFunc(s.Locks, func(l *model.Lock) bool { return l.Escapes == "" }) {
			out = append(out, s)
		}
	}
	return out
}

// cut reports whether the budget for modelling the frames was spent.
func cut(frames []*flow.Frame) bool {
	n := 0
	for _, fr := range frames {
		for _, blk := range fr.Fn.Blocks {
			n += len(blk.Instrs)
		}
	}
	return n >= model.MaxInstrs
}

// stages reports whether fn gathers tasks or makes a channel, itself or in a
// literal of its own, or calls a function of the package that makes a channel, or a
// context that can be cancelled and a goroutine: what that one makes and gives back is
// used here.
func (e surveyor) stages(fn *ssa.Function, depth int) bool {
	if e.gathers(fn) || source.MakesChan(fn) {
		return true
	}
	for _, a := range fn.AnonFuncs {
		if e.stages(a, 0) {
			return true
		}
	}
	if depth == 0 {
		return false
	}
	for _, blk := range fn.Blocks {
		for _, in := range blk.Instrs {
			call, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if f := call.Common().StaticCallee(); f != nil && f.Pkg == e.SSA && f.Parent() == nil && (source.MakesChan(f) || source.StartsCancellable(f)) {
				return true
			}
		}
	}
	return false
}

// objects lists what the ops of the scene work on and judges whether it escapes.
func (e surveyor) objects(s *model.Scene, root *flow.Frame, frames []*flow.Frame) {
	seen := map[any]bool{}
	first := func(x any) bool {
		if seen[x] {
			return false
		}
		seen[x] = true
		return true
	}
	// what a scene around has judged already is not judged anew
	outer := func(x any) bool {
		if s.Around == nil || build.IsMade(e.OriginOf[x], root) {
			return false
		}
		s.Outer[x] = true
		return true
	}
	var note func(op *model.Op)
	note = func(op *model.Op) {
		if c := op.Chan; c != nil && first(c) && !outer(c) && build.IsMade(e.OriginOf[c], root) {
			if c.Stops {
				c.Escapes = e.escapesOnce(e.OriginOf[c], root)
			} else {
				c.Escapes = e.leaks(s, c, root)
			}
			c.Inside = c.Local || c.Stops
			c.Name = cmp.Or(c.Name, e.storedIn(c))
			_, c.Held = e.OriginOf[c].Val.(*ssa.Alloc)
			s.Chans = append(s.Chans, c)
		}
		if g := op.Group; g != nil && g.Kind != model.Bare && first(g) && !outer(g) {
			g.Escapes = e.groupEscapes(s, g, root)
			s.Groups = append(s.Groups, g)
		}
		if l := op.Lock; l != nil && first(l) && !outer(l) {
			l.Escapes = "it comes from outside of what is explored"
			if build.IsMade(e.OriginOf[l], root) {
				l.Escapes = e.escapesOnce(e.OriginOf[l], root)
			}
			s.Locks = append(s.Locks, l)
		}
		if m := op.Sem; m != nil && first(m) && !outer(m) {
			m.Escapes = "it comes from outside of what is explored"
			if build.IsMade(e.OriginOf[m], root) {
				m.Escapes = e.escapesOnce(e.OriginOf[m], root)
			}
			s.Sems = append(s.Sems, m)
		}
		if c := op.Made; c != nil && first(c) {
			c.CancelLocal = c.CancelLocal || e.CancelsWithin(c, root)
			s.Ctxs = append(s.Ctxs, c)
		}
		for _, c := range op.Cases {
			note(c)
		}
	}
	for _, fr := range frames {
		for _, blk := range e.Bodies[fr].Blocks {
			s.Ops += len(blk.Ops)
			for _, op := range blk.Ops {
				note(op)
			}
		}
	}
}

// leaks says how code that is not seen gets hold of an object, and notes where. Of one that
// comes to be more than once, what leads to it may lead to another one by then.
func (e surveyor) leaks(s *model.Scene, object any, root *flow.Frame) (why string) {
	from := e.OriginOf[object]
	why, at := e.Leaks(from, root)
	made, ok := from.Val.(ssa.Instruction)
	again := !ok || build.Repeatedly(made, from.Frame)
	if slices.ContainsFunc(at, func(l flow.Leak) bool { return again && !l.Itself }) {
		return why
	}
	for _, l := range at {
		blk := e.Bodies[l.In].Blocks[l.At.Block().Index]
		before, _ := slices.BinarySearch(e.OpIndex[blk], source.IndexOf(l.At.Block(), l.At))
		s.Leaks[object] = append(s.Leaks[object], model.Leak{Block: blk, Before: before})
	}
	return why
}

// escapesOnce is escape for an object that is one for the whole scene: if it can
// come to be several times, two goroutines may each have their own.
func (e surveyor) escapesOnce(s flow.Origin, root *flow.Frame) string {
	if in, ok := s.Val.(ssa.Instruction); ok && build.Repeatedly(in, s.Frame) {
		return "it can be made several times, so it is not known who shares it"
	}
	return e.Escape(s, root)
}

func (e surveyor) groupEscapes(s *model.Scene, g *model.Group, root *flow.Frame) string {
	from := e.OriginOf[g]
	if !build.IsMade(from, root) {
		return "it comes from outside of what is explored"
	}
	if g.Contract != nil && g.Contract.Late {
		return "when the tasks of " + g.Contract.Name() + " run is not known"
	}
	if call, ok := from.Val.(*ssa.Call); ok && !e.Groups.Makes(source.Callee(&call.Call)) {
		return "it is made by " + e.CalleeText(call, source.Callee(&call.Call)) + ", whose body is not seen"
	}
	return e.leaks(s, g, root)
}

// storedIn is where a channel is stored when it is made, in the author's words: the name
// of one with which nothing else is done.
func (e surveyor) storedIn(c *model.Chan) string {
	if s, ok := e.Positions.Stmts[e.Positions.Call(c.At.Pos)].(*ast.AssignStmt); ok && len(s.Lhs) == 1 {
		return source.Short(s.Lhs[0])
	}
	return ""
}
