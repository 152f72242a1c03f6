package known

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/internal/model"
)

// ContextParam is the index of fn's first context parameter, the receiver
// counted, or -1.
func ContextParam(fn *types.Func) int {
	sig := fn.Signature()
	i := 0
	if sig.Recv() != nil {
		i++
	}
	for p := range sig.Params().Variables() {
		if IsNamed(p.Type(), "context", "Context") {
			return i
		}
		i++
	}
	return -1
}

// ReturnsContext reports whether a result of fn is a context: its callers need to
// know what it derives from.
func ReturnsContext(fn *types.Func) bool {
	for r := range fn.Signature().Results().Variables() {
		if IsNamed(r.Type(), "context", "Context") {
			return true
		}
	}
	return false
}

// IsStd reports whether the package under analysis is one of std.
// Its functions are described by the table; only its own fan-outs are looked at.
func IsStd(pass *analysis.Pass) bool {
	first, _, _ := strings.Cut(pass.Pkg.Path(), "/")
	if strings.Contains(first, ".") {
		return false
	}
	return pass.Module == nil || pass.Module.Path == "" || pass.Module.Path == "std" || pass.Module.Path == "cmd"
}

// Recognition of types and functions by the package that declares them and
// their name. Vendored copies count as the package itself; look-alike packages
// with a contract of their own do not (see the table of groups).

const (
	errgroupPath  = "golang.org/x/sync/errgroup"
	SemaphorePath = "golang.org/x/sync/semaphore"
)

// PkgPath is the import path of the package that declares obj, without a
// vendor prefix; "" for builtins and for nil.
func PkgPath(obj types.Object) string {
	if obj == nil || obj.Pkg() == nil {
		return ""
	}
	path := obj.Pkg().Path()
	if i := strings.LastIndex(path, "/vendor/"); i >= 0 {
		return path[i+len("/vendor/"):]
	}
	return strings.TrimPrefix(path, "vendor/")
}

// FuncName names a declared function the way the tables do:
// "context.WithCancel", "(*sync.WaitGroup).Add", "(context.Context).Done".
// The import path is used without a vendor prefix.
func FuncName(fn *types.Func) string {
	if fn == nil {
		return ""
	}
	fn = fn.Origin()
	sig := fn.Type().(*types.Signature)
	recv := sig.Recv()
	if recv == nil {
		return PkgPath(fn) + "." + fn.Name()
	}
	t, star := recv.Type(), ""
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t, star = p.Elem(), "*"
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return "(interface)." + fn.Name()
	}
	return "(" + star + PkgPath(named.Obj()) + "." + named.Obj().Name() + ")." + fn.Name()
}

// NamedType returns the declared type behind t, through one pointer and aliases.
func NamedType(t types.Type) *types.Named {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	named, _ := t.(*types.Named)
	return named
}

// IsNamed reports whether t, or what it points to, is the declared type path.name.
func IsNamed(t types.Type, path, name string) bool {
	n := NamedType(t)
	return n != nil && n.Obj().Name() == name && PkgPath(n.Obj()) == path
}

// IsAnswer reports whether t, or what it points to, is what a handler of net/http answers
// with, which ends with the handler.
func IsAnswer(t types.Type) bool { return IsNamed(t, "net/http", "ResponseWriter") }

// IsContext reports whether t is context.Context, or an interface or struct
// that can stand for one (it has Done and Err).
func IsContext(t types.Type) bool {
	if IsNamed(t, "context", "Context") {
		return true
	}
	switch types.Unalias(t).(type) {
	case *types.Named, *types.Pointer:
	default:
		return false
	}
	return HasMethod(t, "Done") && HasMethod(t, "Deadline")
}

// HasMethod reports whether t has a method of this name without parameters.
func HasMethod(t types.Type, name string) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, false, nil, name)
	fn, ok := obj.(*types.Func)
	return ok && fn.Signature().Params().Len() == 0
}

// IsChan reports whether t is a channel.
func IsChan(t types.Type) bool {
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// IsFunc reports whether t is a function.
func IsFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// TakesFunc reports whether a parameter is a function, or a list of functions.
func TakesFunc(sig *types.Signature) bool {
	for p := range sig.Params().Variables() {
		t := p.Type()
		if list, ok := t.Underlying().(interface{ Elem() types.Type }); ok {
			t = list.Elem()
		}
		if IsFunc(t) {
			return true
		}
	}
	return false
}

var errorType = types.Universe.Lookup("error").Type()

// IsError reports whether t is the type error.
func IsError(t types.Type) bool { return types.Identical(types.Unalias(t), errorType) }

// IsErrorInterface reports whether t is an interface that has the methods of error, and
// maybe others.
func IsErrorInterface(t types.Type) bool {
	return types.IsInterface(t) && types.Implements(t, errorType.Underlying().(*types.Interface))
}

// ReturnsChan reports whether a result of sig is a channel: somebody sends on it
// for as long as the call's context lives.
func ReturnsChan(sig *types.Signature) bool {
	for r := range sig.Results().Variables() {
		if IsChan(r.Type()) {
			return true
		}
	}
	return false
}

// ReturnsError reports whether the last result of sig is an error.
func ReturnsError(sig *types.Signature) bool {
	n := sig.Results().Len()
	return n > 0 && IsError(sig.Results().At(n-1).Type())
}

// HoldsGroup reports whether t is a struct, or points to one, that has a group of
// the table as a field.
func HoldsGroup(t types.Type) bool {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range s.Fields() {
		if n := NamedType(f.Type()); n != nil && Group(PkgPath(n.Obj())+"."+n.Obj().Name()) != nil {
			return true
		}
	}
	return false
}

// ContextResult is the index of the first result that is a context, -1 likewise.
func ContextResult(fn *types.Func) int {
	i := 0
	for r := range fn.Signature().Results().Variables() {
		if IsContext(r.Type()) {
			return i
		}
		i++
	}
	return -1
}

// IsCancelFunc reports whether t is what ends a context.
func IsCancelFunc(t types.Type) bool { return IsNamed(t, "context", "CancelFunc") }

// LeadsToChan reports whether what has type t is a channel, or a struct that has one, or a pointer
// to such a struct.
func LeadsToChan(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	for i := 0; ok && i < st.NumFields(); i++ {
		if IsChan(st.Field(i).Type()) {
			return true
		}
	}
	return IsChan(t)
}

// IsTimer reports whether t is a timer or a ticker.
func IsTimer(t types.Type) bool { return IsNamed(t, "time", "Timer") || IsNamed(t, "time", "Ticker") }

// MakesTimer reports whether a function gives a timer that sends on its channel once.
func MakesTimer(fn *types.Func) bool { return FuncName(fn) == "time.NewTimer" }

// SetsTimer reports whether a function has a timer send on its channel once more.
func SetsTimer(fn *types.Func) bool { return FuncName(fn) == "(*time.Timer).Reset" }

// IsTicker reports whether t is a time.Ticker.
func IsTicker(t types.Type) bool { return IsNamed(t, "time", "Ticker") }

// GivesTicks reports whether a function gives the channel of a time.Ticker.
func GivesTicks(name string) bool { return name == "time.Tick" }

// EndsTest reports whether fn, if it ends its goroutine, does so for a test that is over.
func EndsTest(fn *types.Func) bool { return GoexitOf(fn) != GoexitNever && PkgPath(fn) != "runtime" }

// ExitOp reports how a function that never returns ends its caller: the goroutine
// only (a test's Fatal), by a panic, or the process.
func ExitOp(fn *types.Func) model.OpKind {
	switch {
	case GoexitOf(fn) != GoexitNever:
		return model.OpGoexit
	case panicsInLog(fn):
		return model.OpPanic
	}
	return model.OpExit
}

// IsSignal reports whether a message of type t says no more than that it has come, or yes
// and no.
func IsSignal(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Struct:
		return t.NumFields() == 0
	case *types.Basic:
		return t.Kind() == types.Bool
	}
	return false
}
