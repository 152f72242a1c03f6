package check

import (
	"fmt"

	"github.com/gatherlint/gatherlint/internal/model"
)

// lostsend where the channel came in a message: whoever has sent the message waits for the
// answer and for something else, and is the only one to receive it.

// unanswered reports the sends of answers that may have nobody to receive them.
func unanswered(h *model.Holder) []Finding {
	var out []Finding
	for _, r := range h.Replies {
		who, by := Actor{Kind: Task, Name: h.Body.Name}, Actor{Kind: Spawner, Name: r.By}
		var s steps
		s.by(Sends, by, r.Asks.At, "sends a message with the channel for the answer").with(r.Asks)
		for _, c := range r.Waits.Cases {
			if c.GivesUp() {
				s.by(Receives, by, c.At, "takes the case of %s", c.Text).Way = Case
				break
			}
		}
		s.by(Blocks, who, r.Send.At, "waits here for ever").with(r.Send)
		out = append(out, Finding{
			At:      r.Send.At,
			Message: fmt.Sprintf("%s blocks for ever sending on %s; %s returns without receiving from it", h.Body.Name, r.Send.Text, r.By),
			Steps:   s,
		})
	}
	return out
}
