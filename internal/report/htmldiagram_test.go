package report

import (
	"fmt"
	"strings"
	"testing"
)

// sketch is a diagram in text.
func sketch(d *Diagram) string {
	var names []string
	for _, l := range d.Lanes {
		names = append(names, strings.TrimSpace(l.Kind+":"+l.Name))
	}
	out := []string{strings.Join(names, " | ")}
	for _, e := range d.Events {
		line := fmt.Sprintf("%d>%d %s", e.From, e.To, e.Text)
		for _, flag := range []struct {
			set  bool
			name string
		}{{e.Starts, "starts"}, {e.Blocks, "blocks"}, {e.Failure, "failure"}} {
			if flag.set {
				line += " +" + flag.name
			}
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func TestDiagramOf(t *testing.T) {
	spawner, task, sibling := Actor{"spawner", "fetch"}, Actor{"task", "the task"}, Actor{"task", "a sibling"}
	group, ctx, out := Actor{"group", "g"}, Actor{"context", "ctx"}, Actor{"channel", "out"}
	for _, test := range []struct {
		name  string
		steps []Step
		want  string
	}{
		{"actors", []Step{
			{Text: "fetch makes g", Actor: spawner, On: &group},
			{Text: "fetch starts a task", Kind: "starts", Actor: spawner, On: &task},
			{Text: "a sibling fails; g cancels ctx", Actor: sibling, On: &ctx},
			{Text: "the task blocks for ever sending on out", Actor: task, On: &out, Blocks: true},
			{Text: "g.Wait never returns", Actor: spawner, On: &group, Blocks: true},
		}, `spawner:fetch | task:the task | task:a sibling | channel:out | context:ctx | group:g
0>5 makes g
0>1 starts a task +starts
2>4 fails; g cancels ctx
1>3 blocks for ever sending on out +blocks
0>5 g.Wait never returns +blocks +failure`},
		{"a task starts a task", []Step{
			{Text: "the task of line 3 starts a task", Kind: "starts", Actor: Actor{"task", "the task of line 3"}, On: &Actor{"task", "the task of line 4"}},
			{Text: "the task of line 4 returns", Kind: "returns", Actor: Actor{"task", "the task of line 4"}},
			{Text: "nobody is left"},
		}, `task:the task of line 3 | task:the task of line 4 | :schedule
0>1 starts a task +starts
1>1 returns
2>2 nobody is left +failure`},
		{"name alone", []Step{{Text: "fetch", Actor: spawner}}, "spawner:fetch\n0>0 fetch +failure"},
		{"on itself", []Step{{Text: "fetch waits", Actor: spawner, On: &spawner}}, "spawner:fetch\n0>0 waits +failure"},
		{"on nobody", []Step{{Text: "fetch waits", Actor: spawner, On: &Actor{}}}, "spawner:fetch\n0>0 waits +failure"},
		{"no text", []Step{{}}, ":schedule\n0>0  +failure"},
		{"no steps", nil, ""},
	} {
		d := diagramOf(&Finding{Check: "c", Place: Place{File: "a.go", Line: 3}, Steps: placed(test.steps)}, "f1")
		if got := sketch(d); got != test.want {
			t.Errorf("%s:\n%s\nwant\n%s", test.name, got, test.want)
		}
		if d.Title != "schedule of c at a.go:3" {
			t.Error(d.Title)
		}
	}
}

// Who cannot see the picture is told the same.
func TestDiagramDescription(t *testing.T) {
	f := pageSample().Findings[0]
	want := "1. fetch starts a task, in a loop\n2. fetch returns here\n3. the task blocks for ever sending on out (failure, blocked)"
	if got := diagramOf(&f, "f1").Desc; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}
