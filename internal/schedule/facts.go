package schedule

import (
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// What a process has to remember.
//
// A process knows the values of the variables that some condition still tests,
// and the outcome of conditions that it may meet again. All else is forgotten:
// two states that differ only in what does not matter any more are one.

type bits = model.Bits

// memory is the facts of a program: variables and conditions, numbered.
type memory struct {
	vars   map[*model.Var]int
	keys   map[string]int
	stable map[string]int
	size   int
	// about lists the conditions that mention a variable.
	about  map[*model.Var][]int
	consts map[string]value
	// fields are what is known of the fields of messages, by the constant that
	// stands for the message.
	fields map[value]map[string]value
	// inherits are the facts that a task can take over from who starts it: about
	// variables that are set at most once after they came to be.
	inherits bits
	inside   map[*model.Loop]int
}

func newMemory(p *program) *memory {
	m := &memory{vars: map[*model.Var]int{}, keys: map[string]int{}, stable: map[string]int{}, about: map[*model.Var][]int{},
		consts: map[string]value{}, fields: map[value]map[string]value{}, inside: map[*model.Loop]int{}}
	for _, n := range p.left {
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
		m.variable(c.Part)
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
func (m *memory) variable(t *model.Term) bool {
	if t == nil {
		return false
	}
	grown := false
	for _, v := range []*model.Var{t.Var, t.After} {
		if _, ok := m.vars[v]; !ok && v != nil {
			m.vars[v] = m.size
			m.size++
			grown = true
		}
	}
	return grown
}

// assigned adds the variables that variables that matter get their values from,
// and those that are returned.
func (m *memory) assigned(p *program) {
	sets := map[*model.Var]int{}
	for _, n := range p.left {
		if n.op == nil {
			continue
		}
		for i, t := range n.op.Rets {
			if n.asks(i) {
				m.terms(t)
			}
		}
		for _, op := range p.messages(n) {
			m.terms(op.Val)
		}
		if n.op.Kind == model.OpSet && n.kind == event && (n.op.Val == nil || n.op.Val.Const == "") {
			sets[n.op.Var]++
		}
	}
	for changed := true; changed; {
		changed = false
		for _, n := range p.left {
			if n.op == nil || n.op.Kind != model.OpSet {
				continue
			}
			if _, ok := m.vars[n.op.Var]; ok {
				changed = m.terms(n.op.Val) || changed
			}
		}
	}
	for _, i := range m.keys {
		m.inherits.Add(i)
	}
	for v, i := range m.vars {
		if sets[v] <= 1 {
			m.inherits.Add(i)
		}
	}
	for v, keys := range m.about {
		for _, k := range keys {
			if sets[v] > 1 {
				m.inherits.Drop(k)
			}
		}
	}
}

func (m *memory) terms(t *model.Term) bool {
	if t == nil {
		return false
	}
	grown := m.variable(t)
	for _, w := range t.Wraps {
		grown = m.terms(w) || grown
	}
	for _, f := range t.Fields {
		grown = m.terms(f.Val) || grown
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

// liveness computes which facts matter before each node: backwards over the
// graph, in which a call leads into its routine, the end of a routine to its
// deferred ops and to what follows the call, and the start of a task also to
// the task's own first node.
func (p *program) liveness() {
	p.live = make([]bits, len(p.nodes))
	var in bits
	for changed := true; changed; {
		changed = false
		for _, n := range slices.Backward(p.left) {
			in = in[:0]
			for _, t := range p.flow[n.id] {
				in.Join(p.live[t])
			}
			p.uses(n, &in)
			changed = p.live[n.id].Join(in) || changed
		}
	}
}

// uses turns what matters after n into what matters before it.
func (p *program) uses(n *node, in *bits) {
	read := func(t *model.Term) {
		p.mem.each(t, func(i int) { in.Add(i) })
	}
	switch {
	case n.kind == branch && n.block.Cond != nil:
		c := n.block.Cond
		read(c.X)
		read(c.Y)
		read(c.Part)
		if i, ok := p.mem.keys[c.Key]; ok && c.Stable == "" {
			in.Add(i)
		}
	case n.kind == event && n.op.Kind == model.OpSet:
		i, ok := p.mem.vars[n.op.Var]
		needed := ok && in.Has(i)
		if ok {
			in.Drop(i)
		}
		for _, k := range p.mem.about[n.op.Var] {
			in.Drop(k)
		}
		if needed {
			read(n.op.Val)
		}
	case n.kind == event && (n.op.Kind == model.OpSend || n.op.Kind == model.OpSelect):
		for _, op := range p.messages(n) {
			read(op.Val)
		}
	case n.kind == event && n.op.Kind == model.OpReturn:
		for i, t := range n.op.Rets {
			if n.asks(i) {
				read(t)
			}
		}
	}
}

// each calls f for the variables that a term reads.
func (m *memory) each(t *model.Term, f func(int)) {
	if t == nil {
		return
	}
	for _, v := range []*model.Var{t.Var, t.After} {
		if i, ok := m.vars[v]; ok {
			f(i)
		}
	}
	for _, w := range t.Wraps {
		m.each(w, f)
	}
	for _, x := range t.Fields {
		m.each(x.Val, f)
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
	if n.kind == event && n.op.Kind == model.OpSpawn && n.op.Task != nil {
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
