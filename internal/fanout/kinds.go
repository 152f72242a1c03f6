package fanout

import (
	"go/types"
	"strings"
)

// Recognition of types and functions by the package that declares them and
// their name. Vendored copies count as the package itself; look-alike packages
// with a contract of their own do not (see the table of groups).

const (
	errgroupPath  = "golang.org/x/sync/errgroup"
	semaphorePath = "golang.org/x/sync/semaphore"
)

// pkgPath is the import path of the package that declares obj, without a
// vendor prefix; "" for builtins and for nil.
func pkgPath(obj types.Object) string {
	if obj == nil || obj.Pkg() == nil {
		return ""
	}
	path := obj.Pkg().Path()
	if i := strings.LastIndex(path, "/vendor/"); i >= 0 {
		return path[i+len("/vendor/"):]
	}
	return strings.TrimPrefix(path, "vendor/")
}

// funcName names a declared function the way the tables do:
// "context.WithCancel", "(*sync.WaitGroup).Add", "(context.Context).Done".
// The import path is used without a vendor prefix.
func funcName(fn *types.Func) string {
	if fn == nil {
		return ""
	}
	fn = fn.Origin()
	sig := fn.Type().(*types.Signature)
	recv := sig.Recv()
	if recv == nil {
		return pkgPath(fn) + "." + fn.Name()
	}
	t, star := recv.Type(), ""
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t, star = p.Elem(), "*"
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return "(interface)." + fn.Name()
	}
	return "(" + star + pkgPath(named.Obj()) + "." + named.Obj().Name() + ")." + fn.Name()
}

// namedType returns the declared type behind t, through one pointer and aliases.
func namedType(t types.Type) *types.Named {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	named, _ := t.(*types.Named)
	return named
}

// isNamed reports whether t, or what it points to, is the declared type path.name.
func isNamed(t types.Type, path, name string) bool {
	n := namedType(t)
	return n != nil && n.Obj().Name() == name && pkgPath(n.Obj()) == path
}

// A GroupKind says what counts the tasks.
type GroupKind int8

// The kinds of groups.
const (
	Bare      GroupKind = iota // go statements joined by channels, or not at all
	ErrGroup                   // golang.org/x/sync/errgroup.Group
	WaitGroup                  // sync.WaitGroup
	LookAlike                  // another type of the table of groups
)

func (k GroupKind) String() string {
	return [...]string{"bare goroutines", "errgroup.Group", "sync.WaitGroup", "look-alike"}[k]
}

// isContext reports whether t is context.Context, or an interface or struct
// that can stand for one (it has Done and Err).
func isContext(t types.Type) bool {
	if isNamed(t, "context", "Context") {
		return true
	}
	switch types.Unalias(t).(type) {
	case *types.Named, *types.Pointer:
	default:
		return false
	}
	return hasMethod(t, "Done") && hasMethod(t, "Deadline")
}

func hasMethod(t types.Type, name string) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, false, nil, name)
	fn, ok := obj.(*types.Func)
	return ok && fn.Signature().Params().Len() == 0
}

func isChan(t types.Type) bool {
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

func isFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

var errorType = types.Universe.Lookup("error").Type()

func isError(t types.Type) bool { return types.Identical(types.Unalias(t), errorType) }

// returnsChan reports whether a result of sig is a channel: somebody sends on it
// for as long as the call's context lives.
func returnsChan(sig *types.Signature) bool {
	for r := range sig.Results().Variables() {
		if isChan(r.Type()) {
			return true
		}
	}
	return false
}

// returnsError reports whether the last result of sig is an error.
func returnsError(sig *types.Signature) bool {
	n := sig.Results().Len()
	return n > 0 && isError(sig.Results().At(n-1).Type())
}
