package known

import (
	"go/types"
	"slices"
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

// Other libraries, and programs with a type of their own, are told by the names: a struct
// Command or App that says how it is called on the command line. Of a command in a chat or
// an editor, which goes on after it, one says what it does.
var (
	commandNames   = []string{"Command", "App"}
	commandActions = []string{"Run", "RunE", "Exec", "Execute", "Action", "DefaultAction"}
	commandUsages  = []string{"Usage", "UsageText", "UsageLine", "ShortUsage", "Positionals"}
)

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
	if fields := commandFields[path+"."+n.Obj().Name()]; fields != nil {
		return fields[field]
	}
	if slices.Contains(commandNames, n.Obj().Name()) && slices.Contains(commandActions, field) && saysUsage(n) {
		return model.EndsAlways
	}
	return model.EndsNever
}

// CommandMethod says how the program ends with a function that is handed to a method, as
// kingpin 2.4.0 and fisk 0.9.1 are handed that of a command.
func CommandMethod(fn *types.Func) model.Ending {
	if fn.Name() == "Action" && receiverNamed(fn) == "CmdClause" {
		return model.EndsAlways
	}
	return model.EndsNever
}

// IsCommand reports whether a method is a command by its form: Run of a type Command, or
// Execute as go-flags wants it, that is given the arguments as they are. Such a one gives
// back the status of the process, or it is in a package of the program's own commands.
func IsCommand(fn *types.Func) bool {
	sig := fn.Signature()
	named := fn.Name() == "Run" && strings.HasSuffix(receiverNamed(fn), "Command") || fn.Name() == "Execute" && receiverNamed(fn) != ""
	if !named || sig.Params().Len() != 1 || sig.Results().Len() != 1 {
		return false
	}
	if args := types.NewSlice(types.Typ[types.String]); !types.Identical(sig.Params().At(0).Type(), args) {
		return false
	}
	status := types.Identical(sig.Results().At(0).Type(), types.Typ[types.Int])
	ofProgram := fn.Pkg().Name() == "main" || slices.Contains(strings.Split(PkgPath(fn), "/"), "cmd")
	return status && fn.Name() == "Run" || ReturnsError(sig) && ofProgram
}

func receiverNamed(fn *types.Func) string {
	if recv := fn.Signature().Recv(); recv != nil {
		if n := NamedType(recv.Type()); n != nil {
			return n.Obj().Name()
		}
	}
	return ""
}

// saysUsage reports whether a struct has a field that tells how a command is called.
func saysUsage(n *types.Named) bool {
	s, ok := n.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range s.Fields() {
		if slices.Contains(commandUsages, f.Name()) {
			return true
		}
	}
	return false
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
