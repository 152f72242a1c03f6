package schedule

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
	*program
	keep     []bool
	to       []int // of a node that does not matter: the one after it that does
	vars     map[*model.Var]bool
	tested   map[string]bool     // the keys of conditions that matter
	about    map[*model.Var]bool // the variables that these mention
	events   map[*model.Event]bool
	giver    map[*model.Event][]*routine
	selects  map[*model.Op]int          // by case, the node
	sources  map[*model.Event][]*object // the channels that a receive takes from
	sent     map[*object][]*model.Op    // the sends on a channel
	sets     map[*model.Var][]*node     // what assigns a variable
	returns  map[*routine][]*node
	recovers map[*routine]bool // some op of the process recovers
	panics   map[*routine]bool // some op of the process panics
	fixed    map[int][]value   // by return, what it certainly gives
	alikes   map[alike]int
	inline   map[*routine]bool // the routine does something else than to return
	grown    bool
}

// slice leaves out of the program what does not matter.
func (p *program) slice() {
	s := &slicer{program: p, keep: make([]bool, len(p.nodes)), to: make([]int, len(p.nodes)), vars: map[*model.Var]bool{}, tested: map[string]bool{},
		about: map[*model.Var]bool{}, events: map[*model.Event]bool{}, giver: map[*model.Event][]*routine{}, selects: map[*model.Op]int{},
		sources: map[*model.Event][]*object{}, sent: map[*object][]*model.Op{}, sets: map[*model.Var][]*node{}, returns: map[*routine][]*node{}, fixed: map[int][]value{}, alikes: map[alike]int{}, inline: map[*routine]bool{}, recovers: map[*routine]bool{}, panics: map[*routine]bool{}}
	s.index()
	for s.grown = true; s.grown; {
		s.grown = false
		s.lead()
		for _, n := range p.nodes {
			if n.calls != nil && !s.inline[n.calls] {
				s.follows(n.calls)
			}
			if !s.keep[n.id] && s.matters(n) {
				s.keep[n.id], s.grown = true, true
				s.reads(n)
			}
		}
	}
	s.shorten()
}

// index collects what is asked for by key later on.
func (s *slicer) index() {
	for _, n := range s.nodes {
		if n.op == nil || n.kind != event {
			continue
		}
		for _, c := range n.op.Cases {
			s.selects[c] = n.id
		}
		for _, op := range append([]*model.Op{n.op}, n.op.Cases...) {
			switch o := s.world.of(op); {
			case o == nil || o.chn == nil || !o.known:
			case op.Kind == model.OpSend:
				s.sent[o] = append(s.sent[o], op)
			case n.op.Gives != nil:
				s.sources[n.op.Gives] = append(s.sources[n.op.Gives], o)
			}
		}
		if n.calls != nil && n.op.Gives != nil {
			s.giver[n.op.Gives] = append(s.giver[n.op.Gives], n.calls)
		}
		switch n.op.Kind {
		case model.OpSet:
			s.sets[n.op.Var] = append(s.sets[n.op.Var], n)
		case model.OpReturn:
			s.fixed[n.id] = fixedResults(n)
			s.returns[n.routine] = append(s.returns[n.routine], n)
		case model.OpRecover:
			s.recovers[n.routine.owner] = true
		case model.OpPanic:
			s.panics[n.routine.owner] = true
		}
	}
}

// dies reports whether the process ends at n, and nothing is left to see.
func (s *slicer) dies(n *node) bool {
	if n.kind != event {
		return false
	}
	switch n.op.Kind {
	case model.OpExit:
		return true
	case model.OpPanic:
		return !s.recovers[n.routine.owner]
	case model.OpGoexit: // of a test that has failed: see localOp
		return n.routine.owner.index == 0 && n.op.Text != "runtime.Goexit"
	}
	return false
}

// onward is the node that matters from node id on, itself included.
func (s *slicer) onward(id int) int {
	if s.keep[id] || s.nodes[id].kind == leave {
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
		for i := len(s.nodes) - 1; i >= 0; i-- {
			n := s.nodes[i]
			if s.keep[i] || n.kind == leave || s.dies(n) {
				continue
			}
			to := s.to[i]
			for _, t := range n.next {
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
func (s *slicer) matters(n *node) bool {
	switch n.kind {
	case branch:
		return s.decides(n)
	case register:
		return s.keep[s.deferredAt(n)]
	case event:
		return !s.dies(n) && s.opMatters(n)
	}
	return false
}

// decides reports whether the ways of a branch lead to different nodes, or one
// ends the process and what the other learns is asked elsewhere.
func (s *slicer) decides(n *node) bool {
	if len(n.next) != 2 {
		return false
	}
	if n.routine == s.roots[0] && len(s.scene.Parts) > 0 {
		return true // a client gives up where a call fails
	}
	a, b := s.onward(n.next[0]), s.onward(n.next[1])
	switch {
	case a == several || b == several:
		return true
	case a == b || a >= 0 && b >= 0 && s.class(a) == s.class(b):
		return a != b && s.tells(n)
	case a != nowhere && b != nowhere:
		return true
	}
	c := n.block.Cond
	if c == nil {
		return false
	}
	known := func(t *model.Term) bool { return t != nil && t.Var != nil && s.vars[t.Var] }
	return s.tested[c.Stable] || s.tested[c.Key] || known(c.X) || known(c.Y)
}

// opMatters reports whether performing the op changes something.
func (s *slicer) opMatters(n *node) bool {
	op, o := n.op, s.world.of(n.op)
	switch op.Kind {
	case model.OpSet:
		return s.vars[op.Var] || s.about[op.Var]
	case model.OpCall:
		if n.calls != nil {
			return s.inline[n.calls] || n.calls.wants != nil
		}
		return s.watched(op.Ctx)
	case model.OpCancel:
		return s.watched(op.Ctx)
	case model.OpDerive:
		return op.Made != nil && s.watched([]*model.Ctx{op.Made})
	case model.OpReturn:
		return n.routine.up == nil || s.inline[n.routine] && n.routine.wants != nil && !n.routine.late && len(op.Rets) > 0
	case model.OpSelect:
		return len(op.Cases) == 0 || slices.ContainsFunc(op.Cases, s.communicates)
	case model.OpSend, model.OpReceive, model.OpRange, model.OpClose:
		return s.communicates(op)
	case model.OpLock, model.OpUnlock:
		return o != nil && o.local && !s.harmless[o]
	case model.OpAcquire:
		return o != nil && o.local || s.events[op.Gives]
	case model.OpRelease, model.OpAdd, model.OpDone, model.OpLimit:
		return o != nil && o.local
	case model.OpRecover:
		return s.panics[n.routine.owner] || s.events[op.Gives]
	case model.OpNew:
		return o == nil || o.local
	case model.OpCtxErr, model.OpStore, model.OpSleep:
		return false
	}
	return true
}

// communicates reports whether an op is on a channel that the program plays, or
// waits for the end of a context.
func (s *slicer) communicates(op *model.Op) bool {
	if _, isDone := s.world.done(op); isDone {
		return true
	}
	o := s.world.of(op)
	return o != nil && o.local
}

// watched reports whether somebody asks whether one of the contexts has ended.
func (s *slicer) watched(cs []*model.Ctx) bool {
	return slices.ContainsFunc(cs, func(c *model.Ctx) bool { o := s.world.index[c]; return o == nil || o.watched })
}

// reads notes what a node that matters asks.
func (s *slicer) reads(n *node) {
	if n.kind == branch {
		c := n.block.Cond
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
	if n.op == nil || n.kind != event {
		return
	}
	switch n.op.Kind {
	case model.OpSet:
		if s.vars[n.op.Var] {
			s.term(n.op.Val)
		}
	case model.OpReturn:
		s.results(n)
	}
}

// results notes what is asked about the results of a return.
func (s *slicer) results(n *node) {
	r, rets := n.routine, n.op.Rets
	if r.up == nil && len(rets) > 0 && r.task != nil && s.counter(r.task) != nil {
		r.wants.Add(len(rets) - 1)
	}
	for i, t := range rets {
		if r.wants.Has(i) && (s.fixed[n.id] == nil || s.fixed[n.id][i] == unknown) {
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
			if !r.wants.Has(t.Index) {
				r.wants.Add(t.Index)
				s.grown = true
				for _, n := range s.returns[r] {
					if s.keep[n.id] {
						s.results(n)
					}
				}
			}
		}
	}
	for _, o := range s.sources[t.Gives] {
		if !o.valued {
			o.valued, s.grown = true, true
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
		if s.keep[n.id] {
			s.term(n.op.Val) // it was kept for a condition that mentions it
		}
	}
}

// shorten skips what does not matter. A way on which nothing more is done, and
// that does not end either, leads to a node of its own.
func (s *slicer) shorten() {
	ends := s.ending()
	idle := len(s.nodes)
	s.program.nodes = append(s.nodes, &node{id: idle, kind: endless, routine: s.roots[0]})
	onward := func(id int) int {
		switch v := s.onward(id); {
		case v >= 0:
			return v
		case ends[id]:
			return id
		}
		return idle
	}
	for _, n := range s.nodes[:idle] {
		for i, t := range n.next {
			n.next[i] = onward(t)
		}
	}
	for _, r := range s.routines {
		r.entry = onward(r.entry)
		r.deferred = slices.DeleteFunc(r.deferred, func(id int) bool { return !s.keep[id] })
	}
	for _, n := range s.nodes {
		switch {
		case n.kind != event:
		case n.op.Kind == model.OpReturn:
			n.gives = s.fixed[n.id]
		case n.calls != nil && s.keep[n.id] && !s.inline[n.calls]:
			n.outcome, n.calls = outcomeOf(n.calls.body), nil
		}
	}
	s.program.left = s.reachable()
}

// reachable lists the nodes that something still leads to.
func (p *program) reachable() []*node {
	var from []int
	for _, r := range p.roots {
		from = append(from, r.entry, r.exit)
	}
	seen := make([]bool, len(p.nodes))
	for len(from) > 0 {
		id := from[len(from)-1]
		from = from[:len(from)-1]
		if !seen[id] {
			seen[id] = true
			from = append(from, p.follow(p.nodes[id])...)
		}
	}
	var out []*node
	for _, n := range p.nodes {
		if seen[n.id] {
			out = append(out, n)
		}
	}
	return out
}

// ending marks the nodes from which the process can come to a sudden end.
func (s *slicer) ending() []bool {
	ends := make([]bool, len(s.nodes))
	for changed := true; changed; {
		changed = false
		for i := len(s.nodes) - 1; i >= 0; i-- {
			n := s.nodes[i]
			if !ends[i] && (s.dies(n) || slices.ContainsFunc(n.next, func(t int) bool { return ends[t] })) {
				ends[i], changed = true, true
			}
		}
	}
	return ends
}
