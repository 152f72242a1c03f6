package sarif

import (
	"encoding/json"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/xeipuuv/gojsonschema"
)

const root = "../../.."

// gatherlint builds the command and returns a function that runs it in a
// directory and gives back what it writes. The exit code has to be code.
func gatherlint(t *testing.T) func(dir string, code int, args ...string) []byte {
	t.Helper()
	tool := filepath.Join(t.TempDir(), "gatherlint")
	if runtime.GOOS == "windows" {
		tool += ".exe"
	}
	build := exec.Command("go", "build", "-buildvcs=false", "-o", tool, "./cmd/gatherlint")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return func(dir string, code int, args ...string) []byte {
		t.Helper()
		cmd := exec.Command(tool, args...)
		cmd.Dir = dir
		var errs strings.Builder
		cmd.Stderr = &errs
		out, err := cmd.Output()
		if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != code {
			t.Fatalf("%v: %v, want the exit code %d\n%s", args, err, code, errs.String())
		}
		return out
	}
}

// officialSchema is the schema of the standard. The library has it, for its own
// use, as a constant, and checks with it only what it has read into its types.
func officialSchema(t *testing.T) gojsonschema.JSONLoader {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3").Output()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(strings.TrimSpace(string(dir)), "pkg", "report", "v210", "sarif", "schema.go")
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := new(types.Config).Check("sarif", fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, ok := pkg.Scope().Lookup("schema").(*types.Const)
	if !ok {
		t.Fatalf("%s has no constant schema", path)
	}
	text := constant.StringVal(c.Val())
	if !strings.Contains(text, `"id": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/`) {
		t.Fatalf("not the schema of the standard: %.200s", text)
	}
	return gojsonschema.NewStringLoader(text)
}

// problems are what is wrong with a document, by the schema.
func problems(t *testing.T, schema gojsonschema.JSONLoader, doc []byte) []string {
	t.Helper()
	result, err := gojsonschema.Validate(schema, gojsonschema.NewBytesLoader(doc))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range result.Errors() {
		all = append(all, e.String())
	}
	return all
}

// TestSchema validates what the command writes about the demo, about code that
// is clean, and about code of which a part cannot be analysed.
func TestSchema(t *testing.T) {
	run := gatherlint(t)
	schema := officialSchema(t)
	demo := run(filepath.Join(root, "testdata", "demo"), 3, "-format", "sarif", "./...")
	broken := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.com/m\n\ngo 1.25\n",
		"x/x.go": "package x\n\nvar X = nope\n",
		"y/y.go": "package y\n\nimport \"sync\"\n\nvar mu sync.Mutex //gatherlint:ignore deadctx nothing to silence\n",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(broken, name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(broken, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for what, doc := range map[string][]byte{
		"the demo":    demo,
		"clean code":  run(filepath.Join(root, "testdata", "demo"), 0, "-format", "sarif", "./registry"),
		"broken code": run(broken, 1, "-format", "sarif", "./..."),
	} {
		for _, p := range problems(t, schema, doc) {
			t.Errorf("%s: %s", what, p)
		}
		read, err := sarif.FromBytes(doc)
		if err != nil {
			t.Fatalf("%s: the library does not read it: %v", what, err)
		}
		if what == "broken code" {
			i := read.Runs[0].Invocations[0]
			if *i.ExecutionSuccessful || len(i.ToolExecutionNotifications) == 0 || len(read.Runs[0].Results) != 1 {
				t.Errorf("broken code: %+v, %d results", i, len(read.Runs[0].Results))
			}
		}
	}
	// The schema can say no.
	for _, change := range [][2]string{
		{`"level": "error"`, `"level": "alarming"`},
		{`"executionOrder": 1`, `"executionOrder": "first"`},
		{`"ruleIndex": `, `"ruleNumber": `},
		{`"startLine": `, `"startLine": -`},
	} {
		doc := strings.Replace(string(demo), change[0], change[1], 1)
		if doc == string(demo) || len(problems(t, schema, []byte(doc))) == 0 {
			t.Errorf("the schema does not mind %s", change[1])
		}
	}
}

// TestDemo reads the SARIF of the demo with the library and looks at what the
// schema cannot know.
func TestDemo(t *testing.T) {
	dir := filepath.Join(root, "testdata", "demo")
	read, err := sarif.FromBytes(gatherlint(t)(dir, 3, "-format", "sarif", "./..."))
	if err != nil {
		t.Fatal(err)
	}
	run := read.Runs[0]
	if len(run.Results) < 6 {
		t.Fatalf("%d results", len(run.Results))
	}
	prints := map[string]bool{}
	fixes := 0
	for _, r := range run.Results {
		rule := run.Tool.Driver.Rules[r.RuleIndex]
		if *rule.ID != *r.RuleID || *rule.Help.Text == "" || *rule.Help.Markdown == "" || !strings.HasSuffix(*rule.HelpURI, "#"+*r.RuleID) {
			t.Errorf("the rule of %s is %+v", *r.RuleID, rule)
		}
		if p := r.PartialFingerprints["gatherlint/v1"]; p == "" || prints[p] {
			t.Errorf("%s has the fingerprint %q", *r.RuleID, p)
		} else {
			prints[p] = true
		}
		at := r.Locations[0].PhysicalLocation
		if got := sourceOf(t, dir, at); got != *at.Region.Snippet.Text {
			t.Errorf("%s is at %q and says that it is at %q", *r.RuleID, got, *at.Region.Snippet.Text)
		}
		threads(t, r)
		fixes += len(r.Fixes)
	}
	if fixes == 0 {
		t.Error("no result has a fix")
	}
}

// sourceOf is the text of a region within one line.
func sourceOf(t *testing.T, dir string, at *sarif.PhysicalLocation) string {
	t.Helper()
	if id := *at.ArtifactLocation.URIBaseID; id != "%SRCROOT%" {
		t.Errorf("a file relative to %s", id)
	}
	text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(*at.ArtifactLocation.URI)))
	if err != nil {
		t.Fatal(err)
	}
	line := utf16.Encode([]rune(strings.Split(string(text), "\n")[*at.Region.StartLine-1]))
	return string(utf16.Decode(line[*at.Region.StartColumn-1 : *at.Region.EndColumn-1]))
}

// threads wants a thread for each actor, whose steps are in order and together
// those of the related locations.
func threads(t *testing.T, r *sarif.Result) {
	t.Helper()
	steps := make([]string, len(r.RelatedLocations))
	ids := map[string]bool{}
	for _, flow := range r.CodeFlows[0].ThreadFlows {
		if ids[*flow.ID] {
			t.Errorf("%s: two threads are %s", *r.RuleID, *flow.ID)
		}
		ids[*flow.ID] = true
		last := 0
		for _, at := range flow.Locations {
			n := at.ExecutionOrder
			if n <= last || n > len(steps) || steps[n-1] != "" {
				t.Fatalf("%s: thread %s has the step %d after %d", *r.RuleID, *flow.ID, n, last)
			}
			last = n
			steps[n-1] = *at.Location.Message.Text
		}
	}
	for i, related := range r.RelatedLocations {
		if steps[i] != *related.Message.Text {
			t.Errorf("%s: step %d is %q in a thread and %q as a related location", *r.RuleID, i+1, steps[i], *related.Message.Text)
		}
	}
	if len(steps) < 2 {
		t.Errorf("%s has %d steps", *r.RuleID, len(steps))
	}
}

// TestActors compares the threads with the actors of the JSON report.
func TestActors(t *testing.T) {
	dir := filepath.Join(root, "testdata", "demo")
	run := gatherlint(t)
	var report struct {
		Findings []struct {
			Check string
			Steps []struct{ Actor struct{ Kind, Name string } }
		}
	}
	if err := json.Unmarshal(run(dir, 3, "-format", "json", "./..."), &report); err != nil {
		t.Fatal(err)
	}
	read, err := sarif.FromBytes(run(dir, 3, "-format", "sarif", "./..."))
	if err != nil {
		t.Fatal(err)
	}
	most := 0
	for i, f := range report.Findings {
		var want []string
		for _, s := range f.Steps {
			who := s.Actor.Kind + " " + s.Actor.Name
			if s.Actor.Kind == "" {
				who = "schedule"
			}
			if !slices.Contains(want, who) {
				want = append(want, who)
			}
		}
		var got []string
		for _, flow := range read.Runs[0].Results[i].CodeFlows[0].ThreadFlows {
			got = append(got, *flow.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s has the threads %q, want %q", f.Check, got, want)
		}
		most = max(most, len(got))
	}
	if most < 2 {
		t.Error("no schedule of the demo has two actors")
	}
}
