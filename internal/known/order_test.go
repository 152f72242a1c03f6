package known

import (
	"go/token"
	"go/types"
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
	for text, want := range map[string][2]bool{"m.RLock": {true, false}, "m.RUnlock": {false, true}, "s.Enter": {true, false}, "s.Leave": {false, true}, "s.Run": {}} {
		if takes, gives := LocksByName(text); takes != want[0] || gives != want[1] {
			t.Errorf("LocksByName(%s) = %v, %v", text, takes, gives)
		}
	}
}
