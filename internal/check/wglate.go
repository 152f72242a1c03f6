package check

import (
	"fmt"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/routine"
)

// Add that comes too late: the goroutine that is to be counted runs already. If
// it adds itself, Wait may have returned by then; if its spawner adds, it may have
// called Done. The same of Go, which adds.

// addsEarly reports Add and Go in a goroutine that nobody has counted.
//
// A goroutine is counted when the group starts it, or taken to be when the one
// that starts it adds at all, or when it is a client's: whoever has it run knows
// whether it has begun. What it adds while it is counted comes in time. From
// the goroutine that owns the group down to the one that is not counted, all must
// come to their Wait or their end without a chance to hear of those below.
func (c *counter) addsEarly() []Finding {
	owner := c.owner()
	wait := c.release(owner)
	if wait == nil {
		return nil
	}
	var out []Finding
	var visit func(r *routine.Routine, until func(*model.Op) bool)
	visit = func(r *routine.Routine, until func(*model.Op) bool) {
		for _, k := range r.Kids {
			if !c.addsIn(k) {
				continue // every finding is at an Add or a Go
			}
			counted := c.isCounted(r, k)
			if counted && len(k.Kids) == 0 || !counted && (len(c.adds[r]) > 0 || !c.evens(k) || c.waitedFor(k)) {
				continue
			}
			switch {
			case r.Meets(k, until) && !c.silent(c.below(k)), r == owner && !c.comes(owner, k, until):
			case counted:
				visit(k, never)
			default:
				out = append(out, c.early(k, wait)...)
			}
		}
	}
	visit(owner, once(c.releases))
	return out
}

// isCounted reports whether k, which r starts, is counted by then, or is a client's.
func (c *counter) isCounted(r, k *routine.Routine) bool {
	byClient := len(c.scene.Parts) > 0 && c.homes[k.Spawn].Body == c.scene.Body
	return byClient || c.goes(k.Spawn) || len(c.adds[r]) > 0 && len(c.dones[k]) > 0
}

func never(*model.Op) bool { return false }

// once asks each op once. Every task has the ops of its starter asked.
func once(ask func(*model.Op) bool) func(*model.Op) bool {
	answers := map[*model.Op]bool{}
	return func(op *model.Op) bool {
		answer, known := answers[op]
		if !known {
			answer = ask(op)
			answers[op] = answer
		}
		return answer
	}
}

// releases reports whether the op waits for the group, or starts a goroutine that
// does so before anything else, itself or in what it calls.
func (c *counter) releases(op *model.Op) bool {
	return op.Runs(func(o *model.Op) bool { return waitsFor(c.g)(o) || c.startsWaiter(o) })
}

// startsWaiter reports whether the op starts a goroutine that waits for the group before
// anything else.
func (c *counter) startsWaiter(op *model.Op) bool {
	if op.Kind != model.OpSpawn || op.Task == nil {
		return false
	}
	w := &model.Walk{Body: op.Task.Body, Step: func(o *model.Op, stage int, p *model.Path) (int, model.Verdict) {
		switch {
		case o.Kind == model.OpWait && o.Group == c.g:
			return stage, model.Hit
		case o.Contains(routine.Syncs):
			return stage, model.Cut
		}
		return stage, model.GoOn
	}}
	return w.Find() != nil
}

// release is the Wait of the goroutine that owns the group, or of one that it
// starts; nil if it is to be looked for elsewhere.
func (c *counter) release(owner *routine.Routine) *model.Op {
	for _, r := range append([]*routine.Routine{owner}, owner.Kids...) {
		if len(c.waits[r]) > 0 {
			return c.waits[r][0]
		}
	}
	return nil
}

// addsIn reports whether k, or what it starts, adds.
func (c *counter) addsIn(k *routine.Routine) bool {
	return len(c.adds[k])+len(c.gos[k]) > 0 || slices.ContainsFunc(k.Kids, c.addsIn)
}

// comes reports whether a path of the owner starts k and then comes to Wait.
func (c *counter) comes(owner, k *routine.Routine, until func(*model.Op) bool) bool {
	const started, deferred = 1, 2
	w := &model.Walk{Body: owner.Body, Step: func(op *model.Op, stage int, p *model.Path) (int, model.Verdict) {
		switch {
		case op.Runs(func(o *model.Op) bool { return o == k.Spawn }):
			return stage | started, model.GoOn
		case until(op) && op.Deferred:
			return stage | deferred, model.GoOn
		case until(op) && stage&started != 0, op.Kind == model.OpReturn && stage == started|deferred:
			return stage, model.Hit
		}
		return stage, model.GoOn
	}}
	return w.Find() != nil
}

// early are the findings in k, which is not counted, and in those that it starts.
// Where k adds, what it starts is counted, if only by that.
func (c *counter) early(k *routine.Routine, wait *model.Op) []Finding {
	if guarded(k, append(slices.Clone(c.adds[k]), c.gos[k]...)) {
		return nil
	}
	if len(c.adds[k]) == 0 && len(c.gos[k]) > 0 && len(c.dones[k]) == 0 {
		return []Finding{c.goesEarly(k, wait)}
	}
	if len(c.adds[k]) == 0 {
		var out []Finding
		if len(c.dones[k]) > 0 {
			return nil // somebody has counted it
		}
		for _, kid := range k.Kids {
			if !c.goes(kid.Spawn) {
				out = append(out, c.early(kid, wait)...)
			}
		}
		return out
	}
	add := c.adds[k][0]
	if add.Deferred || add.N == nil || !routine.Positive(add.N) || saidByVet(k, add) {
		return nil
	}
	s := c.chain(k)
	g := c.g.Name
	if len(c.dones[k.Up]) > 0 {
		s.by(Counts, c.actor(k.Up), c.dones[k.Up][0].At, "calls %s.Done and the counter is zero", g).onto(Group, g)
	}
	s.tell(Joins, c.waiter(wait), wait.At, "%s.Wait returns, because the counter is zero", g).onto(Group, g)
	message := "%s.Add inside the task races with %s.Wait; Wait returns before the task is counted"
	if len(c.dones[k]) == 0 {
		message = "%s.Add in a goroutine that is not counted races with %s.Wait; Wait returns before the tasks are counted"
	}
	s.by(Counts, c.actor(k), add.At, "adds now; nobody waits for what it counts").onto(Group, g)
	return []Finding{{At: add.At, Message: fmt.Sprintf(message, g, g), Steps: s}}
}

// guarded reports whether k comes to each of the ops past a lock only: what that guards
// may say that it is too late.
func guarded(k *routine.Routine, ops []*model.Op) bool {
	w := &model.Walk{Body: k.Body, Step: func(op *model.Op, stage int, _ *model.Path) (int, model.Verdict) {
		switch {
		case op.Kind == model.OpLock && !op.Deferred:
			return stage, model.Cut
		case op.Runs(func(o *model.Op) bool { return slices.Contains(ops, o) }):
			return stage, model.Hit
		}
		return stage, model.GoOn
	}}
	return len(ops) > 0 && w.Find() == nil
}

// goesEarly is the finding in k, which is not counted, and starts tasks that are.
func (c *counter) goesEarly(k *routine.Routine, wait *model.Op) Finding {
	g, start := c.g.Name, c.gos[k][0]
	s := c.chain(k)
	why := "no task has been started yet"
	if len(c.gos) > 1 || len(c.adds) > 0 {
		why = "the tasks started so far have ended"
	}
	s.tell(Joins, c.waiter(wait), wait.At, "%s returns, because %s", c.g.Join(), why).onto(Group, g)
	s.by(Starts, c.actor(k), start.At, "now starts %s%s; nobody waits for it", startName(start.Task), often(start.Task)).onto(Group, g)
	return Finding{
		At:      start.At,
		Message: fmt.Sprintf("%s in a goroutine that is not counted races with %s; Wait returns before the tasks are started", start.Text, c.g.Join()),
		Steps:   s,
	}
}

// chain tells how k, and what starts it, is started.
func (c *counter) chain(k *routine.Routine) (s steps) {
	var chain []*routine.Routine
	for r := k; r.Up != nil; r = r.Up {
		chain = append(chain, r)
	}
	for _, r := range slices.Backward(chain[:min(3, len(chain))]) {
		c.started(r, &s)
	}
	return s
}

// evens reports whether k and those below it call Done for what they add only: with
// more of them, somebody else has counted for k.
func (c *counter) evens(k *routine.Routine) bool {
	adds, dones := int64(0), int64(0)
	for _, r := range c.below(k) {
		for _, a := range c.adds[r] {
			if a.N == nil {
				return false
			}
			adds += a.N.Const
			if len(a.N.Terms) > 0 {
				return true
			}
		}
		dones += int64(len(c.dones[r]))
	}
	return dones <= adds
}

// waitedFor reports whether a goroutine that is counted may wait for k.
func (c *counter) waitedFor(k *routine.Routine) bool {
	mine := c.below(k)
	if c.silent(mine) {
		return false
	}
	return slices.ContainsFunc(routine.Learning(mine, c.all, c.g), func(r *routine.Routine) bool {
		return !slices.Contains(mine, r) && (len(c.dones[r]) > 0 || r.Spawn != nil && c.goes(r.Spawn))
	})
}

// saidByVet reports whether go vet's waitgroup analyzer says the same: Add is what
// a literal in a go statement begins with.
func saidByVet(k *routine.Routine, add *model.Op) bool {
	if k.Spawn.Text != "go" || k.Spawn.Task.What != "function literal" || len(k.Body.Blocks) == 0 {
		return false
	}
	for _, op := range k.Body.Blocks[0].Ops {
		if op.At.Pos >= k.Spawn.At.End {
			return op == add
		}
	}
	return false
}

// addsLate reports Add after the go statement of the task that it counts.
//
// All that is ever added must be in one body, so that what has been added before is
// known, and the task must come to Done without waiting for anybody, whichever way it
// takes: one that counts itself out under a condition may be one that was not counted.
func (c *counter) addsLate() []Finding {
	var out []Finding
	for _, r := range c.all {
		for _, k := range r.Kids {
			if k.Spawn.Text != "go" || len(c.dones[k]) == 0 || len(c.adds[r]) == 0 {
				continue
			}
			add := c.added(r, k)
			if add == nil || !c.hurries(k) || !c.alwaysDone(k) || slices.ContainsFunc(out, func(f Finding) bool { return f.At == add.At }) {
				continue
			}
			g := c.g.Name
			var s steps
			c.started(k, &s)
			s.by(Skips, c.actor(r), add.At, "has not come to %s.Add yet", g).onto(Group, g)
			s.by(Panics, c.actor(k), c.dones[k][0].At, "calls %s.Done; the counter goes below zero and panics", g).onto(Group, g)
			out = append(out, Finding{
				At:      add.At,
				Message: fmt.Sprintf("%s.Add comes after the go statement of the task that it counts; a fast task calls %s.Done first, and the counter goes below zero and panics", g, g),
				Steps:   s,
			})
		}
	}
	return out
}

// added is the Add that r comes to after it has started k, on a path on which nothing
// was added before; nil if there is none.
func (c *counter) added(r, k *routine.Routine) *model.Op {
	body := c.homes[k.Spawn].Body
	if body == nil || len(c.adds) > 1 {
		return nil
	}
	for _, a := range c.adds[r] {
		if c.homes[a].Body != body || a.N == nil || !routine.Positive(a.N) {
			return nil
		}
	}
	w := &model.Walk{Body: body, Step: func(op *model.Op, stage int, p *model.Path) (int, model.Verdict) {
		switch {
		case op == k.Spawn:
			return running, model.GoOn
		case op.Kind == model.OpAdd && op.Group == c.g && stage == running:
			return stage, model.Hit
		case op.Group == c.g && (op.Kind == model.OpAdd || op.Kind == model.OpWait), c.goes(op):
			return stage, model.Cut
		}
		return stage, model.GoOn
	}}
	if p := w.Find(); p != nil {
		return p.Op()
	}
	return nil
}

// alwaysDone reports whether no way through the task leaves without Done.
func (c *counter) alwaysDone(k *routine.Routine) bool {
	isDone := func(o *model.Op) bool { return o.Kind == model.OpDone && o.Group == c.g }
	w := &model.Walk{Body: k.Body, Step: func(op *model.Op, stage int, p *model.Path) (int, model.Verdict) {
		switch {
		case alwaysRuns(op, isDone, 0):
			return stage, model.Cut
		case op.Kind == model.OpReturn:
			return stage, model.Hit
		}
		return stage, model.GoOn
	}}
	return w.Find() == nil
}

// hurries reports whether the task can come to Done without waiting for anybody but
// the caller's context.
func (c *counter) hurries(k *routine.Routine) bool {
	const deferred = 1
	w := &model.Walk{Body: k.Body, Step: func(op *model.Op, stage int, p *model.Path) (int, model.Verdict) {
		isDone := func(o *model.Op) bool { return o.Kind == model.OpDone && o.Group == c.g }
		switch {
		case op.Kind == model.OpSelect, endsOutside(op):
			return stage, model.GoOn // a select is asked for the case that it takes
		case op.Kind == model.OpLock, op.Contains(func(o *model.Op) bool { return routine.Syncs(o) || o.Kind == model.OpLock }):
			return stage, model.Cut
		case op.Runs(isDone) && op.Deferred:
			return deferred, model.GoOn
		case op.Runs(isDone), op.Kind == model.OpReturn && stage == deferred:
			return stage, model.Hit
		}
		return stage, model.GoOn
	}}
	return w.Find() != nil
}

// endsOutside reports whether the op waits for the end of a context that the caller
// can end.
func endsOutside(op *model.Op) bool {
	if op.Kind != model.OpReceive || len(op.Uses) != 1 || op.Uses[0].Kind != model.UseDone || len(op.Uses[0].Ctx) != 1 {
		return false
	}
	for c, n := op.Uses[0].Ctx[0], 0; c != nil && n < 10; n++ {
		life, up := c.Life()
		if life == model.LifeOutside {
			return true
		}
		c = up
	}
	return false
}
