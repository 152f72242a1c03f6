package check

import (
	"fmt"

	"github.com/gatherlint/gatherlint/internal/model"
)

// wgcount for the limit of a group: the limit is a channel in which each running
// task holds a slot, and SetLimit replaces it. With a task of a limited group still
// running it panics; where it lifts the limit it does not look, and the task that
// ends reads the limit at the same time (golang.org/x/sync/errgroup, SetLimit).
// A limit given to a group that had none is told by stuckwait: Wait then never
// returns.

// The parts of a path's stage.
const (
	isLimited = 1 << iota
	hasTasks
)

// movedLimits reports the calls of SetLimit that come after a task was started
// under a limit, with no Wait in between.
func movedLimits(f *model.FanOut) []Finding {
	g := f.Group
	if g.Kind != model.ErrGroup || !g.Limit {
		return nil
	}
	w := &model.Walk{Body: f.Body, Step: func(op *model.Op, stage int, _ *model.Path) (int, model.Verdict) {
		switch {
		case op.Deferred:
			return stage, model.GoOn
		case op.Kind == model.OpLimit && op.Group == g && stage == isLimited|hasTasks:
			return stage, model.Hit
		case op.Kind == model.OpLimit && op.Group == g:
			if lifts(op) {
				return stage &^ isLimited, model.GoOn
			}
			return stage | isLimited, model.GoOn
		case op.Contains(waitsFor(g)):
			return stage &^ hasTasks, model.GoOn
		case spawnsUnder(op, g):
			return stage | hasTasks, model.GoOn
		}
		return stage, model.GoOn
	}}
	var out []Finding
	for _, p := range w.FindAll() {
		out = append(out, movedLimit(f, p))
	}
	return out
}

// lifts reports whether the call sets a limit below nought, which is none.
func lifts(op *model.Op) bool {
	return op.N != nil && len(op.N.Terms) == 0 && op.N.Const < 0
}

func movedLimit(f *model.FanOut, p *model.Path) Finding {
	g, op := f.Group, p.Op()
	var s steps
	running := someTask()
	ops := p.Ops(func(o *model.Op) bool { return o.Group == g || spawnsUnder(o, g) })
	for i, o := range ops {
		switch {
		case o == op && i == len(ops)-1:
		case o.Kind == model.OpLimit:
			s.by(Counts, spawnerOf(f), o.At, "limits %s", g.Name).onto(Group, g.Name)
		case o.Kind == model.OpSpawn && o.Task != nil:
			s.starts(f, o.Task)
			running = taskOf(o.Task)
		}
	}
	end := "the call panics, because a task holds a slot of the limit that it replaces"
	message := fmt.Sprintf("%s.SetLimit is called while a task of %s runs under another limit; it panics", g.Name, g.Name)
	if lifts(op) {
		end = "the call replaces the limit while a task that ends reads it; nothing orders the two"
		message = fmt.Sprintf("%s.SetLimit lifts the limit while a task of %s runs under it; the two race", g.Name, g.Name)
	}
	s.tell(GoesOn, running, op.At, "the task is still running and holds a slot").onto(Group, g.Name)
	s.tell(Panics, spawnerOf(f), op.At, "%s calls %s; %s", f.Spawner, op.Text, end).onto(Group, g.Name)
	return Finding{At: op.At, Message: message, Steps: s}
}
