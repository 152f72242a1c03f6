package check

import (
	"fmt"
	"strings"

	"github.com/gatherlint/gatherlint/internal/model"
)

// steps collects the events of a scenario in order.
type steps []Step

// by adds what an actor does; the text is the actor's name and what follows it.
// The result is for saying more about the step, before the next one is added.
func (s *steps) by(kind StepKind, a Actor, at model.Span, format string, args ...any) *Step {
	return s.tell(kind, a, at, "%s %s", a.Name, fmt.Sprintf(format, args...))
}

// tell is by with a text of its own: it calls the actor something else, or
// begins with what the actor is in ("g.Wait returns").
func (s *steps) tell(kind StepKind, a Actor, at model.Span, format string, args ...any) *Step {
	*s = append(*s, Step{Kind: kind, At: at, Actor: a, Text: fmt.Sprintf(format, args...)})
	return &(*s)[len(*s)-1]
}

// onto says what the step is done to.
func (s *Step) onto(kind ActorKind, name string) *Step {
	s.On = Actor{Kind: kind, Name: name}
	return s
}

// with says that the step is done to what an op works on. Of a select it is the
// first case that works on something shared.
func (s *Step) with(op *model.Op) *Step {
	for _, o := range append([]*model.Op{op}, op.Cases...) {
		switch {
		case o.Chan != nil:
			return s.onto(Channel, o.Chan.Name)
		case o.Lock != nil:
			return s.onto(Other, o.Lock.Name)
		case o.Sem != nil:
			return s.onto(Other, o.Sem.Name)
		case o.Group != nil && o.Group.Kind != model.Bare:
			return s.onto(Group, o.Group.Name)
		case (o.Kind == model.OpReceive || o.Kind == model.OpRange) && len(o.Uses) > 0:
			return s.onto(Context, o.Uses[0].Text)
		}
	}
	return s
}

// ObjectName is the name of what an op works on, "" if it has none.
func ObjectName(op *model.Op) string {
	switch {
	case op.Lock != nil:
		return op.Lock.Name
	case op.Sem != nil:
		return op.Sem.Name
	case op.Group != nil:
		return op.Group.Name
	case op.Chan != nil:
		return op.Chan.Name
	}
	return ""
}

// spawnerOf is the function that starts the tasks, as an actor.
func spawnerOf(f *model.FanOut) Actor { return Actor{Kind: Spawner, Name: f.Spawner} }

// taskOf is a task as an actor.
func taskOf(t *model.Task) Actor {
	if t.What == "function literal" {
		return Actor{Kind: Task, Name: "the task", At: t.At.Pos}
	}
	return Actor{Kind: Task, Name: t.What, At: t.At.Pos}
}

// someTask is a task of which it is not known, or does not matter, which one it is.
func someTask() Actor { return Actor{Kind: Task, Name: "the task"} }

// sibling is the task that fails beside the one that a finding is about.
func sibling() Actor { return Actor{Kind: Task, Name: "a sibling"} }

// groupOf is a group as an actor.
func groupOf(g *model.Group) Actor { return Actor{Kind: Group, Name: g.Name} }

// starts tells where the spawner starts a task.
func (s *steps) starts(f *model.FanOut, t *model.Task) {
	what := "a task"
	if t.What != "function literal" {
		what = t.What
	}
	often := ""
	if t.InLoop {
		often = ", in a loop"
	}
	name := f.Spawner
	if calls := callsTo(f.Body, func(b *model.Body) bool { return b.Has(t.Spawn) }); len(calls) > 0 {
		name = s.comesTo(spawnerOf(f), calls)
	}
	st := s.tell(Starts, spawnerOf(f), t.At, "%s starts %s%s%s", name, what, under(f.Group), often)
	st.On = taskOf(t)
}

// comesTo tells by which calls a goroutine comes into a function, and gives its name.
func (s *steps) comesTo(who Actor, calls []*model.Op) string {
	var names []string
	for _, op := range calls {
		names = append(names, callee(op))
	}
	s.by(Calls, who, calls[0].At, "calls %s", strings.Join(names, ", which calls "))
	return callee(calls[len(calls)-1])
}

// callee is the name of the function that a call runs, the same as where that function
// does something itself; of one that is not seen, the author's.
func callee(op *model.Op) string {
	if op.Into == nil || op.Into.Literal || op.Into.MadeUp() {
		return op.Text
	}
	return op.Into.Name
}

// callsTo are the calls of functions with names by which a body comes to one that is
// sought.
func callsTo(root *model.Body, sought func(*model.Body) bool) []*model.Op {
	seen := map[*model.Body]bool{}
	var find func(b *model.Body) ([]*model.Op, bool)
	find = func(b *model.Body) ([]*model.Op, bool) {
		if b == nil || seen[b] || sought(b) {
			return nil, b != nil && !seen[b]
		}
		seen[b] = true
		for _, blk := range b.Blocks {
			for _, op := range blk.Ops {
				rest, found := find(op.Into)
				switch {
				case found && (op.Into.Literal || b.MadeUp() || op.Text == ""): // no call in the source
					return rest, true
				case found:
					return append([]*model.Op{op}, rest...), true
				}
			}
		}
		return nil, false
	}
	calls, _ := find(root)
	return calls
}

func under(g *model.Group) string {
	if g.Kind == model.Bare {
		return " in a goroutine"
	}
	return " under " + g.Name
}

// derived is the group context in the author's words.
func derived(g *model.Group) string {
	if g.CtxName != "" {
		return g.CtxName
	}
	return "the context of " + g.Name
}
