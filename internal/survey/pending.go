package survey

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/source"
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
// looked it up before. Ignored: sends with a lock held, as who leaves may want that first, so
// also those of a map that is looked up in without one, as it may be held already;
// maps whose channels are received from, or closed, where they are looked up; maps that are
// handed on.

// keeping is the map in which an instruction keeps a value.
func keeping(in ssa.Instruction) (kept, v ssa.Value) {
	switch in := in.(type) {
	case *ssa.MapUpdate:
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
		if next, ok := v.(*ssa.Next); ok && part.Index == 2 && !next.IsString {
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

// takesKept reports whether a function looks up in a map what may be a channel, or hold one.
func takesKept(fn *ssa.Function) bool {
	takes := false
	eachInstr(fn, func(in ssa.Instruction) {
		switch in := in.(type) {
		case *ssa.Lookup:
			m, ok := in.X.Type().Underlying().(*types.Map)
			takes = takes || ok && leadsToChan(m.Elem())
		case *ssa.Range:
			m, ok := in.X.Type().Underlying().(*types.Map)
			takes = takes || ok && leadsToChan(m.Elem())
		case *ssa.Call:
			takes = takes || keptIn(in) != nil
		}
	})
	return takes
}

// lookedUpApart reports whether a lock is held where a map is looked up in, so that what is
// done with it given back is done after that; a sync.Map needs none.
func lookedUpApart(kept ssa.Value, fr *flow.Frame) bool {
	at, ok := stored(kept).(*ssa.UnOp)
	return !ok || locked(at, fr)
}

// locked reports whether a lock may be held at an instruction: it, or a call that leads there,
// comes after more locks than are surely given back before.
func locked(at ssa.Instruction, fr *flow.Frame) bool {
	for ; ; at, fr = fr.Site, fr.Caller {
		held := 0
		eachInstr(fr.Fn, func(in ssa.Instruction) {
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

// servedElsewhere reports whether a function receives from a channel that it finds in a map,
// or closes it: so it may be there for who has left.
func (e surveyor) servedElsewhere(kept any) bool {
	return slices.ContainsFunc(e.Funcs, func(fn *ssa.Function) bool {
		if !takesKept(fn) {
			return false
		}
		fr, serves := e.RootFrame(fn), false
		found := func(v ssa.Value) bool {
			got := e.Resolve(v, fr)
			return len(got) == 1 && keptIn(got[0].Val) != nil && e.hub(keptIn(got[0].Val), fr) == kept
		}
		eachInstr(fn, func(in ssa.Instruction) {
			switch in := in.(type) {
			case *ssa.UnOp:
				serves = serves || known.IsChan(in.X.Type()) && found(in.X)
			case *ssa.Select:
				serves = serves || slices.ContainsFunc(in.States, func(s *ssa.SelectState) bool { return s.Dir == types.RecvOnly && found(s.Chan) })
			case ssa.CallInstruction:
				b, ok := in.Common().Value.(*ssa.Builtin)
				serves = serves || ok && b.Name() == "close" && found(in.Common().Args[0])
			}
		})
		return serves
	})
}
