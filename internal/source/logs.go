package source

import (
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
)

// OnlyLogs reports whether a call writes to a log and does nothing else.
func OnlyLogs(call *ssa.Call) bool {
	if refs := call.Referrers(); refs != nil && len(*refs) > 0 {
		return false
	}
	fn := Callee(&call.Call)
	if fn == nil {
		return known.IsPrintfLike(call.Call.Signature()) && known.IsLogLevelName(calleeName(call))
	}
	if known.PrintsTo(fn) {
		return toTerminal(Args(&call.Call)[0])
	}
	return known.WritesLog(fn)
}

// toTerminal reports whether a writer is one of the process's own streams.
func toTerminal(w ssa.Value) bool {
	if mi, ok := w.(*ssa.MakeInterface); ok {
		w = mi.X
	}
	ld, ok := w.(*ssa.UnOp)
	if !ok {
		return false
	}
	g, ok := ld.X.(*ssa.Global)
	return ok && known.IsTerminalName(g.Name())
}

// calleeName is the name of the variable, field or parameter that holds the
// function called.
func calleeName(call *ssa.Call) string {
	switch v := call.Call.Value.(type) {
	case *ssa.UnOp:
		switch x := v.X.(type) {
		case *ssa.Alloc:
			return x.Comment
		case *ssa.FreeVar:
			return x.Name()
		case *ssa.Global:
			return x.Name()
		case *ssa.FieldAddr:
			return FieldName(x)
		}
	case *ssa.Parameter:
		return v.Name()
	}
	return ""
}
