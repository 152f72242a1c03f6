package analyzer_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// TestOraclePanics runs the examples of closedsend in the manner of TestOracle. The bad
// ones have to end their process, each one of its own, by a panic about a closed channel
// in the line of the finding; the good ones never do.
func TestOraclePanics(t *testing.T) {
	t.Parallel()
	const name = "closedsend"
	p := buildOracle(t, map[string]string{name: repoFile("testdata/src/" + name)})
	f := p.folders[name]
	for _, problem := range f.problems {
		t.Error(problem)
	}
	good := oracleJob{Folder: name, Rounds: oracleRounds, Copies: oracleCopies}
	for _, e := range f.examples {
		for _, m := range e.mistakes {
			t.Errorf("%s:%d: %s: %s", e.file, e.line, e.name, m)
		}
		if !e.run() {
			continue
		}
		if !e.bad {
			good.Cases = append(good.Cases, oracleCall{Name: e.name, Words: e.words})
			continue
		}
		job := oracleJob{Folder: name, Rounds: retriedRounds, Copies: retriedCopies, Cases: []oracleCall{{Name: e.name, Words: e.words}}}
		var err error
		for range oracleRetries {
			if _, err = p.run(t.Context(), job); err != nil {
				break
			}
		}
		if !panicsAtWant(err, f, e) {
			t.Errorf("%s:%d: %s: a finding, and no panic about a closed channel there: %v", e.file, e.line, e.name, err)
		}
	}
	if report, err := p.run(t.Context(), good); err != nil {
		t.Errorf("the good examples panic: %v", err)
	} else {
		for name, why := range report.Cannot {
			t.Errorf("%s %s", name, why)
		}
		for name, why := range report.Panics {
			t.Errorf("%s %s", name, why)
		}
	}
}

var closedChannel = regexp.MustCompile(`panic: (send on|close of) closed channel`)

// panicsAtWant reports whether the end of a process is one that a want comment of the
// example tells.
func panicsAtWant(err error, f *oracleFolder, e *oracleExample) bool {
	if err == nil || !closedChannel.MatchString(err.Error()) {
		return false
	}
	for _, w := range e.wants {
		for _, line := range w.lines {
			if strings.Contains(err.Error(), fmt.Sprintf("/%s/%s:%d ", f.pkg, e.file, line)) {
				return true
			}
		}
	}
	return false
}
