package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/analyzer"
)

// options are a command line, understood.
type options struct {
	dir             string // -C: where to run, "" for the working directory
	json, fix, diff bool
	quiet           bool     // -q: nothing about how far a run is
	format          string   // one of formats()
	out             string   // -o: the file of the output, "" for stdout
	build           []string // build flags, for go list and go vet
	tool            []string // flags of the analyzer, for go vet
	checks          string   // the value of the analyzer's flag -checks
	patterns        []string // never empty
}

// A flagDoc is a flag of the command itself, as help shows it.
type flagDoc struct{ name, arg, usage string }

// ownFlags lists the flags of the command, in the order of the help text.
func ownFlags() []flagDoc {
	return []flagDoc{
		{"C", "dir", "run in dir; printed paths stay relative to where you are"},
		{"format", "name", "text, short (a line a finding), json, sarif, github or html"},
		{"o", "file", "write to file instead of stdout, as a whole or not at all"},
		{"json", "", "print the JSON of go vet; the exit code is 0 with findings"},
		{"q", "", "do not say on stderr how far a long run is"},
		{"fix", "", "apply the fixes, then print the findings that remain"},
		{"diff", "", "with -fix, print the changes as a diff and change nothing"},
		{"tags", "list", "build tags, as for go build"},
		{"mod", "mode", "module mode, as for go build"},
		{"modfile", "file", "another go.mod, as for go build"},
		{"overlay", "file", "a JSON file that replaces sources, as for go build"},
	}
}

// recorder is a flag of the analyzer. It keeps the text that set it, because
// go vet has to be told the same, and String need not give back what Set took.
type recorder struct {
	flag.Value
	name string
	args *[]string
}

func (r recorder) Set(s string) error {
	if err := r.Value.Set(s); err != nil {
		return err
	}
	*r.args = append(*r.args, "-"+r.name+"="+s)
	return nil
}

func (r recorder) IsBoolFlag() bool { return isBool(r.Value) }

func isBool(v flag.Value) bool {
	b, ok := v.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}

// parseOptions reads a command line. All errors are errors of usage. The flags
// of the analyzer are set on the way, so that a bad value is found before go
// vet is started.
func parseOptions(args []string, a *analysis.Analyzer) (*options, error) {
	o := &options{format: "text"}
	fs := flag.NewFlagSet("gatherlint", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	for _, d := range ownFlags() {
		switch d.name {
		case "C":
			fs.StringVar(&o.dir, d.name, "", d.usage)
		case "json":
			fs.BoolVar(&o.json, d.name, false, d.usage)
		case "q":
			fs.BoolVar(&o.quiet, d.name, false, d.usage)
		case "fix":
			fs.BoolVar(&o.fix, d.name, false, d.usage)
		case "format":
			fs.Func(d.name, d.usage, o.setFormat)
		case "o":
			fs.Func(d.name, d.usage, o.setOut)
		case "diff":
			fs.BoolVar(&o.diff, d.name, false, d.usage)
		default:
			fs.Func(d.name, d.usage, func(s string) error {
				o.build = append(o.build, "-"+d.name+"="+s)
				return nil
			})
		}
	}
	a.Flags.VisitAll(func(f *flag.Flag) {
		// The driver behind the vet tool drops such a flag as well.
		if fs.Lookup(f.Name) == nil && f.Name != analyzer.ExplainFlag {
			fs.Var(recorder{f.Value, f.Name, &o.tool}, f.Name, f.Usage)
		}
	})
	if err := fs.Parse(args); err != nil {
		return nil, usageError(err, fs)
	}
	o.patterns = fs.Args()
	for _, p := range o.patterns {
		if strings.HasPrefix(p, "-") {
			return nil, fmt.Errorf("flag %s comes after the packages; flags come first", p)
		}
	}
	if len(o.patterns) == 0 {
		o.patterns = []string{"./..."}
	}
	if err := o.contradiction(fs); err != nil {
		return nil, err
	}
	if f := a.Flags.Lookup("checks"); f != nil {
		o.checks = f.Value.String()
	}
	if !o.json && a.Flags.Lookup("actors") != nil {
		o.tool = append(o.tool, "-actors=true")
	}
	return o, nil
}

// contradiction is the error of flags that cannot be used together.
func (o *options) contradiction(fs *flag.FlagSet) error {
	format := false
	fs.Visit(func(f *flag.Flag) { format = format || f.Name == "format" })
	switch {
	case o.diff && !o.fix:
		return errors.New("flag -diff requires -fix")
	case o.json && o.fix:
		return errors.New("flags -json and -fix cannot be used together; the output of -json contains the fixes")
	case o.json && format:
		return errors.New("flags -json and -format cannot be used together; -json is the JSON of go vet, -format=json a report")
	case o.diff && format:
		return errors.New("flags -diff and -format cannot be used together; a diff has one format")
	}
	return nil
}

// formats are the names that -format takes.
func formats() []string { return []string{"text", "short", "json", "sarif", "github", "html"} }

func (o *options) setFormat(name string) error {
	if !slices.Contains(formats(), name) {
		hint := ""
		if n := analyzer.Nearest(name, formats()); n != "" {
			hint = ", did you mean " + n
		}
		return fmt.Errorf("unknown format%s; the formats are %s", hint, strings.Join(formats(), ", "))
	}
	o.format = name
	return nil
}

func (o *options) setOut(file string) error {
	if file == "" {
		return errors.New("a file is needed")
	}
	o.out = file
	return nil
}

// usageError makes an error of package flag one line that helps.
func usageError(err error, fs *flag.FlagSet) error {
	if errors.Is(err, flag.ErrHelp) {
		return errors.New(`flag -h comes after others; run "gatherlint help"`)
	}
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !unknown {
		return err
	}
	var names []string
	fs.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	if n := analyzer.Nearest(name, names); n != "" {
		return fmt.Errorf(`unknown flag -%s; did you mean -%s? Run "gatherlint help" for all flags`, name, n)
	}
	return fmt.Errorf(`unknown flag -%s; run "gatherlint help" for all flags`, name)
}
