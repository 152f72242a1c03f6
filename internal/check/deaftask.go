package check

import (
	"fmt"

	"github.com/gatherlint/gatherlint/internal/schedule"
)

var _ = register(&Check{
	Name:   "deaftask",
	Family: Cancellation,
	Doc: Doc{
		Summary: "a task waits without watching the group's context, so when a sibling fails it stays blocked or goes on polling, and holds up `Wait`",
		What: "The check explores the orders in which the function and its tasks can run, with few tasks and rounds. It reports a send, receive or range in a task of an `errgroup.WithContext` group that nobody serves any more " +
			"once a sibling has failed. The group's context is cancelled at that moment; the task does not look at it. " +
			"It also reports a `time.Sleep`, or a receive from a timer or ticker, in a loop that has no limit and in which nothing can hear that the group has failed, " +
			"and a call with the group's context in a loop, with a pause or without, that goes round again when the call fails.",
		Why: "The failure that should end the work early makes it hang instead, and the error is never seen.",
		Bad: `func observe(ctx context.Context, stars []string) error {
	frames := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(frames)
		for _, star := range stars {
			frames <- star
		}
		return nil
	})
	g.Go(func() error {
		for frame := range frames {
			if err := develop(gctx, frame); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}`,
		Good: `func observeAll(ctx context.Context, stars []string) error {
	frames := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(frames)
		for _, star := range stars {
			select {
			case frames <- star:
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	g.Go(func() error {
		for frame := range frames {
			if err := develop(gctx, frame); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}`,
		Limits: "Channels are not judged once other code can reach them, nor those whose capacity is not known. A task that watches the parent context is `parentctx`'s business. " +
			"Sleeping loops are silent when they count, look at the clock, go through data, use another channel or a context that is not known, or when another goroutine can tell them to stop: by a flag, under a lock, or by closing what they use. " +
			"A loop that calls with the group's context is reported only where it asks whether the call has failed, and cannot be left while it does. " +
			"What a `sync.Cond` waits for is not modelled.",
		Silence: "Write `//gatherlint:ignore deaftask REASON` above the line.",
	},
	Run: deafLoops,
	Play: func(r *schedule.Result) []Finding {
		var out []Finding
		for _, l := range leaksOf(r, deaf) {
			out = append(out, l.deafTask())
		}
		return out
	},
})

func (l *leak) deafTask() Finding {
	b := l.cause
	g := b.Task.Spawn.Group
	s := l.schedule(2)
	l.blocks(&s, b)
	s.tell(Blocks, l.actor(l.wait.Task), l.wait.Op.At, "%s never returns", g.Join()).onto(Group, g.Name)
	return Finding{
		At:      b.Op.At,
		Message: fmt.Sprintf("%s blocks %s without watching %s; %s never returns when a sibling fails", subject(l.actor(b.Task), b.In), doing(b.Op), derived(g), g.Join()),
		Steps:   s,
	}
}
