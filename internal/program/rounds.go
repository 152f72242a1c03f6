package program

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
func (p *Program) turnRound() {
	p.Idle = map[*model.Op]bool{}
	for _, n := range p.left {
		if n.Kind != Event || n.Op.Kind != model.OpSelect {
			continue
		}
		for _, c := range n.Op.Cases {
			if c.Chan != nil && c.Chan.Fills && c.Kind == model.OpReceive && p.comesBack(n, c) {
				p.Idle[c] = true
			}
		}
	}
}

// comesBack reports whether all ways on from a select after one of its cases lead
// back to it, past branches only.
func (p *Program) comesBack(sel *Node, taken *model.Op) bool {
	back := false
	todo, seen := append([]int(nil), sel.Next...), map[int]bool{}
	for len(todo) > 0 {
		n := p.Nodes[todo[len(todo)-1]]
		todo = todo[:len(todo)-1]
		switch {
		case n == sel:
			back = true
			continue
		case seen[n.ID]:
			continue
		case n.Kind != Pass && n.Kind != Branch:
			return false
		}
		seen[n.ID] = true
		c := n.Block.Cond
		switch {
		case n.Kind == Branch && c != nil && c.Taken == taken:
			todo = append(todo, n.Next[0])
		case n.Kind == Branch && c != nil && c.Taken != nil:
			todo = append(todo, n.Next[1])
		default:
			todo = append(todo, n.Next...)
		}
	}
	return back
}
