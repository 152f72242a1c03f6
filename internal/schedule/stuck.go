package schedule

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/program"
)

// stuck looks for processes that never come further.
//
// A process is blocked when it can do nothing now. It stays so for ever if no
// process that may still move can do what would help it; and since helpers can
// themselves be blocked, the processes that stay blocked are the largest set of
// blocked processes in which each waits only for others of the set, or for
// nobody. The caller's context is not counted on: it may live for ever.
func (r *run) stuck(s *state) {
	blocked := map[int]*model.Op{}
	outside := map[int]bool{}
	needs := map[int]bits{}
	for i := range s.procs {
		if s.procs[i].done {
			continue
		}
		n := r.Nodes[s.procs[i].pc]
		op := n.Op
		if n.Kind == program.Leave && n.Routine.Up == nil && n.Routine.Task != nil && r.late(s, i) {
			op = n.Routine.Ending
		}
		if n.Kind == program.Event && r.panicsAt(s, i, n.Op) {
			return // and that ends them all
		}
		if op == nil || n.Kind == program.Branch || !r.stays[i] || r.hasPartner(s, i) {
			continue
		}
		help, out, sure := r.Needs(op)
		if !sure || r.leaked(s, i, op) {
			continue
		}
		blocked[i], outside[i], needs[i] = op, out, help
	}
	for changed := true; changed; {
		changed = false
		for i := range s.procs {
			if blocked[i] != nil && r.helped(s, i, needs[i], blocked) {
				delete(blocked, i)
				changed = true
			}
		}
	}
	if len(blocked) == 0 || !s.procs[0].done && blocked[0] == nil {
		return
	}
	var objects bits
	for i := range blocked {
		objects.Join(r.ObjectsOf(needs[i]))
	}
	if r.guesses(s, objects) || !r.overLock(s, blocked, needs) && r.isSpeculative(s, objects) {
		r.uncorrelated = true
		return
	}
	r.record(s, blocked, outside, needs)
}

// leaked reports whether code that is not seen may have got hold of an object that the op
// of process i works on.
func (r *run) leaked(s *state, i int, op *model.Op) bool {
	return slices.ContainsFunc(r.World.Leaking(op), func(o *program.Object) bool { return s.slots[r.slotOf(s, i, o)].leaked })
}

// overLock reports whether a process waits for a lock, and the one that holds it for what
// that process would do: a client that goes on needs nothing else to hang.
func (r *run) overLock(s *state, blocked map[int]*model.Op, needs map[int]bits) bool {
	for i, op := range blocked {
		if op.Kind != model.OpLock {
			continue
		}
		for j, other := range blocked {
			if other.Kind != model.OpLock && needs[i].Intersects(r.Reach[s.procs[j].pc]) && needs[j].Intersects(r.Reach[s.procs[i].pc]) {
				return true
			}
		}
	}
	return false
}

// panicsAt reports whether a process that is at op is about to panic: it sends on
// a closed channel, or closes one.
func (r *run) panicsAt(s *state, i int, op *model.Op) bool {
	for _, o := range append([]*model.Op{op}, op.Cases...) {
		if o.Kind == model.OpSend || o.Kind == model.OpClose {
			if x := r.at(s, i, o); x != nil && x.closed {
				return true
			}
		}
	}
	return false
}

// hasPartner reports whether another process can do something together with process i.
func (r *run) hasPartner(s *state, i int) bool {
	for _, op := range r.offers(r.Nodes[s.procs[i].pc]) {
		if r.offered(s, i, op) {
			return true
		}
	}
	return false
}

// helped reports whether a process outside the blocked ones can still do
// something that process i waits for.
func (r *run) helped(s *state, i int, needs bits, blocked map[int]*model.Op) bool {
	for j := range s.procs {
		if j != i && !s.procs[j].done && blocked[j] == nil && needs.Intersects(r.Reach[s.procs[j].pc]) {
			return true
		}
	}
	return false
}

// helpedBy reports whether one of the blocked processes could help process i, if
// it were not blocked itself.
func (r *run) helpedBy(s *state, i int, needs bits, blocked map[int]*model.Op) bool {
	for j := range s.procs {
		if j != i && blocked[j] != nil && s.procs[j].pc != s.procs[i].pc && needs.Intersects(r.Reach[s.procs[j].pc]) {
			return true
		}
	}
	return false
}

// later reports whether what follows the op at node n would help it.
func (r *run) later(n int, needs bits) bool {
	for _, t := range r.Nodes[n].Next {
		if needs.Intersects(r.Reach[t]) {
			return true
		}
	}
	return false
}

// record keeps the schedule that leads to s, if it is the first to end so.
func (r *run) record(s *state, blocked map[int]*model.Op, outside map[int]bool, needs map[int]bits) {
	x := &Stuck{Returned: s.procs[0].done}
	var ids []string
	idle := true
	for i := range s.procs {
		op := blocked[i]
		if op == nil {
			continue
		}
		idle = idle && op.Kind == model.OpSelect && len(op.Cases) == 0
		id := strconv.Itoa(s.procs[i].pc)
		if slices.Contains(ids, id) {
			continue // another goroutine of the same kind
		}
		ids = append(ids, id)
		t := r.Roots[s.procs[i].routine].Task
		b := &Blocked{Task: t, In: r.frameOf(r.Nodes[s.procs[i].pc]), Op: op, Outside: outside[i], Proc: i, Cause: !r.helpedBy(s, i, needs[i], blocked), Later: r.later(s.procs[i].pc, needs[i])}
		x.Blocked = append(x.Blocked, b)
	}
	if idle {
		return
	}
	slices.Sort(ids)
	key := strconv.FormatBool(x.Returned)
	for _, id := range ids {
		key += " " + id
	}
	x.doubts = r.doubted(s)
	x.rank = len(s.procs)*x.doubts + r.unfinished(s, blocked)
	if before := r.found[key]; before != nil && before.rank <= x.rank {
		return
	}
	slices.SortFunc(x.Blocked, func(a, b *Blocked) int { return cmp.Compare(a.Op.At.Pos, b.Op.At.Pos) })
	var left map[int][]Choice
	x.Events, left = r.events(s)
	for _, b := range x.Blocked {
		b.Choices = left[b.Proc]
	}
	r.found[key] = x
}

// unfinished counts the processes that are neither blocked nor at their end. Of schedules that
// end alike, the best to tell is the one that needs the fewest conditions of which nothing
// is known, as each may be one that cannot hold, and then the one with the fewest of these.
func (r *run) unfinished(s *state, blocked map[int]*model.Op) int {
	n := 0
	for i := range s.procs {
		if !s.procs[i].done && blocked[i] == nil {
			n++
		}
	}
	return n
}

// doubted counts the conditions on the way to s that were decided although nothing is
// known of them, other than whether a call fails.
func (r *run) doubted(s *state) int {
	n := 0
	for ; s != nil; s = s.from {
		for _, h := range s.did {
			if h.proc < 0 || h.with >= settledWay || r.Nodes[h.node].Kind != program.Branch {
				continue
			}
			if c := r.Nodes[h.node].Block.Cond; (c == nil || c.State || !c.Fails) && r.BranchScope[h.node].Intersects(r.Sure) {
				n++
			}
		}
	}
	return n
}
