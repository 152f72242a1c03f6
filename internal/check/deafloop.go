package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gatherlint/gatherlint/internal/model"
)

// The half of deaftask that needs no schedule: a task that sleeps in a loop is
// never blocked for ever, it goes round until what it looks for has come about.
// It is a finding when nothing in the loop can hear that a sibling has failed.
//
// That is decided by what the loop does. Whatever might end it when the group
// fails, or anyway, makes the check silent: a context that descends from the
// group's or is not known, a channel, a deadline, a counter, memory that another
// goroutine can write. What is left are loops that only ask the world outside.

// deafLoops looks for such loops in the tasks of a group that has a context.
func deafLoops(f *model.FanOut) []Finding {
	g := f.Group
	if !g.Errors() || !g.HasCtx {
		return nil
	}
	var out []Finding
	for _, t := range f.Tasks {
		if t.Body == nil || !failsBeside(f, t) {
			continue
		}
		d := &deafTask{f: f, task: t}
		d.visit(t.Body, nil, nil)
		out = append(out, d.found...)
	}
	return out
}

// failsBeside reports whether a task beside t is known to fail. Unlike Siblings
// it does not count tasks that somebody else may start.
func failsBeside(f *model.FanOut, t *model.Task) bool {
	return slices.ContainsFunc(f.EveryTask(), func(s *model.Task) bool {
		return (s != t || s.InLoop) && s.Fails == model.Yes
	})
}

// A deafTask is the search in one task.
type deafTask struct {
	f     *model.FanOut
	task  *model.Task
	tried []*model.Loop
	found []Finding
}

// visit walks what the task runs itself. Literals that it gives to others are
// left out: nobody knows whether they are called. outer is the loop that the
// call of body is in, and call the op of that loop that leads here.
func (d *deafTask) visit(body *model.Body, outer *roundLoop, call *model.Op) {
	if body == nil {
		return
	}
	for _, blk := range body.Blocks {
		inner := innermost(body, blk)
		for _, op := range blk.Ops {
			if op.Deferred {
				continue
			}
			r, at := inner, op
			if r == nil {
				r, at = outer, call
			}
			if r != nil && pauses(op) && !slices.Contains(d.tried, r.loop) {
				d.tried = append(d.tried, r.loop)
				pause, place := op, at
				if own := r.pause(); own != nil {
					pause, place = own, own
				}
				if d.deaf(r, pause) {
					d.found = append(d.found, d.finding(pause, place.At))
				} else if call := d.stubborn(r); call != nil {
					d.found = append(d.found, d.goesOn(call, pause))
				}
			}
			d.spins(inner, op)
			d.visit(op.Into, r, at)
		}
	}
}

// pauses reports whether op does nothing but let time pass.
func pauses(op *model.Op) bool {
	switch op.Kind {
	case model.OpSleep:
		return true
	case model.OpReceive, model.OpRange:
		return op.Chan != nil && op.Chan.Fills
	case model.OpSelect:
		return !op.Default && len(op.Cases) == 1 && pauses(op.Cases[0])
	}
	return false
}

// ticks is the channel of a timer that op receives from, nil if it sleeps.
func ticks(op *model.Op) *model.Chan {
	if op.Kind == model.OpSelect {
		return op.Cases[0].Chan
	}
	return op.Chan
}

// A roundLoop is a loop that is not known to be counted, and all that runs in it.
type roundLoop struct {
	loop   *model.Loop
	blocks []*model.Block
	own    []*model.Op // of the blocks themselves
	all    []*model.Op // those of called functions, literals and spawned tasks too
}

// innermost is the smallest loop around blk that is not counted, nil if there is
// none: a counted loop is left in time, and the loop around it goes on.
func innermost(body *model.Body, blk *model.Block) *roundLoop {
	var best *roundLoop
	for _, l := range blk.Loops {
		if l.Count != nil {
			continue
		}
		r := &roundLoop{loop: l}
		for _, b := range body.Blocks {
			if slices.Contains(b.Loops, l) {
				r.blocks = append(r.blocks, b)
			}
		}
		if best == nil || len(r.blocks) < len(best.blocks) {
			best = r
		}
	}
	return best
}

// pause is the first pause of the loop itself: a called function may have another
// one by the way.
func (r *roundLoop) pause() *model.Op {
	for _, b := range r.blocks {
		for _, op := range b.Ops {
			if !op.Deferred && pauses(op) {
				return op
			}
		}
	}
	return nil
}

// collect fills in the ops, once the loop turns out to be of interest.
func (r *roundLoop) collect() {
	r.own, r.all = nil, nil
	for _, b := range r.blocks {
		for _, op := range b.Ops {
			r.own = append(r.own, op)
			r.add(op, 0)
			for _, body := range append([]*model.Body{op.Into}, op.Lits...) {
				r.addAll(body, 0)
			}
		}
	}
}

// maxSpawns is how far goroutines that start goroutines are followed.
const maxSpawns = 3

func (r *roundLoop) add(op *model.Op, depth int) {
	r.all = append(r.all, op)
	r.all = append(r.all, op.Cases...)
	if op.Kind == model.OpSpawn && op.Task != nil && depth < maxSpawns {
		r.addAll(op.Task.Body, depth+1)
	}
}

func (r *roundLoop) addAll(body *model.Body, depth int) {
	model.EachOp(body, func(op *model.Op) bool {
		r.add(op, depth)
		return true
	})
}

// deaf reports whether the loop around a pause goes on whatever happens to the
// siblings.
func (d *deafTask) deaf(r *roundLoop, pause *model.Op) bool {
	r.collect()
	lost := len(lostContext(d.f)) > 0
	for _, op := range r.all {
		if r.talks(op, ticks(pause)) || d.hears(r, op) && !r.unheard(op) {
			return false
		}
		if !lost && !op.Deferred && wrongUse(d.f, op) != nil {
			return false // parentctx tells about it, and its cure ends the loop
		}
	}
	asks, vague := false, false
	for _, b := range r.deciding() {
		switch r.decides(b.Cond, pause) {
		case byOthers:
			return false
		case byAnswer:
			asks = true
		case byWord:
			vague = true
		}
	}
	return !d.told() && (!asks && !vague || asks && !d.handsOut())
}

// talks reports whether op communicates with another goroutine: that one can
// tell the task to stop.
func (r *roundLoop) talks(op *model.Op, tick *model.Chan) bool {
	switch op.Kind {
	case model.OpSend, model.OpReceive, model.OpRange:
		waitsForCtx := slices.ContainsFunc(op.Uses, func(u *model.Use) bool { return u.Kind == model.UseDone })
		return !waitsForCtx && (op.Chan == nil || op.Chan != tick)
	case model.OpCall:
		return op.Named.Has(model.HintLimits)
	}
	return false
}

// hears reports whether a context in op can end, or be ended, when a sibling
// fails or after some time.
func (d *deafTask) hears(r *roundLoop, op *model.Op) bool {
	for _, u := range op.Uses {
		if u.Kind == model.UseCall && (op.Into != nil || u.Cancels == model.No) {
			continue // what the callee does with it comes by itself
		}
		if u.Kind == model.UseDone || !d.deadTo(r, u.Ctx, nil) || d.f.TasksCancel(u.Ctx, d.task) || d.f.Reacts(u.Ctx) {
			return true
		}
	}
	return false
}

// unheard reports whether op is in a function that the loop calls and that gives nothing
// back: who calls it does not learn that a context has ended, whatever the function hears,
// unless it ends the goroutine.
func (r *roundLoop) unheard(op *model.Op) bool {
	ends := func(o *model.Op) bool { return o.Kind != model.OpReturn && o.Kind.Leaves() || o.Quits }
	return slices.ContainsFunc(r.own, func(call *model.Op) bool {
		mute := call.Kind == model.OpCall && call.Into != nil && call.Gives == nil
		return mute && call.Contains(func(o *model.Op) bool { return o == op }) && !call.Contains(ends)
	})
}

// deadTo reports whether the contexts outlive the group and the loop: they are
// those that the group's was derived from, or were made of them for one round.
func (d *deafTask) deadTo(r *roundLoop, ctx []*model.Ctx, seen []*model.Ctx) bool {
	g := d.f.Group
	if g.Descends(ctx) != model.No {
		return false
	}
	for _, c := range ctx {
		switch {
		case c.Kind == model.CtxNever || slices.Contains(seen, c) || above(g, c):
		case c.Kind == model.CtxRoot:
			if g.Ancestral([]*model.Ctx{c}) != model.Yes {
				return false
			}
		case c.Kind == model.CtxDerived && (c.Adds == model.AddsValue || r.makes(c)):
			if !d.deadTo(r, c.Parents, append(seen[:len(seen):len(seen)], c)) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// above reports whether the group's context was derived from c.
func above(g *model.Group, c *model.Ctx) bool {
	return model.MayEnd([]*model.Ctx{c}, g.Parent)
}

// makes reports whether the context is made anew in each round.
func (r *roundLoop) makes(c *model.Ctx) bool {
	return slices.ContainsFunc(r.all, func(op *model.Op) bool { return op.Kind == model.OpDerive && op.Made == c })
}

// deciding are the blocks whose conditions decide about another round: those that
// leave the loop, and those that lead to one of them and to nothing else first.
func (r *roundLoop) deciding() []*model.Block {
	entries := map[*model.Block]int{}
	for _, b := range r.blocks {
		for _, s := range b.Succs {
			entries[s]++
		}
	}
	var out []*model.Block
	for grown := true; grown; {
		grown = false
		for _, b := range r.blocks {
			if len(b.Succs) != 2 || slices.Contains(out, b) {
				continue
			}
			if slices.ContainsFunc(b.Succs, func(s *model.Block) bool {
				return !slices.Contains(r.blocks, s) || entries[s] == 1 && slices.Contains(out, s)
			}) {
				out, grown = append(out, b), true
			}
		}
	}
	return out
}

// A decider is what a condition that decides about another round depends on.
type decider int8

const (
	byOthers decider = iota // not known, or a count, the clock, memory that others write
	byNobody                // it comes out the same in every round
	byAnswer                // a call in the loop that asks the world outside
	byWord                  // a comparison with a text: mostly a mode, which nobody changes
)

// decides classifies a condition.
func (r *roundLoop) decides(c *model.Cond, pause *model.Op) decider {
	switch {
	case c == nil:
		return byOthers
	case c.Taken != nil || c.Stable != "":
		return byNobody
	}
	vars := slices.Clone(c.Vars)
	polled := false
	for _, t := range []*model.Term{c.X, c.Y} {
		if t == nil {
			continue
		}
		if t.Gives != nil && t.Gives == given(pause) {
			return byNobody // a ticker is not closed
		}
		polled = polled || t.Gives != nil && r.asks(t.Gives)
		if t.Var != nil && !slices.Contains(vars, t.Var) {
			vars = append(vars, t.Var)
		}
	}
	for _, v := range vars {
		fresh, counts := r.gets(v)
		if counts {
			return byOthers
		}
		polled = polled || fresh
	}
	switch {
	case polled:
		return byAnswer
	case c.Y != nil && strings.HasPrefix(c.Y.Const, `"`) && !c.Y.Named.Has(model.HintAsks):
		return byWord
	}
	return byOthers
}

// given names what the pause itself gives.
func given(pause *model.Op) *model.Event {
	if pause.Kind == model.OpSelect {
		return pause.Cases[0].Gives
	}
	return pause.Gives
}

// gets says how a variable gets its values in the loop: from a call that asks the
// world outside, or by counting or from something that is not known.
func (r *roundLoop) gets(v *model.Var) (fresh, counts bool) {
	for _, op := range r.own {
		if op.Kind != model.OpSet || op.Var != v {
			continue
		}
		switch t := op.Val; {
		case t != nil && t.Const != "" && op.At.Pos == v.Pos: // it is declared
		case t == nil || t.Counted || t.Var != nil || t.Const == "true" || t.Const == "false":
			counts = true
		case t.Gives != nil:
			if !r.asks(t.Gives) {
				return false, true
			}
			fresh = true
		}
	}
	return fresh, counts
}

// asks reports whether the event is the result of a call in the loop that gets it
// from outside: code that is not seen is called, and no lock is taken, as it is
// for memory that a sibling can write.
func (r *roundLoop) asks(e *model.Event) bool {
	for _, op := range r.own {
		if op.Gives != e || op.Kind != model.OpCall || op.Named.Has(model.HintAsks) {
			continue
		}
		return op.Contains(func(o *model.Op) bool { return o.Kind == model.OpCall && o.Into == nil }) &&
			!op.Contains(func(o *model.Op) bool { return o.Kind == model.OpLock })
	}
	return false
}

// handsOut reports whether the context of the group is given to code that is not
// seen, in the spawner or in the task: what it returned may fail when that ends.
func (d *deafTask) handsOut() bool {
	found := false
	for _, b := range []*model.Body{d.f.Body, d.task.Body} {
		model.EachOp(b, func(op *model.Op) bool {
			for _, u := range op.Uses {
				kept := u.Kind == model.UseStore || u.Kind == model.UseReturn || u.Kind == model.UseCall && u.Cancels != model.No
				found = found || op.Into == nil && kept && d.f.Group.Descends(u.Ctx) != model.No
			}
			return !found
		})
	}
	return found
}

// told reports whether another goroutine ends an object that the task may depend
// on: a sibling does so, or anybody who waits for the end of the group.
func (d *deafTask) told() bool {
	for b, sibling := range d.others() {
		hears, ends, stopped := false, false, false
		model.EachOp(b, func(op *model.Op) bool {
			for _, o := range append([]*model.Op{op}, op.Cases...) {
				for _, u := range o.Uses {
					heard := d.f.Group.Descends(u.Ctx) != model.No
					hears = hears || u.Kind == model.UseDone && heard
					stopped = stopped || u.Kind == model.UseAfter && heard
				}
			}
			if op.Kind == model.OpCall && op.Into == nil {
				ends = ends || !op.Deferred && op.Named.Has(model.HintStops)
				stopped = stopped || sibling && d.f.ToldToEnd(op)
			}
			return !stopped
		})
		if stopped || hears && ends {
			return true
		}
	}
	return false
}

// others are the bodies that run beside the task: the spawner's, and those of all
// goroutines that it starts; true says that it is not the spawner's.
func (d *deafTask) others() map[*model.Body]bool {
	out := map[*model.Body]bool{d.f.Body: false}
	model.EachOp(d.f.Body, func(op *model.Op) bool {
		if op.Kind == model.OpSpawn && op.Task != nil && op.Task.Body != nil {
			out[op.Task.Body] = true
		}
		return true
	})
	for _, t := range d.f.EveryTask() {
		if t.Body != nil {
			out[t.Body] = true
		}
	}
	delete(out, d.task.Body)
	return out
}

// finding tells about a pause; at is its place in the loop, perhaps a call.
func (d *deafTask) finding(pause *model.Op, at model.Span) Finding {
	f, t, g := d.f, d.task, d.f.Group
	who := taskOf(t).Name
	pausing, again := "sleeping", "sleeps"
	if ch := ticks(pause); ch != nil {
		name := pause.Text
		if pause.Kind == model.OpSelect {
			name = pause.Cases[0].Text
		}
		pausing, again = "waiting for "+name, "waits for "+name
	}
	var s steps
	s.starts(f, t)
	s.by(Fails, sibling(), at, "fails while %s is %s; %s is cancelled", who, pausing, derived(g)).onto(Context, derived(g))
	s.by(GoesOn, taskOf(t), pause.At, "goes round and %s again, without a look at %s", again, derived(g)).onto(Context, derived(g))
	if waits := f.EveryWait(); len(waits) > 0 {
		s.tell(Waits, spawnerOf(f), waits[0].At, "%s waits for it", g.Join()).onto(Group, g.Name)
	}
	return Finding{
		At:      at,
		Message: fmt.Sprintf("%s goes on %s in a loop without watching %s; it does not stop when a sibling fails", who, pausing, derived(g)),
		Steps:   s,
	}
}
