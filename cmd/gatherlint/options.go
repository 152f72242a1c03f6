package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/analyzer"
)

// options are a command line, understood.
type options struct {
	dir             string // -C: where to run, "" for the working directory
	json, fix, diff bool
	quiet           bool     // -q: nothing about how far a run is
	baseline        string   // -baseline: the file with findings that are not reported, "" for none
	write, prune    bool     // -write-baseline, -prune-baseline
	newFrom         string   // -new-from: a revision of git, "" for none
	skip            []skip   // -skip
	noTests         bool     // -test=false
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
		{"baseline", "file", "report what is not in file, a list of findings"},
		{"write-baseline", "", "write all findings to the file of -baseline"},
		{"prune-baseline", "", "take what no longer occurs out of that file"},
		{"new-from", "rev", "report what is on lines changed since a revision of git"},
		{"skip", "glob", "leave out files and directories; may be repeated"},
		{"test", "", "with -test=false, report nothing in _test.go files"},
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
	o.register(fs)
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

// register defines the flags of the command itself.
func (o *options) register(fs *flag.FlagSet) {
	texts := map[string]*string{"C": &o.dir}
	bools := map[string]*bool{
		"json": &o.json, "q": &o.quiet, "fix": &o.fix, "diff": &o.diff, "write-baseline": &o.write, "prune-baseline": &o.prune,
	}
	read := map[string]func(string) error{
		"format": o.setFormat, "skip": o.addSkip, "o": needed(&o.out, "a file"), "baseline": needed(&o.baseline, "a file"),
		"new-from": o.setNewFrom,
	}
	for _, d := range ownFlags() {
		switch {
		case texts[d.name] != nil:
			fs.StringVar(texts[d.name], d.name, "", d.usage)
		case bools[d.name] != nil:
			fs.BoolVar(bools[d.name], d.name, false, d.usage)
		case read[d.name] != nil:
			fs.Func(d.name, d.usage, read[d.name])
		case d.name == "test":
			fs.BoolFunc(d.name, d.usage, func(s string) error {
				tests, err := strconv.ParseBool(s)
				if err != nil {
					return errors.New("it is true or false")
				}
				o.noTests = !tests
				return nil
			})
		default:
			fs.Func(d.name, d.usage, func(s string) error {
				o.build = append(o.build, "-"+d.name+"="+s)
				return nil
			})
		}
	}
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
	case o.json && o.selects() != "":
		return fmt.Errorf("flags -json and %s cannot be used together; -json is the JSON of go vet as it is, -format=json a report", o.selects())
	}
	return o.baselineContradiction(format)
}

// baselineContradiction is the same for the flags that write a baseline.
func (o *options) baselineContradiction(format bool) error {
	switch {
	case o.write && o.baseline == "":
		return errors.New("flag -write-baseline requires -baseline, which names the file")
	case o.prune && o.baseline == "":
		return errors.New("flag -prune-baseline requires -baseline, which names the file")
	case o.write && o.prune:
		return errors.New("flags -write-baseline and -prune-baseline cannot be used together; a baseline that is written has nothing to prune")
	case o.write && (o.fix || format || o.out != "" || o.newFrom != ""):
		return errors.New("flag -write-baseline cannot be used with -fix, -format, -o or -new-from; it writes all findings, and only the baseline")
	case o.prune && o.diff:
		return errors.New("flags -diff and -prune-baseline cannot be used together; -diff changes nothing")
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

// needed keeps a value that must not be empty.
func needed(value *string, what string) func(string) error {
	return func(s string) error {
		if s == "" {
			return fmt.Errorf("%s is needed", what)
		}
		*value = s
		return nil
	}
}

func (o *options) setNewFrom(rev string) error {
	if rev == "" || strings.HasPrefix(rev, "-") {
		return errors.New("a revision of git is needed, like main or HEAD~3")
	}
	o.newFrom = rev
	return nil
}

func (o *options) addSkip(glob string) error {
	s, err := parseSkip(glob)
	if err != nil {
		return err
	}
	o.skip = append(o.skip, s)
	return nil
}

// selects is the first flag that leaves findings out, "" if there is none.
func (o *options) selects() string {
	switch {
	case o.baseline != "":
		return "-baseline"
	case o.newFrom != "":
		return "-new-from"
	case len(o.skip) > 0:
		return "-skip"
	case o.noTests:
		return "-test"
	}
	return ""
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
