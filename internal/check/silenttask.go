package check

import (
	"fmt"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

var _ = register(&Check{
	Name:   "silenttask",
	Family: Errors,
	Doc: Doc{
		Summary: "a task has an error in hand and reports success, so the spawner never learns of it",
		What: "The check follows each error that a task gets. It reports a task of an errgroup that finds an error, at most logs it, and returns nil; " +
			"a producer that drops an item when its context ends and returns nil, so that a cancelled caller's run looks complete; " +
			"a task of a WaitGroup that finds an error and ends without a trace of it, while the spawner waits and has an error result, or with a log of it, while the spawner then only ever returns nil; a call in a task whose result is not used at all; " +
			"and a spawner that takes an error from a task, finds that it is not nil, and returns nil without a trace of it.",
		Why: "The work was not done, and the caller is told that it was.",
		Bad: `func bindAll(ctx context.Context, books []book) error {
	g, gctx := errgroup.WithContext(ctx)
	queue := make(chan book)
	g.Go(func() error {
		defer close(queue)
		for _, b := range books {
			select {
			case queue <- b:
			case <-gctx.Done():
				return nil
			}
		}
		return nil
	})
	g.Go(func() error {
		for b := range queue {
			if err := bind(gctx, b); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}`,
		Good: `func bindAllChecked(ctx context.Context, books []book) error {
	g, gctx := errgroup.WithContext(ctx)
	queue := make(chan book)
	g.Go(func() error {
		defer close(queue)
		for _, b := range books {
			select {
			case queue <- b:
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	g.Go(func() error {
		for b := range queue {
			if err := bind(gctx, b); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}`,
		Limits: "Silent when the error leaves a trace on any path: returned, sent, stored (but in a list that nobody reads), counted, given to a function that is no log, compared with another error; when the task goes on with the next item or tries again; when the rest of the task is done all the same; " +
			"when a comment at the return or the call says why; and when `_ =` drops it. A spawner is not reported that logs the error and goes on, stops at the first success, or can still return another error. A producer is not reported when the spawner asks a context after `Wait`, a sibling returns the context's error, or the context is cancelled on purpose. " +
			"Calls of the standard library, and those named like clean-up or output, are not looked at for unused results; of goroutines that nothing counts only calls of the package's own functions are. Reported only with `-checks=default,silenttask`, or `all`, as they are mostly meant: errors that are logged or lost by a task that stores or sends something when it succeeds, tasks of groups that keep no errors, calls whose result is not used, and what is lost in tests.",
		Silence: "Say in a comment beside the return or the call why the error does not matter, or write `//gatherlint:ignore silenttask REASON` above the line.",
	},
	Run:   runSilenttask,
	Asked: askedSilenttask,
})

// runSilenttask reports what leaves no trace at all where somebody asks for it: the
// group keeps errors, or the spawner has the error in hand.
func runSilenttask(f *model.FanOut) []Finding {
	if f.Test {
		return nil // a test knows how its tasks fail
	}
	plain, _ := losses(f)
	return append(plain, gaveUp(f)...)
}

// askedSilenttask reports the rest, which is meant more often than not: what is logged,
// tasks of groups that keep no errors, calls whose result is not used, and tests.
func askedSilenttask(f *model.FanOut) []Finding {
	plain, meant := losses(f)
	if f.Test {
		meant = append(append(meant, plain...), gaveUp(f)...)
	}
	return meant
}

// losses are the errors that are lost without a trace, and those that may well be
// meant to be.
func losses(f *model.FanOut) (plain, meant []Finding) {
	add := func(found Finding, isPlain bool) {
		if isPlain {
			plain = append(plain, found)
		} else {
			meant = append(meant, found)
		}
	}
	for _, x := range f.Evidence.Losses(f) {
		logged := x.LogText != ""
		switch x.Kind {
		case model.LossNil:
			// An error in a loop that is not even logged ends the loop: it is
			// how a source of items says that there are no more.
			if f.Group.Errors() && waitedFor(f) && x.Only && (logged || !x.Loops) {
				add(lostNil(f, x), !logged && !x.Yields)
			}
		case model.LossEnd:
			if f.Group.Kind == model.WaitGroup && gathers(f) && (!logged || (x.Only || x.Last) && !x.Loops && succeeds(f)) {
				meant = append(meant, lostEnd(f, x))
			}
		case model.LossUnused:
			if f.Group.Errors() && waitedFor(f) || f.Group.Kind == model.WaitGroup && gathers(f) ||
				f.Group.Kind == model.Bare && f.ReturnsError && x.Func == "" && x.Own && !x.Loops {
				meant = append(meant, lostUnused(f, x))
			}
		}
	}
	for _, x := range f.Evidence.Forgotten(f) {
		if !x.Keep.Pos.IsValid() && (!x.Logged || x.Only) {
			add(lostTaken(f, x), !x.Logged)
		}
	}
	return plain, meant
}

// lostTaken reports an error that the spawner takes from a task and loses.
func lostTaken(f *model.FanOut, x *model.Forgotten) Finding {
	var s steps
	s.starts(f, x.Task)
	s.by(Fails, taskOf(x.Task), x.Put, "fails and leaves its error in %s", x.Name)
	s.by(Receives, spawnerOf(f), x.Take, "takes the error from %s", x.Name)
	log := ""
	if x.Logged {
		log = ", and logs it"
	}
	s.by(Decides, spawnerOf(f), x.Test, "finds that it is not nil%s", log)
	s.by(Loses, spawnerOf(f), x.Ret, "returns nil; the failure of the task looks like success")
	return Finding{
		At:      x.Test,
		Message: fmt.Sprintf("%s finds an error taken from %s and returns nil; the failure of a task looks like success", f.Spawner, x.Name),
		Steps:   s,
	}
}

// gathers reports whether the spawner waits for tasks of its own and could tell its
// caller about their errors.
func gathers(f *model.FanOut) bool {
	if !f.ReturnsError || f.Group.Owner != model.OwnLocal {
		return false
	}
	for _, w := range f.Waits {
		if f.Within(w) {
			return true
		}
	}
	return false
}

// succeeds reports whether the spawner, once it has waited, only ever returns nil: it
// has an error result, and does not think of the tasks' errors.
func succeeds(f *model.FanOut) bool {
	nils := 0
	walk := &model.Walk{Body: f.Body, Step: func(op *model.Op, stage int, p *model.Path) (int, model.Verdict) {
		switch {
		case op.Contains(waitsFor(f.Group)):
			return waited, model.GoOn
		case op.Kind != model.OpReturn || stage != waited:
		case op.ErrVar != nil || slices.ContainsFunc(op.Errs, func(x *model.Err) bool { return x.Kind != model.ErrNil }):
			return stage, model.Hit
		default:
			nils++
		}
		return stage, model.GoOn
	}}
	return walk.Find() == nil && nils > 0
}

// waitedFor reports whether somebody learns from Wait that the tasks are done, and
// from an errgroup's also how.
func waitedFor(f *model.FanOut) bool {
	if len(f.EveryWait()) == 0 {
		return f.Group.Errors() && f.Group.Handed != model.No
	}
	for _, w := range f.EveryWait() {
		if !f.Group.Errors() || w.Result == model.Used {
			return true
		}
	}
	return false
}

// finds tells that code of a task finds an error.
func (s *steps) finds(t *model.Task, x *model.Loss) {
	s.by(Fails, actorOf(t, x), x.Call, "calls %s, which fails", x.Text)
	if x.LogText != "" {
		s.by(Calls, actorOf(t, x), x.Log, "logs the error with %s", x.LogText)
	}
}

// actorOf is who loses the error: the task, by way of a function that it calls.
func actorOf(t *model.Task, x *model.Loss) Actor {
	if x.Func != "" {
		return Actor{Kind: Task, Name: x.Func}
	}
	return taskOf(t)
}

func lostNil(f *model.FanOut, x *model.Loss) Finding {
	var s steps
	s.starts(f, x.Task)
	s.finds(x.Task, x)
	s.by(Returns, actorOf(x.Task, x), x.At, "returns nil").onto(Group, f.Group.Name)
	s.tell(Loses, groupOf(f.Group), x.At, "%s gives no error; the failure of %s looks like success", f.Group.Join(), x.Text)
	how := "is dropped"
	if x.LogText != "" {
		how = "is only logged"
	}
	return Finding{
		At:      x.At,
		Message: fmt.Sprintf("the error of %s %s and the task returns nil; %s never learns of the failure", x.Text, how, f.Group.Name),
		Steps:   s,
	}
}

func lostEnd(f *model.FanOut, x *model.Loss) Finding {
	var s steps
	s.starts(f, x.Task)
	s.finds(x.Task, x)
	trace := "no trace"
	if x.LogText != "" {
		trace = "no other trace"
	}
	s.by(Returns, actorOf(x.Task, x), x.At, "ends and leaves %s of the error", trace)
	s.by(Loses, spawnerOf(f), f.EveryWait()[0].At, "waits, and has no error to return; the failure of %s looks like success", x.Text)
	how := "dropped"
	if x.LogText != "" {
		how = "only logged"
	}
	return Finding{
		At:      x.Call,
		Message: fmt.Sprintf("the error of %s is %s in a task; %s returns as if it had succeeded", x.Text, how, f.Spawner),
		Steps:   s,
	}
}

func lostUnused(f *model.FanOut, x *model.Loss) Finding {
	var s steps
	s.starts(f, x.Task)
	s.by(Fails, actorOf(x.Task, x), x.Call, "calls %s, which fails, and does not look at its error", x.Text)
	s.by(Loses, actorOf(x.Task, x), x.Call, "goes on as if %s had succeeded; nobody learns of the failure", x.Text)
	return Finding{
		At:      x.At,
		Message: fmt.Sprintf("the error of %s is not looked at in a task; its failure looks like success", x.Text),
		Steps:   s,
	}
}

// gaveUp reports producers whose end by cancellation looks like success.
func gaveUp(f *model.FanOut) []Finding {
	g := f.Group
	if !g.Errors() || !waitedFor(f) || g.HasCtx && g.Undying() || f.AsksEnd() {
		return nil
	}
	var out []Finding
	for _, x := range f.Giveups() {
		use := x.Done.Uses[0]
		if f.Cancelled(use.Ctx) || f.HearsEnd(use.Ctx, x.Ret) {
			continue
		}
		var s steps
		s.starts(f, x.Task)
		s.by(Ends, Actor{Kind: Context, Name: use.Text}, x.Done.At, "ends, because the caller's context does")
		s.by(Skips, taskOf(x.Task), x.Done.At, "takes that case and does not send on %s", x.Send.Text).onto(Channel, x.Send.Text)
		s.by(Returns, taskOf(x.Task), x.Ret.At, "returns nil").onto(Group, g.Name)
		s.tell(Loses, groupOf(g), x.Ret.At, "%s gives no error; what was sent on %s looks complete", g.Join(), x.Send.Text)
		out = append(out, Finding{
			At:      x.Ret.At,
			Message: fmt.Sprintf("the task returns nil when %s ends with items not sent on %s; a cancelled run looks like success", use.Text, x.Send.Text),
			Steps:   s,
		})
	}
	return out
}
