package check

import (
	"fmt"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/schedule"
)

var _ = register(&Check{
	Name:   "closedsend",
	Family: Leaks,
	OptIn:  true,
	Doc: Doc{
		Summary: "a goroutine sends on a channel that another one has closed, or closes it a second time: the program panics",
		What: "The check explores the orders in which the function and its tasks can run, with few tasks and rounds. It reports a send, or a `close`, that can come after another goroutine has closed the channel: " +
			"mostly the one that closes leaves at an error, by a deferred `close`, while others still send. " +
			"What an object keeps in unexported fields is followed from its constructor over the method that starts goroutines to the one that ends them. " +
			"Of two methods of an object it also reports the send of the one that has asked a flag and does not hold the lock any more, where the other sets the flag and closes the channel at once.",
		Why: "Nobody can recover from a panic in another goroutine: the process ends. It happens when something else has gone wrong already, and only if the timing is right, so tests do not see it.",
		Bad: `func watchAll(planes []string) error {
	seen := make(chan string, len(planes))
	defer close(seen)
	for _, plane := range planes {
		if err := radar(plane); err != nil {
			return err
		}
		go func() {
			seen <- sight(plane)
		}()
	}
	for range planes {
		if err := note(<-seen); err != nil {
			return err
		}
	}
	return nil
}`,
		Good: `func watchEach(planes []string) error {
	seen := make(chan string, len(planes))
	var lookouts sync.WaitGroup
	defer func() {
		lookouts.Wait()
		close(seen)
	}()
	for _, plane := range planes {
		if err := radar(plane); err != nil {
			return err
		}
		lookouts.Go(func() {
			seen <- sight(plane)
		})
	}
	for range planes {
		if err := note(<-seen); err != nil {
			return err
		}
	}
	return nil
}`,
		Limits: "Channels are not judged once other code can reach them. Silent where a condition of which nothing is known leads to the send, such as a flag, " +
			"where both sides take a lock that has no other part in it, where the sender recovers, and where the one that closes waits for something that is not seen. " +
			"Opt-in: too few findings in published code have been read so far to say how often it is right.",
		Silence: "Write `//gatherlint:ignore closedsend REASON` above the line.",
	},
	Play: func(r *schedule.Result) []Finding {
		var out []Finding
		told := map[*model.Chan]bool{}
		for _, x := range r.Crashes {
			if x.Op.Chan == nil || told[x.Op.Chan] {
				continue
			}
			if f, ok := closedSend(r.Scene, x); ok {
				told[x.Op.Chan] = true
				out = append(out, f)
			}
		}
		return out
	},
	Hold: func(h *model.Holder) []Finding { return lapsed(h, model.OpSend) },
})

// closedSend is the finding of a schedule that ends in a panic; ok is false if it does
// not tell who has closed the channel.
func closedSend(scene *model.Scene, x *schedule.Crash) (_ Finding, ok bool) {
	var closing *schedule.Event
	for i := range x.Events {
		if e := &x.Events[i]; e.Op != nil && e.Op.Kind == model.OpClose && e.Op.Chan == x.Op.Chan && e.Proc != x.Proc {
			closing = e
		}
	}
	if closing == nil {
		return Finding{}, false
	}
	l := &leak{scene: scene, stuck: &schedule.Stuck{Events: x.Events}, cause: &schedule.Blocked{Task: x.Task, In: x.In, Op: x.Op, Proc: x.Proc}}
	who := l.actor(x.Task)
	closer := l.beside(closing.Task, who)
	var s steps
	if x.Task != nil {
		l.starts(&s, x.Task, x.Proc)
	}
	if closing.Task != nil && closing.Task != x.Task {
		l.starts(&s, closing.Task, closing.Proc)
	}
	if d := l.deciding(closing.Proc, nil); d != nil {
		s = append(s, l.decided(closer, d).steps...)
	}
	s.calls(closer, closing.In)
	s.tell(Closes, closer, closing.Op.At, "%s closes %s", subject(closer, closing.In), closing.Op.Text).with(closing.Op)
	s.calls(who, x.In)
	deed, does := "sends on", "sends on it, and the program panics"
	if x.Op.Kind == model.OpClose {
		deed, does = "closes", "closes it again, and the program panics"
	}
	s.tell(Panics, who, x.Op.At, "%s %s", subject(who, x.In), does).with(x.Op)
	if closing.Task != nil && closer.Name == who.Name {
		closer.Name = another(closing.Task) // it starts elsewhere, which a message does not say
	}
	return Finding{
		At:      x.Op.At,
		Message: fmt.Sprintf("%s %s %s after %s has closed it; the program panics", subject(who, x.In), deed, x.Op.Text, subject(closer, closing.In)),
		Steps:   s,
	}, true
}
