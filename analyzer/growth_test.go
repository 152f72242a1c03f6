package analyzer_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/analyzer"
)

// growing are functions that grow within one body, each in its own way. The first
// part of a shape is repeated as often as the size says, then the second; # is
// which time it is. Around them is a function with a WaitGroup wg, a lock mu, a
// number sum and a channel out.
var growing = map[string][2]string{
	"channels of their own":   {"c# := make(chan int)\ngo func() { c# <- # }()\n", "sum += <-c#\n"},
	"returns between":         {"c# := make(chan int)\ngo func() { c# <- # }()\n", "if dry() { return sum }\nsum += <-c#\n"},
	"one lock":                {"wg.Add(1)\ngo func() { defer wg.Done(); mu.Lock(); sum++; mu.Unlock() }()\n", ""},
	"no lock":                 {"wg.Add(1)\ngo func() { defer wg.Done(); sum = # }()\n", ""},
	"rounds of Wait":          {"wg.Add(1)\ngo func() { defer wg.Done(); pour() }()\nif dry() { wg.Done() }\nwg.Wait()\n", ""},
	"rounds that write":       {"wg.Add(1)\ngo func() { defer wg.Done(); sum = # }()\nwg.Wait()\n", ""},
	"one channel":             {"go func() { out <- # }()\n", "sum += <-out\n"},
	"reads of the spawner":    {"if dry() { sum += # } else { sum-- }\n", "go func() { out <- sum }()\n"},
	"variables":               {"v# := 0\nwg.Add(1)\ngo func() { defer wg.Done(); v#++ }()\n", "sum += v#\n"},
	"groups":                  {"var g# sync.WaitGroup\ng#.Add(1)\ngo func() { defer g#.Done(); sum += # }()\n", "g#.Wait()\n"},
	"selects":                 {"go func() { out <- # }()\n", "select { case x := <-out: sum += x; default: return sum }\n"},
	"stages of a pipeline":    {"c# := make(chan int)\ngo func() { defer close(c#); for x := range out { c# <- x } }()\n", "for x := range c# { sum += x }\n"},
	"literals in literals":    {"wg.Add(1)\ngo func() {\ndefer wg.Done()\n", "}()\n"},
	"locked beside the tasks": {"go func() { mu.Lock(); defer mu.Unlock(); sum += # }()\n", "mu.Lock()\nsum--\nmu.Unlock()\n"},
}

// calling are functions that call one another, all to all after some calls. # is the
// number of one, +1 that of the next, and *7 and *5 those of others; there are as
// many as the size says.
var calling = map[string]string{
	"functions that send":    "func f#(c chan int, n int) {\nif n == 0 {\nc <- 1\nreturn\n}\nf+1(c, n-1)\ngo f*7(c, n-1)\nf*5(c, n-2)\n}\n",
	"functions that add":     "func f#(wg *sync.WaitGroup) {\nwg.Go(func() { f*5(wg) })\nwg.Go(func() { f*7(wg) })\nf+1(wg)\n}\n",
	"functions that call on": "func f#(wg *sync.WaitGroup) {\nwg.Go(pour)\nf+1(wg)\nf*5(wg)\nf*7(wg)\nf*5(wg)\nf*7(wg)\n}\n",
}

// TestGrowth analyses each shape in two sizes. What the pass allocates is what can
// be counted of the work, and is the same on every machine. With eight times the
// source, work that grows with the square allocates up to 64 times as often, and
// with the cube 512 times.
//
// Most shapes give 7 to 11 times, "one channel" and "groups" 16 to 19. The worst
// has 29 ("reads of the spawner"): for each of n tasks the paths of the spawner are
// searched once for what it reads beside that task, a search of n blocks. The bound
// is above that, and below the 38 times that it is when wgcount searches them too
// for each task that adds nothing.
func TestGrowth(t *testing.T) {
	const small, large, most = 20, 160, 32
	for name, shape := range growing {
		t.Run(name, func(t *testing.T) {
			few, many := allocations(t, body(shape, small)), allocations(t, body(shape, large))
			t.Logf("%d allocations, %d with %d times the source: %.1f times", few, many, large/small, float64(many)/float64(few))
			if many > most*few {
				t.Errorf("%d allocations, want %d at most: %d times those of %d", many, most*few, most, small)
			}
		})
	}
}

const againAndAgain = `package wgcount

import (
	"context"
	"sync"
	"time"
)

func pour(context.Context) error

var orders []int

func serve() error {
	ctx, cancel := context.WithCancel(context.Background())
again:
	defer cancel()
	if len(orders) > 0 {
		goto again
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(time.Minute):
			}
		}
	})
	return pour(ctx)
}
`

// A call that a loop without a number defers in each round is not kept for each round
// that is played: that took gigabytes.
func TestDeferredInRounds(t *testing.T) {
	const most = 64 << 20
	p := parsed(t, againAndAgain)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := diagnose(everyCheck(), p); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > most {
		t.Errorf("%d bytes were allocated, want %d at most", n, most)
	}
}

// TestGrowthOfCalls does so for functions that call one another. Followed to the
// depth of four, as where there are few, the model of each is up to 600 copies of
// the others: they share the budget of the package.
func TestGrowthOfCalls(t *testing.T) {
	const small, large, most = 20, 320, 12
	for name, shape := range calling {
		t.Run(name, func(t *testing.T) {
			few, many := allocations(t, functions(shape, small)), allocations(t, functions(shape, large))
			t.Logf("%d allocations, %d with %d times the source: %.1f times", few, many, large/small, float64(many)/float64(few))
			if many > most*few {
				t.Errorf("%d allocations, want %d at most: %d times those of %d", many, most*few, most, small)
			}
		})
	}
}

// TestManyPaths has a function with more paths than are searched, as each condition
// is another one about the same number. What races is found at its end as at its
// beginning, and explain says that not all paths were searched.
func TestManyPaths(t *testing.T) {
	const n = 110
	p := parsed(t, body([2]string{"v# := 0\nif k == # { pour() }\nwg.Add(2)\ngo func() { defer wg.Done(); v# = 1 }()\ngo func() { defer wg.Done(); v# = 2 }()\n", "wg.Wait()\n_ = v#\n"}, n))
	found, err := diagnose(analyzer.New(&analyzer.Options{Checks: "racyerr"}), p)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != n {
		t.Errorf("%d races found, want %d", len(found), n)
	}
	if !explainSays(t, p, "fill: it has more paths than are searched") {
		t.Error("explain does not say that fill has more paths than are searched")
	}
}

// explainSays reports whether explain says something of the package.
func explainSays(t *testing.T, p *analysis.Pass, what string) bool {
	t.Helper()
	a := analyzer.New(nil)
	if err := a.Flags.Set(analyzer.ExplainFlag, "true"); err != nil {
		t.Fatal(err)
	}
	told, err := diagnose(a, p)
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(told, func(d analysis.Diagnostic) bool { return strings.Contains(d.Message, what) })
}

// TestManyLives has more objects than the budget of a package is enough for. The life of the
// one that does least is looked at wherever it stands, and explain says of the others that
// theirs are not.
func TestManyLives(t *testing.T) {
	const large = `
type t# struct{ stop chan struct{} }

func New#(k int) *t# {
	t := &t#{stop: make(chan struct{})}
	go func() { step0(k); <-t.stop }()
	return t
}

func (t *t#) Close() { close(t.stop) }
`
	const small = `
type last struct{ tell, done chan struct{} }

func NewLast() *last {
	t := &last{tell: make(chan struct{}), done: make(chan struct{})}
	go func() { <-t.tell; close(t.done) }()
	return t
}

func (t *last) Close() { <-t.done; close(t.tell) }
`
	src := "package wgcount\n\n" + ladder(5, 8)
	for i := range 80 {
		src += strings.ReplaceAll(large, "#", fmt.Sprint(i))
	}
	p := parsed(t, src+small)
	found, err := diagnose(analyzer.New(&analyzer.Options{Checks: "all"}), p)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || found[0].Category != "stuckwait" {
		t.Errorf("found %v, want what Close waits for", found)
	}
	if !explainSays(t, p, "how clients use its object is not tried") {
		t.Error("explain does not say that lives are left out")
	}
}

// ladder is functions that each call the next so many times.
func ladder(depth, times int) string {
	var src strings.Builder
	for i := range depth {
		fmt.Fprintf(&src, "func step%d(k int) {\n%s}\n", i, strings.Repeat(fmt.Sprintf("if k > %d { step%d(k) }\n", i, i+1), times))
	}
	fmt.Fprintf(&src, "func step%d(k int)\n", depth)
	return src.String()
}

// functions is a package of n functions of the shape.
func functions(shape string, n int) string {
	var src strings.Builder
	src.WriteString("package wgcount\n\nimport \"sync\"\n\nvar _ sync.Mutex\n\nfunc pour()\n\n")
	for i := range n {
		number := func(j int) string { return fmt.Sprint(j % n) }
		src.WriteString(strings.NewReplacer("f#", "f"+number(i), "f+1", "f"+number(i+1), "f*7", "f"+number(i*7+3), "f*5", "f"+number(i*5+2)).Replace(shape))
	}
	return src.String()
}

// body is a package with one function that has the shape n times.
func body(shape [2]string, n int) string {
	var src strings.Builder
	src.WriteString("package wgcount\n\nimport \"sync\"\n\nfunc dry() bool\nfunc pour()\n\nfunc fill(k int) int {\n" +
		"var wg sync.WaitGroup\nvar mu sync.Mutex\nsum := 0\nout := make(chan int)\n")
	for _, part := range shape {
		for i := range n {
			src.WriteString(strings.ReplaceAll(part, "#", fmt.Sprint(i)))
		}
	}
	src.WriteString("mu.Lock()\nmu.Unlock()\nclose(out)\nwg.Wait()\nreturn sum\n}\n")
	return src.String()
}

// allocations counts those of the pass with all checks.
func allocations(t *testing.T, src string) uint64 {
	t.Helper()
	p := parsed(t, src)
	a := everyCheck()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := diagnose(a, p); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs
}

// parsed is a pass over a package that consists of the source.
func parsed(t *testing.T, src string) *analysis.Pass {
	t.Helper()
	p := *pass(t, "wgcount")
	file, err := parser.ParseFile(p.Fset, "growth.go", src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	p.Files = []*ast.File{file}
	if err := typeCheck(&p); err != nil {
		t.Fatal(err)
	}
	return &p
}
