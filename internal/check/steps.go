package check

import (
	"fmt"
	"go/token"

	"github.com/gatherlint/gatherlint/internal/fanout"
)

// steps collects the events of a scenario in order.
type steps []Step

func (s *steps) add(at token.Pos, format string, args ...any) {
	*s = append(*s, Step{At: at, Text: fmt.Sprintf(format, args...)})
}

// by adds what an actor does; the text is the actor's name and what follows it.
// The result is for saying more about the step.
func (s *steps) by(a Actor, at token.Pos, format string, args ...any) *Step {
	*s = append(*s, Step{At: at, Actor: a, Text: a.Name + " " + fmt.Sprintf(format, args...)})
	return &(*s)[len(*s)-1]
}

// onto says what the step is done to.
func (s *Step) onto(kind ActorKind, name string) *Step {
	s.On = Actor{Kind: kind, Name: name}
	return s
}

// forGood says that the actor never gets past the step.
func (s *Step) forGood() *Step {
	s.Blocks = true
	return s
}

// spawnerOf is the function that starts the tasks, as an actor.
func spawnerOf(f *fanout.FanOut) Actor { return Actor{Kind: Spawner, Name: f.Spawner} }

// taskOf is a task as an actor.
func taskOf(t *fanout.Task) Actor {
	if t.What == "function literal" {
		return Actor{Kind: Task, Name: "the task"}
	}
	return Actor{Kind: Task, Name: t.What}
}

// starts tells where the spawner starts a task.
func (s *steps) starts(f *fanout.FanOut, t *fanout.Task) {
	what := "a task"
	if t.What != "function literal" {
		what = t.What
	}
	often := ""
	if t.InLoop {
		often = ", in a loop"
	}
	st := s.by(spawnerOf(f), t.At.Pos, "starts %s%s%s", what, under(f.Group), often)
	st.onto(Task, taskOf(t).Name)
}

func under(g *fanout.Group) string {
	if g.Kind == fanout.Bare {
		return " in a goroutine"
	}
	return " under " + g.Name
}

// derived is the group context in the author's words.
func derived(g *fanout.Group) string {
	if g.CtxName != "" {
		return g.CtxName
	}
	return "the context of " + g.Name
}
