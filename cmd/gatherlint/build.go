package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/gatherlint/gatherlint/analyzer"
)

// A target is a program that "gatherlint build" makes with gatherlint inside.
type target struct {
	name, about string
	flags       []string // names of buildFlags that it takes
	// run makes the program and puts it at b.built. It sets b.made to its name
	// and version.
	run func(ctx context.Context, b *builder) error
}

// targets are the programs, in the order of the help text.
func targets() []target {
	return []target{golangciTarget(), goplsTarget()}
}

// A builder is one run of "gatherlint build". The fields that stand for a flag
// are empty when the flag is not given.
type builder struct {
	env     env
	version string // -version: of the program to build
	checks  string // -checks: the value of the analyzer's flag, valid
	source  string // -source
	goPath  string // the go command
	environ []string
	temp    string     // the directory of a module of our own, removed in the end
	self    selfModule // how that module requires gatherlint
	built   string     // the file that run makes, in temp
	made    string     // what run made, for people
}

// buildFlags lists the flags of all targets, in the order of the help text.
func buildFlags() []flagDoc {
	return []flagDoc{
		{"o", "file", "write the program to file; the default is TARGET-gatherlint in the working directory"},
		{"version", "version", "build this version of the program"},
		{"checks", "list", "the checks that run, as for gatherlint"},
		{"source", "dir", "take gatherlint from its source in dir, not in its released version"},
	}
}

// takes says whether a target has a flag.
func (t target) takes(flagName string) bool {
	return flagName == "o" || flagName == "source" || slices.Contains(t.flags, flagName)
}

// A badUsage is an error of the command line.
type badUsage struct{ error }

func (b badUsage) Unwrap() error { return b.error }

// build makes a program with gatherlint inside and returns the exit code.
func (e env) build(args []string, all []target) int {
	return interruptible(func(ctx context.Context) int { return e.buildNamed(ctx, args, all) })
}

// buildNamed is build, for as long as the context lives.
func (e env) buildNamed(ctx context.Context, args []string, all []target) int {
	if len(args) > 0 {
		switch args[0] {
		case "help", "-h", "-help", "--help":
			fmt.Fprint(e.stdout, buildUsage(all))
			return exitClean
		}
	}
	var names []string
	for _, t := range all {
		names = append(names, t.name)
	}
	err := error(badUsage{fmt.Errorf("build needs a target: %s", strings.Join(names, " or "))})
	if len(args) > 0 {
		err = badUsage{fmt.Errorf("unknown target %q; the targets are %s", args[0], strings.Join(names, " and "))}
		if i := slices.Index(names, args[0]); i >= 0 {
			err = e.buildTarget(ctx, all[i], args[1:])
		}
	}
	switch {
	case err == nil:
		return exitClean
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(e.stdout, buildUsage(all))
		return exitClean
	case errors.As(err, new(badUsage)):
		e.failf("%v", err)
		return exitUsage
	}
	return e.failf("%v", err)
}

// buildUsage is the help text of "gatherlint build".
func buildUsage(all []target) string {
	var b strings.Builder
	b.WriteString("Gatherlint build makes a program that has gatherlint inside, from the module proxy.\n\nusage: gatherlint build TARGET [flags]\n\nTargets:\n")
	for _, t := range all {
		fmt.Fprintf(&b, "  %-16s %s\n", t.name, t.about)
	}
	b.WriteString("\nFlags:\n")
	for _, d := range buildFlags() {
		var takers []string
		for _, t := range all {
			if t.takes(d.name) {
				takers = append(takers, t.name)
			}
		}
		switch {
		case len(takers) == len(all):
			fmt.Fprintf(&b, "  %-16s %s\n", "-"+d.name+" "+d.arg, d.usage)
		case len(takers) > 0:
			fmt.Fprintf(&b, "  %-16s %s (%s)\n", "-"+d.name+" "+d.arg, d.usage, strings.Join(takers, ", "))
		}
	}
	return b.String()
}

// buildTarget reads the flags of a target and makes it.
func (e env) buildTarget(ctx context.Context, t target, args []string) (err error) {
	b := &builder{env: e}
	output, err := b.parse(t, args)
	if err != nil {
		return badUsage{err}
	}
	if err := b.findGo(ctx); err != nil {
		return err
	}
	output, err = b.outputFile(ctx, t, output)
	if err != nil {
		return err
	}
	staged, err := reserve(output)
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(staged) }() // it is gone when all went well
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	if b.self, err = b.findSelf(ctx, info); err != nil {
		return err
	}
	if b.temp, err = os.MkdirTemp("", "gatherlint-build-"); err != nil {
		return fmt.Errorf("cannot make a directory to build in: %w", err)
	}
	defer func() {
		if e := os.RemoveAll(b.temp); err == nil && e != nil {
			err = fmt.Errorf("cannot remove the directory of the build: %w", e)
		}
	}()
	b.built = filepath.Join(b.temp, "built-program")
	if err := t.run(ctx, b); err != nil {
		return err
	}
	if err := install(b.built, staged, output); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%s with gatherlint %s: %s\n", b.made, b.self, e.rel(output))
	return nil
}

// parse reads the flags of a target and returns the value of -o.
func (b *builder) parse(t target, args []string) (output string, err error) {
	fs := flag.NewFlagSet(t.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	places := map[string]*string{"o": &output, "version": &b.version, "checks": &b.checks, "source": &b.source}
	var names []string
	for _, d := range buildFlags() {
		if t.takes(d.name) {
			names = append(names, "-"+d.name)
			fs.StringVar(places[d.name], d.name, "", d.usage)
		}
	}
	if err := fs.Parse(args); err != nil {
		if name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: "); ok {
			return "", fmt.Errorf("unknown flag %s; the flags of build %s are %s", name, t.name, strings.Join(names, ", "))
		}
		return "", err
	}
	if fs.NArg() > 0 {
		return "", fmt.Errorf("unexpected argument %q; build %s takes flags only", fs.Arg(0), t.name)
	}
	fs.Visit(func(f *flag.Flag) {
		if err == nil && f.Value.String() == "" {
			err = fmt.Errorf("flag -%s is empty", f.Name)
		}
	})
	if err != nil {
		return "", err
	}
	if err := (analyzer.Options{Checks: b.checks}).Validate(); err != nil {
		return "", fmt.Errorf("invalid value %q for flag -checks: %w", b.checks, err)
	}
	return output, nil
}

// say tells the user what is going on. A build takes minutes the first time.
func (b *builder) say(format string, args ...any) {
	fmt.Fprintf(b.env.stderr, "gatherlint: "+format+"\n", args...)
}

// writeFile writes a file of the module of our own.
func (b *builder) writeFile(name, text string) error {
	path := filepath.Join(b.temp, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	return nil
}

// outputFile is the absolute path of the program to make. Links are followed,
// because renaming would replace them.
func (b *builder) outputFile(ctx context.Context, t target, output string) (string, error) {
	if output == "" {
		suffix, err := b.goRun(ctx, b.env.dir, "find out what programs are called here", "env", "GOEXE")
		if err != nil {
			return "", err
		}
		output = t.name + "-gatherlint" + strings.TrimSpace(suffix)
	}
	path := output
	if !filepath.IsAbs(path) {
		path = filepath.Join(b.env.dir, path)
	}
	fi, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return path, nil
	case err != nil:
		return "", fmt.Errorf("cannot write %s: %w", output, err)
	case fi.IsDir():
		return "", fmt.Errorf("cannot write %s: it is a directory", output)
	case !fi.Mode().IsRegular():
		return "", fmt.Errorf("cannot write %s: it is not a regular file", output)
	}
	return filepath.EvalSymlinks(path)
}

// reserve makes an empty file beside the output, so that a directory that
// cannot be written is found before the build and not after it.
func reserve(output string) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(output), ".gatherlint-*")
	if err != nil {
		if pe := (*os.PathError)(nil); errors.As(err, &pe) {
			err = pe.Err // the name of the temporary file says nothing
		}
		return "", fmt.Errorf("cannot write %s: %w", output, err)
	}
	return f.Name(), f.Close()
}

// install copies a program to the file that was reserved and gives that the
// name of the output: whoever runs the output sees the old program or the new
// one, and nothing between.
func install(built, staged, output string) (err error) {
	in, err := os.Open(built)
	if err != nil {
		return fmt.Errorf("the build left no program: %w", err)
	}
	defer in.Close() // only read
	out, err := os.OpenFile(staged, os.O_WRONLY|os.O_TRUNC, 0o777)
	if err == nil {
		_, err = io.Copy(out, bufio.NewReader(in))
		err = errors.Join(err, out.Chmod(0o755), out.Close())
	}
	if err == nil {
		err = os.Rename(staged, output)
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", output, err)
	}
	return nil
}

// findGo finds the go command and the environment to run it in: the user's,
// but for what would bind it to another module than ours.
func (b *builder) findGo(ctx context.Context) error {
	path, err := exec.LookPath("go")
	if err != nil {
		return errors.New("cannot find the go command in PATH; gatherlint build runs go build underneath")
	}
	b.goPath = path
	b.environ = append(os.Environ(), "GOWORK=off", "GO111MODULE=on")
	// It may come from the file of go env -w, so the environment is not enough.
	flags, err := b.goRun(ctx, b.env.dir, "read the settings of the go command", "env", "GOFLAGS")
	if err != nil {
		return err
	}
	b.environ = append(b.environ, "GOFLAGS="+foreignFlags(flags))
	return nil
}

// foreignFlags returns the value of GOFLAGS without the flags that are about
// the module in which the user stands, or change what the go command prints.
func foreignFlags(goflags string) string {
	var kept []string
	for _, word := range goflagsWord.FindAllString(goflags, -1) {
		name, _, _ := strings.Cut(strings.TrimLeft(strings.Trim(word, `'"`), "-"), "=")
		if !slices.Contains([]string{"mod", "modfile", "overlay", "json", "v", "x", "n", "C", "o"}, name) {
			kept = append(kept, word)
		}
	}
	return strings.Join(kept, " ")
}

// goflagsWord is a word of GOFLAGS, which may stand in quotes as a whole.
var goflagsWord = regexp.MustCompile(`'[^']*'|"[^"]*"|[^\s'"]\S*`)
