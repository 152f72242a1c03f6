package schedule

import "github.com/gatherlint/gatherlint/internal/model"

// Going round.
//
//	for {
//		select {
//		case <-quit:
//			return
//		case <-ticker.C:
//			beat()
//		}
//	}
//
// The tick is always there, and brings the goroutine no nearer to its end: it comes
// back to the same select. So a goroutine that has nothing else to come is stuck like
// one that is blocked.

// turnRound finds the cases of selects that the runtime serves, and after which the
// process does nothing that matters until it is at the select again.
func (p *program) turnRound() {
	p.idle = map[*model.Op]bool{}
	for _, n := range p.left {
		if n.kind != event || n.op.Kind != model.OpSelect {
			continue
		}
		for _, c := range n.op.Cases {
			if c.Chan != nil && c.Chan.Fills && c.Kind == model.OpReceive && p.comesBack(n, c) {
				p.idle[c] = true
			}
		}
	}
}

// comesBack reports whether all ways on from a select after one of its cases lead
// back to it, past branches only.
func (p *program) comesBack(sel *node, taken *model.Op) bool {
	back := false
	todo, seen := append([]int(nil), sel.next...), map[int]bool{}
	for len(todo) > 0 {
		n := p.nodes[todo[len(todo)-1]]
		todo = todo[:len(todo)-1]
		switch {
		case n == sel:
			back = true
			continue
		case seen[n.id]:
			continue
		case n.kind != pass && n.kind != branch:
			return false
		}
		seen[n.id] = true
		c := n.block.Cond
		switch {
		case n.kind == branch && c != nil && c.Taken == taken:
			todo = append(todo, n.next[0])
		case n.kind == branch && c != nil && c.Taken != nil:
			todo = append(todo, n.next[1])
		default:
			todo = append(todo, n.next...)
		}
	}
	return back
}

// goesOnly reports whether all that process i can do now is to go round.
func (r *run) goesOnly(next []*state) bool {
	for _, s := range next {
		if len(s.did) == 0 || !r.idle[s.did[0].op] {
			return false
		}
	}
	return true
}
