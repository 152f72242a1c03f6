package survey

import (
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/build"
	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/model"
)

// owners adds the literals that run as goroutines of the scene, below which an object
// is made that the scene is not sure of: seen from the goroutine it may be certain. A
// goroutine that is started in a loop has a lock for itself, and from its own start
// less of the depth of calls is spent.
func (e surveyor) owners(s *model.Scene, root *flow.Frame, owner map[*ssa.Function]*model.Scene) {
	note := func(object any, escapes string) {
		if escapes == "" || !build.IsMade(e.OriginOf[object], root) {
			return
		}
		for fr := e.OriginOf[object].Frame; fr != nil && fr != root; fr = fr.Caller {
			if fr.Spawned && fr.Fn.Parent() != nil {
				owner[fr.Fn] = s
			}
		}
	}
	for _, c := range s.Chans {
		if c.Local {
			note(c, c.Escapes)
		}
	}
	for _, g := range s.Groups {
		note(g, g.Escapes)
	}
	for _, l := range s.Locks {
		note(l, l.Escapes)
	}
	for _, m := range s.Sems {
		note(m, m.Escapes)
	}
}
