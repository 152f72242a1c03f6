package model

import (
	"maps"
	"slices"
	"strings"
)

// What a path needs to remember.
//
// Without forgetting, every "if err != nil" would double the paths of a Walk.
// A fact matters at a block only if some way on tests it again before it is
// overwritten: the usual liveness, backwards over the blocks of a body, of
// conditions by key and of variables whose value a condition, a return or a use
// of a context reads.

// A pathIndex numbers what the paths of a body know about, and says where it matters.
type pathIndex struct {
	vars  map[*Var]int
	keys  map[string]int
	reads []Bits // by variable, the conditions that read it, by their keys
	live  []liveSet
	// sets numbers the assignments by what a path knows after them.
	sets      map[setKey]int
	setOf     map[*Op]int
	constants map[setKey]*Op
}

// setKey is what tells assignments apart: the variable, the place and the constant.
type setKey struct {
	v, at int
	value string
}

// liveSet is what matters at the entry of a block, by number.
type liveSet struct{ vars, keys Bits }

// index is computed once per body.
func (b *Body) index() *pathIndex {
	if b.paths != nil {
		return b.paths
	}
	ix := &pathIndex{vars: map[*Var]int{}, keys: map[string]int{}, live: make([]liveSet, len(b.Blocks)),
		sets: map[setKey]int{}, setOf: map[*Op]int{}, constants: map[setKey]*Op{}}
	b.paths = ix
	for _, blk := range b.Blocks {
		if blk.Cond != nil && blk.Cond.Key != "" {
			ix.key(blk.Cond.Key)
		}
		for _, op := range blk.Ops {
			if op.Kind == OpReturn && op.ErrVar != nil {
				ix.key(op.ErrVar.Key() + " == nil")
			}
			for _, r := range op.Rets {
				if r != nil && r.Var != nil {
					ix.key(r.Var.Key())
				}
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for _, blk := range slices.Backward(b.Blocks) {
			in := ix.liveIn(blk)
			old := &ix.live[blk.Index]
			if !slices.Equal(in.vars, old.vars) || !slices.Equal(in.keys, old.keys) {
				*old, changed = in, true
			}
		}
	}
	return ix
}

func (ix *pathIndex) key(k string) int {
	n, ok := ix.keys[k]
	if !ok {
		n = len(ix.keys)
		ix.keys[k] = n
	}
	return n
}

func (ix *pathIndex) variable(v *Var) int {
	n, ok := ix.vars[v]
	if !ok {
		n = len(ix.vars)
		ix.vars[v] = n
		var reads Bits
		name := v.Key()
		for _, k := range slices.Sorted(maps.Keys(ix.keys)) {
			if mentions(k, name) {
				reads.Add(ix.keys[k])
			}
		}
		ix.reads = append(ix.reads, reads)
	}
	return n
}

// set numbers an assignment.
func (ix *pathIndex) set(op *Op) int {
	n, ok := ix.setOf[op]
	if !ok {
		k := setKey{ix.variable(op.Var), int(op.At.Pos), constOf(op.Val)}
		if n, ok = ix.sets[k]; !ok {
			n = len(ix.sets)
			ix.sets[k] = n
		}
		ix.setOf[op] = n
	}
	return n
}

// constant is the assignment that a condition stands for which has found x to be y.
func (ix *pathIndex) constant(x *Var, y *Term) *Op {
	k := setKey{v: ix.variable(x), value: y.Const}
	op := ix.constants[k]
	if op == nil {
		op = &Op{Kind: OpSet, Var: x, Val: y}
		ix.constants[k] = op
	}
	return op
}

// liveIn is what matters before the block, given what matters after it.
func (ix *pathIndex) liveIn(blk *Block) liveSet {
	var in liveSet
	for _, s := range blk.Succs {
		in.vars.Join(ix.live[s.Index].vars)
		in.keys.Join(ix.live[s.Index].keys)
	}
	if c := blk.Cond; c != nil {
		if c.Key != "" {
			in.keys.Add(ix.key(c.Key))
		}
		ix.read(&in, c.X)
		ix.read(&in, c.Y)
	}
	for _, op := range slices.Backward(blk.Ops) {
		switch op.Kind {
		case OpSet:
			ix.assigned(&in, op)
		case OpReturn:
			if op.ErrVar != nil {
				in.vars.Add(ix.variable(op.ErrVar))
				in.keys.Add(ix.key(op.ErrVar.Key() + " == nil"))
			}
			for _, r := range op.Rets {
				if ix.read(&in, r); r != nil && r.Var != nil {
					in.keys.Add(ix.key(r.Var.Key()))
				}
			}
		}
		for _, u := range op.AllUses() {
			if u.Var != nil {
				in.vars.Add(ix.variable(u.Var))
			}
		}
	}
	return in
}

func (ix *pathIndex) read(l *liveSet, t *Term) {
	if t != nil && t.Var != nil {
		l.vars.Add(ix.variable(t.Var))
	}
	if t != nil && t.After != nil {
		l.vars.Add(ix.variable(t.After))
	}
}

// assigned is an assignment: what was known of the variable before does not matter,
// what it is assigned from does if it does.
func (ix *pathIndex) assigned(l *liveSet, op *Op) {
	v := ix.variable(op.Var)
	needed := l.vars.Has(v)
	l.vars.Drop(v)
	l.keys = l.keys.Without(ix.reads[v])
	if needed {
		ix.read(l, op.Val)
	}
}

// mentions reports whether a condition's key reads the variable.
func mentions(key, name string) bool {
	for {
		i := strings.Index(key, name)
		if i < 0 {
			return false
		}
		rest := key[i+len(name):]
		if rest == "" || rest[0] < '0' || rest[0] > '9' {
			return true
		}
		key = rest
	}
}
