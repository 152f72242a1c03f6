package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

const (
	golangciModule  = "github.com/golangci/golangci-lint/v2"
	golangciVersion = "v2.15.0" // the one that the tests run
)

func golangciTarget() target {
	return target{
		name:  "golangci-lint",
		about: "golangci-lint with the linter gatherlint, a module plugin",
		flags: []string{"version"},
		run:   buildGolangci,
	}
}

// golangciMain is the main package of the program. It is golangci-lint's own
// without the parts that find out a version, and imports the plugin.
const golangciMain = `package main

import (
	"fmt"
	"os"
	"runtime"

	"github.com/golangci/golangci-lint/v2/pkg/commands"
	"github.com/golangci/golangci-lint/v2/pkg/exitcodes"

	_ "github.com/gatherlint/gatherlint/plugin"
)

var version, commit string // set by the linker

func main() {
	err := commands.Execute(commands.BuildInfo{
		GoVersion: runtime.Version(),
		Version:   version,
		Commit:    commit,
		Date:      "(unknown)",
	})
	if err != nil {
		fmt.Fprintf(os.Stderr, "The command is terminated due to an error: %v\n", err)
		os.Exit(exitcodes.Failure)
	}
}
`

// buildGolangci makes golangci-lint out of modules alone: its own way, the
// command "golangci-lint custom", clones its repository.
func buildGolangci(ctx context.Context, b *builder) error {
	want := b.version
	switch {
	case want == "":
		want = golangciVersion
	case strings.HasPrefix(want, "2."):
		want = "v" + want
	}
	if want != "latest" && !strings.HasPrefix(want, "v2.") {
		return badUsage{fmt.Errorf("invalid value %q for flag -version: it is not a version 2 of golangci-lint, nor latest", b.version)}
	}
	if err := b.writeFile("main.go", golangciMain); err != nil {
		return err
	}
	if err := b.writeFile("go.mod", "module gatherlint.invalid/build\n\ngo 1.25.0\n\n"+b.self.goMod()); err != nil {
		return err
	}
	b.say("building golangci-lint %s; the first time this takes some minutes", want)
	// It also moves on to the version of Go that golangci-lint needs.
	if _, err := b.goRun(ctx, b.temp, "fetch golangci-lint "+want, "get", golangciModule+"@"+want); err != nil {
		return err
	}
	got, err := b.goRun(ctx, b.temp, "read the version of golangci-lint", "list", "-m", "-f", "{{.Version}}", golangciModule)
	if err != nil {
		return err
	}
	got = strings.TrimSpace(got)
	sum, err := b.pluginSum(ctx)
	if err != nil {
		return err
	}
	self := b.self.version
	if self == "" {
		self = "devel"
	}
	version := strings.TrimPrefix(got, "v") + "-gatherlint-" + self + "-" + sum
	commit := fmt.Sprintf("modules %s@%s and %s@%s", golangciModule, got, modulePath, self)
	_, err = b.goRun(ctx, b.temp, "build golangci-lint "+got,
		"build", "-mod=mod", "-trimpath", "-buildvcs=false", "-o", b.built,
		"-ldflags", fmt.Sprintf("-s -w -X 'main.version=%s' -X 'main.commit=%s'", version, commit), ".")
	b.made = "golangci-lint " + got
	return err
}

// pluginSum is a short hash of everything that decides what the plugin finds:
// the identities that the go command gives to the compiled packages, which
// change with their sources, their imports and the compiler. golangci-lint
// keys its cache of results with its version string and not with the program,
// so this has to be part of the string, or a changed plugin keeps giving old
// results.
func (b *builder) pluginSum(ctx context.Context) (string, error) {
	ids, err := b.goRun(ctx, b.temp, "compile the plugin",
		"list", "-mod=mod", "-trimpath", "-export", "-deps", "-f", "{{.ImportPath}} {{.BuildID}}", modulePath+"/plugin")
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(ids))
	return hex.EncodeToString(sum[:6]), nil
}
