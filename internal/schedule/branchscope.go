package schedule

import (
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
			p.sure.add(o.index)
		}
	}
	for _, n := range p.left {
		if n.kind != branch || len(n.next) != 2 {
			continue
		}
		a, b := p.onwards(n.next[0], n), p.onwards(n.next[1], n)
		ends := false
		for _, x := range p.left {
			if a.has(x.id) == b.has(x.id) {
				continue // on both ways or on none
			}
			ends = ends || x.kind == event && (x.op.Kind.Leaves() || byHand(n) && x.op.Kind == model.OpSet)
			var does bits
			if x.op != nil && x.kind == event {
				p.opEffects(x.op, &does)
				for _, c := range x.op.Cases {
					p.opEffects(c, &does)
				}
			}
			p.branchScope[n.id].join(p.objectsOf(does))
			if x.calls != nil {
				p.branchScope[n.id].join(p.objectsOf(p.reach[x.calls.entry]))
			}
		}
		if ends {
			p.branchScope[n.id].join(p.objectsOf(p.reach[n.id]))
		}
	}
}

// onwards is the nodes of the same routine that can follow; where a count decides,
// before it is asked again.
func (p *program) onwards(from int, branch *node) bits {
	var seen bits
	p.every([]int{from}, func(n *node) (onward, fine bool) {
		seen.add(n.id)
		return n.kind != leave && (n != branch || !byHand(branch)), true
	})
	return seen
}

// objectsOf turns deeds into the objects they are about.
func (p *program) objectsOf(b bits) bits {
	var out bits
	b.each(func(i int) { out.add(i / int(deeds)) })
	return out
}
