package check

import (
	"fmt"
	"strings"

	"github.com/gatherlint/gatherlint/internal/fanout"
)

var _ = register(&Check{
	Name:   "detached",
	Family: Cancellation,
	OptIn:  true,
	Doc: Doc{
		Summary: "a task that Wait waits for runs on a context that never ends, although one that does is at hand",
		What: "The check reports the first cancellable call or wait of a task that is given `context.Background`, `context.TODO` or a `context.WithoutCancel`, " +
			"when somebody waits for the task's group and there is a context to use: the group's own, or one that the spawner is given.",
		Why: "Nothing can stop the call. When a sibling fails or the caller gives up, `Wait` waits for it all the same, and the caller with it.",
		Limits: "Silent for clean-up (deferred, after an error or the end of a context was seen, or called like it), for a context with a time limit or a cancel function of its own, " +
			"and in functions that the task calls without giving them a context that ends.",
		Silence: "Give the call a time limit of its own, or write `//gatherlint:ignore detached REASON` above the line.",
	},
	Run: runDetached,
})

func runDetached(f *fanout.FanOut) []Finding {
	g := f.Group
	if g.Kind == fanout.Bare || len(f.EveryWait()) == 0 {
		return nil
	}
	var out []Finding
	for _, t := range f.Tasks {
		d := &detachedUses{f: f, task: t}
		if d.ends() == "" {
			continue
		}
		d.visit(t.Body, t.Spawn != nil && givenMortal(t.Spawn), 0)
		if d.found != nil {
			out = append(out, d.finding())
		}
	}
	return out
}

// detachedUses looks for the first use in a task of a context that never ends.
type detachedUses struct {
	f     *fanout.FanOut
	task  *fanout.Task
	found *fanout.Use
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
func (d *detachedUses) visit(body *fanout.Body, near bool, depth int) {
	if body == nil || depth > maxChain {
		return
	}
	for _, blk := range body.Blocks {
		for _, op := range blk.Ops {
			if op.Deferred || op.Kind == fanout.OpSpawn || d.found != nil {
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
func givenMortal(op *fanout.Op) bool {
	for _, u := range op.Uses {
		if !fanout.NeverEnds(u.Ctx) {
			return true
		}
	}
	return false
}

// endlessUse is a context that never ends and that op waits with.
func endlessUse(op *fanout.Op) *fanout.Use {
	if op.Kind == fanout.OpSelect || givenMortal(op) {
		return nil // it can end in another way
	}
	for _, u := range op.Uses {
		switch u.Kind {
		case fanout.UseCall, fanout.UseDone:
			if u.Cancels == fanout.Yes && !u.Cleanup && !u.Drains && fanout.NeverEnds(u.Ctx) {
				return u
			}
		}
	}
	return nil
}

func (d *detachedUses) finding() Finding {
	f, g, u := d.f, d.f.Group, d.found
	source := shortName(u.Ctx[0].Base())
	name := u.Text
	if !strings.Contains(name, source) {
		name += " (" + source + ")"
	}
	what := u.Callee
	if u.Kind == fanout.UseDone {
		what = "the wait for its end"
	}
	var s steps
	s.starts(f, d.task)
	s.by(taskOf(d.task), u.At.Pos, "gets to %s with %s, which never ends", what, name).onto(Context, u.Text)
	w := f.EveryWait()[0]
	s.by(spawnerOf(f), w.At.Pos, "waits in %s.Wait until %s is over, also when %s", g.Name, what, d.ends()).onto(Group, g.Name)
	return Finding{
		At:      u.At,
		Message: fmt.Sprintf("task gives %s to %s, and it never ends; %s.Wait waits although %s", name, what, g.Name, d.ends()),
		Steps:   s,
	}
}
