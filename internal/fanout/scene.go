package fanout

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Scenes.
//
// A FanOut is seen from its group. What can happen, however, depends on
// everything that one activation of the spawner sets in motion: all its groups,
// goroutines and channels together. That is a scene: the spawner's body and,
// through its ops, the bodies of all tasks and of all functions that they call.
//
// What a scene can be sure of is decided here: an object that can be reached
// by code outside the scene escapes, and whoever plays the scene must expect
// anything of it.

// A Scene is all that one activation of a spawner sets in motion.
type Scene struct {
	Spawner string // the function, as its author would name it
	At      Span   // its name
	Extent  Span   // all of its source
	// EndsProcess: when the spawner returns, the process ends.
	EndsProcess bool
	// Test: the spawner is part of the tests of a package.
	Test   bool
	Ops    int // how many ops there are in all its bodies
	Body   *Body
	Chans  []*Chan // those made in the scene
	Groups []*Group
	Locks  []*Lock
	Sems   []*Sem
	Ctxs   []*Ctx // those made in the scene

	e    *engine
	root *frame
}

// A Lock is a mutex.
type Lock struct {
	Name string
	// Escapes says why not every operation on it is an Op of the scene.
	Escapes string
	src     source
}

// A Sem is a golang.org/x/sync/semaphore.Weighted.
type Sem struct {
	Name    string
	Size    *Size
	Escapes string
	src     source
}

// scenes are the scenes of all functions that make a channel or gather tasks.
// Function literals that a scene before has played are part of that one.
func (e *engine) scenes() []*Scene {
	var out []*Scene
	played := map[*ssa.Function]bool{}
	for _, fn := range e.funcs {
		if fn.Parent() != nil && played[fn] || !e.stages(fn, 1) {
			continue
		}
		e.spent = 0
		root := e.rootFrame(fn)
		s := &Scene{Spawner: displayName(fn), At: nameSpan(fn), Extent: extent(fn), EndsProcess: endsProcess(fn), Test: e.inTest(fn), Body: e.bodyOf(root), e: e, root: root}
		frames := e.frames(root)
		for _, fr := range frames {
			played[fr.fn] = true
		}
		e.objects(s, root, frames)
		if len(s.Chans) > 0 || len(s.Groups) > 0 {
			out = append(out, s)
		}
	}
	return out
}

// inTest reports whether fn stands in a test file.
func (e *engine) inTest(fn *ssa.Function) bool {
	f := e.pass.Fset.File(fn.Pos())
	return f != nil && strings.HasSuffix(f.Name(), "_test.go")
}

// stages reports whether fn gathers tasks or makes a channel, itself or in a
// literal of its own, or calls a function of the package that does: what that one
// makes and gives back is used here.
func (e *engine) stages(fn *ssa.Function, depth int) bool {
	if e.gathers(fn) || makesChan(fn) {
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
			if f := call.Common().StaticCallee(); f != nil && f.Pkg == e.pkg && f.Parent() == nil && makesChan(f) {
				return true
			}
		}
	}
	return false
}

func makesChan(fn *ssa.Function) bool {
	for _, blk := range fn.Blocks {
		for _, in := range blk.Instrs {
			if _, ok := in.(*ssa.MakeChan); ok {
				return true
			}
		}
	}
	return false
}

// objects lists what the ops of the scene work on and judges whether it escapes.
func (e *engine) objects(s *Scene, root *frame, frames []*frame) {
	seen := map[any]bool{}
	first := func(x any) bool {
		if seen[x] {
			return false
		}
		seen[x] = true
		return true
	}
	var note func(op *Op)
	note = func(op *Op) {
		if c := op.Chan; c != nil && first(c) && isMade(c.src, root) {
			c.Escapes = e.escape(c.src, root)
			_, c.Inside = c.src.val.(*ssa.MakeChan)
			_, c.Held = c.src.val.(*ssa.Alloc)
			s.Chans = append(s.Chans, c)
		}
		if g := op.Group; g != nil && g.Kind != Bare && first(g) {
			g.Escapes = e.groupEscapes(g, root)
			s.Groups = append(s.Groups, g)
		}
		if l := op.Lock; l != nil && first(l) {
			l.Escapes = "it is made elsewhere"
			if isMade(l.src, root) {
				l.Escapes = e.escapesOnce(l.src, root)
			}
			s.Locks = append(s.Locks, l)
		}
		if m := op.Sem; m != nil && first(m) {
			m.Escapes = "it is made elsewhere"
			if isMade(m.src, root) {
				m.Escapes = e.escapesOnce(m.src, root)
			}
			s.Sems = append(s.Sems, m)
		}
		if c := op.Made; c != nil && first(c) {
			s.Ctxs = append(s.Ctxs, c)
		}
		for _, c := range op.Cases {
			note(c)
		}
	}
	for _, fr := range frames {
		for _, blk := range e.bodies[fr].Blocks {
			s.Ops += len(blk.Ops)
			for _, op := range blk.Ops {
				note(op)
			}
		}
	}
}

// escapesOnce is escape for an object that is one for the whole scene: if it can
// come to be several times, two goroutines may each have their own.
func (e *engine) escapesOnce(s source, root *frame) string {
	if in, ok := s.val.(ssa.Instruction); ok && s.fr.repeats(in) {
		return "it can be made several times, so it is not known who shares it"
	}
	return e.escape(s, root)
}

// isMade reports whether the object is made in a frame of the scene of root.
func isMade(s source, root *frame) bool {
	switch s.val.(type) {
	case *ssa.MakeChan, *ssa.Alloc, *ssa.Call:
	default:
		return false
	}
	for fr := s.fr; fr != nil; fr = fr.caller {
		if fr == root {
			return true
		}
	}
	return false
}

func (e *engine) groupEscapes(g *Group, root *frame) string {
	if !isMade(g.src, root) {
		return "it is made elsewhere"
	}
	if g.Contract != nil && g.Contract.late {
		return "when the tasks of " + g.Contract.Name() + " run is not known"
	}
	if call, ok := g.src.val.(*ssa.Call); ok && !e.known.makes(staticFunc(&call.Call)) {
		return "it is made by " + e.calleeText(call, staticFunc(&call.Call)) + ", whose body is not seen"
	}
	return e.escape(g.src, root)
}

// repeats reports whether an instruction of the frame can be executed more than
// once in a scene: in a loop, in a task, or in a function called from there.
func (fr *frame) repeats(in ssa.Instruction) bool {
	for {
		if inLoop(in.Block()) || fr.spawned {
			return true
		}
		if fr.caller == nil {
			return false
		}
		in, fr = fr.site, fr.caller
	}
}

// event is the name of what a call, receive or select gives.
func (e *engine) event(v ssa.Value, fr *frame) *Event {
	key := valueKey{v, fr}
	ev := e.events[key]
	if ev == nil {
		ev = &Event{id: len(e.events)}
		e.events[key] = ev
	}
	return ev
}

// newChan records that a channel comes to be.
func (b *bodyBuilder) newChan(in *ssa.MakeChan) *Op {
	c := b.e.chanOf(source{val: in, fr: b.fr}, "")
	return &Op{Kind: OpNew, At: spanAt(in.Pos()), Chan: c, Repeats: b.fr.repeats(in)}
}

// newGroup records that a group held in a variable comes to be.
func (b *bodyBuilder) newGroup(in *ssa.Alloc) *Op {
	if !b.e.known.is(in.Type()) {
		return nil
	}
	if p, ok := in.Type().(*types.Pointer); ok {
		if _, ptr := p.Elem().(*types.Pointer); ptr {
			return nil
		}
	}
	return &Op{Kind: OpNew, At: spanAt(in.Pos()), Group: b.e.groupOf(source{val: in, fr: b.fr}), Repeats: b.fr.repeats(in)}
}

// chanOf is the model of the channel that a source is.
func (e *engine) chanOf(s source, name string) *Chan {
	c := e.chans[s]
	if c == nil {
		c = &Chan{At: spanAt(s.val.Pos()), src: s, Fills: fills(s)}
		if mk, ok := s.val.(*ssa.MakeChan); ok && s.path == "" {
			c.Cap = capacity(e, mk)
			c.Size = e.sizeOf(mk.Size, s.fr)
		}
		if call, ok := s.val.(*ssa.Call); ok {
			c.Later = funcName(staticFunc(&call.Call)) == "time.After"
		}
		c.Zero = zeroOf(s.val.Type())
		e.chans[s] = c
	}
	if c.Name == "" {
		c.Name = name
	}
	return c
}

// zeroOf is the zero value of a channel's elements, where a condition may ask for it.
func zeroOf(t types.Type) *Term {
	ch, ok := t.Underlying().(*types.Chan)
	if !ok {
		return nil
	}
	switch t := ch.Elem().Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Signature, *types.Chan, *types.Map, *types.Slice:
		return &Term{Const: "nil"}
	case *types.Basic:
		if t.Kind() == types.Bool {
			return &Term{Const: "false"}
		}
	}
	return nil
}

// fills reports whether the runtime sends on the channel by itself.
func fills(s source) bool {
	if call, ok := s.val.(*ssa.Call); ok {
		switch funcName(staticFunc(&call.Call)) {
		case "time.After", "time.Tick":
			return s.path == ""
		case "time.NewTimer", "time.NewTicker":
			return strings.HasPrefix(s.path, ".C")
		}
	}
	return strings.HasSuffix(s.path, ".C") && s.val != nil && (isTimer(s.val.Type()))
}

func isTimer(t types.Type) bool { return isNamed(t, "time", "Timer") || isNamed(t, "time", "Ticker") }

// lock is the mutex that a method is called on, nil if there is not exactly one.
func (b *bodyBuilder) lock(recv ssa.Value) *Lock {
	s := b.e.resolve(recv, b.fr)
	if len(s) != 1 || s[0].val == nil {
		return nil
	}
	l := b.e.locks[s[0]]
	if l == nil {
		l = &Lock{src: s[0]}
		b.e.locks[s[0]] = l
	}
	if l.Name == "" {
		l.Name = b.nameOf(recv)
	}
	return l
}

// sem is the semaphore that a method is called on, likewise.
func (b *bodyBuilder) sem(recv ssa.Value) *Sem {
	s := b.e.resolve(recv, b.fr)
	if len(s) != 1 {
		return nil
	}
	call, ok := s[0].val.(*ssa.Call)
	if !ok || s[0].path != "" || funcName(staticFunc(&call.Call)) != semaphorePath+".NewWeighted" {
		return nil
	}
	m := b.e.sems[s[0]]
	if m == nil {
		m = &Sem{Name: b.nameOf(recv), src: s[0], Size: b.e.sizeOf(callArgs(&call.Call)[0], s[0].fr)}
		b.e.sems[s[0]] = m
	}
	return m
}

// exits reports how a function that never returns ends its caller: the goroutine
// only (a test's Fatal), or the process.
func exits(fn *types.Func) OpKind {
	if quits(fn) != noQuit {
		return OpGoexit
	}
	return OpExit
}

// A Life says when a context ends.
type Life int8

// Lives of contexts.
const (
	LifeUnknown Life = iota // not known: with its parent, or when code that is not seen wants it
	LifeNever
	LifeOutside // when the caller's does, if ever
	LifeOwn     // when a CancelFunc is called, by an op of the scene, or with its parent
	LifeGroup   // when a task of the group fails, when Wait returns, or with its parent
	LifeSame    // with its parent
	LifeTimed   // when its time is over, or before
)

// Life says when the context ends, and of which context it is a child.
func (c *Ctx) Life() (Life, *Ctx) {
	switch c.Kind {
	case CtxNever:
		return LifeNever, nil
	case CtxRoot:
		return LifeOutside, nil
	case CtxOfGroup:
		if len(c.Group.Parent) == 1 {
			return LifeGroup, c.Group.Parent[0]
		}
	case CtxDerived:
		if len(c.Parents) != 1 {
			return LifeUnknown, nil
		}
		switch c.How {
		case "context.WithCancel", "context.WithCancelCause":
			if c.make != nil && c.known.cancelStays(c.make) {
				return LifeOwn, c.Parents[0]
			}
		case "context.WithValue":
			return LifeSame, c.Parents[0]
		case "context.WithTimeout", "context.WithDeadline", "context.WithTimeoutCause", "context.WithDeadlineCause":
			return LifeTimed, c.Parents[0]
		}
		return LifeUnknown, c.Parents[0]
	}
	return LifeUnknown, nil
}

// cancelStays reports whether the CancelFunc that the call returns is only
// called, deferred or thrown away by the function that gets it and its literals.
func (k *knownGroups) cancelStays(call *ssa.Call) bool {
	for _, ref := range *call.Referrers() {
		ext, ok := ref.(*ssa.Extract)
		if !ok || ext.Index != 1 {
			continue
		}
		if !k.onlyCalled(ext, map[ssa.Value]bool{}) {
			return false
		}
	}
	return true
}

// runsHere reports whether a literal is only called, deferred or started, by the
// function that makes it or by a group.
func (k *knownGroups) runsHere(mc *ssa.MakeClosure) bool {
	for _, ref := range *mc.Referrers() {
		call, ok := ref.(ssa.CallInstruction)
		if !ok {
			if _, debug := ref.(*ssa.DebugRef); debug {
				continue
			}
			return false
		}
		if call.Common().Value == ssa.Value(mc) {
			continue
		}
		fn := staticFunc(call.Common())
		if fn == nil || fn.Signature().Recv() == nil {
			return false
		}
		if !k.is(fn.Signature().Recv().Type()) {
			return false
		}
	}
	return true
}

// onlyCalled reports whether a function value goes nowhere but into local
// variables and calls.
func (k *knownGroups) onlyCalled(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] || v.Referrers() == nil {
		return true
	}
	seen[v] = true
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Store:
			if ref.Val != v {
				continue // the variable gets another value
			}
			switch ref.Addr.(type) {
			case *ssa.Alloc:
				if !k.onlyCalled(ref.Addr, seen) {
					return false
				}
			default:
				return false
			}
		case *ssa.UnOp:
			if ref.Op != token.MUL || !k.onlyCalled(ref, seen) {
				return false
			}
		case *ssa.MakeClosure:
			lit := ref.Fn.(*ssa.Function)
			if !k.runsHere(ref) {
				return false
			}
			for i, b := range ref.Bindings {
				if b == v && i < len(lit.FreeVars) && !k.onlyCalled(lit.FreeVars[i], seen) {
					return false
				}
			}
		case ssa.CallInstruction:
			if ref.Common().Value != v {
				return false
			}
		default:
			return false
		}
	}
	return true
}
