// Package ci tests what runs gatherlint in continuous integration: the scripts
// of the GitHub action and of the GitLab job, pre-commit, and nogo of Bazel.
package ci

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/gatherlint/gatherlint/internal/hosts/setup"
)

// An action is what the tests look at in action.yml.
type action struct {
	Inputs map[string]struct {
		Description, Default string
	}
	Outputs map[string]struct{ Value string }
	Runs    struct {
		Using string
		Steps []struct {
			Name, ID, If, Shell, Run, Uses string
			Env, With                      map[string]string
		}
	}
}

func readAction(t *testing.T) action {
	t.Helper()
	var a action
	decode(t, setup.Read(t, setup.Root(t), "action.yml"), &a)
	return a
}

// decode reads a text of YAML.
func decode(t *testing.T, text string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
}

// What the steps refer to exists, and what is declared has a use and a row in
// the documentation. Scripts take inputs by the environment only: pasted into
// them, the text of a pull request could become a command.
func TestActionRefers(t *testing.T) {
	a := readAction(t)
	text := setup.Read(t, setup.Root(t), "action.yml")
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`inputs\.(\w+)`).FindAllStringSubmatch(text, -1) {
		used[m[1]] = true
		if _, ok := a.Inputs[m[1]]; !ok {
			t.Errorf("a step uses the input %s, which is not declared", m[1])
		}
	}
	doc := setup.Read(t, setup.Root(t), "docs/ci.md")
	for name, input := range a.Inputs {
		if !used[name] {
			t.Errorf("input %s has no use", name)
		}
		if input.Description == "" || !strings.Contains(doc, "| `"+name+"` | `"+input.Default+"` |") {
			t.Errorf("input %s with default %s is not described, or has no row in docs/ci.md", name, input.Default)
		}
	}
	ids := map[string]bool{}
	for _, s := range a.Runs.Steps {
		ids[s.ID] = true
		if strings.Contains(s.Run, "${{") {
			t.Errorf("step %q pastes a value into its script", s.Name)
		}
		if (s.Run == "") == (s.Uses == "") || s.Run != "" && s.Shell != "bash" {
			t.Errorf("step %q is not a script of bash, and not a use of an action", s.Name)
		}
	}
	for _, m := range regexp.MustCompile(`steps\.(\w+)\.`).FindAllStringSubmatch(text, -1) {
		if !ids[m[1]] {
			t.Errorf("no step has the id %s", m[1])
		}
	}
	if a.Runs.Using != "composite" || a.Outputs["sarif"].Value == "" {
		t.Errorf("the action is %+v", a)
	}
}

// A workflow is one run of the action.
type workflow struct {
	exe, dir string            // the command, and where the repository is
	inputs   map[string]string // besides the defaults
	environ  []string
	install  bool // run the step that installs the command too
}

// An outcome is how the action ended: the results of its steps, by name, up to
// the first that failed, and what they left.
type outcome struct {
	steps   map[string]setup.Result
	outputs string
	temp    string
}

// run runs the steps as a runner does. It knows the expressions that occur.
func (w workflow) run(t *testing.T) outcome {
	t.Helper()
	a, temp := readAction(t), t.TempDir()
	inputs := map[string]string{}
	for name, input := range a.Inputs {
		inputs[name] = input.Default
	}
	for name, value := range w.inputs {
		if _, ok := inputs[name]; !ok {
			t.Fatalf("no input %s", name)
		}
		inputs[name] = value
	}
	upload := inputs["upload"] == "true"
	value := func(text string) string {
		if text == "${{ inputs.upload == 'true' && 'text' || 'github' }}" {
			return map[bool]string{true: "text", false: "github"}[upload]
		}
		m := regexp.MustCompile(`^\$\{\{ inputs\.(\w+) \}\}$`).FindStringSubmatch(text)
		if m == nil {
			t.Fatalf("the test does not know the expression %s", text)
		}
		return inputs[m[1]]
	}
	out := outcome{map[string]setup.Result{}, "", temp}
	path := filepath.Dir(w.exe) + string(filepath.ListSeparator) + os.Getenv("PATH")
	for _, s := range a.Runs.Steps {
		if s.If != "" && s.If != "inputs.upload == 'true'" {
			t.Fatalf("the test does not know the condition %s", s.If)
		}
		if s.Run == "" || s.If != "" && !upload || s.Name == "Install gatherlint" && !w.install {
			continue
		}
		environ := append(slices.Clone(w.environ), "RUNNER_TEMP="+temp, "PATH="+path,
			"GITHUB_OUTPUT="+filepath.Join(temp, "output"), "GITHUB_PATH="+filepath.Join(temp, "path"))
		for name, text := range s.Env {
			environ = append(environ, name+"="+value(text))
		}
		r := setup.Run(t, w.dir, environ, "bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", s.Run)
		out.steps[s.Name] = r
		if added, err := os.ReadFile(filepath.Join(temp, "path")); err == nil {
			path = strings.TrimSpace(string(added)) + string(filepath.ListSeparator) + os.Getenv("PATH")
		}
		if r.Code != 0 {
			break
		}
	}
	if text, err := os.ReadFile(filepath.Join(temp, "output")); err == nil {
		out.outputs = string(text)
	}
	return out
}

// results are the findings in the SARIF file of a run: file and rule.
func (o outcome) results(t *testing.T) []string {
	t.Helper()
	if want := "sarif=" + filepath.Join(o.temp, "gatherlint.sarif") + "\n"; o.outputs != want {
		t.Fatalf("outputs %q, want %q", o.outputs, want)
	}
	var log struct {
		Runs []struct {
			Results []struct {
				RuleID    string
				Locations []struct {
					PhysicalLocation struct{ ArtifactLocation struct{ URI string } }
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(setup.Read(t, o.temp, "gatherlint.sarif")), &log); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range log.Runs[0].Results {
		out = append(out, r.Locations[0].PhysicalLocation.ArtifactLocation.URI+" "+r.RuleID)
	}
	slices.Sort(out)
	return out
}

const analyse, show = "Analyse for code scanning", "Show the findings"

// findingLine is the first line of a finding in the text of the command.
var findingLine = regexp.MustCompile(`(?m)^(\S+\.go):\d+:\d+: (\w+): `)

// demoResults are the findings in the demo by the command itself: file and
// check, sorted.
func demoResults(t *testing.T, exe, dir string, args ...string) []string {
	t.Helper()
	var out []string
	for _, m := range findingLine.FindAllStringSubmatch(setup.Run(t, dir, nil, exe, args...).Want(t, 3).Stdout, -1) {
		out = append(out, m[1]+" "+m[2])
	}
	if len(out) == 0 {
		t.Fatal("the command finds nothing in the demo")
	}
	slices.Sort(out)
	return out
}

func TestAction(t *testing.T) {
	setup.Need(t, "bash")
	exe := setup.Command(t)
	demo := setup.Demo(t, nil)
	want := demoResults(t, exe, demo)

	o := workflow{exe: exe, dir: demo}.run(t)
	o.steps[analyse].Want(t, 0)
	text := o.steps[show].Want(t, 3).Stdout
	if got := o.results(t); !slices.Equal(got, want) || len(findingLine.FindAllString(text, -1)) != len(want) {
		t.Errorf("uploaded %v, shown\n%s", got, text)
	}

	o = workflow{exe: exe, dir: demo, inputs: map[string]string{"fail": "false", "checks": "lostctx,deadctx", "packages": "./registry\n./quay"}}.run(t)
	o.steps[show].Want(t, 0)
	if got := o.results(t); !slices.Equal(got, demoResults(t, exe, demo, "-checks=lostctx,deadctx")) {
		t.Errorf("with two checks: %v", got)
	}

	o = workflow{exe: exe, dir: filepath.Dir(demo), inputs: map[string]string{"directory": filepath.Base(demo), "checks": "lostctx"}}.run(t)
	o.steps[show].Want(t, 3)
	if got := o.results(t); !slices.Equal(got, []string{filepath.Base(demo) + "/quay/papers.go lostctx"}) {
		t.Errorf("in a directory: %v", got)
	}

	o = workflow{exe: exe, dir: demo, inputs: map[string]string{"upload": "false"}}.run(t)
	text = o.steps[show].Want(t, 3).Stdout
	if n := len(regexp.MustCompile(`(?m)^::(warning|error) file=\w+/\w+\.go,line=\d+`).FindAllString(text, -1)); n != len(want) || len(o.steps) != 1 {
		t.Errorf("%d annotations in %d steps:\n%s", n, len(o.steps), text)
	}
}

// What is not analysed is not uploaded, and fails whatever the inputs say.
func TestActionFails(t *testing.T) {
	setup.Need(t, "bash")
	exe := setup.Command(t)
	broken := setup.Demo(t, map[string]string{"broken/x.go": "package broken\n\nvar X = nope\n"})
	for _, tt := range []struct {
		inputs map[string]string
		code   int
		stderr string
	}{
		{map[string]string{"fail": "false"}, 1, "broken/x.go:3:9: undefined: nope"},
		{map[string]string{"checks": "losctx"}, 2, `did you mean lostctx`},
		{map[string]string{"directory": "nowhere"}, 2, "-C nowhere: no such directory"},
	} {
		o := workflow{exe: exe, dir: broken, inputs: tt.inputs}.run(t)
		r := o.steps[analyse].Want(t, tt.code)
		if o.outputs != "" || len(o.steps) != 1 || !strings.Contains(r.Stderr, tt.stderr) {
			t.Errorf("%v: outputs %q after %d steps, stderr:\n%s", tt.inputs, o.outputs, len(o.steps), r.Stderr)
		}
		tt.inputs["upload"] = "false"
		workflow{exe: exe, dir: broken, inputs: tt.inputs}.run(t).steps[show].Want(t, tt.code)
	}
}

// TestReleased installs the command in a released version with the action, and
// builds golangci-lint with the command that it installed: nothing but modules
// is there then.
func TestReleased(t *testing.T) {
	setup.Real(t)
	environ := setup.Release(t)
	demo := setup.Demo(t, nil)
	w := workflow{dir: demo, inputs: map[string]string{"version": setup.Version}, environ: environ, install: true}
	o := w.run(t)
	o.steps["Install gatherlint"].Want(t, 0)
	o.steps[show].Want(t, 3)
	command, program := filepath.Join(o.temp, "gatherlint", "gatherlint"), filepath.Join(t.TempDir(), "golangci-lint")
	if got := o.results(t); !slices.Equal(got, demoResults(t, setup.Command(t), demo)) {
		t.Errorf("the installed command finds %v", got)
	}
	r := setup.Run(t, demo, environ, command, "build", "golangci-lint", "-o", program).Want(t, 0)
	if want := "golangci-lint v2.15.0 with gatherlint " + setup.Version + ": "; !strings.HasPrefix(r.Stdout, want) {
		t.Errorf("build says %q, want %q", r.Stdout, want)
	}
	version := setup.Run(t, demo, environ, program, "version", "--short").Want(t, 0).Stdout
	if !regexp.MustCompile(`^2\.15\.0-gatherlint-` + regexp.QuoteMeta(setup.Version) + `-[0-9a-f]{12}\n$`).MatchString(version) {
		t.Errorf("version %q", version)
	}
	if linters := setup.Run(t, demo, environ, program, "linters", "--no-config"); linters.Code != 0 || !strings.Contains(linters.Stdout, "errcheck") {
		t.Errorf("golangci-lint linters: %+v", linters)
	}

	unknown := workflow{dir: demo, inputs: map[string]string{"version": "v0.999.1"}, environ: environ, install: true}.run(t)
	if r := unknown.steps["Install gatherlint"]; r.Code == 0 || !strings.Contains(r.Stderr, "v0.999.1") {
		t.Errorf("a version that is not there is installed: %+v", r)
	}
}
