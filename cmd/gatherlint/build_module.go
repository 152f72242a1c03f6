package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// modulePath is the path of gatherlint's module.
const modulePath = "github.com/gatherlint/gatherlint"

// goRun runs the go command in a directory and returns its stdout. The error
// says, as in "cannot fetch x", what was not done, and why in the words of the
// go command, in one line where they are one.
func (b *builder) goRun(ctx context.Context, dir, doing string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, b.goPath, args...)
	cmd.Dir, cmd.Env = dir, b.environ
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	// An interrupt lets the go command end its own children.
	cmd.Cancel = func() error {
		if cmd.Process.Signal(os.Interrupt) != nil {
			return cmd.Process.Kill()
		}
		return nil
	}
	cmd.WaitDelay = 5 * time.Second
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return "", errInterrupted
	case err != nil && ended(err):
		return "", fmt.Errorf("cannot %s: %s", doing, complaint(errs.String()))
	case err != nil:
		return "", fmt.Errorf("cannot %s: %w", doing, err)
	}
	return out.String(), nil
}

// chatter are beginnings of lines with which the go command tells its progress.
func chatter(line string) bool {
	for _, verb := range []string{"downloading", "added", "upgraded", "downgraded", "removed", "finding", "found", "extracting"} {
		if strings.HasPrefix(line, "go: "+verb+" ") {
			return true
		}
	}
	return false
}

// complaint is what the go command says is wrong: its stderr without the lines
// that tell its progress, the first on the line of the error, the others below.
func complaint(stderr string) string {
	var lines []string
	for line := range strings.Lines(stderr) {
		line = strings.TrimRight(line, "\r\n")
		if line != "" && !chatter(line) {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return "the go command failed and does not say why"
	}
	lines[0] = strings.TrimPrefix(lines[0], "go: ")
	return strings.Join(lines, "\n\t")
}

// A selfModule is gatherlint as another module requires it: in a released
// version, or from a directory.
type selfModule struct {
	version string // empty if dir is not
	replace string // the path of the module that stands in for gatherlint's, if any
	dir     string
}

func (s selfModule) String() string {
	switch {
	case s.dir != "":
		return "from " + s.dir
	case s.replace != "":
		return s.replace + "@" + s.version
	}
	return s.version
}

// goMod is the lines of a go.mod file that require gatherlint.
func (s selfModule) goMod() string {
	switch {
	case s.dir != "":
		return fmt.Sprintf("require %s v0.0.0\nreplace %s => %s\n", modulePath, modulePath, strconv.Quote(s.dir))
	case s.replace != "":
		return fmt.Sprintf("require %s v0.0.0\nreplace %s => %s %s\n", modulePath, modulePath, s.replace, s.version)
	}
	return fmt.Sprintf("require %s %s\n", modulePath, s.version)
}

// findSelf finds out where the gatherlint comes from that goes into a program:
// the directory of -source; else the version of this executable, if it was
// built from a released one; else the module in which the user stands, if that
// is gatherlint's.
func (b *builder) findSelf(ctx context.Context, info *debug.BuildInfo) (selfModule, error) {
	if b.source != "" {
		return b.sourceModule(ctx)
	}
	if s, ok := released(info); ok {
		return s, nil
	}
	path, dir, err := b.moduleAt(ctx, b.env.dir)
	if err != nil || path != modulePath {
		if errors.Is(err, errInterrupted) {
			return selfModule{}, err
		}
		return selfModule{}, errors.New("this gatherlint was not built from a released version, so it does not know where its source is; -source names the directory")
	}
	return selfModule{dir: dir}, nil
}

// released says which version an executable was built from, if anybody can get
// it: only a module that the go command downloaded has a checksum.
func released(info *debug.BuildInfo) (selfModule, bool) {
	m := info.Main
	if m.Path != modulePath {
		return selfModule{}, false
	}
	if r := m.Replace; r != nil {
		return selfModule{version: r.Version, replace: r.Path}, r.Version != "" && r.Sum != ""
	}
	return selfModule{version: m.Version}, m.Version != "" && m.Sum != ""
}

// sourceModule looks at the directory of -source.
func (b *builder) sourceModule(ctx context.Context) (selfModule, error) {
	source := b.source
	if !filepath.IsAbs(source) {
		source = filepath.Join(b.env.dir, source)
	}
	switch fi, err := os.Stat(source); {
	case errors.Is(err, os.ErrNotExist):
		return selfModule{}, fmt.Errorf("-source %s: no such directory", b.source)
	case err != nil:
		return selfModule{}, fmt.Errorf("-source %s: %w", b.source, err)
	case !fi.IsDir():
		return selfModule{}, fmt.Errorf("-source %s: not a directory", b.source)
	}
	path, dir, err := b.moduleAt(ctx, source)
	switch {
	case err != nil:
		return selfModule{}, fmt.Errorf("-source %s: %w", b.source, err)
	case path != modulePath:
		return selfModule{}, fmt.Errorf("-source %s: it is not in the source of gatherlint, but in module %s", b.source, path)
	}
	return selfModule{dir: dir}, nil
}

// moduleAt returns the path and the root directory of the module that a
// directory belongs to. Without a module it is an error.
func (b *builder) moduleAt(ctx context.Context, dir string) (path, root string, err error) {
	out, err := b.goRun(ctx, dir, "find its module", "list", "-m", "-f", "{{.Path}}\n{{.Dir}}")
	if err != nil {
		return "", "", err
	}
	path, root, _ = strings.Cut(strings.TrimSpace(out), "\n")
	if root == "" {
		return "", "", errors.New("it is not in a module")
	}
	return path, root, nil
}
