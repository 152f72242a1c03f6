package analyzer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gatherlint/gatherlint/internal/check"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/schedule"
)

// Options are the settings of the analyzer. The zero value means the defaults.
type Options struct {
	// Checks says which checks run: a comma-separated list of "default",
	// "all", names to add, and "-name" to take away. Empty means "default".
	Checks string `json:"checks"`
	// Actors puts in front of each step of a schedule who does it and what it
	// is done to, in a form that ParseStep reads. It is for drivers that draw
	// schedules; people read the text.
	Actors bool `json:"-"`
	// Groups names further types that gather tasks, where their code does not
	// show it: a comma-separated list of TYPE=KNOWN, both with their import path
	// ("example.org/jobs.Pool=golang.org/x/sync/errgroup.Group"). The type has the
	// methods of the known group, and keeps its contract.
	Groups string `json:"groups"`
	// LeaksInTests explores schedules in the functions of _test.go files too. By default
	// it is not done there, because what a test leaves behind ends with it; but a
	// test that hangs leaves a goroutine blocked as well.
	LeaksInTests bool `json:"leaks-in-tests"`
	// FactsOnly runs no check and reports nothing: only what other packages
	// need to know of this one is computed. It is for drivers that analyse a
	// dependency, as the command does when go vet tells it so.
	FactsOnly bool `json:"-"`
}

// Validate reports the first thing that is wrong with the options.
func (o Options) Validate() error {
	if _, err := selectChecks(o.Checks); err != nil {
		return err
	}
	_, err := known.NamedGroups(o.Groups)
	return err
}

// Selected returns the checks that run under the options, sorted by name. The
// error is that of Validate.
func (o Options) Selected() ([]Check, error) {
	checks, err := selectChecks(o.Checks)
	if err != nil {
		return nil, err
	}
	var out []Check
	for _, c := range checks {
		out = append(out, describe(c))
	}
	return out, nil
}

// groupsFlag validates a list of groups when it is set, likewise.
type groupsFlag string

func (f *groupsFlag) String() string { return string(*f) }

func (f *groupsFlag) Set(s string) error {
	if _, err := known.NamedGroups(s); err != nil {
		return err
	}
	*f = groupsFlag(s)
	return nil
}

// checksFlag validates a list when it is set, so that a typing mistake is a
// usage error and not a failed run of every package.
type checksFlag string

func (f *checksFlag) String() string { return string(*f) }

func (f *checksFlag) Set(s string) error {
	if _, err := selectChecks(s); err != nil {
		return err
	}
	*f = checksFlag(s)
	return nil
}

// selectChecks reads a list of checks from left to right. A list that starts by
// taking away starts from the default.
func selectChecks(list string) ([]*check.Check, error) {
	all := check.All()
	on, asked := map[string]bool{}, map[string]bool{}
	words := strings.Split(list, ",")
	if strings.TrimSpace(list) == "" {
		words = []string{"default"}
	}
	if strings.HasPrefix(strings.TrimSpace(words[0]), "-") {
		words = append([]string{"default"}, words...)
	}
	for _, w := range words {
		w = strings.TrimSpace(w)
		name, off := strings.CutPrefix(w, "-")
		switch {
		case name == "default" || name == "all":
			for _, c := range all {
				if name == "all" || !c.OptIn {
					on[c.Name] = !off
					asked[c.Name] = asked[c.Name] || name == "all"
				}
			}
		case isKnown(all, name):
			on[name], asked[name] = !off, true
		default:
			return nil, unknownCheck(name)
		}
	}
	var out []*check.Check
	for _, c := range all {
		switch {
		case on[c.Name] && asked[c.Name]:
			out = append(out, inFull(c))
		case on[c.Name]:
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%q leaves no check to run", list)
	}
	return out, nil
}

// inFull is the check with what it finds only for those who name it.
func inFull(c *check.Check) *check.Check {
	full := *c
	if c.Asked != nil {
		full.Run = func(f *model.FanOut) []check.Finding { return append(c.Run(f), c.Asked(f)...) }
	}
	if c.AskedPlay != nil {
		full.Play = func(r *schedule.Result) []check.Finding { return append(c.Play(r), c.AskedPlay(r)...) }
	}
	return &full
}

func isKnown(all []*check.Check, name string) bool {
	return slices.ContainsFunc(all, func(c *check.Check) bool { return c.Name == name })
}

// unknownCheck names the nearest check and all valid ones.
func unknownCheck(name string) error {
	var names []string
	for _, c := range check.All() {
		names = append(names, c.Name)
	}
	hint := ""
	if n := Nearest(name, names); n != "" {
		hint = ", did you mean " + n
	}
	return fmt.Errorf("unknown check %q%s; the checks are %s, and default and all stand for several",
		name, hint, strings.Join(names, ", "))
}

// Nearest returns the name that takes the fewest edits to reach, the first one
// of equals, or "" if all are too far away to be meant.
func Nearest(name string, names []string) string {
	best, far := "", len(name)/2+1
	for _, n := range names {
		if d := distance(name, n); d < far {
			best, far = n, d
		}
	}
	return best
}

// distance is the number of letters to insert, delete or change to get from a
// to b (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}

func numbered(n int, text string) string { return strconv.Itoa(n) + ". " + printable(oneLine(text)) }
