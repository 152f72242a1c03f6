package known

import (
	"go/importer"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
)

// TestPickNames holds the names against what they are there for, and against those that
// only begin alike.
func TestPickNames(t *testing.T) {
	for name, want := range map[string]bool{
		"CompareAndSwap": true, "CAS": true, "Swap": true, "Add": true, "TryLock": true, "LoadOrStore": true, "IsLeader": true, "RunOnce": true, "ClaimNext": true,
		"AddUser": false, "Develop": false, "IssueAll": false, "Load": false,
	} {
		sig := types.NewSignatureType(nil, nil, nil, nil, types.NewTuple(types.NewVar(token.NoPos, nil, "", types.Typ[types.Bool])), false)
		if got := PicksOne(types.NewFunc(token.NoPos, types.NewPackage("example.org/p", "p"), name, sig)); got != want {
			t.Errorf("PicksOne(%s) = %v, want %v", name, got, want)
		}
	}
	err := types.NewVar(token.NoPos, nil, "err", types.Universe.Lookup("error").Type())
	sig := types.NewSignatureType(nil, nil, nil, types.NewTuple(err), nil, false)
	if PicksOne(types.NewFunc(token.NoPos, types.NewPackage("errors", "errors"), "Is", sig)) {
		t.Error("what a function makes of an error picks nobody")
	}
}

// TestCallNames holds the names of calls that are given a function.
func TestCallNames(t *testing.T) {
	for text, want := range map[string][2]bool{ // runs it in place, has it run later
		"retry.Do": {true, false}, "filepath.Walk": {true, false}, "once.Do": {}, "mu.WithLock": {},
		"pool.Submit": {false, true}, "s.OnClose": {false, true}, "x.OnceFunc": {}, "time.AfterFunc": {false, true},
	} {
		if RunsInPlace(text) != want[0] || IsAsync(text) != want[1] {
			t.Errorf("%s: runs in place %v, later %v; want %v", text, RunsInPlace(text), IsAsync(text), want)
		}
	}
	for text, want := range map[string][2]bool{"m.RLock": {true, false}, "m.RUnlock": {false, true}, "s.Enter": {true, false}, "s.Leave": {false, true}, "s.Run": {}, "s.AcquireContext": {true, false}, "p.endLocked": {}, "p.Locked": {}} {
		if takes, gives := LocksByName(text); takes != want[0] || gives != want[1] {
			t.Errorf("LocksByName(%s) = %v, %v", text, takes, gives)
		}
	}
}

// TestObjectMethods holds the table against the types that it names: each has a method
// for every beginning of a name.
func TestObjectMethods(t *testing.T) {
	for name, begins := range objectMethods {
		i := strings.LastIndexByte(name, '.')
		pkg, err := importer.Default().Import(name[:i])
		if err != nil {
			t.Fatal(err)
		}
		obj := pkg.Scope().Lookup(name[i+1:])
		if obj == nil {
			t.Errorf("there is no %s", name)
			continue
		}
		set := types.NewMethodSet(types.NewPointer(obj.Type()))
		for _, begin := range append(slices.Clone(begins[0]), begins[1]...) {
			found := false
			for m := range set.Methods() {
				found = found || strings.HasPrefix(m.Obj().Name(), begin)
			}
			if !found {
				t.Errorf("%s has no method %s...", name, begin)
			}
		}
	}
}

// TestWritesTo holds the functions that write to what they are given, each to a buffer,
// a stream that takes care of itself, and a header that has another Write.
func TestWritesTo(t *testing.T) {
	named := func(path, name string) types.Type {
		pkg, err := importer.Default().Import(path)
		if err != nil {
			t.Fatal(err)
		}
		return types.NewPointer(pkg.Scope().Lookup(name).Type())
	}
	for name, want := range map[string]bool{"Fprintf": true, "Fprintln": true, "Sprintf": false, "Fscan": false} {
		fn := types.NewFunc(token.NoPos, types.NewPackage("fmt", "fmt"), name, types.NewSignatureType(nil, nil, nil, nil, nil, false))
		if WritesTo(fn, named("bytes", "Buffer")) != want {
			t.Errorf("WritesTo(fmt.%s, *bytes.Buffer) = %v", name, !want)
		}
		if WritesTo(fn, named("os", "File")) || WritesTo(fn, named("net/url", "Values")) {
			t.Errorf("fmt.%s writes to what many may use", name)
		}
	}
}

// TestReaders holds what is said of readers against the functions of std that it names.
func TestReaders(t *testing.T) {
	for name, want := range map[string]bool{
		"io.ReadFull": true, "io.ReadAtLeast": true, "io.CopyN": true, "io.ReadAll": false, "io.Copy": false,
		"encoding/json.NewDecoder": true, "encoding/xml.NewDecoder": true, "encoding/gob.NewDecoder": true, "encoding/json.NewEncoder": false,
	} {
		if StopsEarly(stdFunc(t, name)) != want {
			t.Errorf("StopsEarly(%s) = %v, want %v", name, !want, want)
		}
	}
	for name, want := range map[string]bool{"Decode": true, "More": true, "Token": true, "Read": true, "ReadAll": false, "Close": false} {
		fn := types.NewFunc(token.NoPos, types.NewPackage("example.org/p", "p"), name, types.NewSignatureType(nil, nil, nil, nil, nil, false))
		if ReadsOn(fn) != want {
			t.Errorf("ReadsOn(%s) = %v, want %v", name, !want, want)
		}
	}
}

// TestSyncTypes holds what is told by the types and operations of sync, atomic and context.
func TestSyncTypes(t *testing.T) {
	typeOf := func(path, name string) types.Type {
		pkg, err := importer.Default().Import(path)
		if err != nil {
			t.Fatal(err)
		}
		return pkg.Scope().Lookup(name).Type()
	}
	for _, x := range []struct {
		path, name            string
		mutex, atomic, cancel bool
	}{
		{"sync", "Mutex", true, false, false}, {"sync", "RWMutex", true, false, false}, {"sync", "Locker", false, false, false}, {"sync", "WaitGroup", false, false, false},
		{"sync/atomic", "Int64", false, true, false}, {"context", "CancelFunc", false, false, true}, {"context", "CancelCauseFunc", false, false, false},
	} {
		got := typeOf(x.path, x.name)
		if IsMutex(got) != x.mutex || IsMutex(types.NewPointer(got)) != x.mutex || IsAtomic(got) != x.atomic || IsCancelFunc(got) != x.cancel {
			t.Errorf("%s.%s: mutex %v, atomic %v, cancel %v", x.path, x.name, IsMutex(got), IsAtomic(got), IsCancelFunc(got))
		}
	}
	for name, loads := range map[string]bool{"Load": true, "Store": false, "CompareAndSwap": false, "Add": false} {
		obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(typeOf("sync/atomic", "Int64")), true, nil, name)
		if is, reads := AtomicOp(obj.(*types.Func)); !is || reads != loads {
			t.Errorf("AtomicOp(%s) = %v, %v", name, is, reads)
		}
	}
}
