package analyzer

import (
	"fmt"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/gatherlint/gatherlint/internal/check"
	"github.com/gatherlint/gatherlint/internal/model"
)

// A Step is one event of the schedule that proves a finding, as the message of
// a related information tells it.
type Step struct {
	Number int    // from 1, in the order of execution; 0 if the message has none
	Text   string // what happens
	Kind   string // the same in a word: starts, fails, returns, receives, ...
	Actor  Actor  // who does it
	On     Actor  // what it is done to
	Blocks bool   // the actor never gets past this step

	// Call is the call that fails, or the receive that gives an error, and Err the
	// error where it is tested. Both are in the file of the step.
	Call, Err Range
	// Way is which way a branch goes: then, else, into a loop, past it, case.
	Way string
}

// An Actor takes part in a schedule. The zero Actor is nobody.
type Actor struct {
	Kind string // spawner, task, channel, context, group, variable, other
	Name string // in the words of the analysed code
}

// A Range is a piece of a file. Lines and columns count from 1, columns in bytes;
// the end is behind the last byte. The zero Range is none.
type Range struct{ Line, Column, EndLine, EndColumn int }

func (r Range) String() string {
	return fmt.Sprintf("%d:%d-%d:%d", r.Line, r.Column, r.EndLine, r.EndColumn)
}

// apart returns the steps with names that tell goroutines apart: those of one name
// that start in different lines get the line, "the task of line 12". The texts of
// the steps say so too.
func apart(fset *token.FileSet, steps []check.Step) []check.Step {
	type alike struct {
		kind check.ActorKind
		name string
	}
	starts := map[alike][]token.Position{} // by line, each once
	for _, s := range steps {
		for _, a := range []check.Actor{s.Actor, s.On} {
			at := fset.Position(a.At)
			k := alike{a.Kind, a.Name}
			same := func(p token.Position) bool { return p.Filename == at.Filename && p.Line == at.Line }
			if a.At.IsValid() && !slices.ContainsFunc(starts[k], same) {
				starts[k] = append(starts[k], at)
			}
		}
	}
	named := func(a check.Actor) check.Actor {
		all := starts[alike{a.Kind, a.Name}]
		if !a.At.IsValid() || len(all) < 2 {
			return a
		}
		at := fset.Position(a.At)
		where := fmt.Sprintf("line %d", at.Line)
		if slices.ContainsFunc(all, func(p token.Position) bool { return p.Line == at.Line && p.Filename != at.Filename }) {
			where += " of " + filepath.Base(at.Filename)
		}
		a.Name += " of " + where
		return a
	}
	out := slices.Clone(steps)
	for i := range out {
		s := &out[i]
		before := s.Actor.Name
		s.Actor, s.On = named(s.Actor), named(s.On)
		if rest, ok := strings.CutPrefix(s.Text, before+" "); ok {
			s.Text = s.Actor.Name + " " + rest
		}
	}
	return out
}

// stepMessage writes a step so that ParseStep reads it back: the number, what
// happens, and with the option Actors, between them, who does what to what:
//
//  2. [task "the loop" sends -> channel "out"] the loop sends on out
//
// After that come the places of a failing call and of its error, and the way of a
// branch: "call=12:9-12:20 error=12:2-12:5 way=then". Each part within the brackets
// is left out where it is not known. The brackets stay, so that a text may begin
// with one.
func stepMessage(fset *token.FileSet, n int, s check.Step, actors bool) string {
	if !actors {
		return numbered(n, s.Text)
	}
	var parts []string
	if s.Actor.Kind != "" {
		parts = append(parts, string(s.Actor.Kind)+" "+strconv.Quote(s.Actor.Name))
	}
	if s.Kind != "" {
		parts = append(parts, string(s.Kind))
	}
	if s.On.Kind != "" {
		parts = append(parts, "-> "+string(s.On.Kind)+" "+strconv.Quote(s.On.Name))
	}
	for _, x := range []struct {
		word string
		span model.Span
	}{{"call", s.Call}, {"error", s.Err}} {
		if r, ok := rangeOf(fset, x.span, s.At); ok {
			parts = append(parts, x.word+"="+r.String())
		}
	}
	if s.Way != "" {
		parts = append(parts, "way="+string(s.Way))
	}
	return strconv.Itoa(n) + ". [" + strings.Join(parts, " ") + "] " + printable(oneLine(s.Text))
}

// rangeOf is where a span is; ok is false if it is not in the file of the step.
func rangeOf(fset *token.FileSet, span, step model.Span) (_ Range, ok bool) {
	if !span.Pos.IsValid() || !span.End.IsValid() {
		return Range{}, false
	}
	from, to := fset.Position(span.Pos), fset.Position(span.End)
	if from.Filename != to.Filename || from.Filename != fset.Position(step.Pos).Filename {
		return Range{}, false
	}
	return Range{from.Line, from.Column, to.Line, to.Column}, true
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
	if word, after, more := cutWord(rest); check.StepKind(word).Known() {
		who.Kind, who.Blocks, rest = word, word == string(check.Blocks), after
		if more {
			rest = strings.TrimPrefix(rest, " ")
		}
	}
	if after, arrow := strings.CutPrefix(rest, "-> "); arrow {
		if who.On, rest, ok = cutActor(after); !ok {
			return s
		}
		rest = strings.TrimPrefix(rest, " ")
	}
	for !strings.HasPrefix(rest, "] ") {
		word, after, _ := cutWord(rest)
		if !who.attribute(word) {
			return s
		}
		rest = strings.TrimPrefix(after, " ")
	}
	who.Text = rest[len("] "):]
	return who
}

// cutWord cuts a text before its first space or bracket; more says that it was a
// space.
func cutWord(text string) (word, rest string, more bool) {
	i := strings.IndexAny(text, " ]")
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i:], text[i] == ' '
}

// attribute reads one of the words behind the actors, name=value, and reports whether it is one.
func (s *Step) attribute(word string) bool {
	name, value, _ := strings.Cut(word, "=")
	switch {
	case name == "way":
		s.Way = value
		return check.Way(value).Known()
	case name != "call" && name != "error":
		return false
	}
	var r Range
	n, err := fmt.Sscanf(value, "%d:%d-%d:%d", &r.Line, &r.Column, &r.EndLine, &r.EndColumn)
	if err != nil || n != 4 || r.String() != value {
		return false
	}
	if name == "call" {
		s.Call = r
	} else {
		s.Err = r
	}
	return true
}

// cutActor reads an actor from the beginning of a text. Without one the text
// is returned as it is.
func cutActor(text string) (Actor, string, bool) {
	kind, rest, ok := strings.Cut(text, " ")
	if !ok || !check.ActorKind(kind).Known() {
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
