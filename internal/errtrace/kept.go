package errtrace

import (
	"cmp"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Results that outlive a failed Wait.
//
// Tasks that can fail write what they have made to a slice, a map or a variable of the
// spawner; where one failed, its part is missing. The spawner waits, has the error in
// hand, and before it asks whether there is one it stores the results where others
// find them: a field or a map of an object that is not its own, a package variable; or
// it calls a function of the package that does. They stay there whatever the error was,
// and look complete.
//
// Results that are only returned are not kept: the error goes with them. Neither are
// those that are stored beside the error.

// KeptResults lists them for the spawner, in source order.
func (e *Tracer) KeptResults(f *model.FanOut) []*model.KeptResult {
	r := &readFinder{e: e, f: f, fr: e.FrameOf[f.Body]}
	if !f.Group.Errors() || r.fr == nil {
		return nil
	}
	r.waits()
	if len(r.joined) == 0 {
		return nil
	}
	k := &resultFinder{readFinder: r, made: map[flow.Origin]*resultPut{}, cells: map[ssa.Value]*resultPut{}}
	k.results()
	if len(k.made) == 0 && len(k.cells) == 0 {
		return nil
	}
	var out []*model.KeptResult
	for _, w := range r.joined {
		out = append(out, k.keptAfter(w)...)
	}
	slices.SortStableFunc(out, func(a, b *model.KeptResult) int { return cmp.Compare(a.Keep.Pos, b.Keep.Pos) })
	return slices.CompactFunc(out, func(a, b *model.KeptResult) bool { return a.Keep == b.Keep })
}

// A resultPut is a write of a result by a task that can fail.
type resultPut struct {
	task *model.Task
	at   model.Span
}

type resultFinder struct {
	*readFinder
	made  map[flow.Origin]*resultPut // slices and maps of the spawner
	cells map[ssa.Value]*resultPut   // variables of the spawner
}

// results finds what failing tasks write.
func (k *resultFinder) results() {
	for _, t := range k.f.Tasks {
		if t.Fails != model.Yes {
			continue
		}
		task := k.e.FrameOf[t.Body]
		k.e.eachInstr(task, func(in ssa.Instruction, fr *flow.Frame) {
			put := &resultPut{t, model.SpanAt(in.Pos())}
			switch in := in.(type) {
			case *ssa.MapUpdate:
				k.into(in.Map, fr, put)
			case *ssa.Store:
				if known.IsError(in.Val.Type()) {
					return
				}
				if ia, ok := slotOf(in.Addr); ok {
					k.into(ia.X, fr, put)
					return
				}
				if v := k.e.sharedCell(in.Addr, fr); v.Cell != nil && v.Frame == k.fr && k.cells[v.Cell] == nil {
					k.cells[v.Cell] = put
				}
			}
		})
	}
}

// into notes a write to an element of the slice or map v.
func (k *resultFinder) into(v ssa.Value, fr *flow.Frame, put *resultPut) {
	for _, s := range k.e.Resolve(v, fr) {
		if s.Frame == k.fr && s.Path == "" && s.Val != nil && k.made[s] == nil {
			switch s.Val.(type) {
			case *ssa.MakeSlice, *ssa.MakeMap:
				k.made[s] = put
			}
		}
	}
}

// keptAfter are the stores of results that come after w and before its error is
// looked at.
func (k *resultFinder) keptAfter(w *ssa.Call) []*model.KeptResult {
	errVal := ssa.Value(w)
	if k.escapes(errVal) {
		return nil
	}
	var out []*model.KeptResult
	seen := map[*ssa.BasicBlock]bool{}
	var visit func(b *ssa.BasicBlock, from int)
	visit = func(b *ssa.BasicBlock, from int) {
		for _, in := range b.Instrs[from:] {
			if x := k.keeps(in); x != nil {
				if put, name := k.isResult(x.val); put != nil && !k.takenBack(x) {
					out = append(out, &model.KeptResult{Task: put.task, Put: put.at, Wait: k.e.Positions.CallSpan(w), Keep: model.SpanAt(in.Pos()), Name: name, In: x.to})
				}
			}
		}
		if cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok && k.looksAt(cond.Cond, w, 0) {
			return
		}
		for _, s := range b.Succs {
			if !seen[s] {
				seen[s] = true
				visit(s, 0)
			}
		}
	}
	visit(w.Block(), source.IndexOf(w.Block(), w)+1)
	return out
}

// takenBack reports whether the spawner sets the same place again, or deletes from
// the same map, by itself or by what it calls: after a failure, say.
func (k *resultFinder) takenBack(x *keeping) bool {
	found := false
	k.e.eachInstr(k.fr, func(in ssa.Instruction, fr *flow.Frame) {
		var at ssa.Value
		switch in := in.(type) {
		case *ssa.Store:
			at = in.Addr
		case *ssa.MapUpdate:
			at = in.Map
		case *ssa.Call:
			if bi, ok := in.Call.Value.(*ssa.Builtin); ok && bi.Name() == "delete" {
				at = in.Call.Args[0]
			}
		}
		found = found || at != nil && in != x.by && k.e.NameIn(at, fr) == x.to
	})
	return found
}

// looksAt reports whether a condition depends on the error of w.
func (k *resultFinder) looksAt(v ssa.Value, w *ssa.Call, depth int) bool {
	if v == ssa.Value(w) || depth > model.MaxPath {
		return true
	}
	if ld, ok := v.(*ssa.UnOp); ok {
		if cell, ok := ld.X.(*ssa.Alloc); ok {
			stores, _ := source.ReachingStores(cell, ld)
			return slices.ContainsFunc(stores, func(st *ssa.Store) bool { return k.looksAt(st.Val, w, depth+1) })
		}
	}
	in, ok := v.(ssa.Instruction)
	if !ok {
		return false
	}
	return slices.ContainsFunc(in.Operands(nil), func(op *ssa.Value) bool { return *op != nil && k.looksAt(*op, w, depth+1) })
}

// escapes reports whether the error is stored or given to others: whoever has it
// can tell that the results are not complete.
func (k *resultFinder) escapes(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.BinOp, *ssa.Return:
		case *ssa.Store:
			cell, ok := ref.Addr.(*ssa.Alloc)
			if !ok && localAddr(ref.Addr) {
				continue // an argument
			}
			if !ok || captured(cell) {
				return true
			}
			for _, use := range *cell.Referrers() {
				if ld, ok := use.(*ssa.UnOp); ok {
					if stores, _ := source.ReachingStores(cell, ld); slices.Contains(stores, ref) && k.escapes(ld) {
						return true
					}
				}
			}
		case *ssa.ChangeInterface:
			if k.escapes(ref) {
				return true
			}
		case *ssa.Call:
			if ref.Call.Signature().Results().Len() != 1 || !wraps(ref) {
				return true
			}
		default:
			return true
		}
	}
	return len(*v.Referrers()) == 0
}

// A keeping is a store that keeps a value beyond the call of the spawner.
type keeping struct {
	val ssa.Value // as the spawner has it
	by  ssa.Instruction
	to  string // the place, in the words of the function that stores
}

// keeps is what in keeps of the spawner's values, by itself or by what it calls; nil if
// nothing.
func (k *resultFinder) keeps(in ssa.Instruction) *keeping {
	call, ok := in.(*ssa.Call)
	if !ok {
		return k.stores(in, k.fr)
	}
	var found *keeping
	for _, arg := range call.Call.Args {
		put, _ := k.isResult(arg)
		for _, fr := range k.fr.Calls() {
			if put == nil || fr.Site != ssa.CallInstruction(call) || fr.Fn.Parent() != nil {
				continue
			}
			k.e.eachInstr(fr, func(in ssa.Instruction, at *flow.Frame) {
				if x := k.stores(in, at); x != nil && found == nil && k.filled(x.val, at) == put {
					found = &keeping{arg, in, x.to}
				}
			})
		}
	}
	return found
}

// stores is what in itself keeps, nil if nothing.
func (k *resultFinder) stores(in ssa.Instruction, fr *flow.Frame) *keeping {
	switch in := in.(type) {
	case *ssa.Store:
		if k.outlives(in.Addr, fr, 0) {
			return &keeping{in.Val, in, k.e.NameIn(in.Addr, fr)}
		}
	case *ssa.MapUpdate:
		if k.outlives(in.Map, fr, 0) {
			return &keeping{in.Value, in, k.e.NameIn(in.Map, fr)}
		}
	}
	return nil
}

// outlives reports whether an address or a map belongs to an object that the spawner
// was given, or to a package variable.
func (k *resultFinder) outlives(addr ssa.Value, fr *flow.Frame, depth int) bool {
	switch a := addr.(type) {
	case *ssa.Global:
		return true
	case *ssa.FieldAddr:
		return k.object(a.X, fr, depth)
	case *ssa.IndexAddr:
		return k.object(a.X, fr, depth)
	case *ssa.UnOp:
		return k.object(a, fr, depth)
	}
	return false
}

// object reports whether v leads to such an object.
func (k *resultFinder) object(v ssa.Value, fr *flow.Frame, depth int) bool {
	if depth > model.MaxPath {
		return false
	}
	switch x := v.(type) {
	case *ssa.Global, *ssa.FieldAddr:
		return k.outlives(v, fr, depth+1)
	case *ssa.UnOp:
		if _, ok := x.X.(*ssa.Alloc); !ok {
			return k.outlives(x.X, fr, depth+1)
		}
	}
	all := k.e.Resolve(v, fr)
	for _, s := range all {
		if _, ok := s.Val.(*ssa.Parameter); !ok {
			return false
		}
	}
	return len(all) > 0
}

// isResult is the write that filled v, and v's name, nil if it is no result of a task.
func (k *resultFinder) isResult(v ssa.Value) (*resultPut, string) {
	ld, ok := v.(*ssa.UnOp)
	if !ok {
		return nil, ""
	}
	if put := k.cells[ld.X]; put != nil {
		return put, k.e.NameOf(ld.X)
	}
	return k.filled(ld, k.fr), k.e.NameOf(ld.X)
}

// filled is the write that filled the slice or map v, nil if it is none of the tasks'.
func (k *resultFinder) filled(v ssa.Value, fr *flow.Frame) *resultPut {
	switch v.Type().Underlying().(type) {
	case *types.Slice, *types.Map:
		for _, s := range k.e.Resolve(v, fr) {
			if put := k.made[s]; put != nil {
				return put
			}
		}
	}
	return nil
}
