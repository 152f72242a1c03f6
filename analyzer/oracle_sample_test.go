package analyzer_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// writeOracleSample makes a folder of examples, some of them wrong.
func writeOracleSample(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "sample")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range oracleSample {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// judgeOracleSample tests the oracle itself: in the sample it finds what is
// wrong, and finds nothing wrong with the rest.
func judgeOracleSample(t *testing.T, p *oracleProgram) {
	got := p.judge(t, "sample", oracle{line: true, orphan: true})
	for _, want := range oracleSampleProblems {
		i := slices.IndexFunc(got, func(problem string) bool { return strings.HasPrefix(problem, want) })
		if i < 0 {
			t.Errorf("not seen: %s", want)
			continue
		}
		got = slices.Delete(got, i, i+1)
	}
	for _, problem := range got {
		t.Errorf("not wrong at all: %s", problem)
	}
}

// oracleSampleProblems are the beginnings of what the oracle has to say.
var oracleSampleProblems = []string{
	"bad.go:48: harmless: a finding, and no goroutine is left blocked for ever here: none is blocked",
	"bad.go:54: elsewhere: a finding, and no goroutine is left blocked for ever here: blocked at bad.go:53",
	"bad.go:82: a finding outside of all functions",
	"good.go:11: leaves: this is correct code, and a goroutine of it is left blocked for ever: blocked at good.go:14",
	"good.go:20: asks: it cannot be called: there is no value for its parameter of type http.ResponseWriter",
	"good.go:25: silent: \"not run:\" needs a reason",
	"good.go:27: dies: it panics: runtime error: index out of range [5] with length 3",
	"good.go:34: orphan: this is correct code, and a goroutine of it is left blocked for ever: blocked at good.go:35",
}

var oracleSample = map[string]string{
	"helpers.go": `package sample

var dice = func(n int) int { return 0 }

func send(c chan<- int) {
	c <- 1
}
`,

	"example.go": `package sample

// BAD: a comment.
func stays() {
	c := make(chan int)
	go func() {
		c <- 1 // want "sample: fact"
	}()
}

// GOOD: a comment.
func ends() {
	c := make(chan int, 1)
	go func() { c <- 1 }()
}
`,

	"bad.go": `package sample

import (
	"context"
	"sync"
)

// seldom blocks once in some hundred calls.
func seldom() {
	if c := make(chan int); dice(300) == 0 {
		<-c // want "sample: fact"
	}
}

// inHelper blocks in another function.
func inHelper() {
	send(make(chan int)) // want ` + "`sample: fact`" + `
}

// choices may be reported at the select statement or at a case.
func choices(c, d <-chan int, word string) {
	switch {
	case dice(2) == 0:
		select { // want "sample: fact"
		case <-c:
		}
	case word == "other":
		select {
		case <-c: // want "sample: fact"
		case <-d:
		}
	}
}

// hangs while its parent lives.
func hangs(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { <-ctx.Done() })
	wg.Wait() // want "sample: fact"
}

// harmless ends.
func harmless() {
	c := make(chan int, 1)
	go func() {
		c <- 1

	}() // want "sample: fact"
}

// elsewhere blocks at another line.
func elsewhere(c <-chan int) {
	<-c
	go func() {}() // want "sample: fact"
}

type box[T any] struct{ items []T }

type words struct{ list []string }

// each is a method.
func (w *words) each() {
	c := make(chan string)
	for _, word := range w.list {
		c <- word // want "sample: fact"
	}
}

// generic has a type parameter.
func generic[T any](items []T) {
	make(chan T) <- items[2] // want "sample: fact"
}

// captured sends a variable of the same closure as the channel.
func captured(word string) {
	c := make(chan string)
	go func() {
		c <- word // want "sample: fact"
	}()
}

var _ = func() {} // want "sample: fact"
`,

	"bad_crash.go": `package sample

func crash() {
	panic(0) // want "sample: fact"
}
`,

	"good.go": `package sample

import (
	"context"
	"net/http"
	"sync"
)

// leaves a goroutine behind, by chance.
// It does so seldom.
func leaves(fail func() error) {
	c := make(chan int)
	if fail() != nil && dice(3) == 0 {
		go func() { c <- 1 }()
	}
	go func() { c <- 1 }()
	<-c
}

func asks(w http.ResponseWriter) {}

// silent is not run.
//
// not run:
func silent() {}

func dies(words []string) string { return words[dice(1)+5] }

// excused is not run.
//
// not run: it is an example.
func excused() { select {} }

func orphan(ctx context.Context) {
	<-ctx.Done()
}

// knows its parent.
//
// parent ends: it is an example.
func knows(ctx context.Context) {
	<-ctx.Done()
}

func served(in <-chan string, out chan<- string) {
	for word := range in {
		out <- word
	}
}

func gives(ctx context.Context, later bool) (<-chan int, func()) {
	var wg sync.WaitGroup
	c := make(chan int)
	wg.Go(func() {
		defer close(c)
		for i := range 5 {
			c <- i
		}
	})
	if later {
		return c, wg.Wait
	}
	return c, func() {}
}
`,
}
