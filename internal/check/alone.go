package check

import (
	"fmt"

	"github.com/gatherlint/gatherlint/internal/model"
)

// stuckwait within one function: it works on a channel without a buffer that nobody else has
// yet, whichever way it has come there.

// waitsAlone reports what a function does on channels that only it has.
func waitsAlone(h *model.Holder) []Finding {
	var out []Finding
	for _, op := range h.Alone {
		p := (&model.Walk{Body: h.Body, Step: func(x *model.Op, stage int, _ *model.Path) (int, model.Verdict) {
			if x == op {
				return stage, model.Hit
			}
			return stage, model.GoOn
		}}).Find()
		if p == nil {
			continue
		}
		who := Actor{Kind: Spawner, Name: h.Body.Name}
		var s steps
		s.by(Makes, who, op.Chan.At, "makes %s", op.Chan.Name).onto(Channel, op.Chan.Name)
		s.decides(who, h.Evidence, p)
		s.by(Blocks, who, op.At, "blocks for ever %s", doing(op)).with(op)
		out = append(out, Finding{At: op.At, Message: fmt.Sprintf("%s blocks for ever %s; nobody else has the channel yet", h.Body.Name, doing(op)), Steps: s})
	}
	return out
}

// drainsIdle reports receives from a timer that has fired, or was stopped, and was not set again.
func drainsIdle(h *model.Holder) []Finding {
	var out []Finding
	for _, d := range h.Drains {
		idle, op := d[0], d[1]
		who := Actor{Kind: Spawner, Name: h.Body.Name}
		var s steps
		why := "the timer has fired already"
		if idle.Kind == model.OpStop {
			s.by(Calls, who, idle.At, "calls %s", idle.Text).with(idle)
			why = "the timer was stopped before"
		} else {
			s.by(Receives, who, idle.At, "%s", "receives from "+idle.Text).with(idle)
		}
		s.by(Blocks, who, op.At, "blocks for ever %s", doing(op)).with(op)
		out = append(out, Finding{At: op.At, Message: fmt.Sprintf("%s blocks for ever %s; %s", h.Body.Name, doing(op), why), Steps: s})
	}
	return out
}
