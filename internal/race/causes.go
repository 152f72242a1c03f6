package race

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/order"
)

// The cause of a context is memory: a task that cancels with an error writes it, and
// context.Cause reads it. It is locked, so the two do not race; but a spawner that keeps
// what it has read before the join, and never reads it again, has read too early.
//
// Left out: causes read in loops or only compared, and where the spawner has asked
// whether the context has ended.

// causes looks for causes that the goroutine writes and the spawner reads too early.
func (x *racer) causes(i int) {
	who := x.o.Actors[i]
	start := x.started[who.Chain[0].Spawn]
	if start == nil {
		return
	}
	for _, op := range order.OpsOf(who.Body) {
		p := x.o.PlaceOf(op)
		if op.Kind != model.OpCancel || !op.Cause || p.Body == nil {
			continue
		}
		a := &access{Access: model.Access{Write: true, At: op.At, Body: p.Body}, block: p.Block, before: p.N}
		told := order.Trail{TokenSet: x.o.TokensAfter(who, a.site(), order.ToSpawner), Outside: true}
		read := x.onlyCauseRead(op.Ctx)
		if read == nil {
			continue
		}
		stage, early := x.afterStart(a, told, nil, start, nil).called[read]
		if !early {
			continue
		}
		a.Name = "the cause of " + read.Uses[0].Text
		other := model.Access{Name: a.Name, At: read.At, Body: x.root}
		x.found = append(x.found, ownedRace{&model.Race{Name: a.Name, Task: who.Task, Started: start, First: &a.Access, Other: &other, Waited: stage == runsOn}, who.Chain[0], placeKey{path: a.Name}})
		return
	}
}

// onlyCauseRead is the call by which the spawner reads the cause of one of the contexts,
// if there is one, its result is kept, and nothing before it asks for the end.
func (x *racer) onlyCauseRead(ctxs []*model.Ctx) *model.Op {
	about := func(c *model.Ctx) bool { return slices.Contains(ctxs, c) }
	var read *model.Op
	for _, blk := range x.root.Blocks {
		for _, op := range blk.Ops {
			if op.Kind == model.OpCtxErr && slices.ContainsFunc(op.Ctx, about) {
				return nil
			}
			if !isCauseRead(op) || !slices.ContainsFunc(op.Uses[0].Ctx, about) {
				continue
			}
			if read != nil || op.Deferred || len(blk.Loops) > 0 {
				return nil
			}
			read = op
		}
	}
	if read == nil {
		return nil
	}
	if v, ok := x.o.Instr(read).(ssa.Value); !ok || !isKept(v) {
		return nil
	}
	return read
}

func isCauseRead(op *model.Op) bool { return len(op.Uses) == 1 && op.Uses[0].Kind == model.UseCause }

// isKept reports whether a value is more than compared, by itself or in the variable
// that it is stored to.
func isKept(v ssa.Value) bool {
	return slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
		switch ref := ref.(type) {
		case *ssa.BinOp, *ssa.DebugRef:
			return false
		case *ssa.Store:
			a, local := ref.Addr.(*ssa.Alloc)
			if !local || a.Heap {
				return true
			}
			return slices.ContainsFunc(*a.Referrers(), func(use ssa.Instruction) bool {
				ld, ok := use.(*ssa.UnOp)
				return ok && isKept(ld)
			})
		}
		return true
	})
}
