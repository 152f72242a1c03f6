package race

import (
	"cmp"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// When two accesses of a function can be concurrent: walks over the body of the
// spawner, from where a task is started to the other access.

// again reports whether task i of the chain can be started again while one that
// was started before has not got past the access.
func (x *racer) again(who *actor, t *model.Task, i int, carried *tokenSet, a *access) bool {
	sp := t.Spawn
	p, ok := x.o.ops[sp]
	if !ok || x.o.e.FrameOf[p.body] == nil || !t.InLoop {
		return false
	}
	bodies := []*model.Body{x.root}
	if i > 0 {
		bodies = []*model.Body{who.chain[i-1].Body}
	}
	if p.body != bodies[0] {
		bodies = append(bodies, p.body) // in a function that the spawner calls
	}
	key := againKey{sp, bodies[0], carried, a.root}
	out, ok := x.runs[key]
	if !ok {
		out = slices.ContainsFunc(bodies, func(b *model.Body) bool { return x.startsTwice(b, sp, carried, a) })
		x.runs[key] = out
	}
	return out
}

// againKey tells apart the answers of again.
type againKey struct {
	spawn   *model.Op
	body    *model.Body
	carried *tokenSet
	root    ssa.Value
}

// startsTwice reports whether a path of the body executes the op twice, and hears in
// between nothing of the first time.
func (x *racer) startsTwice(body *model.Body, sp *model.Op, carried *tokenSet, a *access) bool {
	w := &model.Walk{Body: body, Step: func(op *model.Op, stage int, p *model.Path) (int, model.Verdict) {
		if !op.Deferred && op.Runs(func(o *model.Op) bool { return o == sp }) {
			if site := x.o.instr(op); site != nil && x.chosen(site) {
				return stage, model.Cut
			}
			switch {
			case stage == 1:
				return stage, model.Hit
			case op.Into != nil && x.joins(op, carried):
				return 0, model.GoOn // it waits for what it starts
			}
			return 1, model.GoOn
		}
		if stage == 1 && !throttles(op) && x.joins(op, carried) {
			return 0, model.GoOn
		}
		return stage, model.GoOn
	}, Marks: x.marks(body), Mark: x.reborn(a), Enter: x.joinLoops(body, sp, carried)}
	return x.search(w)
}

// throttles reports whether the op only waits until fewer than some number of
// tasks run.
func throttles(op *model.Op) bool {
	switch op.Kind {
	case model.OpSend:
		return op.Chan != nil && op.Chan.Cap != "0" && op.Chan.Cap != "1" && op.Chan.Cap != ""
	case model.OpAcquire:
		one := op.N != nil && len(op.N.Terms) == 0 && op.N.Const == 1
		return one && op.Sem != nil && op.Sem.Size != nil && !(len(op.Sem.Size.Terms) == 0 && op.Sem.Size.Const <= 1)
	}
	return false
}

// marks are the accesses of a body as a Walk passes them.
func (x *racer) marks(body *model.Body) func(*model.Block) []model.Mark {
	if x.o.e.accesses(body) == nil {
		return nil
	}
	marks := x.o.e.touches[body].marks
	return func(blk *model.Block) []model.Mark { return marks[blk.Index] }
}

// reborn is the part of a Walk that notices when the place is made anew.
func (x *racer) reborn(a *access) func(model.Mark, int, *model.Path) (int, model.Verdict) {
	return func(m model.Mark, stage int, p *model.Path) (int, model.Verdict) {
		if b := m.(*access); b.born && b.root == a.root && b.fr == a.fr {
			return 0, model.GoOn
		}
		return stage, model.GoOn
	}
}

// joins reports whether the op may tell who executes it that the access with the
// news carried is over.
func (x *racer) joins(op *model.Op, carried *tokenSet) bool {
	if op.Deferred || op.Kind == model.OpSpawn {
		return false
	}
	if op.Kind == model.OpSelect {
		return false // the case that is taken is asked about
	}
	n := x.o.tokensOf(op)
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
func (x *racer) spawner(who *actor, a *access, carried *tokenSet, held lockSet, start *model.Op) (*access, bool) {
	me := x.o.actors[0]
	var against []*access
	if _, given := a.root.(*ssa.Parameter); given && len(held) > 0 {
		return nil, false // who gave the object may hold the lock for the spawner
	}
	for _, u := range x.places.of(a.memory).list {
		b := u.a
		if u.who != 0 {
			break
		}
		if a.atomic != b.atomic || !a.Write && isHandle(b) || !a.Write && !b.Write || b.Kind == model.AccessSlot && b.Write {
			continue
		}
		if held.excludes(x.o.locksAt(me, b)) || !x.open(who, a, b) || a.slot() && !x.elsewhere(b, start) {
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
	return ok && (known.IsChan(st.Val.Type()) || known.IsFunc(st.Val.Type()))
}

// result reports whether the access is made by a return statement: of a named
// result.
func (x *racer) result(b *access) bool {
	for _, in := range b.in.Block().Instrs[source.IndexOf(b.in.Block(), b.in):] {
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
func (x *racer) elsewhere(b *access, start *model.Op) bool {
	p := x.o.ops[start]
	return b.Body == x.root && p.blk != b.block && !(p.blk.Reaches(b.block) && b.block.Reaches(p.blk)) && (len(b.block.Loops) > 0 || !b.slot())
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
func (x *racer) reaches(who *actor, a, b *access, carried *tokenSet, start *model.Op) (found, waited bool) {
	call, _ := x.o.within(x.root, b)
	gate, many := x.startSignal(who, a)
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
	start   *model.Op
	carried *tokenSet
	gate    *model.Chan
	root    ssa.Value
}

// An afterStart is what the spawner comes to while the task may not have got past
// its access, accesses to the same object and calls, with the stage of the first
// path that comes there.
type afterStart struct {
	touched map[*access]int
	called  map[*model.Op]int
}

func (x *racer) afterStart(a *access, carried *tokenSet, gate *model.Chan, start *model.Op) *afterStart {
	out := &afterStart{touched: map[*access]int{}, called: map[*model.Op]int{}}
	begun, idle := runs, notStarted
	if gate != nil {
		begun, idle = shut, shut
	}
	opens := func(o *model.Op) bool { return (o.Kind == model.OpSend || o.Kind == model.OpClose) && o.Chan == gate }
	w := &model.Walk{Body: x.root, Step: func(op *model.Op, stage int, p *model.Path) (int, model.Verdict) {
		switch {
		case op == start:
			if op.Into != nil && x.joins(op, carried) {
				return notStarted, model.GoOn // it waits for what it starts
			}
			return begun, model.GoOn
		case stage == notStarted:
			return stage, model.GoOn
		case stage == shut:
			if !op.Deferred && op.Runs(opens) {
				return runs, model.GoOn
			}
			return stage, model.GoOn
		case x.joins(op, carried):
			return idle, model.GoOn
		}
		if op.Into != nil || len(op.Lits) > 0 {
			arrive(out.called, op, stage)
		}
		if op.Kind == model.OpWait && !op.Deferred {
			return runsOn, model.GoOn
		}
		return stage, model.GoOn
	}, Enter: x.joinLoops(x.root, start, carried)}
	reborn := x.reborn(a)
	w.Marks, w.Mark = x.marks(x.root), func(m model.Mark, stage int, p *model.Path) (int, model.Verdict) {
		if c := m.(*access); c.root == a.root && !c.born && stage != notStarted && stage != shut {
			arrive(out.touched, c, stage)
		}
		return reborn(m, stage, p)
	}
	x.search(w)
	return out
}

// arrive keeps the first stage.
func arrive[K comparable](at map[K]int, k K, stage int) {
	if _, before := at[k]; !before {
		at[k] = stage
	}
}

// startSignal is the channel that the task receives from before its access and that only
// the spawner opens; many reports that there are several.
func (x *racer) startSignal(who *actor, a *access) (gate *model.Chan, many bool) {
	at, ok := x.o.within(who.body, a)
	if !ok || len(who.chain) > 1 {
		return nil, false
	}
	note := func(ch *model.Chan) {
		if ch == nil || ch.Fills || !ch.Local || ch == gate {
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
		case (op.Kind == model.OpReceive || op.Kind == model.OpRange) && len(op.Uses) == 0 && at.dominatedBy(p.blk, p.n):
			note(op.Chan)
		case op.Kind == model.OpSelect:
			for k, c := range op.Cases {
				if c.Kind == model.OpReceive && len(c.Uses) == 0 && x.o.behindCase(op, k, who.body, at) {
					note(c.Chan)
				}
			}
		}
	}
	return gate, many
}

// open reports whether the task can get to its access before the spawner gets to
// its own: what the task waits for first can have happened by then.
func (x *racer) open(who *actor, a, b *access) bool {
	bodies := []*model.Body{who.body}
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
			if op.Kind != model.OpSelect {
				if at.dominatedBy(p.blk, p.n) && !x.happens(op, who, here) {
					return false
				}
				continue
			}
			for k, c := range op.Cases {
				if c.Kind == model.OpReceive && x.o.behindCase(op, k, body, at) && !x.happens(c, who, here) {
					return false
				}
			}
		}
	}
	return true
}

// spawnSpot is where a task of the chain starts the next one.
func (x *racer) spawnSpot(body *model.Body, chain []*model.Task) (spot, bool) {
	for _, t := range chain {
		if p, ok := x.o.ops[t.Spawn]; ok && p.body == body {
			return spot{fr: x.o.e.FrameOf[body], blk: p.blk, before: p.n}, true
		}
	}
	return spot{}, false
}

// happens reports whether what the op waits for can have happened before the
// spawner is at the spot: somebody outside, another task, or the spawner itself
// before the spot lets go of it.
func (x *racer) happens(op *model.Op, who *actor, here spot) bool {
	if op.Kind == model.OpWait {
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
func comesBefore(blk *model.Block, n int, s spot) bool {
	return blk == s.blk && n < s.before || blk.Reaches(s.blk)
}
