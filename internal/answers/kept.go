package answers

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/method"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// Answers to what is kept in a map.
//
//	res := make(chan reply)              c.mu.Lock()
//	c.mu.Lock()                          res := c.pending[id]
//	c.pending[id] = res                  delete(c.pending, id)
//	c.mu.Unlock()                        c.mu.Unlock()
//	...                                  res <- r
//	select {
//	case r := <-res:
//	case <-ctx.Done():
//		return ctx.Err()
//	}
//
// The map is a field. That who leaves takes the channel out again does not help who has
// looked it up before, with a lock held until it has sent too: who leaves waits for the lock then.
// Ignored: sends with a lock held that was taken elsewhere, so also those of a map that is looked
// up in without one, as it may be held already; maps in which others keep channels too, or whose channels are received from, closed or handed
// on where they are looked up; maps that are handed on.

// keeping is the map in which an instruction keeps a value.
func keeping(in ssa.Instruction) (kept, v ssa.Value) {
	switch in := in.(type) {
	case *ssa.MapUpdate:
		if known.IsChan(in.Key.Type()) {
			return in.Map, in.Key
		}
		return in.Map, in.Value
	case *ssa.Call:
		if args := in.Call.Args; known.KeepsInMap(known.FuncName(source.Callee(&in.Call))) && len(args) == 3 {
			if held, ok := args[2].(*ssa.MakeInterface); ok {
				return args[0], held.X
			}
		}
	}
	return nil, nil
}

// keptIn is the map in which a value was looked up, nil if it was not.
func keptIn(v ssa.Value) ssa.Value {
	if part, ok := v.(*ssa.Extract); ok {
		v = part.Tuple
		if next, ok := v.(*ssa.Next); ok && !next.IsString && (part.Index == 2 || part.Index == 1 && known.IsChan(part.Type())) {
			v = next.Iter
		} else if part.Index != 0 {
			return nil
		}
	}
	switch v := v.(type) {
	case *ssa.Lookup:
		return v.X
	case *ssa.Range:
		return v.X
	case *ssa.Call:
		if known.FindsInMap(known.FuncName(source.Callee(&v.Call))) {
			return v.Call.Args[0]
		}
	}
	return nil
}

// tellsFound reports whether a value is constant, or says whether there is something in a map.
func tellsFound(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Const:
		return true
	case *ssa.BinOp:
		return source.IsNil(v.X) || source.IsNil(v.Y)
	case *ssa.Extract:
		return v.Index == 1 && keptIn(v.Tuple) != nil
	}
	return false
}

// takesKept reports whether a function looks up in a map what one of the messages may be kept
// in.
func takesKept(fn *ssa.Function, asks []asking) bool {
	keeps := func(m ssa.Value) bool {
		return slices.ContainsFunc(asks, func(a asking) bool { return a.in == nil || isGeneric(fn) || types.Identical(a.in, m.Type()) })
	}
	takes := false
	method.EachInstr(fn, func(in ssa.Instruction) {
		switch in := in.(type) {
		case *ssa.Lookup:
			takes = takes || keeps(in.X)
		case *ssa.Range:
			takes = takes || keeps(in.X)
		case *ssa.Call:
			kept := keptIn(in)
			takes = takes || kept != nil && keeps(kept)
		}
	})
	return takes
}

// lookedUpApart reports whether a lock is held where a map is looked up in, so that what is
// done with it given back is done after that; a sync.Map needs none.
func lookedUpApart(kept ssa.Value, fr *flow.Frame) bool {
	at, ok := method.Stored(kept).(*ssa.UnOp)
	return !ok || locked(at, fr)
}

// lockAround is the mutex of its object that a method holds from where it looks up in a map until
// it sends, nil if there is none, or who calls it may hold another one.
func lockAround(send *ssa.Send, kept ssa.Value, fr *flow.Frame) *types.Var {
	at, ok := method.Stored(kept).(*ssa.UnOp)
	if !ok || at.Parent() != fr.Fn || fr.Fn.Signature.Recv() == nil || fr.Caller != nil && locked(fr.Site, fr.Caller) {
		return nil
	}
	lock, sure := method.LockAt(send)
	first, surely := method.LockAt(at)
	if !sure || !surely || lock != first || method.HeldField(kept, fr.Fn) == nil {
		return nil
	}
	return lock
}

// locked reports whether a lock may be held at an instruction: it, or a call that leads there,
// comes after more locks than are surely given back before.
func locked(at ssa.Instruction, fr *flow.Frame) bool {
	for ; ; at, fr = fr.Site, fr.Caller {
		held := 0
		method.EachInstr(fr.Fn, func(in ssa.Instruction) {
			call, ok := in.(*ssa.Call)
			if !ok || !source.Dominates(in, at) {
				return
			}
			switch known.RoleOf(known.FuncName(source.Callee(&call.Call))) {
			case known.RoleLock:
				held++
			case known.RoleUnlock:
				held--
			}
		})
		if held > 0 {
			return true
		}
		if fr.Spawned || fr.Caller == nil {
			return false
		}
	}
}

// onlyAnswers reports whether all that is done to the channels of a map is that some of those who
// ask keep them there, and others answer: so nobody else keeps one, receives from it, closes it,
// or gives it or the map away.
func (e finder) onlyAnswers(kept any, asks []asking) bool {
	field, ok := kept.(*types.Var)
	if !ok || field.Exported() {
		return false // who else gets at it is not seen
	}
	touching := e.DoneBy(func(*types.Var, source.Touch) bool { return true }, slices.Values([]*types.Var{field}))
	for _, fn := range e.Funcs {
		if obj, ok := fn.Object().(*types.Func); fn.Parent() != nil || ok && !touching[obj.Origin()] {
			continue
		}
		e.Begin(model.MaxInstrs)
		root := e.RootFrame(fn)
		e.BodyOf(root)
		if e.Full() || e.Shallow(fn) {
			return false // not all that it calls was followed
		}
		for _, fr := range e.Frames(root) {
			w := keptWalk{e: e, fr: fr, kept: kept, asks: asks, answers: true}
			method.EachInstr(fr.Fn, w.look)
			if !w.answers {
				return false
			}
		}
	}
	return true
}

// keptWalk looks at what a function does to a map and to the channels in it.
type keptWalk struct {
	e       finder
	fr      *flow.Frame
	kept    any
	asks    []asking
	answers bool // nothing but that
}

func (w *keptWalk) look(in ssa.Instruction) {
	if f, ok := in.(*ssa.FieldAddr); ok && value.FieldOf(f) != nil && value.FieldOf(f).Origin() == w.kept {
		w.answers = w.answers && !handsOn(f)
	}
	bad := false
	switch in := in.(type) {
	case *ssa.UnOp:
		bad = in.Op == token.ARROW && w.found(in.X)
	case *ssa.Select:
		bad = slices.ContainsFunc(in.States, func(s *ssa.SelectState) bool {
			return s.Dir == types.RecvOnly && w.found(s.Chan) || s.Send != nil && w.found(s.Send)
		})
	case *ssa.Send:
		bad = w.found(in.X)
	case *ssa.Store:
		_, local := in.Addr.(*ssa.Alloc)
		bad = !local && w.found(in.Val)
	case *ssa.Return:
		bad = token.IsExported(w.fr.Fn.Name()) && slices.ContainsFunc(in.Results, w.found)
	case *ssa.MapUpdate, *ssa.Call, *ssa.Defer, *ssa.Go:
		bad = w.givesAway(in)
	}
	w.answers = w.answers && !bad
}

// givesAway reports whether an instruction keeps something in the map that is no question, or
// gives a channel of it to what is not seen.
func (w *keptWalk) givesAway(in ssa.Instruction) bool {
	if m, v := keeping(in); v != nil {
		return w.found(v) || w.e.hub(m, w.fr) == w.kept && !w.asked(v)
	}
	call, ok := in.(ssa.CallInstruction)
	if !ok || call.Common().StaticCallee() != nil && call.Common().StaticCallee().Pkg == w.fr.Fn.Pkg {
		return false
	}
	return slices.ContainsFunc(call.Common().Args, w.found)
}

// asked reports whether all that a value may be are questions, or what callers give that are
// looked at themselves.
func (w *keptWalk) asked(v ssa.Value) bool {
	return !slices.ContainsFunc(w.e.Resolve(v, w.fr), func(s flow.Origin) bool {
		if p, ok := s.Val.(*ssa.Parameter); ok && s.Path == "" && s.Frame.Caller == nil {
			if fn, ok := p.Parent().Object().(*types.Func); ok {
				_, all := w.e.CallsOf(fn)
				return !all
			}
		}
		return !slices.ContainsFunc(w.asks, func(a asking) bool { return a.made == s.Val })
	})
}

// found reports whether a value may be a channel of the map, or what holds one.
func (w *keptWalk) found(v ssa.Value) bool {
	return slices.ContainsFunc(w.e.Resolve(v, w.fr), func(s flow.Origin) bool {
		return s.Val != nil && keptIn(s.Val) != nil && w.e.hub(keptIn(s.Val), s.Frame) == w.kept
	})
}

// handsOn reports whether a map in a field, or a variable, is used for more than to keep and to
// look up.
func handsOn(at ssa.Value) bool {
	return slices.ContainsFunc(*at.Referrers(), func(ref ssa.Instruction) bool {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.Lookup, *ssa.Range, *ssa.BinOp:
			return false
		case *ssa.MapUpdate:
			return ref.Map != at
		case *ssa.UnOp:
			return handsOn(ref)
		case *ssa.Store:
			cell, local := ref.Addr.(*ssa.Alloc)
			return ref.Val == at && (!local || handsOn(cell))
		case ssa.CallInstruction:
			name := known.FuncName(source.Callee(ref.Common()))
			_, builtin := ref.Common().Value.(*ssa.Builtin)
			return !builtin && !known.KeepsInMap(name) && !known.FindsInMap(name) && !known.DropsFromMap(name)
		}
		return true
	})
}
