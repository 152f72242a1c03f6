package ci

import (
	"strings"
	"testing"

	"github.com/gatherlint/gatherlint/internal/hosts/setup"
)

// TestPreCommit runs the real pre-commit with the configuration of the
// documentation on a repository that has gatherlint's hooks, and on one that
// has the demo.
func TestPreCommit(t *testing.T) {
	setup.Real(t)
	setup.Need(t, "pre-commit")
	environ := []string{
		"PRE_COMMIT_HOME=" + t.TempDir(), "GIT_CONFIG_GLOBAL=/dev/null", "GOFLAGS=-modcacherw -buildvcs=false",
		"GIT_AUTHOR_NAME=x", "GIT_AUTHOR_EMAIL=x@example.com", "GIT_COMMITTER_NAME=x", "GIT_COMMITTER_EMAIL=x@example.com",
	}
	commit := func(dir string) {
		for _, args := range [][]string{{"init", "-q"}, {"add", "."}, {"commit", "-q", "-m", "x"}, {"tag", setup.Version}} {
			setup.Run(t, dir, environ, "git", args...).Want(t, 0)
		}
	}
	hooks := setup.Source(t)
	setup.Write(t, hooks, map[string]string{".pre-commit-hooks.yaml": setup.Read(t, setup.Root(t), ".pre-commit-hooks.yaml")})
	commit(hooks)

	config := ""
	for _, block := range setup.Blocks(t, "docs/ci.md", "yaml") {
		if strings.HasPrefix(block, "repos:\n") {
			config = strings.Replace(block, "https://github.com/gatherlint/gatherlint", hooks, 1)
			config = strings.Replace(config, "rev: main", "rev: "+setup.Version, 1)
		}
	}
	if !strings.Contains(config, hooks) || !strings.Contains(config, setup.Version) {
		t.Fatalf("docs/ci.md has no configuration of pre-commit:\n%s", config)
	}
	demo := setup.Demo(t, map[string]string{".pre-commit-config.yaml": config, "README": "x"})
	commit(demo)

	r := setup.Run(t, demo, environ, "pre-commit", "run", "--all-files", "--color=never").Want(t, 1)
	if !strings.Contains(r.Stdout, "- exit code: 3\n") || len(findingLine.FindAllString(r.Stdout, -1)) != len(demoResults(t, setup.Command(t), demo)) {
		t.Errorf("all files:\n%s%s", r.Stdout, r.Stderr)
	}
	for file, want := range map[string]string{"README": "(no files to check)Skipped", "registry/types.go": "Failed", "go.mod": "Failed"} {
		r := setup.Run(t, demo, environ, "pre-commit", "run", "--files", file, "--color=never")
		if !strings.Contains(r.Stdout, want) {
			t.Errorf("with %s in the commit, not %s:\n%s%s", file, want, r.Stdout, r.Stderr)
		}
	}
	// Arguments arrive.
	setup.Write(t, demo, map[string]string{".pre-commit-config.yaml": strings.Replace(config, "-checks=default", "-checks=lostctx", 1)})
	r = setup.Run(t, demo, environ, "pre-commit", "run", "--all-files", "--color=never").Want(t, 1)
	if !strings.Contains(r.Stdout, "\n1 finding in 1 package") {
		t.Errorf("with one check:\n%s%s", r.Stdout, r.Stderr)
	}
}
