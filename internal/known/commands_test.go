package known

import (
	"go/token"
	"go/types"
	"testing"

	"github.com/gatherlint/gatherlint/internal/model"
)

func TestCommandField(t *testing.T) {
	for _, x := range []struct {
		path, name, field string
		want              model.Ending
		told              string // another field of the type
	}{
		{"github.com/spf13/cobra", "Command", "RunE", model.EndsAlways, ""},
		{"github.com/spf13/cobra", "Command", "PreRunE", model.EndsOnError, ""},
		{"github.com/spf13/cobra", "Command", "Args", model.EndsNever, ""},
		{"github.com/spf13/cobra", "Group", "RunE", model.EndsNever, ""},
		{"github.com/urfave/cli", "App", "Action", model.EndsAlways, ""},
		{"github.com/urfave/cli/v3", "Command", "Action", model.EndsAlways, ""},
		{"github.com/urfave/cli/v2/altsrc", "Command", "Action", model.EndsNever, ""},
		{"github.com/peterbourgon/ff/v3/ffcli", "Command", "Exec", model.EndsAlways, ""},
		{"github.com/peterbourgon/ff/v4", "Command", "Exec", model.EndsAlways, ""},
		{"example.com/shop", "Command", "Run", model.EndsNever, ""},
		{"example.com/shop", "Command", "Run", model.EndsAlways, "UsageLine"},
		{"example.com/shop", "Command", "Run", model.EndsNever, "Description"}, // in a chat
		{"example.com/shop", "Command", "Close", model.EndsNever, "UsageLine"},
		{"example.com/shop", "Order", "Run", model.EndsNever, "UsageLine"},
	} {
		pkg := types.NewPackage(x.path, "p")
		told := types.NewField(token.NoPos, pkg, x.told, types.Typ[types.String], false)
		typ := types.NewNamed(types.NewTypeName(token.NoPos, pkg, x.name, nil), types.NewStruct([]*types.Var{told}, nil), nil)
		if got := CommandField(types.NewPointer(typ), x.field); got != x.want {
			t.Errorf("CommandField(%s.%s, %s) = %d, want %d", x.path, x.name, x.field, got, x.want)
		}
	}
}

// TestIsCommand holds the forms of methods that are commands.
func TestIsCommand(t *testing.T) {
	text, number, failure := types.Type(types.Typ[types.String]), types.Type(types.Typ[types.Int]), types.Universe.Lookup("error").Type()
	for _, x := range []struct {
		path, typ, name string
		param, result   types.Type
		want            bool
	}{
		{"example.com/shop", "buyCommand", "Run", types.NewSlice(text), number, true},
		{"example.com/shop/cmd/buy", "Command", "Run", types.NewSlice(text), failure, true},
		{"example.com/shop/buy", "Command", "Run", types.NewSlice(text), failure, false},
		{"example.com/shop/cmd/buy", "Command", "Buy", types.NewSlice(text), failure, false},
		{"example.com/shop/cmd/buy", "Order", "Run", types.NewSlice(text), failure, false},
		{"example.com/shop/cmd/buy", "Command", "Run", text, failure, false},
		{"example.com/shop/cmd/buy", "buyCmd", "Execute", types.NewSlice(text), failure, true},
		{"example.com/shop/buy", "buyCmd", "Execute", types.NewSlice(text), failure, false},
		{"example.com/shop/cmd/buy", "buyCmd", "Execute", types.NewSlice(text), number, false},
	} {
		pkg := types.NewPackage(x.path, "p")
		typ := types.NewNamed(types.NewTypeName(token.NoPos, pkg, x.typ, nil), types.NewStruct(nil, nil), nil)
		sig := types.NewSignatureType(types.NewVar(token.NoPos, pkg, "c", types.NewPointer(typ)), nil, nil,
			types.NewTuple(types.NewVar(token.NoPos, pkg, "args", x.param)), types.NewTuple(types.NewVar(token.NoPos, pkg, "", x.result)), false)
		if got := IsCommand(types.NewFunc(token.NoPos, pkg, x.name, sig)); got != x.want {
			t.Errorf("IsCommand(%s.%s.%s) = %v", x.path, x.typ, x.name, got)
		}
	}
}

// TestPartingCalls holds what may stand between a failure and the end of the process.
func TestPartingCalls(t *testing.T) {
	for name, want := range map[string]bool{
		"fmt.Fprintf": true, "errors.Join": true, "log.Println": true, "log/slog.ErrorContext": true, "strconv.Itoa": true,
		"time.Sleep": false, "os.ReadFile": false, "io.Copy": false,
	} {
		if got := IsPartingCall(stdFunc(t, name)); got != want {
			t.Errorf("IsPartingCall(%s) = %v, want %v", name, got, want)
		}
	}
	for name, want := range map[string]bool{"os.Exit": true, "log.Fatal": true, "runtime.Goexit": false, "log.Print": false} {
		if got := ExitsProcess(stdFunc(t, name)); got != want {
			t.Errorf("ExitsProcess(%s) = %v, want %v", name, got, want)
		}
	}
}
