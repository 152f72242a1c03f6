package race

import (
	"cmp"
	"slices"
	"sync"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/order"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// When two accesses of a function can be concurrent: walks over the body of the
// spawner, from where a task is started to the other access.

// again reports whether task i of the chain can be started again while one that
// was started before has not got past the access.
func (x *racer) again(who *order.Actor, t *model.Task, i int, released order.Trail, a *access) bool {
	sp := t.Spawn
	p := x.o.PlaceOf(sp)
	if x.e.FrameOf[p.Body] == nil || !t.InLoop {
		return false
	}
	bodies := []*model.Body{x.root}
	if i > 0 {
		bodies = []*model.Body{who.Chain[i-1].Body}
	}
	if p.Body != bodies[0] {
		bodies = append(bodies, p.Body) // in a function that the spawner calls
	}
	f := x.filling(who, a)
	key := againKey{sp, bodies[0], released, a.root, f}
	out, ok := x.runs[key]
	if !ok {
		out = slices.ContainsFunc(bodies, func(b *model.Body) bool { return x.startsTwice(b, sp, released, a, f) })
		x.runs[key] = out
	}
	return out
}

// againKey tells apart the answers of again.
type againKey struct {
	spawn    *model.Op
	body     *model.Body
	released order.Trail
	root     ssa.Value
	fill     *filling
}

// startsTwice reports whether a path of the body executes the op twice, and hears in
// between nothing of the first time.
func (x *racer) startsTwice(body *model.Body, sp *model.Op, released order.Trail, a *access, f *filling) bool {
	w := &model.Walk{Body: body, Step: func(op *model.Op, stage int, p *model.Path) (int, model.Verdict) {
		if stage == filled || stage == notStarted && f.sets(op) {
			return filled, model.GoOn
		}
		if !op.Deferred && op.Runs(func(o *model.Op) bool { return o == sp }) {
			if site := x.o.Instr(op); site != nil && (x.chosenRound(site) || value.FlagGuarded(site, site)) {
				return stage, model.Cut
			}
			switch {
			case stage == 1:
				return stage, model.Hit
			case op.Into != nil && x.joins(op, released):
				return 0, model.GoOn // it waits for what it starts
			}
			return 1, model.GoOn
		}
		if stage == 1 && !order.Throttles(op) && x.joins(op, released) {
			return 0, model.GoOn
		}
		return stage, model.GoOn
	}, Marks: x.marks(body), Mark: f.marked(x.reborn(a)), Enter: x.joinLoops(body, sp, released)}
	return x.search(w)
}

// marks are the accesses of a body as a Walk passes them.
func (x *racer) marks(body *model.Body) func(*model.Block) []model.Mark {
	if x.e.accesses(body) == nil {
		return nil
	}
	marks := x.e.touches[body].marks
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

// joins reports whether who has executed the op comes after the access. While it is asked
// what is assumed, calls that may have told of it are kept, and tell nothing.
func (x *racer) joins(op *model.Op, released order.Trail) bool {
	if !x.strict {
		return x.o.Joins(op, released)
	}
	sure, assumed := x.o.JoinsSurely(op, released)
	if assumed {
		x.passed = append(x.passed, op)
	}
	return sure
}

// chosen reports whether only one of many goroutines comes to the instruction.
func (x *racer) chosen(in ssa.Instruction) bool { return chosenOnTheWay(in, x.picked, value.ChosenAt) }

// choosesBetween reports whether only one of the goroutines that come to a branch around
// both accesses gets past it: they call the same function, and it lets one in.
func (x *racer) choosesBetween(a, b *access) bool {
	if a.in.Parent() != b.in.Parent() {
		return false
	}
	for blk := a.in.Block(); blk != nil; blk = blk.Idom() {
		if blk.Dominates(b.in.Block()) && x.chosen(blk.Instrs[0]) {
			return true
		}
	}
	return false
}

// chosenRound reports whether only one round of the loop around it comes to the
// instruction.
func (x *racer) chosenRound(in ssa.Instruction) bool {
	return chosenOnTheWay(in, x.pickedRound, value.ChosenInLoop)
}

// chosenOnTheWay asks about the instruction's block and all that dominate it; what was
// asked before is kept.
func chosenOnTheWay(in ssa.Instruction, picked map[*ssa.BasicBlock]bool, ask func(*ssa.BasicBlock) bool) bool {
	var asked []*ssa.BasicBlock
	out, known := false, false
	for blk := in.Block(); blk != nil; blk = blk.Idom() {
		if out, known = picked[blk]; known {
			break
		}
		asked = append(asked, blk)
		if out = ask(blk); out {
			break
		}
	}
	for _, blk := range asked {
		picked[blk] = out
	}
	return out
}

// spawner looks for an access of the spawner that races with a: a write first.
func (x *racer) spawner(who *order.Actor, a *access, released *order.TokenSet, held order.LockSet, start *model.Op) (*access, bool) {
	me := x.o.Actors[0]
	var against []*access
	awaits := sync.OnceValue(func() bool { return x.awaitsOthers(who, a) })
	list := x.places.of(a.memory).list
	polls := sync.OnceValue(func() []*access { return x.polls(list, held) })
	for _, u := range list {
		b := u.a
		if u.who != 0 {
			break
		}
		if a.atomic != b.atomic || !a.Write && isHandle(b) || !a.Write && !b.Write || b.Kind == model.AccessSlot && b.Write {
			continue
		}
		if value.OtherSides(x.o.Instr(start), x.siteIn(b)) || x.choosesBetween(a, b) || x.flagged(start, b) || held.Excludes(x.o.LocksAt(me, b.site())) || !x.o.CanComeBefore(who, a.site(), b.site()) || a.slot() && !x.elsewhere(b, start) {
			continue
		}
		if x.setAlready(b, start) || x.otherSides(a, b) || x.madeBy(start, b) || awaits() && !(a.Write && b.Write || b.again()) {
			continue
		}
		if len(held) > 0 && slices.ContainsFunc(polls(), func(c *access) bool { return c.comesBefore(b) }) {
			continue // it has looked until it was there
		}
		against = append(against, b)
	}
	slices.SortStableFunc(against, func(a, b *access) int { return cmp.Compare(rank(a), rank(b)) })
	for _, b := range against {
		// A call of code from outside is no join where one follows, or where both write.
		told := order.Trail{TokenSet: released, Outside: !(a.Write && b.Write) && !x.joinsLater(b, released)}
		if ok, waited := x.reaches(who, a, b, told, start); ok {
			if a.atomic && !(waited && who.Task.Consumes()) {
				continue // a look at how far the task is
			}
			if len(held) > 0 && !waited && fromOutside(a.root) {
				continue // who called the spawner may hold the lock for it
			}
			return b, waited
		}
		x.noteAssumed(who, a, b, released, start)
	}
	return nil, false
}

// polls are the reads of the spawner in loops, under a lock under which the task writes.
func (x *racer) polls(list []user, held order.LockSet) []*access {
	var out []*access
	for _, u := range list {
		if u.who == 0 && !u.a.Write && source.InLoop(u.a.in.Block()) && held.Excludes(x.o.LocksAt(x.o.Actors[0], u.a.site())) {
			out = append(out, u.a)
		}
	}
	return out
}

// comesBefore reports whether an access in a loop comes before b, which is in none.
func (a *access) comesBefore(b *access) bool {
	return a.Body == b.Body && !source.InLoop(b.in.Block()) && a.in.Block().Dominates(b.in.Block())
}

// fromOutside reports whether others than the spawner and its tasks can come to a place.
func fromOutside(root ssa.Value) bool {
	switch root.(type) {
	case *ssa.Parameter, *ssa.Global:
		return true
	}
	return false
}

// siteIn is the instruction of the root function that makes the access, by itself or in
// what it calls; nil if it is not known.
func (x *racer) siteIn(b *access) ssa.Instruction {
	if b.Body == x.root {
		return b.in
	}
	if at, ok := x.o.Within(x.root, b.site()); ok {
		return x.o.Instr(at.Op)
	}
	return nil
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
	p := x.o.PlaceOf(start)
	return b.Body == x.root && p.Block != b.block && !(p.Block.Reaches(b.block) && b.block.Reaches(p.Block)) && (len(b.block.Loops) > 0 || !b.slot())
}

// stages of the walk below.
const (
	notStarted = iota
	runs
	runsOn // some group was waited for since
	shut   // the task waits for what the spawner has not sent yet
	filled // the task will find set what it would set
)

// reaches reports whether the spawner comes to the access while the task may not
// have got past its own, and whether it has waited for another group before.
func (x *racer) reaches(who *order.Actor, a, b *access, released order.Trail, start *model.Op) (found, waited bool) {
	call, _ := x.o.Within(x.root, b.site())
	gate, many := x.o.StartSignal(who, a.site())
	if many {
		return false, false
	}
	f := x.filling(who, a)
	key := afterKey{start, released, gate, a.root, f}
	s := x.after[key]
	if s == nil {
		s = x.afterStart(a, released, gate, start, f)
		x.after[key] = s
	}
	stage, ok := s.touched[b]
	if call.Op != nil && !call.Op.Deferred {
		if stage, ok = s.called[call.Op]; !ok {
			stage, ok = s.entered[call.Op]
			ok = ok && call.Op.Into == b.Body && x.comesTo(b, released, start)
		}
	}
	return ok, stage == runsOn
}

// comesTo reports whether the function of the access comes to it, from its beginning,
// before it joins the task.
func (x *racer) comesTo(b *access, released order.Trail, start *model.Op) bool {
	const joined = 1
	past := x.joinLoops(b.Body, start, released)
	return x.search(&model.Walk{Body: b.Body, Step: func(op *model.Op, stage int, p *model.Path) (int, model.Verdict) {
		if x.joins(op, released) {
			return joined, model.GoOn
		}
		return stage, model.GoOn
	}, Enter: func(blk *model.Block, stage int) int {
		if past(blk, runs) != runs {
			return joined
		}
		return stage
	}, Marks: x.marks(b.Body), Mark: func(m model.Mark, stage int, p *model.Path) (int, model.Verdict) {
		if m.(*access) == b && stage != joined {
			return stage, model.Hit
		}
		return stage, model.GoOn
	}})
}

// afterKey tells apart the searches of afterStart.
type afterKey struct {
	start    *model.Op
	released order.Trail
	gate     *model.Chan
	root     ssa.Value
	fill     *filling
}

// An afterStart is what the spawner comes to while the task may not have got past
// its access, accesses to the same object and calls, with the stage of the first
// path that comes there.
type afterStart struct {
	touched map[*access]int
	called  map[*model.Op]int
	entered map[*model.Op]int // calls of functions that join the task somewhere
}

func (x *racer) afterStart(a *access, released order.Trail, gate *model.Chan, start *model.Op, f *filling) *afterStart {
	out := &afterStart{touched: map[*access]int{}, called: map[*model.Op]int{}, entered: map[*model.Op]int{}}
	begun, idle := runs, notStarted
	if gate != nil {
		begun, idle = shut, shut
	}
	opens := func(o *model.Op) bool { return (o.Kind == model.OpSend || o.Kind == model.OpClose) && o.Chan == gate }
	w := &model.Walk{Body: x.root, Step: func(op *model.Op, stage int, p *model.Path) (int, model.Verdict) {
		switch {
		case stage == filled || stage == notStarted && f.sets(op):
			return filled, model.GoOn
		case op == start:
			if op.Into != nil && x.joins(op, released) {
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
		case x.joins(op, released):
			if op.Into != nil && !x.strict {
				arrive(out.entered, op, stage)
			}
			return idle, model.GoOn
		}
		if op.Into != nil || len(op.Lits) > 0 || isCauseRead(op) {
			arrive(out.called, op, stage)
		}
		if op.Kind == model.OpWait && !op.Deferred {
			return runsOn, model.GoOn
		}
		return stage, model.GoOn
	}, Enter: x.joinLoops(x.root, start, released)}
	reborn := x.reborn(a)
	w.Marks, w.Mark = x.marks(x.root), f.marked(func(m model.Mark, stage int, p *model.Path) (int, model.Verdict) {
		if c := m.(*access); c.root == a.root && !c.born && stage != notStarted && stage != shut && stage != filled {
			arrive(out.touched, c, stage)
		}
		return reborn(m, stage, p)
	})
	x.search(w)
	return out
}

// arrive keeps the first stage.
func arrive[K comparable](at map[K]int, k K, stage int) {
	if _, before := at[k]; !before {
		at[k] = stage
	}
}

// flagged reports whether the spawner gets from the start to the access only in a later
// round, and a flag that is set beside the start keeps it away from there by then.
func (x *racer) flagged(start *model.Op, b *access) bool {
	here, ok := x.o.Within(x.root, b.site())
	p := x.o.PlaceOf(start)
	return ok && p.Body == x.root && !x.o.Precedes(p, x.root, here) && value.FlagGuarded(x.o.Instr(start), x.siteIn(b))
}
