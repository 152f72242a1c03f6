package schedule

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/program"
)

// A state is one moment of a program.
type state struct {
	// procs and slots are shared with other states until they are written: see own
	// and slot.
	procs []*proc
	slots []slot
	// stable are the conditions that are the same for all processes, decided.
	stable []program.Value
	// decider is the routine whose conditions were decided without a reason that
	// the model knows of, plus one; 0 if there is none.
	decider int
	// failed are the kinds of calls that have failed without a reason in the program.
	failed failures

	from    *state
	did     []happening // what led here from there
	pool    *pool
	inPlace bool // see clone
	mine    bool // no other state shares the slots
}

// failures are kinds of calls that have failed, by number plus one, in order; the
// rest is nought.
type failures [maxFailures]uint16

// with adds a kind; ok is false if there are too many.
func (f failures) with(kind int) (_ failures, ok bool) {
	x := uint16(kind + 1)
	for i := range f {
		switch {
		case f[i] == x:
			return f, true
		case f[i] == 0:
			f[i] = x
			slices.SortFunc(f[:i+1], func(a, b uint16) int { return int(a) - int(b) })
			return f, true
		}
	}
	return f, false
}

// A happening is one thing that a process does in a schedule.
type happening struct {
	op   *model.Op // the case taken, for a select
	node int32
	proc int16
	with int16 // the process it meets, or -1; of a branch or an end the way, see settledWay
}

func happens(proc, node int, op *model.Op, with int) happening {
	return happening{op, int32(node), int16(proc), int16(with)}
}

// A slot is one object at run time.
type slot struct {
	object  int
	n       int    // buffered values; counter; readers; units taken
	active  int    // tasks of a group that count for its limit
	limit   int    // of a group, 0 if there is none, else limit+1
	queue   string // of a channel: the values that are buffered, if they are asked for
	up, grp int    // slots of a context's parent and group, plus one
	closed  bool   // of a channel
	dead    bool   // of a context; of a channel that a timer or ticker fills: nothing more comes
	failed  bool   // of a group
	held    bool   // of a lock, for writing
	wanted  bool   // of a lock: somebody waits to write, so nobody else may begin to read
	handed  bool   // of a channel: code that is not part of the program has it, as a call has given it that
	leaked  bool   // such code may have got hold of it, in whatever way
}

// A proc is one goroutine.
type proc struct {
	routine int
	pc      int
	defers  []int
	facts   []program.Value // after them the rounds of its loops
	env     []uint16        // by fresh object: slot plus one
	id      uint32          // see identify; 0 if it is not known yet
	done    bool
	mine    bool // no other state shares it
	unwind  unwinding
	gives   *model.Event
	given   []program.Value
	ret     []program.Value
	chosen  int
	group   int // slot plus one of the group that counts it
}

type unwinding uint8

const (
	running unwinding = iota
	panics
	exiting
)

// clone is the state that follows s when something happens. A state in place
// goes on by itself instead: nobody else has seen it yet.
func (s *state) clone(did ...happening) *state {
	if s.inPlace {
		s.did = append(s.did, did...)
		return s
	}
	for _, p := range s.procs {
		if p.mine {
			p.mine = false
		}
	}
	s.mine = false
	c := s.pool.state()
	*c = state{procs: append(c.procs[:0], s.procs...), slots: s.slots, stable: s.stable, decider: s.decider, failed: s.failed, from: s, did: append(c.did[:0], did...), pool: s.pool}
	return c
}

// own is process i, to be written: a copy of its own, if another state shares it.
func (s *state) own(i int) *proc {
	p := s.procs[i]
	if p.mine {
		p.id = 0
		return p
	}
	q := s.pool.proc()
	defers, facts, env := append(q.defers[:0], p.defers...), append(q.facts[:0], p.facts...), append(q.env[:0], p.env...)
	*q = *p
	q.mine, q.id, q.defers, q.facts, q.env = true, 0, defers, facts, env
	s.procs[i] = q
	return q
}

// A pool keeps states that are not visited, to be written anew.
type pool struct {
	states []*state
	procs  []*proc
}

func (x *pool) state() *state {
	n := len(x.states)
	if n == 0 {
		return &state{}
	}
	s := x.states[n-1]
	x.states = x.states[:n-1]
	return s
}

func (x *pool) proc() *proc {
	n := len(x.procs)
	if n == 0 {
		return &proc{}
	}
	p := x.procs[n-1]
	x.procs = x.procs[:n-1]
	return p
}

// drop takes a state that nothing refers to, and those of its processes that no other has.
func (x *pool) drop(s *state) {
	for _, p := range s.procs {
		if p.mine {
			x.procs = append(x.procs, p)
		}
	}
	x.states = append(x.states, s)
}

// slot is slot x, to be written.
func (s *state) slot(x int) *slot {
	s.ownSlots()
	return &s.slots[x]
}

// ownSlots gives the state slots that no other shares.
func (s *state) ownSlots() {
	if !s.mine {
		s.mine, s.slots = true, slices.Clone(s.slots)
	}
}

// key identifies states that behave the same. Processes of one routine are
// interchangeable, so they are put in order; objects that were made during the
// run are named in the order in which the processes refer to them. What no process
// asks any more is left out. The key is overwritten by the next one.
func (r *run) key(s *state) []byte {
	order := r.order[:0]
	for i, p := range s.procs {
		if p.done && i != 0 {
			continue
		}
		if p.id == 0 {
			p.id = r.identify(p)
		}
		order = append(order, p)
	}
	slices.SortStableFunc(order[1:], func(x, y *proc) int { return cmp.Compare(x.id, y.id) })
	b := r.buf[:0]
	names := namer{static: r.static}
	for _, p := range order {
		b = binary.BigEndian.AppendUint32(b, p.id)
		for _, e := range p.env {
			b = names.add(b, int(e))
		}
		b = names.add(b, p.group)
	}
	r.matter(s)
	for i, o := range r.Touched {
		if r.touch.Has(o.Index) {
			b = s.slots[i].encode(b, &names)
		} else {
			b = append(b, 0xff)
		}
	}
	for k := 0; k < len(names.used); k++ { // encode may name more
		x := &s.slots[names.used[k]-1]
		b = x.encode(binary.BigEndian.AppendUint16(b, uint16(x.object)), &names)
	}
	for i, v := range s.stable {
		if !r.stable.Has(i) {
			v = program.Unknown
		}
		b = append(b, v)
	}
	r.buf, r.order = b, order
	return b
}

// A namer names slots: those that exist from the start by number, the others in the
// order in which they are first named.
type namer struct {
	static int
	used   []int
}

// add adds the name of a slot, given plus one; 0 is none.
func (x *namer) add(b []byte, slot int) []byte {
	if slot > x.static {
		i := slices.Index(x.used, slot)
		if i < 0 {
			i = len(x.used)
			x.used = append(x.used, slot)
		}
		slot = x.static + 1 + i
	}
	return binary.BigEndian.AppendUint16(b, uint16(slot))
}

func (x *slot) encode(b []byte, names *namer) []byte {
	flags := byte(0)
	for i, f := range [...]bool{x.closed, x.dead, x.failed, x.held, x.wanted, x.handed, x.leaked} {
		if f {
			flags |= 1 << i
		}
	}
	b = append(append(b, x.queue...), 0xfe)
	b = append(b, byte(x.n), byte(x.active), byte(x.limit), flags)
	return names.add(names.add(b, x.up), x.grp)
}

// identify numbers what a process is, apart from the objects it refers to.
func (r *run) identify(p *proc) uint32 {
	b := append(r.buf[:0], byte(p.routine), byte(p.pc>>8), byte(p.pc), byte(p.chosen), byte(p.unwind), byte(len(p.defers)))
	if p.gives != nil {
		b = append(b, byte(r.Numbering.Events[p.gives]))
	}
	if p.done {
		b = append(b, 1)
	}
	for _, d := range p.defers {
		b = append(b, byte(d>>8), byte(d))
	}
	b = append(b, p.facts...)
	b = append(b, p.given...)
	b = append(b, 0xfe)
	b = append(b, p.ret...)
	r.buf = b
	id, ok := r.ids[string(b)]
	if !ok {
		id = uint32(len(r.ids) + 1)
		r.ids[string(b)] = id
	}
	return id
}

type bits = model.Bits

// moveTo lets a process go on at node n: what does not matter there is
// forgotten, and loops that it has left start anew the next time.
func (r *run) moveTo(p *proc, n int) {
	p.pc = n
	f := &r.Future[n]
	for _, x := range f.Loops {
		p.facts[r.Memory.Size+x] = 0
	}
	for _, i := range f.Facts {
		p.facts[i] = program.Unknown
	}
	for _, i := range f.Objects {
		p.env[i] = 0
	}
	if !f.Chosen {
		p.chosen = 0
	}
	if p.gives != nil {
		if i, ok := r.Numbering.Events[p.gives]; !ok || !f.Reads.Has(i) {
			p.gives, p.given = nil, nil
		}
	}
}

// matter finds what some process that has not ended can still ask or touch.
func (r *run) matter(s *state) {
	r.stable, r.kinds, r.touch = r.stable[:0], r.kinds[:0], r.touch[:0]
	for _, p := range s.procs {
		if !p.done {
			f := &r.Future[p.pc]
			r.stable.Join(f.Stable)
			r.kinds.Join(f.Kinds)
			r.touch.Join(f.Touch)
		}
	}
}
