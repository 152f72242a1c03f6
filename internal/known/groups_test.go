package known

import (
	"slices"
	"strings"
	"testing"

	"github.com/gatherlint/gatherlint/internal/model"
)

// Each row says who declares the type, what was read, and how it is used: a
// group has a method that waits and one that starts or counts; a function that
// gathers has neither.
func TestContracts(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Contracts() {
		name := c.Path + "." + c.Type
		if seen[name] {
			t.Errorf("%s is in the table twice", name)
		}
		seen[name] = true
		module, _, ok := strings.Cut(c.Version, " ")
		if c.Kind != model.WaitGroup && (!ok || !strings.HasPrefix(c.Path, strings.TrimSuffix(module, "/v2"))) {
			t.Errorf("%s was read at %q, which is another module", name, c.Version)
		}
		starts, waits := c.Methods(model.OpSpawn), c.Methods(model.OpWait)
		if gatherers[name] != nil {
			if len(starts)+len(waits) > 0 {
				t.Errorf("%s gathers by itself and has methods", name)
			}
			continue
		}
		if len(waits) == 0 || len(starts) == 0 && len(c.Methods(model.OpDone)) == 0 {
			t.Errorf("%s: starts %v, waits %v", name, starts, waits)
		}
		if (c.Cancels == model.CancelIfAsked) != (c.Asks != "") {
			t.Errorf("%s: the rule %q and the method %q do not go together", name, c.Cancels, c.Asks)
		}
		if c.Kind == model.LookAlike && !slices.Contains([]string{panicEnds, panicWaits, "becomes the error of the task"}, c.Panics) {
			t.Errorf("%s: %q is nothing that a panic does", name, c.Panics)
		}
	}
	for _, want := range []string{"golang.org/x/sync/errgroup.Group", "sync.WaitGroup", "gopkg.in/tomb.v2.Tomb"} {
		if !seen[want] {
			t.Errorf("%s is missing", want)
		}
	}
}

func TestContractNames(t *testing.T) {
	for name, want := range map[string]string{
		"golang.org/x/sync/errgroup.Group":             "errgroup.Group",
		"gopkg.in/tomb.v2.Tomb":                        "tomb.Tomb",
		"github.com/alitto/pond/v2.TaskGroup":          "pond.TaskGroup",
		"github.com/hashicorp/go-multierror.Group":     "multierror.Group",
		"github.com/sourcegraph/conc/pool.ContextPool": "pool.ContextPool",
	} {
		if got := groups[name].Name(); got != want {
			t.Errorf("%s is called %s, want %s", name, got, want)
		}
	}
}

func TestNamedGroups(t *testing.T) {
	got, err := NamedGroups(" example.org/jobs.Pool=golang.org/x/sync/errgroup.Group , example.org/x.Counter=sync.WaitGroup")
	if err != nil || len(got) != 2 {
		t.Fatalf("%v, %v", got, err)
	}
	if c := got[0]; c.Path != "example.org/jobs" || c.Type != "Pool" || c.Gives != model.GivesFirst || c.Name() != "jobs.Pool" {
		t.Errorf("%+v", c)
	}
	if groups["golang.org/x/sync/errgroup.Group"].Type != "Group" {
		t.Error("naming a group has changed the table")
	}
	for list, want := range map[string]string{
		"example.org/jobs.Pool":                            "is not of the form",
		"Pool=sync.WaitGroup":                              "is not of the form",
		"example.org/jobs=sync.WaitGroup":                  "is not of the form",
		"example.org/jobs.=sync.WaitGroup":                 "is not of the form",
		"example.org/jobs.Pool=errgroup.Group":             "unknown group",
		"example.org/jobs.Pool=sync.WaitGroup,nonsense":    "is not of the form",
		"example.org/jobs.Pool=golang.org/x/sync/errgroup": "unknown group",
	} {
		if _, err := NamedGroups(list); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", list, err, want)
		}
	}
}
