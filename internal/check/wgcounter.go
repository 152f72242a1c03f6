package check

import (
	"fmt"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// What can be said of the counter of a WaitGroup without playing: who adds, who
// is done, and who has been counted by then. The schedules do not see that Add
// comes too late, because it makes nobody block.

// A routine is a goroutine of a scene: the spawner, or what is started at one
// place.
type routine struct {
	up    *routine  // who starts it, nil for the spawner
	spawn *model.Op // where
	body  *model.Body
	kids  []*routine
}

// A counter is a WaitGroup of a scene that only the scene can reach, or an errgroup,
// which has no adds and dones.
type counter struct {
	scene *model.Scene
	g     *model.Group
	root  *routine
	all   []*routine
	adds  map[*routine][]*model.Op
	gos   map[*routine][]*model.Op // where tasks are started that the group counts by itself
	dones map[*routine][]*model.Op
	waits map[*routine][]*model.Op
	homes map[*model.Op]home
}

// counters are the WaitGroups of a scene, and its errgroups, of which every use is seen. A literal
// that is given to others to call is not: when it runs, and how often, is not
// known.
func counters(s *model.Scene) []*counter {
	root := &routine{body: s.Body}
	all := root.tree(map[*model.Body]bool{})
	homes := homesOf(all)
	var out []*counter
	for _, g := range s.Groups {
		if g.Kind != model.WaitGroup && g.Kind != model.ErrGroup || g.Escapes != "" {
			continue
		}
		c := &counter{scene: s, g: g, root: root, all: all, adds: map[*routine][]*model.Op{}, gos: map[*routine][]*model.Op{}, dones: map[*routine][]*model.Op{}, waits: map[*routine][]*model.Op{}, homes: homes}
		if c.collect() {
			out = append(out, c)
		}
	}
	return out
}

// A home is where an op stands: in whose goroutine, in which block of which body, and
// which op calls that body; nil for the body of the goroutine itself.
type home struct {
	routine *routine
	body    *model.Body
	block   *model.Block
	call    *model.Op
}

// homesOf finds the home of every op that the goroutines execute themselves.
func homesOf(all []*routine) map[*model.Op]home {
	out := map[*model.Op]home{}
	for _, r := range all {
		seen := map[*model.Body]bool{}
		var visit func(b *model.Body, call *model.Op)
		visit = func(b *model.Body, call *model.Op) {
			if b == nil || seen[b] {
				return
			}
			seen[b] = true
			for _, blk := range b.Blocks {
				for _, op := range blk.Ops {
					if _, known := out[op]; !known {
						out[op] = home{r, b, blk, call}
					}
					visit(op.Into, op)
				}
			}
		}
		visit(r.body, nil)
	}
	return out
}

// path are the homes that lead to an op of a goroutine: its own, and those of the
// calls of the bodies around it. There is none if another goroutine executes it.
func (c *counter) path(r *routine, op *model.Op) []home {
	var out []home
	for at := op; at != nil; {
		h, ok := c.homes[at]
		if !ok || h.routine != r {
			return nil
		}
		out = append(out, h)
		at = h.call
	}
	return out
}

// tree finds the goroutines that r starts, r first. One that starts itself is
// listed once.
func (r *routine) tree(seen map[*model.Body]bool) []*routine {
	seen[r.body] = true
	out := []*routine{r}
	executed(r.body, func(op *model.Op) {
		if op.Kind == model.OpSpawn && op.Task != nil && op.Task.Body != nil && !seen[op.Task.Body] {
			k := &routine{up: r, spawn: op, body: op.Task.Body}
			r.kids = append(r.kids, k)
			out = append(out, k.tree(seen)...)
		}
	})
	return out
}

// executed calls f for the ops that a goroutine executes itself: those of the
// functions that it calls too, but not those of literals that it passes on.
func executed(b *model.Body, f func(*model.Op)) {
	seen := map[*model.Body]bool{}
	var visit func(*model.Body)
	visit = func(b *model.Body) {
		if b == nil || seen[b] {
			return
		}
		seen[b] = true
		for _, blk := range b.Blocks {
			for _, op := range blk.Ops {
				f(op)
				visit(op.Into)
			}
		}
	}
	visit(b)
}

// collect sorts the ops of the group; false if there may be others.
func (c *counter) collect() bool {
	ok := !slices.ContainsFunc(c.root.body.Loose, c.mentioned)
	for _, r := range c.all {
		executed(r.body, func(op *model.Op) {
			ok = ok && !slices.ContainsFunc(op.Lits, c.mentioned)
			if op.Group != c.g {
				return
			}
			switch op.Kind {
			case model.OpSpawn:
				if c.goes(op) {
					c.gos[r] = append(c.gos[r], op)
				}
			case model.OpAdd:
				c.adds[r] = append(c.adds[r], op)
			case model.OpDone:
				c.dones[r] = append(c.dones[r], op)
			case model.OpWait:
				c.waits[r] = append(c.waits[r], op)
			}
		})
	}
	return ok
}

// mentioned reports whether a body, or a goroutine that it starts, uses the group.
func (c *counter) mentioned(b *model.Body) bool {
	seen := map[*model.Body]bool{}
	var visit func(*model.Body) bool
	visit = func(b *model.Body) bool {
		if b == nil || seen[b] {
			return false
		}
		seen[b] = true
		found := false
		model.EachOp(b, func(op *model.Op) bool {
			found = found || op.Group == c.g || op.Task != nil && visit(op.Task.Body)
			return !found
		})
		return found
	}
	return visit(b)
}

// goes reports whether the op starts a task that the group counts by itself.
func (c *counter) goes(op *model.Op) bool {
	return op.Kind == model.OpSpawn && op.Group == c.g && op.Text != "go"
}

// below is r and all that it starts.
func (c *counter) below(r *routine) []*routine {
	var out []*routine
	for _, x := range c.all {
		for y := x; y != nil; y = y.up {
			if y == r {
				out = append(out, x)
				break
			}
		}
	}
	return out
}

// owner is the innermost goroutine that everybody who uses the group belongs to.
func (c *counter) owner() *routine {
	r := c.root
	for {
		in := slices.IndexFunc(r.kids, func(k *routine) bool { return c.uses(k) })
		if in < 0 || c.usesItself(r) || slices.ContainsFunc(r.kids[in+1:], c.uses) {
			return r
		}
		r = r.kids[in]
	}
}

func (c *counter) uses(r *routine) bool { return slices.ContainsFunc(c.below(r), c.usesItself) }

func (c *counter) usesItself(r *routine) bool {
	return len(c.adds[r])+len(c.gos[r])+len(c.dones[r])+len(c.waits[r]) > 0
}

// syncs reports whether the op can be how a goroutine learns of another one, or
// is held up by it.
func syncs(op *model.Op) bool {
	switch op.Kind {
	case model.OpSend, model.OpReceive, model.OpRange, model.OpSelect, model.OpWait, model.OpAcquire:
		return true
	case model.OpCall, model.OpLock: // a condition is waited for with its lock
		return op.Into == nil && op.Named.Has(model.HintWaits)
	}
	return false
}

// signals reports whether the op can be how others learn of a goroutine.
func signals(op *model.Op) bool {
	switch op.Kind {
	case model.OpSend, model.OpReceive, model.OpRange, model.OpSelect, model.OpClose, model.OpCancel, model.OpRelease, model.OpAcquire, model.OpWait, model.OpExit:
		return true
	case model.OpCall:
		return op.Into == nil && (op.Given || op.Named.Has(model.HintTells))
	}
	return false
}

// silent reports whether nobody can learn, but from the counter itself, how far
// the goroutines have come.
func (c *counter) silent(rs []*routine) bool {
	tells := func(op *model.Op) bool { return signals(op) || op.Kind == model.OpDone && op.Group != c.g }
	return !slices.ContainsFunc(rs, func(r *routine) bool {
		countedElsewhere := r.spawn != nil && r.spawn.Text != "go" && r.spawn.Group != c.g
		return countedElsewhere || findOp(r.body, tells) != nil
	})
}

// meets reports whether the goroutine may wait for another one after it has
// started k, and before an op that until holds for.
func (r *routine) meets(k *routine, until func(*model.Op) bool) bool {
	isFrom := func(op *model.Op) bool { return op == k.spawn }
	syncs := func(op *model.Op) bool { return syncs(op) && !k.isFedBy(op) }
	found := false
	seen := map[*model.Block]bool{}
	ops := func(list []*model.Op) bool {
		for _, op := range list {
			if until(op) {
				return false
			}
			found = found || op.Contains(syncs)
		}
		return true
	}
	var visit func(*model.Block)
	visit = func(b *model.Block) {
		if seen[b] || !ops(b.Ops) {
			return
		}
		seen[b] = true
		for _, s := range b.Succs {
			visit(s)
		}
	}
	for _, b := range r.body.Blocks {
		for i, op := range b.Ops {
			found = found || op.Deferred && op.Contains(syncs) && !until(op)
			if !op.Runs(isFrom) {
				continue
			}
			found = found || op.Contains(syncs) // in which order is not looked at
			if ops(b.Ops[i+1:]) {
				for _, s := range b.Succs {
					visit(s)
				}
			}
		}
	}
	return found
}

// isFedBy reports whether the op puts something into a buffer that k empties until it
// is closed. It does not have to wait for that: there is room for as many as come.
func (k *routine) isFedBy(op *model.Op) bool {
	if op.Kind != model.OpSend || op.Chan == nil || op.Chan.Size == nil || !positive(op.Chan.Size) {
		return false
	}
	return findOp(k.body, func(o *model.Op) bool { return o.Kind == model.OpRange && o.Chan == op.Chan }) != nil
}

// actor is a goroutine as an actor.
func (c *counter) actor(r *routine) Actor {
	if r.spawn == nil {
		return Actor{Kind: Spawner, Name: c.scene.Spawner}
	}
	return taskOf(r.spawn.Task)
}

// waiter is the goroutine that calls Wait; the spawner, if several do.
func (c *counter) waiter(wait *model.Op) Actor {
	for _, r := range c.all {
		if slices.Contains(c.waits[r], wait) {
			return c.actor(r)
		}
	}
	return Actor{Kind: Spawner, Name: c.scene.Spawner}
}

// started tells how a goroutine is started.
func (c *counter) started(r *routine, s *steps) {
	what := "a task"
	if r.spawn.Task.What != "function literal" {
		what = r.spawn.Task.What
	}
	s.by(Starts, c.actor(r.up), r.spawn.At, "starts %s%s", what, often(r.spawn.Task)).On = c.actor(r)
}

// doneInGo reports Done in a task that the group counts by itself. Without any
// Add, such a task takes away two for the one that it was counted.
func (c *counter) doneInGo() []Finding {
	if len(c.adds) > 0 {
		return nil
	}
	var out []Finding
	g := c.g.Name
	for _, r := range c.all {
		if r.spawn == nil || !c.goes(r.spawn) || len(c.dones[r]) == 0 {
			continue
		}
		done := c.dones[r][0]
		var s steps
		c.started(r, &s)
		s.by(Counts, c.actor(r), done.At, "calls %s.Done", g).onto(Group, g)
		s.tell(Panics, c.actor(r), r.spawn.At, "%s.Go calls it again when the task ends; the counter goes below zero and panics", g).onto(Group, g)
		out = append(out, Finding{
			At:      done.At,
			Message: fmt.Sprintf("%s.Done is called in a task that %s.Go counts, and %s.Go calls it too; the counter goes below zero and panics", g, g, g),
			Steps:   s,
		})
	}
	return out
}
