package analyzer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gatherlint/gatherlint/internal/check"
)

// Check describes one check.
type Check struct {
	Name    string // what -checks takes
	Family  string // the family it belongs to
	Summary string // one sentence
	OptIn   bool   // runs only when it is named
	Help    string // its section of the page, in Markdown, without the heading
	URL     string // of that section
}

// Checks returns every check, sorted by name.
func Checks() []Check {
	var all []Check
	for _, c := range check.All() {
		all = append(all, describe(c))
	}
	return all
}

func describe(c *check.Check) Check {
	return Check{
		Name: c.Name, Family: string(c.Family), Summary: c.Doc.Summary, OptIn: c.OptIn,
		Help: checkSection(c), URL: URL + "#" + c.Name,
	}
}

// directiveName is the category of what is reported about directives.
const directiveName = "directive"

// Help returns the documentation of a check as plain text for a terminal. It
// knows "directive" too, with which findings about directives begin.
func Help(name string) (string, error) {
	if name == directiveName {
		return directiveHelp(), nil
	}
	for _, c := range check.All() {
		if c.Name == name {
			return checkHelp(c), nil
		}
	}
	return "", unknownCheck(name)
}

// A section is one part of a check's documentation.
type section struct {
	heading string
	text    string // Markdown, or Go
	isCode  bool
}

// sections are the parts of a check's documentation, the same for every check.
func sections(d check.Doc) []section {
	return []section{
		{"What happens", d.What, false},
		{"Why it hurts", d.Why, false},
		{"Reported", d.Bad, true},
		{"Not reported", d.Good, true},
		{"What it does not see", d.Limits, false},
		{"How to silence", d.Silence, false},
	}
}

const helpWidth = 80

func checkHelp(c *check.Check) string {
	var b strings.Builder
	b.WriteString(wrap(c.Name+": "+plain(c.Doc.Summary), "", helpWidth))
	if c.OptIn {
		b.WriteString("\n" + wrap(plain(optInText(c.Name)), "", helpWidth))
	}
	for _, s := range sections(c.Doc) {
		fmt.Fprintf(&b, "\n%s:\n", s.heading)
		if s.isCode {
			b.WriteString("    " + strings.ReplaceAll(strings.ReplaceAll(s.text, "\t", "    "), "\n", "\n    ") + "\n")
			continue
		}
		b.WriteString(wrap(plain(s.text), "  ", helpWidth))
	}
	fmt.Fprintf(&b, "\n%s#%s\n", URL, c.Name)
	return b.String()
}

func optInText(name string) string {
	return fmt.Sprintf("This check is opt-in: it runs with `-checks=default,%s`, or `-checks=all`.", name)
}

func directiveHelp() string {
	var b strings.Builder
	b.WriteString(directiveName + ": how a finding is silenced in the code\n\n    " + directiveForm + "\n\n")
	for i, paragraph := range directiveTexts() {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(wrap(plain(paragraph), "", helpWidth))
	}
	return b.String()
}

// plain takes the Markdown out of a text. Code that has spaces is quoted, so
// that it is seen where it ends.
func plain(markdown string) string {
	parts := strings.Split(markdown, "`")
	for i := 1; i < len(parts); i += 2 {
		if strings.Contains(parts[i], " ") {
			parts[i] = `"` + parts[i] + `"`
		}
	}
	return strings.Join(parts, "")
}

// wrap breaks a text into lines that begin with indent and are at most width
// long, where its words allow it.
func wrap(text, indent string, width int) string {
	var b strings.Builder
	line := indent
	for _, word := range strings.Fields(text) {
		if line != indent && len(line)+len(" ")+len(word) > width {
			b.WriteString(line + "\n")
			line = indent
		}
		if line != indent {
			line += " "
		}
		line += word
	}
	return b.String() + line + "\n"
}

// Table returns the README's table of checks, in Markdown.
func Table() string { return table("docs/checks.md") }

// table lists the checks by family; page is the file of the links.
func table(page string) string {
	var b strings.Builder
	b.WriteString("| check | family | what it reports | runs |\n| --- | --- | --- | --- |\n")
	for _, family := range families() {
		for _, c := range inFamily(family) {
			runs := "by default"
			if c.OptIn {
				runs = "opt-in"
			}
			fmt.Fprintf(&b, "| [%s](%s#%s) | %s | %s | %s |\n", c.Name, page, c.Name, family, c.Doc.Summary, runs)
		}
	}
	return b.String()
}

// families is the order of the documentation.
func families() []check.Family {
	return []check.Family{check.Cancellation, check.Errors, check.Leaks}
}

func inFamily(family check.Family) []*check.Check {
	return slices.DeleteFunc(check.All(), func(c *check.Check) bool { return c.Family != family })
}

// pageTop is what docs/checks.md says before the checks.
const pageTop = `# Checks

<!-- Written by "go test ./analyzer -run TestPage -update" from the Doc of each check in internal/check. -->

A *fan-out* is one gathering of tasks: the function that starts them (the *spawner*), the goroutines it starts (the *tasks*),
the *group* that counts them (` + "`errgroup.Group`, `sync.WaitGroup`" + `, or channels alone), and the wait that joins them. The *group context* is the one that
is cancelled when a task of the group fails. A *sibling* is another task of the same fan-out.

Each finding says what is so and what follows from it, then proves it with the steps of one order of events in which it goes wrong.
` + "`gatherlint help NAME`" + ` prints a section of this page in the terminal.
In ` + "`_test.go`" + ` files and other code that only tests run no schedules are explored, so checks that need them (the last family, mostly) are silent there; ` + "`-leaks-in-tests`" + ` explores them. See [limits.md](limits.md#files).

`

// Page returns docs/checks.md: every check, by family, under an anchor that is
// the check's name.
func Page() string {
	var b strings.Builder
	b.WriteString(pageTop + table(""))
	b.WriteString("\n" + optInList() + "\nThe examples are taken from `testdata/src`, where they are compiled and analysed; what they call is defined there too.\n")
	for _, family := range families() {
		checks := inFamily(family)
		if len(checks) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n## %s%s\n", strings.ToUpper(string(family[:1])), family[1:])
		for _, c := range checks {
			b.WriteString(checkPage(c))
		}
	}
	fmt.Fprintf(&b, "\n## Silencing a finding\n\n### %s\n\n```go\n%s\n```\n", directiveName, directiveForm)
	for _, paragraph := range directiveTexts() {
		b.WriteString("\n" + paragraph + "\n")
	}
	return b.String()
}

// optInList says which checks do not run by themselves.
func optInList() string {
	var names []string
	for _, c := range check.All() {
		if c.OptIn {
			names = append(names, "`"+c.Name+"`")
		}
	}
	if len(names) == 0 {
		return "All of them run by default. `-checks` takes some away (`-checks=-NAME`) or runs a few (`-checks=NAME,NAME`).\n"
	}
	return "Opt-in, because they are less often right or a matter of taste: " + strings.Join(names, ", ") +
		". They run with `-checks=default,NAME`, or `-checks=all`.\n"
}

func checkPage(c *check.Check) string {
	return fmt.Sprintf("\n### %s\n\n%s", c.Name, checkSection(c))
}

func checkSection(c *check.Check) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s.\n", strings.ToUpper(c.Doc.Summary[:1]), c.Doc.Summary[1:])
	if c.OptIn {
		b.WriteString("\n" + optInText(c.Name) + "\n")
	}
	for _, s := range sections(c.Doc) {
		text := s.text
		if s.isCode {
			text = "```go\n" + text + "\n```"
		}
		fmt.Fprintf(&b, "\n#### %s\n\n%s\n", s.heading, text)
	}
	return b.String()
}

// directiveForm is how a directive is written.
const directiveForm = directivePrefix + " CHECK[,CHECK] REASON"

// directiveTexts describes what silence.go does, a paragraph each, in Markdown.
func directiveTexts() []string {
	return []string{
		"The comment silences findings of the checks that it names. At the end of a line of code it is about that line. " +
			"On a line of its own it is about the line right below its comment, which may go on for some lines. " +
			"The line of a finding is the one that is printed with it.",
		"The reason is required, because it is what the next reader needs. A directive that gives none, or names a check that does not exist, silences nothing and is reported itself.",
		"A directive that silences nothing is reported, so that it goes when the code that it was about goes. It is not reported when none of its checks runs.",
		"These reports begin with `directive: ` and cannot be silenced. Generated files (those with a line `// Code generated ... DO NOT EDIT.`) need no directives: nothing is reported in them.",
		"There is no directive for a whole file or package. To switch a check off everywhere, run with `-checks=-CHECK`.",
	}
}
