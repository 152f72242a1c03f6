package schedule

import (
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/program"
)

// A Blocked is a goroutine that never comes further.
type Blocked struct {
	Task *model.Task // nil for the spawner
	In   *Frame      // where it stands
	Op   *model.Op
	// Choices are the branches that it has taken since its last event.
	Choices []Choice
	// Outside: the end of the caller's context would set it free.
	Outside bool
	// Cause: no other blocked goroutine could have helped it.
	Cause bool
	// Later: it would do itself, further on, what it waits for.
	Later bool
	Proc  int
}

// An Event is one thing that happens in a schedule.
type Event struct {
	Task *model.Task // who does it; nil for the spawner
	Proc int
	In   *Frame     // where; nil for the end of a context
	Op   *model.Op  // what; the case taken, for a select; nil for the end of a task
	Sel  *model.Op  // the select that Op is a case of
	Ends bool       // the task ends
	Fail bool       // it ends with an error
	With int        // the process that it meets, or starts; -1 if there is none
	Ctx  *model.Ctx // the caller's context that ends
	// Choices are the branches that the process has taken since its last event.
	Choices []Choice
}

// A Crash is a schedule that ends in a panic.
type Crash struct {
	Op     *model.Op
	Task   *model.Task
	In     *Frame
	Proc   int
	Events []Event
}

// A Frame is a body that a process runs, and how it came there. Each body of a
// scene has one: it is called at one place only.
type Frame struct {
	Body *model.Body // nil for a task that is not seen
	Up   *Frame      // nil for the body that the process starts in
	Call *model.Op   // by which Up calls it
}

// A Choice is a branch that a process has taken, among those that matter.
type Choice struct {
	In    *Frame
	Block *model.Block
	Way   int // the index of the successor
}

// settledWay is added to the way of a branch, or of the end of a task, that something known
// has settled, in a happening: nothing was assumed then.
const settledWay = 2

// frameOf is the frame of a node.
func (p *player) frameOf(n *program.Node) *Frame { return p.frame(n.Routine) }

func (p *player) frame(r *program.Routine) *Frame {
	f := p.frames[r]
	if f == nil {
		f = &Frame{Body: r.Body}
		p.frames[r] = f
		if r.Up != nil {
			f.Up, f.Call = p.frame(r.Up), p.Nodes[r.Site].Op
		}
	}
	return f
}

// events is the schedule that leads to s, and by process the branches that it has
// taken after its last event.
func (r *run) events(s *state) (out []Event, left map[int][]Choice) {
	var all []happening
	for x := s; x != nil; x = x.from {
		for _, h := range slices.Backward(x.did) {
			all = append(all, h)
		}
	}
	left = map[int][]Choice{}
	for _, h := range slices.Backward(all) {
		if h.proc < 0 {
			out = append(out, Event{Op: h.op, Proc: int(h.proc), With: int(h.with), Ctx: r.World.Objects[h.node].Ctx})
			continue
		}
		n := r.Nodes[h.node]
		if n.Kind == program.Branch {
			left[int(h.proc)] = append(left[int(h.proc)], Choice{r.frameOf(n), n.Block, int(h.with % settledWay)})
			continue
		}
		if n.Kind == program.Event && n.Op.Round {
			continue // the end of a round is the loop's
		}
		e := Event{Op: h.op, Proc: int(h.proc), With: int(h.with), In: r.frameOf(n), Task: r.Roots[s.procs[h.proc].routine].Task, Choices: left[int(h.proc)]}
		delete(left, int(h.proc))
		switch {
		case n.Kind == program.Leave:
			e.Ends, e.Fail, e.With = true, int(h.with%settledWay) == endWay(true), -1
		case n.Op.Kind == model.OpSelect:
			e.Sel = n.Op
		}
		out = append(out, e)
	}
	return out, left
}
