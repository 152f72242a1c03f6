package source

import (
	"go/types"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/model"
)

// CallOf is the call as a value; deferred calls have none.
func CallOf(in ssa.CallInstruction) *ssa.Call {
	c, _ := in.(*ssa.Call)
	return c
}

// SuccsOf are the blocks that can follow.
func SuccsOf(b *ssa.BasicBlock) []*ssa.BasicBlock { return b.Succs }

// InLoop reports whether b can be executed again after it was.
func InLoop(b *ssa.BasicBlock) bool { return Follows(b, b) }

// Follows reports whether b can be executed after the end of a, a block of the same
// function.
func Follows(a, b *ssa.BasicBlock) bool {
	seen := make([]bool, len(a.Parent().Blocks))
	rest := append([]*ssa.BasicBlock(nil), a.Succs...)
	for len(rest) > 0 {
		x := rest[len(rest)-1]
		rest = rest[:len(rest)-1]
		switch {
		case x == b:
			return true
		case !seen[x.Index]:
			seen[x.Index] = true
			rest = append(rest, x.Succs...)
		}
	}
	return false
}

// OnCycle reports whether a node of a graph can be reached from itself.
func OnCycle[B comparable](b B, succs func(B) []B) bool { return model.Reaches(succs(b), b, succs) }

// Elements are the values stored to the elements of an array.
func Elements(arr *ssa.Alloc) []ssa.Value {
	var out []ssa.Value
	for _, ref := range *arr.Referrers() {
		ia, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		for _, r := range *ia.Referrers() {
			if st, ok := r.(*ssa.Store); ok && st.Addr == ssa.Value(ia) {
				out = append(out, st.Val)
			}
		}
	}
	return out
}

// Returns lists the return statements of fn. The block that a function with
// deferred calls has for a recovered panic is not one.
func Returns(fn *ssa.Function) []*ssa.Return {
	var out []*ssa.Return
	for _, blk := range fn.Blocks {
		if ret, ok := blk.Instrs[len(blk.Instrs)-1].(*ssa.Return); ok && blk != fn.Recover {
			out = append(out, ret)
		}
	}
	return out
}

// Dominates reports whether a is executed before b whenever b is; both are
// instructions of one function.
func Dominates(a, b ssa.Instruction) bool {
	if a.Block() == b.Block() {
		return IndexOf(a.Block(), a) < IndexOf(b.Block(), b)
	}
	return a.Block().Dominates(b.Block())
}

// IsNil reports whether v is the constant nil.
func IsNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

// FieldName is the field that f is the address of.
func FieldName(f *ssa.FieldAddr) string { return StructField(f.X.Type(), f.Field) }

// IsEmbedded reports whether a field can be left out where its methods are called.
func IsEmbedded(f *ssa.FieldAddr) bool {
	v := structField(f.X.Type(), f.Field)
	return v != nil && v.Embedded()
}

// StructField is the name of field i of t, or of what it points to.
func StructField(t types.Type, i int) string {
	if v := structField(t, i); v != nil {
		return v.Name()
	}
	return strconv.Itoa(i)
}

func structField(t types.Type, i int) *types.Var {
	t = types.Unalias(t)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if s, ok := t.Underlying().(*types.Struct); ok && i < s.NumFields() {
		return s.Field(i)
	}
	return nil
}
