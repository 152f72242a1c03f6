package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/singlechecker"
)

// toolGCPercent is how much garbage a tool process may gather. It lives for one
// package: most end before a collection would pay, at a few MB more. Where a
// package is analysed rather than left at once, playing its schedules makes
// several times as much garbage as it keeps, and half as much is enough.
const (
	toolGCPercent    = 400
	analyseGCPercent = 50
)

// isProtocol says whether the arguments are those with which go vet and go fix
// run their tool: -V=full, -flags, or flags and one file of type cfg.
func isProtocol(args []string) bool {
	for _, arg := range args {
		switch arg {
		case "-V=full", "--V=full", "-flags", "--flags":
			return true
		}
	}
	if len(args) == 0 || !strings.HasSuffix(args[len(args)-1], ".cfg") {
		return false
	}
	// A package can have such a name too.
	fi, err := os.Stat(args[len(args)-1])
	if err != nil {
		return filepath.IsAbs(args[len(args)-1])
	}
	return fi.Mode().IsRegular()
}

// runTool does one step of the protocol. The driver ends the process; the
// result is the exit code when it is not reached.
func runTool(e env, args []string, a *analysis.Analyzer) int {
	endWithParent()
	u := readUnit(args)
	if u.ImportPath != "" { // and not asked what it is
		noteRun()
	}
	if err := checkToolFlags(args, &a.Flags); err != nil {
		// The driver would print all flags, and so for each package of the
		// whole import graph. A package that is analysed for its facts only
		// fails in silence: the packages that import it get the same flags
		// and report the error.
		if u.VetxOnly {
			return exitClean
		}
		fmt.Fprintf(e.stderr, "gatherlint: %v\n", err)
		return exitUsage
	}
	full := u.inFull(args)
	switch {
	case !full && e.facts != nil:
		a = e.facts
	case full && u.VetxOnly:
		file, err := u.named()
		if err != nil {
			return e.failf("%v", err)
		}
		os.Args[len(os.Args)-1] = file // where the driver reads it
	}
	debug.SetGCPercent(toolGCPercent)
	singlechecker.Main(sparing(withHonestFixes(u.answering(a, full))))
	return exitClean
}

// sparing makes the process gather less garbage once a package is analysed.
func sparing(a *analysis.Analyzer) *analysis.Analyzer {
	own := *a
	own.Run = func(pass *analysis.Pass) (any, error) {
		debug.SetGCPercent(analyseGCPercent)
		return a.Run(pass)
	}
	return &own
}

// checkToolFlags sets the flags of the analyzer that occur in the arguments
// and returns the first error. Everything else is left to the driver.
func checkToolFlags(args []string, flags *flag.FlagSet) error {
	for i := 0; i < len(args) && strings.HasPrefix(args[i], "-"); i++ {
		name, value, hasValue := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		f := flags.Lookup(name)
		if f == nil {
			continue
		}
		if !hasValue {
			if isBool(f.Value) {
				continue
			}
			if i++; i == len(args) {
				return fmt.Errorf("flag needs an argument: -%s", name)
			}
			value = args[i]
		}
		if err := f.Value.Set(value); err != nil {
			return fmt.Errorf("invalid value %q for flag -%s: %w", value, name, err)
		}
	}
	return nil
}

// withHonestFixes returns the analyzer without those suggested fixes whose
// edits are in a file that line directives or cgo present as another one. The
// protocol's JSON names the presented file, but counts offsets in the real
// one: applied, the fix would destroy the presented file.
func withHonestFixes(a *analysis.Analyzer) *analysis.Analyzer {
	honest := *a
	honest.Run = func(pass *analysis.Pass) (any, error) {
		p := *pass
		p.Report = func(d analysis.Diagnostic) {
			d.SuggestedFixes = slices.DeleteFunc(slices.Clone(d.SuggestedFixes), func(fix analysis.SuggestedFix) bool {
				return slices.ContainsFunc(fix.TextEdits, func(edit analysis.TextEdit) bool {
					file := pass.Fset.File(edit.Pos)
					return file == nil || pass.Fset.Position(edit.Pos).Filename != file.Name()
				})
			})
			pass.Report(d)
		}
		return a.Run(&p)
	}
	return &honest
}
