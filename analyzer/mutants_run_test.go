package analyzer_test

import (
	"flag"
	"fmt"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/go/analysis"
)

var (
	mutantsFlag    = flag.Int("mutants", 40, "TestMutants: how many mutants of testdata/src to make; not all of them type-check")
	mutantSeedFlag = flag.Uint64("mutantseed", 1, "TestMutants: of the mutants")
)

// The analyzer takes any program that type-checks: it does not panic, it says the
// same each time, and all that it says has a place and names.
func TestMutants(t *testing.T) {
	files, all := mutantFiles(t), mutations()
	var (
		mu       sync.Mutex
		problems []string
		ran      int
		slowest  time.Duration
		slow     string
	)
	numbers := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for n := range numbers {
				m := newMutant(files, all, *mutantSeedFlag, n)
				if m == nil {
					continue
				}
				start := time.Now()
				found := m.problems()
				took := time.Since(start)
				mu.Lock()
				ran++
				if took > slowest {
					slowest, slow = took, m.what
				}
				for _, p := range found {
					problems = append(problems, fmt.Sprintf("%s: %s\n%s", m.what, p, m.fn))
				}
				mu.Unlock()
			}
		})
	}
	for n := range *mutantsFlag {
		numbers <- n
	}
	close(numbers)
	wg.Wait()
	slices.Sort(problems)
	for _, p := range problems {
		t.Error(p)
	}
	if ran < *mutantsFlag/4 {
		t.Errorf("%d of %d mutants type-check, want a quarter at least", ran, *mutantsFlag)
	}
	t.Logf("%d of %d mutants analysed twice, %d problems; the slowest in %.1f s: %s", ran, *mutantsFlag, len(problems), slowest.Seconds(), slow)
}

// The examples are told the same each time, whatever the order in which maps give their
// keys.
func TestSameEachTime(t *testing.T) {
	for name, f := range folders() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			words := func(found []analysis.Diagnostic, err error) string {
				if err != nil {
					t.Fatal(err)
				}
				return (&mutant{pass: f.pass}).words(found)
			}
			first := words(f.all())
			for range 2 {
				if again := words(diagnose(everyCheck(), f.pass)); again != first {
					t.Fatalf("two runs differ:\n%s\nand\n%s", first, again)
				}
			}
		})
	}
}

// problems says what is wrong with what the analyzer says of the mutant.
func (m *mutant) problems() []string {
	first, err := m.analyse()
	if err != nil {
		return []string{err.Error()}
	}
	second, err := m.analyse()
	if err != nil {
		return []string{err.Error()}
	}
	var out []string
	if a, b := m.words(first), m.words(second); a != b {
		out = append(out, "two runs differ:\n"+a+"and\n"+b)
	}
	for _, d := range first {
		if !d.Pos.IsValid() {
			out = append(out, "a finding without a position: "+d.Message)
		}
		if lacksName(d.Message) {
			out = append(out, fmt.Sprintf("an empty name: %q", d.Message))
		}
		for _, s := range d.Related {
			if !s.Pos.IsValid() {
				out = append(out, "a step without a position: "+d.Message+": "+s.Message)
			}
			if lacksName(s.Message) {
				out = append(out, fmt.Sprintf("an empty name: %q", s.Message))
			}
		}
	}
	return out
}

// analyse runs all checks. A panic is an error here, so that it is told which
// mutant it is of.
func (m *mutant) analyse() (found []analysis.Diagnostic, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return diagnose(everyCheck(), m.pass)
}

func (m *mutant) words(all []analysis.Diagnostic) string {
	var b strings.Builder
	for _, d := range all {
		fmt.Fprintf(&b, "%s: %s\n", m.pass.Fset.Position(d.Pos), d.Message)
		for _, s := range d.Related {
			fmt.Fprintf(&b, "\t%s: %s\n", m.pass.Fset.Position(s.Pos), s.Message)
		}
		for _, f := range d.SuggestedFixes {
			fmt.Fprintf(&b, "\t%v\n", f)
		}
	}
	return b.String()
}

// gap is where a name should be: two blanks, a blank at an end or before
// punctuation, a word at an end that does not end a sentence.
var gap = regexp.MustCompile(`  |^ | $| [;,]| \.([^.]|$)|(\b(of|from|by|under|sending on|calls|starts)|^\d+\.)( ?[;,]|$)`)

func lacksName(message string) bool { return gap.MatchString(message) }
