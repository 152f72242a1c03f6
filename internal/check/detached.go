package check

import (
	"fmt"
	"strings"

	"github.com/gatherlint/gatherlint/internal/model"
)

var _ = register(&Check{
	Name:   "detached",
	Family: Cancellation,
	OptIn:  true,
	Doc: Doc{
		Summary: "a task that Wait waits for runs on a context that never ends, although one that does is at hand",
		What: "The check reports the first cancellable call or wait of a task that is given `context.Background` or `context.TODO`, and a wait for the end of one of them or of a `context.WithoutCancel`, " +
			"when somebody waits for the task's group and there is a context to use: the group's own, or one that the spawner is given.",
		Why: "Nothing can stop the call. When a sibling fails or the caller gives up, `Wait` waits for it all the same, and the caller with it.",
		Bad: `func readBoth(ctx context.Context, near, far buoy) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return near.read(gctx) })
	g.Go(func() error { return far.read(context.Background()) })
	return g.Wait()
}`,
		Good: `func readTogether(ctx context.Context, near, far buoy) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return near.read(gctx) })
	g.Go(func() error { return far.read(gctx) })
	return g.Wait()
}`,
		Limits: "Silent for calls with a `context.WithoutCancel`, which says what it does, for clean-up (deferred, after an error or the end of a context was seen, or called like it), when the object whose method is called is stopped or closed by the spawner or a task, for a context with a time limit or a cancel function of its own, " +
			"and in functions that the task calls without giving them a context that ends.",
		Silence: "Give the call a time limit of its own, or write `//gatherlint:ignore detached REASON` above the line.",
	},
	Run: runDetached,
})

func runDetached(f *model.FanOut) []Finding {
	g := f.Group
	if g.Kind == model.Bare || len(f.EveryWait()) == 0 {
		return nil
	}
	var out []Finding
	for _, t := range f.Tasks {
		d := &detachedUses{f: f, task: t}
		if d.ends() == "" {
			continue
		}
		d.visit(t.Body, t.Spawn != nil && givenMortal(t.Spawn), 0)
		if d.found != nil && !endedByCall(f, d.found) {
			out = append(out, d.finding())
		}
	}
	return out
}

// endedByCall reports whether the spawner or another task closes or stops, by a
// method, the object whose method the use is given to: the call ends by that, and
// needs no context.
func endedByCall(f *model.FanOut, u *model.Use) bool {
	i := strings.LastIndexByte(u.Callee, '.')
	if i < 0 {
		return false
	}
	bodies := []*model.Body{f.Body}
	for _, t := range f.Tasks {
		bodies = append(bodies, t.Body)
	}
	found := false
	for _, b := range bodies {
		model.EachOp(b, func(op *model.Op) bool {
			verb, ok := strings.CutPrefix(strings.ToLower(op.Text), strings.ToLower(u.Callee[:i+1]))
			found = found || ok && op.Kind == model.OpCall && (verb == "stop" || verb == "close" || verb == "shutdown" || verb == "abort")
			return !found
		})
	}
	return found
}

// detachedUses looks for the first use in a task of a context that never ends.
type detachedUses struct {
	f     *model.FanOut
	task  *model.Task
	found *model.Use
}

// ends names the context at hand and what ends it; "" if there is none.
func (d *detachedUses) ends() string {
	g := d.f.Group
	switch {
	case g.HasCtx && g.CtxName != "" && d.f.Siblings(d.task):
		return "a sibling has failed"
	case d.f.CallerCtx != "":
		return d.f.CallerCtx + " has ended"
	}
	return ""
}

// visit looks through body. Near says that a context which ends is at hand in it.
func (d *detachedUses) visit(body *model.Body, near bool, depth int) {
	if body == nil || depth > maxChain {
		return
	}
	for _, blk := range body.Blocks {
		for _, op := range blk.Ops {
			if op.Deferred || op.Kind == model.OpSpawn || d.found != nil {
				continue
			}
			if u := endlessUse(op); u != nil && (near || within(u.At, d.f.Extent)) {
				d.found = u
				return
			}
			d.visit(op.Into, givenMortal(op), depth+1)
			for _, lit := range op.Lits {
				d.visit(lit, false, depth+1)
			}
		}
	}
}

// givenMortal reports whether op is given a context that can end.
func givenMortal(op *model.Op) bool {
	for _, u := range op.Uses {
		if !model.NeverEnds(u.Ctx) {
			return true
		}
	}
	return false
}

// endlessUse is a context that never ends and that op waits with.
func endlessUse(op *model.Op) *model.Use {
	if op.Kind == model.OpSelect || givenMortal(op) {
		return nil // it can end in another way
	}
	for _, u := range op.Uses {
		switch u.Kind {
		case model.UseCall, model.UseDone:
			if u.Cancels == model.Yes && !u.Cleanup && !u.Drains && model.NeverEnds(u.Ctx) && (u.Kind == model.UseDone || !shielded(u)) {
				return u
			}
		}
	}
	return nil
}

// shielded reports whether the author took a context that ends and cut it off:
// nobody writes that by mistake.
func shielded(u *model.Use) bool {
	for _, c := range u.Ctx {
		if c.Base().Adds == model.CutsOff {
			return true
		}
	}
	return false
}

func (d *detachedUses) finding() Finding {
	f, g, u := d.f, d.f.Group, d.found
	source := u.Ctx[0].Base().How
	name := u.Text
	if !strings.Contains(name, source) {
		name += " (" + source + ")"
	}
	w := f.EveryWait()[0]
	fact := fmt.Sprintf("gives %s to %s, and it never ends", name, u.Callee)
	step := fmt.Sprintf("gets to %s with %s, which never ends", u.Callee, name)
	over := u.Callee + " is over"
	if u.Kind == model.UseDone {
		fact = "waits for the end of " + name + ", which never comes"
		step, over = fact, "it is over"
	}
	var s steps
	s.starts(f, d.task)
	s.by(GoesOn, taskOf(d.task), u.At, "%s", step).onto(Context, u.Text)
	s.by(Waits, spawnerOf(f), w.At, "waits in %s until %s, also when %s", g.Join(), over, d.ends()).onto(Group, g.Name)
	return Finding{
		At:      u.At,
		Message: fmt.Sprintf("task %s; %s waits although %s", fact, g.Join(), d.ends()),
		Steps:   s,
	}
}
