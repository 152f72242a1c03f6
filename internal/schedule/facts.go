package schedule

import (
	"slices"

	"github.com/gatherlint/gatherlint/internal/fanout"
)

// What a process has to remember.
//
// A process knows the values of the variables that some condition still tests,
// and the outcome of conditions that it may meet again. All else is forgotten:
// two states that differ only in what does not matter any more are one.

// A bits is a set of small numbers.
type bits []uint64

func (b bits) has(i int) bool { return i>>6 < len(b) && b[i>>6]&(1<<(i&63)) != 0 }

func (b *bits) add(i int) {
	for i>>6 >= len(*b) {
		*b = append(*b, 0)
	}
	(*b)[i>>6] |= 1 << (i & 63)
}

func (b *bits) drop(i int) {
	if i>>6 < len(*b) {
		(*b)[i>>6] &^= 1 << (i & 63)
	}
}

// meets reports whether b and c have a member in common.
func (b bits) meets(c bits) bool {
	for i := range min(len(b), len(c)) {
		if b[i]&c[i] != 0 {
			return true
		}
	}
	return false
}

// join adds the members of c and reports whether there were new ones.
func (b *bits) join(c bits) bool {
	grown := false
	for i, x := range c {
		for i >= len(*b) {
			*b = append(*b, 0)
		}
		if x&^(*b)[i] != 0 {
			(*b)[i] |= x
			grown = true
		}
	}
	return grown
}

// memory is the facts of a program: variables and conditions, numbered.
type memory struct {
	vars   map[*fanout.Var]int
	keys   map[string]int
	stable map[string]int
	size   int
	// about lists the conditions that mention a variable.
	about  map[*fanout.Var][]int
	consts map[string]value
	// inherits are the facts that a task can take over from who starts it: about
	// variables that are set at most once after they came to be.
	inherits bits
	inside   map[*fanout.Loop]int
}

func newMemory(p *program) *memory {
	m := &memory{vars: map[*fanout.Var]int{}, keys: map[string]int{}, stable: map[string]int{}, about: map[*fanout.Var][]int{},
		consts: map[string]value{}, inside: map[*fanout.Loop]int{}}
	for _, n := range p.nodes {
		if n.kind == branch && n.block.Heads != nil {
			if _, ok := m.inside[n.block.Heads]; !ok {
				m.inside[n.block.Heads] = len(m.inside)
			}
		}
		if n.kind != branch || n.block.Cond == nil {
			continue
		}
		c := n.block.Cond
		m.variable(c.X)
		m.variable(c.Y)
		if c.Stable != "" {
			if _, ok := m.stable[c.Stable]; !ok {
				m.stable[c.Stable] = len(m.stable)
			}
		} else if c.Key != "" {
			if _, ok := m.keys[c.Key]; !ok {
				m.keys[c.Key] = m.size
				m.size++
				for _, v := range c.Vars {
					m.about[v] = append(m.about[v], m.keys[c.Key])
				}
			}
		}
	}
	m.assigned(p)
	return m
}

// variable numbers a variable that matters.
func (m *memory) variable(t *fanout.Term) bool {
	if t == nil || t.Var == nil {
		return false
	}
	if _, ok := m.vars[t.Var]; ok {
		return false
	}
	m.vars[t.Var] = m.size
	m.size++
	return true
}

// assigned adds the variables that variables that matter get their values from,
// and those that are returned.
func (m *memory) assigned(p *program) {
	sets := map[*fanout.Var]int{}
	for _, n := range p.nodes {
		if n.op == nil {
			continue
		}
		for _, t := range n.op.Rets {
			m.terms(t)
		}
		if n.op.Kind == fanout.OpSet && n.kind == event && (n.op.Val == nil || n.op.Val.Const == "") {
			sets[n.op.Var]++
		}
	}
	for changed := true; changed; {
		changed = false
		for _, n := range p.nodes {
			if n.op == nil || n.op.Kind != fanout.OpSet {
				continue
			}
			if _, ok := m.vars[n.op.Var]; ok {
				changed = m.terms(n.op.Val) || changed
			}
		}
	}
	for _, i := range m.keys {
		m.inherits.add(i)
	}
	for v, i := range m.vars {
		if sets[v] <= 1 {
			m.inherits.add(i)
		}
	}
	for v, keys := range m.about {
		for _, k := range keys {
			if sets[v] > 1 {
				m.inherits.drop(k)
			}
		}
	}
}

func (m *memory) terms(t *fanout.Term) bool {
	if t == nil {
		return false
	}
	grown := m.variable(t)
	for _, w := range t.Wraps {
		grown = m.terms(w) || grown
	}
	return grown
}

// constant is the value that a constant's text stands for.
func (m *memory) constant(text string) value {
	switch text {
	case "nil":
		return isNil
	case "true":
		return isTrue
	case "false":
		return isFalse
	}
	v, ok := m.consts[text]
	if !ok {
		if len(m.consts) > 200 {
			return unknown
		}
		v = firstConst + value(len(m.consts))
		m.consts[text] = v
	}
	return v
}

// equal compares two values; known is false when they do not tell.
func equal(x, y value, zero value) (eq, known bool) {
	switch {
	case x == unknown || y == unknown:
		return false, false
	case x == counted || y == counted:
		return false, x != y && (x == zero || y == zero)
	case x == notNil || y == notNil:
		return false, x == isNil || y == isNil
	}
	return x == y, true
}

// simplify lets every node that does nothing but lead to one other node be that
// node: most conditions of a function decide about nothing that matters here.
func (p *program) simplify() {
	p.mem = newMemory(p)
	p.harmlessLocks()
	// Calls of functions that turn out to do nothing need another round.
	for range maxRounds {
		p.shorten()
	}
	p.mem = newMemory(p.reachable())
	p.carried()
}

// carried finds the channels on which all values are nil, or none is.
func (p *program) carried() {
	first := map[*object]bool{}
	for _, n := range p.nodes {
		if n.op == nil {
			continue
		}
		for _, op := range append([]*fanout.Op{n.op}, n.op.Cases...) {
			o := p.world.of(op)
			if op.Kind != fanout.OpSend || o == nil {
				continue
			}
			v := unknown
			switch {
			case op.Val == nil:
			case op.Val.NonNil:
				v = notNil
			case op.Val.Const != "":
				v = p.mem.constant(op.Val.Const)
			}
			if !first[o] {
				o.carries = v
			} else if o.carries != v {
				o.carries = unknown
			}
			first[o] = true
		}
	}
}

// maxRounds is how many calls deep functions that do nothing are recognised.
const maxRounds = 4

func (p *program) shorten() {
	idle := make([]bool, len(p.nodes))
	for _, n := range p.nodes {
		idle[n.id] = n.kind == pass || n.kind == branch || n.kind == event && p.nothing(n)
	}
	to := p.targets(idle)
	for _, n := range p.nodes {
		for i, t := range n.next {
			n.next[i] = to[t]
		}
	}
	for _, r := range p.routines {
		r.entry = to[r.entry]
	}
}

// nothing reports whether performing the op changes nothing.
func (p *program) nothing(n *node) bool {
	op := n.op
	switch op.Kind {
	case fanout.OpSet:
		_, ok := p.mem.vars[op.Var]
		return !ok && len(p.mem.about[op.Var]) == 0
	case fanout.OpCall:
		if n.calls != nil {
			return n.calls.entry == n.calls.exit && len(n.calls.deferred) == 0
		}
		return len(op.Ctx) == 0
	case fanout.OpLock, fanout.OpUnlock:
		return p.harmless[p.world.of(op)]
	case fanout.OpReturn:
		return n.routine.up != nil && len(op.Rets) == 0
	case fanout.OpCtxErr, fanout.OpStore, fanout.OpSleep:
		return true
	case fanout.OpDerive:
		return op.Made == nil
	}
	return false
}

// targets gives for each idle node the one node that does something which idle nodes
// from there on lead to, and itself for each other node, or where there are several
// or none. The leaving of a routine counts as something.
func (p *program) targets(idle []bool) []int {
	before := make([][]int, len(p.nodes))
	ahead := make([][]int, len(p.nodes)) // of what a node leads to, two at most
	var todo []int
	for _, n := range p.nodes {
		for _, t := range n.next {
			before[t] = append(before[t], n.id)
		}
		if !idle[n.id] {
			ahead[n.id] = []int{n.id}
			todo = append(todo, n.id)
		}
	}
	for len(todo) > 0 {
		x := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, b := range before[x] {
			if !idle[b] || len(ahead[b]) > 1 {
				continue
			}
			grown := false
			for _, t := range ahead[x] {
				if len(ahead[b]) < 2 && !slices.Contains(ahead[b], t) {
					ahead[b], grown = append(ahead[b], t), true
				}
			}
			if grown {
				todo = append(todo, b)
			}
		}
	}
	to := make([]int, len(p.nodes))
	for i := range to {
		to[i] = i
		if idle[i] && len(ahead[i]) == 1 {
			to[i] = ahead[i][0]
		}
	}
	return to
}

// reachable is the program without the nodes that nothing leads to any more.
func (p *program) reachable() *program {
	var from []int
	for _, r := range p.routines {
		from = append(append(from, r.entry, r.exit), r.deferred...)
	}
	seen := make([]bool, len(p.nodes))
	p.every(from, func(n *node) (onward, fine bool) {
		seen[n.id] = true
		return true, true
	})
	q := *p
	q.nodes = nil
	for _, n := range p.nodes {
		if seen[n.id] {
			q.nodes = append(q.nodes, n)
		}
	}
	return &q
}

// liveness computes which facts matter before each node: backwards over the
// graph, in which a call leads into its routine, the end of a routine to its
// deferred ops and to what follows the call, and the start of a task also to
// the task's own first node.
func (p *program) liveness() {
	p.live = make([]bits, len(p.nodes))
	for changed := true; changed; {
		changed = false
		for i := len(p.nodes) - 1; i >= 0; i-- {
			n := p.nodes[i]
			var in bits
			for _, t := range p.follow(n) {
				in.join(p.live[t])
			}
			p.uses(n, &in)
			changed = p.live[i].join(in) || changed
		}
	}
}

// uses turns what matters after n into what matters before it.
func (p *program) uses(n *node, in *bits) {
	read := func(t *fanout.Term) {
		p.mem.each(t, func(i int) { in.add(i) })
	}
	switch {
	case n.kind == branch && n.block.Cond != nil:
		c := n.block.Cond
		read(c.X)
		read(c.Y)
		if i, ok := p.mem.keys[c.Key]; ok && c.Stable == "" {
			in.add(i)
		}
	case n.kind == event && n.op.Kind == fanout.OpSet:
		i, ok := p.mem.vars[n.op.Var]
		needed := ok && in.has(i)
		if ok {
			in.drop(i)
		}
		for _, k := range p.mem.about[n.op.Var] {
			in.drop(k)
		}
		if needed {
			read(n.op.Val)
		}
	case n.kind == event && n.op.Kind == fanout.OpReturn:
		for _, t := range n.op.Rets {
			read(t)
		}
	}
}

// each calls f for the variables that a term reads.
func (m *memory) each(t *fanout.Term, f func(int)) {
	if t == nil {
		return
	}
	if t.Var != nil {
		if i, ok := m.vars[t.Var]; ok {
			f(i)
		}
	}
	for _, w := range t.Wraps {
		m.each(w, f)
	}
}

// follow lists the nodes that can come after n, in its process or in one that it
// starts.
func (p *program) follow(n *node) []int {
	out := append([]int(nil), n.next...)
	if n.kind == register {
		out = append(out, p.deferredAt(n))
	}
	if n.calls != nil {
		out = append(out, n.calls.entry)
	}
	if n.kind == event && n.op.Kind == fanout.OpSpawn && n.op.Task != nil {
		if r := p.tasks[n.op.Task]; r != nil {
			out = append(out, r.entry)
		}
	}
	if n.kind == leave {
		out = append(out, n.routine.deferred...)
		if n.routine.up != nil {
			out = append(out, p.nodes[n.routine.site].next...)
			out = append(out, n.routine.up.exit)
		}
	}
	return out
}
