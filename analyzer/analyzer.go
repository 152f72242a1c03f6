// Package analyzer runs gatherlint's checks as one go/analysis pass.
//
// It is what drivers import: go vet through the command, golangci-lint, gopls,
// nogo. A pass models the fan-outs of a package, asks the checks that are
// switched on, sorts their findings, drops what the author has silenced, and
// reports the rest with the failing schedule as related information.
package analyzer

import (
	"cmp"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/internal/check"
	"github.com/gatherlint/gatherlint/internal/facts"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/schedule"
	"github.com/gatherlint/gatherlint/internal/survey"
)

// URL is the page that documents the checks; its anchors are their names.
const URL = "https://github.com/gatherlint/gatherlint/blob/main/docs/checks.md"

// Analyzer is gatherlint with its default settings.
var Analyzer = New(nil)

// New returns an analyzer with the given options; nil means the defaults. The
// flags of the analyzer change a private copy of the options. Options that do
// not validate make every run fail with their error.
func New(o *Options) *analysis.Analyzer {
	r := &runner{}
	if o != nil {
		r.options = *o
	}
	a := &analysis.Analyzer{
		Name:      "gatherlint",
		Doc:       doc,
		URL:       URL,
		Run:       r.run,
		FactTypes: []analysis.Fact{new(facts.Summary)},
	}
	a.Flags.Var((*checksFlag)(&r.options.Checks), "checks",
		"comma-separated `list` of checks: default, all, NAME to add, -NAME to take away")
	a.Flags.BoolVar(&r.options.Actors, "actors", r.options.Actors,
		"begin each step with who does it and to what, for other tools")
	a.Flags.BoolVar(&r.explains, ExplainFlag, false,
		"report what is seen of each fan-out in place of findings, for gatherlint explain")
	a.Flags.BoolVar(&r.options.LeaksInTests, "leaks-in-tests", r.options.LeaksInTests,
		"explore schedules in _test.go files too")
	a.Flags.Var((*groupsFlag)(&r.options.Groups), "groups",
		"comma-separated `list` of TYPE=KNOWN: types that keep the contract of a known group, by import path and name")
	return a
}

const doc = `report fan-outs whose cancellation, errors or goroutines get lost

gatherlint rebuilds each fan-out of a package (errgroup.Group, sync.WaitGroup,
goroutines joined by channels), explores what happens when a task fails, and
reports where cancellation is ignored, errors are dropped or goroutines leak,
with the failing schedule step by step.`

type runner struct {
	options  Options
	explains bool // the flag ExplainFlag
}

func (r *runner) run(pass *analysis.Pass) (any, error) {
	checks, err := selectChecks(r.options.Checks)
	if err != nil {
		return nil, err
	}
	groups, err := known.NamedGroups(r.options.Groups)
	if err != nil {
		return nil, err
	}
	if r.options.FactsOnly {
		survey.Summarize(pass, groups)
		return nil, nil
	}
	if r.explains {
		return nil, explainAll(pass, groups, r.options.LeaksInTests)
	}
	model := modelOf(pass, groups)
	findings := find(model, checks, playAll(slices.Concat(model.Scenes, model.Lives), checks, r.options.LeaksInTests), r.options.LeaksInTests)
	// Of what a function and its callers show alike, the shorter story is told, and of two
	// that are as short, the one with fewer calls.
	calls := func(f check.Finding) (n int) {
		for _, s := range f.Steps {
			if s.Kind == check.Calls {
				n++
			}
		}
		return n
	}
	slices.SortStableFunc(findings, func(a, b check.Finding) int {
		return cmp.Or(cmp.Compare(a.At.Pos, b.At.Pos), cmp.Compare(a.Check, b.Check),
			cmp.Compare(len(a.Steps), len(b.Steps)), cmp.Compare(calls(a), calls(b)), cmp.Compare(a.Message, b.Message))
	})
	findings = slices.CompactFunc(findings, func(a, b check.Finding) bool {
		return a.At == b.At && a.Check == b.Check
	})
	generated := generatedFiles(pass)
	silence := directives(pass, checks)
	findings = slices.DeleteFunc(findings, func(fd check.Finding) bool {
		file := pass.Fset.File(fd.At.Pos)
		return file == nil || generated[file] || silence.covers(file, fd)
	})
	for _, fd := range check.OneCause(findings) {
		fd.Steps = apart(pass.Fset, fd.Steps)
		pass.Report(diagnostic(pass.Fset, fd, r.options.Actors))
	}
	silence.reportUnused(pass, generated)
	return nil, nil
}

// find asks the checks about every fan-out, and about what can happen in every
// scene that was played. What remains of fan-outs of tests is of interest with tests only.
func find(model *model.Package, checks []*check.Check, played results, tests bool) []check.Finding {
	var findings []check.Finding
	add := func(c *check.Check, found []check.Finding) {
		for _, fd := range found {
			fd.Check = c.Name
			findings = append(findings, fd)
		}
	}
	for _, c := range checks {
		for _, f := range model.FanOuts {
			if c.Run != nil && (tests || !c.Remains || !f.Test) {
				add(c, c.Run(f))
			}
		}
	}
	for _, c := range checks {
		for _, h := range model.Holders {
			if c.Hold != nil {
				add(c, c.Hold(h))
			}
		}
	}
	for _, s := range slices.Concat(model.Scenes, model.Lives) {
		r := played[s]
		for _, c := range checks {
			if c.Play != nil && r != nil && !r.Skipped {
				add(c, check.InParts(s, c.Play(r)))
			}
		}
	}
	return findings
}

// results are what playing scenes has shown.
type results map[*model.Scene]*schedule.Result

// playAll plays the scenes of a package if a check wants to know. What a test leaves behind
// ends with it, so its scenes are played only if somebody asks for them.
func playAll(scenes []*model.Scene, checks []*check.Check, tests bool) results {
	if !slices.ContainsFunc(checks, func(c *check.Check) bool { return c.Play != nil }) {
		return results{}
	}
	return schedule.PlayAll(slices.DeleteFunc(slices.Clone(scenes), func(s *model.Scene) bool { return s.Test && !tests }))
}

// generatedFiles are the files that carry the standard "Code generated" line.
func generatedFiles(pass *analysis.Pass) map[*token.File]bool {
	out := map[*token.File]bool{}
	cgo := cgoFiles(pass)
	for _, f := range pass.Files {
		written := *f
		tf := pass.Fset.File(f.FileStart)
		if cgo[tf] {
			written.Comments = f.Comments[1:]
		}
		if ast.IsGenerated(&written) {
			out[tf] = true
		}
	}
	return out
}

// cgoFiles are the files that cgo has the compiler read in place of those of the
// author that import "C". Each begins with a line of cgo's own; line directives
// present the rest, comments too, as the author's file.
func cgoFiles(pass *analysis.Pass) map[*token.File]bool {
	out := map[*token.File]bool{}
	for _, f := range pass.Files {
		if len(f.Comments) == 0 || f.Comments[0].Pos() != f.FileStart {
			continue
		}
		tf, first := pass.Fset.File(f.FileStart), f.Comments[0].List
		if len(first) == 1 && first[0].Text == "// Code generated by cmd/cgo; DO NOT EDIT." && tf.Position(f.Package).Filename != tf.Name() {
			out[tf] = true
		}
	}
	return out
}

// diagnostic puts the check's name in front of the message, because text
// drivers do not print the category, and numbers the steps. With actors, each
// step says also who does it and what it is done to.
func diagnostic(fset *token.FileSet, fd check.Finding, actors bool) analysis.Diagnostic {
	d := analysis.Diagnostic{
		Pos:      fd.At.Pos,
		End:      fd.At.End,
		Category: fd.Check,
		URL:      URL + "#" + fd.Check,
		Message:  fd.Check + ": " + printable(fd.Message),
	}
	for i, s := range fd.Steps {
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: s.At.Pos, End: s.At.End, Message: stepMessage(fset, i+1, s, actors)})
	}
	for _, f := range fd.Fixes {
		fix := analysis.SuggestedFix{Message: f.Title}
		for _, e := range f.Edits {
			fix.TextEdits = append(fix.TextEdits, analysis.TextEdit{Pos: e.Span.Pos, End: e.Span.End, NewText: []byte(e.New)})
		}
		d.SuggestedFixes = append(d.SuggestedFixes, fix)
	}
	return d
}

// printable is a text without what a terminal would obey or not show, or the log
// of a CI take for a command: expressions of the analysed code have its strings.
func printable(s string) string {
	var b strings.Builder
	for _, r := range strings.ReplaceAll(s, "##[", `\x23#[`) {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	return b.String()
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
