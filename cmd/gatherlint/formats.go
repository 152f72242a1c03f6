package main

import (
	"fmt"
	"io"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/gatherlint/gatherlint/analyzer"
	"github.com/gatherlint/gatherlint/internal/report"
)

// report writes the findings in the format of the options and returns the exit
// code. Nothing is written where nothing was analysed: a report without findings
// would say that all is well.
func (e env) report(o *options, v *view) int {
	if v.failed && len(v.objects) == 0 {
		return exitFailed
	}
	if err := e.writeReport(e.stdout, o.format, v.report, v.source); err != nil {
		return e.failf("cannot write the report: %v", err)
	}
	if e.console != nil {
		fmt.Fprintln(e.console, v.report.Closing())
	}
	if !e.tellGone(o, v) {
		return exitFailed
	}
	return v.code(len(v.shown))
}

func (e env) writeReport(w io.Writer, format string, rep *report.Report, source report.Source) error {
	switch format {
	case "short":
		return report.Short(w, rep)
	case "json":
		return report.JSON(w, rep)
	case "sarif":
		return report.SARIF(w, rep, source)
	case "github":
		return report.GitHub(w, rep, source)
	case "html":
		return report.HTML(w, rep, source)
	}
	return report.Text(w, rep, source, e.colors)
}

// newReport makes a report of what go vet said. Text, short or long, is for a person who stands
// in the directory of the run and gets short paths; for programs a path is
// relative, with slashes, only if the file is below.
func (e env) newReport(o *options, r *result, findings []finding, source report.Source) *report.Report {
	path := e.below
	if o.format == "text" || o.format == "short" {
		path = e.rel
	}
	rep := &report.Report{Version: moduleVersion(), Packages: len(r.packages)}
	if r.failed {
		rep.Messages = r.messages
	}
	for _, f := range findings {
		rep.Findings = append(rep.Findings, asFinding(f, path))
	}
	rep.Rules = rules(o.checks, rep.Findings)
	report.SetFingerprints(rep, source)
	return rep
}

// below is the path of a file with slashes, relative to where the user stands if
// the file is below it.
func (e env) below(path string) string {
	if filepath.IsAbs(path) {
		if r, err := filepath.Rel(e.dir, path); err == nil && filepath.IsLocal(r) {
			path = r
		}
	}
	return filepath.ToSlash(path)
}

func asFinding(f finding, path func(string) string) report.Finding {
	out := report.Finding{
		Check: f.Category, Package: f.pkg, Place: asPlace(f.Posn, f.End, path),
		Message: strings.TrimPrefix(f.Message, f.Category+": "),
	}
	for _, related := range f.Related {
		s := analyzer.ParseStep(related.Message)
		step := report.Step{
			Place: asPlace(related.Posn, related.End, path), Text: s.Text, Kind: s.Kind,
			Actor: report.Actor{Kind: s.Actor.Kind, Name: s.Actor.Name}, Blocks: s.Blocks, Way: s.Way,
		}
		step.Call, step.Error = within(step.Place, s.Call), within(step.Place, s.Err)
		if s.On.Kind != "" {
			step.On = &report.Actor{Kind: s.On.Kind, Name: s.On.Name}
		}
		out.Steps = append(out.Steps, step)
	}
	for _, fx := range f.Fixes {
		fix := report.Fix{Message: fx.Message, Edits: []report.Edit{}}
		for _, ed := range fx.Edits {
			fix.Edits = append(fix.Edits, report.Edit{File: path(ed.Filename), Start: ed.Start, End: ed.End, New: ed.New})
		}
		out.Fixes = append(out.Fixes, fix)
	}
	return out
}

// within is a range of the file of a step, nil if there is none.
func within(step report.Place, r analyzer.Range) *report.Place {
	if r == (analyzer.Range{}) {
		return nil
	}
	return &report.Place{File: step.File, Line: r.Line, Column: r.Column, EndLine: r.EndLine, EndColumn: r.EndColumn}
}

// asPlace is the range of two positions of go vet. Go vet repeats the position
// where it knows no end.
func asPlace(posn, end string, path func(string) string) report.Place {
	from, to := parsePosn(posn), parsePosn(end)
	p := report.Place{File: from.file, Line: from.line, Column: from.column}
	if from.file != "" {
		p.File = path(from.file)
	}
	if to != from && to.file == from.file && to.column > 0 {
		p.EndLine, p.EndColumn = to.line, to.column
	}
	return p
}

// rules are the checks that ran, and what findings have as their check besides,
// as those about directives do. The flag has refused a list that is not valid;
// of another analyzer's list nothing is known.
func rules(list string, findings []report.Finding) []report.Rule {
	checks, _ := analyzer.Options{Checks: list}.Selected()
	var all []report.Rule
	for _, c := range checks {
		summary := strings.ReplaceAll(c.Summary, "`", "") // it is Markdown
		all = append(all, report.Rule{Name: c.Name, Family: c.Family, Summary: summary, Help: c.Help, URL: c.URL})
	}
	for _, f := range findings {
		if !slices.ContainsFunc(all, func(r report.Rule) bool { return r.Name == f.Check }) {
			all = append(all, report.Rule{Name: f.Check, Summary: f.Check, URL: analyzer.URL + "#" + f.Check})
		}
	}
	for i := range all {
		if text, err := analyzer.Help(all[i].Name); err == nil {
			all[i].Text = text
			first, _, _ := strings.Cut(text, "\n")
			if all[i].Family == "" {
				all[i].Summary = strings.TrimPrefix(first, all[i].Name+": ")
			}
		}
	}
	slices.SortFunc(all, func(a, b report.Rule) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// moduleVersion is the version of this module that the executable was built
// from; "(devel)" for a build of a working copy.
func moduleVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
