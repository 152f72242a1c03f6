package survey

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/method"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// What was asked under a lock, and is done without it.
//
//	d.mu.Lock()                    d.mu.Lock()
//	if d.closed {                  d.closed = true
//		...                        d.mu.Unlock()
//	}                              close(d.tasks)
//	d.mu.Unlock()
//	d.tasks <- t
//
// The lock, or the atomic flag, says that the two methods run beside each other. What the
// one does when it has given the lock back can come after all that the other does, unless
// that one waits: any call and any wait between the flag and the end is taken for a wait.
// Ignored: objects in parameters, flags behind more than one field, literals, methods whose
// callers all recover.

// An asker is a deed of a method that rests on a flag of its object.
type asker struct {
	fn    *ssa.Function
	flag  *types.Var
	asked ssa.Value // what it has read of it
	needs bool      // the value of the flag with which it comes to the deed
	lock  *types.Var
	of    *types.Var // the field that the deed is done to
	gives ssa.Instruction
	deed  ssa.Instruction
}

// An ender is what a method does when it has set a flag.
type ender struct {
	fn   *ssa.Function
	flag *types.Var
	sets bool
	lock *types.Var
	of   *types.Var
	set  ssa.Instruction
	end  ssa.Instruction
}

// lapses are the deeds that come too late, by method.
func (e surveyor) lapses(u *users) map[*ssa.Function][]*model.Lapse {
	out := map[*ssa.Function][]*model.Lapse{}
	for _, a := range u.askers {
		if obj, ok := a.fn.Object().(*types.Func); ok && e.Recovered(obj) {
			continue
		}
		i := slices.IndexFunc(u.enders, func(z ender) bool {
			return a.fn != z.fn && z.ends(a) && a.of == z.of &&
				(token.IsExported(a.fn.Name()) || token.IsExported(z.fn.Name())) // or one goroutine may run both
		})
		if i < 0 || e.setLater(a.of) {
			continue
		}
		z := u.enders[i]
		l := &model.Lapse{
			Flag: a.flag.Name(), By: source.DisplayName(z.fn), Gives: model.SpanAt(a.gives.Pos()), Deed: e.OpAt(a.fn, a.deed),
			Sets: model.SpanAt(z.set.Pos()), End: e.OpAt(z.fn, z.end),
		}
		if op := e.OpAt(a.fn, a.gives); op != nil {
			l.Gives = op.At
		}
		if a.lock != nil {
			l.Lock = a.lock.Name()
		}
		if l.Deed != nil && l.End != nil {
			out[a.fn] = append(out[a.fn], l)
		}
	}
	return out
}

// flags are what the package's methods do that have asked a flag of their object, and that
// have set one.
func (e surveyor) flags() (askers []asker, enders []ender) {
	isMethod := func(fn *ssa.Function) bool { return fn.Signature.Recv() != nil && fn.Parent() == nil }
	for _, fn := range e.Funcs {
		if isMethod(fn) {
			enders = append(enders, e.ended(fn)...)
		}
	}
	for _, fn := range e.Funcs {
		if len(enders) > 0 && isMethod(fn) {
			askers = append(askers, e.asked(fn)...)
		}
	}
	return askers, enders
}

// ends reports whether what z sets is what a must not find set.
func (z ender) ends(a asker) bool {
	return a.flag == z.flag && a.lock == z.lock && a.needs != z.sets
}

// setLater reports whether a method gives a field another value.
func (e surveyor) setLater(f *types.Var) bool {
	return slices.ContainsFunc(e.Touches(f.Origin()), func(t source.Touch) bool {
		return t.Kind == source.TouchSet
	})
}

// asked are the deeds of a method that rest on a flag which it has asked.
func (e surveyor) asked(fn *ssa.Function) (out []asker) {
	for _, blk := range fn.Blocks {
		for _, in := range blk.Instrs {
			v, ok := in.(ssa.Value)
			if !ok {
				continue
			}
			if method.Stored(v) != v {
				continue
			}
			flag := method.HeldField(v, fn)
			atomic := false
			if callee, of := method.Called(in, fn); callee != nil && of != nil && known.IsAtomic(of.Type()) {
				_, atomic = known.AtomicOp(callee)
				flag = of
			}
			if b, isBool := v.Type().Underlying().(*types.Basic); flag == nil || !isBool || b.Kind() != types.Bool {
				continue
			}
			if lock, sure := method.LockAt(in); sure && atomic == (lock == nil) && !claims(fn, flag) {
				w := &askWalk{e: e, fn: fn, asked: v, a: asker{fn: fn, flag: flag, asked: v, lock: lock}, seen: map[askPoint]bool{}}
				p := askPoint{at: blk}
				if atomic {
					p.gives = in
				}
				w.from(p, source.IndexOf(blk, in)+1)
				out = append(out, w.out...)
			}
		}
	}
	return out
}

// claims reports whether a method sets the flag that it asks, so that others are kept away in
// the meantime, or panics where it has been used in the wrong order.
func claims(fn *ssa.Function, flag *types.Var) bool {
	for _, blk := range fn.Blocks {
		for _, in := range blk.Instrs {
			set, _ := flagSet(in, fn)
			p, panics := in.(*ssa.Panic)
			if set == flag || panics && p.Pos().IsValid() {
				return true
			}
		}
	}
	return false
}

// askWalk follows the ways from where a flag is read.
type askWalk struct {
	e     surveyor
	fn    *ssa.Function
	asked ssa.Value
	a     asker
	seen  map[askPoint]bool
	out   []asker
}

// An askPoint is where a way has come to.
type askPoint struct {
	at     *ssa.BasicBlock
	gives  ssa.Instruction // where the lock has been given back, nil if it is held
	knows  bool            // the flag has been tested
	proves bool            // its value then
}

// from goes on at an instruction of the block.
func (w *askWalk) from(p askPoint, i int) {
	if w.seen[p] && i == 0 {
		return
	}
	w.seen[p] = i == 0
	for _, in := range p.at.Instrs[i:] {
		switch role, _ := method.Locking(in, w.fn); role {
		case known.RoleLock:
			return // it may ask again
		case known.RoleUnlock:
			p.gives = in
		}
		if of := w.e.deedOf(in, w.fn); of != nil && p.gives != nil && p.knows {
			a := w.a
			a.needs, a.of, a.gives, a.deed = p.proves, of, p.gives, in
			if !asksAgain(a) {
				w.out = append(w.out, a)
			}
			return
		}
	}
	yes, known := true, false
	if branch, ok := p.at.Instrs[len(p.at.Instrs)-1].(*ssa.If); ok {
		yes, known = w.tests(branch.Cond)
	}
	for i, next := range p.at.Succs {
		q := p
		q.at = next
		if known {
			if q.proves = yes == (i == 0); p.knows && q.proves != p.proves {
				continue
			}
			q.knows = true
		}
		w.from(q, 0)
	}
}

// asksAgain reports whether a method reads the flag once more when it has done its deed, and may
// take it back.
func asksAgain(a asker) bool {
	for _, blk := range a.fn.Blocks {
		for _, in := range blk.Instrs {
			v, ok := in.(ssa.Value)
			if !ok || !source.Dominates(a.deed, in) {
				continue
			}
			if _, of := method.Called(in, a.fn); of == a.flag || method.HeldField(v, a.fn) == a.flag {
				return true
			}
		}
	}
	return false
}

// tests reports whether a condition is the flag, or its opposite.
func (w *askWalk) tests(cond ssa.Value) (yes, is bool) {
	if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
		return false, method.Stored(not.X) == w.asked
	}
	return true, method.Stored(cond) == w.asked
}

// deedOf is the field of the receiver that an instruction sends on, or counts up.
func (e surveyor) deedOf(in ssa.Instruction, fn *ssa.Function) *types.Var {
	switch in := in.(type) {
	case *ssa.Send:
		return method.HeldField(in.Chan, fn)
	case *ssa.Call:
		if callee, of := method.Called(in, fn); of != nil && e.Groups.Does(callee, model.OpAdd) {
			return of
		}
	}
	return nil
}

// ended are what a method ends when it has set a flag, without a wait before it.
func (e surveyor) ended(fn *ssa.Function) (out []ender) {
	for _, blk := range fn.Blocks {
		for _, in := range blk.Instrs {
			flag, value := flagSet(in, fn)
			if flag == nil {
				continue
			}
			lock, sure := method.LockAt(in)
			if _, plain := in.(*ssa.Store); !sure || plain != (lock != nil) || waitsBefore(in) {
				continue
			}
			z := ender{fn: fn, flag: flag, sets: value, lock: lock, set: in}
			seen := map[*ssa.BasicBlock]bool{}
			var from func(blk *ssa.BasicBlock, i int)
			from = func(blk *ssa.BasicBlock, i int) {
				for _, next := range blk.Instrs[i:] {
					of, waits := e.endOf(next, fn)
					if of != nil {
						z.of, z.end = of, next
						out = append(out, z)
					}
					if waits {
						return
					}
				}
				for _, s := range blk.Succs {
					if !seen[s] && !source.InLoop(s) { // a loop may wait for those who have asked
						seen[s] = true
						from(s, 0)
					}
				}
			}
			from(blk, source.IndexOf(blk, in)+1)
		}
	}
	return out
}

// waitsBefore reports whether a method may have waited, for those who have asked already, when
// it comes to an instruction.
func waitsBefore(at ssa.Instruction) bool {
	fn := at.Parent()
	for _, blk := range fn.Blocks {
		for _, in := range blk.Instrs {
			waits := false
			switch in := in.(type) {
			case *ssa.Select:
				waits = true
			case *ssa.UnOp:
				waits = in.Op == token.ARROW
			case *ssa.Call:
				role, _ := method.Locking(in, fn)
				waits = role == known.RoleLock && source.InLoop(blk) || known.RoleOf(known.FuncName(source.Callee(&in.Call))) == known.RoleCondWait
			}
			if waits && (blk == at.Block() || source.Follows(blk, at.Block())) {
				return true
			}
		}
	}
	return false
}

// flagSet is the flag of the receiver that an instruction sets, and to what.
func flagSet(in ssa.Instruction, fn *ssa.Function) (flag *types.Var, value bool) {
	var v ssa.Value
	switch in := in.(type) {
	case *ssa.Store:
		flag, v = method.OwnField(in.Addr, fn), in.Val
	case *ssa.Call:
		callee, of := method.Called(in, fn)
		if of == nil || !known.IsAtomic(of.Type()) {
			return nil, false
		}
		if _, loads := known.AtomicOp(callee); loads {
			return nil, false
		}
		flag, v = of, in.Call.Args[len(in.Call.Args)-1]
	}
	c, ok := v.(*ssa.Const)
	if flag == nil || !ok || c.Value == nil || c.Value.Kind() != constant.Bool {
		return nil, false
	}
	return flag, constant.BoolVal(c.Value)
}

// endOf is the field of the receiver whose channel an instruction closes, or whose group it
// waits for; waits tells that it may wait for something.
func (e surveyor) endOf(in ssa.Instruction, fn *ssa.Function) (of *types.Var, waits bool) {
	switch in := in.(type) {
	case *ssa.Send, *ssa.Select, *ssa.RunDefers, *ssa.Go, *ssa.Defer:
		return nil, true
	case *ssa.UnOp:
		return nil, in.Op == token.ARROW
	case *ssa.Call:
		if b, ok := in.Call.Value.(*ssa.Builtin); ok {
			if b.Name() == "close" {
				of = method.HeldField(in.Call.Args[0], fn)
			}
			return of, false
		}
		if role, _ := method.Locking(in, fn); role == known.RoleUnlock || known.IsCancelFunc(in.Call.Value.Type()) {
			return nil, false
		}
		if callee, field := method.Called(in, fn); field != nil && e.Groups.Does(callee, model.OpWait) {
			of = field
		}
		return of, true
	}
	return nil, false
}
