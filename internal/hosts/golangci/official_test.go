package golangci

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gatherlint/gatherlint/internal/hosts/setup"
)

// testOfficial builds with "golangci-lint custom" and the documentation's
// .custom-gcl.yml, but for the version, in whose place stands the source. The
// repository that it clones is made of the module, so that GitHub is not needed.
func (h host) testOfficial(t *testing.T) {
	setup.Need(t, "git")
	var download struct{ Dir string }
	text := setup.Run(t, t.TempDir(), nil, "go", "mod", "download", "-json", "github.com/golangci/golangci-lint/v2@v2.15.0").Want(t, 0).Stdout
	if err := json.Unmarshal([]byte(text), &download); err != nil {
		t.Fatal(err)
	}
	repository := t.TempDir()
	if err := os.CopyFS(repository, os.DirFS(download.Dir)); err != nil {
		t.Fatal(err)
	}
	environ := []string{
		"GIT_AUTHOR_NAME=x", "GIT_AUTHOR_EMAIL=x@example.com", "GIT_COMMITTER_NAME=x", "GIT_COMMITTER_EMAIL=x@example.com",
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=url." + repository + ".insteadOf",
		"GIT_CONFIG_VALUE_0=https://github.com/golangci/golangci-lint.git",
		"GOFLAGS=-trimpath -buildvcs=false", // takes what the other build has compiled
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "-f", "."}, {"commit", "-q", "-m", "x"}, {"tag", "v2.15.0"}} {
		setup.Run(t, repository, environ, "git", args...).Want(t, 0)
	}
	dir := setup.Demo(t, config(t, "checks: default"))
	want, _ := h.lint(t, dir, t.TempDir())

	const version = "    version: v0.1.0\n"
	for _, block := range setup.Blocks(t, "docs/golangci-lint.md", "yaml") {
		if strings.HasPrefix(block, "version: v2.15.0\n") && strings.Contains(block, version) {
			setup.Write(t, dir, map[string]string{".custom-gcl.yml": strings.Replace(block, version, "    path: "+setup.Source(t)+"\n", 1)})
		}
	}
	setup.Run(t, dir, environ, h.program, "custom").Want(t, 0)
	official := host{h.command, filepath.Join(dir, "golangci-lint-gatherlint")}
	got, r := official.lint(t, dir, t.TempDir())
	r.Want(t, 1)
	if len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("built with golangci-lint custom:\n%s\nbuilt with gatherlint:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
