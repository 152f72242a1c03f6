package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A pkg is a package as go list describes it.
type pkg struct {
	ImportPath string
	Dir        string
	Standard   bool
	Module     *struct {
		Main bool
		Dir  string
	}
	Error      *pkgError
	DepsErrors []*pkgError

	GoFiles, CgoFiles, TestGoFiles, XTestGoFiles []string
}

// objects is the number of objects that go vet writes about a package: one for
// the package with its tests, and one for its external tests.
func (p pkg) objects() int {
	n := 0
	if len(p.GoFiles)+len(p.CgoFiles)+len(p.TestGoFiles) > 0 {
		n++
	}
	if len(p.XTestGoFiles) > 0 {
		n++
	}
	return n
}

// A pkgError is why a package cannot be loaded.
type pkgError struct{ Pos, Err string }

// A result is what go vet said about the packages of a command line.
type result struct {
	packages []pkg    // those that the patterns match, without the broken ones
	objects  []object // in the order of the package ids
	messages []string // for stderr
	failed   bool     // the messages say why something was not analysed
}

// fail adds the reason why something was not analysed.
func (r *result) fail(messages ...string) {
	r.failed = true
	r.note(messages...)
}

// note adds messages, except those that are there already.
func (r *result) note(messages ...string) {
	for _, m := range messages {
		if !slices.Contains(r.messages, m) {
			r.messages = append(r.messages, m)
		}
	}
}

// load lists the packages of the command line and runs go vet on them. The
// result is never nil; its messages tell of all errors but an interrupt.
func (g *goCmd) load(ctx context.Context, o *options) (*result, error) {
	r := &result{}
	// Listing first is cheap next to the analysis. It counts the packages,
	// and finds the patterns that match nothing, which go vet passes over, and
	// the broken packages, for which go vet gives up all others.
	broken, err := g.list(ctx, o, r)
	if err != nil || len(r.packages) == 0 {
		return r, err
	}
	targets := o.patterns
	if broken {
		targets = importPaths(r.packages)
	}
	analysed, err := g.ask(ctx, o, r, targets)
	if err != nil || analysed || !r.failed {
		return r, err
	}
	// A package that imports what does not exist makes go vet give up before
	// it analyses anything. That shows only when imports are followed, which
	// takes too long to be done every time.
	good, err := g.withoutBrokenImports(ctx, o)
	if err != nil || len(good) == 0 || len(good) == len(r.packages) {
		return r, err
	}
	r.packages = good
	_, err = g.ask(ctx, o, r, importPaths(good))
	return r, err
}

// ask runs go vet on the packages of the result, and again on those whose
// findings were not looked for when go vet kept what it knows of them. It says
// whether go vet got as far as analysing packages.
func (g *goCmd) ask(ctx context.Context, o *options, r *result, targets []string) (analysed bool, err error) {
	analysed, err = g.vet(ctx, o, r, askedNamed, targets)
	if again := r.unanswered(); err == nil && len(again) > 0 {
		_, err = g.vet(ctx, o, r, askedAll, importPaths(again))
	}
	r.keepNamed()
	for _, obj := range r.objects {
		if len(obj.errors) > 0 {
			r.fail(obj.errors...)
		}
	}
	return analysed, err
}

// nothingMatched is the warning of the go command for a pattern.
var nothingMatched = regexp.MustCompile(`(?m)^go: warning: "(.*)" matched no packages\n?`)

// list finds the packages of the patterns. It says whether some of them are
// broken, or some patterns match nothing.
func (g *goCmd) list(ctx context.Context, o *options, r *result) (broken bool, err error) {
	all, stderr, err := g.listJSON(ctx, o, "-find")
	if err != nil && !ended(err) {
		return true, interrupted(err, r)
	}
	for _, m := range nothingMatched.FindAllStringSubmatch(string(stderr), -1) {
		broken = true
		r.fail(fmt.Sprintf("pattern %q matches no packages", m[1]))
	}
	messages := g.tidy(nothingMatched.ReplaceAll(stderr, nil))
	if err != nil {
		if text := g.noModule(ctx, string(stderr)); text != "" {
			messages = []string{text}
		}
		if len(messages) == 0 {
			messages = []string{"cannot list the packages: " + err.Error()}
		}
		r.fail(messages...)
		return true, nil
	}
	r.note(messages...)
	for _, p := range all {
		if p.Dir != "" && g.skips(o, p.Dir) {
			broken = true // go vet must not be given the pattern
			continue
		}
		if p.Error != nil {
			broken = true
			r.fail(g.explain(ctx, p))
			continue
		}
		r.packages = append(r.packages, p)
	}
	if len(r.packages) == 0 && !r.failed {
		if len(all) > 0 {
			r.fail("-skip leaves no package to analyse")
		} else {
			r.fail(fmt.Sprintf("no packages match %s", strings.Join(o.patterns, " ")))
		}
	}
	return broken, nil
}

// noModule returns a clear message if that of the go command, which may speak
// of directories outside of the main module, comes from there being no module.
func (g *goCmd) noModule(ctx context.Context, message string) string {
	if strings.Contains(message, "does not contain modules listed in go.work") {
		return g.outsideWorkspace(ctx)
	}
	if !strings.Contains(message, "does not contain main module") && !strings.Contains(message, "go.mod file not found") {
		return ""
	}
	gomod, _, err := g.run(ctx, "env", "GOMOD")
	if err != nil || strings.TrimSpace(string(gomod)) != os.DevNull {
		return ""
	}
	return fmt.Sprintf("no go.mod in %s or any directory above it: gatherlint needs a module", g.dir)
}

// outsideWorkspace says what to type where a pattern of directories has none of
// the workspace's modules below it, as at its root; "" if go.work names none.
func (g *goCmd) outsideWorkspace(ctx context.Context) string {
	dirs, _, err := g.run(ctx, "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return ""
	}
	const most = 4
	var patterns []string
	for dir := range strings.Lines(string(dirs)) {
		if rel, err := filepath.Rel(g.dir, strings.TrimRight(dir, "\r\n")); err == nil {
			patterns = append(patterns, "./"+filepath.ToSlash(filepath.Join(rel, "...")))
		}
	}
	if len(patterns) == 0 {
		return ""
	}
	if len(patterns) > most {
		patterns = append(patterns[:most], "and so on")
	}
	return fmt.Sprintf("no module of the workspace (go.work) is in %s itself; name the modules: %s, or work for all", g.dir, strings.Join(patterns, " "))
}

// explain words the error of a package, which stands for the whole pattern if
// that matches nothing.
func (g *goCmd) explain(ctx context.Context, p pkg) string {
	message := p.Error.Err
	if text := g.noModule(ctx, message); text != "" {
		return text
	}
	switch {
	case p.Error.Pos != "":
		message = p.Error.Pos + ": " + message
	case !strings.Contains(message, p.ImportPath):
		message = p.ImportPath + ": " + message
	}
	return strings.Join(g.tidy([]byte(message)), "\n")
}

// withoutBrokenImports lists the packages that go vet can load.
func (g *goCmd) withoutBrokenImports(ctx context.Context, o *options) ([]pkg, error) {
	all, _, err := g.listJSON(ctx, o)
	if errors.Is(err, errInterrupted) {
		return nil, err
	}
	return slices.DeleteFunc(all, func(p pkg) bool {
		return p.Error != nil || len(p.DepsErrors) > 0 || p.Dir != "" && g.skips(o, p.Dir)
	}), nil
}

// listJSON runs go list, with errors as part of its output.
func (g *goCmd) listJSON(ctx context.Context, o *options, flags ...string) ([]pkg, []byte, error) {
	args := append([]string{"list", "-e", "-json=ImportPath,Dir,Standard,Module,Error,DepsErrors,GoFiles,CgoFiles,TestGoFiles,XTestGoFiles"}, flags...)
	args = append(append(args, o.build...), o.patterns...)
	stdout, stderr, err := g.run(ctx, args...)
	if err != nil {
		return nil, stderr, err
	}
	var all []pkg
	for dec := json.NewDecoder(bytes.NewReader(stdout)); ; {
		var p pkg
		if err := dec.Decode(&p); err == io.EOF {
			return all, stderr, nil
		} else if err != nil {
			return nil, stderr, fmt.Errorf("unexpected output: %w", err)
		}
		all = append(all, p)
	}
}

func importPaths(packages []pkg) []string {
	var paths []string
	for _, p := range packages {
		paths = append(paths, p.ImportPath)
	}
	return paths
}

// maxArgs bounds the bytes of package paths in one command line. Windows
// allows 32767 in all.
const maxArgs = 24 << 10

// vet runs go vet with this executable as its tool and adds what it says to
// the result. It says whether go vet got as far as analysing packages.
func (g *goCmd) vet(ctx context.Context, o *options, r *result, asked string, targets []string) (analysed bool, err error) {
	// With -trimpath, which GOFLAGS may set, two copies of a module share results,
	// and what is said of one has the paths of the other.
	args := append([]string{"vet", "-vettool=" + g.env.exe, "-trimpath=false", "-json", "-" + askedFlag + "=" + asked}, o.build...)
	args = append(args, o.tool...)
	progress := g.env.startProgress(o, r.packages)
	defer progress.stop()
	for len(targets) > 0 {
		n, size := 0, 0
		for n < len(targets) && (n == 0 || size+len(targets[n]) < maxArgs) {
			size += len(targets[n]) + 1
			n++
		}
		stdout, stderr, err := g.watch(ctx, progress, append(slices.Clone(args), targets[:n]...)...)
		targets = targets[n:]
		stdout, stderr = splitJSON(stdout, stderr)
		if err != nil && !ended(err) {
			return analysed, interrupted(err, r)
		}
		messages := g.tidy(nothingMatched.ReplaceAll(stderr, nil))
		if err != nil {
			if len(messages) == 0 {
				messages = []string{"go vet: " + err.Error()}
			}
			r.fail(messages...)
		}
		r.note(messages...)
		objects, err := decodeObjects(stdout)
		if err != nil {
			r.fail("cannot read the output of go vet: " + err.Error())
		}
		analysed = analysed || len(objects) > 0
		r.objects = append(r.objects, objects...)
	}
	return analysed, nil
}

// splitJSON moves the objects that go vet before Go 1.26 writes to stderr to
// where later ones write them. An object begins and ends at the beginning of a
// line, and no line of it but the first and last begins with a brace.
func splitJSON(stdout, stderr []byte) (objects, messages []byte) {
	objects, inside := stdout, false
	for line := range bytes.Lines(stderr) {
		text := string(bytes.TrimRight(line, "\r\n"))
		switch {
		case inside:
			inside = text != "}"
		case text == "{":
			inside = true
		case text != "{}" && !strings.HasPrefix(text, `{"":`):
			messages = append(messages, line...)
			continue
		}
		objects = append(objects, line...)
	}
	return objects, messages
}

// interrupted passes an interrupt on; any other reason why the go command did
// not run is a failure like all others.
func interrupted(err error, r *result) error {
	if errors.Is(err, errInterrupted) {
		return err
	}
	r.fail("cannot run the go command: " + err.Error())
	return nil
}
