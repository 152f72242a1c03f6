package schedule

import (
	"github.com/gatherlint/gatherlint/internal/model"
)

// Locks that cannot block anybody for ever.
//
// Most mutexes protect a few assignments. If whoever locks one always comes to
// the Unlock without anything in between that can block, nobody waits long, and
// the lock need not be played at all.

// harmlessLocks finds them.
func (p *program) harmlessLocks() {
	p.harmless = map[*object]bool{}
	for _, o := range p.world.objects {
		p.harmless[o] = o.lock != nil
	}
	for _, n := range p.nodes {
		if n.kind == event && n.op.Kind == model.OpLock {
			if o := p.world.of(n.op); o != nil && !p.unlocks(n, o) {
				p.harmless[o] = false
			}
		}
	}
}

// unlocks reports whether the lock taken at n is given back, on every way on and
// before anything that can block.
func (p *program) unlocks(n *node, lock *object) bool {
	gives := func(x *node) bool { return x.op.Kind == model.OpUnlock && p.world.of(x.op) == lock }
	return p.every(n.next, func(x *node) (onward, fine bool) {
		switch x.kind {
		case leave:
			return false, false
		case register:
			return !gives(x) || !p.quietUntilEnd(x), true
		case event:
			return !gives(x), gives(x) || p.passesBy(x)
		}
		return true, true
	})
}

// quietUntilEnd reports whether nothing that follows n in its routine can block.
func (p *program) quietUntilEnd(n *node) bool {
	return p.every(n.next, func(x *node) (onward, fine bool) {
		loud := x.kind == register && x.op.Kind != model.OpUnlock || x.kind == event && !p.passesBy(x)
		return x.kind != leave, !loud
	})
}

// passesBy reports whether an op cannot block, and calls nothing that is played.
func (p *program) passesBy(n *node) bool {
	switch n.op.Kind {
	case model.OpSend, model.OpReceive, model.OpRange, model.OpSelect, model.OpWait, model.OpLock, model.OpAcquire, model.OpSpawn, model.OpPanic, model.OpGoexit:
		return false
	case model.OpCall:
		return n.calls == nil
	}
	return true
}
