package program

import (
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// Calls and returns in a slice.

// class is the node that stands for all that do the same as id for whoever asks:
// a return whose results nobody wants is like the end of its routine, and returns
// that certainly give the same are alike.
func (s *slicer) class(id int) int {
	if id < 0 {
		return id
	}
	n := s.Nodes[id]
	if n.Kind != Event || n.Op.Kind != model.OpReturn {
		return id
	}
	r := n.Routine
	if r.Wants == nil || r.Late {
		return r.Exit
	}
	text := ""
	for i := range n.Op.Rets {
		if !r.Wants.Has(i) {
			continue
		}
		if s.fixed[id] == nil || s.fixed[id][i] == Unknown {
			return id
		}
		text += string(rune('a' + s.fixed[id][i]))
	}
	k := alike{r, text}
	if first, ok := s.alikes[k]; ok {
		return first
	}
	s.alikes[k] = id
	return id
}

// earlier is the one of two nodes alike that is told: a return rather than the end
// of its routine, and the first one in the source.
func (s *slicer) earlier(a, b int) int {
	switch {
	case s.Nodes[a].Kind == Leave:
		return b
	case s.Nodes[b].Kind == Leave:
		return a
	}
	return min(a, b)
}

// tells reports whether a branch only follows which case of a select was taken,
// which costs nothing, so that it need not be left out.
func (s *slicer) tells(n *Node) bool {
	if n.Block.Cond == nil || n.Block.Cond.Taken == nil {
		return false
	}
	id, ok := s.selects[n.Block.Cond.Taken]
	return ok && s.keep[id]
}

// alike is a set of returns of a routine that give the same.
type alike struct {
	r    *Routine
	text string
}

// follows decides whether a call is played step by step: it does something that
// matters, or more is asked of its results than whether it has failed. If nothing
// but that is asked, it is one step: see Outcome.
func (s *slicer) follows(r *Routine) {
	if s.onward(r.Entry) != r.Exit || r.Wants != nil && !s.onlyFails(r) {
		s.inline[r], s.grown = true, true
	}
}

// onlyFails reports whether all that is asked of a call is if it has failed, and
// that does not depend on whether a context has ended.
func (s *slicer) onlyFails(r *Routine) bool {
	if !returnsError(r.Body) || s.asksContext(r.Body, map[*model.Body]bool{}) {
		return false
	}
	last := -1
	for _, b := range r.Body.Blocks {
		for _, op := range b.Ops {
			if op.Kind == model.OpReturn {
				last = len(op.Rets) - 1
			}
		}
	}
	for i := range last {
		if r.Wants.Has(i) {
			return false
		}
	}
	return true
}

// asksContext reports whether a body, or one that it calls, asks for the error of
// a context.
func (s *slicer) asksContext(b *model.Body, seen map[*model.Body]bool) bool {
	if b == nil || seen[b] {
		return false
	}
	seen[b] = true
	for _, blk := range b.Blocks {
		if c := blk.Cond; c != nil && (aboutContext(c.X) || aboutContext(c.Y)) {
			return true
		}
		for _, op := range blk.Ops {
			if aboutContext(op.Val) || slices.ContainsFunc(op.Rets, aboutContext) || s.asksContext(op.Into, seen) {
				return true
			}
		}
	}
	return false
}

func aboutContext(t *model.Term) bool {
	return t != nil && (len(t.CtxErr) > 0 || slices.ContainsFunc(t.Wraps, aboutContext))
}
