package check

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/routine"
)

// A schedule is played with numbers. Whether "len(hives) added, and keepers tasks
// done" comes out depends on a contract between the two that the code does not
// state, so what a WaitGroup is added and what it is done are compared only where
// both grow with the same numbers.

// comparable reports whether a schedule in which the counter does not come out
// proves that it does not.
func (c *counter) comparable() bool {
	total := int64(0)
	for _, ops := range c.adds {
		for _, op := range ops {
			if op.N == nil || !routine.Positive(op.N) {
				return false
			}
			total += op.N.Const
		}
	}
	if len(c.adds) == 0 || len(c.dones) == 0 {
		return true
	}
	adds, dones := c.symbols(c.adds), c.symbols(c.dones)
	if slices.Equal(adds, dones) {
		return !c.chosenApart()
	}
	return len(adds) == 0 && total == 1 // one for all that a loop starts: nobody writes a loop for one
}

// symbols are the numbers that decide how much the ops count together.
func (c *counter) symbols(ops map[*routine.Routine][]*model.Op) []string {
	all := map[string]bool{}
	for _, list := range ops {
		for _, op := range list {
			for _, s := range c.symbolsOf(op) {
				all[s] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// symbolsOf are likewise those of one op: what it adds, and how often the loops
// around it run, those around the call or the start of its function too.
func (c *counter) symbolsOf(op *model.Op) []string {
	all := map[string]bool{}
	note := func(n *model.Size) {
		for _, t := range n.Terms {
			all[t.Sym] = true
		}
	}
	if op.N != nil {
		note(op.N)
	}
	for at, r := op, c.homes[op].Routine; at != nil && r != nil; at, r = r.Spawn, r.Up {
		for _, h := range c.path(r, at) {
			for _, l := range h.Block.Loops {
				if l.Count == nil {
					all[fmt.Sprintf("loop %p", l)] = true
					continue
				}
				note(l.Count)
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// chosenApart reports whether one condition decides about what is added, and
// another one about what is done: they may belong together, and the code does not
// say so. Whether a call fails belongs to nothing.
func (c *counter) chosenApart() bool {
	for _, r := range c.all {
		added, done := c.decided(r, c.adds[r]), c.decided(r, c.doing(r))
		for k := range added {
			if done[k] != nil {
				delete(added, k)
				delete(done, k)
			}
		}
		if len(added) > 0 && len(done) > 0 || split(added) || split(done) || c.onlyInCases(r) {
			return true
		}
	}
	return false
}

// onlyInCases reports whether all that counts down in a goroutine stands in the cases of
// one switch over constants, which has several of them and no default: that a value is
// none of them may have been ruled out before.
func (c *counter) onlyInCases(r *routine.Routine) bool {
	ops := c.doing(r)
	if len(ops) == 0 || c.homes[ops[0]].Body == nil {
		return false
	}
	body := c.homes[ops[0]].Body
	for _, first := range body.Blocks {
		cases, none := casesFrom(first)
		if len(cases) < 2 || !joinedBeside(body, cases, none) {
			continue
		}
		inside := func(op *model.Op) bool {
			h := c.homes[op]
			return h.Body == body && slices.ContainsFunc(cases, func(b *model.Block) bool { return dominates(body, equal(b), h.Block) })
		}
		if !slices.ContainsFunc(ops, func(op *model.Op) bool { return !inside(op) }) {
			return true
		}
	}
	return false
}

// casesFrom are the blocks, from first on, that compare one value with a constant, each
// where it was not equal to those before, and where it leads that it is none of them.
func casesFrom(first *model.Block) (cases []*model.Block, none *model.Block) {
	for b := first; comparesConst(b) && b.Cond.X.Var == first.Cond.X.Var && b.Cond.X.Field == first.Cond.X.Field && !slices.Contains(cases, b); b = none {
		cases = append(cases, b)
		none = b.Succs[0]
		if none == equal(b) {
			none = b.Succs[1]
		}
	}
	return cases, none
}

func comparesConst(b *model.Block) bool {
	return len(b.Succs) == 2 && b.Cond != nil && b.Cond.X != nil && b.Cond.X.Var != nil && b.Cond.Y != nil && b.Cond.Y.Const != "" && !b.Cond.Fails
}

// equal is where a block leads that compares, if what it compares is equal.
func equal(b *model.Block) *model.Block {
	if b.Cond.Neg {
		return b.Succs[1]
	}
	return b.Succs[0]
}

// joinedBeside reports whether a block other than the cases leads to at as well: it is no
// case of its own.
func joinedBeside(body *model.Body, cases []*model.Block, at *model.Block) bool {
	return slices.ContainsFunc(body.Blocks, func(b *model.Block) bool { return !slices.Contains(cases, b) && slices.Contains(b.Succs, at) })
}

// dominates reports whether every path of the body to b comes past a.
func dominates(body *model.Body, a, b *model.Block) bool {
	reached := model.Reached(body.Blocks[:1], func(x *model.Block) []*model.Block {
		if x == a {
			return nil
		}
		return x.Succs
	})
	return a == b || !reached[b]
}

// split reports whether two conditions decide about different ops: one may hold just
// when the other does not.
func split(by map[string]map[*model.Op]bool) bool {
	sets := slices.SortedFunc(maps.Values(by), func(xs, ys map[*model.Op]bool) int { return cmp.Compare(len(xs), len(ys)) })
	for i := 1; i < len(sets); i++ {
		for op := range sets[i-1] {
			if !sets[i][op] {
				return true
			}
		}
	}
	return false
}

// doing are the ops of a goroutine by which the counter goes down sooner or later.
func (c *counter) doing(r *routine.Routine) []*model.Op {
	out := slices.Clone(c.dones[r])
	for _, k := range r.Kids {
		if slices.ContainsFunc(c.below(k), func(x *routine.Routine) bool { return len(c.dones[x]) > 0 }) {
			out = append(out, k.Spawn)
		}
	}
	return out
}

// decided lists the conditions of a goroutine that decide whether one of the ops is
// come to, each with the ops that it decides about.
func (c *counter) decided(r *routine.Routine, ops []*model.Op) map[string]map[*model.Op]bool {
	within := map[*model.Body]map[*model.Block][]*model.Op{}
	for _, op := range ops {
		for _, h := range c.path(r, op) {
			if within[h.Body] == nil {
				within[h.Body] = map[*model.Block][]*model.Op{}
			}
			within[h.Body][h.Block] = append(within[h.Body][h.Block], op)
		}
	}
	out := map[string]map[*model.Op]bool{}
	for body, at := range within {
		for _, b := range body.Blocks {
			k := conditionOf(b)
			if k == "" {
				continue
			}
			yes, no := leads(body, b, 0), leads(body, b, 1)
			for blk, list := range at {
				if blk == b || yes[blk.Index] == no[blk.Index] {
					continue
				}
				if out[k] == nil {
					out[k] = map[*model.Op]bool{}
				}
				for _, op := range list {
					out[k][op] = true
				}
			}
		}
	}
	return out
}

// conditionOf names the condition at the end of a block, "" if there is none whose
// outcome may depend on that of another one.
func conditionOf(b *model.Block) string {
	switch c := b.Cond; {
	case len(b.Succs) != 2 || b.Heads != nil || c != nil && c.Fails:
		return ""
	case c == nil || c.Key == "" && c.Stable == "":
		return fmt.Sprintf("block %p", b)
	case c.Stable != "":
		return c.Stable
	default:
		return c.Key
	}
}

// leads tells, by index, the blocks of the body that the way out of b comes to without
// coming back to b.
func leads(body *model.Body, b *model.Block, way int) []bool {
	seen := make([]bool, len(body.Blocks))
	todo := []*model.Block{b.Succs[way]}
	for len(todo) > 0 {
		x := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[x.Index] {
			continue
		}
		seen[x.Index] = true
		if x != b {
			todo = append(todo, x.Succs...)
		}
	}
	return seen
}
