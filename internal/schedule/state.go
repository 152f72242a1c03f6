package schedule

import (
	"bytes"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// A value is what a process knows of a variable or result.
type value = uint8

const (
	unknown value = iota
	isNil
	notNil
	isTrue
	isFalse
	counted    // counted up from nought
	firstConst // the constants of the program, from here on
)

// A state is one moment of a program.
type state struct {
	procs []proc
	slots []slot
	// stable are the conditions that are the same for all processes, decided.
	stable []value
	// decider is the routine whose conditions were decided without a reason that
	// the model knows of, plus one; 0 if there is none.
	decider int
	// failed are the kinds of calls that have failed without a reason in the program.
	failed failures

	from    *state
	did     []happening // what led here from there
	inPlace bool        // see clone
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
	proc int
	node int
	op   *model.Op // the case taken, for a select
	with int       // the process it meets, or -1; of a branch the way, see settledWay
}

// A slot is one object at run time.
type slot struct {
	object  int
	n       int    // buffered values; counter; readers; units taken
	active  int    // tasks of a group that count for its limit
	limit   int    // of a group, 0 if there is none, else limit+1
	queue   string // of a channel: the values that are buffered, if they are asked for
	closed  bool   // of a channel
	dead    bool   // of a context
	failed  bool   // of a group
	held    bool   // of a lock, for writing
	up, grp int    // slots of a context's parent and group, plus one
}

// A proc is one goroutine.
type proc struct {
	routine int
	pc      int
	done    bool
	defers  []int
	facts   []value
	loops   []uint8
	env     []uint8 // by object, for fresh ones: slot plus one
	data    []uint8 // what the three are parts of
	mine    bool    // no other state shares its slices
	gives   *model.Event
	given   []value
	ret     []value
	chosen  int
	group   int // slot plus one of the group that counts it
	unwind  unwinding
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
	for i := range s.procs {
		s.procs[i].mine = false
	}
	return &state{procs: slices.Clone(s.procs), slots: slices.Clone(s.slots), stable: s.stable, decider: s.decider, failed: s.failed, from: s, did: did}
}

// makeWritable gives a process slices that it shares with no other state before they are written.
func (p *proc) makeWritable() {
	if p.mine {
		return
	}
	p.mine = true
	p.defers = slices.Clone(p.defers)
	p.divide(slices.Clone(p.data))
}

// divide makes the parts of a process's memory.
func (p *proc) divide(data []uint8) {
	f, l := len(p.facts), len(p.loops)
	p.data, p.facts, p.loops, p.env = data, data[:f:f], data[f:f+l:f+l], data[f+l:]
}

// key identifies states that behave the same. Processes of one routine are
// interchangeable, so they are put in order; objects that were made during the
// run are named in the order in which the processes refer to them. What no process
// asks any more is left out.
func (r *run) key(s *state) string {
	b := r.buf[:0]
	type part struct{ proc, from, to int }
	parts := make([]part, 0, len(s.procs))
	for i := range s.procs {
		if s.procs[i].done && i != 0 {
			continue
		}
		from := len(b)
		b = r.local(&s.procs[i], b)
		parts = append(parts, part{i, from, len(b)})
	}
	start := len(b)
	slices.SortStableFunc(parts, func(x, y part) int {
		if x.proc == 0 || y.proc == 0 {
			return x.proc - y.proc
		}
		return bytes.Compare(b[x.from:x.to], b[y.from:y.to])
	})
	names := make([]byte, len(s.slots)+1)
	var used []int
	name := func(slot int) byte {
		if slot == 0 {
			return 0
		}
		if slot <= r.static {
			return byte(slot)
		}
		if names[slot] == 0 {
			used = append(used, slot)
			names[slot] = byte(r.static + len(used))
		}
		return names[slot]
	}
	for _, x := range parts {
		p := &s.procs[x.proc]
		b = append(b, b[x.from:x.to]...)
		b = append(b, 0xff)
		for _, e := range p.env {
			b = append(b, name(int(e)))
		}
		b = append(b, name(p.group))
	}
	stable, kinds, touch := r.matter(s)
	for i := range r.static {
		if touch.has(s.slots[i].object) {
			b = s.slots[i].encode(b, name)
		} else {
			b = append(b, 0xff)
		}
	}
	for k := 0; k < len(used); k++ { // encode may name more
		b = append(b, byte(s.slots[used[k]-1].object))
		b = s.slots[used[k]-1].encode(b, name)
	}
	for i, v := range s.stable {
		if !stable.has(i) {
			v = unknown
		}
		b = append(b, v)
	}
	failed := s.failed
	for i, k := range failed {
		if k > 0 && !kinds.has(int(k)-1) {
			failed[i] = 0xffff
		}
	}
	slices.Sort(failed[:])
	for _, k := range failed {
		b = append(b, byte(k>>8), byte(k))
	}
	b = append(b, byte(s.decider))
	r.buf = b
	return string(b[start:])
}

func (x *slot) encode(b []byte, name func(int) byte) []byte {
	flags := byte(0)
	for i, f := range [...]bool{x.closed, x.dead, x.failed, x.held} {
		if f {
			flags |= 1 << i
		}
	}
	b = append(append(b, x.queue...), 0xfe)
	return append(b, byte(x.n), byte(x.active), byte(x.limit), flags, name(x.up), name(x.grp))
}

// local adds what a process is, apart from the objects it refers to.
func (r *run) local(p *proc, b []byte) []byte {
	b = append(b, byte(p.routine), byte(p.pc>>8), byte(p.pc), byte(p.chosen), byte(p.unwind), byte(len(p.defers)))
	if p.gives != nil {
		b = append(b, byte(r.number.events[p.gives]))
	}
	if p.done {
		b = append(b, 1)
	}
	for _, d := range p.defers {
		b = append(b, byte(d>>8), byte(d))
	}
	b = append(b, p.facts...)
	b = append(b, p.loops...)
	b = append(b, p.given...)
	b = append(b, 0xfe)
	return append(b, p.ret...)
}
