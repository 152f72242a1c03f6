package schedule

import "github.com/gatherlint/gatherlint/internal/model"

// Steps apart.
//
// What a process does with objects that none of the others will touch any more, nor one
// that they may still start, is as much its own business as an assignment: it is the same
// whatever the others do meanwhile, it changes nothing that they ask, and none of them can
// take it away. So it need not be ordered against what they do, and is done first (it is a
// persistent set of its own). A step on something that is not played touches nothing.
//
// The end of a task that a group counts is such a step too, although Wait waits for it:
// that the counter goes down only ever lets others go on, and the failure of a task is
// seen only through the group's context, until Wait returns, which is later.
//
// A process that does nothing but go round apart from the others must not hold them up:
// where all of its steps lead to what was visited, the others are played as well.

// aparts lists what a process can do apart from the others, nil if there is none that can;
// single tells to look for what has one outcome only.
func (r *run) aparts(s *state, single bool) []*state {
	for i, p := range s.procs {
		if p.done {
			continue
		}
		n := r.nodes[p.pc]
		switch {
		case n.kind == leave && p.group > 0 && r.endsUnseen(s, i):
		case n.kind == event && !r.isLocal(s, i, n) && !(single && n.op.Kind == model.OpSelect) && r.touchesAlone(s, i, n):
		default:
			continue
		}
		if next := r.rendezvous(s, i); len(next) == 1 || len(next) > 1 && !single {
			return next
		}
	}
	return nil
}

// touchesAlone reports whether no other process, nor the caller, can touch what the op at
// n, which is the next one of process i, is on.
func (r *run) touchesAlone(s *state, i int, n *node) bool {
	at := r.touches[n.id]
	for _, o := range r.outer {
		if at.Has(o.index) && !s.slots[o.slot].dead {
			return false
		}
	}
	return !r.othersTouch(s, i, at)
}

// othersTouch reports whether a process other than i can still touch one of the objects,
// as process i sees them.
func (r *run) othersTouch(s *state, i int, objects bits) bool {
	for j, p := range s.procs {
		if j == i || p.done {
			continue
		}
		touch := r.future[p.pc].touch
		if !objects.Intersects(touch) {
			continue
		}
		if len(r.solo) == 0 || objects.Intersects(touch.Without(r.solo)) {
			return true
		}
		for _, o := range r.soloists {
			if objects.Has(o.index) && touch.Has(o.index) && p.env[o.nth] == s.procs[i].env[o.nth] {
				return true
			}
		}
	}
	return false
}

// endsUnseen reports whether nobody can tell when process i, which is at its end and
// counted by a group, ends.
func (r *run) endsUnseen(s *state, i int) bool {
	g := r.world.objects[s.slots[s.procs[i].group-1].object]
	return !r.counts[g] && !r.othersTouch(s, i, r.contexts[g])
}

// groupUses notes of each group which contexts end with it, and whether it matters how
// many of its tasks there are at a time: because a limit is set.
func (p *program) groupUses() {
	p.contexts, p.counts = map[*object]bits{}, map[*object]bool{}
	for _, o := range p.world.objects {
		if o.life == model.LifeGroup {
			g := p.world.index[o.ctx.Group]
			own := p.contexts[g]
			own.Add(o.index)
			p.contexts[g] = own
		}
	}
	for _, n := range p.left {
		if n.op != nil && (n.op.Kind == model.OpLimit || n.op.Try) {
			p.counts[p.world.of(n.op)] = true
		}
	}
	for _, o := range p.world.objects {
		if o.fresh && o.ctx == nil && p.contexts[o] == nil {
			p.solo.Add(o.index)
			p.soloists = append(p.soloists, o)
		}
	}
}
