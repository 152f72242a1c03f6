// Corpus runs gatherlint on a published module and prints every finding with
// its source, so that a person can judge whether it is right. The module is
// pinned, the order is fixed and samples are drawn from a seed: two people
// judge the same findings.
//
//	go run ./internal/corpus -module github.com/docker/compose/v2@v2.40.3
//
// With -record it holds the rows of the record of judged findings against what
// is found today, in all modules of the record or in those that are named.
//
//	go run ./internal/corpus -record docs/corpus.md oras.land/oras-go/v2
//
// With -time it prints what its packages cost instead, the slowest first.
//
// It is run from the root of the gatherlint module and needs the module proxy
// or a filled module cache. The exit code is 1 if something could not be
// fetched or analysed, 2 for wrong usage and for a record that cannot be read,
// and 3 if the record does not hold.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// options are a command line, understood.
type options struct {
	module   string // path@version; "" with a record
	record   string // file with judged findings; "" to print findings
	checks   string // for gatherlint; "" for its default
	context  int    // lines of source on either side of a finding
	sample   int    // findings of each check to print; 0 for all
	seed     uint64
	tool     string   // the gatherlint to run; "" to build it
	dir      string   // where to keep the copy of the module; "" for a temporary one
	time     bool     // measure, rather than print findings
	top      int      // packages to print
	report   string   // where what is found goes, when measuring; "" for nowhere
	patterns []string // packages; modules with a record, all if there are none
}

// parseOptions reads a command line. All errors are errors of usage.
func parseOptions(args []string) (*options, error) {
	o := &options{patterns: []string{"./..."}}
	fs := flag.NewFlagSet("corpus", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&o.module, "module", "", "`path@version` of the module to analyse")
	fs.StringVar(&o.record, "record", "", "compare with the judged findings in `file`; the arguments name its modules, none stands for all")
	fs.StringVar(&o.checks, "checks", "", "`checks` to run, as for gatherlint")
	fs.IntVar(&o.context, "context", 6, "print `n` lines of source on either side of a finding")
	fs.IntVar(&o.sample, "sample", 0, "print `n` findings of each check, drawn at random; 0 for all")
	fs.Uint64Var(&o.seed, "seed", 1, "`seed` of the sample")
	fs.StringVar(&o.tool, "tool", "", "run the gatherlint at `path` instead of building it")
	fs.StringVar(&o.dir, "dir", "", "copy the module to `dir` and keep it; a copy that is there is used again. With -record, each to a directory in it")
	fs.BoolVar(&o.time, "time", false, "measure what each package costs; -module std measures the standard library")
	fs.IntVar(&o.top, "top", 20, "with -time, print the `n` packages that take longest")
	fs.StringVar(&o.report, "report", "", "with -time, write the findings to `file`, all checks on unless -checks says otherwise")
	if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
		var b strings.Builder
		b.WriteString("usage: corpus -module path@version [flags] [packages]\n       corpus -record file [-dir dir] [-tool path] [modules]\n")
		fs.SetOutput(&b)
		fs.PrintDefaults()
		return nil, errors.New(strings.TrimRight(b.String(), "\n"))
	} else if err != nil {
		return nil, err
	}
	if o.record != "" {
		o.patterns = fs.Args()
		return o, onlyRecord(fs)
	}
	path, version, ok := strings.Cut(o.module, "@")
	std := o.time && o.module == "std"
	if std {
		o.patterns = []string{"std"}
	}
	switch {
	case o.module == "":
		return nil, errors.New("flag -module is required")
	case !std && (!ok || path == "" || version == ""):
		return nil, fmt.Errorf("-module %s: want path@version", o.module)
	case o.context < 0:
		return nil, fmt.Errorf("-context %d: want 0 or more", o.context)
	case o.sample < 0:
		return nil, fmt.Errorf("-sample %d: want 0 or more", o.sample)
	case o.top < 0:
		return nil, fmt.Errorf("-top %d: want 0 or more", o.top)
	case o.report != "" && !o.time:
		return nil, errors.New("flag -report is for -time")
	}
	if fs.NArg() > 0 {
		o.patterns = fs.Args()
	}
	return o, nil
}

// run does all and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parseOptions(args)
	if err != nil {
		fmt.Fprintf(stderr, "corpus: %v\n", err)
		return 2
	}
	temp, err := os.MkdirTemp("", "gatherlint-corpus-")
	if err != nil {
		fmt.Fprintf(stderr, "corpus: %v\n", err)
		return 1
	}
	defer os.RemoveAll(temp) // what is left there does no harm
	do := analyse
	switch {
	case o.record != "":
		return runRecord(ctx, o, temp, stdout, stderr)
	case o.time:
		do = timePackages
	}
	if err := do(ctx, o, temp, stdout); err != nil {
		fmt.Fprintf(stderr, "corpus: %v\n", err)
		return 1
	}
	return 0
}

// analyse fetches the module, runs gatherlint on it and prints the findings.
// An error of the analysis does not keep the findings from being printed.
func analyse(ctx context.Context, o *options, temp string, stdout io.Writer) error {
	tool, err := buildTool(ctx, o, temp)
	if err != nil {
		return err
	}
	dir := cmp.Or(o.dir, filepath.Join(temp, "module"))
	// Findings have absolute paths and are shown relative to the module.
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	if err := fetch(ctx, o.module, dir, temp); err != nil {
		return err
	}
	findings, partial, err := find(ctx, tool, dir, o.checks, o.patterns)
	if err != nil {
		return err
	}
	if err := show(stdout, o, findings, dir); err != nil {
		return err
	}
	return partial
}

// buildTool returns the absolute path of the gatherlint to run.
func buildTool(ctx context.Context, o *options, temp string) (string, error) {
	if o.tool != "" {
		return filepath.Abs(o.tool)
	}
	tool := filepath.Join(temp, "gatherlint.exe") // the suffix matters on Windows only
	if _, err := command(ctx, "", "go", "build", "-o", tool, "github.com/gatherlint/gatherlint/cmd/gatherlint"); err != nil {
		return "", fmt.Errorf("cannot build gatherlint: %w", err)
	}
	return tool, nil
}

// find runs gatherlint on packages of the module in dir and returns its sorted
// findings. The error partial says which packages could not be analysed; the
// findings of the others are valid.
func find(ctx context.Context, tool, dir, checks string, patterns []string) (findings []finding, partial, err error) {
	args := []string{"-json"}
	if checks != "" {
		args = append(args, "-checks="+checks)
	}
	out, runErr := command(ctx, dir, tool, append(args, patterns...)...)
	findings, err = decode(out, dir)
	if err != nil {
		return nil, nil, errors.Join(runErr, err)
	}
	if runErr != nil {
		partial = fmt.Errorf("not everything could be analysed: %w", runErr)
	}
	return findings, partial, nil
}

// timePackages fetches the module and measures its packages.
func timePackages(ctx context.Context, o *options, temp string, stdout io.Writer) (err error) {
	dir, report := "", io.Discard
	if o.module == "std" {
		if dir, err = goRoot(ctx); err != nil {
			return err
		}
	} else {
		if dir, err = filepath.Abs(cmp.Or(o.dir, filepath.Join(temp, "module"))); err != nil {
			return err
		}
		if err := fetch(ctx, o.module, dir, temp); err != nil {
			return err
		}
	}
	if o.report != "" {
		f, err := os.Create(o.report)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		report = f
	}
	costs, err := measure(ctx, dir, o, report)
	if err != nil {
		return err
	}
	printCosts(stdout, costs, o.top)
	return nil
}

// goRoot is the directory of the Go distribution that the go command belongs to.
func goRoot(ctx context.Context) (string, error) {
	out, err := command(ctx, "", "go", "env", "GOROOT")
	return strings.TrimSpace(string(out)), err
}
