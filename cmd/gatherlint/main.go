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
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/analyzer"
)

// The exit codes of the command. As a vet tool, the codes are the protocol's.
const (
	exitClean    = 0
	exitFailed   = 1 // something could not be analysed, or a fix not applied
	exitUsage    = 2
	exitFindings = 3
)

// An env is what the command knows of the world around it.
type env struct {
	stdout, stderr io.Writer
	dir            string // where the user stands, absolute: paths are printed relative to it
	exe            string // this executable, for go vet to run
}

func main() {
	dir, err := os.Getwd()
	if err != nil {
		fmt.Fprintf(os.Stderr, "gatherlint: cannot find the working directory: %v\n", err)
		os.Exit(exitFailed)
	}
	exe, err := os.Executable()
	if err != nil {
		fmt.Fprintf(os.Stderr, "gatherlint: cannot find its own executable, which go vet has to run: %v\n", err)
		os.Exit(exitFailed)
	}
	a := analyzer.Analyzer
	if isProtocol(os.Args[1:]) && factsOnly(os.Args[len(os.Args)-1]) {
		a = analyzer.New(&analyzer.Options{FactsOnly: true})
	}
	os.Exit(run(env{os.Stdout, os.Stderr, dir, exe}, os.Args[1:], a))
}

// run does what the arguments say and returns the exit code. Under the vet
// tool protocol it does not return: the driver of x/tools exits.
func run(e env, args []string, a *analysis.Analyzer) int {
	if isProtocol(args) {
		return runTool(e, args, a)
	}
	if len(args) > 0 {
		switch args[0] {
		case "help", "-h", "-help", "--help":
			return e.help(args[1:], a)
		case "version", "-version", "--version":
			return e.version(args[1:])
		}
	}
	o, err := parseOptions(args, a)
	if err != nil {
		fmt.Fprintf(e.stderr, "gatherlint: %v\n", err)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	out := bufio.NewWriter(e.stdout)
	e.stdout = out
	code := e.standalone(ctx, o)
	if err := out.Flush(); err != nil {
		return e.failf("cannot write the output: %v", err)
	}
	return code
}

// failf reports why nothing, or no more, could be done.
func (e env) failf(format string, args ...any) int {
	fmt.Fprintf(e.stderr, "gatherlint: "+format+"\n", args...)
	return exitFailed
}
