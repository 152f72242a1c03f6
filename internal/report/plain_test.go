package report

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
)

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"größe\t港\nb":            "größe\t港\nb",
		"\x1b]0;title\a\x9b":     `\x1b]0;title\a\x9b`,
		"a\u009bb\x7f\x00":       `a\u009bb\x7f\x00`,
		"a\u202eb\u2066\u200bc":  `a\u202eb\u2066\u200bc`,
		"a\r::error::b":          `a\r::error::b`,
		"a\u2028b\u0085c\u00a0d": `a\u2028b\u0085c\u00a0d`,
		"\U000e0041":             `\U000e0041`,
		"::error::x":             `\x3a:error::x`,
		"a\n \t::set-output::x":  "a\n \t\\x3a:set-output::x",
		"a ::b":                  "a ::b",
		":::":                    `\x3a::`,
		"x ##[error]y":           `x \x23#[error]y`,
		"###[group]y":            `#\x23#[group]y`,
		"##vso[task.x]y":         `\x23#vso[task.x]y`,
		"## heading [a]":         "## heading [a]",
	} {
		equal(t, in, Plain(in), want)
		equal(t, in+" twice", Plain(Plain(in)), Plain(in))
	}
	// What stands before a part is seen.
	equal(t, "part", plainPart("x ##[a] ::b", 3, 11), "#[a] ::b")
	equal(t, "part", plainPart(" ::b##vso[", 1, 5), `\x3a:b\x23`)
}

// A program reads from the JSON what it would have read, whatever is in it.
func TestPlainJSON(t *testing.T) {
	for _, s := range []string{"\x1b\u009b\u202e\U000e0041##[error]###vso[x]", `\##[a]`, "größe 🚢 # ## [x]\n::error", "\u2028\r"} {
		encoded, err := json.Marshal([]string{s})
		if err != nil {
			t.Fatal(err)
		}
		safe := string(PlainJSON(encoded))
		var back []string
		if err := json.Unmarshal([]byte(safe), &back); err != nil || back[0] != s {
			t.Errorf("%q became %q: %v", s, back, err)
		}
		equal(t, "printable", Plain(safe), safe)
	}
}

// hostile is a report whose every text tries to lead astray.
func hostile() *Report {
	const bad = "\x1b[31m\u202e\n ::error::a ##[error]b\r::stop-commands::c"
	at := Place{File: "::error title=x::a##[group]" + bad, Line: 2, Column: 2, EndLine: 2, EndColumn: 9}
	who := Actor{"task", bad}
	return &Report{
		Version: "v1", Packages: 1, Messages: []string{bad, "::error::" + bad},
		Rules: []Rule{{Name: "droppedwait", Summary: "s", URL: "u"}},
		Findings: []Finding{{
			Check: "droppedwait", Package: bad, Place: at, Message: "::error::" + bad, Fingerprint: "f",
			Steps: []Step{{Place: at, Text: bad, Actor: who, On: &who}, {Text: "::error::", Actor: who, Blocks: true}},
			Fixes: []Fix{{Message: bad, Edits: []Edit{{File: at.File, Start: 1, End: 3, New: bad}}}},
		}},
	}
}

// No format passes on what a terminal obeys, nor a line that a runner does, other
// than the commands of GitHub.
func TestHostile(t *testing.T) {
	source := func(string) ([]byte, error) {
		return []byte("`\n::error::x##[error]\x1b]0;y\a\u009b`\n\t ::error\n##[x]\n"), nil
	}
	explained := []Explanation{{
		Title: "::error::\x1b", Sections: []ExplainPart{{Text: "##[error]", Parts: []ExplainPart{{Text: "\n::error::\u202e"}}}},
		Strokes: hostile().Findings[0].Steps,
	}}
	for name, write := range map[string]func(*strings.Builder) error{
		"text":    func(b *strings.Builder) error { return Text(b, hostile(), source, false) },
		"json":    func(b *strings.Builder) error { return JSON(b, hostile()) },
		"sarif":   func(b *strings.Builder) error { return SARIF(b, hostile(), source) },
		"github":  func(b *strings.Builder) error { return GitHub(b, hostile(), source) },
		"html":    func(b *strings.Builder) error { return HTML(b, hostile(), source) },
		"explain": func(b *strings.Builder) error { return ExplainHTML(b, "v1", explained, nil) },
	} {
		out := written(t, write)
		if name == "html" || name == "explain" {
			// The page's own style has pseudo-elements.
			out = out[:strings.Index(out, "<style>")] + out[strings.Index(out, "</style>"):]
		}
		for line := range strings.Lines(out) {
			ours := name == "github" && (strings.HasPrefix(line, "::error file=") || strings.HasPrefix(line, "::error title=gatherlint::"))
			if strings.HasPrefix(strings.TrimSpace(line), "::") && !ours || strings.Contains(line, "##[") {
				t.Errorf("%s has a line that is a command: %q", name, line)
			}
			for _, r := range strings.TrimSuffix(line, "\n") {
				if !unicode.IsPrint(r) && r != '\t' {
					t.Errorf("%s passes %U on: %q", name, r, line)
				}
			}
		}
	}
}
