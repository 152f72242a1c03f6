package check

import (
	"slices"
	"strings"

	"github.com/gatherlint/gatherlint/internal/model"
)

// client is who makes an object and calls its methods.
const client = "a client"

// InParts has the steps of the life of an object name the function that is being
// executed, in place of the last of those that make up the life. It changes the
// findings that it is given, and returns them.
func InParts(s *model.Scene, findings []Finding) []Finding {
	if len(s.Parts) == 0 {
		return findings
	}
	for _, f := range findings {
		now := s.Parts[0].Name
		for i := range f.Steps {
			st := &f.Steps[i]
			if st.Actor.Kind != Spawner || st.Actor.Name != s.Spawner {
				continue
			}
			at := slices.IndexFunc(s.Parts, func(x model.Part) bool { return x.Extent.Pos <= st.At.Pos && st.At.Pos < x.Extent.End })
			byClient := at >= 0 && st.At == s.Parts[at].At
			if at >= 0 && !(byClient && st.Kind == Starts) { // what is started runs beside what is called
				now = s.Parts[at].Name
			}
			st.Actor.Name = now
			if byClient {
				st.Actor.Name = client
			}
			if rest, ok := strings.CutPrefix(st.Text, s.Spawner+" "); ok {
				st.Text = st.Actor.Name + " " + rest
			}
		}
		makerFirst(s, f.Steps)
	}
	for i := range findings {
		findings[i].Steps = asksFirst(s, findings[i].Steps)
	}
	return findings
}

// asksFirst adds what a method that is started finds before all else.
func asksFirst(s *model.Scene, steps []Step) []Step {
	for _, p := range s.Parts {
		i := slices.IndexFunc(steps, func(st Step) bool { return st.At == p.At })
		if p.Flag == "" || i < 0 {
			continue
		}
		finds := "not set"
		if p.FlagSet {
			finds = "set"
		}
		who := Actor{Kind: Task, Name: p.Name}
		return slices.Insert(steps, i+1, Step{Kind: Reads, At: p.FlagAt, Actor: who, Text: p.Name + " finds " + p.Flag + " " + finds})
	}
	return steps
}

// makerFirst puts the step in which the object is made before that in which a method of it
// is started.
func makerFirst(s *model.Scene, steps []Step) {
	i := slices.IndexFunc(steps, func(st Step) bool { return st.At == s.Parts[0].At })
	if i < 1 || steps[i].Actor.Name != client {
		return
	}
	made := steps[i]
	copy(steps[1:i+1], steps[:i])
	steps[0] = made
}
