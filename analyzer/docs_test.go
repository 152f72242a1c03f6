package analyzer_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/gatherlint/gatherlint/analyzer"
	"github.com/gatherlint/gatherlint/internal/check"
)

// same compares a file of the repository with what it was written from, and
// rewrites it with -update.
func same(t *testing.T, path, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	if *update {
		if err := os.WriteFile(repoFile(path), []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("%s is out of date: %s\n%s", path, firstDifference(got, want), repair(t))
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		if i >= len(g) || i >= len(w) || g[i] != w[i] {
			line := func(s []string) string { return strings.Join(s[min(i, len(s)):min(i+1, len(s))], "") }
			return "it has\n\t" + line(g) + "\nwhere it ought to have\n\t" + line(w)
		}
	}
	return "no difference"
}

// between replaces what stands between the markers NAME:begin and NAME:end.
func between(t *testing.T, text, name, with string) string {
	t.Helper()
	begin, end := "<!-- "+name+":begin -->\n", "<!-- "+name+":end -->\n"
	before, rest, ok := strings.Cut(text, begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("the markers %s:begin and %s:end are not there", name, name)
	}
	return before + begin + with + end + after
}

func TestPage(t *testing.T) {
	got, err := os.ReadFile(repoFile("docs/checks.md"))
	if err != nil && !*update {
		t.Fatal(err)
	}
	same(t, "docs/checks.md", string(got), analyzer.Page())
}

func TestGroupsPage(t *testing.T) {
	got, err := os.ReadFile(repoFile("docs/groups.md"))
	if err != nil && !*update {
		t.Fatal(err)
	}
	same(t, "docs/groups.md", string(got), analyzer.GroupsPage())
}

// The anchor of a check is its name: that is where the URL of a finding leads.
func TestAnchors(t *testing.T) {
	heading := regexp.MustCompile(`(?m)^#+ (.*)$`)
	anchors := map[string]int{}
	for _, m := range heading.FindAllStringSubmatch(analyzer.Page(), -1) {
		anchors[strings.ReplaceAll(strings.ToLower(m[1]), " ", "-")]++
	}
	for _, name := range append(checkNames(), "directive") {
		if anchors[name] != 1 {
			t.Errorf("%d headings lead to the anchor %s, want 1", anchors[name], name)
		}
	}
}

func TestReadmeTable(t *testing.T) {
	got := readRepo(t, "README.md")
	same(t, "README.md", got, between(t, got, "checks", analyzer.Table()))
}

// The README's first command prints what the README says that it prints.
func TestReadmeDemo(t *testing.T) {
	t.Parallel()
	const args = "-C testdata/demo ./..."
	got := readRepo(t, "README.md")
	if !strings.Contains(got, "\ngo run ./cmd/gatherlint "+args+"\n") {
		t.Errorf("the README does not show the command: go run ./cmd/gatherlint %s", args)
	}
	tool := filepath.Join(t.TempDir(), "gatherlint")
	if runtime.GOOS == "windows" {
		tool += ".exe"
	}
	// Without the revision, so that go vet's cache knows the tool of the last test.
	build := exec.Command("go", "build", "-buildvcs=false", "-o", tool, "./cmd/gatherlint")
	build.Dir = repoFile("")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	cmd := exec.Command(tool, append([]string{"-q"}, strings.Fields(args)...)...)
	cmd.Dir = repoFile("")
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != 3 || errs.Len() > 0 {
		t.Fatalf("%v, want exit code 3 and nothing on stderr:\n%s", err, errs.String())
	}
	same(t, "README.md", got, between(t, got, "demo", "```\n"+filepath.ToSlash(string(out))+"```\n"))
}

// Help is for a terminal: no Markdown, no long lines of prose, nothing left out.
func TestHelp(t *testing.T) {
	for _, name := range append(checkNames(), "directive") {
		text, err := analyzer.Help(name)
		if err != nil {
			t.Errorf("help %s: %v", name, err)
			continue
		}
		if !strings.HasPrefix(text, name+": ") {
			t.Errorf("help %s does not begin with the name:\n%s", name, text)
		}
		if strings.Contains(text, "`") {
			t.Errorf("help %s has Markdown in it:\n%s", name, text)
		}
		for line := range strings.Lines(text) {
			if len(line) > 81 && strings.Contains(strings.TrimSpace(line), " ") && !strings.HasPrefix(line, "    ") {
				t.Errorf("help %s has a line of %d bytes: %s", name, len(line), line)
			}
		}
	}
	flat := func(s string) string {
		return strings.Join(strings.Fields(strings.NewReplacer("`", "", `"`, "").Replace(s)), " ")
	}
	for _, c := range check.All() {
		text, _ := analyzer.Help(c.Name)
		_, page, _ := strings.Cut(analyzer.Page(), "\n### "+c.Name+"\n")
		page, _, _ = strings.Cut(page, "\n### ")
		for _, part := range []string{c.Doc.Summary[1:], c.Doc.What, c.Doc.Why, c.Doc.Bad, c.Doc.Good, c.Doc.Limits, c.Doc.Silence} {
			if !strings.Contains(flat(text), flat(part)) {
				t.Errorf("help %s leaves out: %s", c.Name, part)
			}
			if !strings.Contains(page, part) {
				t.Errorf("the section %s of the page leaves out: %s", c.Name, part)
			}
		}
	}
	if _, err := analyzer.Help("droppedwiat"); err == nil || !strings.Contains(err.Error(), "droppedwait") {
		t.Errorf("help droppedwiat: %v, want an error that names droppedwait", err)
	}
}
