package fanout

import (
	"cmp"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// When two accesses of a function can be concurrent: walks over the body of the
// spawner, from where a task is started to the other access.

// again reports whether task i of the chain can be started again while one that
// was started before has not got past the access.
func (x *racer) again(who *actor, t *Task, i int, carried []news, a *access) bool {
	sp := t.Spawn
	if p, ok := x.o.ops[sp]; !ok || x.o.e.frameOf[p.body] == nil {
		return false
	}
	bodies := []*Body{x.root}
	if i > 0 {
		bodies = []*Body{who.chain[i-1].Body}
	}
	if p := x.o.ops[sp]; p.body != bodies[0] {
		bodies = append(bodies, p.body) // in a function that the spawner calls
	}
	for _, body := range bodies {
		var site ssa.Instruction
		w := &Walk{Body: body, Step: func(op *Op, stage int, p *Path) (int, Verdict) {
			if !op.Deferred && op.Runs(func(o *Op) bool { return o == sp }) {
				if site = x.o.instr(op); site != nil && chosen(site) {
					return stage, Cut
				}
				switch {
				case stage == 1:
					return stage, Hit
				case op.Into != nil && x.joins(op, carried):
					return 0, GoOn // it waits for what it starts
				}
				return 1, GoOn
			}
			if stage == 1 && !throttles(op) && x.joins(op, carried) {
				return 0, GoOn
			}
			return stage, GoOn
		}, Marks: x.marks(body), Mark: x.reborn(a), Enter: x.joinLoops(body, sp, carried)}
		if w.Find() != nil {
			return true
		}
	}
	return false
}

// throttles reports whether the op only waits until fewer than some number of
// tasks run.
func throttles(op *Op) bool {
	switch op.Kind {
	case OpSend:
		return op.Chan != nil && op.Chan.Cap != "0" && op.Chan.Cap != "1" && op.Chan.Cap != ""
	case OpAcquire:
		one := op.N != nil && len(op.N.Terms) == 0 && op.N.Const == 1
		return one && op.Sem != nil && op.Sem.Size != nil && !(len(op.Sem.Size.Terms) == 0 && op.Sem.Size.Const <= 1)
	}
	return false
}

// joinLoops is the part of a Walk that takes a loop which waits for the tasks, and
// starts none, to have waited for all of them: it runs as often as it has to.
func (x *racer) joinLoops(body *Body, start *Op, carried []news) func(*Block, int) int {
	heads := map[int]bool{}
	for _, l := range x.o.e.loopsOf(x.o.e.frameOf[body]) {
		found := false
		for blk := range l.Body {
			for _, op := range body.Blocks[blk.Index].Ops {
				found = found || x.joins(op, carried)
				for _, c := range op.Cases { // of a loop without a count the case that is taken matters
					found = found || l.Count != nil && x.joins(c, carried)
				}
			}
		}
		if found {
			for _, blk := range pastLoop(l) {
				heads[blk.Index] = true
			}
		}
	}
	for _, l := range x.o.e.loopsOf(x.o.e.frameOf[body]) {
		for blk := range l.Body {
			for _, op := range body.Blocks[blk.Index].Ops {
				if op.Runs(func(o *Op) bool { return o == start }) {
					for _, b := range pastLoop(l) {
						delete(heads, b.Index)
					}
				}
			}
		}
	}
	return func(blk *Block, stage int) int {
		if heads[blk.Index] {
			return 0
		}
		return stage
	}
}

// pastLoop is the header of a loop and, where a test before the loop leads past it,
// the block that the test and the loop both lead to.
func pastLoop(l *ssaLoop) []*ssa.BasicBlock {
	out := []*ssa.BasicBlock{l.Header}
	for _, before := range l.Header.Preds {
		if l.Body[before] {
			continue
		}
		for _, s := range before.Succs {
			if !l.Body[s] && slices.ContainsFunc(s.Preds, func(p *ssa.BasicBlock) bool { return l.Body[p] }) {
				out = append(out, s)
			}
		}
	}
	return out
}

// marks are the accesses of a body as a Walk passes them.
func (x *racer) marks(body *Body) func(*Block) []Mark {
	all := x.o.e.accesses(body)
	if all == nil {
		return nil
	}
	return func(blk *Block) []Mark {
		out := make([]Mark, 0, len(all[blk.Index]))
		for _, a := range all[blk.Index] {
			out = append(out, a)
		}
		return out
	}
}

// reborn is the part of a Walk that notices when the place is made anew.
func (x *racer) reborn(a *access) func(Mark, int, *Path) (int, Verdict) {
	return func(m Mark, stage int, p *Path) (int, Verdict) {
		if b := m.(*access); b.born && b.root == a.root && b.fr == a.fr {
			return 0, GoOn
		}
		return stage, GoOn
	}
}

// joins reports whether the op may tell who executes it that the access with the
// news carried is over.
func (x *racer) joins(op *Op, carried []news) bool {
	if op.Deferred || op.Kind == OpSpawn {
		return false
	}
	if op.Kind == OpSelect {
		return false // the case that is taken is asked about
	}
	if meetsAny(x.o.takes(op), carried) {
		return true
	}
	if op.Into == nil {
		return false
	}
	for _, o := range bodyOps(op.Into) {
		for _, c := range append([]*Op{o}, o.Cases...) {
			if meetsAny(x.o.takes(c), carried) {
				return true
			}
		}
	}
	return false
}

// spawner looks for an access of the spawner that races with a: a write first.
func (x *racer) spawner(who *actor, a *access, carried []news, held lockSet, start *Op) (*access, bool) {
	me := x.o.actors[0]
	var against []*access
	if _, given := a.root.(*ssa.Parameter); given && len(held) > 0 {
		return nil, false // who gave the object may hold the lock for the spawner
	}
	for _, b := range x.byActor[me] {
		if b.born || a.atomic != b.atomic || !a.meets(b.memory) || !a.Write && isHandle(b) || !a.Write && !b.Write || b.Kind == AccessSlot && b.Write {
			continue
		}
		if held.excludes(x.o.held(me, b)) || !x.open(who, a, b) || a.slot() && !x.elsewhere(b, start) {
			continue
		}
		against = append(against, b)
	}
	slices.SortStableFunc(against, func(a, b *access) int { return cmp.Compare(rank(a), rank(b)) })
	for _, b := range against {
		if ok, waited := x.reaches(who, a, b, carried, start); ok {
			if a.atomic && !(waited && who.task.Consumes()) {
				continue // a look at how far the task is
			}
			return b, waited
		}
	}
	return nil, false
}

// isHandle reports whether what is accessed is a channel or a function: who sets
// such a variable again mostly knows that nobody looks at it any more.
func isHandle(b *access) bool {
	st, ok := b.in.(*ssa.Store)
	return ok && (isChan(st.Val.Type()) || isFunc(st.Val.Type()))
}

// result reports whether the access is made by a return statement: of a named
// result.
func (x *racer) result(b *access) bool {
	for _, in := range b.in.Block().Instrs[indexOf(b.in.Block(), b.in):] {
		switch in.(type) {
		case *ssa.Store, *ssa.UnOp, *ssa.RunDefers:
		case *ssa.Return:
			return true
		default:
			return false
		}
	}
	return false
}

// elsewhere reports whether the spawner reads elements outside the loops in which
// it starts the task: there it may well read the one that it is about to hand out.
func (x *racer) elsewhere(b *access, start *Op) bool {
	p := x.o.ops[start]
	return b.Body == x.root && p.blk != b.block && !(reachesBlock(p.blk, b.block) && reachesBlock(b.block, p.blk)) && (len(b.block.Loops) > 0 || !b.slot())
}

// stages of the walk below.
const (
	notStarted = iota
	runs
	runsOn // some group was waited for since
	shut   // the task waits for what the spawner has not sent yet
)

// reaches reports whether the spawner comes to the access while the task may not
// have got past its own, and whether it has waited for another group before.
func (x *racer) reaches(who *actor, a, b *access, carried []news, start *Op) (found, waited bool) {
	call, _ := x.o.within(x.root, b)
	gate, many := x.gate(who, a)
	if many {
		return false, false
	}
	begun, idle := runs, notStarted
	if gate != nil {
		begun, idle = shut, shut
	}
	opens := func(o *Op) bool { return (o.Kind == OpSend || o.Kind == OpClose) && o.Chan == gate }
	w := &Walk{Body: x.root, Step: func(op *Op, stage int, p *Path) (int, Verdict) {
		switch {
		case op == start:
			if op.Into != nil && x.joins(op, carried) {
				return notStarted, GoOn // it waits for what it starts
			}
			return begun, GoOn
		case stage == notStarted:
		case stage == shut:
			if !op.Deferred && op.Runs(opens) {
				return runs, GoOn
			}
		case x.joins(op, carried):
			return idle, GoOn
		case op == call.op && !op.Deferred:
			return stage, Hit
		case op.Kind == OpWait && !op.Deferred:
			return runsOn, GoOn
		}
		return stage, GoOn
	}, Enter: x.joinLoops(x.root, start, carried)}
	reborn := x.reborn(a)
	w.Marks, w.Mark = x.marks(x.root), func(c Mark, stage int, p *Path) (int, Verdict) {
		if c == Mark(b) && stage != notStarted && stage != shut {
			return stage, Hit
		}
		return reborn(c, stage, p)
	}
	path := w.Find()
	if path == nil {
		return false, false
	}
	return true, path.Stage() == runsOn
}

// gate is the channel that the task receives from before its access and that only
// the spawner opens; many reports that there are several.
func (x *racer) gate(who *actor, a *access) (gate *Chan, many bool) {
	at, ok := x.o.within(who.body, a)
	if !ok || len(who.chain) > 1 {
		return nil, false
	}
	note := func(ch *Chan) {
		if ch == nil || ch.Fills || !ch.Local || ch == gate {
			return
		}
		for _, other := range x.o.actors[1:] {
			if other != who && slices.Contains(other.gives, news(ch)) {
				return
			}
		}
		many = many || gate != nil
		gate = ch
	}
	for _, blk := range who.body.Blocks {
		for n, op := range blk.Ops {
			switch {
			case op.Deferred:
			case (op.Kind == OpReceive || op.Kind == OpRange) && len(op.Uses) == 0 && at.dominatedBy(blk, n):
				note(op.Chan)
			case op.Kind == OpSelect:
				for k, c := range op.Cases {
					if c.Kind == OpReceive && len(c.Uses) == 0 && x.o.behindCase(op, k, who.body, at) {
						note(c.Chan)
					}
				}
			}
		}
	}
	return gate, many
}

// open reports whether the task can get to its access before the spawner gets to
// its own: what the task waits for first can have happened by then.
func (x *racer) open(who *actor, a, b *access) bool {
	bodies := []*Body{who.body}
	for i := range who.chain[:len(who.chain)-1] {
		bodies = append(bodies, who.chain[i].Body)
	}
	here, ok := x.o.within(x.root, b)
	if !ok {
		return false
	}
	for i, body := range bodies {
		at, ok := x.o.within(body, a)
		if i > 0 {
			at, ok = x.spawnSpot(body, who.chain)
		}
		if !ok {
			return false
		}
		for _, blk := range body.Blocks {
			for n, op := range blk.Ops {
				if op.Deferred {
					continue
				}
				switch op.Kind {
				case OpReceive, OpRange, OpWait:
					if at.dominatedBy(blk, n) && !x.happens(op, who, here) {
						return false
					}
				case OpSelect:
					for k, c := range op.Cases {
						if c.Kind == OpReceive && x.o.behindCase(op, k, body, at) && !x.happens(c, who, here) {
							return false
						}
					}
				}
			}
		}
	}
	return true
}

// spawnSpot is where a task of the chain starts the next one.
func (x *racer) spawnSpot(body *Body, chain []*Task) (spot, bool) {
	for _, t := range chain {
		if p, ok := x.o.ops[t.Spawn]; ok && p.body == body {
			return spot{fr: x.o.e.frameOf[body], blk: p.blk, before: p.n}, true
		}
	}
	return spot{}, false
}

// happens reports whether what the op waits for can have happened before the
// spawner is at the spot: somebody outside, another task, or the spawner itself
// before the spot lets go of it.
func (x *racer) happens(op *Op, who *actor, here spot) bool {
	if op.Kind == OpWait {
		return op.Group != nil
	}
	if len(op.Uses) > 0 {
		for _, u := range op.Uses {
			for _, c := range u.Ctx {
				if !rooted(c, 0) {
					return false
				}
			}
		}
		return true
	}
	ch := op.Chan
	if ch == nil {
		return false
	}
	if ch.Fills || !ch.Local {
		return true
	}
	for _, other := range x.o.actors {
		if other == who {
			continue
		}
		if other.task != nil {
			if slices.Contains(other.gives, news(ch)) {
				if sp, ok := x.o.ops[other.chain[0].Spawn]; ok && sp.body == x.root && !comesBefore(sp.blk, sp.n, here) {
					continue
				}
				return true
			}
			continue
		}
		for _, blk := range x.root.Blocks {
			for n, o := range blk.Ops {
				if o.Deferred || !comesBefore(blk, n, here) {
					continue
				}
				if o.Contains(func(y *Op) bool {
					for _, c := range append([]*Op{y}, y.Cases...) {
						if (c.Kind == OpSend || c.Kind == OpClose) && c.Chan == ch {
							return true
						}
					}
					return false
				}) {
					return true
				}
			}
		}
	}
	return false
}

// comesBefore reports whether op n of blk may come before the spot.
func comesBefore(blk *Block, n int, s spot) bool {
	return blk == s.blk && n < s.before || reachesBlock(blk, s.blk)
}

// rooted reports whether a context can be ended from outside at any time.
func rooted(c *Ctx, depth int) bool {
	switch {
	case depth > maxSources:
		return false
	case c.Kind == CtxRoot:
		return true
	}
	parents := c.Parents
	if c.Group != nil {
		parents = append(slices.Clone(parents), c.Group.Parent...)
	}
	return len(parents) > 0 && !slices.ContainsFunc(parents, func(p *Ctx) bool { return !rooted(p, depth+1) })
}

// between looks for an access of another task that races with a.
func (x *racer) between(who, other *actor, a *access, carried []news, held lockSet) *access {
	for _, b := range x.byActor[other] {
		if b.born || b.atomic || b.slot() || !a.meets(b.memory) || !a.Write && !b.Write {
			continue
		}
		back := x.o.carries(other, b)
		if meetsKnown(other.takes, carried) || meetsKnown(who.takes, back) || held.excludes(x.o.held(other, b)) {
			continue
		}
		if x.limited(who) && who.task.Spawn.Group == other.task.Spawn.Group {
			continue
		}
		if x.both(who, other, carried, a) || x.both(other, who, back, a) {
			return b
		}
	}
	return nil
}

// both reports whether the spawner starts second while first may not have got past
// its access.
func (x *racer) both(first, second *actor, carried []news, a *access) bool {
	one, two := x.starts(first), x.starts(second)
	if one == nil || two == nil || one == two {
		return false
	}
	for _, op := range []*Op{one, two} {
		if in := x.o.instr(op); in == nil || inLoop(in.Block()) && chosen(in) {
			return false
		}
	}
	w := &Walk{Body: x.root, Step: func(op *Op, stage int, p *Path) (int, Verdict) {
		switch {
		case op == one:
			if op.Into != nil && x.joins(op, carried) {
				return notStarted, GoOn
			}
			return runs, GoOn
		case op == two && stage == runs:
			return stage, Hit
		case stage == runs && x.joins(op, carried):
			return notStarted, GoOn
		}
		return stage, GoOn
	}, Marks: x.marks(x.root), Mark: x.reborn(a), Enter: x.joinLoops(x.root, one, carried)}
	return w.Find() != nil
}
