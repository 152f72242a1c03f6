package schedule

import (
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/program"
)

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
		n := r.Nodes[p.pc]
		switch {
		case n.Kind == program.Leave && p.group > 0 && r.endsUnseen(s, i):
		case n.Kind == program.Event && !r.isLocal(s, i, n) && !(single && n.Op.Kind == model.OpSelect) && r.touchesAlone(s, i, n):
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
func (r *run) touchesAlone(s *state, i int, n *program.Node) bool {
	at := r.Touches[n.ID]
	for _, o := range r.Outer {
		if at.Has(o.Index) && !s.slots[o.Slot].dead {
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
		touch := r.Future[p.pc].Touch
		if !objects.Intersects(touch) {
			continue
		}
		if len(r.Solo) == 0 || objects.Intersects(touch.Without(r.Solo)) {
			return true
		}
		for _, o := range r.Soloists {
			if objects.Has(o.Index) && touch.Has(o.Index) && p.env[o.Nth] == s.procs[i].env[o.Nth] {
				return true
			}
		}
	}
	return false
}

// endsUnseen reports whether nobody can tell when process i, which is at its end and
// counted by a group, ends.
func (r *run) endsUnseen(s *state, i int) bool {
	g := r.World.Objects[s.slots[s.procs[i].group-1].object]
	return !r.Limited[g] && !r.othersTouch(s, i, r.Contexts[g])
}
