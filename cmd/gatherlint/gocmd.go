package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A goCmd runs the go command.
type goCmd struct {
	path string // of the go command
	dir  string // to run in, absolute
	env  env
}

// newGoCmd finds the go command and checks the directory to run it in.
func newGoCmd(e env, dir string) (*goCmd, error) {
	path, err := exec.LookPath("go")
	if err != nil {
		return nil, errors.New("cannot find the go command in PATH; gatherlint runs go vet underneath")
	}
	if dir == "" {
		return &goCmd{path, e.dir, e}, nil
	}
	abs := dir
	if !filepath.IsAbs(dir) {
		abs = filepath.Join(e.dir, dir)
	}
	switch fi, err := os.Stat(abs); {
	case errors.Is(err, os.ErrNotExist):
		return nil, badUsage{fmt.Errorf("-C %s: no such directory", dir)}
	case err != nil:
		return nil, badUsage{fmt.Errorf("-C %s: %w", dir, err)}
	case !fi.IsDir():
		return nil, badUsage{fmt.Errorf("-C %s: not a directory", dir)}
	}
	return &goCmd{path, abs, e}, nil
}

// run is watch without anybody who watches.
func (g *goCmd) run(ctx context.Context, args ...string) (stdout, stderr []byte, err error) {
	return g.watch(ctx, nil, args...)
}

// watch runs the go command and returns what it wrote; what it writes to stdout
// is written to a progress as well, if there is one, as it comes. The error is not nil when
// the command could not be run, was interrupted, or ended with a code that is
// not 0; the output is valid in the last case.
func (g *goCmd) watch(ctx context.Context, seen *progress, args ...string) (stdout, stderr []byte, err error) {
	cmd := exec.CommandContext(ctx, g.path, args...)
	cmd.Dir = g.dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if seen != nil {
		cmd.Stdout = io.MultiWriter(&out, seen)
		cmd.Env = append(cmd.Environ(), begunEnv+"="+seen.begun)
	}
	// An interrupt lets go vet end its own children. Where it cannot be sent,
	// or does not help, the process is killed.
	cmd.Cancel = func() error {
		if cmd.Process.Signal(os.Interrupt) != nil {
			return cmd.Process.Kill()
		}
		return nil
	}
	cmd.WaitDelay = 2 * time.Second
	err = cmd.Run()
	if ctx.Err() != nil {
		err = errInterrupted
	}
	return out.Bytes(), errs.Bytes(), err
}

// errInterrupted is the error of a command that a signal ended.
var errInterrupted = errors.New("interrupted")

// ended says whether the error of run only says that the command ended with a
// code that is not 0, so that its output tells why.
func ended(err error) bool {
	var exit *exec.ExitError
	return errors.As(err, &exit)
}

// rel makes a path short: relative to where the user stands, unless it is far
// away from there.
func (e env) rel(path string) string {
	if !filepath.IsAbs(path) {
		return path
	}
	r, err := filepath.Rel(e.dir, path)
	if err != nil || strings.HasPrefix(filepath.ToSlash(r), "../../../../") {
		return path
	}
	return r
}

// positioned matches a line that begins with a place in a file, behind the
// prefixes that the vet tool and go vet's own type checker put there.
var positioned = regexp.MustCompile(`^(?:gatherlint: |vet: )?((?:[A-Za-z]:)?[^:\s][^:]*)(:\d+(?::\d+)?): (.*)$`)

// tidy makes the text that the go command wrote to stderr readable: blocks of
// lines, sorted, with paths relative to where the user stands. The headers
// that name a package are dropped where the lines below name the file, and so
// is a line that was there before, as when two packages import one that does
// not compile.
func (g *goCmd) tidy(stderr []byte) []string {
	var blocks []string
	seen := make(map[string]bool)
	for _, block := range splitBlocks(string(stderr)) {
		var headers, lines []string
		places, again := 0, false
		for _, line := range block {
			if strings.HasPrefix(line, "# ") {
				headers = append(headers, line)
				continue
			}
			if m := positioned.FindStringSubmatch(line); m != nil {
				places++
				line = g.relExisting(m[1]) + m[2] + ": " + m[3]
				// The compiler and the vet tool word an error in the same way.
				again = seen[line]
				seen[line] = true
			} else if !strings.HasPrefix(line, "\t") {
				again = false // not a continuation
			}
			if !again {
				lines = append(lines, line)
			}
		}
		if len(lines) == 0 {
			continue
		}
		if places == 0 {
			lines = append(headers, lines...)
		}
		blocks = append(blocks, strings.Join(lines, "\n"))
	}
	slices.Sort(blocks)
	return blocks
}

// splitBlocks splits what the go command wrote at the headers that name a
// package. What stands before the first header is a block too.
func splitBlocks(text string) [][]string {
	var blocks [][]string
	header := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			continue
		}
		isHeader := strings.HasPrefix(line, "# ")
		if len(blocks) == 0 || isHeader && !header {
			blocks = append(blocks, nil)
		}
		header = isHeader
		blocks[len(blocks)-1] = append(blocks[len(blocks)-1], line)
	}
	return blocks
}

// relExisting is rel for a path of the go command, which is relative to the
// directory it ran in. What is not a file there stays as it is.
func (g *goCmd) relExisting(path string) string {
	abs := path
	if !filepath.IsAbs(path) {
		abs = filepath.Join(g.dir, path)
	}
	if _, err := os.Stat(abs); err != nil {
		return path
	}
	return g.env.rel(abs)
}
