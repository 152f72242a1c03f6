package analyzer

import (
	"go/token"
	"strings"
	"testing"

	"github.com/gatherlint/gatherlint/internal/check"
	"github.com/gatherlint/gatherlint/internal/model"
)

// Steps come back as they were written, whatever their names and texts hold.
func TestStepMessage(t *testing.T) {
	names := []string{"g", "Quay.CallPilots", `m["a] b"]`, "the task -> blocks] x", "größe  \n"}
	actors := []check.Actor{{}}
	for i, kind := range []check.ActorKind{check.Spawner, check.Task, check.Channel, check.Context, check.Group, check.Variable, check.Other} {
		actors = append(actors, check.Actor{Kind: kind, Name: names[i%len(names)]})
	}
	fset := token.NewFileSet()
	f := fset.AddFile("a.go", -1, 100)
	f.SetLines([]int{0, 10, 20})
	other := fset.AddFile("b.go", -1, 100)
	at := func(f *token.File, from, to int) model.Span { return model.Span{Pos: f.Pos(from), End: f.Pos(to)} }
	for _, text := range []string{"it sends on out", "[task \"x\"] in brackets", "blocks] -> a", "fails way=then] x", ""} {
		for i, who := range actors {
			for j, on := range actors {
				for k, kind := range []check.StepKind{"", check.Sends, check.Blocks} {
					step := check.Step{Kind: kind, At: at(f, 12, 14), Text: text, Actor: who, On: on}
					want := Step{Number: 12, Text: text, Kind: string(kind), Actor: Actor{string(who.Kind), who.Name}, On: Actor{string(on.Kind), on.Name}, Blocks: kind == check.Blocks}
					if i == j {
						step.Call, step.Way = at(f, 5, 21), check.Else
						want.Call, want.Way = Range{1, 6, 3, 2}, "else"
					}
					if i == k {
						step.Err, want.Err = at(f, 5, 7), Range{1, 6, 1, 8}
					}
					message := stepMessage(fset, 12, step, true)
					if got := ParseStep(message); got != want {
						t.Fatalf("%q is read as %+v, want %+v", message, got, want)
					}
				}
			}
		}
	}
	step := check.Step{Kind: check.Joins, At: at(f, 12, 14), Text: "g.Wait  returns", Actor: check.Actor{Kind: check.Spawner, Name: "f"}, On: check.Actor{Kind: check.Group, Name: "g"},
		Call: at(other, 1, 2)} // of another file, where the places of a step would mean something else
	for actors, want := range map[bool]string{true: `2. [spawner "f" joins -> group "g"] g.Wait returns`, false: "2. g.Wait returns"} {
		if got := stepMessage(fset, 2, step, actors); got != want {
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
		`1. [task "x" sleeps] y`:    {Number: 1, Text: `[task "x" sleeps] y`},
		`1. [task "x" waits] y`:     {Number: 1, Text: "y", Kind: "waits", Actor: Actor{"task", "x"}},
		`1. [task "x] y`:            {Number: 1, Text: `[task "x] y`},
		"3. [] text":                {Number: 3, Text: "text"},
		"3. [blocks] text":          {Number: 3, Text: "text", Kind: "blocks", Blocks: true},
		`3. [-> channel "c"] text`:  {Number: 3, Text: "text", On: Actor{"channel", "c"}},
		`3. [task "t" blocks] text`: {Number: 3, Text: "text", Kind: "blocks", Actor: Actor{"task", "t"}, Blocks: true},
		`4. [way=up] text`:          {Number: 4, Text: "[way=up] text"},
		`4. [call=1:2-3] text`:      {Number: 4, Text: "[call=1:2-3] text"},
		`4. [error=1:2-3:4x] text`:  {Number: 4, Text: "[error=1:2-3:4x] text"},
		`4. [fails`:                 {Number: 4, Text: "[fails"},
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
	steps := []check.Step{{Actor: spawner, On: task(12), Text: "fetch starts a task"}, {Actor: task(14), Text: "the task returns"},
		{Actor: task(22), Text: "the task"}, {Actor: check.Actor{Kind: check.Task, Name: "the task"}, Text: "the task goes on"}}
	names := func(steps []check.Step) string {
		var out []string
		for _, s := range apart(fset, steps) {
			out = append(out, s.Actor.Name+">"+s.On.Name+": "+s.Text)
		}
		return strings.Join(out, " | ")
	}
	for n, want := range map[int]string{
		2: "fetch>the task: fetch starts a task | the task>: the task returns",
		4: "fetch>the task of line 2: fetch starts a task | the task of line 2>: the task of line 2 returns | the task of line 3>: the task | the task>: the task goes on",
	} {
		if got := names(steps[:n]); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	elsewhere := fset.AddFile("dir/b.go", -1, 100)
	elsewhere.SetLines([]int{0, 10, 20})
	steps[2].Actor.At = elsewhere.Pos(12)
	if got, want := names(steps[1:3]), "the task of line 2 of a.go>: the task of line 2 of a.go returns | the task of line 2 of b.go>: the task"; got != want {
		t.Errorf("two files: %s, want %s", got, want)
	}
	if steps[1].Actor.Name != "the task" {
		t.Error("the steps that were given have changed")
	}
}
