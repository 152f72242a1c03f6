package schedule

import (
	"slices"

	"github.com/gatherlint/gatherlint/internal/fanout"
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
	// doubt is the routine whose conditions were decided without a reason that
	// the model knows of, plus one; 0 if there is none.
	doubt int
	// failures is how many calls have failed without a reason in the program.
	failures int

	from    *state
	did     []happening // what led here from there
	settles bool        // see clone
}

// A happening is one thing that a process does in a schedule.
type happening struct {
	proc int
	node int
	op   *fanout.Op // the case taken, for a select
	with int        // the process it meets, or -1
}

// A slot is one object at run time.
type slot struct {
	object  int
	n       int  // buffered values; counter; readers; units taken
	active  int  // tasks of a group that count for its limit
	limit   int  // of a group, 0 if there is none, else limit+1
	closed  bool // of a channel
	dead    bool // of a context
	failed  bool // of a group
	held    bool // of a lock, for writing
	up, grp int  // slots of a context's parent and group, plus one
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
	gives   *fanout.Event
	given   []value
	ret     []value
	chosen  int
	group   int // slot plus one of the group that counts it
	result  value
	unwind  unwinding
}

type unwinding uint8

const (
	running unwinding = iota
	panics
	exiting
)

// clone is the state that follows s when something happens. A state that settles
// goes on by itself instead: nobody else has seen it yet.
func (s *state) clone(did ...happening) *state {
	if s.settles {
		s.did = append(s.did, did...)
		return s
	}
	for i := range s.procs {
		s.procs[i].mine = false
	}
	return &state{procs: slices.Clone(s.procs), slots: slices.Clone(s.slots), stable: s.stable, doubt: s.doubt, failures: s.failures, from: s, did: did}
}

// own makes the slices of a process its own before they are written.
func (p *proc) own() {
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
// run are named in the order in which the processes refer to them.
func (s *state) key(static int) string {
	local := make([]string, len(s.procs))
	order := make([]int, len(s.procs))
	for i := range s.procs {
		local[i] = s.procs[i].local()
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if a == 0 || b == 0 {
			return a - b
		}
		switch {
		case local[a] < local[b]:
			return -1
		case local[a] > local[b]:
			return 1
		}
		return 0
	})
	var b []byte
	names := make([]int, len(s.slots)+1)
	var used []int
	name := func(slot int) byte {
		if slot == 0 {
			return 0
		}
		if slot <= static {
			return byte(slot)
		}
		if names[slot] == 0 {
			used = append(used, slot)
			names[slot] = static + len(used)
		}
		return byte(names[slot])
	}
	for _, i := range order {
		p := &s.procs[i]
		if p.done && i != 0 {
			continue
		}
		b = append(b, local[i]...)
		b = append(b, 0xff)
		for _, x := range p.env {
			b = append(b, name(int(x)))
		}
		b = append(b, name(p.group))
	}
	for i := 0; i < static; i++ {
		b = s.slots[i].encode(b, name)
	}
	for k := 0; k < len(used); k++ { // encode may name more
		b = append(b, byte(s.slots[used[k]-1].object))
		b = s.slots[used[k]-1].encode(b, name)
	}
	b = append(b, s.stable...)
	return string(append(b, byte(s.doubt), byte(s.failures)))
}

func (x *slot) encode(b []byte, name func(int) byte) []byte {
	flags := byte(0)
	for i, f := range []bool{x.closed, x.dead, x.failed, x.held} {
		if f {
			flags |= 1 << i
		}
	}
	return append(b, byte(x.n), byte(x.active), byte(x.limit), flags, name(x.up), name(x.grp))
}

// local is what a process is, apart from the objects it refers to.
func (p *proc) local() string {
	b := []byte{byte(p.routine), byte(p.pc >> 8), byte(p.pc), byte(p.chosen), p.result, byte(p.unwind), byte(len(p.defers))}
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
	b = append(b, p.ret...)
	return string(b)
}
