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
func (x *racer) again(who *actor, t *Task, i int, carried *carrier, a *Access) bool {
	sp := t.Spawn
	p, ok := x.o.ops[sp]
	if !ok || p.body.fr == nil || !t.InLoop {
		return false
	}
	bodies := []*Body{x.root}
	if i > 0 {
		bodies = []*Body{who.chain[i-1].Body}
	}
	if p.body != bodies[0] {
		bodies = append(bodies, p.body) // in a function that the spawner calls
	}
	key := againKey{sp, bodies[0], carried, a.root}
	out, ok := x.runs[key]
	if !ok {
		out = slices.ContainsFunc(bodies, func(b *Body) bool { return x.startsTwice(b, sp, carried, a) })
		x.runs[key] = out
	}
	return out
}

// againKey tells apart the answers of again.
type againKey struct {
	spawn   *Op
	body    *Body
	carried *carrier
	root    ssa.Value
}

// startsTwice reports whether a path of the body executes the op twice, and hears in
// between nothing of the first time.
func (x *racer) startsTwice(body *Body, sp *Op, carried *carrier, a *Access) bool {
	w := &Walk{Body: body, Step: func(op *Op, stage int, p *Path) (int, Verdict) {
		if !op.Deferred && op.Runs(func(o *Op) bool { return o == sp }) {
			if site := x.o.instr(op); site != nil && x.chosen(site) {
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
	}, Touch: x.reborn(a), Enter: x.joinLoops(body, sp, carried)}
	return w.Find() != nil
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

// reborn is the part of a Walk that notices when the place is made anew.
func (x *racer) reborn(a *Access) func(*Access, int, *Path) (int, Verdict) {
	return func(b *Access, stage int, p *Path) (int, Verdict) {
		if b.born && b.root == a.root && b.fr == a.fr {
			return 0, GoOn
		}
		return stage, GoOn
	}
}

// joins reports whether the op may tell who executes it that the access with the
// news carried is over.
func (x *racer) joins(op *Op, carried *carrier) bool {
	if op.Deferred || op.Kind == OpSpawn {
		return false
	}
	if op.Kind == OpSelect {
		return false // the case that is taken is asked about
	}
	n := x.o.newsOf(op)
	return n.unsure || carried.knows(n.joins)
}

// chosen is chosen of the instruction's block, which is asked for many of them.
func (x *racer) chosen(in ssa.Instruction) bool {
	var asked []*ssa.BasicBlock
	out, known := false, false
	for blk := in.Block(); blk != nil; blk = blk.Idom() {
		if out, known = x.picked[blk]; known {
			break
		}
		asked = append(asked, blk)
		if out = chosenAt(blk); out {
			break
		}
	}
	for _, blk := range asked {
		x.picked[blk] = out
	}
	return out
}

// spawner looks for an access of the spawner that races with a: a write first.
func (x *racer) spawner(who *actor, a *Access, carried *carrier, held lockSet, start *Op) (*Access, bool) {
	me := x.o.actors[0]
	var against []*Access
	if _, given := a.root.(*ssa.Parameter); given && len(held) > 0 {
		return nil, false // who gave the object may hold the lock for the spawner
	}
	for _, u := range x.places.of(a.memory).list {
		b := u.a
		if u.who != 0 {
			break
		}
		if a.atomic != b.atomic || !a.Write && isHandle(b) || !a.Write && !b.Write || b.Kind == AccessSlot && b.Write {
			continue
		}
		if held.excludes(x.o.held(me, b)) || !x.open(who, a, b) || a.slot() && !x.elsewhere(b, start) {
			continue
		}
		against = append(against, b)
	}
	slices.SortStableFunc(against, func(a, b *Access) int { return cmp.Compare(rank(a), rank(b)) })
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
func isHandle(b *Access) bool {
	st, ok := b.in.(*ssa.Store)
	return ok && (isChan(st.Val.Type()) || isFunc(st.Val.Type()))
}

// result reports whether the access is made by a return statement: of a named
// result.
func (x *racer) result(b *Access) bool {
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
func (x *racer) elsewhere(b *Access, start *Op) bool {
	p := x.o.ops[start]
	return b.body == x.root && p.blk != b.block && !(reachesBlock(p.blk, b.block) && reachesBlock(b.block, p.blk)) && (len(b.block.Loops) > 0 || !b.slot())
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
func (x *racer) reaches(who *actor, a, b *Access, carried *carrier, start *Op) (found, waited bool) {
	call, _ := x.o.within(x.root, b)
	gate, many := x.gate(who, a)
	if many {
		return false, false
	}
	key := afterKey{start, carried, gate, a.root}
	s := x.after[key]
	if s == nil {
		s = x.afterStart(a, carried, gate, start)
		x.after[key] = s
	}
	stage, ok := s.touched[b]
	if call.op != nil && !call.op.Deferred {
		stage, ok = s.called[call.op]
	}
	return ok, stage == runsOn
}

// afterKey tells apart the searches of afterStart.
type afterKey struct {
	start   *Op
	carried *carrier
	gate    *Chan
	root    ssa.Value
}

// An afterStart is what the spawner comes to while the task may not have got past
// its access, accesses to the same object and calls, with the stage of the first
// path that comes there.
type afterStart struct {
	touched map[*Access]int
	called  map[*Op]int
}

func (x *racer) afterStart(a *Access, carried *carrier, gate *Chan, start *Op) *afterStart {
	out := &afterStart{touched: map[*Access]int{}, called: map[*Op]int{}}
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
			return stage, GoOn
		case stage == shut:
			if !op.Deferred && op.Runs(opens) {
				return runs, GoOn
			}
			return stage, GoOn
		case x.joins(op, carried):
			return idle, GoOn
		}
		if op.Into != nil || len(op.Lits) > 0 {
			arrive(out.called, op, stage)
		}
		if op.Kind == OpWait && !op.Deferred {
			return runsOn, GoOn
		}
		return stage, GoOn
	}, Enter: x.joinLoops(x.root, start, carried)}
	reborn := x.reborn(a)
	w.Touch = func(c *Access, stage int, p *Path) (int, Verdict) {
		if c.root == a.root && !c.born && stage != notStarted && stage != shut {
			arrive(out.touched, c, stage)
		}
		return reborn(c, stage, p)
	}
	w.Find()
	return out
}

// arrive keeps the first stage.
func arrive[K comparable](at map[K]int, k K, stage int) {
	if _, before := at[k]; !before {
		at[k] = stage
	}
}

// gate is the channel that the task receives from before its access and that only
// the spawner opens; many reports that there are several.
func (x *racer) gate(who *actor, a *Access) (gate *Chan, many bool) {
	at, ok := x.o.within(who.body, a)
	if !ok || len(who.chain) > 1 {
		return nil, false
	}
	note := func(ch *Chan) {
		if ch == nil || ch.Fills || !ch.Local() || ch == gate {
			return
		}
		for _, other := range x.letting[x.o.number(ch)] {
			if other != who && other.task != nil {
				return
			}
		}
		many = many || gate != nil
		gate = ch
	}
	for _, p := range x.o.layout(who.body).waits {
		op := p.op()
		switch {
		case (op.Kind == OpReceive || op.Kind == OpRange) && len(op.Uses) == 0 && at.dominatedBy(p.blk, p.n):
			note(op.Chan)
		case op.Kind == OpSelect:
			for k, c := range op.Cases {
				if c.Kind == OpReceive && len(c.Uses) == 0 && x.o.behindCase(op, k, who.body, at) {
					note(c.Chan)
				}
			}
		}
	}
	return gate, many
}

// open reports whether the task can get to its access before the spawner gets to
// its own: what the task waits for first can have happened by then.
func (x *racer) open(who *actor, a, b *Access) bool {
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
		for _, p := range x.o.layout(body).waits {
			op := p.op()
			if op.Kind != OpSelect {
				if at.dominatedBy(p.blk, p.n) && !x.happens(op, who, here) {
					return false
				}
				continue
			}
			for k, c := range op.Cases {
				if c.Kind == OpReceive && x.o.behindCase(op, k, body, at) && !x.happens(c, who, here) {
					return false
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
			return spot{body: body, blk: p.blk, before: p.n}, true
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
	if ch.Fills || !ch.Local() {
		return true
	}
	for _, other := range x.letting[x.o.number(ch)] {
		if other == who || other.task == nil {
			continue
		}
		if sp, ok := x.o.ops[other.chain[0].Spawn]; !ok || sp.body != x.root || comesBefore(sp.blk, sp.n, here) {
			return true
		}
	}
	return slices.ContainsFunc(x.senders[ch], func(p opPlace) bool { return comesBefore(p.blk, p.n, here) })
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

// between looks among the accesses of another task for one that races with a.
func (x *racer) between(who, other *actor, a *Access, theirs []user, carried *carrier, held lockSet) *Access {
	if carried.knows(other.takes) {
		return nil
	}
	for _, u := range theirs {
		b := u.a
		if b.atomic || b.slot() || !a.Write && !b.Write || held.excludes(x.o.held(other, b)) {
			continue
		}
		back := x.o.carries(other, b)
		if back.knows(who.takes) {
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
func (x *racer) both(first, second *actor, carried *carrier, a *Access) bool {
	one, two := x.started[first.chain[0].Spawn], x.started[second.chain[0].Spawn]
	if one == nil || two == nil || one == two {
		return false
	}
	for _, op := range []*Op{one, two} {
		if in := x.o.instr(op); in == nil || inLoop(in.Block()) && x.chosen(in) {
			return false
		}
	}
	key := meetKey{one, carried, a.root}
	met, ok := x.meet[key]
	if !ok {
		met = x.startedWhile(one, carried, a)
		x.meet[key] = met
	}
	return met.has(x.starting[two])
}

// meetKey tells apart the searches of startedWhile.
type meetKey struct {
	one     *Op
	carried *carrier
	root    ssa.Value
}

// startedWhile is the starting ops, by number, that the spawner comes to while the
// task that the op one starts may not have got past its access.
func (x *racer) startedWhile(one *Op, carried *carrier, a *Access) bits {
	var out bits
	w := &Walk{Body: x.root, Step: func(op *Op, stage int, p *Path) (int, Verdict) {
		if op == one {
			if op.Into != nil && x.joins(op, carried) {
				return notStarted, GoOn
			}
			return runs, GoOn
		}
		if stage != runs {
			return stage, GoOn
		}
		if n, starts := x.starting[op]; starts {
			out.add(n)
		}
		if x.joins(op, carried) {
			return notStarted, GoOn
		}
		return stage, GoOn
	}, Touch: x.reborn(a), Enter: x.joinLoops(x.root, one, carried)}
	w.Find()
	return out
}
