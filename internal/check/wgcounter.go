package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gatherlint/gatherlint/internal/fanout"
)

// What can be said of the counter of a WaitGroup without playing: who adds, who
// is done, and who has been counted by then. The schedules do not see that Add
// comes too late, because it makes nobody block.

// A routine is a goroutine of a scene: the spawner, or what is started at one
// place.
type routine struct {
	up    *routine   // who starts it, nil for the spawner
	spawn *fanout.Op // where
	body  *fanout.Body
	kids  []*routine
}

// A counter is a WaitGroup of a scene that only the scene can reach.
type counter struct {
	scene *fanout.Scene
	g     *fanout.Group
	root  *routine
	all   []*routine
	adds  map[*routine][]*fanout.Op
	dones map[*routine][]*fanout.Op
	waits map[*routine][]*fanout.Op
	homes map[*fanout.Op]home
}

// counters are the WaitGroups of a scene of which every use is seen. A literal
// that is given to others to call is not: when it runs, and how often, is not
// known.
func counters(s *fanout.Scene) []*counter {
	root := &routine{body: s.Body}
	all := root.tree(map[*fanout.Body]bool{})
	homes := homesOf(all)
	var out []*counter
	for _, g := range s.Groups {
		if g.Kind != fanout.WaitGroup || g.Escapes != "" {
			continue
		}
		c := &counter{scene: s, g: g, root: root, all: all, adds: map[*routine][]*fanout.Op{}, dones: map[*routine][]*fanout.Op{}, waits: map[*routine][]*fanout.Op{}, homes: homes}
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
	body    *fanout.Body
	block   *fanout.Block
	call    *fanout.Op
}

// homesOf finds the home of every op that the goroutines execute themselves.
func homesOf(all []*routine) map[*fanout.Op]home {
	out := map[*fanout.Op]home{}
	for _, r := range all {
		seen := map[*fanout.Body]bool{}
		var visit func(b *fanout.Body, call *fanout.Op)
		visit = func(b *fanout.Body, call *fanout.Op) {
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
func (c *counter) path(r *routine, op *fanout.Op) []home {
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
func (r *routine) tree(seen map[*fanout.Body]bool) []*routine {
	seen[r.body] = true
	out := []*routine{r}
	executed(r.body, func(op *fanout.Op) {
		if op.Kind == fanout.OpSpawn && op.Task != nil && op.Task.Body != nil && !seen[op.Task.Body] {
			k := &routine{up: r, spawn: op, body: op.Task.Body}
			r.kids = append(r.kids, k)
			out = append(out, k.tree(seen)...)
		}
	})
	return out
}

// executed calls f for the ops that a goroutine executes itself: those of the
// functions that it calls too, but not those of literals that it passes on.
func executed(b *fanout.Body, f func(*fanout.Op)) {
	seen := map[*fanout.Body]bool{}
	var visit func(*fanout.Body)
	visit = func(b *fanout.Body) {
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
		executed(r.body, func(op *fanout.Op) {
			ok = ok && !slices.ContainsFunc(op.Lits, c.mentioned)
			if op.Group != c.g {
				return
			}
			switch op.Kind {
			case fanout.OpAdd:
				c.adds[r] = append(c.adds[r], op)
			case fanout.OpDone:
				c.dones[r] = append(c.dones[r], op)
			case fanout.OpWait:
				c.waits[r] = append(c.waits[r], op)
			}
		})
	}
	return ok
}

// mentioned reports whether a body, or a goroutine that it starts, uses the group.
func (c *counter) mentioned(b *fanout.Body) bool {
	seen := map[*fanout.Body]bool{}
	var visit func(*fanout.Body) bool
	visit = func(b *fanout.Body) bool {
		if b == nil || seen[b] {
			return false
		}
		seen[b] = true
		found := false
		fanout.EachOp(b, func(op *fanout.Op) bool {
			found = found || op.Group == c.g || op.Task != nil && visit(op.Task.Body)
			return !found
		})
		return found
	}
	return visit(b)
}

// goes reports whether the op starts a task that the group counts by itself.
func (c *counter) goes(op *fanout.Op) bool {
	return op.Kind == fanout.OpSpawn && op.Group == c.g && op.Text != "go"
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
	if len(c.adds[r])+len(c.dones[r])+len(c.waits[r]) > 0 {
		return true
	}
	return slices.ContainsFunc(r.kids, func(k *routine) bool { return c.goes(k.spawn) })
}

// syncs reports whether the op can be how a goroutine learns of another one, or
// is held up by it.
func syncs(op *fanout.Op) bool {
	switch op.Kind {
	case fanout.OpSend, fanout.OpReceive, fanout.OpRange, fanout.OpSelect, fanout.OpWait, fanout.OpAcquire:
		return true
	case fanout.OpCall:
		if op.Into != nil {
			return false
		}
		name := strings.ToLower(op.Text[strings.LastIndexByte(op.Text, '.')+1:])
		return strings.Contains(name, "wait") || name == "load" || name == "gosched"
	}
	return false
}

// signals reports whether the op can be how others learn of a goroutine.
func signals(op *fanout.Op) bool {
	switch op.Kind {
	case fanout.OpSend, fanout.OpReceive, fanout.OpRange, fanout.OpSelect, fanout.OpClose, fanout.OpCancel, fanout.OpRelease, fanout.OpAcquire, fanout.OpWait, fanout.OpExit:
		return true
	case fanout.OpCall:
		if op.Into != nil {
			return false
		}
		switch op.Text[strings.LastIndexByte(op.Text, '.')+1:] {
		case "Store", "Add", "Swap", "CompareAndSwap", "Signal", "Broadcast":
			return true
		}
		return op.Given
	}
	return false
}

// silent reports whether nobody can learn, but from the counter itself, how far
// the goroutines have come.
func (c *counter) silent(rs []*routine) bool {
	quiet := true
	for _, r := range rs {
		quiet = quiet && (r.spawn == nil || r.spawn.Text == "go" || r.spawn.Group == c.g)
		fanout.EachOp(r.body, func(op *fanout.Op) bool {
			quiet = quiet && !signals(op) && (op.Kind != fanout.OpDone || op.Group == c.g)
			return quiet
		})
	}
	return quiet
}

// meets reports whether the goroutine may wait for another one after it has
// performed the op from, and before one that until holds for.
func (r *routine) meets(from *fanout.Op, until func(*fanout.Op) bool) bool {
	isFrom := func(op *fanout.Op) bool { return op == from }
	found := false
	seen := map[*fanout.Block]bool{}
	ops := func(list []*fanout.Op) bool {
		for _, op := range list {
			if until(op) {
				return false
			}
			found = found || op.Contains(syncs)
		}
		return true
	}
	var visit func(*fanout.Block)
	visit = func(b *fanout.Block) {
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

// actor is a goroutine as an actor.
func (c *counter) actor(r *routine) Actor {
	if r.spawn == nil {
		return Actor{Kind: Spawner, Name: c.scene.Spawner}
	}
	return taskOf(r.spawn.Task)
}

// waiter is the goroutine that calls Wait; the spawner, if several do.
func (c *counter) waiter(wait *fanout.Op) Actor {
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
	s.by(c.actor(r.up), r.spawn.At.Pos, "starts %s%s", what, often(r.spawn.Task)).On = c.actor(r)
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
		s.by(c.actor(r), done.At.Pos, "calls %s.Done", g).onto(Group, g)
		s.tell(c.actor(r), r.spawn.At.Pos, "%s.Go calls it again when the task ends; the counter goes below zero and panics", g).onto(Group, g)
		out = append(out, Finding{
			At:      done.At,
			Message: fmt.Sprintf("%s.Done is called in a task that %s.Go counts, and %s.Go calls it too; the counter goes below zero and panics", g, g, g),
			Steps:   s,
		})
	}
	return out
}
