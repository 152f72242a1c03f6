package check

import (
	"fmt"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/routine"
)

// What can be said of the counter of a WaitGroup without playing: who adds, who
// is done, and who has been counted by then. The schedules do not see that Add
// comes too late, because it makes nobody block.

// A counter is a WaitGroup of a scene that only the scene can reach, or an errgroup,
// which has no adds and dones.
type counter struct {
	scene *model.Scene
	g     *model.Group
	root  *routine.Routine
	all   []*routine.Routine
	adds  map[*routine.Routine][]*model.Op
	gos   map[*routine.Routine][]*model.Op // where tasks are started that the group counts by itself
	dones map[*routine.Routine][]*model.Op
	waits map[*routine.Routine][]*model.Op
	homes map[*model.Op]routine.Home
}

// counters are the WaitGroups of a scene, and its errgroups, of which every use is seen. A literal
// that is given to others to call is not: when it runs, and how often, is not
// known.
func counters(s *model.Scene) []*counter {
	root := &routine.Routine{Body: s.Body}
	all := root.Tree(map[*model.Body]bool{})
	homes := routine.HomesOf(all)
	var out []*counter
	for _, g := range s.Groups {
		if g.Kind != model.WaitGroup && g.Kind != model.ErrGroup || g.Escapes != "" {
			continue
		}
		c := &counter{scene: s, g: g, root: root, all: all, adds: map[*routine.Routine][]*model.Op{}, gos: map[*routine.Routine][]*model.Op{}, dones: map[*routine.Routine][]*model.Op{}, waits: map[*routine.Routine][]*model.Op{}, homes: homes}
		if c.collect() {
			out = append(out, c)
		}
	}
	return out
}

// path are the homes that lead to an op of a goroutine: its own, and those of the
// calls of the bodies around it. There is none if another goroutine executes it.
func (c *counter) path(r *routine.Routine, op *model.Op) []routine.Home {
	var out []routine.Home
	for at := op; at != nil; {
		h, ok := c.homes[at]
		if !ok || h.Routine != r {
			return nil
		}
		out = append(out, h)
		at = h.Call
	}
	return out
}

// collect sorts the ops of the group; false if there may be others.
func (c *counter) collect() bool {
	ok := !slices.ContainsFunc(c.root.Body.Loose, c.mentioned)
	for _, r := range c.all {
		routine.Executed(r.Body, func(op *model.Op) {
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
func (c *counter) below(r *routine.Routine) []*routine.Routine {
	var out []*routine.Routine
	for _, x := range c.all {
		for y := x; y != nil; y = y.Up {
			if y == r {
				out = append(out, x)
				break
			}
		}
	}
	return out
}

// owner is the innermost goroutine that everybody who uses the group belongs to.
func (c *counter) owner() *routine.Routine {
	r := c.root
	for {
		in := slices.IndexFunc(r.Kids, func(k *routine.Routine) bool { return c.uses(k) })
		if in < 0 || c.usesItself(r) || slices.ContainsFunc(r.Kids[in+1:], c.uses) {
			return r
		}
		r = r.Kids[in]
	}
}

func (c *counter) uses(r *routine.Routine) bool { return slices.ContainsFunc(c.below(r), c.usesItself) }

func (c *counter) usesItself(r *routine.Routine) bool {
	return len(c.adds[r])+len(c.gos[r])+len(c.dones[r])+len(c.waits[r]) > 0
}

// silent reports whether nobody can learn, but from the counter itself, how far
// the goroutines have come.
func (c *counter) silent(rs []*routine.Routine) bool {
	tells := func(op *model.Op) bool { return routine.Signals(op) || op.Kind == model.OpDone && op.Group != c.g }
	return !slices.ContainsFunc(rs, func(r *routine.Routine) bool {
		countedElsewhere := r.Spawn != nil && r.Spawn.Text != "go" && r.Spawn.Group != c.g
		return countedElsewhere || findOp(r.Body, tells) != nil
	})
}

// actor is a goroutine as an actor.
func (c *counter) actor(r *routine.Routine) Actor {
	if r.Spawn == nil {
		return Actor{Kind: Spawner, Name: c.scene.Spawner}
	}
	return taskOf(r.Spawn.Task)
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
func (c *counter) started(r *routine.Routine, s *steps) {
	what := "a task"
	if r.Spawn.Task.What != "function literal" {
		what = r.Spawn.Task.What
	}
	s.by(Starts, c.actor(r.Up), r.Spawn.At, "starts %s%s", what, often(r.Spawn.Task)).On = c.actor(r)
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
		if r.Spawn == nil || !c.goes(r.Spawn) || len(c.dones[r]) == 0 {
			continue
		}
		done := c.dones[r][0]
		var s steps
		c.started(r, &s)
		s.by(Counts, c.actor(r), done.At, "calls %s.Done", g).onto(Group, g)
		s.tell(Panics, c.actor(r), r.Spawn.At, "%s.Go calls it again when the task ends; the counter goes below zero and panics", g).onto(Group, g)
		out = append(out, Finding{
			At:      done.At,
			Message: fmt.Sprintf("%s.Done is called in a task that %s.Go counts, and %s.Go calls it too; the counter goes below zero and panics", g, g, g),
			Steps:   s,
		})
	}
	return out
}
