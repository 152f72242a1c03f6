package main

import (
	"context"
	"encoding/json"
	"fmt"
	"go/version"
	"regexp"
	"strconv"
	"strings"
)

const (
	goplsModule   = "golang.org/x/tools/gopls"
	goplsSettings = "vendor/" + goplsModule + "/internal/settings"
)

// A goplsRelease is a version of gopls and the oldest Go that builds it.
type goplsRelease struct{ version, needs string }

// goplsReleases are the versions that were built and run with gatherlint inside,
// newest first; the tests do so with the one for their Go. The oldest is the oldest possible one: those before it come
// with golang.org/x/tools older than gatherlint requires, and do not compile
// with the version that gatherlint requires.
func goplsReleases() []goplsRelease {
	return []goplsRelease{
		{"v0.24.0", "go1.27"},
		{"v0.23.0", "go1.26"},
	}
}

func goplsTarget() target {
	return target{
		name:  "gopls",
		about: "gopls with the analyzer gatherlint, for editors",
		flags: []string{"version", "checks"},
		run:   buildGopls,
	}
}

// goplsRegister is a file that is laid into gopls's package of settings, where
// the list of its analyzers is. Nothing that gopls has is changed. Gopls hands
// no flags to analyzers, so the checks are part of the program.
func goplsRegister(checks string) string {
	return fmt.Sprintf(`package settings

import "github.com/gatherlint/gatherlint/analyzer"

func init() {
	AllAnalyzers = append(AllAnalyzers, &Analyzer{analyzer: analyzer.New(&analyzer.Options{Checks: %q})})
}
`, checks)
}

// buildGopls makes gopls out of modules alone. Gopls has no plugins and its
// packages are internal, so one file is added to it: by an overlay over a
// vendor directory, because the go command refuses one over the module cache.
func buildGopls(ctx context.Context, b *builder) error {
	want, err := b.goplsVersion(ctx)
	if err != nil {
		return err
	}
	files := []struct{ name, text string }{
		{"go.mod", "module gatherlint.invalid/build\n\ngo 1.25.0\n\n" + b.self.goMod()},
		{"build.go", "package build\n\nimport _ \"" + modulePath + "/analyzer\" // so that it is vendored\n"},
		{"register.txt", goplsRegister(b.checks)},
	}
	for _, f := range files {
		if err := b.writeFile(f.name, f.text); err != nil {
			return err
		}
	}
	b.say("building gopls %s; the first time this takes some minutes", want)
	// It also moves on to the version of Go that gopls needs.
	if _, err := b.goRun(ctx, b.temp, "fetch gopls "+want, "get", "-tool", goplsModule+"@"+want); err != nil {
		return err
	}
	got, err := b.goRun(ctx, b.temp, "read the version of gopls", "list", "-m", "-f", "{{.Version}}", goplsModule)
	if err != nil {
		return err
	}
	got = strings.TrimSpace(got)
	if _, err := b.goRun(ctx, b.temp, "fetch gatherlint "+b.self.String(), "get", "."); err != nil {
		return err
	}
	if _, err := b.goRun(ctx, b.temp, "copy the source of gopls", "mod", "vendor"); err != nil {
		return err
	}
	// Relative paths mean the same to the go command when the directory is
	// reached through a link, absolute ones do not.
	overlay, err := json.Marshal(map[string]map[string]string{
		"Replace": {goplsSettings + "/gatherlint_analyzer.go": "register.txt"},
	})
	if err != nil {
		return fmt.Errorf("cannot write the overlay: %w", err)
	}
	if err := b.writeFile("overlay.json", string(overlay)); err != nil {
		return err
	}
	// Without the directory's name in them, the packages of the next build
	// come from the build cache.
	_, err = b.goRun(ctx, b.temp, "build gopls "+got,
		"build", "-mod=vendor", "-overlay=overlay.json", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", b.built, goplsModule)
	b.made = "gopls " + got
	return err
}

// goplsVersion is the version of gopls to ask for: that of -version, or the
// newest that the user's Go builds.
func (b *builder) goplsVersion(ctx context.Context) (string, error) {
	if b.version != "" {
		v, err := parseGoplsVersion(b.version)
		if err != nil {
			return "", badUsage{fmt.Errorf("invalid value %q for flag -version: %w", b.version, err)}
		}
		return v, nil
	}
	// Not where the user stands: a go.mod there may ask for another Go.
	have, err := b.goRun(ctx, b.temp, "find out the version of Go", "env", "GOVERSION")
	if err != nil {
		return "", err
	}
	return goplsFor(have)
}

// goplsFor is the newest release of gopls that a Go builds. The text is what
// "go env GOVERSION" says: go1.26.8, go1.26.8 X:jsonv2, devel go1.28-0123abc.
func goplsFor(goVersion string) (string, error) {
	releases := goplsReleases()
	have := ""
	for word := range strings.FieldsSeq(goVersion) {
		if version.IsValid(word) {
			have = word
			break
		}
	}
	if have == "" {
		return "", fmt.Errorf("cannot tell which gopls the Go version %q builds; -version names one", strings.TrimSpace(goVersion))
	}
	for _, r := range releases {
		if version.Compare(version.Lang(have), r.needs) >= 0 {
			return r.version, nil
		}
	}
	oldest := releases[len(releases)-1]
	return "", fmt.Errorf("gopls with gatherlint inside needs %s or newer to be built, and this is %s", oldest.needs, have)
}

// releasePattern is a version of a release or pre-release of gopls.
var releasePattern = regexp.MustCompile(`^v?((\d+)\.(\d+)\.(\d+)(?:-[0-9A-Za-z.-]+)?)$`)

// parseGoplsVersion checks what -version says and returns it as the go command
// wants it: with a v in front.
func parseGoplsVersion(text string) (string, error) {
	if text == "latest" {
		return text, nil
	}
	m := releasePattern.FindStringSubmatch(text)
	if m == nil {
		return "", fmt.Errorf("it is not a version of gopls like %s, nor latest", goplsReleases()[0].version)
	}
	oldest := goplsReleases()[len(goplsReleases())-1].version
	old := releasePattern.FindStringSubmatch(oldest)
	for i := 2; i <= 4; i++ {
		a, err := strconv.Atoi(m[i])
		if err != nil {
			return "", fmt.Errorf("it has a number that is too large")
		}
		b, _ := strconv.Atoi(old[i]) // a version of our own
		if a > b {
			break
		}
		if a < b {
			return "", fmt.Errorf("gatherlint does not fit into gopls before %s", oldest)
		}
	}
	return "v" + m[1], nil
}
