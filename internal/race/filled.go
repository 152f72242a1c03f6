package race

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/order"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Places that are set once: "if x == nil { x = ... }" writes nothing where x has been
// set on the path before the goroutine was started.
//
// Errors and booleans are left out: that they are nil or false is what they are as a
// rule, and a store before says nothing. What else is stored before is taken not to be
// empty, unless it is an empty constant.

// A filling is where the spawner sets a place.
type filling struct {
	marks map[*access]bool // its own stores, false for one of an empty constant
	calls map[*model.Op]bool
}

// filling is where the spawner sets the place that the access of the goroutine sets only
// if it finds it empty; nil for all other accesses.
func (x *racer) filling(who *order.Actor, a *access) *filling {
	if !a.Write || !x.fillsEmpty(who, a) {
		return nil
	}
	key := placeKey{a.root, a.path}
	if f, ok := x.fillings[key]; ok {
		return f
	}
	f := &filling{map[*access]bool{}, map[*model.Op]bool{}}
	x.fillings[key] = f
	for _, b := range x.byActor[x.o.Actors[0]] {
		if !b.Write || b.born || b.memory != a.memory {
			continue
		}
		if b.Body == x.root {
			f.marks[b] = !storesEmpty(b.in)
		} else if at, ok := x.o.Within(x.root, b.site()); ok && !at.Deferred {
			f.calls[at.Op] = true
		}
	}
	return f
}

// fillsEmpty reports whether the goroutine comes to the access only if it has found the
// place to be empty.
func (x *racer) fillsEmpty(who *order.Actor, a *access) bool {
	st, ok := a.in.(*ssa.Store)
	if !ok || known.IsError(st.Val.Type()) {
		return false
	}
	if b, ok := st.Val.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsBoolean != 0 {
		return false
	}
	top := x.e.FrameOf[who.Body]
	for in, fr := a.in, a.where; in != nil && fr != nil; in, fr = fr.Site, fr.Caller {
		for blk := in.Block(); blk != nil; blk = blk.Idom() {
			if x.foundEmpty(blk, fr, a.memory) {
				return true
			}
		}
		if fr == top {
			return false
		}
	}
	return false
}

// foundEmpty reports whether the block is only reached where the place was found empty
// at the end of the one that dominates it.
func (x *racer) foundEmpty(blk *ssa.BasicBlock, fr *flow.Frame, p memory) bool {
	d := blk.Idom()
	if d == nil {
		return false
	}
	branch, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
	if !ok {
		return false
	}
	cond, ok := branch.Cond.(*ssa.BinOp)
	if !ok || !isEmpty(cond.Y) || cond.Op != token.EQL && cond.Op != token.NEQ {
		return false
	}
	empty := d.Succs[0]
	if cond.Op == token.NEQ {
		empty = d.Succs[1]
	}
	ld, ok := cond.X.(*ssa.UnOp)
	if !ok || ld.Op != token.MUL || len(empty.Preds) != 1 || !empty.Dominates(blk) {
		return false
	}
	asked, ok := x.e.placeOf(ld.X, fr)
	return ok && asked == p
}

// storesEmpty reports whether the instruction stores an empty constant.
func storesEmpty(in ssa.Instruction) bool {
	st, ok := in.(*ssa.Store)
	return ok && isEmpty(st.Val)
}

// isEmpty reports whether v is the constant zero, "" or nil.
func isEmpty(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && (source.IsNil(v) || c.Value != nil && (c.Value.ExactString() == `""` || c.Value.ExactString() == "0"))
}

// sets reports whether the op sets the place.
func (f *filling) sets(op *model.Op) bool { return f != nil && !op.Deferred && f.calls[op] }

// marked is the part of a Walk that notices that the spawner sets the place, before
// the goroutine that would do so was started; next is asked for all else.
func (f *filling) marked(next func(model.Mark, int, *model.Path) (int, model.Verdict)) func(model.Mark, int, *model.Path) (int, model.Verdict) {
	if f == nil {
		return next
	}
	return func(m model.Mark, stage int, p *model.Path) (int, model.Verdict) {
		if full, sets := f.marks[m.(*access)]; sets && (stage == notStarted || stage == filled) {
			if full {
				return filled, model.GoOn
			}
			return notStarted, model.GoOn
		}
		return next(m, stage, p)
	}
}
