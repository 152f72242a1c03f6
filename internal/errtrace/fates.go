package errtrace

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/source"
)

// What becomes of a value: nothing, a log, or anything else.
//
// A log is told by its signature and its names. It has no result, or one that is
// not used, and the function, its receiver's type or its package is named like a
// logger (log, slog, zap, logr, logrus, klog, debug.Log), or it is called like a
// level (Infof, warnf) and takes a format or anything. What a value is wrapped in
// (fmt.Sprintf, err.Error, slog.Any, WithError) shares its fate. A bool made from
// an error classifies it, which is a trace. testing's Error and Fatal fail the
// test, fmt.Fprint writes where somebody may read: traces.

type fate int8

const (
	fateNone fate = iota
	fateLogged
	fateKept
)

// fateOf follows the uses of v; log is a call that logs it.
func fateOf(v ssa.Value, depth int) (worst fate, log *ssa.Call) {
	refs := v.Referrers()
	if refs == nil {
		return fateNone, nil
	}
	if depth > 8 {
		return fateKept, nil
	}
	for _, ref := range *refs {
		f, l := useFate(v, ref, depth)
		worst = max(worst, f)
		if log == nil {
			log = l
		}
	}
	return worst, log
}

// useFate is what becomes of v by one use.
func useFate(v ssa.Value, ref ssa.Instruction, depth int) (fate, *ssa.Call) {
	switch ref := ref.(type) {
	case *ssa.DebugRef, *ssa.IndexAddr, *ssa.FieldAddr:
		return fateNone, nil
	case *ssa.BinOp:
		switch {
		case isString(v.Type()):
			return fateOf(ref, depth+1)
		case comparesNil(ref):
			return fateNone, nil
		}
		return fateKept, nil
	case *ssa.MakeInterface, *ssa.ChangeInterface, *ssa.ChangeType, *ssa.Convert, *ssa.Slice, *ssa.Extract, *ssa.UnOp:
		return fateOf(ref.(ssa.Value), depth+1)
	case *ssa.Store:
		return stored(ref, v, depth)
	case *ssa.Call:
		return called(ref, depth)
	}
	return fateKept, nil
}

func comparesNil(cmp *ssa.BinOp) bool { return source.IsNil(cmp.Y) }

func isString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// stored is the fate of a value that is put into a variable.
func stored(st *ssa.Store, v ssa.Value, depth int) (fate, *ssa.Call) {
	if st.Val != v {
		return fateNone, nil // it is the address
	}
	addr := st.Addr
	for {
		if ia, ok := addr.(*ssa.IndexAddr); ok {
			addr = ia.X
			continue
		}
		break
	}
	cell, ok := addr.(*ssa.Alloc)
	if !ok {
		return fateKept, nil
	}
	if addr == st.Addr && captured(cell) {
		return fateKept, nil
	}
	return fateOf(cell, depth+1)
}

// called is the fate of a value that a call is given, or called on.
func called(call *ssa.Call, depth int) (fate, *ssa.Call) {
	if source.OnlyLogs(call) {
		return fateLogged, call
	}
	if source.OnlyGrows(call) {
		return fateNone, nil
	}
	res := call.Call.Signature().Results()
	if res.Len() != 1 || isBool(res.At(0).Type()) {
		return fateKept, nil
	}
	if refs := call.Referrers(); refs == nil || len(*refs) == 0 {
		return fateKept, nil // called for what it does
	}
	if !wraps(call) {
		return fateKept, nil
	}
	return fateOf(call, depth+1)
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

// wraps reports whether a call makes another form of what it is given: a string,
// another error, a field or an entry of a log.
func wraps(call *ssa.Call) bool {
	t := call.Call.Signature().Results().At(0).Type()
	return isString(t) || known.IsError(t) || known.IsLogger(t) || known.IsLogPackage(known.PkgPath(staticObj(call)))
}

func staticObj(call *ssa.Call) types.Object {
	if fn := source.Callee(&call.Call); fn != nil {
		return fn
	}
	return nil
}
