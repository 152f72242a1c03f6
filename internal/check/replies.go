package check

import (
	"fmt"

	"github.com/gatherlint/gatherlint/internal/model"
)

// unanswered is lostsend where the channel came in a message, or was kept in a map: whoever has
// done that waits for the answer and for something else, and is the only one to receive it.
func unanswered(h *model.Holder) []Finding {
	var out []Finding
	for _, r := range h.Replies {
		who, by := Actor{Kind: Task, Name: h.Body.Name}, Actor{Kind: Spawner, Name: r.By}
		var s steps
		asks := "sends a message with the channel for the answer"
		if r.Asks.Kind == model.OpSet {
			asks = "keeps the channel for the answer in " + r.Asks.Text
			switch {
			case r.Waits.Kind == model.OpLock:
				asks = "gets a channel that is kept in " + r.Asks.Text
			case r.Held != "":
				asks = "keeps a channel in " + r.Asks.Text
			}
		}
		s.by(Sends, Actor{Kind: Spawner, Name: r.Asker}, r.Asks.At, "%s", asks).with(r.Asks)
		for _, c := range r.Waits.Cases {
			if c.GivesUp() {
				s.by(Receives, by, c.At, "takes the case of %s", c.Text).Way = Case
				break
			}
		}
		with, leaves := "", "returns without receiving from it"
		switch {
		case r.Waits.Kind == model.OpLock:
			s.by(Blocks, by, r.Waits.At, "waits for %s to leave, and receives nothing any more", r.Held).with(r.Waits)
			with, leaves = " with "+r.Held+" held", "waits for the lock and does not receive from it"
		case r.Held != "":
			with, leaves = " with "+r.Held+" held", "leaves without receiving from it" // who wants that first does not return
		}
		s.by(Blocks, who, r.Send.At, "waits here for ever%s", with).with(r.Send)
		out = append(out, Finding{
			At:      r.Send.At,
			Message: fmt.Sprintf("%s blocks for ever sending on %s%s; %s %s", h.Body.Name, r.Send.Text, with, r.By, leaves),
			Steps:   s,
		})
	}
	return out
}
