package check

import (
	"fmt"
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
	for n := range findings {
		f := &findings[n]
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
			if st.Actor.Name = now; byClient {
				st.Actor.Name = client
			}
			if rest, ok := strings.CutPrefix(st.Text, s.Spawner+" "); ok {
				st.Text = st.Actor.Name + " " + rest
			}
		}
		f.Steps = fromMaker(s, f.Steps)
	}
	return findings
}

// fromMaker has the steps begin where the object is made, and adds what a method that is
// started finds before all else.
func fromMaker(s *model.Scene, steps []Step) []Step {
	if i := slices.IndexFunc(steps, func(st Step) bool { return st.At == s.Parts[0].At }); i > 0 && steps[i].Actor.Name == client {
		steps = slices.Concat(steps[i:i+1], steps[:i], steps[i+1:])
	}
	for _, p := range s.Parts {
		i := slices.IndexFunc(steps, func(st Step) bool { return st.At == p.At })
		if p.Flag == "" || i < 0 {
			continue
		}
		finds := map[bool]string{true: "set", false: "not set"}[p.FlagSet]
		steps = slices.Insert(steps, i+1, Step{Kind: Reads, At: p.FlagAt, Actor: Actor{Kind: Task, Name: p.Name}, Text: fmt.Sprintf("%s finds %s %s", p.Name, p.Flag, finds)})
	}
	return steps
}
