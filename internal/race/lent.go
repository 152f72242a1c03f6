package race

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Literals that are lent to a function which runs them in its tasks: what they capture
// belongs to whoever lends them, and who starts the tasks knows nothing of it.

// Lent lists the fan-out as it is seen from the functions of the package that lend a
// literal to its spawner, in source order.
func (e *Finder) Lent(f *model.FanOut) []*model.FanOut {
	fr := e.FrameOf[f.Body]
	if fr == nil || fr.Caller != nil || !known.TakesFunc(fr.Fn.Signature) {
		return nil
	}
	var out []*model.FanOut
	for _, by := range e.lenders()[fr.Fn] {
		e.Begin(model.MaxInstrs)
		body := e.BodyOf(e.RootFrame(by))
		x := *f
		x.Spawner, x.At, x.Extent = source.DisplayName(by), source.NameSpan(by), source.Extent(by)
		x.Body, x.Test, x.Tasks = body, e.InTest(by), nil
		model.EachOp(body, func(op *model.Op) bool {
			started := func(t *model.Task) bool { return op.Task != nil && t.At == op.Task.At }
			if op.Kind == model.OpSpawn && slices.ContainsFunc(f.Tasks, started) {
				x.Tasks = append(x.Tasks, op.Task)
			}
			return true
		})
		if len(x.Tasks) > 0 {
			out = append(out, &x)
		}
	}
	return out
}

// lenders are the functions with literals that call another one of the package which is
// given functions, by that.
func (e *Finder) lenders() map[*ssa.Function][]*ssa.Function {
	if e.lending != nil {
		return e.lending
	}
	e.lending = map[*ssa.Function][]*ssa.Function{}
	for _, fn := range e.Funcs {
		if len(fn.AnonFuncs) == 0 {
			continue
		}
		for _, blk := range fn.Blocks {
			for _, in := range blk.Instrs {
				call, ok := in.(*ssa.Call)
				if !ok || call.Call.StaticCallee() == nil {
					continue
				}
				to := call.Call.StaticCallee()
				if to.Origin() != nil {
					to = to.Origin()
				}
				if known.TakesFunc(to.Signature) && !slices.Contains(e.lending[to], fn) {
					e.lending[to] = append(e.lending[to], fn)
				}
			}
		}
	}
	return e.lending
}
