package known

import (
	"go/token"
	"go/types"
	"testing"

	"github.com/gatherlint/gatherlint/internal/model"
)

// TestCallHints holds what names tell, and names that only look alike.
func TestCallHints(t *testing.T) {
	for text, want := range map[string]model.Hint{
		"cond.Wait": model.HintWaits, "n.Load": model.HintWaits | model.HintLimits, "runtime.Gosched": model.HintWaits, "s.Loader": model.HintLimits,
		"n.Store": model.HintTells | model.HintStops, "n.Add": model.HintTells, "s.AddUser": 0, "c.Broadcast": model.HintTells | model.HintStops,
		"time.After": 0, "now.After": model.HintLimits, "s.AfterAll": 0, "t.Deadline": model.HintLimits | model.HintStops, "b.NextBackOff": model.HintLimits | model.HintAsks,
		"rows.Next": model.HintAsks, "s.Context": 0, "p.stopped": model.HintAsks | model.HintStops, "s.Terminate": model.HintStops,
		"errors.New": model.HintFails, "fmt.Errorf": model.HintFails, "multierror.Append": model.HintFails, "s.AppendAll": 0, "err.Wrap": model.HintFails,
		"c.Get": 0, "errors.Join": 0,
	} {
		if got := CallHints(text); got != want {
			t.Errorf("CallHints(%s) = %b, want %b", text, got, want)
		}
	}
	for text, want := range map[string]bool{`"stopping"`: true, `"closed"`: true, `"running"`: false, `"next"`: false} {
		if got := WordHints(text).Has(model.HintAsks); got != want {
			t.Errorf("WordHints(%s) asks: %v", text, got)
		}
	}
	for name, want := range map[string]bool{"NoError": true, "NoErrorf": true, "Nil": false, "HasNoError": false} {
		if AssertsNoError(name) != want {
			t.Errorf("AssertsNoError(%s) = %v", name, !want)
		}
	}
}

// TestWritesLog holds functions that write to logs, and those that look alike.
func TestWritesLog(t *testing.T) {
	text := types.NewVar(token.NoPos, nil, "args", types.NewSlice(types.NewInterfaceType(nil, nil)))
	result := types.NewVar(token.NoPos, nil, "", types.Universe.Lookup("error").Type())
	for _, c := range []struct {
		pkg, name string
		results   int
		want      bool
	}{
		{"fmt", "Println", 2, true},
		{"fmt", "Sprint", 1, false},
		{"testing", "Logf", 0, true},
		{"testing", "Fatal", 0, false},
		{"example.org/zap", "Info", 0, true},
		{"example.org/zap", "NewLogger", 2, false},
		{"example.org/app", "warnf", 0, true},
		{"example.org/app", "warnf", 1, false},
		{"example.org/app", "submit", 0, false},
		{"example.org/catalog", "Put", 0, false},
	} {
		var results []*types.Var
		for range c.results {
			results = append(results, result)
		}
		sig := types.NewSignatureType(nil, nil, nil, types.NewTuple(text), types.NewTuple(results...), true)
		if got := WritesLog(types.NewFunc(token.NoPos, types.NewPackage(c.pkg, "p"), c.name, sig)); got != c.want {
			t.Errorf("WritesLog(%s.%s, %d results) = %v, want %v", c.pkg, c.name, c.results, got, c.want)
		}
	}
}

// TestPrints holds what is told by the functions of fmt and testing, and by the names of
// the streams of a process.
func TestPrints(t *testing.T) {
	for name, want := range map[string]bool{"fmt.Fprintf": true, "fmt.Fprintln": true, "fmt.Printf": false, "fmt.Sprint": false, "fmt.Fscan": false} {
		if got := PrintsTo(stdFunc(t, name)); got != want {
			t.Errorf("PrintsTo(%s) = %v, want %v", name, got, want)
		}
	}
	for name, want := range map[string]bool{"(*testing.T).Failed": true, "(*testing.B).Failed": true, "(*testing.T).Skipped": false, "(*testing.T).FailNow": false} {
		if got := AsksTest(stdFunc(t, name)); got != want {
			t.Errorf("AsksTest(%s) = %v, want %v", name, got, want)
		}
	}
	for name, want := range map[string]bool{"Stderr": true, "Stdout": true, "Stdin": false, "Discard": false} {
		if got := IsTerminalName(name); got != want {
			t.Errorf("IsTerminalName(%s) = %v, want %v", name, got, want)
		}
	}
}
