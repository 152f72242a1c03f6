package survey

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/alarms"
	"github.com/gatherlint/gatherlint/internal/answers"
	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/relevant"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// holders are the functions that may leave with something taken that is reached from a
// parameter, the receiver or a package variable, and those that acquire places of a
// semaphore. What a function makes itself is judged by its scene, and what a literal of it
// gives back may be given back at any time.
func (e surveyor) holders(r *relevant.Set, u *users) []*model.Holder {
	var out []*model.Holder
	lapses, replies, outlivers := e.lapses(u), answers.Find(e.Builder), e.outlivers(u)
	uneven := sync.OnceValue(e.unevenLocks)
	noted := func(fn *ssa.Function) *model.Holder {
		h := &model.Holder{Alone: e.alone(fn), Drains: alarms.Idle(e.Builder, fn), Lapses: lapses[fn], Replies: replies[fn], Outlivers: outlivers[fn]}
		e.owes(h, fn)
		return h
	}
	for _, fn := range e.Funcs {
		d, ok := fn.Syntax().(*ast.FuncDecl)
		if !ok {
			if h := (&model.Holder{Replies: replies[fn], Drains: alarms.Idle(e.Builder, fn)}); says(h) {
				h.Body = e.BodyOf(e.RootFrame(fn))
				out = append(out, h)
			}
			continue
		}
		if !r.Holders[d] {
			if h := noted(fn); says(h) {
				h.Body = e.BodyOf(e.RootFrame(fn))
				out = append(out, h)
			}
			continue
		}
		e.Begin(model.MaxInstrs)
		anyTime, acquires := slices.ContainsFunc(fn.AnonFuncs, func(lit *ssa.Function) bool { return givesBack(lit) && !startsAtOnce(lit) }), false
		callsBack, plain := false, false
		h := noted(fn)
		h.Body = e.BodyOf(e.RootFrame(fn))
		for _, blk := range h.Body.Blocks {
			for _, op := range blk.Ops {
				if !op.Deferred && !anyTime && e.takesOfOthers(op) && !e.madeGood(fn, op) && !e.isKept(h, op) {
					h.Takes = append(h.Takes, op)
					if op.Kind == model.OpLock && e.unlockedElsewhere(fn, op, uneven()) {
						h.Elsewhere = append(h.Elsewhere, op)
					}
				}
				plain = plain || op.Kind == model.OpLock && op.Lock != nil && op.Lock.Plain
				callsBack = callsBack || op.Into != nil && op.Into.CallsBack()
				if op.Kind == model.OpReturn {
					op.Noted = e.Positions.NoteAt(op.At.Pos)
				}
			}
		}
		for _, b := range h.Body.WithLiterals() {
			model.EachOp(b, func(op *model.Op) bool {
				acquires = acquires || op.Kind == model.OpAcquire && op.Sem != nil
				return !acquires
			})
		}
		if (len(h.Takes) > 0 || says(h) || acquires || callsBack || plain) && !e.Full() {
			out = append(out, h)
		}
	}
	return out
}

// says reports whether there is something to tell of a function besides what it takes.
func says(h *model.Holder) bool {
	return len(h.Alone)+len(h.Drains)+len(h.Owes)+len(h.Lapses)+len(h.Replies)+len(h.Outlivers) > 0
}

// isKept reports whether a comment in the function, or the one that documents it, says that
// what op locks is not unlocked: it often stands over a condition, and speaks of more returns
// than one.
func (e surveyor) isKept(h *model.Holder, op *model.Op) bool {
	in := h.Body.Extent
	line := func(p token.Pos) int { return e.Pass.Fset.Position(p).Line }
	return op.Kind == model.OpLock && slices.ContainsFunc(e.Pass.Files, func(f *ast.File) bool {
		if in.Pos < f.FileStart || f.FileEnd < in.Pos {
			return false
		}
		return slices.ContainsFunc(f.Comments, func(cg *ast.CommentGroup) bool {
			inside := in.Pos <= cg.Pos() && cg.End() <= in.End
			above := cg.End() < in.Pos && line(cg.End())+1 == line(in.Pos)
			return (inside || above) && known.SaysKept(cg.Text())
		})
	})
}

// unlockedElsewhere reports whether others may unlock what an op of a function has locked. Who
// only helps those who lock does so where results can tell whether there is a lock.
func (e surveyor) unlockedElsewhere(fn *ssa.Function, op *model.Op, uneven givers) bool {
	what, from := e.takenFrom(op)
	by := uneven.of(what, fieldOrVar(from))
	return by == anyGiver || by == helpsLocker && fn.Signature.Results().Len() > 0
}

// alone are the ops of a function on channels that nobody else has yet.
func (e surveyor) alone(fn *ssa.Function) []*model.Op {
	makes := func(in ssa.Instruction) bool { _, ok := in.(*ssa.MakeChan); return ok }
	if !slices.ContainsFunc(fn.Blocks, func(blk *ssa.BasicBlock) bool { return slices.ContainsFunc(blk.Instrs, makes) }) {
		return nil
	}
	var out []*model.Op
	fr := e.RootFrame(fn)
	for i, blk := range e.BodyOf(fr).Blocks {
		for k, op := range blk.Ops {
			if op.Kind != model.OpSend && op.Kind != model.OpReceive || op.Deferred || op.Chan == nil {
				continue
			}
			if e.WaitsAlone(fn.Blocks[i].Instrs[e.OpIndex[blk][k]], fr) {
				out = append(out, op)
			}
		}
	}
	return out
}

// owes notes the Done that a function owes whoever gives it a group, and the returns before
// it, unless callers in the package may make up for it, or are judged themselves.
func (e surveyor) owes(h *model.Holder, fn *ssa.Function) {
	owed := value.Owed(fn)
	obj, ok := fn.Object().(*types.Func)
	if len(owed) == 0 || !ok || e.MayMakeGood(obj, known.ACount, "") || e.WaitsBeside(obj) {
		return
	}
	for i, blk := range e.BodyOf(e.RootFrame(fn)).Blocks {
		for k, op := range blk.Ops {
			switch in := fn.Blocks[i].Instrs[e.OpIndex[blk][k]].(type) {
			case *ssa.Call:
				if op.Kind == model.OpDone && op.Group != nil && slices.Contains(owed, in) {
					h.Owes = append(h.Owes, op)
				}
			case *ssa.Return:
				if op.Kind == model.OpReturn && in.Pos().IsValid() && value.LeavesByItself(in) {
					h.Early = append(h.Early, op)
				}
			}
		}
	}
}

// takesOfOthers reports whether an op takes something that comes from elsewhere.
func (e surveyor) takesOfOthers(op *model.Op) bool {
	var key any
	switch {
	case op.Kind == model.OpLock && op.Lock != nil:
		key = op.Lock
	case op.Kind == model.OpAcquire && op.Sem != nil:
		key = op.Sem
	case op.Kind == model.OpAdd && op.Group != nil && op.N != nil && len(op.N.Terms) == 0 && op.N.Const == 1:
		key = op.Group
	case op.Kind == model.OpSend && op.Chan != nil && op.Chan.Token:
		key = op.Chan
	default:
		return false
	}
	from := e.OriginOf[key]
	switch from.Val.(type) {
	case *ssa.Parameter, *ssa.Global:
		return !strings.Contains(from.Path, "[")
	}
	return false
}

// startsAtOnce reports whether all that is done with a literal is a go or defer statement
// of its own: what it gives back is given back from there on.
func startsAtOnce(lit *ssa.Function) bool {
	for _, blk := range lit.Parent().Blocks {
		for _, in := range blk.Instrs {
			var made ssa.Value
			switch in := in.(type) {
			case *ssa.Go:
				made = in.Call.Value
			case *ssa.Defer:
				made = in.Call.Value
			default:
				continue
			}
			if c, ok := made.(*ssa.MakeClosure); ok && c.Fn == lit && len(*c.Referrers()) == 1 || made == ssa.Value(lit) {
				return true
			}
		}
	}
	return false
}

// madeGood reports whether callers of the function in the package may give back what an op
// of it takes.
func (e surveyor) madeGood(fn *ssa.Function, op *model.Op) bool {
	what, from := e.takenFrom(op)
	obj, ok := fn.Object().(*types.Func)
	return ok && (e.MayMakeGood(obj, what, nameOf(from)) || what == known.ACount && e.WaitsAsk(obj, flow.FieldAt(from.Val.Type(), from.Path), op.At.Pos))
}

// takenFrom is what an op takes, and where the object comes from that it takes it of.
func (e surveyor) takenFrom(op *model.Op) (what known.Taking, from flow.Origin) {
	var key any
	switch op.Kind {
	case model.OpLock:
		key, what = op.Lock, known.ALock
		if op.Read {
			what = known.AReadLock
		}
	case model.OpAcquire:
		key, what = op.Sem, known.APlace
	case model.OpAdd:
		key, what = op.Group, known.ACount
	default:
		key, what = op.Chan, known.AChanPlace
	}
	return what, e.OriginOf[key]
}

// nameOf is the name of the field or package variable that an object is held in, "" if it is
// embedded or given as it is.
func nameOf(from flow.Origin) string {
	if v := fieldOrVar(from); v != nil {
		return v.Name()
	}
	return ""
}

// fieldOrVar is the field or package variable that an object is held in, nil likewise.
func fieldOrVar(from flow.Origin) *types.Var {
	if g, ok := from.Val.(*ssa.Global); ok && from.Path == "" {
		v, _ := g.Object().(*types.Var)
		return v
	}
	f := flow.FieldAt(from.Val.Type(), from.Path)
	if f == nil || f.Embedded() {
		return nil
	}
	return f
}

// givesBack reports whether a literal gives back what somebody has taken.
func givesBack(fn *ssa.Function) bool {
	for _, blk := range fn.Blocks {
		for _, in := range blk.Instrs {
			switch in := in.(type) {
			case ssa.CallInstruction:
				if callee := source.Callee(in.Common()); callee != nil {
					if what, takes := known.Takes(callee); what != known.NoTaking && !takes {
						return true
					}
				}
			case *ssa.UnOp:
				if in.Op == token.ARROW {
					return true
				}
			}
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, givesBack)
}
