package ci

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gatherlint/gatherlint/internal/hosts/setup"
)

// A gitlabJob is what the test looks at in a job of .gitlab-ci.yml.
type gitlabJob struct {
	Script    []string
	Artifacts struct {
		When    string
		Paths   []string
		Reports struct{ Codequality string }
	}
}

// TestGitLab runs the script of the documentation's job and looks at the code
// quality report: an array of objects with the properties that GitLab wants.
func TestGitLab(t *testing.T) {
	setup.Need(t, "bash")
	setup.Need(t, "jq")
	var job gitlabJob
	for _, block := range setup.Blocks(t, "docs/ci.md", "yaml") {
		if strings.HasPrefix(block, "gatherlint:\n  image:") {
			var file map[string]gitlabJob
			decode(t, block, &file)
			job = file["gatherlint"]
		}
	}
	if len(job.Script) == 0 {
		t.Fatal("docs/ci.md has no job of GitLab")
	}
	exe, demo := setup.Command(t), setup.Demo(t, nil)
	path := "PATH=" + filepath.Dir(exe) + string(filepath.ListSeparator) + os.Getenv("PATH")
	script := strings.Join(job.Script, "\n")
	setup.Run(t, demo, []string{path}, "bash", "-e", "-o", "pipefail", "-c", script).Want(t, 3)
	for _, name := range job.Artifacts.Paths {
		setup.Read(t, demo, name)
	}
	var report []struct {
		CheckName   string `json:"check_name"`
		Description string
		Severity    string
		Fingerprint string
		Location    struct {
			Path  string
			Lines struct{ Begin int }
		}
	}
	if err := json.Unmarshal([]byte(setup.Read(t, demo, job.Artifacts.Reports.Codequality)), &report); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, r := range report {
		if seen[r.Fingerprint] || r.Fingerprint == "" {
			t.Errorf("fingerprint %q of %+v is empty, or that of another", r.Fingerprint, r)
		}
		seen[r.Fingerprint] = true
		if r.CheckName == "" || r.Description == "" || r.Severity != "major" || r.Location.Lines.Begin == 0 || filepath.IsAbs(r.Location.Path) {
			t.Errorf("incomplete: %+v", r)
		}
	}
	if want := demoResults(t, exe, demo); len(report) != len(want) {
		t.Errorf("%d findings in the report, want %d", len(report), len(want))
	}

	setup.Write(t, demo, map[string]string{"broken/x.go": "package broken\n\nvar X = nope\n"})
	setup.Run(t, demo, []string{path}, "bash", "-e", "-o", "pipefail", "-c", script).Want(t, 1)
}
