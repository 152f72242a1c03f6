package build

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// scenes are the scenes of all functions that make a channel or gather tasks.
// Function literals that a scene before has played are part of that one, unless they
// are goroutines that own something of which that scene is not sure (see owners).
func (e *Builder) scenes() []*model.Scene {
	var out []*model.Scene
	played, owner := map[*ssa.Function]bool{}, map[*ssa.Function]*model.Scene{}
	for _, fn := range e.Funcs {
		if fn.Parent() != nil && played[fn] && owner[fn] == nil || !e.stages(fn, 1) {
			continue
		}
		e.spent = 0
		root := e.RootFrame(fn)
		s := &model.Scene{Spawner: source.DisplayName(fn), At: source.NameSpan(fn), Extent: source.Extent(fn), EndsProcess: e.Ending(fn) == model.EndsAlways, Test: e.InTest(fn), Body: e.bodyOf(root), Around: owner[fn], Outer: map[any]bool{}}
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
func (e *Builder) stages(fn *ssa.Function, depth int) bool {
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
func (e *Builder) objects(s *model.Scene, root *flow.Frame, frames []*flow.Frame) {
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
		if s.Around == nil || isMade(e.OriginOf[x], root) {
			return false
		}
		s.Outer[x] = true
		return true
	}
	var note func(op *model.Op)
	note = func(op *model.Op) {
		if c := op.Chan; c != nil && first(c) && !outer(c) && isMade(e.OriginOf[c], root) {
			c.Escapes = e.Escape(e.OriginOf[c], root)
			c.Inside = c.Local
			_, c.Held = e.OriginOf[c].Val.(*ssa.Alloc)
			s.Chans = append(s.Chans, c)
		}
		if g := op.Group; g != nil && g.Kind != model.Bare && first(g) && !outer(g) {
			g.Escapes = e.groupEscapes(g, root)
			s.Groups = append(s.Groups, g)
		}
		if l := op.Lock; l != nil && first(l) && !outer(l) {
			l.Escapes = "it is made elsewhere"
			if isMade(e.OriginOf[l], root) {
				l.Escapes = e.escapesOnce(e.OriginOf[l], root)
			}
			s.Locks = append(s.Locks, l)
		}
		if m := op.Sem; m != nil && first(m) && !outer(m) {
			m.Escapes = "it is made elsewhere"
			if isMade(e.OriginOf[m], root) {
				m.Escapes = e.escapesOnce(e.OriginOf[m], root)
			}
			s.Sems = append(s.Sems, m)
		}
		if c := op.Made; c != nil && first(c) {
			c.CancelLocal = c.CancelLocal || e.cancelSeen(c, root)
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

// escapesOnce is escape for an object that is one for the whole scene: if it can
// come to be several times, two goroutines may each have their own.
func (e *Builder) escapesOnce(s flow.Origin, root *flow.Frame) string {
	if in, ok := s.Val.(ssa.Instruction); ok && repeatedly(in, s.Frame) {
		return "it can be made several times, so it is not known who shares it"
	}
	return e.Escape(s, root)
}

// isMade reports whether the object is made in a frame of the scene of root.
func isMade(s flow.Origin, root *flow.Frame) bool {
	switch v := s.Val.(type) {
	case *ssa.MakeChan, *ssa.Alloc, *ssa.Call:
	case *ssa.Parameter:
		return root.Life != nil && s.Frame == root && root.Life.Value == ssa.Value(v)
	default:
		return false
	}
	for fr := s.Frame; fr != nil; fr = fr.Caller {
		if fr == root {
			return true
		}
	}
	return false
}

func (e *Builder) groupEscapes(g *model.Group, root *flow.Frame) string {
	from := e.OriginOf[g]
	if !isMade(from, root) {
		return "it is made elsewhere"
	}
	if g.Contract != nil && g.Contract.Late {
		return "when the tasks of " + g.Contract.Name() + " run is not known"
	}
	if call, ok := from.Val.(*ssa.Call); ok && !e.Groups.Makes(source.Callee(&call.Call)) {
		return "it is made by " + e.CalleeText(call, source.Callee(&call.Call)) + ", whose body is not seen"
	}
	return e.Escape(from, root)
}

// repeatedly reports whether an instruction of the frame can be executed more than
// once in a scene: in a loop, in a task, or in a function called from there.
func repeatedly(in ssa.Instruction, fr *flow.Frame) bool {
	for {
		if source.InLoop(in.Block()) || fr.Spawned || inYield(fr) {
			return true
		}
		if fr.Caller == nil {
			return false
		}
		in, fr = fr.Site, fr.Caller
	}
}

// event is the name of what a call, receive or select gives.
func (e *Builder) event(v ssa.Value, fr *flow.Frame) *model.Event {
	key := flow.ValueIn{Value: v, Frame: fr}
	ev := e.events[key]
	if ev == nil {
		ev = &model.Event{ID: len(e.events)}
		e.events[key] = ev
	}
	return ev
}

// newChan records that a channel comes to be.
func (b *bodyBuilder) newChan(in *ssa.MakeChan) *model.Op {
	c := b.e.chanOf(flow.Origin{Val: in, Frame: b.fr}, "")
	return &model.Op{Kind: model.OpNew, At: model.SpanAt(in.Pos()), Chan: c, Repeats: repeatedly(in, b.fr)}
}

// newGroup records that a group held in a variable comes to be.
func (b *bodyBuilder) newGroup(in *ssa.Alloc) *model.Op {
	if !b.e.Groups.Is(in.Type()) {
		return nil
	}
	if p, ok := in.Type().(*types.Pointer); ok {
		if _, ptr := p.Elem().(*types.Pointer); ptr {
			return nil
		}
	}
	return &model.Op{Kind: model.OpNew, At: model.SpanAt(in.Pos()), Group: b.e.GroupOf(flow.Origin{Val: in, Frame: b.fr}), Repeats: repeatedly(in, b.fr)}
}

// chanOf is the model of the channel that a source is.
func (e *Builder) chanOf(s flow.Origin, name string) *model.Chan {
	c := e.chans[s]
	if c == nil {
		c = &model.Chan{At: model.SpanAt(s.Val.Pos()), Fills: s.Fills()}
		_, c.Local = s.Val.(*ssa.MakeChan)
		if mk, ok := s.Val.(*ssa.MakeChan); ok && s.Path == "" {
			c.Cap = capacity(e, mk)
			c.Size = e.SizeOf(mk.Size, s.Frame)
		}
		if call, ok := s.Val.(*ssa.Call); ok {
			c.FromCall = true
			c.Later = later(call)
		}
		c.Zero = zeroOf(s.Val.Type())
		e.chans[s], e.OriginOf[c] = c, s
	}
	if c.Name == "" {
		c.Name = name
	}
	return c
}

// later reports whether call is time.After in a select that is reached at once
// from there: nothing that may take a while is evaluated in between, such as what
// the select sends.
func later(call *ssa.Call) bool {
	if !known.IsAlarm(known.FuncName(source.Callee(&call.Call))) {
		return false
	}
	instrs := call.Block().Instrs
	for _, in := range instrs[slices.Index(instrs, ssa.Instruction(call))+1:] {
		switch in := in.(type) {
		case *ssa.Select:
			return slices.ContainsFunc(in.States, func(s *ssa.SelectState) bool { return s.Chan == call })
		case *ssa.Call:
			callee := source.Callee(&in.Call)
			if _, isDone := source.DoneCall(&in.Call); !isDone && (callee == nil || !known.IsBrief(callee)) {
				return false
			}
		case *ssa.UnOp:
			if in.Op == token.ARROW {
				return false
			}
		}
	}
	return false
}

// zeroOf is the zero value of a channel's elements, where a condition may ask for it.
func zeroOf(t types.Type) *model.Term {
	ch, ok := t.Underlying().(*types.Chan)
	if !ok {
		return nil
	}
	switch t := ch.Elem().Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Signature, *types.Chan, *types.Map, *types.Slice:
		return &model.Term{Const: "nil"}
	case *types.Basic:
		if t.Kind() == types.Bool {
			return &model.Term{Const: "false"}
		}
	}
	return nil
}

// sendsTokens reports whether the elements of a channel are empty structs.
func sendsTokens(t types.Type) bool {
	ch, ok := t.Underlying().(*types.Chan)
	if !ok {
		return false
	}
	st, ok := ch.Elem().Underlying().(*types.Struct)
	return ok && st.NumFields() == 0
}

// lock is the mutex that a method is called on, nil if there is not exactly one. Where it is
// embedded, and the call does not say so, it has the name of the object.
func (b *bodyBuilder) lock(recv ssa.Value, call string) *model.Lock {
	named := recv
	if f, ok := recv.(*ssa.FieldAddr); ok && source.IsEmbedded(f) && !strings.Contains(call, "."+source.FieldName(f)+".") {
		named = f.X
	}
	return b.lockOf(b.e.Resolve(recv, b.fr), named)
}

// lockOf is the one mutex among the sources of a value by which it is named.
func (b *bodyBuilder) lockOf(s []flow.Origin, named ssa.Value) *model.Lock {
	if len(s) != 1 || s[0].Val == nil {
		return nil
	}
	from := s[0]
	if _, ok := from.Val.(*ssa.Global); ok {
		from.Frame = nil // one for all functions
	}
	l := b.e.locks[from]
	if l == nil {
		l = &model.Lock{Plain: from.IsPlain()}
		b.e.locks[from], b.e.OriginOf[l] = l, from
	}
	if l.Name == "" {
		l.Name = b.e.NameIn(named, b.fr)
	}
	return l
}

// sem is the semaphore that a method is called on, likewise. How much it holds is known
// if it is made where that can be seen.
func (b *bodyBuilder) sem(recv ssa.Value) *model.Sem {
	s := b.e.Resolve(recv, b.fr)
	if len(s) != 1 || s[0].Val == nil {
		return nil
	}
	var size *model.Size
	switch v := s[0].Val.(type) {
	case *ssa.Call:
		if s[0].Path != "" || known.FuncName(source.Callee(&v.Call)) != known.SemaphorePath+".NewWeighted" {
			return nil
		}
		size = b.e.SizeOf(source.Args(&v.Call)[0], s[0].Frame)
	case *ssa.Parameter, *ssa.Global:
	default:
		return nil
	}
	m := b.e.sems[s[0]]
	if m == nil {
		m = &model.Sem{Name: b.e.NameIn(recv, b.fr), Size: size}
		b.e.sems[s[0]], b.e.OriginOf[m] = m, s[0]
	}
	return m
}
