package analyzer_test

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What the other tests rely on is tested here: that the runner sees what there
// is to see in programs where a person can tell, that the same numbers make the
// same program, and that a disagreement is noticed.

// The programs of testdata/generated/known say in comments where a goroutine is
// blocked in some run: hangs, or ends with the parent.
func TestGeneratedKnown(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs programs")
	}
	all := storedPrograms(t, "known")
	if len(all) == 0 {
		t.Fatal("there are none")
	}
	r := newRunner(t, all)
	every := make([]int, len(all))
	for i := range every {
		every[i] = i
	}
	for i, o := range r.observe(t, every, 1, 60, claimed) {
		hangs, ends := map[int]bool{}, map[int]bool{}
		for n, line := range strings.Split(all[i].text, "\n") {
			if strings.HasSuffix(line, "// hangs") {
				hangs[n+1] = true
			} else if strings.HasSuffix(line, "// ends with the parent") {
				ends[n+1] = true
			}
		}
		gotHangs, gotEnds := map[int]bool{}, map[int]bool{}
		for _, s := range o.States {
			for _, l := range s.Blocked {
				if s.Parent != lives {
					gotHangs[l[0]] = true
				} else if !hangs[l[0]] {
					gotEnds[l[0]] = true
				}
			}
		}
		if !maps.Equal(hangs, gotHangs) || !maps.Equal(ends, gotEnds) {
			t.Errorf("%s: hangs at %v, want %v; ends with the parent at %v, want %v", all[i].name,
				slices.Sorted(maps.Keys(gotHangs)), slices.Sorted(maps.Keys(hangs)), slices.Sorted(maps.Keys(gotEnds)), slices.Sorted(maps.Keys(ends)))
		}
		if panics := len(o.Panics) > 0; panics != (all[i].name == "Panics") {
			t.Errorf("%s: panics %v", all[i].name, o.Panics)
		}
	}
}

func TestGeneratedTwice(t *testing.T) {
	texts := map[string]bool{}
	for seed := range int64(3) {
		for number := range 100 {
			one, err := makeProgram(seed, number)
			if err != nil {
				t.Fatal(err)
			}
			if two, err := makeProgram(seed, number); err != nil || one != two {
				t.Errorf("seed %d, number %d: two different programs, %v", seed, number, err)
			}
			texts[strings.ReplaceAll(one.text, one.name, "Prog")] = true
		}
	}
	if len(texts) < 290 {
		t.Errorf("300 programs, but only %d different ones", len(texts))
	}
}

func TestGeneratedComparison(t *testing.T) {
	p := program{"P", readRepo(t, filepath.ToSlash("analyzer/testdata/generated/known/waitsfirst.go"))}
	const first, operation, wait = 15, 16, 22 // the select, its send, Wait
	if line := strings.Split(p.text, "\n")[operation-1]; !strings.Contains(line, "out <- 1") {
		t.Fatalf("line %d is %s", operation, line)
	}
	blocked := func(parent string, failures int, at ...int) *observation {
		s := &state{Parent: parent, Times: 1, Simplest: outcome{Failures: failures}}
		for _, line := range at {
			s.Blocked = append(s.Blocked, look{line})
		}
		return &observation{States: []*state{s}}
	}
	says := func(lines ...int) verdict { return verdict{Stuck: [][]int{lines}} }
	for _, tt := range []struct {
		name           string
		seen           *observation
		said           verdict
		unseen, missed int
	}{
		{"all agree", blocked(lives, 0, first, wait), says(operation, wait), 0, 0},
		{"nothing", &observation{}, verdict{}, 0, 0},
		{"a Wait is missed with the parent alive", blocked(lives, 1, first, wait), verdict{}, 0, 1},
		{"a leftover is missed without the parent", blocked(endedLate, 1, first, wait), verdict{}, 0, 2},
		{"several failures are beyond", blocked(endedLate, 2, first), verdict{}, 0, 0},
		{"unknown", blocked(endedLate, 0, first, wait), verdict{Unknown: []string{"size"}}, 0, 0},
		{"a report is not seen", blocked(endedLate, 0, first), says(first, wait), 1, 0},
		{"a report in an unknown program is not seen", &observation{}, verdict{says(wait).Stuck, []string{"size"}}, 1, 0},
	} {
		c := newComparison(p, tt.seen, tt.said)
		if len(c.unseen) != tt.unseen || len(c.missed) != tt.missed {
			t.Errorf("%s: unseen %v, missed %v", tt.name, c.unseen, c.missed)
		}
	}
}
