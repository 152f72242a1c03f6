package analyzer

import (
	"go/token"
	"strings"
	"testing"

	"github.com/gatherlint/gatherlint/internal/check"
)

// Steps come back as they were written, whatever their names and texts hold.
func TestStepMessage(t *testing.T) {
	names := []string{"g", "Quay.CallPilots", `m["a] b"]`, "the task -> blocks] x", "größe  \n"}
	actors := []check.Actor{{}}
	for i, kind := range []check.ActorKind{check.Spawner, check.Task, check.Channel, check.Context, check.Group, check.Variable, check.Other} {
		actors = append(actors, check.Actor{Kind: kind, Name: names[i%len(names)]})
	}
	for _, text := range []string{"it sends on out", "[task \"x\"] in brackets", "blocks] -> a", ""} {
		for _, who := range actors {
			for _, on := range actors {
				for _, blocks := range []bool{false, true} {
					want := Step{12, text, Actor{string(who.Kind), who.Name}, Actor{string(on.Kind), on.Name}, blocks}
					message := stepMessage(12, check.Step{Text: text, Actor: who, On: on, Blocks: blocks}, true)
					if got := ParseStep(message); got != want {
						t.Fatalf("%q is read as %+v, want %+v", message, got, want)
					}
				}
			}
		}
	}
	step := check.Step{Text: "g.Wait  returns", Actor: check.Actor{Kind: check.Spawner, Name: "f"}, On: check.Actor{Kind: check.Group, Name: "g"}}
	for actors, want := range map[bool]string{true: `2. [spawner "f" -> group "g"] g.Wait returns`, false: "2. g.Wait returns"} {
		if got := stepMessage(2, step, actors); got != want {
			t.Errorf("with actors %t: %q, want %q", actors, got, want)
		}
	}
}

// Messages of others keep their text.
func TestParseStepOthers(t *testing.T) {
	for message, want := range map[string]Step{
		"":                          {},
		"other declaration":         {Text: "other declaration"},
		"1. main starts":            {Number: 1, Text: "main starts"},
		"0. main starts":            {Text: "0. main starts"},
		"v1. 2. x":                  {Text: "v1. 2. x"},
		`1. [task x] y`:             {Number: 1, Text: "[task x] y"},
		`1. [ship "x"] y`:           {Number: 1, Text: `[ship "x"] y`},
		`1. [task "x"]y`:            {Number: 1, Text: `[task "x"]y`},
		`1. [task "x" -> g] y`:      {Number: 1, Text: `[task "x" -> g] y`},
		`1. [task "x" waits] y`:     {Number: 1, Text: `[task "x" waits] y`},
		`1. [task "x] y`:            {Number: 1, Text: `[task "x] y`},
		"3. [] text":                {Number: 3, Text: "text"},
		"3. [blocks] text":          {Number: 3, Text: "text", Blocks: true},
		`3. [-> channel "c"] text`:  {Number: 3, Text: "text", On: Actor{"channel", "c"}},
		`3. [task "t" blocks] text`: {Number: 3, Text: "text", Actor: Actor{"task", "t"}, Blocks: true},
	} {
		if got := ParseStep(message); got != want {
			t.Errorf("%q is read as %+v, want %+v", message, got, want)
		}
	}
}

// Goroutines of one name that start in different lines are told apart.
func TestActorsApart(t *testing.T) {
	fset := token.NewFileSet()
	f := fset.AddFile("a.go", -1, 100)
	f.SetLines([]int{0, 10, 20})
	task := func(at int) check.Actor { return check.Actor{Kind: check.Task, Name: "the task", At: f.Pos(at)} }
	spawner := check.Actor{Kind: check.Spawner, Name: "fetch"}
	steps := []check.Step{{Actor: spawner, On: task(12)}, {Actor: task(14)}, {Actor: task(22)}, {Actor: check.Actor{Kind: check.Task, Name: "the task"}}}
	names := func(steps []check.Step) string {
		var out []string
		for _, s := range apart(fset, steps) {
			out = append(out, s.Actor.Name+">"+s.On.Name)
		}
		return strings.Join(out, " | ")
	}
	if got, want := names(steps), "fetch>the task (line 2) | the task (line 2)> | the task (line 3)> | the task>"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, want := names(steps[:2]), "fetch>the task | the task>"; got != want {
		t.Errorf("one line: %s, want %s", got, want)
	}
	if steps[1].Actor.Name != "the task" {
		t.Error("the steps that were given have changed")
	}
}
