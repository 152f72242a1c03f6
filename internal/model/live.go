package model

import (
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

// liveSet is what matters at the entry of a block.
type liveSet struct {
	vars map[*Var]bool
	keys map[string]bool
}

func newLiveSet() liveSet { return liveSet{map[*Var]bool{}, map[string]bool{}} }

// liveness computes the sets of all blocks once per body.
func (b *Body) liveness() []liveSet {
	if b.live != nil {
		return b.live
	}
	b.live = make([]liveSet, len(b.Blocks))
	for i := range b.live {
		b.live[i] = newLiveSet()
	}
	for changed := true; changed; {
		changed = false
		for _, blk := range slices.Backward(b.Blocks) {
			in := blk.liveIn(b.live)
			old := b.live[blk.Index]
			if len(in.vars) != len(old.vars) || len(in.keys) != len(old.keys) {
				b.live[blk.Index], changed = in, true
			}
		}
	}
	return b.live
}

// liveIn is what matters before the block, given what matters after it.
func (blk *Block) liveIn(after []liveSet) liveSet {
	in := newLiveSet()
	for _, s := range blk.Succs {
		for v := range after[s.Index].vars {
			in.vars[v] = true
		}
		for k := range after[s.Index].keys {
			in.keys[k] = true
		}
	}
	if c := blk.Cond; c != nil {
		if c.Key != "" {
			in.keys[c.Key] = true
		}
		in.read(c.X)
		in.read(c.Y)
	}
	for _, op := range slices.Backward(blk.Ops) {
		switch op.Kind {
		case OpSet:
			in.set(op)
		case OpReturn:
			if op.ErrVar != nil {
				in.vars[op.ErrVar] = true
				in.keys[op.ErrVar.Key()+" == nil"] = true
			}
		}
		for _, u := range op.AllUses() {
			if u.Var != nil {
				in.vars[u.Var] = true
			}
		}
	}
	return in
}

func (l liveSet) read(t *Term) {
	if t != nil && t.Var != nil {
		l.vars[t.Var] = true
	}
}

// set is an assignment: what was known of the variable before does not matter,
// what it is assigned from does if it does.
func (l liveSet) set(op *Op) {
	needed := l.vars[op.Var]
	delete(l.vars, op.Var)
	for k := range l.keys {
		if mentions(k, op.Var.Key()) {
			delete(l.keys, k)
		}
	}
	if needed {
		l.read(op.Val)
	}
}

// forget drops the facts that do not matter at a block.
func (f facts) forget(l liveSet) facts {
	var g facts // most paths know nothing
	for v, op := range f.set {
		if l.vars[v] {
			if g.set == nil {
				g.set = make(map[*Var]*Op, len(f.set))
			}
			g.set[v] = op
			// The value may be another variable, whose value then matters.
			for t := op.Val; t != nil && t.Var != nil && f.set[t.Var] != nil && g.set[t.Var] == nil; t = f.set[t.Var].Val {
				g.set[t.Var] = f.set[t.Var]
			}
		}
	}
	for k, b := range f.cond {
		if l.keys[k] {
			if g.cond == nil {
				g.cond = make(map[string]bool, len(f.cond))
			}
			g.cond[k] = b
		}
	}
	return g
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
