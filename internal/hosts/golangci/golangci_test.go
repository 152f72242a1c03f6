// Package golangci tests gatherlint inside the real golangci-lint, in the
// program that "gatherlint build golangci-lint" makes.
package golangci

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gatherlint/gatherlint/internal/hosts/setup"
)

// TestHost runs all tests of the program, which is built once.
func TestHost(t *testing.T) {
	setup.Real(t)
	command := setup.Command(t)
	program := filepath.Join(t.TempDir(), "golangci-lint")
	start := time.Now()
	r := setup.Run(t, setup.Root(t), nil, command, "build", "golangci-lint", "-o", program).Want(t, 0)
	t.Logf("built in %.1f s: %s", time.Since(start).Seconds(), strings.TrimSpace(r.Stdout))
	h := host{command, program}
	t.Run("findings", h.testFindings)
	t.Run("settings", h.testSettings)
	t.Run("steps", h.testSteps)
	t.Run("wrong settings", h.testWrongSettings)
	t.Run("fix", h.testFix)
	t.Run("nolint", h.testNolint)
	t.Run("warm", h.testWarm)
	t.Run("changed plugin", h.testChangedPlugin)
	t.Run("official", h.testOfficial)
}

// A host is the two programs under test: the command, and golangci-lint with
// gatherlint inside.
type host struct{ command, program string }

// lint runs golangci-lint and returns its issues, with how it ended.
func (h host) lint(t *testing.T, dir, cache string, args ...string) ([]string, setup.Result) {
	t.Helper()
	args = append([]string{"run", "--output.text.print-issued-lines=false", "--output.text.colors=false", "--show-stats=false"}, args...)
	r := setup.Run(t, dir, []string{"GOLANGCI_LINT_CACHE=" + cache}, h.program, args...)
	return issues(r.Stdout), r
}

// issue is a line of a finding, in the text of golangci-lint and of go vet. The
// lines of steps have a tab behind the position.
var issue = regexp.MustCompile(`(?m)^\S+\.go:\d+:\d+: [^\t\n].*$`)

// issues are the lines of findings, sorted, without the linter's name.
func issues(text string) []string {
	lines := issue.FindAllString(text, -1)
	for i, line := range lines {
		lines[i] = strings.TrimSuffix(line, " (gatherlint)")
	}
	slices.Sort(lines)
	return lines
}

// config is the .golangci.yml of the documentation, with only gatherlint
// enabled and with other settings.
func config(t *testing.T, settings string) map[string]string {
	t.Helper()
	for _, block := range setup.Blocks(t, "docs/golangci-lint.md", "yaml") {
		if strings.Contains(block, "linters:\n  enable:\n") {
			text := strings.Replace(block, "linters:\n", "linters:\n  default: none\n", 1)
			return map[string]string{".golangci.yml": strings.Replace(text, "checks: default", settings, 1)}
		}
	}
	t.Fatal("the documentation has no .golangci.yml")
	return nil
}

// The findings are those of go vet.
func (h host) testFindings(t *testing.T) {
	dir := setup.Demo(t, config(t, "checks: default"))
	setup.Run(t, dir, nil, h.program, "config", "verify").Want(t, 0)
	got, r := h.lint(t, dir, t.TempDir())
	r.Want(t, 1)
	want := issues(setup.Run(t, dir, nil, "go", "vet", "-vettool="+h.command, "./...").Want(t, 1).Stderr)
	if len(want) < 6 || !slices.Equal(got, want) {
		t.Errorf("golangci-lint:\n%s\ngo vet:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if n := strings.Count(r.Stdout, "(gatherlint)"); n != len(got) {
		t.Errorf("%d of %d issues are said to be gatherlint's:\n%s", n, len(got), r.Stdout)
	}
	bare, _, _ := strings.Cut(config(t, "")[".golangci.yml"], "        settings:")
	setup.Write(t, dir, map[string]string{".golangci.yml": bare})
	if without, _ := h.lint(t, dir, t.TempDir()); !slices.Equal(without, want) {
		t.Errorf("without settings:\n%s\nwant:\n%s", strings.Join(without, "\n"), strings.Join(want, "\n"))
	}
}

func (h host) testSettings(t *testing.T) {
	cache := t.TempDir() // one for all: settings are part of its key
	for _, checks := range []string{"lostctx", "-missedwait,-deadctx,-parentctx"} {
		dir := setup.Demo(t, config(t, "checks: "+checks))
		got, r := h.lint(t, dir, cache)
		r.Want(t, 1)
		want := issues(setup.Run(t, dir, nil, "go", "vet", "-vettool="+h.command, "-checks="+checks, "./...").Want(t, 1).Stderr)
		if len(want) == 0 || !slices.Equal(got, want) {
			t.Errorf("checks: %s: golangci-lint:\n%s\ngo vet:\n%s", checks, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// With steps in the message, the finding is one issue and has its fix.
func (h host) testSteps(t *testing.T) {
	dir := setup.Demo(t, config(t, "{checks: droppedwait, steps: true}"))
	got, r := h.lint(t, dir, t.TempDir())
	r.Want(t, 1)
	const step = "; a failed task looks like success (1 berths.go:45 Quay.CallPilots starts a task under g, in a loop; 2 berths.go:45 "
	if len(got) != 1 || !strings.Contains(got[0], step) || !strings.HasSuffix(got[0], ")") {
		t.Errorf("issues with steps:\n%s\nwant one with %q", strings.Join(got, "\n"), step)
	}
}

// A typing mistake is refused with the name that is wrong.
func (h host) testWrongSettings(t *testing.T) {
	for settings, want := range map[string]string{
		"chekcs: all":      `settings of gatherlint: decoding settings: json: unknown field "chekcs"`,
		"checks: losctx":   `settings of gatherlint: unknown check "losctx", did you mean lostctx; the checks are `,
		"checks: [a, b]":   `settings of gatherlint: decoding settings: json: cannot unmarshal array`,
		"checks: default,": `settings of gatherlint: unknown check ""`,
	} {
		_, r := h.lint(t, setup.Demo(t, config(t, settings)), t.TempDir())
		r.Want(t, 3)
		if !strings.Contains(r.Stdout+r.Stderr, want) || strings.Contains(r.Stderr, "goroutine ") {
			t.Errorf("%s: the error has no %q:\n%s%s", settings, want, r.Stdout, r.Stderr)
		}
	}
}

// fixable has findings that all have a fix, some of them two on neighbouring
// lines, whose steps would be left behind.
const fixable = `package fixable

import (
	"context"
	"net/http"
	"os/exec"
	"sync"

	"golang.org/x/sync/errgroup"
)

func upload(ctx context.Context, photo string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, "https://album.example/"+photo, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func publish(ctx context.Context, photos []string) error {
	g, _ := errgroup.WithContext(ctx)
	for _, photo := range photos {
		g.Go(func() error {
			return upload(ctx, photo)
		})
	}
	return g.Wait()
}

func publishAll(ctx context.Context, photos []string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return upload(gctx, "index") })
	for _, photo := range photos {
		g.Go(func() error { return exec.CommandContext(ctx, "thumbnail", photo).Run() })
	}
	return g.Wait()
}

func count(photos []string, broken func(string) bool) int {
	var wg sync.WaitGroup
	for _, photo := range photos {
		wg.Add(1)
		go func() {
			if broken(photo) {
				return
			}
			wg.Done()
		}()
	}
	wg.Wait()
	return len(photos)
}
`

// --fix applies the fixes and ends clean, and the result is that of the command.
func (h host) testFix(t *testing.T) {
	files := map[string]string{"fixable.go": fixable}
	dir, cache := setup.Module(t, files), t.TempDir()
	setup.Write(t, dir, config(t, "checks: default"))
	before, r := h.lint(t, dir, cache)
	r.Want(t, 1)
	if len(before) < 3 {
		t.Fatalf("findings before the fixes:\n%s", r.Stdout)
	}
	after, r := h.lint(t, dir, cache, "--fix", "--show-stats=true")
	r.Want(t, 0)
	if len(after) > 0 || !strings.HasPrefix(r.Stdout, "0 issues") {
		t.Errorf("--fix ends with\n%s", r.Stdout)
	}
	other := setup.Module(t, files)
	setup.Run(t, other, nil, h.command, "-fix", "./...").Want(t, 0)
	if got, want := setup.Read(t, dir, "fixable.go"), setup.Read(t, other, "fixable.go"); got != want || got == fixable {
		t.Errorf("golangci-lint --fix:\n%s\ngatherlint -fix:\n%s", got, want)
	}
	setup.Run(t, dir, nil, "go", "build", "./...").Want(t, 0)
}

// Both comments silence, nothing else on the way, and nolintlint knows the name.
func (h host) testNolint(t *testing.T) {
	lost := "g, _ := errgroup.WithContext(ctx)"
	parent := `g.Go(func() error { return exec.CommandContext(ctx, "thumbnail", photo).Run() })`
	text := strings.Replace(fixable, lost, lost+" //nolint:gatherlint // every upload counts", 1)
	text = strings.Replace(text, parent, parent+" //gatherlint:ignore parentctx every upload counts", 1)
	text = strings.Replace(text, "wg.Wait()", "wg.Wait() //nolint:errcheck // of another linter", 1)
	dir := setup.Module(t, map[string]string{"fixable.go": text})
	setup.Write(t, dir, config(t, "checks: default"))
	yml := strings.Replace(setup.Read(t, dir, ".golangci.yml"), "    - gatherlint\n", "    - gatherlint\n    - nolintlint\n", 1)
	setup.Write(t, dir, map[string]string{".golangci.yml": yml})
	got, r := h.lint(t, dir, t.TempDir())
	r.Want(t, 1)
	if len(got) != 1 || !strings.Contains(got[0], ": misseddone: ") {
		t.Errorf("findings with comments:\n%s\nwant only misseddone", r.Stdout)
	}
}

// testWarm measures a run whose results are all in the cache. The bounds are for
// machines that do much else; they exclude that the packages are analysed again.
func (h host) testWarm(t *testing.T) {
	dir, cache := setup.Demo(t, config(t, "checks: default")), t.TempDir()
	timed := func() ([]string, time.Duration) {
		start := time.Now()
		got, r := h.lint(t, dir, cache)
		r.Want(t, 1)
		return got, time.Since(start)
	}
	first, cold := timed()
	second, warm := timed()
	t.Logf("cold %.2f s, warm %.2f s", cold.Seconds(), warm.Seconds())
	if !slices.Equal(first, second) {
		t.Errorf("the cache changes the findings:\n%s\nbefore:\n%s", strings.Join(second, "\n"), strings.Join(first, "\n"))
	}
	if warm > 10*time.Second && warm > cold/2 {
		t.Errorf("a run with a full cache takes %v", warm)
	}
}

// A program with another gatherlint in it does not take the results of the
// first from the cache that both use; one built again from the same does.
func (h host) testChangedPlugin(t *testing.T) {
	version := func(program string) string {
		return strings.TrimSpace(setup.Run(t, t.TempDir(), nil, program, "version", "--short").Want(t, 0).Stdout)
	}
	const from, to = "is thrown away", "is lost on the way"
	source := setup.Source(t)
	text := setup.Read(t, source, "internal/check/lostctx.go")
	dir, cache := setup.Demo(t, config(t, "checks: lostctx")), t.TempDir()
	before, r := h.lint(t, dir, cache)
	r.Want(t, 1)
	if !strings.Contains(text, from) || !strings.Contains(strings.Join(before, "\n"), from) {
		t.Fatalf("lostctx does not say that a context %s:\n%s", from, r.Stdout)
	}

	same := host{h.command, filepath.Join(t.TempDir(), "same")}
	setup.Run(t, t.TempDir(), nil, h.command, "build", "golangci-lint", "-o", same.program, "-source", source).Want(t, 0)
	if got, want := version(same.program), version(h.program); got != want {
		t.Errorf("built again from the same source: version %s, want %s", got, want)
	}

	setup.Write(t, source, map[string]string{"internal/check/lostctx.go": strings.ReplaceAll(text, from, to)})
	changed := host{h.command, filepath.Join(t.TempDir(), "changed")}
	setup.Run(t, t.TempDir(), nil, h.command, "build", "golangci-lint", "-o", changed.program, "-source", source).Want(t, 0)
	if version(changed.program) == version(h.program) {
		t.Errorf("a changed plugin has the same version %s", version(h.program))
	}
	after, r := changed.lint(t, dir, cache)
	r.Want(t, 1)
	if got := strings.Join(after, "\n"); strings.Contains(got, from) || !strings.Contains(got, to) || len(after) != len(before) {
		t.Errorf("the changed plugin gives\n%s\nin place of\n%s", got, strings.Join(before, "\n"))
	}
}
