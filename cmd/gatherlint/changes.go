package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Changes are the lines that were changed since a revision, by file.
type changes struct {
	lines map[string][]changedLines // by real path
	real  map[string]string         // the real paths that were looked up
}

// ChangedLines are a number of lines, the last one among them; to is 0 where the file is new.
type changedLines struct{ from, to int }

// changesSince asks git what was changed since a revision: committed, staged, in
// the working tree, or in files that git does not know and does not ignore.
func (g *goCmd) changesSince(ctx context.Context, rev string) (*changes, error) {
	git, err := exec.LookPath("git")
	if err != nil {
		return nil, errors.New("cannot find the git command in PATH; -new-from needs it")
	}
	ask := func(dir string, args ...string) (string, error) {
		cmd := exec.CommandContext(ctx, git, args...)
		cmd.Dir = dir
		var errs bytes.Buffer
		cmd.Stderr = &errs
		out, err := cmd.Output()
		switch {
		case ctx.Err() != nil:
			return "", errInterrupted
		case err != nil && errs.Len() > 0:
			err = errors.New(strings.TrimSpace(errs.String()))
		}
		return string(out), err
	}
	top, err := ask(g.dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, newFromError(rev, err)
	}
	top = strings.TrimRight(top, "\r\n")
	commit, err := ask(g.dir, "rev-parse", "--verify", rev+"^{commit}")
	if errors.Is(err, errInterrupted) {
		return nil, err
	} else if err != nil {
		return nil, badUsage{fmt.Errorf("-new-from %s: git knows no such revision here", rev)}
	}
	kinds := []string{"--"}
	for _, ending := range sourceKinds() {
		kinds = append(kinds, "*"+ending)
	}
	// The settings of the user must not change the form.
	diff, err := ask(top, append([]string{"diff", "--no-color", "--no-ext-diff", "--no-textconv", "--text", "-M", "--unified=0",
		"--inter-hunk-context=0", "--src-prefix=a/", "--dst-prefix=b/", strings.TrimSpace(commit)}, kinds...)...)
	if err != nil {
		return nil, newFromError(rev, err)
	}
	unknown, err := ask(top, append([]string{"ls-files", "--others", "--exclude-standard", "-z"}, kinds...)...)
	if err != nil {
		return nil, newFromError(rev, err)
	}
	c := &changes{lines: map[string][]changedLines{}, real: map[string]string{}}
	for name, ranges := range parseDiff(diff) {
		c.lines[c.realPath(absolute(top, filepath.FromSlash(name)))] = ranges
	}
	for name := range strings.SplitSeq(unknown, "\x00") {
		if name != "" {
			c.lines[c.realPath(absolute(top, filepath.FromSlash(name)))] = []changedLines{{from: 1}}
		}
	}
	return c, nil
}

// newFromError is the error of a git command.
func newFromError(rev string, err error) error {
	if errors.Is(err, errInterrupted) {
		return err
	}
	return badUsage{fmt.Errorf("-new-from %s: %w", rev, err)}
}

// hunkHeader is the header of a hunk: how many lines go, where lines come, and how many.
var hunkHeader = regexp.MustCompile(`^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@`)

// parseDiff reads which lines a diff without context adds or changes, by the name
// of the file. Where lines are only taken away, the lines around them count as
// changed: it is there that something is missing now.
func parseDiff(diff string) map[string][]changedLines {
	all := make(map[string][]changedLines)
	count := func(s string) int {
		if s == "" {
			return 1
		}
		n, _ := strconv.Atoi(s) // the expression takes digits only
		return n
	}
	file, body := "", 0 // body is how many lines of a hunk are left
	for line := range strings.Lines(diff) {
		line = strings.TrimRight(line, "\n")
		if body > 0 && (strings.HasPrefix(line, "-") || strings.HasPrefix(line, "+")) {
			body--
			continue
		}
		if name, ok := strings.CutPrefix(line, "+++ "); ok {
			file = diffName(name)
			continue
		}
		m := hunkHeader.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		at, added := count(m[2]), count(m[3])
		body = count(m[1]) + added
		r := changedLines{at, at + added - 1}
		if added == 0 {
			r = changedLines{max(at, 1), at + 1}
		}
		if file != "" {
			all[file] = append(all[file], r)
		}
	}
	return all
}

// diffName is the name of a file in a diff, which git quotes if it has unusual
// characters, and ends with a tab if it has blanks; "" if the file is gone.
func diffName(text string) string {
	if unquoted, err := strconv.Unquote(text); err == nil {
		text = unquoted
	}
	name, ok := strings.CutPrefix(strings.TrimSuffix(text, "\t"), "b/")
	if !ok {
		return ""
	}
	return name
}

// realPath follows links, so that the paths of git and of go can be compared.
func (c *changes) realPath(path string) string {
	if known, ok := c.real[path]; ok {
		return known
	}
	resolved, err := filepath.EvalSymlinks(path)
	if err != nil {
		resolved = path
	}
	c.real[path] = resolved
	return resolved
}

// touch says whether a finding, or a step of its schedule, is on a changed line.
func (c *changes) touch(g *goCmd, f finding) bool {
	from, to := parsePosn(f.Posn), parsePosn(f.End)
	last := from.line
	if to.file == from.file {
		last = max(last, to.line)
	}
	return c.has(g, from.file, from.line, last) || slices.ContainsFunc(f.Related, func(s step) bool {
		at := parsePosn(s.Posn)
		return c.has(g, at.file, at.line, at.line)
	})
}

func (c *changes) has(g *goCmd, file string, from, to int) bool {
	if file == "" {
		return false
	}
	return slices.ContainsFunc(c.lines[c.realPath(absolute(g.dir, file))], func(r changedLines) bool {
		return r.from <= to && (r.to == 0 || from <= r.to)
	})
}
