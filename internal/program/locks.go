package program

import (
	"github.com/gatherlint/gatherlint/internal/model"
)

// Locks that cannot block anybody for ever.
//
// Most mutexes protect a few assignments. If whoever locks one always comes to
// the Unlock without anything in between that can block, nobody waits long, and
// the lock need not be played at all.

// harmlessLocks finds them.
func (p *Program) harmlessLocks() {
	p.Harmless = map[*Object]bool{}
	for _, o := range p.World.Objects {
		p.Harmless[o] = o.lock != nil
	}
	for _, n := range p.Nodes {
		if n.Kind == Event && n.Op.Kind == model.OpLock {
			if o := p.World.Of(n.Op); o != nil && !p.unlocks(n, o) {
				p.Harmless[o] = false
			}
		}
	}
}

// unlocks reports whether the lock taken at n is given back, on every way on and
// before anything that can block.
func (p *Program) unlocks(n *Node, lock *Object) bool {
	gives := func(x *Node) bool { return x.Op.Kind == model.OpUnlock && p.World.Of(x.Op) == lock }
	return p.every(n.Next, func(x *Node) (onward, fine bool) {
		switch x.Kind {
		case Leave:
			return false, false
		case Register:
			return !gives(x) || !p.quietUntilEnd(x), true
		case Event:
			return !gives(x), gives(x) || p.passesBy(x)
		}
		return true, true
	})
}

// quietUntilEnd reports whether nothing that follows n in its routine can block.
func (p *Program) quietUntilEnd(n *Node) bool {
	return p.every(n.Next, func(x *Node) (onward, fine bool) {
		loud := x.Kind == Register && x.Op.Kind != model.OpUnlock || x.Kind == Event && !p.passesBy(x)
		return x.Kind != Leave, !loud
	})
}

// passesBy reports whether an op cannot block, and calls nothing that is played.
func (p *Program) passesBy(n *Node) bool {
	switch n.Op.Kind {
	case model.OpSend, model.OpReceive, model.OpRange, model.OpSelect, model.OpWait, model.OpLock, model.OpAcquire, model.OpSpawn, model.OpPanic, model.OpGoexit:
		return false
	case model.OpCall:
		return n.Calls == nil
	}
	return true
}
