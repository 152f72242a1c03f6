package analyzer_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What docs/found.md has at least.
const (
	minFound        = 25
	minFoundModules = 12
	bestFound       = 10
)

// foundEntry is an entry of docs/found.md: a third-level heading and the
// paragraphs under it.
type foundEntry struct {
	module, version    string // of the heading of the second level
	file, line, check  string // of the heading
	place, anchor      string // where it leads: the page of the code host, the page of checks
	what, repair, rest string // paragraphs; rest is what should not be there
}

var (
	foundModule  = regexp.MustCompile(`^## (\S+)@(v\d+\.\d+\.\d+)$`)
	foundHeading = regexp.MustCompile(`^### (\S+\.go):([1-9]\d*), ([a-z]+)$`)
	foundLinks   = regexp.MustCompile(`^\[source\]\((\S+)\), \[([a-z]+)\]\(checks\.md#([a-z]+)\)$`)
)

// parseFound reads the entries, and says which lines belong to none.
func parseFound(page string) (entries []foundEntry, errs []string) {
	var module, version string
	intro := true
	for i, line := range strings.Split(page, "\n") {
		if m := foundModule.FindStringSubmatch(line); m != nil {
			module, version, intro = m[1], m[2], false
			continue
		}
		if m := foundHeading.FindStringSubmatch(line); m != nil {
			entries = append(entries, foundEntry{module: module, version: version, file: m[1], line: m[2], check: m[3]})
			continue
		}
		if line == "" || intro {
			continue
		}
		if len(entries) == 0 || entries[len(entries)-1].module != module {
			errs = append(errs, fmt.Sprintf("line %d stands in no entry: %s", i+1, line))
			continue
		}
		entries[len(entries)-1].add(line)
	}
	return entries, errs
}

// add takes a line of the entry.
func (e *foundEntry) add(line string) {
	what, isWhat := strings.CutPrefix(line, "What happens: ")
	repair, isRepair := strings.CutPrefix(line, "Repair: ")
	links := foundLinks.FindStringSubmatch(line)
	switch {
	case links != nil && e.place == "":
		e.place, e.anchor = links[1], links[2]+"#"+links[3]
	case isWhat && e.what == "":
		e.what = what
	case isRepair && e.repair == "":
		e.repair = repair
	default:
		e.rest += line + "\n"
	}
}

// problems says what is missing in the entry, or does not fit together.
func (e *foundEntry) problems(checks []string) (problems []string) {
	fail := func(format string, args ...any) {
		problems = append(problems, fmt.Sprintf(format, args...))
	}
	if !slices.Contains(checks, e.check) {
		fail("there is no check %q", e.check)
	}
	if e.anchor != e.check+"#"+e.check {
		fail("the link of the check leads to %q", e.anchor)
	}
	if !strings.HasPrefix(e.place, "https://") || !strings.HasSuffix(e.place, "/blob/"+e.version+"/"+e.file+"#L"+e.line) {
		fail("the link %q does not lead to %s, line %s, at the tag %s", e.place, e.file, e.line, e.version)
	}
	for name, text := range map[string]string{"What happens": e.what, "Repair": e.repair} {
		if !strings.HasSuffix(text, ".") {
			fail("%q is missing or does not end with a full stop: %q", name, text)
		}
	}
	if e.rest != "" {
		fail("more than the links, what happens and the repair: %s", e.rest)
	}
	slices.Sort(problems)
	return problems
}

// name is the entry as a heading of its page names it, and heading the anchor
// that a code host makes of it.
func (e *foundEntry) name() string { return e.file + ":" + e.line + ", " + e.check }

func (e *foundEntry) heading() string {
	return strings.NewReplacer("/", "", ".", "", ":", "", ",", "", " ", "-").Replace(strings.ToLower(e.name()))
}

// The page of found mistakes is complete, in order, and leads to what it names.
func TestFound(t *testing.T) {
	t.Parallel()
	entries, errs := parseFound(readRepo(t, "docs/found.md"))
	for _, err := range errs {
		t.Error(err)
	}
	modules, headings := map[string]bool{}, map[string]bool{}
	var order []string
	for _, e := range entries {
		for _, problem := range e.problems(checkNames()) {
			t.Errorf("%s %s: %s", e.module, e.name(), problem)
		}
		if headings[e.heading()] {
			t.Errorf("two entries have the anchor %s", e.heading())
		}
		modules[e.module], headings[e.heading()] = true, true
		order = append(order, fmt.Sprintf("%s %s %8s", e.module, e.file, e.line))
	}
	if !slices.IsSorted(order) {
		t.Error("the entries are not in the order of module, file and line")
	}
	if len(entries) < minFound || len(modules) < minFoundModules {
		t.Errorf("%d entries of %d modules, want %d of %d", len(entries), len(modules), minFound, minFoundModules)
	}
}

// The README tells the best of them, in one line each, that leads to the entry.
func TestReadmeFound(t *testing.T) {
	t.Parallel()
	entries, _ := parseFound(readRepo(t, "docs/found.md"))
	_, table, _ := strings.Cut(readRepo(t, "README.md"), "\n## Found in real programs\n")
	table, _, _ = strings.Cut(table, "\n## ")
	row := regexp.MustCompile("(?m)^\\| ([^|]+) (v[0-9.]+) \\| \\[`([^`|]+)`\\]\\(docs/found\\.md#([a-z0-9_-]+)\\) \\| ([a-z]+) \\| [^|]+ \\|$")
	rows := row.FindAllStringSubmatch(table, -1)
	if len(rows) != bestFound || strings.Count(table, "\n| ") != bestFound+2 {
		t.Errorf("%d rows are told as they should be, want %d and no other", len(rows), bestFound)
	}
	for _, r := range rows {
		fits := func(e foundEntry) bool {
			return e.version == r[2] && e.file+":"+e.line == r[3] && e.heading() == r[4] && e.check == r[5]
		}
		if !slices.ContainsFunc(entries, fits) {
			t.Errorf("docs/found.md has no entry for: %s", r[0])
		}
	}
}

// A page that lacks something is told so.
func TestFoundProblems(t *testing.T) {
	t.Parallel()
	const good = `# Found

An introduction.

## example.org/a/v2@v2.1.0

### p/a_b.go:7, lostsend

[source](https://example.org/a/blob/v2.1.0/p/a_b.go#L7), [lostsend](checks.md#lostsend)

What happens: it hangs.

Repair: a capacity of 1.
`
	check := func(page string) string {
		entries, errs := parseFound(page)
		for _, e := range entries {
			errs = append(errs, e.problems([]string{"lostsend", "racyerr"})...)
		}
		return strings.Join(errs, "; ")
	}
	if got := check(good); got != "" {
		t.Errorf("a good page: %s", got)
	}
	if entries, _ := parseFound(good); len(entries) != 1 || entries[0].heading() != "pa_bgo7-lostsend" {
		t.Errorf("the entries of a good page: %+v", entries)
	}
	for _, c := range []struct{ old, new, want string }{
		{"What happens: it hangs.\n", "", `"What happens" is missing`},
		{"Repair: a capacity of 1.", "Repair: a capacity of 1", `does not end with a full stop: "a capacity of 1"`},
		{"Repair: ", "So: ", `"Repair" is missing`},
		{"### p/a_b.go:7, lostsend", "### p/a_b.go:8, lostsend", `does not lead to p/a_b.go, line 8, at the tag v2.1.0`},
		{"## example.org/a/v2@v2.1.0", "## example.org/a/v2@v2.1.1", `at the tag v2.1.1`},
		{"## example.org/a/v2@v2.1.0", "## example.org/a/v2", `does not lead to`},
		{"### p/a_b.go:7, lostsend", "### p/a_b.go:7, lostsent", `there is no check "lostsent"`},
		{"checks.md#lostsend", "checks.md#racyerr", `the link of the check leads to "lostsend#racyerr"`},
		{"### p/a_b.go:7, lostsend\n", "", "stands in no entry"},
	} {
		page := strings.Replace(good, c.old, c.new, 1)
		if got := check(page); page == good || !strings.Contains(got, c.want) {
			t.Errorf("%q for %q: got %q, want %q", c.new, c.old, got, c.want)
		}
	}
}
