package check

import (
	"fmt"
	"strings"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/schedule"
)

var _ = register(&Check{
	Name:   "lostsend",
	Family: Leaks,
	Doc: Doc{
		Summary: "a task blocks for ever on a channel, because the function that started it has left",
		What: "The check explores the orders in which the function and its tasks can run, with few tasks and rounds. It reports a send, receive or range that a task never gets past once the function has returned: " +
			"at the first error, on a timeout, at the end of a context, out of a loop; where several returns do that, the steps name each. " +
			"What an object keeps in unexported fields is followed from its constructor over the method that starts goroutines to the one that ends them. " +
			"Nothing comes on the channel of a timer or ticker once it is stopped. A channel without room that is sent in a message for the answer, or kept in a map for it, at once or by methods that do that, is followed from the method that may leave without it to the one that sends it; also if that one holds a lock, which who leaves may want. So is one that an object gives to its clients and keeps in a map or a list, where it sends to all of them with a lock held that the method by which one of them leaves takes first.",
		Why: "The goroutine, and all that it refers to, stays in memory until the process ends. One request leaks little; a server leaks until it is killed.",
		Bad: `func renewAll(ctx context.Context, titles []string) error {
	errs := make(chan error)
	for _, title := range titles {
		go func() { errs <- renew(ctx, title) }()
	}
	for range titles {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}`,
		Good: `func renewEach(ctx context.Context, titles []string) error {
	errs := make(chan error, len(titles))
	for _, title := range titles {
		go func() { errs <- renew(ctx, title) }()
	}
	for range titles {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}`,
		Limits: "Channels are not judged once other code can reach them (returned, stored, passed to a function whose body is not seen), nor those whose capacity is not known. " +
			"Of an object, what other methods may do at any time counts as help, and a path that depends on the object's state proves nothing. " +
			"Silent when the end of the caller's context sets the task free, and at returns with which the process ends: those of `main`, of a command's function, and of what only these call. " +
			"What these call outside of loops leaves no more than a few goroutines behind in the life of a process, whatever comes after: that is reported only with `-checks=default,lostsend`, or `all`.",
		Silence: "Write `//gatherlint:ignore lostsend REASON` above the line.",
	},
	Play: func(r *schedule.Result) []Finding {
		if r.Scene.Once {
			return nil
		}
		return lostSends(r)
	},
	// What is left behind once in a process does not add up.
	AskedPlay: func(r *schedule.Result) []Finding {
		if r.Scene.Once {
			return lostSends(r)
		}
		return nil
	},
	Hold: func(h *model.Holder) []Finding { return unanswered(h) },
})

func lostSends(r *schedule.Result) []Finding {
	var out []Finding
	for _, l := range leaksOf(r, leftBehind) {
		out = append(out, l.tellAll(r, (*leak).lostSend))
	}
	return out
}

func (l *leak) lostSend() Finding {
	b := l.cause
	s := l.schedule(1)
	l.stays(&s, l.actor(b.Task), b)
	why := fmt.Sprintf("%s returns without %s", l.whoLeft(), leftOut(b.Op))
	if b.Op.Chan != nil && b.Op.Chan.Stops {
		why = noPartner(b.Op)
	}
	return Finding{
		At:      b.Op.At,
		Message: fmt.Sprintf("%s blocks for ever %s; %s", subject(l.actor(b.Task), b.In), doing(b.Op), why),
		Steps:   s,
		Fixes:   l.room(),
	}
}

// whoLeft is the spawner, unless only another task would have set the blocked one
// free. In the life of an object it is who ends it.
func (l *leak) whoLeft() string {
	want := partner(l.cause.Op)
	for _, e := range l.stuck.Events {
		if t := e.Task; t != nil && e.Ends && len(l.scene.Parts) == 0 && findOp(t.Body, want) != nil && findOp(l.scene.Body, want) == nil {
			if t != l.cause.Task && t.What != "function literal" {
				return t.What
			}
			return another(t)
		}
	}
	return l.scene.Spawner
}

// leftOut is what the other side would have had to do.
func leftOut(op *model.Op) string {
	if len(op.Uses) == 1 && op.Uses[0].Kind == model.UseDone {
		return "cancelling " + op.Uses[0].Text
	}
	switch op.Kind {
	case model.OpSend:
		return "receiving from it"
	case model.OpReceive:
		return "sending on it or closing it"
	case model.OpRange:
		return "closing it"
	}
	var parts []string
	for _, c := range op.Cases {
		if c.Chan != nil && !c.Chan.Fills {
			parts = append(parts, strings.Replace(leftOut(c), "it", c.Text, 1))
		}
	}
	if len(parts) != 1 {
		return "serving any of them"
	}
	return parts[0]
}
