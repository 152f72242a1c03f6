package program

import (
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// The slice of a program.
//
// Of all that a scene does, little can matter to whoever blocks in it: the ops on
// what its processes share, the branches that decide which of them happen, the
// variables and results that these branches ask, and the calls that contain them.
// That is found as a least set: first the ops, then the branches whose ways lead
// to different ones of them, then what sets the variables that such a branch
// tests, and so on until nothing is added. All else is left out: a node that does
// not matter is skipped to the one node that does.
//
// A way that ends the process (a panic that nobody recovers, os.Exit) is no way
// to anything, so a branch beside which there is one other way does not decide;
// unless its condition is asked elsewhere, because then the other way tells
// something.

const (
	nowhere = -1 // no node that matters follows
	several = -2
)

// A slicer finds what matters.
type slicer struct {
	*Program
	cone     *cone
	keep     []bool
	to       []int // of a node that does not matter: the one after it that does
	vars     map[*model.Var]bool
	tested   map[string]bool     // the keys of conditions that matter
	about    map[*model.Var]bool // the variables that these mention
	events   map[*model.Event]bool
	giver    map[*model.Event][]*Routine
	selects  map[*model.Op]int          // by case, the node
	sources  map[*model.Event][]*Object // the channels that a receive takes from
	sent     map[*Object][]*model.Op    // the sends on a channel
	sets     map[*model.Var][]*Node     // what assigns a variable
	returns  map[*Routine][]*Node
	recovers map[*Routine]bool // some op of the process recovers
	panics   map[*Routine]bool // some op of the process panics
	fixed    map[int][]Value   // by return, what it certainly gives
	alikes   map[alike]int
	inline   map[*Routine]bool // the routine does something else than to return
	grown    bool
}

// slice leaves out of the program what does not matter.
func (p *Program) slice() {
	s := &slicer{Program: p, cone: newCone(p), keep: make([]bool, len(p.Nodes)), to: make([]int, len(p.Nodes)), vars: map[*model.Var]bool{}, tested: map[string]bool{},
		about: map[*model.Var]bool{}, events: map[*model.Event]bool{}, giver: map[*model.Event][]*Routine{}, selects: map[*model.Op]int{},
		sources: map[*model.Event][]*Object{}, sent: map[*Object][]*model.Op{}, sets: map[*model.Var][]*Node{}, returns: map[*Routine][]*Node{}, fixed: map[int][]Value{}, alikes: map[alike]int{}, inline: map[*Routine]bool{}, recovers: map[*Routine]bool{}, panics: map[*Routine]bool{}}
	s.index()
	for s.grown = true; s.grown; {
		s.grown = false
		s.lead()
		for _, n := range p.Nodes {
			if n.Calls != nil && !s.inline[n.Calls] {
				s.follows(n.Calls)
			}
			if !s.keep[n.ID] && s.matters(n) {
				s.keep[n.ID], s.grown = true, true
				s.reads(n)
			}
		}
	}
	s.shorten()
}

// index collects what is asked for by key later on.
func (s *slicer) index() {
	for _, n := range s.Nodes {
		if n.Op == nil || n.Kind != Event {
			continue
		}
		for _, c := range n.Op.Cases {
			s.selects[c] = n.ID
		}
		for _, op := range append([]*model.Op{n.Op}, n.Op.Cases...) {
			switch o := s.World.Of(op); {
			case o == nil || o.Chan == nil || !o.Known:
			case op.Kind == model.OpSend:
				s.sent[o] = append(s.sent[o], op)
			case n.Op.Gives != nil:
				s.sources[n.Op.Gives] = append(s.sources[n.Op.Gives], o)
			}
		}
		if n.Calls != nil && n.Op.Gives != nil {
			s.giver[n.Op.Gives] = append(s.giver[n.Op.Gives], n.Calls)
		}
		switch n.Op.Kind {
		case model.OpSet:
			s.sets[n.Op.Var] = append(s.sets[n.Op.Var], n)
		case model.OpReturn:
			s.fixed[n.ID] = fixedResults(n)
			s.returns[n.Routine] = append(s.returns[n.Routine], n)
		case model.OpRecover:
			s.recovers[n.Routine.Owner] = true
		case model.OpPanic:
			s.panics[n.Routine.Owner] = true
		}
	}
}

// dies reports whether the process ends at n, and nothing is left to see.
func (s *slicer) dies(n *Node) bool {
	if n.Kind != Event {
		return false
	}
	switch n.Op.Kind {
	case model.OpExit:
		return true
	case model.OpPanic:
		return !s.recovers[n.Routine.Owner]
	case model.OpGoexit: // of a test that has failed: what it leaves behind is of no interest
		return n.Routine.Owner.Index == 0 && n.Op.EndsTest
	}
	return false
}

// onward is the node that matters from node id on, itself included.
func (s *slicer) onward(id int) int {
	if s.keep[id] || s.Nodes[id].Kind == Leave {
		return id
	}
	return s.to[id]
}

// lead computes for each node that does not matter where it leads.
func (s *slicer) lead() {
	for i := range s.to {
		s.to[i] = nowhere
	}
	for changed := true; changed; {
		changed = false
		for i := len(s.Nodes) - 1; i >= 0; i-- {
			n := s.Nodes[i]
			if s.keep[i] || n.Kind == Leave || s.dies(n) {
				continue
			}
			to := s.to[i]
			for _, t := range n.Next {
				switch v := s.onward(t); {
				case v == nowhere || to == several || to == v:
				case to == nowhere:
					to = v
				case v >= 0 && s.class(v) == s.class(to):
					to = s.earlier(to, v)
				default:
					to = several
				}
			}
			changed = changed || to != s.to[i]
			s.to[i] = to
		}
	}
}

// matters reports whether a node does something, as far as is known by now.
func (s *slicer) matters(n *Node) bool {
	switch n.Kind {
	case Branch:
		return s.decides(n)
	case Register:
		return s.keep[s.DeferredAt(n)]
	case Leak:
		return n.Leaks.Known
	case Event:
		return !s.dies(n) && s.opMatters(n)
	}
	return false
}

// decides reports whether the ways of a branch lead to different nodes, or one
// ends the process and what the other learns is asked elsewhere.
func (s *slicer) decides(n *Node) bool {
	if len(n.Next) != 2 {
		return false
	}
	if n.Routine == s.Roots[0] && len(s.Scene.Parts) > 0 {
		return true // a client gives up where a call fails
	}
	a, b := s.onward(n.Next[0]), s.onward(n.Next[1])
	switch {
	case a == several || b == several:
		return true
	case a == b || a >= 0 && b >= 0 && s.class(a) == s.class(b):
		return a != b && s.tells(n)
	case a != nowhere && b != nowhere, s.tells(n):
		return true // where a case ends the process, the others do not follow on it
	}
	c := n.Block.Cond
	if c == nil {
		return false
	}
	known := func(t *model.Term) bool { return t != nil && t.Var != nil && s.vars[t.Var] }
	return s.tested[c.Stable] || s.tested[c.Key] || known(c.X) || known(c.Y)
}

// opMatters reports whether performing the op changes something.
func (s *slicer) opMatters(n *Node) bool {
	op, o := n.Op, s.World.Of(n.Op)
	switch op.Kind {
	case model.OpSet:
		return s.vars[op.Var] || s.about[op.Var]
	case model.OpCall:
		if n.Calls != nil {
			return s.inline[n.Calls] || n.Calls.Wants != nil
		}
		return s.World.watched(op.Ctx) || len(s.World.Handed(op)) > 0
	case model.OpCancel:
		return s.World.watched(op.Ctx)
	case model.OpDerive:
		return op.Made != nil && s.World.watched([]*model.Ctx{op.Made})
	case model.OpReturn:
		return n.Routine.Up == nil || s.inline[n.Routine] && n.Routine.Wants != nil && !n.Routine.Late && len(op.Rets) > 0
	case model.OpSelect:
		return len(op.Cases) == 0 || slices.ContainsFunc(op.Cases, s.communicates)
	case model.OpSend, model.OpReceive, model.OpRange, model.OpClose:
		return s.communicates(op)
	case model.OpLock, model.OpUnlock:
		return s.cone.plays(o) && !s.Harmless[o]
	case model.OpAcquire:
		return s.cone.plays(o) || s.events[op.Gives]
	case model.OpRelease, model.OpAdd, model.OpDone, model.OpLimit, model.OpStop:
		return s.cone.plays(o)
	case model.OpSpawn:
		return s.cone.starts(op)
	case model.OpRecover:
		return s.panics[n.Routine.Owner] || s.events[op.Gives]
	case model.OpNew:
		return o == nil || s.cone.plays(o)
	case model.OpCtxErr, model.OpStore, model.OpSleep:
		return false
	}
	return true
}

// communicates reports whether an op is on a channel that the program plays, or
// waits for the end of a context.
func (s *slicer) communicates(op *model.Op) bool {
	if _, isDone := s.World.Done(op); isDone {
		return true
	}
	return s.cone.plays(s.World.Of(op))
}

// reads notes what a node that matters asks.
func (s *slicer) reads(n *Node) {
	if n.Kind == Branch {
		c := n.Block.Cond
		if c == nil {
			return
		}
		if c.Taken != nil {
			if id, ok := s.selects[c.Taken]; ok {
				s.keep[id] = true
			}
			return
		}
		s.term(c.X)
		s.term(c.Y)
		s.term(c.Part)
		for _, key := range []string{c.Stable, c.Key} {
			if key != "" {
				s.tested[key] = true
			}
		}
		for _, v := range c.Vars {
			s.about[v] = true
		}
		return
	}
	if n.Op == nil || n.Kind != Event {
		return
	}
	switch n.Op.Kind {
	case model.OpSet:
		if s.vars[n.Op.Var] {
			s.term(n.Op.Val)
		}
	case model.OpReturn:
		s.results(n)
	case model.OpSelect:
		for _, c := range n.Op.Cases {
			if s.communicates(c) {
				s.term(&model.Term{Var: c.Var})
			}
		}
	}
}

// results notes what is asked about the results of a return.
func (s *slicer) results(n *Node) {
	r, rets := n.Routine, n.Op.Rets
	if r.Up == nil && len(rets) > 0 && r.Task != nil && s.counter(r.Task) != nil {
		r.Wants.Add(len(rets) - 1)
	}
	for i, t := range rets {
		if r.Wants.Has(i) && (s.fixed[n.ID] == nil || s.fixed[n.ID][i] == Unknown) {
			s.term(t)
		}
	}
}

// term notes that the value of a term matters.
func (s *slicer) term(t *model.Term) {
	if t == nil {
		return
	}
	s.variable(t.Var)
	s.variable(t.After)
	if t.Gives != nil {
		if !s.events[t.Gives] {
			s.events[t.Gives], s.grown = true, true
		}
		for _, r := range s.giver[t.Gives] {
			if !r.Wants.Has(t.Index) {
				r.Wants.Add(t.Index)
				s.grown = true
				for _, n := range s.returns[r] {
					if s.keep[n.ID] {
						s.results(n)
					}
				}
			}
		}
	}
	for _, o := range s.sources[t.Gives] {
		if !o.Valued {
			o.Valued, s.grown = true, true
			for _, op := range s.sent[o] {
				s.term(op.Val)
			}
		}
	}
	for _, w := range t.Wraps {
		s.term(w)
	}
	for _, f := range t.Fields {
		s.term(f.Val)
	}
}

// variable notes that the value of a variable matters.
func (s *slicer) variable(v *model.Var) {
	if v == nil || s.vars[v] {
		return
	}
	s.vars[v], s.grown = true, true
	for _, n := range s.sets[v] {
		if s.keep[n.ID] {
			s.term(n.Op.Val) // it was kept for a condition that mentions it
		}
	}
}

// shorten skips what does not matter. A way on which nothing more is done, and
// that does not end either, leads to a node of its own.
func (s *slicer) shorten() {
	ends := s.ending()
	idle := len(s.Nodes)
	s.Program.Nodes = append(s.Nodes, &Node{ID: idle, Kind: Endless, Routine: s.Roots[0]})
	onward := func(id int) int {
		switch v := s.onward(id); {
		case v >= 0:
			return v
		case ends[id]:
			return id
		}
		return idle
	}
	for _, n := range s.Nodes[:idle] {
		for i, t := range n.Next {
			n.Next[i] = onward(t)
		}
	}
	for _, r := range s.routines {
		r.Entry = onward(r.Entry)
		r.deferred = slices.DeleteFunc(r.deferred, func(id int) bool { return !s.keep[id] })
	}
	for _, n := range s.Nodes {
		switch {
		case n.Kind != Event:
		case n.Op.Kind == model.OpReturn:
			n.Gives = s.fixed[n.ID]
		case n.Calls != nil && s.keep[n.ID] && !s.inline[n.Calls]:
			n.Outcome, n.Calls = outcomeOf(n.Calls.Body), nil
		}
	}
	s.Program.left = s.reachable()
}

// reachable lists the nodes that something still leads to.
func (p *Program) reachable() []*Node {
	var from []int
	for _, r := range p.Roots {
		from = append(from, r.Entry, r.Exit)
	}
	seen := make([]bool, len(p.Nodes))
	for len(from) > 0 {
		id := from[len(from)-1]
		from = from[:len(from)-1]
		if !seen[id] {
			seen[id] = true
			from = append(from, p.follow(p.Nodes[id])...)
		}
	}
	var out []*Node
	for _, n := range p.Nodes {
		if seen[n.ID] {
			out = append(out, n)
		}
	}
	return out
}

// ending marks the nodes from which the process can come to a sudden end.
func (s *slicer) ending() []bool {
	ends := make([]bool, len(s.Nodes))
	for changed := true; changed; {
		changed = false
		for i := len(s.Nodes) - 1; i >= 0; i-- {
			n := s.Nodes[i]
			if !ends[i] && (s.dies(n) || slices.ContainsFunc(n.Next, func(t int) bool { return ends[t] })) {
				ends[i], changed = true, true
			}
		}
	}
	return ends
}
