package analyzer

import (
	"go/token"
	"slices"
	"strings"

	"github.com/gatherlint/gatherlint/internal/check"
	"github.com/gatherlint/gatherlint/internal/model"
)

// What is found in functions by themselves, whoever calls them: one that leaves with something
// taken, one that works alone on what it makes, one whose goroutine outlives its object.

// holdersAt are these functions, by the places of their names.
func holdersAt(p *model.Package) map[token.Pos]*model.Holder {
	out := map[token.Pos]*model.Holder{}
	for _, h := range p.Holders {
		out[h.Body.At.Pos] = h
	}
	return out
}

// alone is the title of what a function does by itself, with the names of what it works on.
func alone(h *model.Holder) string {
	ops := slices.Concat(h.Takes, h.Alone, h.Owes)
	for _, l := range h.Lapses {
		ops = append(ops, l.Deed)
	}
	for _, r := range h.Replies {
		ops = append(ops, r.Send)
	}
	var names []string
	for _, op := range ops {
		if name := check.ObjectName(op); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	title := h.Body.Name + " starts no task"
	model.EachOp(h.Body, func(op *model.Op) bool {
		if op.Kind == model.OpSpawn {
			title = h.Body.Name + ", apart from its tasks"
		}
		return true
	})
	if len(names) > 0 {
		title += "; it works with " + strings.Join(names, " and ")
	}
	return title
}

// holder explains a function that leaves with something taken; there are no sections if
// nothing is found in it.
func (x *explainer) holder(h *model.Holder) *Explanation {
	out := &Explanation{
		Spawner: h.Body.Name, At: x.spot(h.Body.At.Pos), Title: alone(h),
		Source: x.extents([]model.Span{h.Body.Extent}), Called: []Extent{},
	}
	verdicts, _ := x.foundIn(h)
	out.section(verdictTitle, verdicts)
	return out
}

// foundIn is what the checks find in a function by itself, and which find something; h may
// be nil.
func (x *explainer) foundIn(h *model.Holder) (verdicts []Item, by map[string]bool) {
	by = map[string]bool{}
	for _, c := range x.checks {
		if c.Hold == nil || h == nil {
			continue
		}
		for _, fd := range c.Hold(h) {
			verdicts, by[c.Name] = append(verdicts, Item{Text: c.Name + ": " + fd.Message, At: x.spot(fd.At.Pos)}), true
		}
	}
	return verdicts, by
}
