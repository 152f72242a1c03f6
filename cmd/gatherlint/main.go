// Command gatherlint reports fan-outs whose cancellation, errors or goroutines
// get lost.
//
// It is a command of its own, which finds packages and prints findings with
// the schedule that proves them, and a vet tool for "go vet -vettool" and
// "go fix -fixtool". The command runs go vet with itself as the vet tool: go
// vet analyses one package at a time in little memory and caches the results,
// where a driver that loads the program whole needs gigabytes every time.
package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"time"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/analyzer"
)

// The exit codes of the command. As a vet tool, the codes are the protocol's.
const (
	exitClean    = 0
	exitFailed   = 1 // something could not be analysed, or a fix not applied
	exitUsage    = 2
	exitFindings = 3
	exitSignal   = 128 // and the number of the signal that ended the command
)

// An env is what the command knows of the world around it.
type env struct {
	stdout, stderr io.Writer
	dir            string // where the user stands, absolute: paths are printed relative to it
	exe            string // this executable, for go vet to run
	colors         bool   // stdout shows colours
	progress       bool   // stderr is a terminal, where a line can be replaced
	// patience is how long a run without a terminal takes before it says on stderr
	// what takes so long; 0 for never.
	patience time.Duration
	// console is where the closing line of a report goes that goes to a file;
	// nil if stdout has the report.
	console io.Writer
	// facts is the analyzer for a package of which only facts are wanted; nil
	// for the one that looks for findings.
	facts *analysis.Analyzer
}

func main() {
	e, err := newEnv()
	if err != nil {
		fmt.Fprintf(os.Stderr, "gatherlint: %v\n", err)
		os.Exit(exitFailed)
	}
	e.facts = analyzer.New(&analyzer.Options{FactsOnly: true})
	os.Exit(run(e, os.Args[1:], analyzer.Analyzer))
}

// newEnv is the world of this process.
func newEnv() (env, error) {
	dir, err := os.Getwd()
	if err != nil {
		return env{}, fmt.Errorf("cannot find the working directory: %w", err)
	}
	exe, err := os.Executable()
	if err != nil {
		return env{}, fmt.Errorf("cannot find its own executable, which go vet has to run: %w", err)
	}
	return env{
		stdout: os.Stdout, stderr: os.Stderr, dir: dir, exe: exe,
		colors: isTerminal(os.Stdout) && os.Getenv("NO_COLOR") == "", progress: isTerminal(os.Stderr), patience: 5 * time.Second,
	}, nil
}

// run does what the arguments say and returns the exit code. Under the vet
// tool protocol it does not return: the driver of x/tools exits.
func run(e env, args []string, a *analysis.Analyzer) int {
	if isProtocol(args) {
		return runTool(e, args, a)
	}
	e.stderr = plainWriter{e.stderr}
	if len(args) > 0 {
		switch args[0] {
		case "help", "-h", "-help", "--help":
			return e.help(args[1:], a)
		case "version", "-version", "--version":
			return e.version(args[1:])
		case "build":
			return e.build(args[1:], targets())
		case "explain":
			return e.explain(args[1:], a)
		}
	}
	o, err := parseOptions(args, a)
	if err != nil {
		fmt.Fprintf(e.stderr, "gatherlint: %v\n", err)
		return exitUsage
	}
	switch word := o.patterns[0]; {
	case word == "explain": // with flags before it
		flags := args[:len(args)-len(o.patterns)]
		return e.explain(append(slices.Clone(flags), o.patterns[1:]...), a)
	case word == "help", word == "version", word == "build":
		fmt.Fprintf(e.stderr, "gatherlint: %s comes first: gatherlint %[1]s ...\n", word)
		return exitUsage
	}
	return interruptible(func(ctx context.Context) int { return e.analyse(ctx, o) })
}

// analyse runs the analysis with the output of the options and returns the exit
// code.
func (e env) analyse(ctx context.Context, o *options) int {
	out, err := e.open(o.out)
	if err != nil {
		return e.failf("cannot write %s: %v", o.out, err)
	}
	defer out.discard()
	var console bytes.Buffer
	stdout := e.stdout
	if o.out != "" {
		e.console, e.colors = &console, false
	}
	e.stdout = out
	code := e.standalone(ctx, o)
	failed := code == exitFailed || code == exitUsage
	if failed && out.written == 0 {
		return code // the reason is on stderr; an older file stays as it is
	}
	if err := out.commit(); err != nil {
		return e.failf("cannot write %s: %v", cmp.Or(o.out, "the output"), err)
	}
	// The file is in place now, even if nobody reads this.
	if _, err := stdout.Write(console.Bytes()); err != nil {
		return e.failf("cannot write the output: %v", err)
	}
	return code
}

// isTerminal says whether a file shows text to a person, who can see colours and
// a line that is replaced. The null device passes for one, and shows nothing.
func isTerminal(f *os.File) bool {
	fi, err := f.Stat()
	if err != nil || fi.Mode()&os.ModeCharDevice == 0 || os.Getenv("TERM") == "dumb" {
		return false
	}
	// The old console of Windows shows escape sequences as they are.
	return runtime.GOOS != "windows" || os.Getenv("WT_SESSION") != "" || os.Getenv("TERM") != ""
}

// failf reports why nothing, or no more, could be done.
func (e env) failf(format string, args ...any) int {
	fmt.Fprintf(e.stderr, "gatherlint: "+format+"\n", args...)
	return exitFailed
}
