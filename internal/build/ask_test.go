package build

import (
	"fmt"
	"go/ast"
	"go/constant"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/facts"
	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/relevant"
	"github.com/gatherlint/gatherlint/internal/value"
)

// The programs below call these functions, and the tests look at the calls:
// size(want, n) asks for the size of n, in(want) for the count of the innermost
// loop around it, key(name, x) for the stable key of x: equal names have equal
// keys and different names different ones; "-" has none, "!a" the negation of
// a. Symbols are compared without positions. In functions that are not called by
// others in the program the questions are asked in the frame of the function as
// a root, and in those of all that it calls.
const asks = `
func size(want string, n int)  {}
func in(want string)           {}
func key(name string, x any)   {}
func sink(xs ...any)           {}
func number() int              { return given.n }

type options struct {
	Workers  int
	Parallel bool
	Items    []string
	Inner    struct{ Limit int }
	next     *options
}

var given struct{ n int }
var limit = 3
var changed = 3
var flagged = new(int)
var search func(n int, f func(int) bool)
`

// framesBelow lists fr and the frames below it, in the order of their calls.
func framesBelow(fr *flow.Frame) []*flow.Frame {
	out := []*flow.Frame{fr}
	for _, b := range fr.Fn.Blocks {
		for _, in := range b.Instrs {
			for key, c := range fr.Children {
				if key.Site == in {
					out = append(out, framesBelow(c)...)
				}
			}
		}
	}
	return out
}

// asked is one call of a function of asks in one frame.
type asked struct {
	fn   string
	want string
	arg  ssa.Value
	call *ssa.Call
	fr   *flow.Frame
	at   string
	e    *Builder
}

// ask builds the programs, each a package of its name, and calls see for each
// question. A program may start with a build constraint.
func ask(t *testing.T, programs map[string]string, see func(program string, q asked)) {
	t.Helper()
	files := map[string]string{}
	for name, program := range programs {
		constraint, rest := "", program
		if strings.HasPrefix(program, "//go:build") {
			constraint, rest, _ = strings.Cut(program, "\n")
		}
		files[name+"/p.go"] = constraint + "\n\npackage p\n\nimport \"runtime\"\n\nvar _ = runtime.NumCPU\n" + rest + asks
	}
	dir, cleanup, err := analysistest.WriteFiles(files)
	if err != nil {
		t.Fatal(err)
	}
	defer cleanup()
	var mu sync.Mutex
	found := map[string][]asked{}
	a := &analysis.Analyzer{
		Name: "sizes", Doc: "ask for sizes", FactTypes: []analysis.Fact{new(facts.Summary)},
		Run: func(pass *analysis.Pass) (any, error) {
			if path := pass.Pkg.Path(); programs[path] != "" {
				questions := questionsOf(pass)
				mu.Lock()
				defer mu.Unlock()
				found[path] = questions
			}
			return nil, nil
		},
	}
	names := slices.Sorted(maps.Keys(programs))
	var w withoutWants
	for _, r := range analysistest.Run(&w, dir, a, names...) {
		if r.Err != nil {
			t.Fatal(r.Err)
		}
	}
	if w.msgs != nil {
		t.Fatal(strings.Join(w.msgs, "\n"))
	}
	for _, name := range names {
		if len(found[name]) == 0 {
			t.Errorf("no questions in program %s", name)
		}
		for _, q := range found[name] {
			see(name, q)
		}
	}
}

// questionsOf are the questions of a program in all frames, in order.
func questionsOf(pass *analysis.Pass) []asked {
	g := relevant.Find(pass, facts.NewGroups(pass, nil), relevant.ForFanOuts)
	for _, f := range pass.Files {
		for _, d := range f.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok && fd.Body != nil {
				g.Keep[fd] = true
			}
		}
	}
	e := New(pass, facts.NewGroups(pass, nil), g)
	var out []asked
	for _, fn := range e.Funcs {
		if fn.Parent() != nil || !isRoot(e, fn) {
			continue
		}
		root := e.RootFrame(fn)
		e.BodyOf(root)
		for _, fr := range framesBelow(root) {
			out = append(out, questionsIn(e, fr)...)
		}
	}
	return out
}

// isRoot reports whether no other function of the program names fn.
func isRoot(e *Builder, fn *ssa.Function) bool {
	for _, other := range e.Funcs {
		for _, b := range other.Blocks {
			for _, in := range b.Instrs {
				for _, op := range in.Operands(nil) {
					if *op == ssa.Value(fn) {
						return false
					}
				}
			}
		}
	}
	return true
}

func questionsIn(e *Builder, fr *flow.Frame) []asked {
	var out []asked
	for _, b := range fr.Fn.Blocks {
		for _, in := range b.Instrs {
			call, ok := in.(*ssa.Call)
			if !ok || call.Call.StaticCallee() == nil {
				continue
			}
			q := asked{fn: call.Call.StaticCallee().Name(), call: call, fr: fr, e: e}
			if q.fn != "size" && q.fn != "in" && q.fn != "key" {
				continue
			}
			q.at = e.PosText(call.Pos())
			q.want = constant.StringVal(call.Call.Args[0].(*ssa.Const).Value)
			if q.fn != "in" {
				q.arg = call.Call.Args[1]
			}
			out = append(out, q)
		}
	}
	return out
}

var positions = regexp.MustCompile(`\{[^}]*\}`)

func plain(s *model.Size) string {
	if s == nil {
		return "nil"
	}
	return positions.ReplaceAllString(s.String(), "")
}

// innermost is the smallest loop around the call.
func innermost(e *Builder, q asked) *value.Loop {
	var in *value.Loop
	for _, l := range e.LoopsOf(q.fr) {
		if l.Body[q.call.Block()] && (in == nil || len(l.Body) < len(in.Body)) {
			in = l
		}
	}
	return in
}

// check asks the questions of all programs.
func check(t *testing.T, programs map[string]string) {
	t.Helper()
	keys := map[string]string{} // key by name, in one program
	last := ""
	ask(t, programs, func(program string, q asked) {
		if program != last {
			distinct(t, keys)
			last, keys = program, map[string]string{}
		}
		e := q.e
		q.at = program + " " + q.at
		switch q.fn {
		case "size":
			if got := plain(e.SizeOf(q.arg, q.fr)); got != q.want {
				t.Errorf("%s: size is %s, want %s", q.at, got, q.want)
			}
		case "in":
			l := innermost(e, q)
			if l == nil {
				t.Errorf("%s: not in a loop", q.at)
				return
			}
			if got := plain(l.Count); got != q.want {
				t.Errorf("%s: loop counted as %s, want %s", q.at, got, q.want)
			}
			checkTest(t, l, q)
		case "key":
			v := q.arg
			if mi, ok := v.(*ssa.MakeInterface); ok {
				v = mi.X
			}
			got, ok := e.StableKey(v, q.fr)
			name, not := strings.CutPrefix(q.want, "!")
			if not && ok {
				got = value.Negate(got)
			}
			switch {
			case ok != (q.want != "-"):
				t.Errorf("%s: key %q, want %s", q.at, got, q.want)
			case ok && keys[name] == "":
				keys[name] = got
			case ok && keys[name] != got:
				t.Errorf("%s: key %s is %q, but %q elsewhere", q.at, name, got, keys[name])
			}
		}
	})
	distinct(t, keys)
}

// distinct checks that different names have different keys.
func distinct(t *testing.T, keys map[string]string) {
	t.Helper()
	byKey := map[string]string{}
	for name, key := range keys {
		if other := byKey[key]; other != "" {
			t.Errorf("%s and %s have the same key %q", name, other, key)
		}
		byKey[key] = name
	}
}

// checkTest checks that the test of a loop with a count leaves it, and that its
// guard comes before it.
func checkTest(t *testing.T, l *value.Loop, q asked) {
	t.Helper()
	if l.Count == nil {
		if l.Test != nil || l.Guard != nil {
			t.Errorf("%s: a test without a count", q.at)
		}
		return
	}
	if l.Test == nil || len(l.Test.Succs) != 2 {
		t.Errorf("%s: a count without a test", q.at)
		return
	}
	next, done := l.Test.Succs[0], l.Test.Succs[1]
	if !l.CountTrue {
		next, done = done, next
	}
	if !l.Body[next] || l.Body[done] {
		t.Errorf("%s: block %d does not decide about the next round", q.at, l.Test.Index)
	}
	if (l.Guard == nil) != (l.Test == l.Header && next != l.Header) {
		t.Errorf("%s: guard %v, but test %s of header %s", q.at, l.Guard, l.Test, l.Header)
	}
	if l.Guard != nil && (l.Body[l.Guard] || !slices.Contains(l.Guard.Succs, l.Header)) {
		t.Errorf("%s: the guard is not before the loop", q.at)
	}
}

// withoutWants takes the place of a testing.T where facts have no expectations.
type withoutWants struct{ msgs []string }

func (w *withoutWants) Errorf(format string, args ...any) {
	if msg := fmt.Sprintf(format, args...); !strings.Contains(msg, "unexpected fact") {
		w.msgs = append(w.msgs, msg)
	}
}
