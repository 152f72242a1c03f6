package order

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/build"
	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Tokens, and which op acquires and releases which.

// A syncToken is what goroutines hand to each other. The method keeps it apart from its
// number, and from the object that it is about.
type syncToken interface{ isToken() }

type (
	values    struct{ ch *model.Chan }     // what is sent on a channel
	closing   struct{ ch *model.Chan }     // the close of a channel
	room      struct{ ch *model.Chan }     // what a receive makes in a channel for the sender
	counter   struct{ group *model.Group } // that a group counts down
	ending    struct{ ctx *model.Ctx }     // the end of a context
	units     struct{ sem *model.Sem }     // of a semaphore
	beginning struct{ task *model.Task }   // that a task was started
	methods   struct{ of flow.Variable }   // of a variable, which are called

	// unknownToken stands for whatever is not followed.
	unknownToken struct{}
	// outsideToken is what code acquires that is not seen and that a value from outside
	// leads to: all that such code can have got hold of.
	outsideToken struct{}
)

func (values) isToken()       {}
func (closing) isToken()      {}
func (room) isToken()         {}
func (counter) isToken()      {}
func (ending) isToken()       {}
func (units) isToken()        {}
func (beginning) isToken()    {}
func (methods) isToken()      {}
func (unknownToken) isToken() {}
func (outsideToken) isToken() {}

// Actor is one goroutine of a function: the spawner (task nil) or a task.
type Actor struct {
	Task     *model.Task
	Body     *model.Body
	Chain    []*model.Task // from the task that the spawner starts down to this one
	Once     bool          // it is one of a list of functions: no other runs the same code
	acquires []tokenID     // without what is not known
	releases []tokenID
}

// Ordering is what is known of the goroutines of one function.
type Ordering struct {
	e      *Orders
	root   *model.Body
	Actors []*Actor
	ops    map[*model.Op]OpPlace

	// Tokens by number, and what was asked before.
	tokens   map[syncToken]tokenID
	names    []syncToken
	acquired map[*model.Op][]syncToken
	released map[*model.Op][]syncToken
	ofOp     map[*model.Op]*opTokens
	takers   map[tokenID][]taker
	chans    []tokenID // that somebody acquires
	ctxs     []tokenID // likewise
	rooms    []tokenID // the tokens of that kind
	meets    map[tokenID][]tokenID
	next     [2]map[tokenID]tokenIDs // see follows
	passed   map[passKey]tokenIDs
	letting  map[tokenID][]*Actor      // the goroutines that release a token
	senders  map[*model.Chan][]OpPlace // the ops of the root body that send on a channel or close it
	leaks    map[tokenID]bool          // tokens that code not seen can have got hold of
	sets     map[setKey]*TokenSet
	same     map[string]*TokenSet
	layouts  map[*model.Body]*layout
	rounds   map[blockPair]bool
	locks    map[*model.Body]*lockFlow
	helds    map[lockKey]LockSet
}

// OpPlace is where an op stands.
type OpPlace struct {
	Body  *model.Body
	Block *model.Block
	N     int
}

// Op is the op that stands there.
func (p OpPlace) Op() *model.Op { return p.Block.Ops[p.N] }

// Orders answers for one package.
type Orders struct {
	*build.Builder
	synced map[*ssa.Function]bool // see synchronizes
}

// New is what orders the goroutines of what b has built.
func New(b *build.Builder) *Orders {
	return &Orders{b, map[*ssa.Function]bool{}}
}

// Of is what is known of the goroutines of the function with this body.
func (e *Orders) Of(root *model.Body) *Ordering {
	o := &Ordering{
		e: e, root: root, ops: map[*model.Op]OpPlace{}, tokens: map[syncToken]tokenID{},
		acquired: map[*model.Op][]syncToken{}, released: map[*model.Op][]syncToken{}, ofOp: map[*model.Op]*opTokens{},
		meets: map[tokenID][]tokenID{}, next: [2]map[tokenID]tokenIDs{{}, {}}, passed: map[passKey]tokenIDs{}, letting: map[tokenID][]*Actor{}, senders: map[*model.Chan][]OpPlace{}, leaks: map[tokenID]bool{},
		sets: map[setKey]*TokenSet{}, same: map[string]*TokenSet{}, layouts: map[*model.Body]*layout{},
		rounds: map[blockPair]bool{}, locks: map[*model.Body]*lockFlow{}, helds: map[lockKey]LockSet{},
	}
	o.add(&Actor{Body: root})
	for _, a := range o.Actors {
		all := opTokens{}
		for _, op := range OpsOf(a.Body) {
			all.note(o, op)
		}
		a.acquires, a.releases = unique(all.acquires), unique(all.releases)
		if t := a.Task; t != nil && t.Spawn != nil && t.Spawn.Group != nil && t.Spawn.Text != "go" {
			a.releases = append(a.releases, o.number(counter{t.Spawn.Group}))
		}
	}
	o.index()
	return o
}

// PlaceOf is where the op stands, nowhere if it is in no body of the function.
func (o *Ordering) PlaceOf(op *model.Op) OpPlace { return o.ops[op] }

// add collects the goroutines that a starts, and theirs.
func (o *Ordering) add(a *Actor) {
	o.Actors = append(o.Actors, a)
	seen := map[*model.Body]bool{}
	var visit func(b *model.Body)
	visit = func(b *model.Body) {
		if b == nil || seen[b] {
			return
		}
		seen[b] = true
		for _, blk := range b.Blocks {
			for n, op := range blk.Ops {
				o.ops[op] = OpPlace{b, blk, n}
				visit(op.Into)
				for _, l := range op.Lits {
					visit(l)
				}
				if t := op.Task; op.Kind == model.OpSpawn && t != nil && t.Body != nil && len(a.Chain) < model.MaxDepth {
					o.add(&Actor{Task: t, Body: t.Body, Chain: append(slices.Clone(a.Chain), t)})
				}
				if t := op.Task; op.Kind == model.OpSpawn && t != nil && a.Task == nil {
					for _, b := range t.OneOf {
						o.add(&Actor{Task: t, Body: b, Chain: []*model.Task{t}, Once: !o.e.FrameOf[b].Many})
					}
				}
			}
		}
	}
	visit(a.Body)
}

// OpsOf are all ops that a body and what it calls execute.
func OpsOf(b *model.Body) []*model.Op {
	var out []*model.Op
	model.EachOp(b, func(op *model.Op) bool {
		out = append(out, op)
		return true
	})
	return out
}

// Instr is the instruction of an op, nil if it has none of its own.
func (o *Ordering) Instr(op *model.Op) ssa.Instruction {
	p, ok := o.ops[op]
	if !ok {
		return nil
	}
	fr, at := o.e.FrameOf[p.Body], o.e.OpIndex[p.Block]
	if fr == nil || p.N >= len(at) {
		return nil
	}
	return fr.Fn.Blocks[p.Block.Index].Instrs[at[p.N]]
}

// acquires lists the tokens that the op itself may acquire.
func (o *Ordering) acquires(op *model.Op) []syncToken {
	out, ok := o.acquired[op]
	if !ok {
		out = o.acquiresOf(op)
		o.acquired[op] = out
	}
	return out
}

func (o *Ordering) acquiresOf(op *model.Op) []syncToken {
	switch op.Kind {
	case model.OpReceive, model.OpRange, model.OpSend:
		if len(op.Uses) > 0 {
			return ctxTokens(op.Uses)
		}
		if op.Chan == nil || !o.certain(op.Chan) {
			return []syncToken{unknownToken{}}
		}
		switch {
		case op.Chan.Fills:
			return nil
		case op.Kind == model.OpSend:
			return []syncToken{room{op.Chan}}
		}
		if _, made := o.e.OriginOf[op.Chan].Val.(*ssa.Call); made && op.Kind == model.OpReceive {
			return []syncToken{values{op.Chan}, closing{op.Chan}, outsideToken{}} // who made it may send when it has heard of something
		}
		return []syncToken{values{op.Chan}, closing{op.Chan}}
	case model.OpWait:
		if op.Group == nil {
			return []syncToken{unknownToken{}}
		}
		return []syncToken{counter{op.Group}}
	case model.OpAcquire:
		if op.Sem == nil {
			return []syncToken{unknownToken{}}
		}
		return []syncToken{units{op.Sem}}
	case model.OpCall:
		if op.Into != nil {
			return nil
		}
		if op.Given {
			return append(ctxTokens(op.Uses), outsideToken{})
		}
		if in, ok := o.Instr(op).(ssa.CallInstruction); ok && known.WaitsForAll(source.Callee(in.Common())) {
			return []syncToken{unknownToken{}}
		}
		return o.objectTokens(op, false)
	}
	return nil
}

func ctxTokens(uses []*model.Use) []syncToken {
	var out []syncToken
	for _, u := range uses {
		for _, c := range u.Ctx {
			out = append(out, ending{c})
		}
	}
	return out
}

// releases lists the tokens that the op itself releases.
func (o *Ordering) releases(op *model.Op) []syncToken {
	out, ok := o.released[op]
	if !ok {
		out = o.releasesOf(op)
		o.released[op] = out
	}
	return out
}

func (o *Ordering) releasesOf(op *model.Op) []syncToken {
	switch op.Kind {
	case model.OpSend, model.OpClose, model.OpReceive:
		if len(op.Uses) > 0 {
			return nil
		}
		if op.Chan == nil || !o.certain(op.Chan) {
			return []syncToken{unknownToken{}}
		}
		switch {
		case op.Chan.Fills:
			return nil
		case op.Kind == model.OpReceive:
			return []syncToken{room{op.Chan}}
		case op.Kind == model.OpClose:
			return []syncToken{closing{op.Chan}}
		}
		return []syncToken{values{op.Chan}}
	case model.OpDone:
		if op.Group == nil {
			return []syncToken{unknownToken{}}
		}
		return []syncToken{counter{op.Group}}
	case model.OpCancel:
		var out []syncToken
		for _, c := range op.Ctx {
			out = append(out, ending{c})
		}
		return out
	case model.OpRelease:
		if op.Sem == nil {
			return []syncToken{unknownToken{}}
		}
		return []syncToken{units{op.Sem}}
	case model.OpSpawn:
		if op.Task != nil {
			return []syncToken{beginning{op.Task}}
		}
	case model.OpCall:
		if op.Given && op.Into == nil {
			return append(o.objectTokens(op, true), outsideToken{})
		}
		if op.Into == nil {
			return o.objectTokens(op, true)
		}
	}
	return nil
}

// certain reports whether two of these are the same channel only if they are the
// same Chan: it was made here, or came in with an argument or result. One that was
// received, or taken out of a collection, may be any.
func (o *Ordering) certain(c *model.Chan) bool {
	from := o.e.OriginOf[c]
	if strings.ContainsAny(from.Path, "*[") {
		return false
	}
	switch from.Val.(type) {
	case *ssa.MakeChan, *ssa.Parameter, *ssa.Call, *ssa.Alloc, *ssa.Global:
		return true
	}
	return false
}

// objectTokens lists the channels and objects that a call outside the package is given:
// it may send, close or receive, and objects with an end may tell others of it.
// The end of an object counts for whom holds it, whatever they call.
func (o *Ordering) objectTokens(op *model.Op, gives bool) []syncToken {
	in, ok := o.Instr(op).(ssa.CallInstruction)
	if !ok {
		return nil
	}
	p := o.ops[op]
	fr := o.e.FrameOf[p.Body]
	if o.leftOut(in, fr) {
		return []syncToken{unknownToken{}}
	}
	var out []syncToken
	if !gives && known.StopsEarly(source.Callee(in.Common())) && !readsInLoop(in) {
		return nil
	}
	signals := !gives || known.IsSignalName(op.Text) || o.e.Tells(source.Callee(in.Common()))
	for _, a := range source.Args(in.Common()) {
		if known.IsChan(a.Type()) {
			if ch, _ := o.e.Channel(a, fr, false); ch != nil {
				out = append(out, values{ch}, closing{ch}, room{ch})
			} else {
				out = append(out, unknownToken{})
			}
			continue
		}
		if known.IsContext(a.Type()) {
			continue
		}
		if signals && canSignal(a) {
			if k := flow.CellOf(a, fr); k.Cell != nil {
				out = append(out, methods{k})
			} else if known.IsAtomic(a.Type()) {
				out = append(out, unknownToken{}) // one of many
			}
			if s := o.e.Resolve(a, fr); len(s) == 1 && s[0].Path == "" {
				if mk, ok := s[0].Val.(*ssa.Call); ok && known.MakesEnds(mk.Call.Signature()) {
					out = append(out, methods{flow.Variable{Cell: mk, Frame: s[0].Frame}})
				}
			}
		}
	}
	return out
}

// canSignal reports whether methods of the value may tell another goroutine
// something.
func canSignal(v ssa.Value) bool {
	n := known.NamedType(v.Type())
	return n != nil && !known.IsError(v.Type())
}

func sameToken(take, give syncToken) bool {
	if take == give {
		return true
	}
	if _, ok := give.(unknownToken); ok {
		// Whatever is released is a channel, a group or a semaphore not known: a
		// channel may have come to the other over a channel.
		return ofChan(take) != nil
	}
	c, ok := take.(ending)
	if !ok {
		return false
	}
	switch g := give.(type) {
	case ending:
		return model.MayEnd([]*model.Ctx{g.ctx}, []*model.Ctx{c.ctx})
	case counter:
		return ofGroup(c.ctx, g.group, 0)
	}
	return false
}

// ofChan is the channel that a token is about, nil for others.
func ofChan(t syncToken) *model.Chan {
	switch t := t.(type) {
	case values:
		return t.ch
	case closing:
		return t.ch
	case room:
		return t.ch
	}
	return nil
}

// ofGroup reports whether c derives from the context of g.
func ofGroup(c *model.Ctx, g *model.Group, depth int) bool {
	if depth > model.MaxSources {
		return true
	}
	if c.Group == g {
		return true
	}
	for _, p := range c.Parents {
		if ofGroup(p, g, depth+1) {
			return true
		}
	}
	return c.Group != nil && slices.ContainsFunc(c.Group.Parent, func(p *model.Ctx) bool { return ofGroup(p, g, depth+1) })
}
