package check

import (
	"fmt"

	"github.com/gatherlint/gatherlint/internal/model"
)

// missedwait where an object is ended and a goroutine of it is not: nothing leads out of the
// loop that it goes round in.

// outlived reports the goroutines that outlive the object which a method ends.
func outlived(h *model.Holder) []Finding {
	var out []Finding
	for _, x := range h.Outlivers {
		who, what := Actor{Kind: Task, Name: x.Name}, x.Name
		if x.Name == "" {
			who.Name, what = "the goroutine", "a goroutine"
		}
		var s steps
		s.by(Starts, Actor{Kind: Spawner, Name: h.Body.Name}, x.Go, "starts %s", what)
		s.by(Returns, Actor{Kind: Other, Name: x.End.Name}, x.End.At, "ends the object, and returns")
		does := "goes round for ever"
		if x.Stopped {
			does = "waits for ever for a tick"
			s.by(Blocks, who, x.Round, "waits here for ever: a ticker that is stopped does not close its channel")
		} else {
			s.by(GoesOn, who, x.Round, "goes round here for ever")
		}
		out = append(out, Finding{
			At:      x.Round,
			Message: fmt.Sprintf("%s %s; %s returns and leaves it behind", who.Name, does, x.End.Name),
			Steps:   s,
		})
	}
	return out
}
