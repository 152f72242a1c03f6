package program

import (
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// What a process has to remember.
//
// A process knows the values of the variables that some condition still tests,
// and the outcome of conditions that it may meet again. All else is forgotten:
// two states that differ only in what does not matter any more are one.

// A Value is what a process knows of a variable or result.
type Value = uint8

const (
	Unknown Value = iota
	IsNil
	NotNil
	IsTrue
	IsFalse
	Counted // counted up from nought
	// Constants are numbered from there on by whoever plays the program.
)

// Memory is the facts of a program: variables and conditions, numbered.
type Memory struct {
	Vars   map[*model.Var]int
	Keys   map[string]int
	Stable map[string]int
	Size   int
	// About lists the conditions that mention a variable.
	About map[*model.Var][]int
	// Inherits are the facts that a task can take over from who starts it: about
	// variables that are set at most once after they came to be.
	Inherits bits
	Inside   map[*model.Loop]int
}

func newMemory(p *Program) *Memory {
	m := &Memory{Vars: map[*model.Var]int{}, Keys: map[string]int{}, Stable: map[string]int{}, About: map[*model.Var][]int{},
		Inside: map[*model.Loop]int{}}
	for _, n := range p.left {
		if n.Kind == Branch && n.Block.Heads != nil {
			if _, ok := m.Inside[n.Block.Heads]; !ok {
				m.Inside[n.Block.Heads] = len(m.Inside)
			}
		}
		if n.Kind != Branch || n.Block.Cond == nil {
			continue
		}
		c := n.Block.Cond
		m.variable(c.X)
		m.variable(c.Y)
		m.variable(c.Part)
		if c.Stable != "" {
			if _, ok := m.Stable[c.Stable]; !ok {
				m.Stable[c.Stable] = len(m.Stable)
			}
		} else if c.Key != "" {
			if _, ok := m.Keys[c.Key]; !ok {
				m.Keys[c.Key] = m.Size
				m.Size++
				for _, v := range c.Vars {
					m.About[v] = append(m.About[v], m.Keys[c.Key])
				}
			}
		}
	}
	m.assigned(p)
	return m
}

// variable numbers a variable that matters.
func (m *Memory) variable(t *model.Term) bool {
	if t == nil {
		return false
	}
	grown := false
	for _, v := range []*model.Var{t.Var, t.After} {
		if _, ok := m.Vars[v]; !ok && v != nil {
			m.Vars[v] = m.Size
			m.Size++
			grown = true
		}
	}
	return grown
}

// assigned adds the variables that variables that matter get their values from,
// and those that are returned.
func (m *Memory) assigned(p *Program) {
	sets := map[*model.Var]int{}
	for _, n := range p.left {
		if n.Op == nil {
			continue
		}
		for i, t := range n.Op.Rets {
			if n.asks(i) {
				m.terms(t)
			}
		}
		for _, op := range p.Messages(n) {
			m.terms(op.Val)
		}
		for _, c := range n.Op.Cases {
			m.terms(&model.Term{Var: c.Var})
		}
		if n.Op.Kind == model.OpSet && n.Kind == Event && (n.Op.Val == nil || n.Op.Val.Const == "") {
			sets[n.Op.Var]++
		}
	}
	for changed := true; changed; {
		changed = false
		for _, n := range p.left {
			if n.Op == nil || n.Op.Kind != model.OpSet {
				continue
			}
			if _, ok := m.Vars[n.Op.Var]; ok {
				changed = m.terms(n.Op.Val) || changed
			}
		}
	}
	for _, i := range m.Keys {
		m.Inherits.Add(i)
	}
	for v, i := range m.Vars {
		if sets[v] <= 1 {
			m.Inherits.Add(i)
		}
	}
	for v, keys := range m.About {
		for _, k := range keys {
			if sets[v] > 1 {
				m.Inherits.Drop(k)
			}
		}
	}
}

func (m *Memory) terms(t *model.Term) bool {
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

// liveness computes which facts matter before each node: backwards over the
// graph, in which a call leads into its routine, the end of a routine to its
// deferred ops and to what follows the call, and the start of a task also to
// the task's own first node.
func (p *Program) liveness() {
	p.Live = make([]bits, len(p.Nodes))
	var in bits
	for changed := true; changed; {
		changed = false
		for _, n := range slices.Backward(p.left) {
			in = in[:0]
			for _, t := range p.flow[n.ID] {
				in.Join(p.Live[t])
			}
			p.uses(n, &in)
			changed = p.Live[n.ID].Join(in) || changed
		}
	}
}

// uses turns what matters after n into what matters before it.
func (p *Program) uses(n *Node, in *bits) {
	read := func(t *model.Term) {
		p.Memory.each(t, func(i int) { in.Add(i) })
	}
	switch {
	case n.Kind == Branch && n.Block.Cond != nil:
		c := n.Block.Cond
		read(c.X)
		read(c.Y)
		read(c.Part)
		if i, ok := p.Memory.Keys[c.Key]; ok && c.Stable == "" {
			in.Add(i)
		}
	case n.Kind == Event && n.Op.Kind == model.OpSet:
		i, ok := p.Memory.Vars[n.Op.Var]
		needed := ok && in.Has(i)
		if ok {
			in.Drop(i)
		}
		for _, k := range p.Memory.About[n.Op.Var] {
			in.Drop(k)
		}
		if needed {
			read(n.Op.Val)
		}
	case n.Kind == Event && (n.Op.Kind == model.OpSend || n.Op.Kind == model.OpSelect):
		for _, op := range p.Messages(n) {
			read(op.Val)
		}
		for _, c := range n.Op.Cases {
			read(&model.Term{Var: c.Var})
		}
	case n.Kind == Event && n.Op.Kind == model.OpReturn:
		for i, t := range n.Op.Rets {
			if n.asks(i) {
				read(t)
			}
		}
	}
}

// each calls f for the variables that a term reads.
func (m *Memory) each(t *model.Term, f func(int)) {
	if t == nil {
		return
	}
	for _, v := range []*model.Var{t.Var, t.After} {
		if i, ok := m.Vars[v]; ok {
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
func (p *Program) follow(n *Node) []int {
	out := append([]int(nil), n.Next...)
	if n.Kind == Register {
		out = append(out, p.DeferredAt(n))
	}
	if n.Calls != nil {
		out = append(out, n.Calls.Entry)
	}
	if n.Kind == Event && n.Op.Kind == model.OpSpawn && n.Op.Task != nil {
		if r := p.Tasks[n.Op.Task]; r != nil {
			out = append(out, r.Entry)
		}
	}
	if n.Kind == Leave {
		out = append(out, n.Routine.deferred...)
		if n.Routine.Up != nil {
			out = append(out, p.Nodes[n.Routine.Site].Next...)
			out = append(out, n.Routine.Up.Exit)
		}
	}
	return out
}
