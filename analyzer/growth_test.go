package analyzer_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"runtime"
	"strings"
	"testing"

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
	"locked beside the tasks": {"go func() { mu.Lock(); defer mu.Unlock(); sum += # }()\n", "mu.Lock()\nsum--\nmu.Unlock()\n"},
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
			few, many := allocations(t, shape, small), allocations(t, shape, large)
			t.Logf("%d allocations, %d with %d times the source: %.1f times", few, many, large/small, float64(many)/float64(few))
			if many > most*few {
				t.Errorf("%d allocations, want %d at most: %d times those of %d", many, most*few, most, small)
			}
		})
	}
}

// allocations counts those of the pass with all checks.
func allocations(t *testing.T, shape [2]string, n int) uint64 {
	t.Helper()
	var src strings.Builder
	src.WriteString("package wgcount\n\nimport \"sync\"\n\nfunc dry() bool\nfunc pour()\n\nfunc fill() int {\n" +
		"var wg sync.WaitGroup\nvar mu sync.Mutex\nsum := 0\nout := make(chan int)\n")
	for _, part := range shape {
		for i := range n {
			src.WriteString(strings.ReplaceAll(part, "#", fmt.Sprint(i)))
		}
	}
	src.WriteString("mu.Lock()\nmu.Unlock()\nclose(out)\nwg.Wait()\nreturn sum\n}\n")
	p := *pass(t, "wgcount")
	file, err := parser.ParseFile(p.Fset, "growth.go", src.String(), parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	p.Files = []*ast.File{file}
	if err := typeCheck(&p); err != nil {
		t.Fatal(err)
	}
	a := analyzer.New(&analyzer.Options{Checks: "all"})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := diagnose(a, &p); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs
}
