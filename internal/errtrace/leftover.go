package errtrace

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Errors left in a buffer while another ready case lets the spawner succeed.
//
// A task leaves its error in a channel that has room for it, and then the news goes
// round that the tasks are done: the task closes or sends on a second channel, or a
// goroutine does that has waited for the tasks. A spawner that selects between the
// two finds both ready, and the runtime picks either. If it returns nil in the case
// of the news without another look at the first channel, the error is lost by chance.
//
// A way that comes back to the select, or uses the channel of errors again, is one
// that looks.

// Leftovers lists them for the spawner, in source order.
func (e *Tracer) Leftovers(f *model.FanOut) []*model.Leftover {
	r := e.putsOf(f)
	if r == nil {
		return nil
	}
	var out []*model.Leftover
	var nils *nilness
	for _, blk := range r.fr.Fn.Blocks {
		for _, in := range blk.Instrs {
			sel, ok := in.(*ssa.Select)
			if !ok || !sel.Blocking {
				continue
			}
			if nils == nil {
				nils = nilnessOf(r.fr.Fn)
			}
			if x := r.leftover(sel, nils); x != nil {
				out = append(out, x)
			}
		}
	}
	return out
}

// putsOf looks for what tasks put where a spawner that returns an error may find it; nil
// if that is nothing.
func (e *Tracer) putsOf(f *model.FanOut) *readFinder {
	r := &readFinder{e: e, f: f, fr: e.FrameOf[f.Body]}
	if !f.ReturnsError || r.fr == nil {
		return nil
	}
	if r.puts = r.allPuts(); len(r.puts) == 0 {
		return nil
	}
	return r
}

// leftover judges one select.
func (r *readFinder) leftover(sel *ssa.Select, nils *nilness) *model.Leftover {
	from, ok := r.takenFrom(sel)
	if !ok || len(from) != 1 || r.puts[from[0]] == nil || !hasRoom(from[0].Val) {
		return nil
	}
	put := r.puts[from[0]]
	for i, st := range sel.States {
		if st.Send != nil || r.isFrom(st.Chan, from[0], r.fr) {
			continue
		}
		told := r.toldDone(st.Chan, put)
		way := caseBlock(sel, i)
		if !told.IsValid() || way == nil {
			continue
		}
		if ret := r.returnsNil(way, sel, from[0], nils); ret != nil {
			return &model.Leftover{
				Task: put.task, Put: put.at, Done: model.SpanAt(told), Case: r.e.OpSpan(st.Pos, r.fr),
				Name: r.name(sel), News: r.e.NameOf(st.Chan), Ret: r.e.returnSpan(ret),
			}
		}
	}
	return nil
}

// hasRoom reports whether a channel is made with a buffer.
func hasRoom(v ssa.Value) bool {
	mk, ok := v.(*ssa.MakeChan)
	if !ok {
		return false
	}
	c, ok := mk.Size.(*ssa.Const)
	return !ok || c.Int64() > 0
}

// isFrom reports whether v is the object s and nothing else.
func (r *readFinder) isFrom(v ssa.Value, s flow.Origin, fr *flow.Frame) bool {
	all := r.e.Resolve(v, fr)
	return len(all) == 1 && all[0] == s
}

// caseBlock is where the select goes on when case i was taken, nil if it is not known.
func caseBlock(sel *ssa.Select, i int) *ssa.BasicBlock {
	for _, ref := range *sel.Referrers() {
		ext, ok := ref.(*ssa.Extract)
		if !ok || ext.Index != 0 {
			continue
		}
		for _, use := range *ext.Referrers() {
			cmp, ok := use.(*ssa.BinOp)
			if !ok || cmp.Op != token.EQL {
				continue
			}
			k, ok := cmp.Y.(*ssa.Const)
			cond, isIf := cmp.Block().Instrs[len(cmp.Block().Instrs)-1].(*ssa.If)
			if ok && isIf && cond.Cond == ssa.Value(cmp) && k.Int64() == int64(i) {
				return cmp.Block().Succs[0]
			}
		}
	}
	return nil
}

// toldDone is where the news is spread on ch that the task has put its error, invalid
// if it is not known that it has by then.
func (r *readFinder) toldDone(ch ssa.Value, put *errorPut) token.Pos {
	all := r.e.Resolve(ch, r.fr)
	if len(all) != 1 {
		return token.NoPos
	}
	if _, made := all[0].Val.(*ssa.MakeChan); !made || r.puts[all[0]] != nil {
		return token.NoPos
	}
	if !put.task.InLoop {
		if at := r.tells(r.e.FrameOf[put.task.Body], all[0], put.in); at.IsValid() {
			return at
		}
	}
	if r.f.Group.Kind == model.Bare {
		return token.NoPos
	}
	for _, c := range r.fr.Calls() {
		if !c.Spawned {
			continue
		}
		for _, blk := range c.Fn.Blocks {
			for _, in := range blk.Instrs {
				if call, ok := in.(*ssa.Call); ok && r.waitsFor(call, c) {
					if at := r.tells(c, all[0], in); at.IsValid() {
						return at
					}
				}
			}
		}
	}
	return token.NoPos
}

// waitsFor reports whether the call waits for the group of the fan-out.
func (r *readFinder) waitsFor(call *ssa.Call, fr *flow.Frame) bool {
	if _, m, ok := r.e.Groups.Method(source.Callee(&call.Call)); !ok || m.Does != model.OpWait {
		return false
	}
	s := r.e.Resolve(source.Args(&call.Call)[0], fr)
	return len(s) == 1 && !s[0].IsZero() && r.e.GroupOf(s[0]) == r.f.Group
}

// tells is where the function of fr, having executed after, closes or sends on the
// channel; invalid if it does not.
func (r *readFinder) tells(fr *flow.Frame, ch flow.Origin, after ssa.Instruction) token.Pos {
	if fr == nil || after.Parent() != fr.Fn {
		return token.NoPos
	}
	for _, blk := range fr.Fn.Blocks {
		for _, in := range blk.Instrs {
			var on ssa.Value
			deferred := false
			switch in := in.(type) {
			case *ssa.Send:
				on = in.Chan
			case *ssa.Call:
				on = closes(&in.Call)
			case *ssa.Defer:
				on, deferred = closes(&in.Call), true
			}
			if on == nil || !r.isFrom(on, ch, fr) {
				continue
			}
			later := model.Reaches([]*ssa.BasicBlock{after.Block()}, blk, source.SuccsOf) && (blk != after.Block() || source.Dominates(after, in))
			if deferred || later && !source.Follows(blk, after.Block()) {
				return in.Pos()
			}
		}
	}
	return token.NoPos
}

// closes is the channel that a call closes, nil if it is no such call.
func closes(c *ssa.CallCommon) ssa.Value {
	if b, ok := c.Value.(*ssa.Builtin); ok && b.Name() == "close" {
		return c.Args[0]
	}
	return nil
}

// returnsNil is a return of nil that follows from b, if no way from there comes back
// to the select or uses the channel.
func (r *readFinder) returnsNil(b *ssa.BasicBlock, sel *ssa.Select, ch flow.Origin, nils *nilness) *ssa.Return {
	var found *ssa.Return
	reached := map[*ssa.BasicBlock]bool{}
	todo := []*ssa.BasicBlock{b}
	for len(todo) > 0 {
		b := todo[0]
		todo = todo[1:]
		if reached[b] {
			continue
		}
		reached[b] = true
		if b == sel.Block() {
			return nil
		}
		for _, in := range b.Instrs {
			if r.usesChan(in, ch) {
				return nil
			}
		}
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && found == nil && nils.reaches(b) {
			n := len(ret.Results)
			if n > 0 && known.IsError(ret.Results[n-1].Type()) && nils.gives(ret) == beNil {
				found = ret
			}
		}
		todo = append(todo, nils.next(b)...)
	}
	return found
}

// usesChan reports whether in works with the channel, or can: a call that is given it,
// a literal that holds it.
func (r *readFinder) usesChan(in ssa.Instruction, ch flow.Origin) bool {
	for _, op := range in.Operands(nil) {
		if *op == nil {
			continue
		}
		t := (*op).Type().Underlying()
		if p, ok := t.(*types.Pointer); ok {
			t = p.Elem().Underlying()
		}
		if _, ok := t.(*types.Chan); !ok {
			continue
		}
		for _, s := range r.e.Resolve(*op, r.fr) {
			if s == ch || s.Val == nil {
				return true
			}
		}
	}
	return false
}
