package analyzer_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// The runner plays generated programs for real. All programs are one package of
// a module in a temporary directory; testdata/generated/runner is a test binary
// around it that plays each program over and over in bubbles of
// testing/synctest. In a bubble time is fake and passes only when nobody can
// move. So after an hour of that time whoever is left is blocked for ever, and
// runtime.Stack says at which line. Half of the runs cancel the parent context
// at some early time; the others look once before and once after they cancel it.
//
// A bubble with blocked goroutines ends with a panic of synctest.Test, which is
// recovered. Its goroutines stay, and make every later look at the stacks
// slower; so a process of the runner ends when it holds a hundred of them, and
// another one goes on at the next run. A program that panics ends the process
// too: that is noted, and the next run goes on.

// A look is one goroutine's block: the lines of its frames in the program's
// file, the innermost first.
type look []int

// An outcome is a run that left goroutines behind; see runner_test.go.
type outcome struct {
	Program, Schedule  int
	N, Items, Failures int
	Cancelled          bool
	Before, After      []look
}

// simpler says which of two runs makes the easier story: with fewer failures, a
// parent context that is not cancelled early, something to do.
func (o outcome) simpler(other outcome) bool {
	if o.Failures != other.Failures {
		return o.Failures < other.Failures
	}
	if o.Cancelled != other.Cancelled {
		return other.Cancelled
	}
	return o.Items > 0 && other.Items == 0
}

// An observation is what the runs of one program have shown.
type observation struct {
	Name   string
	Runs   int
	States []*state
	Panics []string `json:",omitempty"`
}

// A state is a set of goroutines that were blocked together for ever.
type state struct {
	Blocked  []look
	Parent   string  // what had become of the parent context: one of the below
	Times    int     // in how many runs
	Simplest outcome // of these runs
	Sought   bool    // found where what is reported was looked for, with more runs and larger numbers
}

const (
	lives      = "lives"
	endedLate  = "was cancelled when all was settled"
	endedEarly = "was cancelled early"
)

func (s *state) same(other *state) bool {
	equal := func(a, b look) bool { return slices.Equal(a, b) }
	return s.Parent == other.Parent && slices.EqualFunc(s.Blocked, other.Blocked, equal)
}

// add notes a run.
func (o *observation) add(run outcome) {
	note := func(blocked []look, parent string) {
		if len(blocked) == 0 {
			return
		}
		slices.SortFunc(blocked, slices.Compare[look])
		for _, s := range o.States {
			if s.same(&state{Blocked: blocked, Parent: parent}) {
				s.Times++
				if run.simpler(s.Simplest) {
					s.Simplest = run
				}
				return
			}
		}
		o.States = append(o.States, &state{Blocked: blocked, Parent: parent, Times: 1, Simplest: run})
	}
	if run.Cancelled {
		note(run.After, endedEarly)
		return
	}
	note(run.Before, lives)
	note(run.After, endedLate)
}

// A runner is a module with programs and the binary that runs them.
type runner struct {
	dir      string // of the module; the programs are in generated
	binary   string
	programs []program
}

// newRunner writes and builds the module.
func newRunner(t *testing.T, programs []program) *runner {
	t.Helper()
	r := &runner{dir: t.TempDir(), programs: programs}
	r.binary = filepath.Join(r.dir, "runner.exe")
	write := func(path, text string) {
		t.Helper()
		path = filepath.Join(r.dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	own := readRepo(t, "go.mod")
	write("go.mod", "module example.org\n\n"+regexp.MustCompile(`(?m)^go .*$`).FindString(own)+
		"\n\nrequire "+regexp.MustCompile(`golang.org/x/sync v\S+`).FindString(own)+"\n")
	write("go.sum", readRepo(t, "go.sum"))
	for _, file := range []string{"oracle/oracle.go", "runner/runner_test.go"} {
		write(file, readRepo(t, "analyzer/testdata/generated/"+file))
	}
	var table strings.Builder
	table.WriteString("package runner\n\nimport \"example.org/generated\"\n\nvar programs = []program{\n")
	for _, p := range programs {
		write("generated/"+strings.ToLower(p.name)+".go", p.text)
		fmt.Fprintf(&table, "\t{%q, generated.%s},\n", p.name, p.name)
	}
	write("runner/table_test.go", table.String()+"}\n")
	cmd := exec.Command("go", "test", "-c", "-vet=off", "-gcflags=example.org/generated=-l -N", "-o", r.binary, "./runner")
	cmd.Dir = r.dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "PWD="+r.dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go test -c: %v\n%s", err, out)
	}
	return r
}

// observe plays some of the programs, each over a number of schedules, with up to
// largest workers and items.
func (r *runner) observe(t *testing.T, wanted []int, seed int64, schedules, largest int) map[int]*observation {
	t.Helper()
	var (
		mu   sync.Mutex
		wg   sync.WaitGroup
		all  = map[int]*observation{}
		work = make(chan []int)
	)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for part := range work {
				j := job{r: r, seed: seed, schedules: schedules, largest: largest, last: part[1], at: [2]int{part[0], 0}, seen: map[int]*observation{}}
				for i := part[0]; i < part[1]; i++ {
					j.seen[i] = &observation{Name: r.programs[i].name, Runs: schedules}
				}
				err := j.run()
				mu.Lock()
				if err != nil {
					t.Error(err)
				}
				for i, o := range j.seen {
					all[i] = o
				}
				mu.Unlock()
			}
		})
	}
	for len(wanted) > 0 { // one part is a row of neighbours
		n := 1
		for n < len(wanted) && n < 40 && wanted[n] == wanted[0]+n {
			n++
		}
		work <- []int{wanted[0], wanted[0] + n}
		wanted = wanted[n:]
	}
	close(work)
	wg.Wait()
	return all
}

// A job is a row of programs, played by one process after the other.
type job struct {
	r         *runner
	seed      int64
	schedules int
	largest   int
	last      int    // the program after the last one
	at        [2]int // the next run: program and schedule
	seen      map[int]*observation
}

func (j *job) run() error {
	for {
		crash, done, err := j.process()
		if err != nil || done {
			return err
		}
		if crash != "" {
			if o := j.seen[j.at[0]]; !slices.Contains(o.Panics, crash) {
				o.Panics = append(o.Panics, crash)
			}
			j.at[1]++
		}
	}
}

// process goes on at j.at until the process ends. It has ended with a panic if
// crash says something.
func (j *job) process() (crash string, done bool, err error) {
	cmd := exec.Command(j.r.binary, "-test.run=^TestPrograms$", fmt.Sprintf("-seed=%d", j.seed), fmt.Sprintf("-schedules=%d", j.schedules), fmt.Sprintf("-largest=%d", j.largest),
		fmt.Sprintf("-first=%d", j.at[0]), fmt.Sprintf("-from=%d", j.at[1]), fmt.Sprintf("-last=%d", j.last))
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	var errors bytes.Buffer
	cmd.Stderr = &errors
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", false, err
	}
	if err := cmd.Start(); err != nil {
		return "", false, err
	}
	more := false
	for scan := bufio.NewScanner(out); scan.Scan(); {
		text := scan.Text()
		fields := strings.Fields(text)
		switch {
		case len(fields) == 3 && (fields[0] == "at" || fields[0] == "more"):
			more = fields[0] == "more"
			j.at[0], _ = strconv.Atoi(fields[1])
			j.at[1], _ = strconv.Atoi(fields[2])
		case text == "end":
			done = true
		case strings.HasPrefix(text, "{"):
			var o outcome
			if err := json.Unmarshal([]byte(text), &o); err != nil {
				return "", false, err
			}
			j.seen[o.Program].add(o)
		}
	}
	if err := cmd.Wait(); err == nil || done || more {
		return "", done, nil
	}
	first, _, _ := strings.Cut(errors.String(), "\n")
	if !strings.HasPrefix(first, "panic: ") || strings.Contains(first, "does not settle") {
		return "", false, fmt.Errorf("%s: %s", j.seen[j.at[0]].Name, errors.String())
	}
	return first, false, nil
}
