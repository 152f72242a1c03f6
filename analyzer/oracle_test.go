package analyzer_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

/*
The examples of the checks for leaks are programs, and this is the test that
runs them. A finding says that a goroutine blocks for ever; the runtime can tell
whether that is so: its profile "goroutineleak" lists the goroutines that are
blocked on something that nobody can reach any more. So each function of bad.go
has to leave such a goroutine behind, at the line with the comment "// want"
where the check reports the blocking operation itself, and no function of good.go
or lookalikes.go may ever leave one. Else the example is wrong, and with it what
the check was taught.

The folders are copied into a module of their own, each with a file that lists
its functions, and built together with oracle_main_test.go into one program, with
the experiment that the profile needs. The program calls every function many
times with made-up arguments: words (also those that the function compares its
parameters with), small numbers, both bools, functions that fail by chance. It sets the variable
dice of a folder's helpers.go to a random source that also mixes up who runs
first. A context is cancelled when the call has returned or has taken its time,
so what blocks after that does not wait for its caller. For the checks that say
that something hangs while the parent lives there is a second call, whose context
is never cancelled.

An author need not know more than this:

  - A new function in bad.go (or bad_NAME.go) with a want comment, in good.go or
    in lookalikes.go is run without any new code. So are a method with a want
    comment and the two functions of example.go.
  - Where chance decides, ask dice(n), which is 0 until the oracle runs.
  - bad_crash.go and bad_loops.go are not run: what dies or spins is not blocked.
  - A doc comment with a line "not run: REASON" excepts a function whose mistake
    cannot be seen this way.
  - A doc comment with a line "parent ends: REASON" excepts correct code from
    being run under a parent that never ends.

What is not seen as leaked is not proved correct: a goroutine blocked on what a
package-level variable holds, one that spins, one with a very long timeout. And
what is seen depends on the scheduler, for which there are many rounds; a
function of bad.go is called a few thousand times before the test gives up.
*/

// oracles are the checks whose examples are run.
var oracles = map[string]oracle{
	"lostsend":   {line: true},
	"stuckwait":  {line: true, orphan: true},
	"misseddone": {},
	"wgcount":    {},
	"deaftask":   {line: true, orphan: true},
}

// An oracle says what is expected of a check's examples: whether the line of a
// finding is that of the blocking operation, and whether they are also run under
// a parent that never ends.
type oracle struct{ line, orphan bool }

const (
	oracleRounds = 40 // in which each example is called
	oracleCopies = 4  // times

	oracleRetries = 3  // for bad examples that did not show yet, of
	retriedRounds = 20 // rounds, in which each is called
	retriedCopies = 50 // times
	oracleModule  = "example.org/oracle"
)

func TestOracle(t *testing.T) {
	t.Parallel()
	dirs := map[string]string{"sample": writeOracleSample(t)}
	for name := range oracles {
		dir := repoFile("testdata/src/" + name)
		if files, _ := filepath.Glob(filepath.Join(dir, "*.go")); len(files) > 0 {
			dirs[name] = dir
		}
	}
	p := buildOracle(t, dirs)
	for name := range dirs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "sample" {
				judgeOracleSample(t, p)
				return
			}
			for _, problem := range p.judge(t, name, oracles[name]) {
				t.Error(problem)
			}
		})
	}
}

// An oracleProgram is the built program, with the folders that are in it.
type oracleProgram struct {
	path    string
	folders map[string]*oracleFolder
}

// buildOracle builds the program from folders, given by name. It skips the test
// where there is no profile of leaked goroutines.
func buildOracle(t *testing.T, dirs map[string]string) *oracleProgram {
	t.Helper()
	temp := t.TempDir()
	p := &oracleProgram{filepath.Join(temp, "oracle.exe"), map[string]*oracleFolder{}}
	write := func(name, text string) {
		t.Helper()
		file := filepath.Join(temp, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	_, requires, _ := strings.Cut(readRepo(t, "go.mod"), "\n")
	write("go.mod", "module "+oracleModule+"\n"+requires)
	write("go.sum", readRepo(t, "go.sum"))
	_, program, _ := strings.Cut(readRepo(t, "analyzer/oracle_main_test.go"), "//go:build ignore\n")
	write("main.go", program)

	var imports, entries strings.Builder
	for name, dir := range dirs {
		f := readOracleFolder(t, dir)
		p.folders[name] = f
		for file, text := range f.sources {
			write(name+"/"+file, text)
		}
		write(name+"/oracle_functions.go", f.functions())
		fmt.Fprintf(&imports, "import %s %q\n", name, oracleModule+"/"+name)
		fmt.Fprintf(&entries, "\t%q: %s.OracleFunctions,\n", name, name)
	}
	write("folders.go", "package main\n\n"+imports.String()+
		"\nconst modulePath = \""+oracleModule+"\"\n"+
		"\nvar folders = map[string]func(dice func(n int) int) map[string]any{\n"+entries.String()+"}\n")

	build := func(experiment string) (string, error) {
		cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", p.path, ".")
		cmd.Dir = temp
		cmd.Env = append(os.Environ(), "GOWORK=off", "GOEXPERIMENT="+experiment)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	out, err := build("goroutineleakprofile")
	if err != nil && strings.Contains(out, "unknown GOEXPERIMENT") {
		out, err = build("") // either too old or not an experiment any more
	}
	if err != nil {
		t.Fatalf("the examples cannot be built into a program: %v\n%s", err, out)
	}
	if _, err := p.run(t.Context(), oracleJob{}); err == errNoProfile {
		t.Skipf("%v: the examples are not run", err)
	} else if err != nil {
		t.Fatal(err)
	}
	return p
}

// An oracleJob and an oracleReport are what goes into the program and comes out
// of it; oracle_main_test.go says what they mean.
type (
	oracleJob struct {
		Folder         string
		Rounds, Copies int
		Cases          []oracleCall
	}
	oracleCall struct {
		Name          string
		Words         []string
		Alone, Orphan bool
	}
	oracleReport struct {
		NoProfile      bool
		Cannot, Panics map[string]string
		Profile        string
	}
)

var errNoProfile = errors.New("this Go has no profile goroutineleak")

// run runs the program.
func (p *oracleProgram) run(ctx context.Context, job oracleJob) (*oracleReport, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	in, err := json.Marshal(job)
	if err != nil {
		return nil, err
	}
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, p.path)
	cmd.Env = append(os.Environ(), "GODEBUG=tracebacklabels=1", "GOTRACEBACK=single")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &out, &errs
	if err := cmd.Run(); ctx.Err() != nil {
		return nil, fmt.Errorf("the program did not end within a minute; does an example spin?")
	} else if err != nil {
		text := errs.String()
		return nil, fmt.Errorf("the program died, so nothing is known about its examples: %v\n%s", err, text[:min(len(text), 4000)])
	}
	report := &oracleReport{}
	if err := json.Unmarshal(out.Bytes(), report); err != nil {
		return nil, fmt.Errorf("%v: %s", err, out.Bytes())
	}
	if report.NoProfile {
		return nil, errNoProfile
	}
	return report, nil
}

// judge runs a folder and returns what is wrong with its examples, in the order
// of the files.
func (p *oracleProgram) judge(t *testing.T, name string, o oracle) []string {
	f := p.folders[name]
	job := oracleJob{Folder: name, Rounds: oracleRounds, Copies: oracleCopies}
	for _, e := range f.examples {
		if e.run() {
			job.Cases = append(job.Cases, oracleCall{e.name, e.words, e.bad, o.orphan && !e.parentEnds})
		}
	}
	seen := oracleLeaks{}
	add := func(job oracleJob) *oracleReport {
		report, err := p.run(t.Context(), job)
		if err != nil {
			t.Fatal(err)
		}
		seen.add(name, report.Profile)
		return report
	}
	report, called := add(job), job.Cases
	for range oracleRetries {
		job.Rounds, job.Copies = retriedRounds, retriedCopies
		job.Cases = slices.DeleteFunc(slices.Clone(job.Cases), func(c oracleCall) bool {
			e := f.example(c.Name)
			return !e.bad || report.Cannot[c.Name] != "" || len(e.missing(o, seen)) == 0
		})
		if len(job.Cases) == 0 {
			break
		}
		maps.Copy(report.Panics, add(job).Panics)
	}
	t.Logf("%d of %d functions were called, %d times each", len(called), len(f.examples), oracleRounds*oracleCopies)
	problems := slices.Clone(f.problems)
	for _, e := range f.examples {
		if e.notRun != "" {
			t.Logf("%s:%d: %s is not run: %s", e.file, e.line, e.name, e.notRun)
		}
		problems = append(problems, e.problems(o, seen, report)...)
	}
	return problems
}
