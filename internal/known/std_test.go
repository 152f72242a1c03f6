package known

import (
	"context"
	"errors"
	"go/importer"
	"go/types"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
	"golang.org/x/tools/go/packages"

	"github.com/gatherlint/gatherlint/internal/model"
)

// Every name in the table is a function of the real package, and its signature
// is one that its role can have.
func TestTable(t *testing.T) {
	pkgs := realPackages(t)
	for name, r := range table {
		fn := lookup(pkgs, name)
		if fn == nil {
			t.Errorf("%s does not exist", name)
			continue
		}
		if got := FuncName(fn); got != name {
			t.Errorf("%s is named %s by funcName", name, got)
		}
		if !fits(r, fn.Signature()) {
			t.Errorf("%s: role %d does not fit %s", name, r, fn.Signature())
		}
	}
}

// What is told by a name alone is told of functions that exist.
func TestStandardNames(t *testing.T) {
	fills := func(path string) func(string) bool {
		return func(name string) bool { got, ok := Fills(name); return ok && got == path }
	}
	derives := func(what model.Derivation) func(string) bool {
		return func(name string) bool { return Derives(name) == what }
	}
	for _, row := range []struct {
		what string
		is   func(string) bool
		name []string
	}{
		{"adds a cancel function", derives(model.AddsCancel), []string{"context.WithCancel", "context.WithCancelCause", "os/signal.NotifyContext"}},
		{"adds a deadline", derives(model.AddsDeadline), []string{"context.WithTimeout", "context.WithTimeoutCause", "context.WithDeadline", "context.WithDeadlineCause"}},
		{"adds a value", derives(model.AddsValue), []string{"context.WithValue"}},
		{"cuts off", derives(model.CutsOff), []string{"context.WithoutCancel"}},
		{"adds what is not known", derives(model.AddsUnknown), []string{"context.AfterFunc"}},
		{"is ended by a signal", EndsBySignal, []string{"os/signal.NotifyContext"}},
		{"makes a timer", func(name string) bool { return MakesTimer(stdFunc(t, name)) }, []string{"time.NewTimer"}},
		{"sets a timer again", func(name string) bool { return SetsTimer(stdFunc(t, name)) }, []string{"(*time.Timer).Reset"}},
		{"runs once", IsOnce, []string{"(*sync.Once).Do"}},
		{"is an alarm", IsAlarm, []string{"time.After"}},
		{"fills its result", fills(""), []string{"time.After", "time.Tick"}},
		{"fills a field", fills(".C"), []string{"time.NewTimer", "time.NewTicker"}},
		{"counts processors", CountsProcessors, []string{"runtime.NumCPU", "runtime.GOMAXPROCS"}},
		{"asks for a kind", AsksKind, []string{"errors.Is", "errors.As"}},
		{"keeps in a map", KeepsInMap, []string{"(*sync.Map).Store"}},
		{"drops from a map", DropsFromMap, []string{"(*sync.Map).Delete"}},
		{"finds in a map", FindsInMap, []string{"(*sync.Map).Load", "(*sync.Map).LoadAndDelete"}},
		{"makes an error", IsErrorConstructor, []string{"errors.New", "fmt.Errorf"}},
		{"is never nil", NeverNil, []string{"errors.New", "fmt.Errorf", "context.WithCancel", "context.WithTimeout", "context.WithDeadline"}},
		{"gives a flag", GivesFlag, []string{"(*sync/atomic.Bool).Load", "(*sync/atomic.Bool).Swap"}},
		{"claims a flag", ClaimsFlag, []string{"(*sync/atomic.Bool).CompareAndSwap"}},
		{"tells the end", TellsEnd, []string{"(context.Context).Err", "context.Cause"}},
	} {
		for _, name := range row.name {
			stdFunc(t, name)
			if !row.is(name) {
				t.Errorf("%s: it is not known that it %s", name, row.what)
			}
		}
		if other := "(*strings.Builder).Len"; row.what != "adds what is not known" && row.is(other) {
			t.Errorf("%s %s", other, row.what)
		}
	}
}

// realPackages loads the packages that the table names.
func realPackages(t *testing.T) map[string]*types.Package {
	t.Helper()
	var paths []string
	for name := range table {
		paths = append(paths, tablePackage(name))
	}
	slices.Sort(paths)
	cfg := &packages.Config{Mode: packages.NeedName | packages.NeedTypes}
	loaded, err := packages.Load(cfg, slices.Compact(paths)...)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*types.Package{}
	for _, p := range loaded {
		for _, e := range p.Errors {
			t.Fatalf("%s: %v", p.PkgPath, e)
		}
		out[p.PkgPath] = p.Types
	}
	return out
}

// tablePackage is the import path in "path.Func" or "(*path.Type).Method".
func tablePackage(name string) string {
	path, _ := splitName(name)
	return path
}

// splitName gives the path and the names behind it: a function, or type and method.
func splitName(name string) (path string, names []string) {
	if rest, ok := strings.CutPrefix(name, "("); ok {
		recv, method, _ := strings.Cut(strings.TrimPrefix(rest, "*"), ").")
		i := strings.LastIndexByte(recv, '.')
		return recv[:i], []string{recv[i+1:], method}
	}
	i := strings.LastIndexByte(name, '.')
	return name[:i], []string{name[i+1:]}
}

func lookup(pkgs map[string]*types.Package, name string) *types.Func {
	path, names := splitName(name)
	p := pkgs[path]
	if p == nil {
		return nil
	}
	obj := p.Scope().Lookup(names[0])
	if len(names) == 2 && obj != nil {
		obj, _, _ = types.LookupFieldOrMethod(obj.Type(), true, p, names[1])
	}
	fn, _ := obj.(*types.Func)
	return fn
}

// stdFunc is the function of std of this name.
func stdFunc(t *testing.T, name string) *types.Func {
	t.Helper()
	path, _ := splitName(name)
	pkg, err := importer.Default().Import(path)
	if err != nil {
		t.Fatal(err)
	}
	fn := lookup(map[string]*types.Package{path: pkg}, name)
	if fn == nil {
		t.Fatalf("there is no %s", name)
	}
	return fn
}

// fits reports whether a function of this signature can have the role.
func fits(r Role, sig *types.Signature) bool {
	params, results := sig.Params(), sig.Results()
	ctxFirst := params.Len() > 0 && IsNamed(params.At(0).Type(), "context", "Context")
	niladic := params.Len() == 0 && results.Len() == 0
	switch r {
	case RoleDerive:
		return ctxFirst && results.Len() > 0 && IsNamed(results.At(0).Type(), "context", "Context")
	case RoleCtxErr:
		return sig.Recv() != nil && params.Len() == 0 && results.Len() == 1 && ReturnsError(sig)
	case RoleAcquire:
		return ctxFirst && results.Len() == 1 && ReturnsError(sig)
	case RoleCancels:
		return ctxFirst && !ReturnsError(sig)
	case RoleSleep:
		return params.Len() == 1 && IsNamed(params.At(0).Type(), "time", "Duration") && results.Len() == 0
	case RoleNewCond:
		return params.Len() == 1 && IsNamed(params.At(0).Type(), "sync", "Locker") && results.Len() == 1
	case RoleReadLocker:
		return params.Len() == 0 && results.Len() == 1 && IsNamed(results.At(0).Type(), "sync", "Locker")
	case RoleLock, RoleUnlock, RoleCondWait, RoleSignal:
		return sig.Recv() != nil && niladic
	case RoleStop:
		return sig.Recv() != nil && IsTimer(sig.Recv().Type()) && params.Len() == 0
	case RoleRelease:
		return sig.Recv() != nil && results.Len() == 0
	case RoleTryAcquire:
		return sig.Recv() != nil && results.Len() == 1 && types.Identical(results.At(0).Type(), types.Typ[types.Bool])
	case RoleValue, RoleCause, RoleAfter:
		return ctxFirst || sig.Recv() != nil && IsContext(sig.Recv().Type())
	}
	return r == RoleNone && ctxFirst
}

// What the model takes for granted of the functions in the table is so: the
// group's context ends at Wait although nothing failed, Acquire on a dead
// context fails with its error though there is room, and a context without
// cancel cannot end.
func TestTableBehaviour(t *testing.T) {
	g, gctx := errgroup.WithContext(context.Background())
	g.Go(func() error { return nil })
	if err := gctx.Err(); err != nil {
		t.Errorf("the group's context ended before Wait: %v", err)
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	//gatherlint:ignore deadctx that Wait has cancelled it is what this test shows
	if gctx.Err() != context.Canceled || context.Cause(gctx) != context.Canceled {
		t.Errorf("after a Wait that succeeded the context has error %v and cause %v", gctx.Err(), context.Cause(gctx))
	}

	dead, cancel := context.WithCancelCause(context.Background())
	cancel(errors.New("over"))
	if err := semaphore.NewWeighted(9).Acquire(dead, 1); err != context.Canceled {
		t.Errorf("Acquire on a dead context: %v, want %v", err, context.Canceled)
	}

	shielded := context.WithoutCancel(dead)
	if shielded.Done() != nil || shielded.Err() != nil || context.Cause(shielded) != nil {
		t.Errorf("a context without cancel can end: %v", shielded.Err())
	}
	for name, r := range map[string]Role{"context.WithoutCancel": RoleValue, "(*" + SemaphorePath + ".Weighted).Acquire": RoleAcquire} {
		if RoleOf(name) != r {
			t.Errorf("%s has role %d, want %d", name, RoleOf(name), r)
		}
	}
}
