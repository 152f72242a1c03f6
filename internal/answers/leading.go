package answers

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/method"
)

// Which functions can lead to the send of an answer: the others need no model.

// sendsAnswer reports whether a function sends what one of the messages waits for, or what
// depends on type parameters.
func sendsAnswer(fn *ssa.Function, asks []asking) bool {
	sends := false
	method.EachInstr(fn, func(in ssa.Instruction) {
		if send, ok := in.(*ssa.Send); ok {
			of := elemOf(send.Chan)
			sends = sends || of == nil || slices.ContainsFunc(asks, func(a asking) bool { return a.of == nil || types.Identical(a.of, of) })
		}
	})
	return sends
}

// elemOf is what a channel is for, nil if that depends on type parameters.
func elemOf(ch ssa.Value) types.Type {
	if t, ok := ch.Type().Underlying().(*types.Chan); ok && typeOf(ch) != nil {
		return t.Elem()
	}
	return nil
}

// typeOf is the type of a value, nil if it may depend on type parameters.
func typeOf(v ssa.Value) types.Type {
	if isGeneric(v.Parent()) {
		return nil
	}
	return v.Type()
}

// isGeneric reports whether a function, or the one around it, has type parameters.
func isGeneric(fn *ssa.Function) bool {
	return fn != nil && (fn.TypeParams().Len() > 0 || len(fn.TypeArgs()) > 0 || isGeneric(fn.Parent()))
}

// leading are the functions that are such, or may come to run one: whoever mentions one or
// has it as a literal, calls a method of its name through an interface, or calls any function
// value.
func leading(all []*ssa.Function, such func(*ssa.Function) bool) map[*ssa.Function]bool {
	out, methods := map[*ssa.Function]bool{}, map[string]bool{}
	var ops [10]*ssa.Value
	leads := func(in ssa.Instruction) bool {
		if call, ok := in.(ssa.CallInstruction); ok {
			c := call.Common()
			_, builtin := c.Value.(*ssa.Builtin)
			if c.IsInvoke() && methods[c.Method.Name()] || !c.IsInvoke() && !builtin && c.StaticCallee() == nil {
				return true
			}
		}
		return slices.ContainsFunc(in.Operands(ops[:0]), func(v *ssa.Value) bool {
			fn, ok := (*v).(*ssa.Function)
			return ok && (out[fn] || out[fn.Origin()] || fn.Synthetic != "" && fn.Object() != nil && methods[fn.Object().Name()])
		})
	}
	for grown := true; grown; {
		grown = false
		for _, fn := range all {
			reaches := func(blk *ssa.BasicBlock) bool { return len(out) > 0 && slices.ContainsFunc(blk.Instrs, leads) }
			if out[fn] || !such(fn) && !slices.ContainsFunc(fn.AnonFuncs, func(lit *ssa.Function) bool { return out[lit] }) && !slices.ContainsFunc(fn.Blocks, reaches) {
				continue
			}
			out[fn], grown = true, true
			if fn.Signature.Recv() != nil {
				methods[fn.Name()] = true
			}
		}
	}
	return out
}
