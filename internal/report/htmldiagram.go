package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// diagramOf makes a diagram of a finding's schedule: a lane for each actor, an
// event for each step, which all have an actor. The last step is the failure.
func diagramOf(f *Finding, id string) *Diagram {
	d := &Diagram{ID: id, Title: "schedule of " + f.Check + " at " + f.Place.String()}
	var lanes []Actor
	add := func(a Actor) {
		if !slices.Contains(lanes, a) {
			lanes = append(lanes, a)
		}
	}
	for _, s := range f.Steps {
		add(s.Actor)
		if s.On != nil {
			add(*s.On)
		}
	}
	// Who acts stands left, what is acted upon right, each as they first appear.
	slices.SortStableFunc(lanes, func(a, b Actor) int { return cmp.Compare(laneRank(a), laneRank(b)) })
	d.Lanes = lanes
	var desc strings.Builder
	for i, s := range f.Steps {
		e := Event{Text: label(s), Blocks: s.Blocks, Failure: i == len(f.Steps)-1}
		e.From = slices.Index(lanes, s.Actor)
		e.To = e.From
		if s.On != nil {
			e.To = slices.Index(lanes, *s.On)
			e.Starts = s.Kind == "starts" && s.On.Kind == "task"
		}
		d.Events = append(d.Events, e)
		fmt.Fprintf(&desc, "%d. %s", i+1, s.Text)
		if tag := tagOf(e); tag != "" {
			fmt.Fprintf(&desc, " (%s)", tag)
		}
		desc.WriteString("\n")
	}
	d.Desc = strings.TrimSpace(desc.String())
	return d
}

func laneRank(a Actor) int {
	order := []string{"spawner", "", "task", "channel", "variable", "context", "group"}
	if a == schedule() {
		return len(order) + 1
	}
	if i := slices.Index(order, a.Kind); i >= 0 {
		return i
	}
	return len(order)
}

// label is the text of a step without the name of the lane that it stands on.
func label(s Step) string {
	text, other := strings.CutPrefix(s.Text, "or ")
	rest, ok := strings.CutPrefix(text, s.Actor.Name+" ")
	switch {
	case !ok || rest == "":
		return s.Text
	case other:
		return "or " + rest
	}
	return rest
}

// schedule is the lane of steps that nobody in particular does.
func schedule() Actor { return Actor{Name: "schedule"} }

// placed returns the steps with a lane for each.
func placed(steps []Step) []Step {
	out := slices.Clone(steps)
	for i := range out {
		if s := &out[i]; s.Actor.Name == "" {
			s.Actor = schedule()
		}
		if s := &out[i]; s.On != nil && s.On.Name == "" {
			s.On = nil
		}
	}
	return out
}
