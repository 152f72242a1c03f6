package race

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/order"
	"github.com/gatherlint/gatherlint/internal/value"
)

// Loops that wait for the tasks.

// A joinLoop is a loop as far as it matters for what it waits for.
type joinLoop struct {
	counted bool
	ops     []*model.Op // that hold it up
	past    []int       // the blocks of pastLoop
	body    map[*ssa.BasicBlock]bool
}

// loopsIn lists the loops of a body.
func (x *racer) loopsIn(body *model.Body) []joinLoop {
	if out, ok := x.loops[body]; ok {
		return out
	}
	var out []joinLoop
	fr := x.e.FrameOf[body]
	if fr == nil {
		return nil
	}
	for _, l := range x.e.LoopsOf(fr) {
		j := joinLoop{counted: l.Count != nil, body: l.Body}
		for blk := range l.Body {
			for _, op := range body.Blocks[blk.Index].Ops {
				if x.o.MayAcquire(op) || len(op.Cases) > 0 {
					j.ops = append(j.ops, op)
				}
			}
		}
		for _, blk := range pastLoop(l) {
			j.past = append(j.past, blk.Index)
		}
		out = append(out, j)
	}
	x.loops[body] = out
	return out
}

// joinLoops is the part of a Walk that takes a loop which waits for the tasks, and
// starts none, to have waited for all of them: it runs as often as it has to.
func (x *racer) joinLoops(body *model.Body, start *model.Op, released order.Trail) func(*model.Block, int) int {
	loops := x.loopsIn(body)
	heads := map[int]bool{}
	joins := func(l joinLoop, op *model.Op) bool {
		return x.joins(op, released) || l.counted && slices.ContainsFunc(op.Cases, func(c *model.Op) bool {
			return x.joins(c, released) // of a loop without a count the case that is taken matters
		})
	}
	for _, l := range loops {
		if slices.ContainsFunc(l.ops, func(op *model.Op) bool { return joins(l, op) }) {
			for _, i := range l.past {
				heads[i] = true
			}
		}
	}
	if len(heads) == 0 {
		return func(_ *model.Block, stage int) int { return stage }
	}
	for _, at := range x.starters(body, start) {
		for _, l := range loops {
			if l.body[x.e.FrameOf[body].Fn.Blocks[at.Index]] {
				for _, i := range l.past {
					delete(heads, i)
				}
			}
		}
	}
	return func(blk *model.Block, stage int) int {
		if heads[blk.Index] {
			return 0
		}
		return stage
	}
}

// joinsLater reports whether the spawner surely joins the task after the access: every
// path from there to the end waits for one of the tokens.
func (x *racer) joinsLater(b *access, released *order.TokenSet) bool {
	here, ok := x.o.Within(x.root, b.site())
	if !ok {
		return false
	}
	told := order.Trail{TokenSet: released}
	sure := map[*model.Block]int{} // the last op of the block that joins
	for _, p := range x.o.Acquiring(x.root) {
		op := p.Op()
		if op.Deferred && op.Kind == model.OpWait && x.o.Hears(op, released) && here.DominatedBy(p.Block, p.N) {
			return true
		}
		if !op.Deferred && op.Kind != model.OpSpawn && op.Kind != model.OpSelect && x.o.Hears(op, released) {
			sure[p.Block] = p.N
		}
	}
	if n, ok := sure[here.Block]; ok && n >= here.Before {
		return true
	}
	for _, l := range x.loopsIn(x.root) {
		if slices.ContainsFunc(l.ops, func(op *model.Op) bool { return x.joins(op, told) }) {
			for _, i := range l.past {
				sure[x.root.Blocks[i]] = 0
			}
		}
	}
	ends := func(b *model.Block) bool {
		return slices.ContainsFunc(b.Ops, func(op *model.Op) bool { return op.Kind == model.OpReturn })
	}
	if len(sure) == 0 || ends(here.Block) {
		return false
	}
	next := func(b *model.Block) []*model.Block {
		if _, joined := sure[b]; joined && b != here.Block {
			return nil
		}
		return b.Succs
	}
	for blk := range model.Reached(here.Block.Succs, next) {
		if _, joined := sure[blk]; !joined && ends(blk) {
			return false
		}
	}
	return true
}

// starters are the blocks of the body with an op that executes start.
func (x *racer) starters(body *model.Body, start *model.Op) []*model.Block {
	key := starterKey{body, start}
	out, ok := x.starts[key]
	if ok {
		return out
	}
	for _, blk := range body.Blocks {
		if slices.ContainsFunc(blk.Ops, func(op *model.Op) bool {
			return op.Runs(func(o *model.Op) bool { return o == start })
		}) {
			out = append(out, blk)
		}
	}
	x.starts[key] = out
	return out
}

type starterKey struct {
	body  *model.Body
	start *model.Op
}

// pastLoop is the header of a loop and, where a test before the loop leads past it,
// the block that the test and the loop both lead to.
func pastLoop(l *value.Loop) []*ssa.BasicBlock {
	out := []*ssa.BasicBlock{l.Header}
	for _, before := range l.Header.Preds {
		if l.Body[before] {
			continue
		}
		for _, s := range before.Succs {
			if !l.Body[s] && slices.ContainsFunc(s.Preds, func(p *ssa.BasicBlock) bool { return l.Body[p] }) {
				out = append(out, s)
			}
		}
	}
	return out
}
