package program

import (
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// What a branch is about.
//
// Its two ways meet again somewhere; what one of them does before that, and the
// other does not, is its scope. If a way leaves the function, or never meets the
// other, all that can still happen is; and if a number that was counted decides
// about a variable that is asked later.
//
// A number that is counted in a loop says at its end what has been done in it, so the end
// is about all that follows, unless nothing is done in the loop: that it comes to an end is
// all that is assumed then.

// scopeBranches computes for each branch the objects that it is about.
func (p *Program) scopeBranches() {
	p.BranchScope = make([]bits, len(p.Nodes))
	for _, o := range p.World.Objects {
		if o.Known {
			p.Sure.Add(o.Index)
		}
	}
	about, after := p.about(), p.after()
	for _, n := range p.left {
		if n.Kind != Branch || len(n.Next) != 2 {
			continue
		}
		a, b := after[n.Next[0]], after[n.Next[1]]
		counts := n.ByHand() && !p.idleRounds(n, about)
		if counts {
			a, b = p.untilAsked(n.Next[0], n), p.untilAsked(n.Next[1], n)
		}
		ends := false
		differ(a, b, func(id int) {
			x := p.Nodes[id]
			ends = ends || x.Kind == Event && (x.Op.Kind.Leaves() || counts && x.Op.Kind == model.OpSet)
			p.BranchScope[n.ID].Join(about[id])
			if counts {
				p.BranchScope[n.ID].Join(p.startedAbout(x))
			}
		})
		if ends {
			p.BranchScope[n.ID].Join(p.ObjectsOf(p.Reach[n.ID]))
		}
	}
	p.scopeLocking(after)
}

// scopeLocking adds a lock to the scope of a condition on what others set, if it is taken
// where that holds, and given back where another such condition does: the first of several
// goroutines locks for all, and the last one unlocks.
func (p *Program) scopeLocking(after []bits) {
	states := slices.DeleteFunc(slices.Clone(p.left), func(n *Node) bool {
		return n.Kind != Branch || len(n.Next) != 2 || n.Block.Cond == nil || !n.Block.Cond.State
	})
	var unlocked bits
	for _, n := range states {
		unlocked.Join(p.BranchScope[n.ID])
	}
	for _, n := range states {
		differ(after[n.Next[0]], after[n.Next[1]], func(id int) {
			x := p.Nodes[id]
			if x.Kind != Event || x.Op.Kind != model.OpLock {
				return
			}
			if o := p.World.Of(x.Op); o != nil && unlocked.Has(o.Index) {
				p.BranchScope[n.ID].Add(o.Index)
			}
		})
	}
}

// about is, by node, the objects that its op works on, and those that the function
// can that it calls. Who registers a deferred op has decided that it happens.
func (p *Program) about() []bits {
	about := make([]bits, len(p.Nodes))
	for _, n := range p.left {
		x := n
		switch n.Kind {
		case Leak:
			about[n.ID].Add(n.Leaks.Index)
		case Register:
			x = p.Nodes[p.DeferredAt(n)]
		}
		if x.Kind != Event {
			continue
		}
		var does bits
		p.opEffects(x.Op, &does)
		for _, c := range x.Op.Cases {
			p.opEffects(c, &does)
		}
		if x.Calls != nil {
			does.Join(p.Reach[x.Calls.Entry])
		}
		about[n.ID] = p.ObjectsOf(does)
	}
	return about
}

// after is, by node, the nodes of the same routine that can follow, itself included.
func (p *Program) after() []bits {
	after := make([]bits, len(p.Nodes))
	for _, n := range p.left {
		after[n.ID].Add(n.ID)
	}
	for changed := true; changed; {
		changed = false
		for _, n := range slices.Backward(p.left) {
			if n.Kind == Leave {
				continue
			}
			for _, t := range n.Next {
				changed = after[n.ID].Join(after[t]) || changed
			}
		}
	}
	return after
}

// startedAbout is the objects that the task which a node starts can work on: a count says which
// rounds start it.
func (p *Program) startedAbout(n *Node) bits {
	if n.Kind != Event || n.Op.Kind != model.OpSpawn || p.Tasks[n.Op.Task] == nil {
		return bits{}
	}
	return p.ObjectsOf(p.Reach[p.Tasks[n.Op.Task].Entry])
}

// untilAsked is the nodes of the same routine that can follow before a count is
// asked again.
func (p *Program) untilAsked(from int, branch *Node) bits {
	var seen bits
	p.every([]int{from}, func(n *Node) (onward, fine bool) {
		seen.Add(n.ID)
		return n.Kind != Leave && n != branch, true
	})
	return seen
}

// idleRounds reports whether a branch is asked again after nothing that matters, on each way
// on which it is asked again.
func (p *Program) idleRounds(n *Node, about []bits) bool {
	again, idle := false, true
	for _, t := range n.Next {
		round := p.untilAsked(t, n)
		if !round.Has(n.ID) {
			continue
		}
		again = true
		round.Each(func(id int) { idle = idle && p.isIdle(p.Nodes[id], n, about[id]) })
	}
	return again && idle
}

// isIdle reports whether a node of a round does nothing that matters: it only calls what is
// about none of the objects, leaves, or counts what no other branch asks.
func (p *Program) isIdle(x, branch *Node, about bits) bool {
	if x.Kind != Event || x.Op.Kind.Leaves() {
		return true
	}
	switch x.Op.Kind {
	case model.OpCall:
		return !about.Intersects(about)
	case model.OpSet:
		return !slices.ContainsFunc(p.left, func(o *Node) bool {
			return o.Kind == Branch && o != branch && o.Block.Cond != nil && slices.Contains(o.Block.Cond.Vars, x.Op.Var)
		})
	}
	return false
}

// differ calls f for each member of one of the sets that is none of the other.
func differ(a, b bits, f func(int)) {
	d := slices.Clone(a)
	d.Join(b)
	for i := range min(len(a), len(b)) {
		d[i] &^= a[i] & b[i]
	}
	d.Each(f)
}

// ObjectsOf turns deeds into the objects they are about.
func (p *Program) ObjectsOf(b bits) bits {
	var out bits
	b.Each(func(i int) { out.Add(i / int(deeds)) })
	return out
}
