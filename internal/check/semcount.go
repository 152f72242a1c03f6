package check

import (
	"fmt"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

var _ = register(&Check{
	Name:   "semcount",
	Family: Leaks,
	Doc: Doc{
		Summary: "a semaphore is released where nothing was acquired: it panics, or lets in more than it has room for",
		What: "The check follows the paths of a function, and of each function literal in it, that acquires places of a `semaphore.Weighted`. It reports a `Release` on a path on which `Acquire` has failed, or of a task that is started on such a path; " +
			"a deferred `Release` that runs although `Acquire` has failed or was never reached; and an `Acquire` whose error is not looked at, followed by `Release`, where its context can end by somebody else's doing.",
		Why: "`Acquire` fails when its context ends, which is when everything is taken, so the path is one that tests do not take. If nobody else holds a place the process ends. If others do, nobody notices that from now on more run than were meant to.",
		Bad: `func pitchAll(ctx context.Context, tents []string) error {
	hammers := semaphore.NewWeighted(4)
	g, gctx := errgroup.WithContext(ctx)
	for _, tent := range tents {
		g.Go(func() error {
			defer hammers.Release(1)
			if err := hammers.Acquire(gctx, 1); err != nil {
				return err
			}
			return raise(gctx, tent)
		})
	}
	return g.Wait()
}`,
		Good: `func pitchEach(ctx context.Context, tents []string) error {
	hammers := semaphore.NewWeighted(4)
	g, gctx := errgroup.WithContext(ctx)
	for _, tent := range tents {
		g.Go(func() error {
			if err := hammers.Acquire(gctx, 1); err != nil {
				return err
			}
			defer hammers.Release(1)
			return raise(gctx, tent)
		})
	}
	return g.Wait()
}`,
		Limits: "Silent where the function gives back before it acquires, as it may have been given a place by its caller, where a literal that acquires or gives back is handed to code that is not seen, " +
			"and where `TryAcquire` is called as well. Only calls with the same number of places are held against each other.",
		Silence: "Write `//gatherlint:ignore semcount REASON` above the line.",
	},
	Hold: func(h *model.Holder) []Finding {
		var out []Finding
		for _, b := range h.Body.WithLiterals() {
			var seen []*model.Op
			for _, blk := range b.Blocks {
				for _, op := range blk.Ops {
					if op.Kind != model.OpAcquire || op.Sem == nil || op.N == nil || op.Deferred ||
						slices.ContainsFunc(seen, func(o *model.Op) bool { return samePlaces(o, op) }) {
						continue
					}
					seen = append(seen, op)
					out = append(out, (&places{body: b, take: op}).overReleased()...)
				}
			}
		}
		return out
	},
})

// samePlaces reports whether two ops are about as many places of one semaphore.
func samePlaces(x, y *model.Op) bool {
	return x.Sem == y.Sem && x.N != nil && y.N != nil && x.N.String() == y.N.String()
}

// places are what a body acquires and gives back of a semaphore, as many at a time as
// take does.
type places struct {
	body *model.Body
	take *model.Op
}

// What a path holds of them. A stage is one of these, and owes is added to it once giving
// back is deferred.
const (
	noPlace     = iota // it has not acquired any, or has given them back
	askedPlace         // it has called Acquire and not looked at the error
	havePlace          // it has
	failedPlace        // Acquire has failed
	owes
)

// overReleased reports where the body first gives back what it does not have.
func (p *places) overReleased() []Finding {
	if p.given() {
		return nil
	}
	path := p.walk(func(op *model.Op, stage int, path *model.Path) bool {
		switch {
		case stage == owes+noPlace && op.Kind == model.OpReturn:
			return onlyFailures(path)
		case stage >= owes && op.Kind == model.OpReturn, stage < owes && !op.Deferred && p.gives(op):
			return p.lacks(stage % owes)
		}
		return false
	}).Find()
	if path == nil {
		return nil
	}
	return []Finding{p.finding(path)}
}

// given reports whether the body gives back, on some path, what it has not asked for.
func (p *places) given() bool {
	return p.walk(func(op *model.Op, stage int, _ *model.Path) bool {
		return stage%owes == noPlace && !op.Deferred && mentions(op, p.take.Sem) && !p.acquires(op)
	}).Find() != nil
}

// walk follows the paths of the body with what they hold; hit says what is looked for.
func (p *places) walk(hit func(op *model.Op, stage int, path *model.Path) bool) *model.Walk {
	return &model.Walk{Body: p.body, Step: func(op *model.Op, stage int, path *model.Path) (int, model.Verdict) {
		has, owed := stage%owes, stage-stage%owes
		switch {
		case hit(op, stage, path):
			return stage, model.Hit
		case p.acquires(op):
			if has == havePlace || has == askedPlace {
				return stage, model.Cut // several times as many
			}
			return owed + askedPlace, model.GoOn
		case !mentions(op, p.take.Sem):
			return stage, model.GoOn
		case !p.gives(op) || has == noPlace && !op.Deferred || owed != 0:
			return stage, model.Cut
		case op.Deferred:
			return owes + has, model.GoOn
		}
		return noPlace, model.GoOn
	}, Branch: func(c *model.Cond, holds bool, stage int, path *model.Path) int {
		of, isNil := path.FoundNil(c, holds)
		switch {
		case of == nil || of != p.take.Gives || stage%owes != askedPlace:
			return stage
		case isNil || !p.canFail():
			return stage - askedPlace + havePlace
		}
		return stage - askedPlace + failedPlace
	}}
}

// acquires reports whether an op acquires the places, for the body itself.
func (p *places) acquires(op *model.Op) bool {
	return op.Kind == model.OpAcquire && !op.Deferred && op.Gives == p.take.Gives
}

// gives reports whether an op gives the places back whenever it is executed: by itself, in
// a function that it calls or defers, or in a task that it starts.
func (p *places) gives(op *model.Op) bool {
	if op.Kind == model.OpRelease {
		return samePlaces(op, p.take)
	}
	into := op.Into
	if op.Task != nil && op.Kind == model.OpSpawn {
		into = op.Task.Body
	}
	if into == nil || len(op.Lits) > 0 {
		return false
	}
	once, others := false, 0
	for i, blk := range into.Blocks {
		for _, o := range blk.Ops {
			switch {
			case !mentions(o, p.take.Sem):
			case i == 0 && o.Kind == model.OpRelease && samePlaces(o, p.take):
				once = true
			default:
				others++
			}
		}
	}
	return once && others == 0
}

// mentions reports whether an op, or what it calls, hands on or starts, works on the
// semaphore.
func mentions(op *model.Op, sem *model.Sem) bool {
	on := func(o *model.Op) bool { return o.Sem == sem }
	if op.Contains(on) {
		return true
	}
	return op.Task != nil && findOp(op.Task.Body, on) != nil
}

// canFail reports whether Acquire is known to be able to fail: its context can end.
func (p *places) canFail() bool {
	return len(p.take.Uses) > 0 && model.CanEnd(p.take.Uses[0].Ctx)
}

// lacks reports whether there is nothing to give back.
func (p *places) lacks(has int) bool {
	unseen := p.take.Result == model.Dropped || p.take.Result == model.Blank || p.take.Result == model.Unread
	return has == failedPlace || has == askedPlace && unseen && p.canFail()
}

// onlyFailures reports whether nothing but what calls return leads a path to where it is.
func onlyFailures(path *model.Path) bool {
	for blk := range path.Ways() {
		if !blk.Cond.Fails {
			return false
		}
	}
	return true
}

func (p *places) finding(path *model.Path) Finding {
	who := Actor{Kind: Spawner, Name: p.body.Name}
	op, name := path.Op(), p.take.Sem.Name
	var s steps
	failed := path.Stage()%owes != noPlace
	if failed {
		s.by(Fails, who, p.take.At, "calls %s, which fails", p.take.Text).with(p.take)
	}
	switch op.Kind {
	case model.OpReturn:
		s.by(Returns, who, op.At, "returns here").with(p.take)
		late := path.Ops(func(o *model.Op) bool { return o.Deferred && mentions(o, p.take.Sem) })
		op = p.release(late[len(late)-1])
		s.by(Gives, who, op.At, "calls %s.Release, which was deferred", name).with(p.take)
	case model.OpSpawn:
		s.by(Starts, who, op.At, "starts %s", startName(op.Task)).onto(Task, taskOf(op.Task).Name)
		who = taskOf(op.Task)
		op = p.release(op)
		s.by(Gives, who, op.At, "calls %s.Release", name).with(p.take)
	default:
		op = p.release(op)
		s.by(Gives, who, op.At, "calls %s.Release", name).with(p.take)
	}
	s.tell(Panics, Actor{Kind: Other, Name: name}, op.At, "%s gets back what was not taken; it panics, or lets in more than it has room for", name)
	why := "has failed"
	if !failed {
		why = "was not reached"
	}
	return Finding{
		At:      op.At,
		Message: fmt.Sprintf("%s.Release is called although %s %s; the semaphore panics, or lets in more than it has room for", name, p.take.Text, why),
		Steps:   s,
	}
}

// release is the Release of an op that gives back: the op, or what it runs.
func (p *places) release(op *model.Op) *model.Op {
	body := op.Into
	if op.Kind == model.OpSpawn {
		body = op.Task.Body
	}
	if op.Kind == model.OpRelease || body == nil {
		return op
	}
	return findOp(body, func(o *model.Op) bool { return o.Kind == model.OpRelease && samePlaces(o, p.take) })
}
