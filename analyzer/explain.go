package analyzer

import (
	"cmp"
	"encoding/json"
	"fmt"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/internal/check"
	"github.com/gatherlint/gatherlint/internal/explain"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/schedule"
	"github.com/gatherlint/gatherlint/internal/source"
)

// ExplainCategory is the category of what the analyzer reports with the flag
// -explain, in place of findings.
const ExplainCategory = "explain"

// ExplainFlag is the analyzer's flag for that. It has no value, so that what is
// said of a package, and of all packages below it, is in the build cache for the
// next question, whatever line that is about.
const ExplainFlag = "explain"

// An Explanation is what the analyzer sees of one spawner and its fan-outs, and
// what it does not see and why. It is for people: the texts may change.
type Explanation struct {
	Spawner  string    `json:"spawner"`
	At       Spot      `json:"at"`
	Source   []Extent  `json:"source"`           // of the spawner and its tasks
	Called   []Extent  `json:"called,omitempty"` // of the functions that they call
	Title    string    `json:"title"`
	Sections []Section `json:"sections"`
	Drawing  []Stroke  `json:"drawing,omitempty"`
}

// A Spot is a place in a file. The line is 0, and the file empty, if it is nowhere.
type Spot struct {
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
}

// An Extent is a range of lines, both included.
type Extent struct {
	File string `json:"file"`
	From int    `json:"from"`
	To   int    `json:"to"`
}

// Covers reports whether a line is part of the extent; same compares two files.
func (x Extent) Covers(file string, line int, same func(a, b string) bool) bool {
	return line >= x.From && line <= x.To && same(x.File, file)
}

// verdictTitle is the title of the section that says what the checks find.
const verdictTitle = "verdict"

// Found are the places at which checks find something.
func (x *Explanation) Found() []Spot {
	var out []Spot
	for _, s := range x.Sections {
		for _, it := range s.Items {
			if s.Title == verdictTitle && it.At.Line > 0 {
				out = append(out, it.At)
			}
		}
	}
	return out
}

// A Section is a part of an explanation.
type Section struct {
	Title string `json:"title"`
	Items []Item `json:"items"`
}

// An Item is a sentence of a section, with what there is to say about it.
type Item struct {
	Text  string `json:"text"`
	At    Spot   `json:"at"`
	Items []Item `json:"items,omitempty"`
}

// A Stroke is something that a drawing of the fan-out shows: who does what to
// what. On is the zero Actor where it is done to nothing in particular.
type Stroke struct {
	Text  string `json:"text"`
	At    Spot   `json:"at"`
	Actor Actor  `json:"actor"`
	On    Actor  `json:"on"`
}

// ParseExplanation reads the message of a diagnostic of ExplainCategory.
func ParseExplanation(message string) (*Explanation, error) {
	x := &Explanation{}
	if err := json.Unmarshal([]byte(message), x); err != nil {
		return nil, fmt.Errorf("this is no explanation: %w", err)
	}
	return x, nil
}

// Text writes the explanation for a terminal. path shortens the name of a file.
func (x *Explanation) Text(path func(string) string) string {
	var b strings.Builder
	at := func(s Spot) string {
		if s.Line == 0 {
			return ""
		}
		return fmt.Sprintf(" (%s:%d)", path(s.File), s.Line)
	}
	fmt.Fprintf(&b, "%s%s\n", x.Title, at(x.At))
	var items func(list []Item, indent string)
	items = func(list []Item, indent string) {
		for _, it := range list {
			fmt.Fprintf(&b, "%s%s%s\n", indent, it.Text, at(it.At))
			items(it.Items, indent+"    ")
		}
	}
	for _, s := range x.Sections {
		fmt.Fprintf(&b, "\n%s\n", s.Title)
		items(s.Items, "  ")
	}
	return b.String()
}

// explainAll reports an explanation of each spawner, and of each call that looks like
// the start of a task and is none.
func explainAll(pass *analysis.Pass, groups []*model.Contract, tests bool) error {
	model := modelOf(pass, groups)
	checks := check.All()
	x := &explainer{
		pass: pass, cgo: cgoFiles(pass), generated: generatedFiles(pass), silence: directives(pass, checks),
		checks: checks, results: playAll(slices.Concat(model.Scenes, model.Lives), checks, tests), tests: tests,
		holders: holdersAt(model),
	}
	for _, e := range explain.Explain(model) {
		if err := x.report(e.At.Pos, x.explanation(e)); err != nil {
			return err
		}
		delete(x.holders, e.At.Pos)
	}
	for _, h := range model.Holders {
		if e := x.holder(h); x.holders[h.Body.At.Pos] != nil && len(e.Sections) > 0 {
			if err := x.report(h.Body.At.Pos, e); err != nil {
				return err
			}
		}
	}
	for _, s := range source.Strangers(pass, groups) {
		if err := x.report(s.At.Pos, x.stranger(s)); err != nil {
			return err
		}
	}
	return nil
}

// An explainer puts into words what the model of one package holds.
type explainer struct {
	pass      *analysis.Pass
	cgo       map[*token.File]bool
	generated map[*token.File]bool
	silence   directiveList
	checks    []*check.Check
	results   results
	tests     bool // scenes of tests are played
	// holders are the functions that are judged by themselves, and are no spawners explained
	// before, by the places of their names.
	holders map[token.Pos]*model.Holder
}

func (x *explainer) report(at token.Pos, e *Explanation) error {
	text, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("cannot write an explanation: %w", err)
	}
	x.pass.Report(analysis.Diagnostic{Pos: at, Category: ExplainCategory, Message: string(text)})
	return nil
}

// spot is the place of a position in the file that the author wrote: it is
// compared with the file that the user named. Line directives count only where
// they are cgo's.
func (x *explainer) spot(p token.Pos) Spot {
	if !p.IsValid() {
		return Spot{}
	}
	pos := x.pass.Fset.PositionFor(p, x.cgo[x.pass.Fset.File(p)])
	return Spot{pos.Filename, pos.Line}
}

func (x *explainer) extents(spans []model.Span) []Extent {
	out := []Extent{}
	for _, s := range spans {
		if from, to := x.spot(s.Pos), x.spot(s.End); from.Line > 0 {
			out = append(out, Extent{from.File, from.Line, max(from.Line, to.Line)})
		}
	}
	return out
}

func (x *explainer) explanation(e *explain.Explained) *Explanation {
	out := &Explanation{
		Spawner: e.Spawner, At: x.spot(e.At.Pos),
		Source: x.extents(e.Extents), Called: x.extents(e.Called),
	}
	tasks := e.Tasks()
	out.Title = fmt.Sprintf("%s starts %s", e.Spawner, counted(len(tasks), "task"))
	switch names := groupNames(e); {
	case len(tasks) == 0 && len(names) > 0:
		out.Title = e.Spawner + " works with the group " + strings.Join(names, " and ")
	case len(tasks) == 0:
		out.Title = e.Spawner + " starts no task, and makes a channel"
	case len(names) > 0:
		out.Title += " under " + strings.Join(names, " and ")
	}
	verdicts, open := x.verdicts(e)
	out.section(verdictTitle, verdicts)
	out.section("groups", x.groups(e))
	out.section("contexts", x.contexts(e))
	out.section("channels", x.channels(e))
	out.section("tasks", x.tasks(e))
	out.section("what "+e.Spawner+" does", x.ops(spawnerBody(e)))
	var unknown []Item
	if x.generated[x.pass.Fset.File(e.At.Pos)] {
		unknown = []Item{{Text: "the file is generated, so nothing in it is reported", At: out.At}}
	}
	for _, g := range slices.Concat(e.Gaps, e.OrderGaps(), e.PathGaps()) {
		unknown = appendItem(unknown, Item{Text: g.About + ": " + g.Why, At: x.spot(g.At.Pos)})
	}
	for _, it := range open {
		unknown = appendItem(unknown, it)
	}
	if len(unknown) == 0 {
		unknown = []Item{{Text: "nothing"}}
	}
	out.section("not known, and so not judged", unknown)
	out.Drawing = x.drawing(e)
	return out
}

// appendItem adds an item that is not there yet.
func appendItem(list []Item, it Item) []Item {
	if slices.ContainsFunc(list, func(o Item) bool { return o.Text == it.Text && (o.At == it.At || it.At.Line == 0) }) {
		return list
	}
	return append(list, it)
}

func (e *Explanation) section(title string, items []Item) {
	if len(items) > 0 {
		e.Sections = append(e.Sections, Section{title, items})
	}
}

func groupNames(e *explain.Explained) []string {
	var names []string
	for _, g := range e.Groups() {
		if name := groupName(g); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// groupName is a group in its author's words, if it has a name.
func groupName(g *model.Group) string { return cmp.Or(g.Name, "a group without a name") }

// joinName is the call that waits for it, likewise.
func joinName(g *model.Group) string {
	if g.Name == "" {
		return "its Wait"
	}
	return g.Join()
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// stranger explains why a call starts nothing in the eyes of the analyzer.
func (x *explainer) stranger(s source.Stranger) *Explanation {
	at := x.spot(s.At.Pos)
	return &Explanation{
		Spawner: s.Call, At: at, Source: x.extents([]model.Span{s.At}),
		Title: s.Call + " is not seen as the start of a task",
		Sections: []Section{{"not known, and so not judged", []Item{
			{Text: s.Type + " is no group that is known, and its code does not show that it starts what it is given and waits for it"},
			{Text: "if it keeps the contract of a known group, -groups=" + s.Type + "=TYPE says so; docs/groups.md lists the known groups"},
		}}},
	}
}

// asked reports whether the finding is not among those that a check has unasked.
func asked(f check.Finding, unasked []check.Finding) bool {
	return !slices.ContainsFunc(unasked, func(g check.Finding) bool { return g.Check == f.Check && g.At == f.At && g.Message == f.Message })
}

// asksMore reports whether the check has findings for those who name it.
func asksMore(checks []*check.Check, name string) bool {
	return slices.ContainsFunc(checks, func(c *check.Check) bool { return c.Name == name && (c.Asked != nil || c.AskedPlay != nil) })
}

// verdicts are what all checks say, the opt-in ones too, and why nothing can be said
// of what can happen.
func (x *explainer) verdicts(e *explain.Explained) (verdicts, unknown []Item) {
	model := &model.Package{FanOuts: e.FanOuts, Scenes: e.Scenes, Lives: e.Lives}
	unasked := find(model, x.checks, x.results, x.tests)
	var full []*check.Check
	for _, c := range x.checks {
		full = append(full, inFull(c))
	}
	found := find(model, full, x.results, x.tests)
	slices.SortStableFunc(found, func(a, b check.Finding) int {
		return cmp.Or(cmp.Compare(a.At.Pos, b.At.Pos), cmp.Compare(a.Check, b.Check))
	})
	found = slices.CompactFunc(found, func(a, b check.Finding) bool { return a.At == b.At && a.Check == b.Check })
	kept := check.OneCause(slices.Clone(found))
	verdicts, said := x.foundIn(x.holders[e.At.Pos])
	optIn := map[string]bool{}
	quiet := 0
	for _, c := range x.checks {
		optIn[c.Name] = c.OptIn
		if !said[c.Name] && !slices.ContainsFunc(found, func(f check.Finding) bool { return f.Check == c.Name }) {
			quiet++
		}
	}
	for _, f := range found {
		text := f.Check + ": " + f.Message
		file := x.pass.Fset.File(f.At.Pos)
		switch {
		case file != nil && x.generated[file]:
			text += "; not reported, because the file is generated"
		case file != nil && x.silence.covers(file, f):
			text += "; silenced by a directive"
		case !slices.ContainsFunc(kept, func(k check.Finding) bool { return k.At == f.At && k.Check == f.Check }):
			text += "; not reported beside the task that it leaves blocked"
		case asked(f, unasked) && asksMore(x.checks, f.Check):
			text += "; reported only with -checks=default," + f.Check
		case optIn[f.Check]:
			text += "; opt-in: reported with -checks=default," + f.Check
		}
		verdicts = append(verdicts, Item{Text: text, At: x.spot(f.At.Pos)})
	}
	if len(verdicts) == 0 {
		verdicts = append(verdicts, Item{Text: fmt.Sprintf("none of the %d checks finds anything", quiet)})
	} else if quiet > 0 {
		verdicts = append(verdicts, Item{Text: fmt.Sprintf("the other %s find nothing", counted(quiet, "check"))})
	}
	if len(e.Scenes)+len(e.Lives) == 0 {
		return verdicts, []Item{{Text: "no schedule was explored: " + e.Spawner + " makes no channel, and no group that is its own"}}
	}
	for _, s := range e.Scenes {
		said, open := x.played(s)
		verdicts, unknown = append(verdicts, said), append(unknown, open...)
	}
	for i, s := range e.Lives {
		if i == shownClients {
			verdicts = append(verdicts, Item{Text: "for " + counted(len(e.Lives)-i, "other client") + " likewise; they are not listed"})
			break
		}
		said, open := x.played(s)
		said.Text = "for " + explain.Client(s) + ": " + said.Text
		verdicts, unknown = append(verdicts, said), append(unknown, open...)
	}
	return verdicts, unknown
}

// shownClients is how many clients of an object an explanation tells of by themselves.
const shownClients = 3

// played says what playing a scene has shown, and what it has left open. Readers
// know it as exploring the schedules.
func (x *explainer) played(s *model.Scene) (said Item, unknown []Item) {
	if s.Test && !x.tests {
		return Item{Text: "no schedule was explored: what a test leaves behind ends with it; -leaks-in-tests explores it"}, nil
	}
	r := x.results[s]
	if !r.Skipped {
		r = schedule.Play(s, true)
	}
	for _, why := range r.Unknown {
		unknown = append(unknown, Item{Text: unplayed(why)})
	}
	for _, b := range r.Sized {
		for _, w := range b.Blocked {
			if w.Cause {
				unknown = appendItem(unknown, Item{Text: taskLabel(w.Task, s) + " blocks for ever where it " + opText(w.Op) + ", but only for some lengths or capacities, and nothing here shows that they occur", At: x.spot(w.Op.At.Pos)})
			}
		}
	}
	said.Text = outcome(s, r)
	if len(r.Limits) > 0 && !r.Skipped && r.States > 0 {
		said.Text += "; not explored: " + strings.Join(r.Limits, ", ")
	}
	return said, unknown
}

// outcome says what exploring has shown. That nobody blocks for ever is said without
// reserve only where every schedule was explored, and everything was seen.
func outcome(s *model.Scene, r *schedule.Result) string {
	states := counted(r.States, "state")
	found := len(r.Stuck)+len(r.Crashes) > 0
	ends := endsIn(r)
	switch {
	case r.Skipped:
		return "no schedule was explored: the limit of states for a package was spent on its smaller functions"
	case r.Spent && found:
		return fmt.Sprintf("not every schedule was explored: the limit was reached after %s; one schedule %s", states, ends)
	case r.Spent:
		return fmt.Sprintf("not every schedule was explored: the limit was reached after %s", states)
	case r.States == 0 && (len(r.Unknown) > 0 || s.Cut || leaks(s)):
		return "no schedule was explored: of what goroutines could block at, not every use is seen; the last part says why"
	case r.States == 0:
		return "no schedule was explored: there is nothing here at which a goroutine could block for ever"
	case found && len(r.Limits) > 0:
		return fmt.Sprintf("in what was explored (%s), one schedule %s", states, ends)
	case found:
		return fmt.Sprintf("every schedule was explored (%s): one %s", states, ends)
	case len(r.Limits)+len(r.Sized) > 0:
		return fmt.Sprintf("in what was explored (%s), no goroutine blocks for ever", states)
	case len(r.Unknown) > 0 || s.Cut || leaks(s):
		return fmt.Sprintf("in all that is seen (%s), no goroutine blocks for ever; the last part lists what is not seen", states)
	}
	return fmt.Sprintf("every schedule was explored (%s): no goroutine blocks for ever", states)
}

// endsIn says how a schedule ends badly.
func endsIn(r *schedule.Result) string {
	switch {
	case len(r.Crashes) == 0:
		return "ends with a goroutine blocked for ever"
	case len(r.Stuck) == 0:
		return "ends in a panic"
	}
	return "ends with a goroutine blocked for ever, another one in a panic"
}

// leaks reports whether somebody else can get at an object of the scene.
func leaks(s *model.Scene) bool {
	return slices.ContainsFunc(s.Chans, func(c *model.Chan) bool { return c.Escapes != "" }) ||
		slices.ContainsFunc(s.Locks, func(l *model.Lock) bool { return l.Escapes != "" }) ||
		slices.ContainsFunc(s.Sems, func(m *model.Sem) bool { return m.Escapes != "" })
}

// unplayed words a reason of package schedule like those of the model, so that
// one is told once.
func unplayed(why string) string {
	about, reason, ok := strings.Cut(why, ": ")
	if !ok {
		return "the schedules: " + why
	}
	if about == "" {
		about = explain.Nameless
	}
	return about + ": " + explain.Escaped(reason)
}

func taskLabel(t *model.Task, s *model.Scene) string {
	if t == nil {
		return s.Spawner
	}
	return taskActor(t).Name
}
