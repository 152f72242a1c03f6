package schedule

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

// scopeBranches computes for each branch the objects that it is about.
func (p *program) scopeBranches() {
	p.branchScope = make([]bits, len(p.nodes))
	for _, o := range p.world.objects {
		if o.known {
			p.sure.Add(o.index)
		}
	}
	about, after := p.about(), p.after()
	for _, n := range p.left {
		if n.kind != branch || len(n.next) != 2 {
			continue
		}
		a, b := after[n.next[0]], after[n.next[1]]
		if byHand(n) {
			a, b = p.untilAsked(n.next[0], n), p.untilAsked(n.next[1], n)
		}
		ends := false
		differ(a, b, func(id int) {
			x := p.nodes[id]
			ends = ends || x.kind == event && (x.op.Kind.Leaves() || byHand(n) && x.op.Kind == model.OpSet)
			p.branchScope[n.id].Join(about[id])
		})
		if ends {
			p.branchScope[n.id].Join(p.objectsOf(p.reach[n.id]))
		}
	}
}

// about is, by node, the objects that its op works on, and those that the function
// can that it calls.
func (p *program) about() []bits {
	about := make([]bits, len(p.nodes))
	for _, x := range p.left {
		if x.kind != event {
			continue
		}
		var does bits
		p.opEffects(x.op, &does)
		for _, c := range x.op.Cases {
			p.opEffects(c, &does)
		}
		if x.calls != nil {
			does.Join(p.reach[x.calls.entry])
		}
		about[x.id] = p.objectsOf(does)
	}
	return about
}

// after is, by node, the nodes of the same routine that can follow, itself included.
func (p *program) after() []bits {
	after := make([]bits, len(p.nodes))
	for _, n := range p.left {
		after[n.id].Add(n.id)
	}
	for changed := true; changed; {
		changed = false
		for _, n := range slices.Backward(p.left) {
			if n.kind == leave {
				continue
			}
			for _, t := range n.next {
				changed = after[n.id].Join(after[t]) || changed
			}
		}
	}
	return after
}

// untilAsked is the nodes of the same routine that can follow before a count is
// asked again.
func (p *program) untilAsked(from int, branch *node) bits {
	var seen bits
	p.every([]int{from}, func(n *node) (onward, fine bool) {
		seen.Add(n.id)
		return n.kind != leave && n != branch, true
	})
	return seen
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

// objectsOf turns deeds into the objects they are about.
func (p *program) objectsOf(b bits) bits {
	var out bits
	b.Each(func(i int) { out.Add(i / int(deeds)) })
	return out
}
