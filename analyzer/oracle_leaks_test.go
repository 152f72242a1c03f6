package analyzer_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// oracleLeaks are the places where goroutines were left blocked, by example.
type oracleLeaks map[string][]oracleLeak

// An oracleLeak is the stack of a goroutine, without what is not in the folder, the
// innermost call first.
type oracleLeak []oraclePlace

type oraclePlace struct {
	file string
	line int
}

var (
	oracleLabel = regexp.MustCompile(`^# labels: .*"case":"([^"]*)"`)
	oracleFrame = regexp.MustCompile(`^#\t0x[0-9a-f]+\t\S+\t+(\S+):(\d+)$`)
)

// add reads a profile: blocks of lines, each for the goroutines with one stack.
func (l oracleLeaks) add(folder, profile string) {
	for block := range strings.SplitSeq(profile, "\n\n") {
		name, stack := "", oracleLeak{}
		for line := range strings.Lines(block) {
			line = strings.TrimSuffix(line, "\n")
			if m := oracleLabel.FindStringSubmatch(line); m != nil {
				name = m[1]
			}
			m := oracleFrame.FindStringSubmatch(line)
			if m == nil {
				continue
			}
			if file, ok := strings.CutPrefix(m[1], oracleModule+"/"+folder+"/"); ok {
				n, _ := strconv.Atoi(m[2])
				stack = append(stack, oraclePlace{file, n})
			}
		}
		known := func(other oracleLeak) bool { return slices.Equal(stack, other) }
		if name != "" && len(stack) > 0 && !slices.ContainsFunc(l[name], known) {
			l[name] = append(l[name], stack)
		}
	}
}

// where lists the places where goroutines of an example were blocked.
func (l oracleLeaks) where(name string) string {
	if len(l[name]) == 0 {
		return "none is blocked"
	}
	var out []string
	for _, stack := range l[name] {
		var frames []string
		for _, p := range stack {
			frames = append(frames, fmt.Sprintf("%s:%d", p.file, p.line))
		}
		out = append(out, strings.Join(frames, " called from "))
	}
	slices.Sort(out)
	return "blocked at " + strings.Join(out, "; ")
}

// missing are the findings for which no goroutine has been seen.
func (e *oracleExample) missing(o oracle, seen oracleLeaks) []oracleWant {
	var out []oracleWant
	for _, w := range e.wants {
		if !slices.ContainsFunc(seen[e.name], func(stack oracleLeak) bool { return !o.line || e.matches(w, stack) }) {
			out = append(out, w)
		}
	}
	return out
}

// matches says whether a goroutine is blocked in an operation: there, or in a
// function that is called there.
func (e *oracleExample) matches(w oracleWant, stack oracleLeak) bool {
	for _, p := range stack {
		if p.file == e.file && e.first <= p.line && p.line <= e.last {
			return slices.Contains(w.lines, p.line)
		}
	}
	return false
}

// problems says what is wrong with an example.
func (e *oracleExample) problems(o oracle, seen oracleLeaks, r *oracleReport) []string {
	var out []string
	say := func(line int, format string, args ...any) {
		out = append(out, fmt.Sprintf("%s:%d: %s: %s", e.file, line, e.name, fmt.Sprintf(format, args...)))
	}
	for _, m := range e.mistakes {
		say(e.line, "%s", m)
	}
	if !e.run() {
		return out
	}
	if why := r.Cannot[e.name]; why != "" {
		say(e.line, "it %s; take one away, or say \"not run: REASON\" in its comment", why)
		return out
	}
	if why := r.Panics[e.name]; why != "" {
		say(e.line, "it %s", why)
	}
	if !e.bad {
		if len(seen[e.name]) > 0 {
			say(e.line, "this is correct code, and a goroutine of it is left blocked for ever: %s", seen.where(e.name))
		}
		return out
	}
	for _, w := range e.missing(o, seen) {
		at := "anywhere"
		if o.line {
			at = "here"
		}
		say(w.line, "a finding, and no goroutine is left blocked for ever %s: %s", at, seen.where(e.name))
	}
	return out
}
