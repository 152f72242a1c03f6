package analyzer

import (
	"fmt"
	"go/token"
	"slices"
	"strconv"
	"strings"

	"github.com/gatherlint/gatherlint/internal/check"
)

// A Step is one event of the schedule that proves a finding, as the message of
// a related information tells it.
type Step struct {
	Number int    // from 1, in the order of execution; 0 if the message has none
	Text   string // what happens
	Actor  Actor  // who does it
	On     Actor  // what it is done to
	Blocks bool   // the actor never gets past this step
}

// An Actor takes part in a schedule. The zero Actor is nobody.
type Actor struct {
	Kind string // spawner, task, channel, context, group, variable, other
	Name string // in the words of the analysed code
}

// apart returns the steps with the line of its start in the name of each
// goroutine that shares its name with one that starts in another line:
// "the task (line 12)".
func apart(fset *token.FileSet, steps []check.Step) []check.Step {
	line := func(a check.Actor) int { return fset.Position(a.At).Line }
	lines := map[check.Actor]int{} // of the first with the kind and name
	shared := map[check.Actor]bool{}
	alike := func(a check.Actor) check.Actor { return check.Actor{Kind: a.Kind, Name: a.Name} }
	for _, s := range steps {
		for _, a := range []check.Actor{s.Actor, s.On} {
			first, ok := lines[alike(a)]
			switch {
			case !a.At.IsValid():
			case !ok:
				lines[alike(a)] = line(a)
			case first != line(a):
				shared[alike(a)] = true
			}
		}
	}
	named := func(a check.Actor) check.Actor {
		if a.At.IsValid() && shared[alike(a)] {
			a.Name += fmt.Sprintf(" (line %d)", line(a))
		}
		return a
	}
	out := slices.Clone(steps)
	for i := range out {
		out[i].Actor, out[i].On = named(out[i].Actor), named(out[i].On)
	}
	return out
}

// stepMessage writes a step so that ParseStep reads it back: the number, what
// happens, and with the option Actors, between them, who does what to what:
//
//  2. [task "the loop" -> channel "out" blocks] the loop sends on out
//
// Each part within the brackets is left out where it is not known. The brackets
// stay, so that a text may begin with one.
func stepMessage(n int, s check.Step, actors bool) string {
	if !actors {
		return numbered(n, s.Text)
	}
	var parts []string
	if s.Actor.Kind != "" {
		parts = append(parts, string(s.Actor.Kind)+" "+strconv.Quote(s.Actor.Name))
	}
	if s.On.Kind != "" {
		parts = append(parts, "-> "+string(s.On.Kind)+" "+strconv.Quote(s.On.Name))
	}
	if s.Blocks {
		parts = append(parts, "blocks")
	}
	return strconv.Itoa(n) + ". [" + strings.Join(parts, " ") + "] " + printable(oneLine(s.Text))
}

// ParseStep reads the message of a related information. What it does not
// understand, because the option Actors was not set or the message is not one
// of gatherlint's, stays in the text.
func ParseStep(message string) Step {
	s := Step{Text: message}
	number, text, ok := strings.Cut(message, ". ")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < 1 {
		return s
	}
	s.Number, s.Text = n, text
	rest, ok := strings.CutPrefix(text, "[")
	if !ok {
		return s
	}
	who := s
	if who.Actor, rest, ok = cutActor(rest); ok {
		rest = strings.TrimPrefix(rest, " ")
	}
	if after, arrow := strings.CutPrefix(rest, "-> "); arrow {
		if who.On, rest, ok = cutActor(after); !ok {
			return s
		}
		rest = strings.TrimPrefix(rest, " ")
	}
	if after, blocks := strings.CutPrefix(rest, "blocks"); blocks {
		who.Blocks, rest = true, after
	}
	if who.Text, ok = strings.CutPrefix(rest, "] "); !ok {
		return s
	}
	return who
}

// cutActor reads an actor from the beginning of a text. Without one the text
// is returned as it is.
func cutActor(text string) (Actor, string, bool) {
	kind, rest, ok := strings.Cut(text, " ")
	if !ok || !knownKind(check.ActorKind(kind)) {
		return Actor{}, text, false
	}
	quoted, err := strconv.QuotedPrefix(rest)
	if err != nil {
		return Actor{}, text, false
	}
	name, err := strconv.Unquote(quoted)
	if err != nil {
		return Actor{}, text, false
	}
	return Actor{kind, name}, rest[len(quoted):], true
}

func knownKind(k check.ActorKind) bool {
	switch k {
	case check.Spawner, check.Task, check.Channel, check.Context, check.Group, check.Variable, check.Other:
		return true
	}
	return false
}
