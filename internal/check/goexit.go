package check

import (
	"fmt"
	"go/token"
	"strings"

	"github.com/gatherlint/gatherlint/internal/model"
)

var _ = register(&Check{
	Name:   "goexit",
	Family: Errors,
	Doc: Doc{
		Summary: "a failed assertion ends the task's goroutine, and the group counts it as success or waits for ever",
		What: "`t.Fatal`, `t.FailNow`, `t.Skip` and the assertions of testify's `require`, gotest.tools and quicktest end the goroutine that calls them with `runtime.Goexit`. " +
			"In a task of an errgroup that is a return without an error: the group keeps none and cancels nothing. " +
			"In a task of a WaitGroup whose `Done` is not deferred, `Done` is never called, and `Wait` never returns. " +
			"The check reports such a call in a task, or in a function that the task calls, once for each task.",
		Why: "Package testing allows these calls in the goroutine of the test only. `Wait` returns nil, the siblings are not stopped, and the test goes on with results that do not exist: " +
			"what is printed last is often a later failure, a nil pointer or a timeout.",
		Bad: `func testGlaze(t *testing.T, pots []string) {
	g, ctx := errgroup.WithContext(t.Context())
	for _, pot := range pots {
		g.Go(func() error {
			require.NoError(t, fire(ctx, pot))
			return nil
		})
	}
	require.NoError(t, g.Wait())
}`,
		Good: `func testGlazeReturned(t *testing.T, pots []string) {
	g, ctx := errgroup.WithContext(t.Context())
	for _, pot := range pots {
		g.Go(func() error {
			return fire(ctx, pot)
		})
	}
	require.NoError(t, g.Wait())
}`,
		Limits: "What `go vet` (testinggoroutine) reports of a plain `go` statement is not repeated. Silent in a task of a WaitGroup that comes to its `Done` all the same: the test has failed, as it should, and goes on. Silent " +
			"for subtests started in the task, for functions given to others to call, when the spawner asks `t.Failed` after the tasks, and for assertions on a value that is not known to be a test. " +
			"Helpers of other packages are seen when they take the test as a parameter and use it directly.",
		Silence: "Call `t.Error` and return, or write `//gatherlint:ignore goexit REASON` above the line.",
	},
	Run: runGoexit,
})

func runGoexit(f *model.FanOut) []Finding {
	g := f.Group
	if g.Kind == model.Bare || len(f.EveryWait()) == 0 || asksFailed(f) {
		return nil
	}
	var out []Finding
	for _, t := range f.Tasks {
		if q := firstQuit(g, t); q != nil {
			out = append(out, goexitFinding(f, t, q))
		}
	}
	return out
}

// asksFailed reports whether the spawner asks the test whether it has failed.
func asksFailed(f *model.FanOut) bool {
	return findOp(f.Body, func(op *model.Op) bool { return op.Failed }) != nil
}

// A quit is how a task comes to end its goroutine.
type quit struct {
	op    *model.Op
	chain []*model.Op // the calls that lead from the task to it
}

// pos is where the task's own code comes to it.
func (q *quit) pos() token.Pos {
	if len(q.chain) > 0 {
		return q.chain[0].At.Pos
	}
	return q.op.At.Pos
}

// firstQuit is the first call in the task that can end its goroutine and that go
// vet does not report.
func firstQuit(g *model.Group, t *model.Task) *quit {
	var found *quit
	var visit func(b *model.Body, chain []*model.Op)
	visit = func(b *model.Body, chain []*model.Op) {
		if b == nil {
			return
		}
		for _, blk := range b.Blocks {
			for _, op := range blk.Ops {
				switch {
				case found != nil && found.pos() <= (&quit{op, chain}).pos():
				case op.Quits || op.Kind == model.OpGoexit:
					if q := (&quit{op, chain}); !vetted(t, op, len(chain)) && misleads(g, t, q) {
						found = q
					}
				case op.Into != nil && len(chain) < maxChain:
					visit(op.Into, append(chain[:len(chain):len(chain)], op))
				}
			}
		}
	}
	visit(t.Body, nil)
	return found
}

// maxChain bounds the calls between a task and the end of its goroutine.
const maxChain = 8

// vetted reports whether go vet's testinggoroutine reports the call: a method of a
// test in a variable, directly in what a go statement starts.
func vetted(t *model.Task, op *model.Op, depth int) bool {
	return t.Spawn != nil && t.Spawn.Text == "go" && depth == 0 &&
		op.EndsTest && strings.Count(op.Text, ".") == 1
}

// misleads reports whether somebody takes the end of the goroutine for something else:
// a group that keeps errors for success, a Wait for a task that is still to come. A
// WaitGroup that counts the task out has nothing to be wrong about, and the test has
// failed already.
func misleads(g *model.Group, t *model.Task, q *quit) bool {
	return g.Errors() || g.LosesExit() || skipsDone(g, t, q)
}

func goexitFinding(f *model.FanOut, t *model.Task, q *quit) Finding {
	g := f.Group
	at, name := q.place(f)
	var s steps
	s.starts(f, t)
	when := "when its assertion fails it ends the goroutine"
	if q.op.Kind == model.OpGoexit {
		when = "it ends the goroutine"
	}
	s.by(Fails, taskOf(t), q.op.At, "calls %s; %s", q.op.Text, when)
	message := fmt.Sprintf("%s ends the task's goroutine", name)
	switch {
	case g.LosesExit():
		message += "; " + g.Name + " never counts it, and " + g.Join() + " never returns"
		s.by(Waits, groupOf(g), t.At, "waits for the task to return, which it never does").On = taskOf(t)
		s.by(Blocks, spawnerOf(f), f.EveryWait()[0].At, "waits in %s for ever", g.Join()).onto(Group, g.Name)
	case g.Errors():
		message += " without an error; " + g.Name + " counts it as success"
		s.by(Counts, groupOf(g), t.At, "takes the task for done; it has no error to keep and stops no sibling").On = taskOf(t)
		s.goesOn(f)
	default: // see misleads
		message += " before " + g.Name + ".Done; " + g.Join() + " never returns"
		s.by(Skips, taskOf(t), q.op.At, "is gone; %s.Done, which is not deferred, is not called", g.Name).onto(Group, g.Name)
		w := f.EveryWait()[0]
		s.by(Blocks, spawnerOf(f), w.At, "waits in %s for ever", g.Join()).onto(Group, g.Name)
	}
	return Finding{At: at, Message: message, Steps: s}
}

// goesOn tells that the Wait of a group that keeps errors returns.
func (s *steps) goesOn(f *model.FanOut) {
	w := f.EveryWait()[0]
	s.by(GoesOn, spawnerOf(f), w.At, "gets nil from %s and goes on as if the task had done its work", f.Group.Join()).onto(Group, f.Group.Name)
}

// place is where the finding belongs: the innermost call that stands in the
// spawner's own source, or else the task's own call. Name tells what is called there.
func (q *quit) place(f *model.FanOut) (at model.Span, name string) {
	calls := append(q.chain[:len(q.chain):len(q.chain)], q.op)
	n := 0
	for i, op := range calls {
		if within(op.At, f.Extent) {
			n = i
		}
	}
	if n == len(calls)-1 {
		return q.op.At, q.op.Text
	}
	return calls[n].At, q.op.Text + " in " + calls[len(calls)-2].Text
}

// skipsDone reports whether the goroutine can end there without a Done that the
// task would have come to: Goexit runs deferred calls only. That is so if each
// function on the way can come to its call without a Done.
func skipsDone(g *model.Group, t *model.Task, q *quit) bool {
	isDone := func(o *model.Op) bool { return o.Kind == model.OpDone && o.Group == g }
	if findOp(t.Body, isDone) == nil {
		return false // the group's own Go counts it out
	}
	body := t.Body
	for _, call := range append(q.chain[:len(q.chain):len(q.chain)], q.op) {
		w := &model.Walk{Body: body, Step: func(op *model.Op, stage int, _ *model.Path) (int, model.Verdict) {
			switch {
			case op == call:
				return stage, model.Hit
			case op.Contains(isDone):
				return stage, model.Cut
			}
			return stage, model.GoOn
		}}
		if w.Find() == nil {
			return false
		}
		body = call.Into
	}
	return true
}
