package model

import "slices"

// EachOp calls f for the ops of body in order, those of called functions and
// literals included, but not those of tasks it spawns, until f returns false.
func EachOp(body *Body, f func(*Op) bool) {
	seen := map[*Body]bool{}
	var visit func(b *Body) bool
	visit = func(b *Body) bool {
		if b == nil || seen[b] {
			return true
		}
		seen[b] = true
		for _, blk := range b.Blocks {
			for _, op := range blk.Ops {
				if !f(op) || !visit(op.Into) {
					return false
				}
				for _, lit := range op.Lits {
					if !visit(lit) {
						return false
					}
				}
			}
		}
		return true
	}
	visit(body)
}

// Like reports whether two ops do the same to the same object.
func (o *Op) Like(p *Op) bool {
	return o.Kind == p.Kind && o.Chan == p.Chan && o.Group == p.Group && o.Lock == p.Lock && o.Sem == p.Sem
}

// CallsBack reports whether the function, which has a name, calls a literal that it is given.
func (b *Body) CallsBack() bool {
	return !b.Literal && b.any(func(op *Op) bool { return op.Into != nil && op.Into.Literal })
}

// any reports whether keep holds for an op that stands in the body itself.
func (b *Body) any(keep func(*Op) bool) bool {
	return b != nil && slices.ContainsFunc(b.Blocks, func(blk *Block) bool { return slices.ContainsFunc(blk.Ops, keep) })
}

// Has reports whether an op stands in the body itself.
func (b *Body) Has(op *Op) bool {
	return slices.ContainsFunc(b.Blocks, func(blk *Block) bool { return slices.Contains(blk.Ops, op) })
}

// MadeUp reports whether the body stands nowhere in the source: it was made for a method
// value or a method expression.
func (b *Body) MadeUp() bool { return b.Extent.End <= b.Extent.Pos }

// Questions that checks ask of the model.

// AllUses lists the contexts that op puts to use: directly, in the cases of a
// select, and in what it calls.
func (op *Op) AllUses() []*Use {
	out := op.DirectUses()
	for _, b := range append([]*Body{op.Into}, op.Lits...) {
		EachOp(b, func(o *Op) bool {
			out = append(out, o.DirectUses()...)
			return true
		})
	}
	return out
}

// DirectUses lists the contexts that op itself puts to use, in the cases of a select too.
func (op *Op) DirectUses() []*Use {
	out := append([]*Use(nil), op.Uses...)
	for _, c := range op.Cases {
		out = append(out, c.Uses...)
	}
	return out
}

// Contains reports whether op is, or calls something that does, an op that ok
// holds for. Spawned tasks do not count.
func (op *Op) Contains(ok func(*Op) bool) bool {
	if ok(op) {
		return true
	}
	found := false
	for _, b := range append([]*Body{op.Into}, op.Lits...) {
		EachOp(b, func(o *Op) bool {
			found = found || ok(o)
			return !found
		})
	}
	return found
}

// Runs is Contains for what op itself executes: literals that it passes to others
// may run later, or never.
func (op *Op) Runs(ok func(*Op) bool) bool {
	found := ok(op)
	var visit func(b *Body, depth int)
	visit = func(b *Body, depth int) {
		if b == nil || depth > MaxDepth {
			return
		}
		for _, blk := range b.Blocks {
			for _, o := range blk.Ops {
				if found = found || ok(o); !found {
					visit(o.Into, depth+1)
				}
			}
		}
	}
	visit(op.Into, 0)
	return found
}

// Returns reports whether the function can come back to its caller: one that
// always ends the process or runs for ever has no return.
func (b *Body) Returns() bool { return b.any(func(op *Op) bool { return op.Kind == OpReturn }) }

// Siblings reports whether a task of the fan-out other than t can fail; a task
// started in a loop is its own sibling.
func (f *FanOut) Siblings(t *Task) bool {
	if f.Group.Shared {
		return true // what else would another function do with it
	}
	for _, s := range f.EveryTask() {
		if (s != t || s.InLoop) && s.Fails == Yes {
			return true
		}
	}
	return false
}

// EveryTask is the tasks started here and those started elsewhere under the
// same group.
func (f *FanOut) EveryTask() []*Task {
	out := append([]*Task(nil), f.Tasks...)
	for _, o := range f.Elsewhere {
		out = append(out, o.Tasks...)
	}
	return out
}

// EveryWait is likewise for Waits.
func (f *FanOut) EveryWait() []*Op {
	out := append([]*Op(nil), f.Waits...)
	for _, o := range f.Elsewhere {
		out = append(out, o.Waits...)
	}
	return out
}

// StaysBlocked reports whether the task waits on a channel, without a way out, that
// neither the spawner nor a task ever works on from the other side: only code
// outside the fan-out can free it. A sleep ends by itself, and what a semaphore
// waits for is not looked at.
func (f *FanOut) StaysBlocked(t *Task) Answer {
	if t.Body == nil {
		return Unknown
	}
	answer := No
	EachOp(t.Body, func(op *Op) bool {
		switch {
		case op.Kind == OpSend && op.Chan != nil && op.Chan.Cap != "0" && op.Chan.Cap != "":
			answer = max(answer, Unknown) // there may be room
		case op.Kind == OpSend, op.Kind == OpReceive, op.Kind == OpRange:
			if f.deserted(op) {
				answer = Yes
			}
		case op.Kind == OpSelect && !op.Default && len(op.Cases) > 0:
			if !slices.ContainsFunc(op.Cases, func(c *Op) bool { return !f.deserted(c) }) {
				answer = Yes
			}
		}
		return answer != Yes
	})
	return answer
}

// WaitsOn is a channel operation of the task's own body, outside any select and in a
// loop that is not counted, on a channel that nobody of the fan-out works on; nil if
// there is none.
func (f *FanOut) WaitsOn(t *Task) *Op {
	if t.Body == nil {
		return nil
	}
	for _, blk := range t.Body.Blocks {
		if !slices.ContainsFunc(blk.Loops, func(l *Loop) bool { return l.Count == nil }) {
			continue
		}
		for _, op := range blk.Ops {
			if (op.Kind == OpReceive || op.Kind == OpRange) && f.deserted(op) {
				return op
			}
		}
	}
	return nil
}

// deserted reports whether nobody in the fan-out can let the channel operation
// pass: no other op of the spawner or of a task works on its channel, but others
// of the same kind.
func (f *FanOut) deserted(op *Op) bool {
	if op.Chan == nil || op.Chan.Fills {
		return false
	}
	frees := func(o *Op) bool {
		for _, c := range append([]*Op{o}, o.Cases...) {
			if c.Chan == op.Chan && (c.Kind == OpClose || (c.Kind == OpSend) != (op.Kind == OpSend)) && c.Kind != OpNew {
				return true
			}
		}
		return false
	}
	served := f.anyTaskOp(frees)
	EachOp(f.Body, func(o *Op) bool {
		served = served || frees(o)
		return !served
	})
	return !served
}

// ClosedBySpawner reports whether the spawner closes the channel, and no task does: a
// second close would be a panic, so it is the one that others count on.
func (f *FanOut) ClosedBySpawner(ch *Chan) bool {
	closes := func(op *Op) bool { return op.Kind == OpClose && op.Chan == ch }
	found := false
	EachOp(f.Body, func(op *Op) bool {
		found = found || closes(op)
		return !found
	})
	return found && !f.anyTaskOp(closes)
}

// Carries reports whether something may be sent on the channel: an op of the fan-out
// sends, or is given the channel by way of code that is not seen.
func (f *FanOut) Carries(ch *Chan) bool {
	sends := func(op *Op) bool {
		return op.Kind == OpSend && op.Chan == ch || slices.Contains(op.Hands, ch) || slices.ContainsFunc(op.Cases, func(c *Op) bool { return c.Kind == OpSend && c.Chan == ch })
	}
	found := f.anyTaskOp(sends)
	EachOp(f.Body, func(op *Op) bool {
		found = found || sends(op)
		return !found
	})
	return found
}

// GatheredOutside reports whether a task sends on, or closes, a channel that the
// spawner was given: whoever has the channel can tell when the tasks are done.
func (f *FanOut) GatheredOutside() bool {
	return f.anyTaskOp(func(op *Op) bool {
		for _, o := range append([]*Op{op}, op.Cases...) {
			if (o.Kind == OpSend || o.Kind == OpClose) && o.Chan != nil && !o.Chan.Local {
				return true
			}
		}
		return false
	})
}

// TellsEnd reports whether it is known, where the condition holds or does not,
// that the group's context has ended: its error was found not nil.
func (g *Group) TellsEnd(c *Cond, holds bool) bool {
	ended := foundEnded(c, holds)
	return ended != nil && g.Descends(ended) == Yes
}

// foundEnded is the context whose error is found not nil where the condition holds, or
// does not; nil if there is none.
func foundEnded(c *Cond, holds bool) []*Ctx {
	isNil := holds != c.Neg // what the comparison proper is
	if isNil || c.X == nil || c.Y == nil {
		return nil
	}
	x, y := c.X, c.Y
	if x.Const == "nil" {
		x, y = y, x
	}
	if y.Const != "nil" {
		return nil
	}
	return x.CtxErr
}

// Undying reports whether the group context was derived from one that never
// ends: there was no caller's context to pass on.
func (g *Group) Undying() bool {
	for _, c := range g.Parent {
		if c.Kind != CtxNever {
			return false
		}
	}
	return true
}

// Within reports whether op runs in the spawner itself: in its body or in what
// it calls, deferred calls included. What it passes to others to call is not.
func (f *FanOut) Within(op *Op) bool {
	return within(f.Body, op, map[*Body]bool{})
}

func within(b *Body, op *Op, seen map[*Body]bool) bool {
	if b == nil || seen[b] {
		return false
	}
	seen[b] = true
	return b.any(func(o *Op) bool { return o == op || within(o.Into, op, seen) })
}

// MayEnd reports whether ending the contexts dead can end one of ctx: it is one
// of them or may derive from one.
func MayEnd(dead, ctx []*Ctx) bool {
	seen := map[*Ctx]bool{}
	var visit func(cs []*Ctx) bool
	visit = func(cs []*Ctx) bool {
		for _, c := range cs {
			if seen[c] {
				continue
			}
			seen[c] = true
			for _, d := range dead {
				if c == d {
					return true
				}
			}
			if c.Group != nil && visit(c.Group.Parent) || visit(c.Parents) {
				return true
			}
		}
		return false
	}
	return visit(ctx)
}

// TakesFromTask reports whether op receives from a channel that a task of the
// fan-out sends on: the spawner may count the tasks by what they send. Of a
// select it is the case taken that counts.
func (f *FanOut) TakesFromTask(op *Op) bool {
	return (op.Kind == OpReceive || op.Kind == OpRange) && op.Chan != nil && f.SentByTask(op.Chan)
}

// SentByTask reports whether a task of the fan-out sends on the channel.
func (f *FanOut) SentByTask(ch *Chan) bool {
	return f.anyTaskOp(func(t *Op) bool {
		for _, c := range append([]*Op{t}, t.Cases...) {
			if c.Kind == OpSend && c.Chan == ch {
				return true
			}
		}
		return false
	})
}

// Reacts reports whether somebody waits for the end of the group's context and has
// the means to end ctx: the spawner, a goroutine that it starts, or a function
// given to context.AfterFunc. A failure reaches ctx by way of it.
func (f *FanOut) Reacts(ctx []*Ctx) bool {
	bodies := []*Body{f.Body}
	EachOp(f.Body, func(op *Op) bool {
		if op.Kind == OpSpawn && op.Task != nil && op.Task.Body != nil {
			bodies = append(bodies, op.Task.Body)
		}
		return true
	})
	for _, b := range bodies {
		waits, cancels := false, false
		EachOp(b, func(op *Op) bool {
			for _, u := range op.DirectUses() {
				hears := f.Group.Descends(u.Ctx) == Yes
				waits = waits || u.Kind == UseDone && hears
				if u.Kind == UseAfter && hears {
					waits, cancels = true, true
				}
			}
			cancels = cancels || op.Kind == OpCancel && MayEnd(op.Ctx, ctx)
			return !waits || !cancels
		})
		if waits && cancels && (b == f.Body || !f.isTask(b)) {
			return true
		}
	}
	return f.anyTaskOp(func(op *Op) bool {
		for _, u := range op.DirectUses() {
			if u.Kind == UseAfter && f.Group.Descends(u.Ctx) == Yes {
				return true
			}
		}
		return false
	})
}

// isTask reports whether body is a task of the fan-out itself.
func (f *FanOut) isTask(body *Body) bool {
	return slices.ContainsFunc(f.Tasks, func(t *Task) bool { return t.Body == body })
}

// tasksWatch reports whether a task uses a context that ends with one of dead.
func (f *FanOut) tasksWatch(dead []*Ctx) bool {
	return f.anyTaskOp(func(t *Op) bool {
		for _, u := range t.DirectUses() {
			if MayEnd(dead, u.Ctx) {
				return true
			}
		}
		return false
	})
}

// isHeld reports whether a task holds the object, or another result of the call that
// made it: the other end of a pipe.
func (f *FanOut) isHeld(x *Object) bool {
	return slices.ContainsFunc(f.Tasks, func(t *Task) bool { return slices.Contains(t.Holds, x) })
}

func (f *FanOut) anyTaskOp(ok func(*Op) bool) bool {
	found := false
	for _, t := range f.EveryTask() {
		EachOp(t.Body, func(op *Op) bool {
			found = found || ok(op)
			return !found
		})
	}
	return found
}

// Origins names where the context comes from: the parameters and fields that it
// derives from in the end, in the spawner's words.
func Origins(ctx []*Ctx) string {
	all := Roots(ctx)
	if len(all) == 0 {
		return ""
	}
	return all[0].Name
}

// Receives reports whether a task takes from a channel made in the model: it may
// wait for the spawner to close it.
func (f *FanOut) Receives() bool {
	return f.anyTaskOp(func(op *Op) bool {
		for _, o := range append([]*Op{op}, op.Cases...) {
			if (o.Kind == OpReceive || o.Kind == OpRange) && o.Chan != nil {
				return true
			}
		}
		return false
	})
}

// TasksCancel reports whether a task of the fan-out other than t (nil: any task)
// cancels a context that ctx may derive from: then a failure reaches ctx another
// way.
func (f *FanOut) TasksCancel(ctx []*Ctx, t *Task) bool {
	found := false
	for _, s := range f.EveryTask() {
		if s == t {
			continue
		}
		EachOp(s.Body, func(op *Op) bool {
			found = found || op.Kind == OpCancel && MayEnd(op.Ctx, ctx)
			return !found
		})
	}
	return found
}

// Consumes reports whether the task alone takes from a channel until it is
// closed: it ends with its feeder, and has to outlive it.
func (t *Task) Consumes() bool {
	if t.InLoop {
		return false
	}
	found := false
	EachOp(t.Body, func(op *Op) bool {
		found = found || op.Kind == OpRange && op.Chan != nil && !op.Chan.FromCall
		return !found
	})
	return found
}
