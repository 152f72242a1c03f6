package build

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/facts"
	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/relevant"
	"github.com/gatherlint/gatherlint/internal/source"
)

// An escapeCase is a package with a function root. The object is the first that
// is made after the comment obj, in each modelled frame below root, or what is at
// path below the variable there. want is the reason, "" if it is known.
type escapeCase struct {
	name, want, path, src string
}

const escapeHeader = `package %s

import (
	"context"
	"fmt"
	"sort"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

var (
	_ = context.Background
	_ = fmt.Sprint
	_ = sort.Ints
	_ sync.Locker
	_ errgroup.Group
	_ semaphore.Weighted
	kept chan int
	keptFunc func()
)

func unseen(ch chan int)
func unseenWaits(wg *sync.WaitGroup)
func unseenRuns(f func())
func cond() bool
`

var escapeCases = []escapeCase{
	// Channels in function literals.
	{"go literal", "", "", `func root() { /*obj*/ ch := make(chan int); go func() { ch <- 1 }(); <-ch }`},
	{"literals in literals", "", "", `
func root() { /*obj*/ ch := make(chan int); go func() { defer close(ch); go func() { ch <- 1 }() }()
	for range ch {} }`},
	{"tasks in a loop", "", "", `
func root(ctx context.Context, xs []int) error { g, ctx := errgroup.WithContext(ctx)
	/*obj*/ ch := make(chan int, len(xs))
	for _, x := range xs { g.Go(func() error { select { case ch <- x: case <-ctx.Done(): return ctx.Err() }
	return nil }) }; err := g.Wait(); close(ch); for range ch {}; if len(ch) > 0 { close(ch) }; _ = cap(ch); return err }`},
	{"a length that is kept", "counted by len, and the number kept", "", `
func root() { /*obj*/ ch := make(chan int, 2); ch <- 1; n := len(ch); for range n { <-ch } }`},
	{"task of a WaitGroup", "", "", `
func root() { var wg sync.WaitGroup; /*obj*/ ch := make(chan int); wg.Go(func() { ch <- 1 }); <-ch; wg.Wait() }`},
	{"deferred literal", "", "", `func root() { /*obj*/ ch := make(chan int); defer func() { close(ch) }(); go func() { <-ch }() }`},
	{"literal in a variable, called twice", "", "", `
func root() { /*obj*/ ch := make(chan int, 2); send := func() { ch <- 1 }; send(); send(); go send(); <-ch }`},
	{"literal that is never called", "", "", `
func root() { /*obj*/ ch := make(chan int, 1); send := func() { ch <- 1 }; _ = send; ch <- 1 }`},
	{"literal given to a seen function", "", "", `
func root() { /*obj*/ ch := make(chan int); start(func() { ch <- 1 }); <-ch }
func start(f func()) { go f() }`},
	{"one of two literals", "captured by a function literal that is one of several at a call", "", `
func root() { /*obj*/ ch := make(chan int, 1); f := func() { ch <- 1 }; if cond() { f = func() {} }; f() }`},
	{"literal given to sort.Slice", "captured by a function literal that is passed to sort.Slice, whose body is not seen", "", `
func root(xs []int) { /*obj*/ ch := make(chan int, 9); sort.Slice(xs, func(i, j int) bool { ch <- i
	return xs[i] < xs[j] }) }`},
	{"literal given to an unseen function", "captured by a function literal that is passed to unseenRuns, whose body is not seen", "", `
func root() { /*obj*/ ch := make(chan int, 9); unseenRuns(func() { ch <- 1 }) }`},
	{"literal given to sync.Once", "captured by a function literal that is passed to once.Do, whose body is not seen", "", `
func root() { var once sync.Once; /*obj*/ ch := make(chan int, 9); once.Do(func() { close(ch) }) }`},
	{"literal stored in a package variable", "captured by a function literal that is stored in a package variable", "", `
func root() { /*obj*/ ch := make(chan int, 9); keptFunc = func() { close(ch) } }`},
	{"literal returned", "captured by a function literal that is returned to the caller", "", `
func root() func() { /*obj*/ ch := make(chan int, 9); return func() { close(ch) } }`},
	{"literal returned by a helper", "captured by a function literal that is returned", "", `
func root() { start()() }
func start() func() { /*obj*/ ch := make(chan int, 9); return func() { close(ch) } }`},
	{"literal sent", "captured by a function literal that is sent on a channel", "", `
func root() { /*obj*/ ch := make(chan int, 9); fs := make(chan func(), 1); fs <- func() { close(ch) } }`},
	{"literal that calls itself", "captured by a function literal that is called where its body is not seen", "", `
func root() { /*obj*/ ch := make(chan int, 9); var f func(n int); f = func(n int) { ch <- n; if n > 0 { f(n - 1) } }
	f(3) }`},
	{"body of a range over a function", "", "", `
func root(each func(func(int) bool)) { /*obj*/ ch := make(chan int, 9); for x := range each { ch <- x } }`},

	// Channels as arguments and results.
	{"helper that spawns", "", "", `
func root() { /*obj*/ ch := make(chan int); start(ch); <-ch }
func start(out chan<- int) { go send(out) }
func send(out chan<- int)  { out <- 1; close(out) }`},
	{"made by a helper", "", "", `
func root() { for range gen() {} }
func gen() <-chan int { /*obj*/ ch := make(chan int); go func() { defer close(ch); ch <- 1 }(); return ch }`},
	{"made by a helper with a named result", "", "", `
func root() { out, err := gen(); if err == nil { <-out } }
func gen() (out chan int, err error) { /*obj*/ out = make(chan int); go func() { out <- 1 }(); return out, nil }`},
	{"a stage between two helpers", "", "", `
func root() { for range stage(gen()) {} }
func gen() <-chan int { /*obj*/ ch := make(chan int); go func() { defer close(ch); ch <- 1 }(); return ch }
func stage(in <-chan int) <-chan int { out := make(chan int); go func() { defer close(out)
	for x := range in { out <- x } }(); return out }`},
	{"the same helper twice", "", "", `
func root() { a, b := gen(), gen(); select { case <-a: case <-b: } }
func gen() <-chan int { /*obj*/ ch := make(chan int, 1); go func() { ch <- 1 }(); return ch }`},
	{"returned", "returned to the caller", "", `func root() chan int { /*obj*/ ch := make(chan int, 1); return ch }`},
	{"named result", "returned to the caller", "", `
func root() (ch chan int) { /*obj*/ ch = make(chan int, 1); defer fmt.Println(); return }`},
	{"unseen function", "passed to unseen, whose body is not seen", "", `func root() { /*obj*/ ch := make(chan int, 1); unseen(ch) }`},
	{"unseen function in a goroutine", "passed to unseen, whose body is not seen", "", `
func root() { /*obj*/ ch := make(chan int, 1); go unseen(ch) }`},
	{"unseen function below a helper", "passed to unseen, whose body is not seen", "", `
func root() { /*obj*/ ch := make(chan int, 1); help(ch) }
func help(ch chan int) { defer unseen(ch) }`},
	{"function value", "passed to f, whose body is not seen", "", `func root(f func(chan int)) { /*obj*/ ch := make(chan int, 1); f(ch) }`},
	{"interface method", "passed to s.take, whose body is not seen", "", `
type sink interface{ take(chan int) }
func root(s sink) { /*obj*/ ch := make(chan int, 1); s.take(ch) }`},
	{"recursion", "passed to root, whose body is not seen", "", `func root(in chan int) { /*obj*/ ch := make(chan int, 1); root(ch) }`},
	{"too many calls deep", "passed to f5, whose body is not seen", "", `
func root() { /*obj*/ ch := make(chan int, 1); f1(ch) }
func f1(ch chan int) { f2(ch) }
func f2(ch chan int) { f3(ch) }
func f3(ch chan int) { f4(ch) }
func f4(ch chan int) { f5(ch) }
func f5(ch chan int) { ch <- 1 }`},
	{"variadic", "stored in a slice or array", "", `
func root() { /*obj*/ ch := make(chan int, 1); all(ch) }
func all(chs ...chan int) {}`},
	{"a goroutine's result", "", "", `
func root() { /*obj*/ ch := make(chan int, 1); go pass(ch); defer pass(ch) }
func pass(ch chan int) chan int { ch <- 1; return ch }`},
	{"result of a literal lent to an unseen function", "returned to apply, whose body is not seen", "", `
func apply(f func() chan int)
func root() { apply(func() chan int { /*obj*/ ch := make(chan int, 1); return ch }) }`},
	{"generic helper", "", "", `
func root() { /*obj*/ ch := make(chan int); go send(ch, 1); <-ch }
func send[T any](ch chan T, x T) { ch <- x }`},

	// Channels that are kept.
	{"slice", "stored in a slice or array", "", `
func root() { var chs []chan int; for range 3 { /*obj*/ ch := make(chan int, 1); chs = append(chs, ch) } }`},
	{"element", "stored in a slice or array", "", `func root(chs []chan int) { /*obj*/ chs[0] = make(chan int, 1) }`},
	{"map", "stored in a map", "", `func root(m map[int]chan int) { /*obj*/ ch := make(chan int, 1); m[0] = ch }`},
	{"package variable", "stored in a package variable", "", `func root() { /*obj*/ ch := make(chan int, 1); kept = ch }`},
	{"sent", "sent on a channel", "", `func root(chs chan chan int) { /*obj*/ ch := make(chan int, 1); chs <- ch }`},
	{"sent in a select", "sent on a channel", "", `
func root(chs chan chan int) { /*obj*/ ch := make(chan int, 1); select { case chs <- ch: default: } }`},
	{"interface", "turned into an interface value", "", `func root() { /*obj*/ ch := make(chan int, 1); fmt.Println(ch) }`},
	{"through a pointer", "stored through a pointer", "", `func root(p *chan int) { /*obj*/ *p = make(chan int, 1) }`},
	{"address of the variable", "in a variable whose address is passed to set, whose body is not seen", "", `
func set(p *chan int)
func root() { /*obj*/ ch := make(chan int, 1); set(&ch); <-ch }`},
	{"address of the variable, seen", "one of several channels at this operation", "", `
func set(p *chan int) { *p = nil }
func root() { /*obj*/ ch := make(chan int, 1); set(&ch); <-ch }`},
	{"compared", "compared with another value", "", `
func root(other chan int) { /*obj*/ ch := make(chan int, 1); if ch != nil && ch == other { return } }`},
	{"compared with nil", "", "", `func root() { /*obj*/ ch := make(chan int, 1); if ch != nil { ch <- 1 } }`},

	// Operands that are not certain.
	{"nil in a select", "", "", `
func root() { /*obj*/ ch := make(chan int, 1); var out chan int; if cond() { out = ch }
	select { case out <- 1: default: } }`},
	{"switched off in a select", "one of several channels or nil at this operation", "", `
func root() { /*obj*/ in := make(chan int); go func() { close(in) }()
	for { select { case _, ok := <-in: if !ok { in = nil } } } }`},
	{"one of two", "one of several channels at this operation", "", `
func root() { /*obj*/ ch := make(chan int, 1); other := ch; if cond() { other = make(chan int, 1) }; other <- 1 }`},
	{"given or made", "one of several channels at this operation", "", `
func root(ch chan int) { if cond() { /*obj*/ ch = make(chan int, 1) }; ch <- 1 }`},
	{"assigned again beside a task of a literal", "captured in a variable that is assigned again", "", `
func root() { /*obj*/ ch := make(chan int, 1); func() { go func() { ch <- 1 }() }(); ch = make(chan int, 1) }`},
	{"assigned by a literal", "one of several channels at this operation", "", `
func root() { /*obj*/ ch := make(chan int, 1); go func() { ch = nil }(); ch <- 1 }`},
	{"moved on in a chain", "one of several channels at this operation", "", `
func root() { /*obj*/ in := make(chan int); for range 3 { out := make(chan int)
	go func(in chan int) { out <- <-in }(in); in = out } }`},

	// Fields of local structs.
	{"field", "", "", `
type T struct{ ch, stopped chan int }
func newT() *T { return &T{ /*obj*/ ch: make(chan int), stopped: make(chan int)}}
func (t *T) start() { go t.run() }
func (t *T) run()   { for range t.ch {}; close(t.stopped) }
func (t *T) stop()  { close(t.ch); <-t.stopped }
func root() { t := newT(); t.start(); t.stop() }`},
	{"field of a struct variable", "", "", `
type T struct{ in struct{ ch chan int } }
func root() { var t T; /*obj*/ t.in.ch = make(chan int); go func() { t.in.ch <- 1 }(); <-t.in.ch }`},
	{"field of a struct in a struct", "", "", `
type T struct{ ch chan int }
type U struct{ t *T }
func root() { /*obj*/ ch := make(chan int); t := &T{ch: ch}; u := &U{t: t}; go u.run(); <-ch }
func (u *U) run() { u.t.ch <- 1 }`},
	{"field of a struct that is returned", "in a struct that is returned to the caller", "", `
type T struct{ ch chan int }
func root() *T { return &T{ /*obj*/ ch: make(chan int)} }`},
	{"field of a struct that is handed on", "in a struct that is passed to take, whose body is not seen", "", `
type T struct{ ch chan int }
func take(t *T)
func root() { t := &T{ /*obj*/ ch: make(chan int)}; take(t) }`},
	{"method value that is handed on", "captured by a function literal that is passed to unseenRuns, whose body is not seen", "", `
type T struct{ ch chan int }
func (t *T) run() { t.ch <- 1 }
func root() { t := &T{ /*obj*/ ch: make(chan int)}; unseenRuns(t.run) }`},
	{"method value that is spawned", "", "", `
type T struct{ ch chan int }
func (t *T) run() { t.ch <- 1 }
func root() { t := &T{ /*obj*/ ch: make(chan int)}; run := t.run; go run(); <-t.ch }`},
	{"struct in an interface", "", "", `
type T struct{ ch chan int }
func (t *T) run() { t.ch <- 1 }
func root() { t := &T{ /*obj*/ ch: make(chan int)}; var r interface{ run() } = t; go r.run(); <-t.ch }`},
	{"interface that a function returns", "", "", `
type T struct{ ch chan int }
func (t *T) run() { t.ch <- 1 }
func make1() interface{ run() } { return &T{ /*obj*/ ch: make(chan int)} }
func root() { r := make1(); go r.run(); <-r.(*T).ch }`},
	{"interface of one of two types", "in a struct that is passed to r.run, whose body is not seen", "", `
type T struct{ ch chan int }
func (t *T) run() { t.ch <- 1 }
type U struct{}
func (*U) run() {}
func root(b bool) { t := &T{ /*obj*/ ch: make(chan int)}; var r interface{ run() } = t; if b { r = &U{} }; r.run() }`},
	{"interface that other code is given", "in a struct that is passed to println, whose body is not seen", "", `
var println func(any)
type T struct{ ch chan int }
func root() { t := &T{ /*obj*/ ch: make(chan int)}; println(t); <-t.ch }`},
	{"interface asked for another type", "in a struct that is passed to x.(interface{stop()}).stop, whose body is not seen", "", `
type T struct{ ch chan int }
func (t *T) stop() { close(t.ch) }
func root(r interface{ run() }) { var x any = &T{ /*obj*/ ch: make(chan int)}; if r != nil { x = r }; x.(interface{ stop() }).stop() }`},
	{"struct in a slice", "in a struct that is stored in a slice or array", "", `
type T struct{ ch chan int }
func root(ts []*T) { ts[0] = &T{ /*obj*/ ch: make(chan int)} }`},
	{"struct variable with methods", "", "", `
type T struct{ ch, other chan int }
func (t *T) run() { t.ch <- 1 }
func root() { t := T{ /*obj*/ ch: make(chan int)}; go t.run(); <-t.ch }`},
	{"copy of a struct", "", "", `
type T struct{ ch chan int }
func root() { t := &T{ /*obj*/ ch: make(chan int)}; u := *t; go func() { u.ch <- 1 }(); <-t.ch }`},
	{"copy of a struct inside another", "", "", `
type T struct{ ch chan int }
type U struct{ t T }
func root() { t := &T{ /*obj*/ ch: make(chan int)}; u := U{t: *t}; go func() { u.t.ch <- 1 }(); <-t.ch }`},
	{"copy of a struct that is made too late", "in a struct field that may not be set yet where it is used", "", `
type T struct{ ch chan int }
func root() { t := T{ /*obj*/ ch: make(chan int)}; var u T; go func() { u.ch <- 1 }(); u = t; <-t.ch }`},
	{"copy of a struct that is returned", "in a struct that is copied", "", `
type T struct{ ch chan int }
func root() T { t := T{ /*obj*/ ch: make(chan int)}; u := t; return u }`},
	{"struct that is copied", "in a struct that is copied", "", `
type T struct{ ch chan int }
func (t T) run() { t.ch <- 1 }
func root() { t := T{ /*obj*/ ch: make(chan int, 1)}; t.run() }`},
	{"field of a given struct", "stored in a struct field", "", `
type T struct{ ch chan int }
func root(t *T) { /*obj*/ t.ch = make(chan int) }`},
	{"field that is set by a method", "", "", `
type T struct{ ch chan int }
func (t *T) set(ch chan int) { t.ch = ch }
func root() { /*obj*/ ch := make(chan int, 1); t := &T{}; t.set(ch); t.ch <- 1 }`},
	{"field that is set on one path", "in a struct field that may not be set yet where it is used", "", `
type T struct{ ch chan int }
func root() { var t T; if cond() { /*obj*/ t.ch = make(chan int, 1) }; t.ch <- 1 }`},
	{"field that is set after a task has started", "in a struct field that may not be set yet where it is used", "", `
type T struct{ ch chan int }
func root() { var t T; go func() { t.ch <- 1 }(); /*obj*/ t.ch = make(chan int, 1) }`},
	{"list", "held by closures or structs that refer to each other, which is not followed", "", `
type T struct{ ch chan int; next *T }
func root() { t := &T{ /*obj*/ ch: make(chan int, 1)}; t.next = &T{next: t}; t.next.next = t.next; t.ch <- 1 }`},

	// Groups, mutexes, semaphores.
	{"WaitGroup", "", "", `
func root() { /*obj*/ var wg sync.WaitGroup; wg.Add(1); go func() { defer wg.Done(); help(&wg) }(); wg.Wait() }
func help(wg *sync.WaitGroup) { wg.Add(1); wg.Done() }`},
	{"WaitGroup from a literal", "", "", `func root() { /*obj*/ wg := &sync.WaitGroup{}; wg.Go(func() { wg.Go(func() {}) }); wg.Wait() }`},
	{"WaitGroup assigned its zero value", "", "", `func root() { /*obj*/ wg := sync.WaitGroup{}; wg.Go(func() {}); wg.Wait() }`},
	{"WaitGroup that is set back", "overwritten", "", `func root() { /*obj*/ var wg sync.WaitGroup; wg.Wait(); wg = sync.WaitGroup{} }`},
	{"WaitGroup handed on", "passed to unseenWaits, whose body is not seen", "", `
func root() { /*obj*/ var wg sync.WaitGroup; wg.Go(func() { unseenWaits(&wg) }); wg.Wait() }`},
	{"WaitGroup that a goroutine waits for", "used by go wg.Wait", "", `func root() { /*obj*/ var wg sync.WaitGroup; go wg.Wait() }`},
	{"Done as a value", "", "", `
func root() { /*obj*/ var wg sync.WaitGroup; wg.Add(1); done := wg.Done; go func() { defer done() }(); wg.Wait() }`},
	{"Done handed on", "captured by a function literal that is passed to unseenRuns, whose body is not seen", "", `
func root() { /*obj*/ var wg sync.WaitGroup; wg.Add(1); unseenRuns(wg.Done); wg.Wait() }`},
	{"WaitGroup copied", "copied", "", `func root() { /*obj*/ var wg sync.WaitGroup; other := wg; other.Wait() }`},
	{"errgroup", "", "", `
func root(ctx context.Context) error { /*obj*/ g, ctx := errgroup.WithContext(ctx); g.SetLimit(2)
	g.Go(func() error { g.Go(ctx.Err); return nil }); return g.Wait() }`},
	{"errgroup that a helper makes", "", "", `
func make2(ctx context.Context) (*errgroup.Group, context.Context) { return /*obj*/ errgroup.WithContext(ctx) }
func root(ctx context.Context) error { g, _ := make2(ctx); g.Go(func() error { return nil }); return g.Wait() }`},
	{"errgroup in a variable", "", "", `
func root() error { /*obj*/ g := new(errgroup.Group); g.TryGo(func() error { return nil }); return g.Wait() }`},
	{"errgroup returned", "returned to the caller", "", `
func root(ctx context.Context) *errgroup.Group { /*obj*/ g, _ := errgroup.WithContext(ctx); return g }`},
	{"errgroup given or made", "one of several objects at this operation", "", `
func root(ctx context.Context, g *errgroup.Group) { if g == nil { /*obj*/ g, ctx = errgroup.WithContext(ctx) }
	g.Wait() }`},
	{"mutex", "", "", `func root() { /*obj*/ var mu sync.Mutex; go func() { mu.Lock(); defer mu.Unlock() }(); mu.Lock(); mu.Unlock() }`},
	{"mutex in a field", "", ".mu", `
type T struct{ mu sync.RWMutex; n int }
func (t *T) add() { t.mu.Lock(); defer t.mu.Unlock(); t.n++ }
func (t *T) get() int { t.mu.RLock(); defer t.mu.RUnlock(); return t.n }
func root() { /*obj*/ t := &T{n: 1}; go t.add(); t.get() }`},
	{"mutex in a field, handed on", "in a struct that is passed to take, whose body is not seen", ".mu", `
type T struct{ mu sync.RWMutex }
func take(t *T)
func root() { /*obj*/ t := &T{}; t.mu.Lock(); take(t) }`},
	{"embedded WaitGroup", "", ".WaitGroup", `
type T struct{ sync.WaitGroup }
func root() { /*obj*/ t := T{}; t.Go(func() { t.Add(1); t.Done() }); t.Wait() }`},
	{"mutex of a condition", "", "", `func root() { /*obj*/ var mu sync.Mutex; sync.NewCond(&mu).Wait() }`},
	{"a method that the model does not know", "passed to mu.TryLock, whose body is not seen", "", `
func root() { /*obj*/ var mu sync.Mutex; mu.TryLock() }`},
	{"semaphore", "", "", `
func root(ctx context.Context) { /*obj*/ sem := semaphore.NewWeighted(2); go func() { defer sem.Release(1) }()
	sem.Acquire(ctx, 1) }`},
	{"channel field that others set", "in a variable or field that is set by code not seen", ".ch", `
type T struct{ ch chan int }
func root() { /*obj*/ var t T; <-t.ch }`},
	{"closed by a go statement", "used by go close", "", `func root() { /*obj*/ ch := make(chan int); go close(ch); <-ch }`},
	{"frames", "frames", "", `
func root() { a(); go func() { b() }(); c(); unseen(nil) }
func a() { c() }
func b() { defer c() }
func c() {}`},
	{"context's group made elsewhere", "made by elsewhere, whose body is not seen", "", `
func elsewhere() *errgroup.Group
func root() { /*obj*/ g := elsewhere(); g.Wait() }`},
}

// escapeWorld answers all cases, each twice, by package.
var escapeWorld = sync.OnceValues(func() (map[string][]string, error) {
	files := map[string]string{}
	for _, stub := range []string{"golang.org/x/sync/errgroup/errgroup.go", "golang.org/x/sync/semaphore/semaphore.go"} {
		text, err := os.ReadFile("../../testdata/src/" + stub)
		if err != nil {
			return nil, err
		}
		files[stub] = string(text)
	}
	var packages []string
	for i, c := range allEscapeCases {
		name := fmt.Sprintf("case%03d", i)
		packages = append(packages, name)
		files[name+"/p.go"] = fmt.Sprintf(escapeHeader, name) + c.src
	}
	dir, cleanup, err := analysistest.WriteFiles(files)
	if err != nil {
		return nil, err
	}
	defer cleanup()
	var mu sync.Mutex
	all := map[string][]string{}
	a := &analysis.Analyzer{
		Name: "escape", Doc: "ask whether objects escape", FactTypes: []analysis.Fact{new(facts.Summary)},
		Run: func(pass *analysis.Pass) (any, error) {
			if i := slices.Index(packages, pass.Pkg.Path()); i >= 0 {
				first, second := escapesOf(pass, allEscapeCases[i]), escapesOf(pass, allEscapeCases[i])
				mu.Lock()
				defer mu.Unlock()
				all[pass.Pkg.Path()] = first
				if !slices.Equal(first, second) {
					all[pass.Pkg.Path()] = append(first, "and another time: "+strings.Join(second, ", "))
				}
			}
			return nil, nil
		},
	}
	var w withoutWants
	for _, r := range analysistest.Run(&w, dir, a, packages...) {
		if r.Err != nil {
			return nil, r.Err
		}
	}
	if w.msgs != nil {
		return nil, fmt.Errorf("%s", strings.Join(w.msgs, "\n"))
	}
	return all, nil
})

// escapesOf gives the answers for the objects of one package: one if all agree.
func escapesOf(pass *analysis.Pass, c escapeCase) []string {
	g := relevant.Find(pass, facts.NewGroups(pass, nil), relevant.ForFanOuts)
	for _, d := range pass.Files[0].Decls {
		if fd, ok := d.(*ast.FuncDecl); ok && fd.Body != nil {
			g.Keep[fd] = true
		}
	}
	e := New(pass, facts.NewGroups(pass, nil), g)
	root := e.RootFrame(e.SSA.Func("root"))
	e.BodyOf(root)
	if c.want == "frames" {
		var names []string
		for _, fr := range e.Frames(root) {
			names = append(names, source.DisplayName(fr.Fn))
		}
		return names
	}
	made := markedObject(e, token.Pos(int(pass.Files[0].FileStart)+strings.Index(fmt.Sprintf(escapeHeader, pass.Pkg.Path())+c.src, "/*obj*/")))
	var out []string
	for _, fr := range e.Frames(root) {
		if made != nil && fr.Fn == made.Parent() {
			if why := e.Escape(flow.Origin{Val: made, Path: c.path, Frame: fr}, root); !slices.Contains(out, why) {
				out = append(out, why)
			}
		}
	}
	return out
}

// markedObject is the first object in the source that is made after the mark.
func markedObject(e *Builder, mark token.Pos) ssa.Value {
	var made ssa.Value
	for _, fn := range e.Funcs {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				v, ok := in.(ssa.Value)
				if ok && isObject(v) && v.Pos() > mark && (made == nil || v.Pos() < made.Pos()) {
					made = v
				}
			}
		}
	}
	return made
}

func isObject(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.MakeChan:
		return true
	case *ssa.Alloc:
		return flow.PointsToObject(v)
	case *ssa.Call:
		return strings.Contains(v.Type().String(), "errgroup.Group") || strings.Contains(v.Type().String(), "semaphore.Weighted")
	}
	return false
}

// An object is known when every use of it, wherever its holders go, is an
// operation in the model; otherwise the first use that is not one is the reason.
func TestEscape(t *testing.T) {
	all, err := escapeWorld()
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range allEscapeCases {
		if c.want == "frames" {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			got := all[fmt.Sprintf("case%03d", i)]
			if len(got) != 1 || got[0] != c.want {
				t.Errorf("the object of%s\nis %q, want %q", c.src, got, c.want)
			}
		})
	}
}

// The frames of a tree are those with a body, in the order of the source, each
// before those that it calls.
func TestFrames(t *testing.T) {
	all, err := escapeWorld()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(escapeCases, func(c escapeCase) bool { return c.want == "frames" })
	want := []string{"root", "a", "c", "the function literal in root", "b", "c", "c"}
	if got := all[fmt.Sprintf("case%03d", i)]; !slices.Equal(got, want) {
		t.Errorf("frames %q, want %q", got, want)
	}
}
