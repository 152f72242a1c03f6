package report

import (
	"slices"
	"strings"
)

// inWords returns the steps with an actor in each. Where a step does not name
// one, its text is asked, which is written in a few turns of phrase: who stands
// before the verb, what it is done to behind some of the verbs, and who blocks
// for ever says so. A step that tells nothing is put on the lane "schedule".
func inWords(steps []Step) []Step {
	out := slices.Clone(steps)
	for i := range out {
		s := &out[i]
		if s.On != nil && s.On.Name == "" {
			s.On = nil
		}
		if s.Actor.Name == "" {
			s.Actor = actorOf(s.Text, steps)
			if s.On == nil {
				s.On = objectOf(s.Text)
			}
			s.Blocks = s.Blocks || strings.Contains(s.Text, "blocks for ever")
		}
	}
	return out
}

// actorOf is whoever a text begins with. If another step names an actor of that
// name, it is that one; otherwise it spawns if one of the texts says that it
// starts something.
func actorOf(text string, all []Step) Actor {
	name := strings.TrimPrefix(subject(text), "or ") // another way it may go
	for _, task := range []string{"the task", "a sibling"} {
		if name == "" && strings.HasPrefix(text, task+" ") {
			name = task
		}
	}
	if name == "" {
		return schedule()
	}
	for _, other := range all {
		if other.Actor.Name == name {
			return other.Actor
		}
		if other.On != nil && other.On.Name == name {
			return *other.On
		}
	}
	if group, ok := strings.CutSuffix(name, ".Wait"); ok {
		return Actor{Kind: "group", Name: strings.TrimPrefix(group, "the deferred ")}
	}
	for _, prefix := range []string{"the task", "a task", "a sibling"} {
		if strings.HasPrefix(name, prefix) {
			return Actor{Kind: "task", Name: name}
		}
	}
	for _, other := range all {
		if strings.HasPrefix(other.Text, name+" starts ") {
			return Actor{Kind: "spawner", Name: name}
		}
	}
	return Actor{Name: name}
}

// objectOf is what a step is done to, nil if the words do not say.
func objectOf(text string) *Actor {
	if strings.Contains(text, " starts a task") {
		return &Actor{Kind: "task", Name: "the task"}
	}
	for _, verb := range []string{" sends on ", " sending on ", " receives from ", " receiving from ", " ranges over ", " ranging over "} {
		_, object, ok := strings.Cut(text, verb)
		// A select waits for several channels, and none of them in particular.
		if ok && object != "" && !strings.ContainsAny(object, " ;,()") {
			return &Actor{Kind: "channel", Name: object}
		}
	}
	return nil
}

// subject is what stands before the verb of a step's text, "" if the verb is
// not one of those that steps use.
func subject(text string) string {
	verbs := []string{
		"adds", "asks", "assigns", "blocks", "calls", "cancels", "closes", "counts", "derives", "drops", "fails", "gives", "goes", "keeps", "leaves", "loses", "makes",
		"never", "panics", "passes", "polls", "receives", "returns", "runs", "sends", "spawns", "starts", "stores", "takes", "uses", "waits", "watches",
	}
	words := strings.Fields(text)
	for i, w := range words {
		if slices.Contains(verbs, strings.TrimRight(w, ";,")) {
			return strings.Join(words[:i], " ")
		}
		if strings.ContainsAny(w[len(w)-1:], ";,") {
			break
		}
	}
	return ""
}
