package check

import (
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/schedule"
)

// The branch that decides: why a goroutine leaves without what somebody else waits
// for.

// A decision is a branch that a goroutine has taken in a schedule.
type decision struct {
	schedule.Choice
	event int       // that it comes before
	away  *model.Op // what the other way leads to, nil if that was not asked
	// taken: the decision is the event itself, the case of a select.
	taken bool
}

// partner describes the ops that would set a blocked goroutine free; nil if no op of
// the scene would.
func partner(op *model.Op) func(*model.Op) bool {
	switch op.Kind {
	case model.OpSend:
		return func(o *model.Op) bool {
			return (o.Kind == model.OpReceive || o.Kind == model.OpRange) && o.Chan == op.Chan
		}
	case model.OpReceive, model.OpRange:
		return func(o *model.Op) bool {
			return (o.Kind == model.OpSend || o.Kind == model.OpClose) && o.Chan == op.Chan
		}
	case model.OpSelect:
		var any []func(*model.Op) bool
		for _, c := range op.Cases {
			if c.Chan != nil {
				any = append(any, partner(c))
			}
		}
		return func(o *model.Op) bool {
			return slices.ContainsFunc(any, func(want func(*model.Op) bool) bool { return want(o) })
		}
	}
	if want := releases(op); want != nil {
		return want
	}
	return func(*model.Op) bool { return false }
}

// deciding is the last branch by which a goroutine has gone away from all ops that
// want describes, or without want, the last one that finds an error. If there is none,
// it is the last select that has taken another case, or the loop that had no round.
func (l *leak) deciding(proc int, want func(*model.Op) bool) *decision {
	var last, other, idle *decision
	rounds := map[*model.Block]bool{}
	events := append(slices.Clone(l.stuck.Events), schedule.Event{Proc: l.cause.Proc, Choices: l.cause.Choices})
	for i := range events {
		e := &events[i]
		if e.Proc != proc {
			continue
		}
		for _, c := range e.Choices {
			d := &decision{Choice: c, event: i}
			switch {
			case len(c.Block.Succs) != 2:
			case want == nil:
				if finds, fails := d.error(); finds && fails {
					last = d
				}
			case d.goesAway(want) && !d.endsLoop():
				last = d
			case d.away != nil && d.endsLoop() && !rounds[c.Block]:
				idle = d
			case d.away == nil || !d.endsLoop():
				rounds[c.Block] = true
			}
		}
		if want != nil && e.Sel != nil && e.Op != nil && !want(e.Op) && slices.ContainsFunc(e.Sel.Cases, want) {
			other = &decision{event: i, taken: true}
		}
	}
	switch {
	case last != nil:
		return last
	case other != nil:
		return other
	}
	return idle
}

// goesAway reports whether the way that was not taken leads to an op that want
// describes, and the other one does not.
func (d *decision) goesAway(want func(*model.Op) bool) bool {
	d.away = leadsTo(d.Block.Succs[1-d.Way], d.Block, want)
	return d.away != nil && leadsTo(d.Block.Succs[d.Way], d.Block, want) == nil
}

// leadsTo is an op that want describes and that a way comes to before it asks again
// what a block asks.
func leadsTo(from, back *model.Block, want func(*model.Op) bool) *model.Op {
	var found *model.Op
	model.Reached([]*model.Block{from}, func(b *model.Block) []*model.Block {
		for _, op := range b.Ops {
			if found == nil {
				found = wanted(op, want)
			}
		}
		if b == back || found != nil {
			return nil
		}
		return b.Succs
	})
	return found
}

// wanted is the op, or one of those that it contains, if want describes it.
func wanted(op *model.Op, want func(*model.Op) bool) *model.Op {
	for _, o := range append([]*model.Op{op}, op.Cases...) {
		if want(o) {
			return o
		}
	}
	if op.Kind == model.OpSpawn && op.Task != nil {
		return findOp(op.Task.Body, want)
	}
	return findOp(op.Into, want)
}

// leaves is where the function is left on the way that was taken, nil if that can be
// at several places.
func (d *decision) leaves() *model.Op {
	if d.taken {
		return nil
	}
	var one *model.Op
	several := false
	model.Reached([]*model.Block{d.Block.Succs[d.Way]}, func(b *model.Block) []*model.Block {
		if b == d.Block {
			several = true
			return nil
		}
		for _, op := range b.Ops {
			if op.Kind.Leaves() && !op.Deferred {
				several = several || one != nil
				one = op
			}
		}
		return b.Succs
	})
	if several {
		return nil
	}
	return one
}

// again reports whether the way that was taken comes back to the branch.
func (d *decision) again() bool {
	return model.Reached([]*model.Block{d.Block.Succs[d.Way]}, func(b *model.Block) []*model.Block { return b.Succs })[d.Block]
}

// endsLoop reports whether the way that was taken leaves a loop at its head.
func (d *decision) endsLoop() bool {
	b := d.Block
	heads := b.Heads != nil || slices.ContainsFunc(b.Ops, func(op *model.Op) bool { return op.Kind == model.OpRange })
	if !heads || len(b.Loops) == 0 {
		return b.Heads != nil && !slices.Contains(b.Succs[d.Way].Loops, b.Heads)
	}
	return len(b.Succs[d.Way].Loops) < len(b.Succs[1-d.Way].Loops)
}

// error says whether the branch asks if there is an error, and whether there is.
func (d *decision) error() (finds, fails bool) {
	c := d.Block.Cond
	if c == nil || !c.Fails || c.Y == nil || c.Y.Const != "nil" {
		return false, false
	}
	return true, (d.Way == 0) == c.Neg
}

// decided tells of a branch: of the error that it finds and what gave it, the case of
// a select, the loop that had no round, or the condition.
func (l *leak) decided(who Actor, d *decision) stepsAt {
	if d.taken {
		return l.happens(who, d.event)
	}
	name := subject(who, d.In)
	c := d.Block.Cond
	if d.away == nil && d.In.Up != nil { // an error that comes up to the task
		return stepsAt{d.event, callFails(who, d.In)}
	}
	if c != nil && c.Taken != nil {
		for i := min(d.event, len(l.stuck.Events)-1); i >= 0; i-- {
			e := &l.stuck.Events[i]
			if e.Sel != nil && e.In == d.In && e.Op != nil && slices.Contains(e.Sel.Cases, c.Taken) {
				return l.happens(who, i)
			}
		}
	}
	t := stepsAt{event: d.event}
	var head *model.Condition
	if d.endsLoop() && d.away != nil {
		head = l.scene.Evidence.Loop(d.away.At.Pos, max(0, len(d.Block.Loops)-1))
	}
	var cond *model.Condition
	if head == nil && c != nil && c.At.IsValid() {
		cond = l.scene.Evidence.Condition(c.At)
	}
	switch {
	case head != nil:
		over := "the loop"
		if head.Text != "" {
			over += " over " + head.Text
		}
		t.steps.tell(Skips, who, head.At, "%s runs no round of %s", name, over).Way = Past
	case cond != nil:
		t.steps.asks(who, name, cond, d)
	}
	return t
}

// cameBy tells, of a branch that decides, which case of a select the goroutine took to come
// there, if the other cases do not come there.
func (l *leak) cameBy(who Actor, proc int, d *decision) []stepsAt {
	if d.taken || d.Block.Cond != nil && d.Block.Cond.Taken != nil {
		return nil // it is the select that decides
	}
	at, sel := -1, -1 // the last event of a select, and that of the case that led on
	for i := 0; i <= min(d.event, len(l.stuck.Events)-1); i++ {
		e := &l.stuck.Events[i]
		if e.Proc != proc {
			continue
		}
		for _, c := range e.Choices {
			if c.In == d.In && c.Block.Cond != nil && c.Block.Cond.Taken != nil && c.Way == 0 {
				if sel = at; model.Reached([]*model.Block{c.Block.Succs[1]}, func(b *model.Block) []*model.Block { return past(b, c.Block) })[d.Block] {
					sel = -1
				}
			}
		}
		if e.Sel != nil && e.In == d.In {
			at = i
		}
	}
	if sel < 0 {
		return nil
	}
	return []stepsAt{l.happens(who, sel)}
}

// past are the blocks that follow one, unless it is the one to stop at.
func past(b, stop *model.Block) []*model.Block {
	if b == stop {
		return nil
	}
	return b.Succs
}

// failsBelow tells, of a branch that finds that a function has failed which starts
// goroutines, what fails in there.
func (l *leak) failsBelow(who Actor, d *decision) []stepsAt {
	if d.taken {
		return nil
	}
	if finds, fails := d.error(); !finds || !fails {
		return nil
	}
	cond := l.scene.Evidence.Condition(d.Block.Cond.At)
	if cond == nil {
		return nil
	}
	starts := func(op *model.Op) bool { return op.Kind == model.OpSpawn }
	var last *decision
	for i := 0; i <= min(d.event, len(l.stuck.Events)-1); i++ {
		for _, c := range l.stuck.Events[i].Choices {
			below := &decision{Choice: c, event: i}
			finds, fails := below.error()
			if finds && fails && c.In.Up == d.In && c.In.Call.At.Pos == cond.From.Pos && findOp(c.In.Body, starts) != nil {
				last = below
			}
		}
	}
	if last == nil {
		return nil
	}
	if cond = l.scene.Evidence.Condition(last.Block.Cond.At); cond == nil {
		return nil
	}
	below := stepsAt{event: last.event}
	below.steps.asks(who, subject(who, last.In), cond, last)
	return []stepsAt{below}
}

// asks tells what a branch has found, by its condition.
func (s *steps) asks(who Actor, name string, cond *model.Condition, d *decision) {
	finds, fails := d.error()
	switch {
	case finds && cond.Ctx != "":
		ended := "has not ended"
		if fails {
			ended = "has ended"
		}
		s.tell(Decides, who, cond.At, "%s finds that %s %s", name, cond.Ctx, ended).onto(Context, cond.Ctx)
	case finds && cond.FromText != "":
		s.gave(who, name, cond, d, fails)
	case cond.Receives && cond.FromText != "" && !cond.Err.Pos.IsValid(): // a condition that is received
		s.tell(Receives, who, cond.At, "%s receives %t from %s", name, d.Way == 0, cond.FromText).onto(Channel, cond.FromText)
	default:
		found := cond.Text + [...]string{" holds", " does not hold"}[d.Way]
		if d.again() {
			found += " and goes to the next round"
		}
		s.tell(Decides, who, cond.At, "%s finds that %s", name, found)
	}
	(*s)[len(*s)-1].Way = [...]Way{Then, Else}[d.Way]
}

// decides tells of the last branch by which the path comes to its hit and not past it.
func (s *steps) decides(who Actor, e model.Evidence, p *model.Path) {
	for b, way := range p.Ways() {
		d, taken := &decision{Choice: schedule.Choice{Block: b, Way: way}}, b.Cond.Taken
		past := leadsTo(b.Succs[1-way], b, func(op *model.Op) bool { return op == p.Op() }) == nil
		if !past || taken != nil && way == 1 {
			continue
		}
		if taken != nil {
			s.by(Receives, who, taken.At, "takes the case of %s", taken.Text).with(taken).Way = Case
		} else if cond := e.Condition(b.Cond.At); cond != nil && !d.endsLoop() {
			s.asks(who, who.Name, cond, d)
		}
		return
	}
}

// callFails tells that a function that the goroutine has called gives an error, which
// comes about further down.
func callFails(who Actor, in *schedule.Frame) steps {
	for in.Up.Up != nil {
		in = in.Up
	}
	var s steps
	s.by(Fails, who, in.Call.At, "calls %s, which fails", callee(in.Call)).Call = in.Call.At
	return s
}

// gives is the name of what gave what a branch asks for. A function that does something
// itself in the story is called there as it is here.
func (s *steps) gives(cond *model.Condition, d *decision) string {
	for _, op := range d.Block.Ops {
		told := d.In != nil || slices.ContainsFunc(*s, func(st Step) bool { return st.Kind == Calls && st.At == op.At })
		if told && op.Into != nil && op.At.Pos == cond.From.Pos {
			return callee(op)
		}
	}
	return cond.FromText
}

// gave tells of a call or receive, by the error that it gave.
func (s *steps) gave(who Actor, name string, cond *model.Condition, d *decision, fails bool) {
	kind, text := Fails, "calls "+s.gives(cond, d)+", which fails"
	switch {
	case cond.Receives && fails:
		kind, text = Receives, "receives an error from "+cond.FromText
	case cond.Receives:
		kind, text = Receives, "receives no error from "+cond.FromText
	case !fails:
		kind, text = Calls, "calls "+s.gives(cond, d)+", which does not fail"
	}
	step := s.tell(kind, who, cond.From, "%s %s", name, text)
	step.Call, step.Err = cond.From, cond.Err
	if cond.Receives {
		step.onto(Channel, cond.FromText)
	}
}
