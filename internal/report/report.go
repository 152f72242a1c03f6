// Package report shows findings to people and to machines: as text, JSON,
// SARIF, workflow commands and a page to look at. It knows nothing of how they
// were found, and reads no file but the sources it shows.
package report

import (
	"fmt"
	"strings"
)

// A Report is what one run has found. Findings are in the order of file, line,
// column and message, and so is what is made of them.
type Report struct {
	Version  string // of gatherlint
	Packages int    // how many were analysed
	Rules    []Rule // the checks that ran, and what findings refer to besides; by name
	Findings []Finding
	Messages []string // what could not be analysed, and why
	Known    int      // how many more are in the baseline
	Fixable  int      // how many findings -fix would remove
}

// A Rule is a check, as its page describes it.
type Rule struct {
	Name    string `json:"name"`
	Family  string `json:"family,omitempty"`
	Summary string `json:"summary"` // plain text
	Help    string `json:"-"`       // Markdown
	Text    string `json:"-"`       // Help as plain text
	URL     string `json:"url"`
}

// A Place is a range of a file, relative to the directory of the run where the
// file is below it. Lines and columns count from 1, columns in bytes; EndColumn
// is the one behind the last byte. What is not known is 0.
type Place struct {
	File      string `json:"file"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	EndLine   int    `json:"endLine,omitempty"`
	EndColumn int    `json:"endColumn,omitempty"`
}

// A Finding is one reported fact with the schedule that proves it.
type Finding struct {
	Check   string `json:"check"`
	Package string `json:"package"`
	Place
	Message     string `json:"message"` // without the check's name
	Fingerprint string `json:"fingerprint"`
	Steps       []Step `json:"steps"`
	Fixes       []Fix  `json:"fixes,omitempty"`
}

// A Step is one event of a schedule.
type Step struct {
	Place
	Text   string `json:"text"`             // without its number
	Kind   string `json:"kind,omitempty"`   // the same in a word; "" if it is not known
	Actor  Actor  `json:"actor,omitzero"`   // zero if it is not known
	On     *Actor `json:"on,omitempty"`     // what it is done to
	Blocks bool   `json:"blocks,omitempty"` // the actor never gets past it

	// Call is the call that fails, or the receive that gives an error, and Error the
	// error where it is tested.
	Call  *Place `json:"call,omitempty"`
	Error *Place `json:"error,omitempty"`
	Way   string `json:"way,omitempty"` // of a branch: then, else, into, past, case; or: see OtherReturns
}

// An Actor takes part in a schedule.
type Actor struct {
	Kind string `json:"kind"` // spawner, task, channel, context, group, variable, other
	Name string `json:"name"`
}

// A Fix is a change that removes the finding.
type Fix struct {
	Message string `json:"message"`
	Edits   []Edit `json:"edits"`
}

// An Edit replaces the bytes from Start to End of a file.
type Edit struct {
	File  string `json:"file"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	New   string `json:"new"`
}

// A Source reads a file of a Place.
type Source func(file string) ([]byte, error)

// Summary is the closing line: how much there is, of how much.
func (r *Report) Summary() string {
	s := "no findings"
	if len(r.Findings) > 0 {
		// External tests are a package of their own only for the compiler.
		packages := make(map[string]bool)
		for _, f := range r.Findings {
			packages[strings.TrimSuffix(f.Package, "_test")] = true
		}
		s = plural(len(r.Findings), "finding") + " in " + plural(len(packages), "package")
	} else if len(r.Messages) == 0 {
		s += " in " + plural(r.Packages, "package")
	}
	if r.Known > 0 {
		s += fmt.Sprintf("; %d known from the baseline", r.Known)
	}
	if len(r.Messages) > 0 {
		s += "; not everything could be analysed"
	}
	return s
}

// Closing is the closing line for those who can run -fix.
func (r *Report) Closing() string {
	if r.Fixable == 0 {
		return r.Summary()
	}
	return fmt.Sprintf("%s; %d can be fixed with -fix", r.Summary(), r.Fixable)
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// String is the place as compilers print it, without what is not known, safe to
// print.
func (p Place) String() string {
	s := Plain(p.File)
	if p.Line > 0 {
		s += fmt.Sprintf(":%d", p.Line)
		if p.Column > 0 {
			s += fmt.Sprintf(":%d", p.Column)
		}
	}
	return s
}

// OtherReturns counts the returns that a finding is about besides that of its schedule: its
// steps name each of them.
func (f *Finding) OtherReturns() int {
	n := 0
	for _, s := range f.Steps {
		if s.Way == "or" {
			n++
		}
	}
	return n
}
