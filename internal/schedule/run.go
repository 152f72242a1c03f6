package schedule

import (
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/program"
)

// A player plays one program, in several runs, and keeps what these have in common.
type player struct {
	*program.Program
	constants
	frames  map[*program.Routine]*Frame
	without map[*model.Op]bool // returns at which a schedule is not followed
}

func newPlayer(p *program.Program) *player {
	return &player{
		Program:   p,
		constants: constants{map[string]program.Value{}, map[program.Value]map[string]program.Value{}},
		frames:    map[*program.Routine]*Frame{},
	}
}

// A run plays one program with one size for all that has no number of its own.
type run struct {
	*player
	sizes        program.Scale
	states       int
	effort       int // see effortOf
	spent        bool
	cut          bool // a schedule was not followed to its end, for one of two reasons
	crowd        bool // there would have been too many goroutines
	piled        bool // a goroutine would have had too many deferred calls
	scaled       bool // a large number was played as a smaller one
	crowded      bool // a third kind of call would have failed
	uncorrelated bool // a schedule needed two conditions that may belong together
	static       int  // slots that exist from the start
	found        map[string]*Stuck
	crashes      map[*model.Op]*Crash
	crashed      []*model.Op       // in the order in which they were found
	ids          map[string]uint32 // see identify
	scratch
}

const (
	// maxFailures is how many kinds of calls fail by themselves in one schedule:
	// one is the hypothesis, and with two the errors of two tasks meet. A call that
	// fails once may do so again, in as many tasks and rounds as there are.
	maxFailures = 2
	// maxProcs bounds the processes of a state, and maxSlots its objects.
	maxProcs = 20
	maxSlots = 200
	// maxDefers bounds the deferred calls of a process that are still to run. Only a
	// loop without a number defers more.
	maxDefers = 30
	// manyRoutines marks schedules whose doubts are about several routines.
	manyRoutines = 255
)

// scratch is what is used again for each state: of key, what matter has found, and
// by process what shared has.
type scratch struct {
	buf                  []byte
	order                []*proc
	stable, kinds, touch bits
	stays                []bool
}

// begin is the state before the spawner's first op.
func (r *run) begin() *state {
	s := &state{stable: make([]program.Value, len(r.Memory.Stable)), mine: true, pool: &pool{}}
	for _, o := range r.Touched {
		s.slots = append(s.slots, r.fresh(o))
	}
	r.static = len(s.slots)
	for i := range s.slots {
		r.bind(&s.slots[i], func(o *program.Object) int { return o.Slot + 1 })
	}
	s.procs = []*proc{r.process(r.Roots[0])}
	return s
}

// fresh is a slot for an object that has just come to be.
func (r *run) fresh(o *program.Object) slot { return slot{object: o.Index} }

// bind connects a context's slot with those of its parent and its group.
func (r *run) bind(x *slot, find func(*program.Object) int) {
	o := r.World.Objects[x.object]
	if o.Ctx == nil {
		return
	}
	if o.Up != nil {
		x.up = find(o.Up)
	}
	if o.Life == model.LifeGroup {
		x.grp = find(r.World.Index[o.Ctx.Group])
	}
}

func (r *run) process(t *program.Routine) *proc {
	p := &proc{routine: t.Index, pc: t.Entry, facts: make([]program.Value, r.Memory.Size+len(r.Memory.Inside)), mine: true}
	if r.World.Fresh > 0 {
		p.env = make([]uint16, r.World.Fresh)
	}
	return p
}

// slotOf is the slot of an object as process i sees it.
func (r *run) slotOf(s *state, i int, o *program.Object) int {
	if o.Fresh {
		if x := s.procs[i].env[o.Nth]; x != 0 {
			return int(x) - 1
		}
	}
	return o.Slot
}

// at is the slot an op of process i works on, to be read; nil if it is not certain
// or not known in whole. Nor is a channel that has been given away: who has it may receive
// what is sent, or send a signal, but how often it does is anybody's guess.
func (r *run) at(s *state, i int, op *model.Op) *slot {
	o := r.World.Of(op)
	if o == nil || !o.Local {
		return nil
	}
	x := &s.slots[r.slotOf(s, i, o)]
	if x.handed && (op.Kind == model.OpSend || !r.Nodes[s.procs[i].pc].InLoop()) {
		return nil
	}
	return x
}

// alter is likewise, to be written.
func (r *run) alter(s *state, i int, op *model.Op) *slot {
	if r.at(s, i, op) != nil {
		s.ownSlots()
	}
	return r.at(s, i, op)
}

// A phase is where a context is in its life.
type phase int8

const (
	unclear phase = iota // it may have ended or not
	alive
	ending // its time can be over at any moment
	ended
)

// phase says how a context is doing.
func (r *run) phase(s *state, i int, o *program.Object) phase {
	if o == nil {
		return unclear
	}
	for x := r.slotOf(s, i, o) + 1; x != 0; x = s.slots[x-1].up {
		if s.slots[x-1].dead {
			return ended
		}
		if g := s.slots[x-1].grp; g != 0 && s.slots[g-1].dead {
			return ended
		}
	}
	for x := o; x != nil; x = x.Up {
		if x.Life == model.LifeTimed {
			return ending
		}
	}
	if !o.Known {
		return unclear
	}
	return alive
}

// eval is what process i knows of a term.
func (r *run) eval(s *state, i int, t *model.Term) program.Value {
	if t == nil {
		return program.Unknown
	}
	p := s.procs[i]
	switch {
	case t.Var != nil:
		if x, ok := r.Memory.Vars[t.Var]; ok {
			return p.facts[x]
		}
	case t.Const != "":
		return r.constant(t.Const)
	case t.NonNil:
		return program.NotNil
	case t.Counted:
		return program.Counted
	case t.After != nil:
		return r.after(p, t.After)
	case t.CtxErr != nil:
		switch r.phase(s, i, r.World.Ctx(t.CtxErr)) {
		case ended:
			return program.NotNil
		case alive:
			return program.IsNil
		}
	}
	for _, w := range t.Wraps {
		if r.eval(s, i, w) == program.NotNil {
			return program.NotNil
		}
	}
	if t.Gives != nil && t.Gives == p.gives && t.Index < len(p.given) {
		return p.given[t.Index]
	}
	return program.Unknown
}

// after is one more than a variable that begins at -1.
func (r *run) after(p *proc, v *model.Var) program.Value {
	x, ok := r.Memory.Vars[v]
	switch {
	case !ok || p.facts[x] == program.Unknown:
		return program.Unknown
	case p.facts[x] == r.constant("-1"):
		return r.constant("0")
	}
	return program.Counted
}

// give records the results of an op.
func (p *proc) give(op *model.Op, vals ...program.Value) {
	p.gives, p.given = op.Gives, vals
}

func truth(b bool) program.Value {
	if b {
		return program.IsTrue
	}
	return program.IsFalse
}

func nilness(failed bool) program.Value {
	if failed {
		return program.NotNil
	}
	return program.IsNil
}

// business lists what one process can do next that is its own business, so that what the
// others do can wait; local is false if none of them has any.
func (r *run) business(s *state) (next []*state, local bool) {
	for i := range s.procs {
		if s.procs[i].done || r.looks(s, i) {
			continue
		}
		if out, local := r.localSteps(s, i); local {
			return out, true
		}
	}
	return nil, false
}

// looks reports whether what process i does next rests on what others may change, a
// context that has not ended or how full a channel is: that is no business of its own,
// and in a loop it would be looked at for ever before anything else is played.
func (r *run) looks(s *state, i int) bool {
	n := r.Nodes[s.procs[i].pc]
	switch {
	case n.Kind == program.Branch && n.Block.Cond != nil:
		c := n.Block.Cond
		o := r.World.Index[c.Filled]
		return r.isAlive(s, i, c.X) || r.isAlive(s, i, c.Y) || o != nil && o.Known
	case n.Kind == program.Event && n.Op.Kind == model.OpSet:
		return r.isAlive(s, i, n.Op.Val)
	case n.Kind == program.Event && n.Op.Kind == model.OpReturn:
		return slices.ContainsFunc(n.Op.Rets, func(t *model.Term) bool { return r.isAlive(s, i, t) })
	}
	return false
}

// isAlive reports whether the term is the error of a context that has not ended.
func (r *run) isAlive(s *state, i int, t *model.Term) bool {
	return t != nil && t.CtxErr != nil && r.phase(s, i, r.World.Ctx(t.CtxErr)) == alive
}

// looksAny reports whether a process looks at a context.
func (r *run) looksAny(s *state) bool {
	for i, p := range s.procs {
		if !p.done && r.looks(s, i) {
			return true
		}
	}
	return false
}

// all lists what can happen next without leaving anything for later.
func (r *run) all(s *state) []*state {
	next := r.shared(s)
	for i := range s.procs {
		if s.procs[i].done {
			continue
		}
		if out, local := r.localSteps(s, i); local {
			next = append(next, out...)
		}
	}
	return next
}
