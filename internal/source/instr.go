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

// A CallAfter is a call that code which is not seen makes when a function has
// returned: of a method of what it got. It stands at the return, in no block.
type CallAfter struct {
	*ssa.Return
	Call ssa.CallCommon
}

// Common is the call.
func (c *CallAfter) Common() *ssa.CallCommon { return &c.Call }

// Value is nil: nothing is known of what becomes of the result.
func (c *CallAfter) Value() *ssa.Call { return nil }

// AskedAtOnce reports whether all that is done with the number that a call of len gives is
// to compare it with a constant, for a branch: what a number that is kept says of a channel
// later is not followed.
func AskedAtOnce(site ssa.CallInstruction) bool {
	call, ok := site.(*ssa.Call)
	if !ok {
		return true // nobody has the number
	}
	for _, ref := range *call.Referrers() {
		cmp, ok := ref.(*ssa.BinOp)
		if _, debug := ref.(*ssa.DebugRef); debug {
			continue
		}
		if !ok {
			return false
		}
		_, left := cmp.X.(*ssa.Const)
		if _, right := cmp.Y.(*ssa.Const); !left && !right {
			return false
		}
		for _, use := range *cmp.Referrers() {
			_, branches := use.(*ssa.If)
			if _, debug := use.(*ssa.DebugRef); !branches && !debug {
				return false
			}
		}
	}
	return true
}
