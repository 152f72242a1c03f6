package check

import (
	"fmt"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/schedule"
)

var _ = register(&Check{
	Name:   "misseddone",
	Family: Leaks,
	Doc: Doc{
		Summary: "a path leaves without the Done, close or Unlock that somebody else waits for",
		What: "The check explores the orders in which the function and its tasks can run, with few tasks and rounds. It reports the return, panic or Goexit by which a goroutine leaves before it has come to a `Done`, `close` or `Unlock` of its own " +
			"for which a `Wait`, a range or a `Lock` elsewhere waits. " +
			"It also reports a function that takes a lock, a place or a count of an object that lives on, and returns an error before it gives it back, or starts the goroutine that does; one that leaves with a lock by a return with the same result as those without it; a round of a loop that is given up, for the next one, with what it has taken; and one that is given a WaitGroup to count down, and returns before it does.",
		Why: "Whoever waits hangs for ever. The path is mostly the one that is taken on an error, so tests do not see it.",
		Bad: `func deliverAll(parcels []string) {
	var wg sync.WaitGroup
	for _, parcel := range parcels {
		wg.Add(1)
		go func() {
			if err := stamp(parcel); err != nil {
				return
			}
			record(parcel)
			wg.Done()
		}()
	}
	wg.Wait()
}`,
		Good: `func deliverEach(parcels []string) {
	var wg sync.WaitGroup
	for _, parcel := range parcels {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := stamp(parcel); err != nil {
				return
			}
			record(parcel)
		}()
	}
	wg.Wait()
}`,
		Limits: "Channels and groups are not judged once other code can reach them, nor locks that it can reach. Panics count only where they are written and recovered. " +
			"A function that leaves with a lock where its results tell so does it on purpose, as does one that tells no error and whose lock others unlock, and one that says why, in a comment at the return that names what it keeps (`mu` of `d.mu`), or in any of its comments that it does not unlock.",
		Silence: "Write `//gatherlint:ignore misseddone REASON` above the line.",
	},
	Play: func(r *schedule.Result) []Finding {
		var out []Finding
		for _, l := range leaksOf(r, skipped) {
			out = append(out, l.tellAll(r, (*leak).missedDone))
		}
		return out
	},
	Hold: func(h *model.Holder) []Finding { return append(leavesHolding(h), leavesOwing(h)...) },
})

func (l *leak) missedDone() Finding {
	who := l.actor(l.left.Task)
	at, in := l.left.Op, l.left.In
	var why steps
	if d := l.deciding(l.left.Proc, l.missed.Like); d != nil {
		for _, came := range l.cameBy(who, l.left.Proc, d) {
			why = came.steps
		}
		why = append(why, l.decided(who, d).steps...)
		if op := d.leaves(); op != nil {
			at, in = op, d.In
		}
	}
	var s steps
	l.starts(&s, l.left.Task, l.left.Proc)
	s.calls(who, in)
	s = append(s, why...)
	span, how := l.missed.At, "ends"
	if at != nil {
		span = at.At
		switch at.Kind {
		case model.OpReturn:
			how = "returns"
		case model.OpPanic:
			how = "panics"
		}
	}
	name := subject(who, in)
	s.tell(Returns, who, span, "%s %s here without %s", name, how, l.undone()).with(l.missed)
	l.stays(&s, l.beside(l.cause.Task, who), l.cause)
	return Finding{
		At:      span,
		Message: fmt.Sprintf("%s %s without %s; %s", name, how, l.undone(), l.waitsForever()),
		Steps:   s,
		Fixes:   l.deferIt(),
	}
}

// undone names the op that was not reached.
func (l *leak) undone() string {
	op := l.missed
	switch op.Kind {
	case model.OpDone:
		return op.Group.Name + "." + op.Group.Contract.Methods(model.OpDone)[0]
	case model.OpClose:
		return "closing " + op.Text
	case model.OpReceive:
		return "receiving from " + op.Text
	case model.OpRelease:
		return op.Sem.Name + ".Release"
	}
	if op.Read {
		return op.Lock.Name + ".RUnlock"
	}
	return op.Lock.Name + ".Unlock"
}

func (l *leak) waitsForever() string {
	op := l.cause.Op
	if op.Kind == model.OpWait {
		return op.Group.Join() + " never returns"
	}
	who := l.beside(l.cause.Task, l.actor(l.left.Task))
	if l.cause.Task != nil && who.Name == l.actor(l.left.Task).Name {
		who.Name = another(l.cause.Task) // it starts elsewhere, which a message does not say
	}
	return fmt.Sprintf("%s blocks for ever %s", subject(who, l.cause.In), doing(op))
}
