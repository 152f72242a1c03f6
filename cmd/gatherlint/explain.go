package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/analyzer"
	"github.com/gatherlint/gatherlint/internal/report"
)

const explainUsage = `usage: gatherlint explain CHECK
       gatherlint explain [flags] FILE:LINE

The first prints the documentation of a check. The second tells what gatherlint
sees of the fan-out in that line: verdict, group, contexts, channels and tasks,
and what is not known and so not judged. The flags are -C, -format (text, json
or html), -o, -q, -leaks-in-tests, -groups, -tags, -mod, -modfile and -overlay, as for
gatherlint, and may stand before the word explain too.

Exit codes: 0 explained, 1 nothing to explain or not analysed, 2 wrong usage,
130 interrupted
`

// A question is a line of a file that a user asks about.
type question struct {
	shown string // as the user wrote it, without a column
	file  string // absolute
	line  int
}

// explain does "gatherlint explain" and returns the exit code.
func (e env) explain(args []string, a *analysis.Analyzer) int {
	if len(args) > 0 && slices.Contains([]string{"help", "-h", "-help", "--help"}, args[0]) {
		fmt.Fprint(e.stdout, explainUsage)
		return exitClean
	}
	if len(args) == 1 && !strings.HasPrefix(args[0], "-") && !strings.Contains(args[0], ":") && !strings.HasSuffix(args[0], ".go") {
		return e.help(args, a)
	}
	o, q, err := e.parseQuestion(args, a)
	if err != nil {
		fmt.Fprintf(e.stderr, "gatherlint: %v\n", err)
		return exitUsage
	}
	return interruptible(func(ctx context.Context) int { return e.answer(ctx, o, q) })
}

// answer writes what there is to say to a question and returns the exit code.
func (e env) answer(ctx context.Context, o *options, q *question) int {
	list, err := e.ask(ctx, o, q)
	switch {
	case errors.Is(err, errSaid):
		return exitFailed
	case err != nil:
		return e.failf("%v", err)
	}
	out, err := e.open(o.out)
	if err != nil {
		return e.failf("cannot write %s: %v", o.out, err)
	}
	defer out.discard()
	if err := e.writeExplanations(out, o.format, list); err != nil {
		return e.failf("cannot write the explanation: %v", err)
	}
	if err := out.commit(); err != nil {
		return e.failf("cannot write the explanation: %v", err)
	}
	return exitClean
}

// parseQuestion reads the command line. All errors are errors of usage.
func (e env) parseQuestion(args []string, a *analysis.Analyzer) (*options, *question, error) {
	if len(args) == 0 {
		return nil, nil, errors.New("explain needs a check, or a line as FILE:LINE")
	}
	o, err := parseOptions(args, a)
	if err != nil {
		return nil, nil, err
	}
	switch {
	case o.json || o.fix || o.checks != "" && slices.ContainsFunc(args, func(s string) bool { return strings.HasPrefix(strings.TrimLeft(s, "-"), "checks") }):
		return nil, nil, errors.New("flags -json, -fix, -diff and -checks cannot be used with explain; it asks all checks")
	case o.selects() != "":
		return nil, nil, fmt.Errorf("flag %s cannot be used with explain", o.selects())
	case !slices.Contains([]string{"text", "json", "html"}, o.format):
		return nil, nil, fmt.Errorf("explain has no format %s; its formats are text, json and html", o.format)
	case len(o.patterns) != 1 || !strings.Contains(o.patterns[0], ":"):
		return nil, nil, fmt.Errorf("explain needs one line as FILE:LINE, not %q", strings.Join(o.patterns, " "))
	}
	base := e.dir
	if o.dir != "" {
		base = absolute(e.dir, o.dir)
	}
	q, err := e.question(base, o.patterns[0])
	if err != nil {
		return nil, nil, err
	}
	// Go runs where the file is, so that its module is the main one.
	o.dir, o.patterns = filepath.Dir(q.file), []string{"."}
	for i, flag := range o.build {
		for _, name := range []string{"-overlay=", "-modfile="} {
			if file, ok := strings.CutPrefix(flag, name); ok && file != "" {
				o.build[i] = name + absolute(base, file)
			}
		}
	}
	o.tool = slices.DeleteFunc(o.tool, func(s string) bool { return strings.HasPrefix(s, "-actors") })
	o.tool = append(o.tool, "-"+analyzer.ExplainFlag+"=true")
	return o, q, nil
}

func absolute(dir, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

// question reads FILE:LINE; FILE:LINE:COLUMN, as editors and compilers write it,
// means the same.
func (e env) question(dir, text string) (*question, error) {
	p := parsePosn(text)
	if p.line == 0 || p.file == "" {
		i := strings.LastIndexByte(text, ':')
		return nil, fmt.Errorf("%q is no line number; explain needs FILE:LINE", text[i+1:])
	}
	if p.line < 0 {
		return nil, fmt.Errorf("line %d: lines count from 1", p.line)
	}
	if !strings.HasSuffix(p.file, ".go") {
		return nil, fmt.Errorf("%s is no Go file", p.file)
	}
	q := &question{file: absolute(dir, p.file), line: p.line}
	q.shown = p.file + ":" + strconv.Itoa(p.line)
	data, err := readRegular(q.file, maxAsked)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("%s: no such file", p.file)
	case err != nil:
		return nil, fmt.Errorf("cannot read %s: %w", p.file, err)
	}
	if n := strings.Count(strings.TrimSuffix(string(data), "\n"), "\n") + 1; p.line > n {
		return nil, fmt.Errorf("%s has %s", q.shown, plural(n, "line")+" only")
	}
	return q, nil
}

// ask runs the analyzer on the package of the file and returns what it says about
// the line. The error is errSaid if the reason is on stderr already.
func (e env) ask(ctx context.Context, o *options, q *question) ([]*analyzer.Explanation, error) {
	g, err := newGoCmd(e, o.dir)
	if err != nil {
		return nil, err
	}
	r, err := g.load(ctx, o)
	if err != nil {
		return nil, err
	}
	name := filepath.Base(q.file)
	if r.failed && len(r.objects) == 0 {
		e.printMessages(r)
		return nil, errSaid
	}
	if len(r.packages) == 1 && !r.packages[0].has(name) {
		return nil, fmt.Errorf("%s is not part of the package in its directory: build tags, GOOS or GOARCH leave it out", q.shown[:strings.LastIndexByte(q.shown, ':')])
	}
	e.printMessages(r)
	var all []*analyzer.Explanation
	for _, f := range r.findings() {
		if f.Category != analyzer.ExplainCategory {
			continue
		}
		x, err := analyzer.ParseExplanation(f.Message)
		if err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	list, others := about(all, name, q.line)
	if len(list) == 0 {
		return nil, errors.New(nothingAt(all, q, name))
	}
	if len(others) > 0 {
		var in []string
		for _, x := range others {
			found := ""
			if len(x.Found()) > 0 {
				found = ", with a finding"
			}
			in = append(in, fmt.Sprintf("%s (%s:%d%s)", x.Spawner, e.rel(x.At.File), x.At.Line, found))
		}
		fmt.Fprintf(e.stderr, "gatherlint: %s is also part of %s: %s\n", q.shown, plural(len(others), "other fan-out"), strings.Join(in, ", "))
	}
	return list, nil
}

var errSaid = errors.New("not analysed")

// has says whether a file is one of those that are analysed.
func (p pkg) has(name string) bool {
	for _, files := range [][]string{p.GoFiles, p.CgoFiles, p.TestGoFiles, p.XTestGoFiles} {
		if slices.Contains(files, name) {
			return true
		}
	}
	return false
}

// sameFile compares files of one package, which share a directory.
func sameFile(a, name string) bool { return filepath.Base(a) == name }

// about selects what covers the line: those with a finding there, or else the spawners that
// it stands in, or else those that have it in a task, or else in what they call, with
// findings first; tests that run it come last if the line is in no test itself. Of the best kind there are a few; others are all the rest that cover
// the line. Without any, there is nothing.
func about(all []*analyzer.Explanation, name string, line int) (list, others []*analyzer.Explanation) {
	const few = 3
	covers := func(s analyzer.Extent) bool { return s.Covers(name, line, sameFile) }
	distance := map[*analyzer.Explanation]int{}
	for _, x := range all {
		at := filepath.Base(x.At.File)
		n := 0
		switch {
		case slices.ContainsFunc(x.Source, func(s analyzer.Extent) bool { return covers(s) && s.Covers(at, x.At.Line, sameFile) }):
		case slices.ContainsFunc(x.Source, covers):
			n = 1
		case slices.ContainsFunc(x.Called, covers):
			n = 2
		default:
			continue
		}
		if isTest(at) && !isTest(name) {
			n += few
		}
		if slices.ContainsFunc(x.Found(), func(at analyzer.Spot) bool { return at.Line == line && sameFile(at.File, name) }) {
			n = -1
		}
		distance[x] = n
		list = append(list, x)
	}
	slices.SortStableFunc(list, func(a, b *analyzer.Explanation) int {
		return cmp.Or(distance[a]-distance[b], min(len(b.Found()), 1)-min(len(a.Found()), 1))
	})
	n := 0
	for n < len(list) && n < few && distance[list[n]] == distance[list[0]] {
		n++
	}
	return list[:n], list[n:]
}

func isTest(file string) bool { return strings.HasSuffix(file, "_test.go") }

// nothingAt says where there would be something to explain.
func nothingAt(all []*analyzer.Explanation, q *question, name string) string {
	var in []string
	for _, x := range all {
		if sameFile(x.At.File, name) {
			in = append(in, fmt.Sprintf("%s (line %d)", x.Spawner, x.At.Line))
		}
	}
	if len(in) == 0 {
		return fmt.Sprintf("no fan-out at %s, and none in the file", q.shown)
	}
	return fmt.Sprintf("no fan-out at %s; the fan-outs of the file are: %s", q.shown, strings.Join(in, ", "))
}

// writeExplanations writes in one of the formats text, json and html.
func (e env) writeExplanations(w io.Writer, format string, list []*analyzer.Explanation) error {
	if format == "text" {
		for i, x := range list {
			if i > 0 {
				fmt.Fprintln(w)
			}
			if _, err := io.WriteString(w, report.Plain(x.Text(e.rel))); err != nil {
				return err
			}
		}
		return nil
	}
	var pages []report.Explanation
	for _, x := range list {
		page := report.Explanation{Title: x.Title, At: report.Place{File: e.below(x.At.File), Line: x.At.Line}}
		for _, s := range x.Sections {
			page.Sections = append(page.Sections, report.ExplainPart{Text: s.Title, Parts: e.parts(s.Items)})
		}
		for _, s := range x.Drawing {
			step := report.Step{
				Place: report.Place{File: e.below(s.At.File), Line: s.At.Line}, Text: s.Text,
				Actor: report.Actor{Kind: s.Actor.Kind, Name: s.Actor.Name},
			}
			if s.On.Kind != "" {
				step.On = &report.Actor{Kind: s.On.Kind, Name: s.On.Name}
			}
			page.Strokes = append(page.Strokes, step)
		}
		pages = append(pages, page)
	}
	if format == "html" {
		return report.ExplainHTML(w, moduleVersion(), pages, func(file string) ([]byte, error) {
			return os.ReadFile(absolute(e.dir, filepath.FromSlash(file)))
		})
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	if err := enc.Encode(pages); err != nil {
		return err
	}
	_, err := w.Write(report.PlainJSON(buf.Bytes()))
	return err
}

func (e env) parts(items []analyzer.Item) []report.ExplainPart {
	var out []report.ExplainPart
	for _, it := range items {
		p := report.ExplainPart{Text: it.Text, Parts: e.parts(it.Items)}
		if it.At.Line > 0 {
			p.At = &report.Place{File: e.below(it.At.File), Line: it.At.Line}
		}
		out = append(out, p)
	}
	return out
}
