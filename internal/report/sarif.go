package report

import (
	"cmp"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
)

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	homePage    = "https://github.com/gatherlint/gatherlint"
	// sarifRoot stands for the directory of the run, which is not named: it is
	// another one on each machine. It is the name that code scanning knows.
	sarifRoot = "%SRCROOT%"
	// sarifPrint names the fingerprints; the number grows when what they are
	// made of changes.
	sarifPrint = "gatherlint/v1"
	// level is that of all findings, as they make the command fail.
	level = "error"
)

// SARIF writes a report as SARIF 2.1.0: rules with their help, and results with
// the schedule twice, in one piece as related locations and as a code flow with
// a thread for each actor. Columns are in UTF-16 code units; those of files that
// cannot be read are left out.
func SARIF(w io.Writer, r *Report, source Source) error {
	s := &sarif{lines: newLines(source)}
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{Name: toolName, Version: sarifVersion(r.Version), InformationURI: homePage, Rules: []sarifRule{}}},
		Invocations: []sarifInvocation{{Successful: len(r.Messages) == 0}},
		BaseIDs:     map[string]sarifArtifact{sarifRoot: {Description: &sarifMessage{Text: "the directory in which gatherlint ran"}}},
		ColumnKind:  "utf16CodeUnits",
		Results:     []sarifResult{},
	}
	for _, m := range r.Messages {
		n := sarifNotification{"error", sarifMessage{Text: m}}
		run.Invocations[0].Notifications = append(run.Invocations[0].Notifications, n)
	}
	for _, rule := range r.Rules {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, asRule(rule))
	}
	for _, f := range r.Findings {
		result := s.result(f)
		result.RuleIndex = slices.IndexFunc(r.Rules, func(rule Rule) bool { return rule.Name == f.Check })
		run.Results = append(run.Results, result)
	}
	return encode(w, sarifLog{sarifSchema, "2.1.0", []sarifRun{run}})
}

// sarifVersion is a version as the standard wants it, beginning with a number;
// "", which is left out, for a working copy.
func sarifVersion(v string) string {
	number, ok := strings.CutPrefix(v, "v")
	if !ok {
		return ""
	}
	return number
}

func asRule(r Rule) sarifRule {
	rule := sarifRule{
		ID: r.Name, Short: sarifMessage{Text: r.Summary}, Full: sarifMessage{Text: r.Summary},
		HelpURI: r.URL, Help: sarifMessage{Text: r.Text, Markdown: r.Help}, Configuration: sarifLevel{level},
	}
	if r.Text == "" {
		rule.Help.Text = r.Summary
	}
	if r.Family != "" {
		rule.Properties.Tags = []string{"concurrency", r.Family}
	}
	return rule
}

type sarif struct{ lines *lines }

func (s *sarif) result(f Finding) sarifResult {
	at := sarifLocation{Physical: s.physical(f.Place)}
	if at.Physical != nil && at.Physical.Region != nil {
		at.Physical.Region.Snippet = s.snippet(f.Place)
	}
	if f.Package != "" {
		at.Logical = []sarifLogical{{f.Package, "module"}}
	}
	out := sarifResult{RuleID: f.Check, Level: level, Message: sarifMessage{Text: f.Message}}
	if at.Physical != nil || at.Logical != nil {
		out.Locations = []sarifLocation{at}
	}
	if f.Fingerprint != "" {
		out.Fingerprints = map[string]string{sarifPrint: f.Fingerprint}
	}
	for i, step := range f.Steps {
		out.Related = append(out.Related, s.step(step, i))
		out.Related[i].ID = i + 1
	}
	if len(f.Steps) > 0 {
		out.CodeFlows = []sarifCodeFlow{{sarifMessage{Text: f.Message}, s.threads(f.Steps)}}
	}
	for _, fix := range f.Fixes {
		if len(fix.Edits) > 0 { // the standard wants one at least
			out.Fixes = append(out.Fixes, s.fix(fix))
		}
	}
	return out
}

// step is the location of a step, whose message says what happens there.
func (s *sarif) step(step Step, i int) sarifLocation {
	return sarifLocation{
		Physical: s.physical(step.Place),
		Message:  &sarifMessage{Text: fmt.Sprintf("%d. %s", i+1, step.Text)},
	}
}

// threads has one thread for each actor, in the order in which they come in,
// and one for the steps of nobody. The numbers of the steps are the order in
// which the threads take turns.
func (s *sarif) threads(steps []Step) []sarifThreadFlow {
	var flows []sarifThreadFlow
	for i, step := range steps {
		who := strings.TrimSpace(step.Actor.Kind + " " + step.Actor.Name)
		if step.Actor.Kind == "" {
			who = "schedule"
		}
		n := slices.IndexFunc(flows, func(f sarifThreadFlow) bool { return f.ID == who })
		if n < 0 {
			n = len(flows)
			flows = append(flows, sarifThreadFlow{ID: who, Message: sarifMessage{Text: who}})
		}
		at := sarifThreadLocation{ExecutionOrder: i + 1, Importance: "important", Kinds: sarifKinds(step), Location: s.step(step, i)}
		if step.Blocks || i == len(steps)-1 {
			at.Importance = "essential"
		}
		if step.Blocks || step.On != nil {
			at.Properties = &sarifStep{step.On, step.Blocks}
		}
		flows[n].Locations = append(flows[n].Locations, at)
	}
	return flows
}

// sarifKinds says what happens in a step: in the words that the standard has for
// it, and in those of the JSON format for the rest.
func sarifKinds(s Step) []string {
	words := map[string]string{"calls": "call", "returns": "return", "decides": "branch", "takes": "acquire", "gives": "release", "then": "true", "else": "false"}
	var out []string
	for _, word := range []string{s.Kind, s.Way} {
		if word != "" {
			out = append(out, cmp.Or(words[word], word))
		}
	}
	return out
}

// physical is nil without a file, and without a region where there is no line.
func (s *sarif) physical(p Place) *sarifPhysical {
	if p.File == "" {
		return nil
	}
	at := &sarifPhysical{Artifact: artifact(p.File)}
	if p.Line > 0 {
		at.Region = s.region(p)
	}
	return at
}

// region has no end where none is known: to a reader, it then goes on to the end
// of its line.
func (s *sarif) region(p Place) *sarifRegion {
	r := &sarifRegion{StartLine: p.Line, StartColumn: s.lines.units(p.File, p.Line, p.Column)}
	end := s.lines.units(p.File, p.EndLine, p.EndColumn)
	if r.StartColumn > 0 && end > 0 {
		r.EndLine, r.EndColumn = p.EndLine, end
	}
	return r
}

// snippet is the text of a region within one line; nil if it is not known.
func (s *sarif) snippet(p Place) *sarifMessage {
	line, ok := s.lines.line(p.File, p.Line)
	if !ok || p.Column < 1 || p.EndLine != p.Line || p.EndColumn <= p.Column || p.EndColumn-1 > len(line) {
		return nil
	}
	return &sarifMessage{Text: line[p.Column-1 : p.EndColumn-1]}
}

// artifact names a file: with the root of the sources if it is below it.
func artifact(file string) sarifArtifact {
	slashed := filepath.ToSlash(file)
	if !filepath.IsAbs(file) {
		return sarifArtifact{URI: (&url.URL{Path: slashed}).String(), BaseID: sarifRoot}
	}
	if !strings.HasPrefix(slashed, "/") { // a drive
		slashed = "/" + slashed
	}
	return sarifArtifact{URI: (&url.URL{Scheme: "file", Path: slashed}).String()}
}

// fix groups the edits by file, in the order in which the files come.
func (s *sarif) fix(f Fix) sarifFix {
	out := sarifFix{Description: sarifMessage{Text: f.Message}}
	var files []string
	for _, e := range f.Edits {
		n := slices.Index(files, e.File)
		if n < 0 {
			n = len(files)
			files = append(files, e.File)
			out.Changes = append(out.Changes, sarifChange{Artifact: artifact(e.File)})
		}
		r := sarifReplacement{Deleted: s.deleted(e)}
		if e.New != "" {
			r.Inserted = &sarifMessage{Text: e.New}
		}
		out.Changes[n].Replacements = append(out.Changes[n].Replacements, r)
	}
	return out
}

func (s *sarif) deleted(e Edit) sarifRegion {
	line, column, ok := s.lines.position(e.File, e.Start)
	endLine, endColumn, ok2 := s.lines.position(e.File, e.End)
	if ok && ok2 {
		return sarifRegion{StartLine: line, StartColumn: column, EndLine: endLine, EndColumn: endColumn}
	}
	length := e.End - e.Start
	return sarifRegion{ByteOffset: &e.Start, ByteLength: &length}
}
