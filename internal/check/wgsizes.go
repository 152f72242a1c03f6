package check

import (
	"fmt"
	"maps"
	"slices"

	"github.com/gatherlint/gatherlint/internal/fanout"
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
			if op.N == nil || !positive(op.N) {
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
func (c *counter) symbols(ops map[*routine][]*fanout.Op) []string {
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
func (c *counter) symbolsOf(op *fanout.Op) []string {
	all := map[string]bool{}
	note := func(n *fanout.Size) {
		for _, t := range n.Terms {
			all[t.Sym] = true
		}
	}
	if op.N != nil {
		note(op.N)
	}
	for _, r := range c.all {
		if _, in := path(r.body, op); !in {
			continue
		}
		for at := op; at != nil; at, r = r.spawn, r.up {
			places, _ := path(r.body, at)
			for _, p := range places {
				for _, l := range p.block.Loops {
					if l.Count == nil {
						all[fmt.Sprintf("loop %p", l)] = true
						continue
					}
					note(l.Count)
				}
			}
		}
		break
	}
	return slices.Sorted(maps.Keys(all))
}

// A place is a block of a body.
type place struct {
	body  *fanout.Body
	block *fanout.Block
}

// path are the places that an op of a goroutine stands in: its own, and those of
// the calls that lead to it.
func path(b *fanout.Body, op *fanout.Op) (places []place, found bool) {
	seen := map[*fanout.Body]bool{}
	var visit func(*fanout.Body) bool
	visit = func(b *fanout.Body) bool {
		if b == nil || seen[b] {
			return false
		}
		seen[b] = true
		for _, blk := range b.Blocks {
			for _, o := range blk.Ops {
				if o == op || visit(o.Into) {
					places = append(places, place{b, blk})
					return true
				}
			}
		}
		return false
	}
	found = visit(b)
	return places, found
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
		if len(added) > 0 && len(done) > 0 || split(added) || split(done) {
			return true
		}
	}
	return false
}

// split reports whether two conditions decide about different ops: one may hold just
// when the other does not.
func split(by map[string][]*fanout.Op) bool {
	for _, xs := range by {
		for _, ys := range by {
			if !subset(xs, ys) && !subset(ys, xs) {
				return true
			}
		}
	}
	return false
}

func subset(xs, ys []*fanout.Op) bool {
	return !slices.ContainsFunc(xs, func(x *fanout.Op) bool { return !slices.Contains(ys, x) })
}

// doing are the ops of a goroutine by which the counter goes down sooner or later.
func (c *counter) doing(r *routine) []*fanout.Op {
	out := slices.Clone(c.dones[r])
	for _, k := range r.kids {
		if slices.ContainsFunc(c.below(k), func(x *routine) bool { return len(c.dones[x]) > 0 }) {
			out = append(out, k.spawn)
		}
	}
	return out
}

// decided lists the conditions of a goroutine that decide whether one of the ops is
// come to, each with the ops that it decides about.
func (c *counter) decided(r *routine, ops []*fanout.Op) map[string][]*fanout.Op {
	out := map[string][]*fanout.Op{}
	for _, op := range ops {
		places, _ := path(r.body, op)
		for _, p := range places {
			for _, b := range p.body.Blocks {
				k := conditionOf(b)
				if k != "" && leads(b, 0, p.block) != leads(b, 1, p.block) && !slices.Contains(out[k], op) {
					out[k] = append(out[k], op)
				}
			}
		}
	}
	return out
}

// conditionOf names the condition at the end of a block, "" if there is none whose
// outcome may depend on that of another one.
func conditionOf(b *fanout.Block) string {
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

// leads reports whether the way out of b comes to the other block without coming
// back to b.
func leads(b *fanout.Block, way int, to *fanout.Block) bool {
	return to != b && b.Succs[way].Onward(b)[to]
}
