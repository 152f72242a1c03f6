package report

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
)

// drawn is a small schedule: a task blocks on a channel, the wait for it does
// not end.
func drawn() *Diagram {
	return &Diagram{
		ID: "d", Title: "a schedule", Desc: "what happens",
		Lanes: []Actor{{"spawner", "fetch"}, {"task", "the task"}, {"channel", "out"}},
		Events: []Event{
			{From: 0, To: 1, Text: "starts a task", Starts: true},
			{From: 1, To: 2, Text: "sends on out", Blocks: true},
			{From: 0, To: 0, Text: "waits for ever", Blocks: true, Failure: true},
		},
	}
}

// GATHERLINT_UPDATE=1 go test ./internal/report -run TestDiagram writes the
// picture anew.
func TestDiagram(t *testing.T) {
	const file = "testdata/diagram.svg"
	got := string(drawn().SVG()) + "\n"
	if os.Getenv("GATHERLINT_UPDATE") != "" {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != strings.ReplaceAll(string(want), "\r\n", "\n") {
		t.Errorf("the diagram is not that of %s (GATHERLINT_UPDATE=1 writes it anew):\n%s", file, got)
	}
	wellFormed(t, got)
}

// wellFormed fails if a picture is no XML.
func wellFormed(t *testing.T, svg string) {
	t.Helper()
	for dec := xml.NewDecoder(strings.NewReader(svg)); ; {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v: %s", err, svg)
		}
	}
}

func TestDiagramMarks(t *testing.T) {
	plain, blocked, failure, both := Event{}, Event{Blocks: true}, Event{Failure: true}, Event{Blocks: true, Failure: true}
	one := func(e Event) string {
		return string((&Diagram{ID: "d", Lanes: []Actor{{"task", "t"}}, Events: []Event{e}}).SVG())
	}
	for _, test := range []struct {
		name      string
		e         Event
		has, lack []string
	}{
		{"plain", plain, []string{"<circle"}, []string{"stuck", "tag"}},
		{"blocked", blocked, []string{"h10l7 7v10", `class="stuck"`, ">blocked<"}, []string{"<circle", "failure"}},
		{"failure", failure, []string{"l13 13", ">failure<"}, []string{"<circle", "stuck"}},
		{"both", both, []string{"h10l7 7v10", `class="stuck"`, ">failure, blocked<"}, []string{"<circle"}},
	} {
		svg := one(test.e)
		for _, s := range test.has {
			if !strings.Contains(svg, s) {
				t.Errorf("%s: no %s in %s", test.name, s, svg)
			}
		}
		for _, s := range test.lack {
			if strings.Contains(svg, s) {
				t.Errorf("%s: %s in %s", test.name, s, svg)
			}
		}
	}
}

// What cannot be drawn is left out, and never a reason to fail.
func TestDiagramEdges(t *testing.T) {
	for name, d := range map[string]*Diagram{
		"nothing":     {},
		"no events":   {Lanes: []Actor{{"task", "t"}}},
		"no lanes":    {Events: []Event{{Text: "x"}}},
		"other lanes": {Lanes: []Actor{{"task", "t"}}, Events: []Event{{From: -1, To: 0}, {From: 0, To: 7}}},
	} {
		if got := d.SVG(); got != "" {
			t.Errorf("%s: %s", name, got)
		}
	}
	long := &Diagram{ID: "d", Lanes: []Actor{{"task", strings.Repeat("é", 500)}, {"", ""}}, Events: []Event{
		{From: 0, To: 1, Text: strings.Repeat("x", 5000)}, {From: 1, To: 0, Text: "\xff\xfe " + strings.Repeat("\xff", 400)}, {From: 1, To: 1},
	}}
	svg := strings.ToValidUTF8(string(long.SVG()), "?")
	wellFormed(t, svg)
	if !strings.Contains(svg, "<title>task é") || !strings.Contains(svg, "…") {
		t.Error("a long name is not shortened, or its title is missing")
	}
}

func TestDiagramWrap(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 100, []string{""}},
		{"starts a task", 300, []string{"starts a task"}},
		{"starts a task under g", 90, []string{"starts a task", "under g"}},
		{"a.very.long.qualified.name", 90, []string{"a.very.long.", "qualified.", "name"}},
	} {
		got := wrap(test.text, test.width)
		if !slices.Equal(got, test.want) {
			t.Errorf("wrap(%q, %d) = %q, want %q", test.text, test.width, got, test.want)
		}
	}
	if got := wrap(strings.Repeat("word ", 500), 60); len(got) != 8 || !strings.HasSuffix(got[7], "…") {
		t.Errorf("a text without end has %d lines: %q", len(got), got)
	}
}

func TestDiagramNames(t *testing.T) {
	for name, want := range map[string][]string{
		"":                              {""},
		"Quay.AssignBerths":             {"Quay.AssignBerths"},
		"composeService.doBuildBake":    {"composeService.", "doBuildBake"},
		"the function literal in work":  {"the function", "literal in work"},
		"the task of line 17":           {"the task", "of line 17"},
		"aVeryLongNameWithoutAnyDotsIn": {"aVeryLongNameWith", "outAnyDotsIn"},
		"pkg.anotherVeryLongMethodName": {"pkg.", "anotherV…thodName"},
	} {
		if got := nameLines(name); !slices.Equal(got, want) {
			t.Errorf("nameLines(%q) = %q, want %q", name, got, want)
		}
	}
}
