package check

import (
	"fmt"

	"github.com/gatherlint/gatherlint/internal/model"
)

// closedsend and wgcount within the methods of one object: one of them asks whether the object
// is still open, with a lock that it gives back before it sends or adds; the other says that it
// is not, and closes or waits. All of that can come in between.

// lapsed reports the deeds of one kind that come too late.
func lapsed(h *model.Holder, deed model.OpKind) []Finding {
	var out []Finding
	for _, l := range h.Lapses {
		if l.Deed.Kind == deed {
			out = append(out, lapse(h, l))
		}
	}
	return out
}

func lapse(h *model.Holder, l *model.Lapse) Finding {
	who, by := Actor{Kind: Spawner, Name: h.Body.Name}, Actor{Kind: Other, Name: l.By}
	var s steps
	if l.Lock == "" {
		s.by(Reads, who, l.Gives, "reads %s", l.Flag)
	} else {
		s.by(Gives, who, l.Gives, "has read %s, and unlocks %s", l.Flag, l.Lock)
	}
	s.by(Writes, by, l.Sets, "sets %s", l.Flag)
	if l.Deed.Kind == model.OpAdd {
		g := l.Deed.Group.Name
		s.by(Joins, by, l.End.At, "comes to %s.Wait, which returns if the counter is zero", g).with(l.End)
		s.by(Counts, who, l.Deed.At, "adds now; nobody waits for what it counts").with(l.Deed)
		return Finding{
			At:      l.Deed.At,
			Message: fmt.Sprintf("%s.Add after %s was asked races with %s.Wait of %s; Wait returns before the task is counted", g, l.Flag, g, l.By),
			Steps:   s,
		}
	}
	s.by(Closes, by, l.End.At, "closes %s", l.End.Text).with(l.End)
	s.by(Panics, who, l.Deed.At, "sends on it, and the program panics").with(l.Deed)
	return Finding{
		At:      l.Deed.At,
		Message: fmt.Sprintf("%s sends on %s after %s has closed it; the program panics", h.Body.Name, l.Deed.Text, l.By),
		Steps:   s,
	}
}
