package check

import (
	"fmt"

	"github.com/gatherlint/gatherlint/internal/model"
)

// stuckwait within one task, whatever else goes on: it waits for the group that counts it,
// which comes to its end only when the task does. The group may live in a field, and the
// task may wait by calling a method, such as the Close that waits for it.

// selfWaits reports the tasks that do so.
func selfWaits(f *model.FanOut) []Finding {
	var out []Finding
	for _, t := range f.Tasks {
		if t.Body == nil || t.Spawn == nil || f.Group == nil || f.Group.Kind == model.Bare {
			continue
		}
		g := f.Group
		const counted = 1
		isDone := func(op *model.Op) bool { return op.Kind == model.OpDone && op.Group == g }
		w := &model.Walk{Body: t.Body, Step: func(op *model.Op, stage int, _ *model.Path) (int, model.Verdict) {
			switch {
			case op.Deferred && stage != counted && (isDone(op) || op.Into != nil && always(op.Into, isDone, 1)):
				return counted, model.GoOn
			case op.Deferred || stage != counted:
				return stage, model.GoOn
			case op.Kind == model.OpWait && op.Group == g, op.Into != nil && always(op.Into, waitsFor(g), 1):
				return stage, model.Hit
			}
			return stage, model.GoOn
		}}
		if t.Spawn.Group == g && t.Spawn.Text != "go" && t.Spawn.Kind == model.OpSpawn {
			w.Start = counted
		}
		if p := w.Find(); p != nil {
			out = append(out, selfWait(f, t, p.Op()))
		}
	}
	return out
}

// always reports whether a body comes to an op for which ok holds before any of its ends,
// in what it calls too.
func always(b *model.Body, ok func(*model.Op) bool, depth int) bool {
	if depth > model.MaxDepth || len(b.Blocks) == 0 {
		return false
	}
	w := &model.Walk{Body: b, Step: func(op *model.Op, stage int, _ *model.Path) (int, model.Verdict) {
		switch {
		case op.Deferred:
			return stage, model.GoOn
		case ok(op), op.Into != nil && !op.Once && always(op.Into, ok, depth+1):
			return stage, model.Cut
		case op.Kind.Leaves(), op.Into != nil && !op.Into.Returns():
			return stage, model.Hit
		}
		return stage, model.GoOn
	}}
	return b.Returns() && findOp(b, ok) != nil && w.Find() == nil && !w.Spent()
}

// alwaysRuns reports whether op does, or each way through what it calls that comes to a
// return, what ok holds for: unlike always, in a deferred call too.
func alwaysRuns(op *model.Op, ok func(*model.Op) bool, depth int) bool {
	if ok(op) || op.Into == nil || depth > model.MaxDepth {
		return ok(op)
	}
	w := &model.Walk{Body: op.Into, Step: func(o *model.Op, stage int, _ *model.Path) (int, model.Verdict) {
		switch {
		case o.Kind == model.OpReturn:
			return stage, model.Hit
		case alwaysRuns(o, ok, depth+1):
			return stage, model.Cut
		}
		return stage, model.GoOn
	}}
	return w.Find() == nil
}

// selfWait is the finding at the op by which the task waits.
func selfWait(f *model.FanOut, t *model.Task, op *model.Op) Finding {
	who := taskOf(t)
	var s steps
	s.by(Starts, spawnerOf(f), t.At, "starts %s%s", startName(t), often(t)).On = who
	join := op
	if op.Into != nil {
		s.by(Calls, who, op.At, "calls %s", op.Into.Name)
		join = findOp(op.Into, waitsFor(f.Group))
	}
	s.by(Blocks, who, join.At, "blocks for ever waiting for %s, which counts it", f.Group.Name).onto(Group, f.Group.Name)
	return Finding{
		At:      op.At,
		Message: fmt.Sprintf("%s never returns; it is called in a task that %s waits for", f.Group.Join(), f.Group.Name),
		Steps:   s,
	}
}
