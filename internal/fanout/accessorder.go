package fanout

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// What orders two accesses of different goroutines?
//
// One goroutine lets go of something after its access (it sends, closes, counts
// itself out, cancels, ends), another takes hold of it before its own (it
// receives, waits, asks for the end of a context). What lets go and what takes
// hold are tokens: the channel, the group, the context. The goroutine that takes
// hold may itself let go of something else, so the tokens that carry the news of
// an access are closed over all goroutines of the function (carries).
//
// Everything here errs on the side of order: an op that may take hold of a token
// does; what is not known is one token more, which meets every other. Only where
// no token at all leads from one access to the other do they race.
//
// The ordering is that of the Go memory model for channels, locks, groups and
// Once; the capacity of a channel is not looked at, a send and a receive order
// both ways.

// A token is what goroutines hand to each other: a *Chan, a *Group, a *Ctx, a
// *Sem, a *Task that was started, or a variable whose methods are called.
type news any

// unknownToken stands for whatever is not followed.
type unknownToken struct{}

// actor is one goroutine of a function: the spawner (task nil) or a task.
type actor struct {
	task  *Task
	body  *Body
	chain []*Task // from the task that the spawner starts down to this one
	takes []int   // without what is not known
	gives []int
}

// ordering is what is known of the goroutines of one function.
type ordering struct {
	e      *engine
	root   *Body
	actors []*actor
	ops    map[*Op]opPlace

	// Tokens by number, and what was asked before.
	tokens   map[news]int
	names    []news
	taken    map[*Op][]news
	given    map[*Op][]news
	news     map[*Op]*opNews
	takers   map[int][]taker
	chans    []int // that somebody takes hold of
	ctxs     []int // likewise
	meets    map[int][]int
	next     map[int]bits
	passed   map[taker]bits
	carriers map[carryKey]*carrier
	same     map[string]*carrier
	layouts  map[*Body]*layout
	locks    map[*Body]*lockFlow
	helds    map[heldKey]lockSet
}

// opPlace is where an op stands.
type opPlace struct {
	body *Body
	blk  *Block
	n    int
}

func (p opPlace) op() *Op { return p.blk.Ops[p.n] }

func (e *engine) ordering(root *Body) *ordering {
	o := &ordering{
		e: e, root: root, ops: map[*Op]opPlace{}, tokens: map[news]int{},
		taken: map[*Op][]news{}, given: map[*Op][]news{}, news: map[*Op]*opNews{},
		meets: map[int][]int{}, next: map[int]bits{}, passed: map[taker]bits{},
		carriers: map[carryKey]*carrier{}, same: map[string]*carrier{}, layouts: map[*Body]*layout{},
		locks: map[*Body]*lockFlow{}, helds: map[heldKey]lockSet{},
	}
	o.add(&actor{body: root})
	for _, a := range o.actors {
		all := opNews{}
		for _, op := range bodyOps(a.body) {
			all.note(o, op)
		}
		a.takes, a.gives = unique(all.takes), unique(all.gives)
		if t := a.task; t != nil && t.Spawn != nil && t.Spawn.Group != nil && t.Spawn.Text != "go" {
			a.gives = append(a.gives, o.number(t.Spawn.Group))
		}
	}
	o.index()
	return o
}

// add collects the goroutines that a starts, and theirs.
func (o *ordering) add(a *actor) {
	o.actors = append(o.actors, a)
	seen := map[*Body]bool{}
	var visit func(b *Body)
	visit = func(b *Body) {
		if b == nil || seen[b] {
			return
		}
		seen[b] = true
		for _, blk := range b.Blocks {
			for n, op := range blk.Ops {
				o.ops[op] = opPlace{b, blk, n}
				visit(op.Into)
				for _, l := range op.Lits {
					visit(l)
				}
				if t := op.Task; op.Kind == OpSpawn && t != nil && t.Body != nil && len(a.chain) < maxDepth {
					o.add(&actor{task: t, body: t.Body, chain: append(slices.Clone(a.chain), t)})
				}
			}
		}
	}
	visit(a.body)
}

// bodyOps are all ops that a body and what it calls execute.
func bodyOps(b *Body) []*Op {
	var out []*Op
	EachOp(b, func(op *Op) bool {
		out = append(out, op)
		return true
	})
	return out
}

// instr is the instruction of an op, nil if it has none of its own.
func (o *ordering) instr(op *Op) ssa.Instruction {
	p, ok := o.ops[op]
	if !ok || p.body.fr == nil || p.n >= len(p.blk.at) {
		return nil
	}
	return p.body.fr.fn.Blocks[p.blk.Index].Instrs[p.blk.at[p.n]]
}

// takes lists the tokens that the op itself may take hold of.
func (o *ordering) takes(op *Op) []news {
	out, ok := o.taken[op]
	if !ok {
		out = o.takesOf(op)
		o.taken[op] = out
	}
	return out
}

func (o *ordering) takesOf(op *Op) []news {
	switch op.Kind {
	case OpReceive, OpRange, OpSend:
		if len(op.Uses) > 0 {
			return ctxTokens(op.Uses)
		}
		if op.Chan == nil || !op.Chan.certain() {
			return []news{unknownToken{}}
		}
		if op.Chan.Fills {
			return nil
		}
		return []news{op.Chan}
	case OpWait:
		if op.Group == nil {
			return []news{unknownToken{}}
		}
		return []news{op.Group}
	case OpAcquire:
		if op.Sem == nil {
			return []news{unknownToken{}}
		}
		return []news{op.Sem}
	case OpCall:
		if op.Into != nil {
			return nil
		}
		if op.Given {
			return []news{unknownToken{}}
		}
		return o.handed(op, false)
	}
	return nil
}

func ctxTokens(uses []*Use) []news {
	var out []news
	for _, u := range uses {
		for _, c := range u.Ctx {
			out = append(out, c)
		}
	}
	return out
}

// gives lists the tokens that the op itself lets go of.
func (o *ordering) gives(op *Op) []news {
	out, ok := o.given[op]
	if !ok {
		out = o.givesOf(op)
		o.given[op] = out
	}
	return out
}

func (o *ordering) givesOf(op *Op) []news {
	switch op.Kind {
	case OpSend, OpClose, OpReceive:
		if len(op.Uses) > 0 {
			return nil
		}
		if op.Chan == nil || !op.Chan.certain() {
			return []news{unknownToken{}}
		}
		if op.Chan.Fills {
			return nil
		}
		return []news{op.Chan}
	case OpDone:
		if op.Group == nil {
			return []news{unknownToken{}}
		}
		return []news{op.Group}
	case OpCancel:
		var out []news
		for _, c := range op.Ctx {
			out = append(out, c)
		}
		return out
	case OpRelease:
		if op.Sem == nil {
			return []news{unknownToken{}}
		}
		return []news{op.Sem}
	case OpSpawn:
		if op.Task != nil {
			return []news{op.Task}
		}
	case OpCall:
		if op.Into == nil {
			return o.handed(op, true)
		}
	}
	return nil
}

// certain reports whether two of these are the same channel only if they are the
// same Chan: it was made here, or came in with an argument or result. One that was
// received, or taken out of a collection, may be any.
func (c *Chan) certain() bool {
	if strings.ContainsAny(c.src.path, "*[") {
		return false
	}
	switch c.src.val.(type) {
	case *ssa.MakeChan, *ssa.Parameter, *ssa.Call, *ssa.Alloc, *ssa.Global:
		return true
	}
	return false
}

// handed lists the channels and objects that a call outside the package is given:
// it may send, close or receive, and objects with an end may tell others of it.
// The end of an object counts for whom holds it, whatever they call.
func (o *ordering) handed(op *Op, gives bool) []news {
	in, ok := o.instr(op).(ssa.CallInstruction)
	if !ok {
		return nil
	}
	p := o.ops[op]
	b := &bodyBuilder{e: o.e, fr: p.body.fr}
	var out []news
	signals := !gives || signalName(op.Text)
	for _, a := range callArgs(in.Common()) {
		if isChan(a.Type()) {
			if ch, _ := b.channel(a); ch != nil {
				out = append(out, ch)
			} else {
				out = append(out, unknownToken{})
			}
			continue
		}
		if isContext(a.Type()) {
			continue
		}
		if signals && carriesNews(a) {
			if k := cellOf(a, p.body.fr); k.cell != nil {
				out = append(out, k)
			}
			if s := o.e.resolve(a, p.body.fr); len(s) == 1 && s[0].path == "" {
				if mk, ok := s[0].val.(*ssa.Call); ok && isPipe(mk) {
					out = append(out, varKey{mk, s[0].fr})
				}
			}
		}
	}
	return out
}

// isPipe reports whether the call makes two ends of one thing.
func isPipe(mk *ssa.Call) bool {
	name := funcName(staticFunc(&mk.Call))
	return name == "io.Pipe" || name == "net.Pipe"
}

// carriesNews reports whether methods of the value may tell another goroutine
// something.
func carriesNews(v ssa.Value) bool {
	n := namedType(v.Type())
	return n != nil && !isError(v.Type())
}

// signalName reports whether a call is named like the end of something or like
// handing something over.
func signalName(text string) bool {
	if cleanupName(text) {
		return true
	}
	name := strings.ToLower(text[strings.LastIndexByte(text, '.')+1:])
	for _, verb := range []string{"done", "finish", "signal", "broadcast", "notify", "set", "cancel", "kill", "exit", "put", "push", "send", "store", "complete", "resolve", "emit", "publish", "write", "add", "end", "swap", "compare", "mark", "terminate", "fire", "trigger", "quit", "enqueue", "delete", "flush", "copy", "serve"} {
		if strings.HasPrefix(name, verb) {
			return true
		}
	}
	return false
}

// meetsAny reports whether taking hold of one of takes is taking hold of one of set.
func meetsAny(takes, set []news) bool {
	for _, t := range takes {
		if _, ok := t.(unknownToken); ok {
			return true
		}
		for _, s := range set {
			if tokensMeet(t, s) {
				return true
			}
		}
	}
	return false
}

func tokensMeet(take, give news) bool {
	if take == give {
		return true
	}
	if _, ok := give.(unknownToken); ok {
		// Whatever is let go of is a channel, a group or a semaphore not known: a
		// channel may have come to the other over a channel.
		_, isChan := take.(*Chan)
		return isChan
	}
	c, ok := take.(*Ctx)
	if !ok {
		return false
	}
	switch g := give.(type) {
	case *Ctx:
		return MayEnd([]*Ctx{g}, []*Ctx{c})
	case *Group:
		return ofGroup(c, g, 0)
	}
	return false
}

// ofGroup reports whether c derives from the context of g.
func ofGroup(c *Ctx, g *Group, depth int) bool {
	if depth > maxSources {
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
	return c.Group != nil && slices.ContainsFunc(c.Group.Parent, func(p *Ctx) bool { return ofGroup(p, g, depth+1) })
}
