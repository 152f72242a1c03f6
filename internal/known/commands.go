package known

import (
	"go/types"
	"strings"

	"github.com/gatherlint/gatherlint/internal/model"
)

// Libraries of command lines: a program hands them the functions of its commands, of
// which one runs, and ends when that one returns. Read in the source of cobra 1.10.2,
// urfave/cli 1.22.17, 2.27.7 and 3.6.1, and ff 3.4.0 and 4.0.0. What a program does after it
// has executed its command is not looked at: it prints the error and exits, as a rule.

// commandFields are the fields of the types that describe a command, and how the
// program ends with the function in each.
var commandFields = map[string]map[string]model.Ending{
	"github.com/spf13/cobra.Command": {
		"Run": model.EndsAlways, "RunE": model.EndsAlways,
		"PreRunE": model.EndsOnError, "PersistentPreRunE": model.EndsOnError, "PostRunE": model.EndsOnError, "PersistentPostRunE": model.EndsOnError,
	},
	"github.com/urfave/cli.Command":               {"Action": model.EndsAlways, "Before": model.EndsOnError},
	"github.com/urfave/cli.App":                   {"Action": model.EndsAlways, "Before": model.EndsOnError},
	"github.com/peterbourgon/ff/v3/ffcli.Command": {"Exec": model.EndsAlways},
	"github.com/peterbourgon/ff.Command":          {"Exec": model.EndsAlways},
}

// CommandField says how the program ends with the function in a field of a type.
func CommandField(t types.Type, field string) model.Ending {
	n := NamedType(t)
	if n == nil {
		return model.EndsNever
	}
	path := PkgPath(n.Obj())
	if i := strings.LastIndex(path, "/v"); i >= 0 && strings.Trim(path[i+2:], "0123456789") == "" {
		path = path[:i]
	}
	return commandFields[path+"."+n.Obj().Name()][field]
}

// ExitsProcess reports whether a function ends the process whenever it is called.
func ExitsProcess(fn *types.Func) bool { return NeverReturns(fn) && ExitOp(fn) == model.OpExit }

// ExitsOnError reports whether a function ends the process if the error that it is given is not nil.
func ExitsOnError(fn *types.Func) bool {
	return FuncName(fn) == "github.com/spf13/cobra.CheckErr"
}

// IsPartingCall reports whether a function is one that is called on the way out and
// comes back at once: it writes to a log or the terminal, makes an error or a text, or is
// named like a clean-up. It errs on the side of no.
func IsPartingCall(fn *types.Func) bool {
	switch PkgPath(fn) {
	case "fmt", "errors", "strings", "strconv":
		return true
	}
	switch fn.Name() {
	case "Error", "String":
		if fn.Signature().Params().Len() == 0 {
			return true
		}
	}
	return WritesLog(fn) || IsCleanupName(fn.Name()) || ReturnsError(fn.Signature()) && MakesError(fn.Name()) && fn.Signature().Results().Len() == 1
}
