package check

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// misseddone within one function: it is given a group, counts it down where it comes to its
// end, and returns before that on another way. Who has given it the group waits for the count.

// leavesOwing reports the first return of a function by which it leaves without it.
func leavesOwing(h *model.Holder) []Finding {
	var out []Finding
	var told []*model.Group
	for _, done := range h.Owes {
		if slices.Contains(told, done.Group) {
			continue
		}
		told = append(told, done.Group)
		paths := (&model.Walk{Body: h.Body, Step: func(op *model.Op, stage int, _ *model.Path) (int, model.Verdict) {
			switch {
			case slices.Contains(h.Owes, op) && op.Group == done.Group:
				return stage, model.Cut
			case slices.Contains(h.Early, op):
				return stage, model.Hit
			}
			return stage, model.GoOn
		}}).FindAll()
		if len(paths) == 0 {
			continue
		}
		first := slices.MinFunc(paths, func(x, y *model.Path) int { return cmp.Compare(x.Op().At.Pos, y.Op().At.Pos) })
		at, name := first.Op().At, done.Group.Name
		who := Actor{Kind: Spawner, Name: h.Body.Name}
		var s steps
		s.by(Begins, who, h.Body.At, "is given %s", name).with(done)
		s.decides(who, h.Evidence, first)
		s.by(Returns, who, at, "returns here without %s.Done", name).with(done)
		s.tell(Blocks, Actor{Kind: Group, Name: name}, at, "%s.Wait never returns", name).with(done)
		out = append(out, Finding{At: at, Message: fmt.Sprintf("%s returns without %s.Done; %s.Wait never returns", h.Body.Name, name, name), Steps: s})
	}
	return out
}
