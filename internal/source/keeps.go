package source

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
)

// Types that gather errors: a method runs the functions that it is given and keeps
// their errors in a field of its receiver, another one gives the field back. Both are
// told by how the error travels, through local variables, captured ones, other errors
// made from it and lists that it is appended to; fields are told apart by their index
// in the receiver's struct.
//
// Ignored: errors kept behind a method of the field (an atomic value, a list with a
// method Add), in maps, and in channels.

// KeepsErrors is the parameter, the receiver not counted, of a method that runs it and
// keeps the error it returns in field of its receiver; -1 if there is none.
func KeepsErrors(m *ssa.Function, field int) int {
	if m.Signature.Recv() == nil {
		return -1
	}
	for i, p := range m.Params[1:] {
		if sig, ok := p.Type().Underlying().(*types.Signature); !ok || !known.ReturnsError(sig) {
			continue
		}
		for _, fn := range withLiterals(m) {
			for _, in := range instrs(fn) {
				if call, ok := in.(*ssa.Call); ok && root(call.Call.Value) == ssa.Value(p) {
					t := &trail{recv: m.Params[0], field: field, seen: map[ssa.Value]bool{}}
					if t.forward(LastResult(call)); t.found {
						return i
					}
				}
			}
		}
	}
	return -1
}

// GivesField is the index of the field of its receiver that the last result of the
// method is read or made from, -1 if there is not exactly one.
func GivesField(m *ssa.Function) int {
	if m.Signature.Recv() == nil || len(m.Params) == 0 {
		return -1
	}
	t := &trail{recv: m.Params[0], field: -1, seen: map[ssa.Value]bool{}}
	for _, ret := range Returns(m) {
		if n := len(ret.Results); n > 0 && !t.backward(ret.Results[n-1]) {
			return -1
		}
	}
	return t.field
}

// GivesKept reports whether the method gives back a field in which another method of
// its type, one of all, keeps the errors of tasks.
func GivesKept(m *ssa.Function, all []*ssa.Function) bool {
	field, recv := GivesField(m), m.Signature.Recv()
	return field >= 0 && slices.ContainsFunc(all, func(fn *ssa.Function) bool {
		r := fn.Signature.Recv()
		return r != nil && types.Identical(r.Type(), recv.Type()) && KeepsErrors(fn, field) >= 0
	})
}

// A trail follows an error to or from a field of recv.
type trail struct {
	recv  ssa.Value
	field int
	seen  map[ssa.Value]bool
	found bool
}

// forward follows v to where it is kept.
func (t *trail) forward(v ssa.Value) {
	if v == nil || t.seen[v] || v.Referrers() == nil {
		return
	}
	t.seen[v] = true
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Val == v {
				t.put(ref.Addr)
			}
		case *ssa.Call:
			if madeFromErrors(&ref.Call) {
				t.forward(LastResult(ref))
			}
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == v {
					t.forward(ref.Fn.(*ssa.Function).FreeVars[i])
				}
			}
		case *ssa.UnOp, *ssa.Slice, *ssa.MakeInterface, *ssa.ChangeInterface, *ssa.ChangeType, *ssa.Phi:
			t.forward(ref.(ssa.Value))
		}
	}
}

// put follows what is stored at addr.
func (t *trail) put(addr ssa.Value) {
	switch addr := addr.(type) {
	case *ssa.FieldAddr:
		// A field of what the receiver's field points to is kept there as well.
		for a := addr; a != nil; {
			t.found = t.found || root(a.X) == t.recv && a.Field == t.field
			ld, ok := a.X.(*ssa.UnOp)
			if !ok {
				return
			}
			a, _ = ld.X.(*ssa.FieldAddr)
		}
	case *ssa.IndexAddr:
		t.forward(addr.X)
	case *ssa.Alloc, *ssa.FreeVar:
		t.forward(addr)
	}
}

// backward follows v to the field that it comes from; false if there are two.
func (t *trail) backward(v ssa.Value) bool {
	if t.seen[v] {
		return true
	}
	t.seen[v] = true
	if f, ok := v.(*ssa.FieldAddr); ok && root(f.X) == t.recv {
		same := t.field < 0 || t.field == f.Field
		t.field = f.Field
		return same
	}
	var from []ssa.Value
	switch v := v.(type) {
	case *ssa.Alloc:
		for _, ref := range *v.Referrers() {
			if st, ok := ref.(*ssa.Store); ok && st.Addr == ssa.Value(v) {
				from = append(from, st.Val)
			}
		}
	case *ssa.Call:
		if madeFromErrors(&v.Call) {
			from = Args(&v.Call)
		}
	case *ssa.UnOp, *ssa.Slice, *ssa.MakeInterface, *ssa.ChangeInterface, *ssa.ChangeType, *ssa.Phi:
		for _, op := range v.(ssa.Instruction).Operands(nil) {
			if *op != nil {
				from = append(from, *op)
			}
		}
	}
	return !slices.ContainsFunc(from, func(x ssa.Value) bool { return !t.backward(x) })
}

// madeFromErrors reports whether the last result of a call is another form of the
// errors that it is given: an error, a list of errors, a type that is an error.
func madeFromErrors(c *ssa.CallCommon) bool {
	res := c.Signature().Results()
	return res.Len() > 0 && known.HoldsErrors(res.At(res.Len()-1).Type())
}

// root is the parameter that v is, whichever literal it is seen from, or v.
func root(v ssa.Value) ssa.Value {
	for range 8 { // literals within literals
		switch x := v.(type) {
		case *ssa.UnOp:
			if x.Op != token.MUL {
				return v
			}
			v = x.X
		case *ssa.FreeVar:
			b := boundTo(x)
			if b == nil {
				return v
			}
			v = b
		case *ssa.Alloc:
			var set ssa.Value
			for _, ref := range *x.Referrers() {
				if st, ok := ref.(*ssa.Store); ok && st.Addr == ssa.Value(x) {
					if set != nil {
						return v
					}
					set = st.Val
				}
			}
			if set == nil {
				return v
			}
			v = set
		default:
			return v
		}
	}
	return v
}

// boundTo is what a literal captures, where it is made in one place.
func boundTo(fv *ssa.FreeVar) ssa.Value {
	lit := fv.Parent()
	if lit.Parent() == nil {
		return nil
	}
	for _, in := range instrs(lit.Parent()) {
		mc, ok := in.(*ssa.MakeClosure)
		if !ok || mc.Fn != ssa.Value(lit) {
			continue
		}
		for i, own := range lit.FreeVars {
			if own == fv {
				return mc.Bindings[i]
			}
		}
	}
	return nil
}

// LastResult is the last result of a call, or the call where it is handed on whole;
// nil if nobody takes it.
func LastResult(call *ssa.Call) ssa.Value {
	n := call.Call.Signature().Results().Len()
	if n < 2 {
		return call
	}
	if call.Referrers() == nil {
		return nil
	}
	for _, ref := range *call.Referrers() {
		if _, ok := ref.(*ssa.Return); ok {
			return call
		}
		if x, ok := ref.(*ssa.Extract); ok && x.Index == n-1 {
			return x
		}
	}
	return nil
}

func instrs(fn *ssa.Function) []ssa.Instruction {
	var out []ssa.Instruction
	for _, b := range fn.Blocks {
		out = append(out, b.Instrs...)
	}
	return out
}

// withLiterals are fn and the literals in it.
func withLiterals(fn *ssa.Function) []*ssa.Function {
	out := []*ssa.Function{fn}
	for _, a := range fn.AnonFuncs {
		out = append(out, withLiterals(a)...)
	}
	return out
}

// OnlySignals reports whether every error of a function is one that it makes itself,
// of no other, when it has just sent something: the error says that there is a result,
// and ends the siblings that look for one.
func OnlySignals(fn *ssa.Function) bool {
	signals := false
	for _, ret := range Returns(fn) {
		if len(ret.Results) == 0 {
			return false
		}
		sends := slices.ContainsFunc(ret.Block().Instrs, func(in ssa.Instruction) bool { _, ok := in.(*ssa.Send); return ok })
		v := ReturnedValue(ret.Results[len(ret.Results)-1], "")
		switch {
		case IsNil(v):
		case !sends || !MadeAlone(v):
			return false
		default:
			signals = true
		}
	}
	return signals
}

// MadeAlone reports whether an error is made there of no other, or is that of a package
// variable.
func MadeAlone(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.UnOp:
		_, ok := v.X.(*ssa.Global)
		return ok
	case *ssa.Call:
		fn := Callee(&v.Call)
		return fn != nil && known.IsError(v.Type()) && known.MakesError(fn.Name()) && !givenError(v)
	}
	return false
}

// givenError reports whether an error is among the arguments of a call, those of a variadic
// one too.
func givenError(call *ssa.Call) bool {
	return slices.ContainsFunc(call.Call.Args, func(arg ssa.Value) bool {
		list, ok := arg.(*ssa.Slice)
		if !ok {
			return known.IsError(arg.Type())
		}
		refs := list.X.Referrers()
		return refs != nil && slices.ContainsFunc(*refs, func(ref ssa.Instruction) bool {
			at, ok := ref.(*ssa.IndexAddr)
			return ok && slices.ContainsFunc(*at.Referrers(), holdsError)
		})
	})
}

// holdsError reports whether an instruction stores an error as a value of any type.
func holdsError(in ssa.Instruction) bool {
	st, ok := in.(*ssa.Store)
	if !ok {
		return false
	}
	as, ok := st.Val.(*ssa.ChangeInterface)
	return ok && known.IsError(as.X.Type())
}
