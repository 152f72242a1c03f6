// Package runner runs generated programs and says where they hang.
package runner

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"example.org/oracle"
)

// A program is a generated function and its name.
type program struct {
	name string
	run  func(ctx context.Context, items []int, n int) error
}

var (
	seed      = flag.Uint64("seed", 1, "of the schedules")
	schedules = flag.Int("schedules", 1, "of each program")
	largest   = flag.Int("largest", 3, "number of workers and of items")
	first     = flag.Int("first", 0, "index of the first program")
	last      = flag.Int("last", 0, "index after the last program")
	from      = flag.Int("from", 0, "first schedule of the first program")
)

// A process ends when it holds this many goroutines that will never end, because
// looking at a bubble means to look at all goroutines of the process.
const enough = 100

// TestPrograms prints `at PROGRAM SCHEDULE` before each run, the outcome of a
// run, in JSON, if a goroutine is left over, and at the end `more` or `end`.
func TestPrograms(t *testing.T) {
	out := bufio.NewWriter(os.Stdout)
	watchdog := time.AfterFunc(time.Hour, func() { panic("the run does not settle") })
	before := runtime.NumGoroutine()
	for p := *first; p < *last; p++ {
		for s := *from; s < *schedules; s++ {
			if runtime.NumGoroutine()-before > enough {
				fmt.Fprintf(out, "more %d %d\n", p, s)
				out.Flush()
				return
			}
			fmt.Fprintf(out, "at %d %d\n", p, s)
			out.Flush()
			watchdog.Reset(20 * time.Second)
			if o := run(t, p, s); o != nil {
				text, err := json.Marshal(o)
				if err != nil {
					t.Fatal(err)
				}
				fmt.Fprintf(out, "%s\n", text)
			}
		}
		*from = 0
	}
	fmt.Fprintln(out, "end")
	out.Flush()
}

// An outcome is what is left of a run when nothing moves any more: for each
// goroutine the lines of its frames in the program's file, the innermost first.
type outcome struct {
	Program, Schedule  int
	N, Items, Failures int
	Cancelled          bool    // the parent context, before things settled
	Before             [][]int // while the parent context lives, unless Cancelled
	After              [][]int // with the parent context cancelled
}

// run plays one schedule of a program. Goroutines that are left over stay
// blocked: the bubble ends with a panic that says so.
func run(t *testing.T, index, s int) (o *outcome) {
	p := programs[index]
	hash := fnv.New64a()
	fmt.Fprintf(hash, "%d %s %d", *seed, p.name, s)
	defer func() {
		if r := recover(); r != nil && !strings.Contains(fmt.Sprint(r), "blocked goroutines remain") {
			panic(r)
		}
	}()
	synctest.Test(t, func(*testing.T) {
		n, items, cancelAfter := oracle.Start(hash.Sum64(), *largest)
		ctx, cancel := context.WithCancel(context.Background())
		alone := runtime.NumGoroutine()
		cancelled := s%2 == 1
		go p.run(ctx, make([]int, items), n)
		if cancelled {
			time.Sleep(cancelAfter)
			cancel()
		}
		settle()
		if runtime.NumGoroutine() == alone {
			cancel()
			return
		}
		o = &outcome{Program: index, Schedule: s, N: n, Items: items, Failures: oracle.Failures(), Cancelled: cancelled}
		if !cancelled {
			o.Before = leftOver()
			cancel()
			settle()
		}
		o.After = leftOver()
	})
	return o
}

// settle returns when all other goroutines of the bubble have ended or are
// blocked: no pause and no timer of a program is longer than a second.
func settle() {
	time.Sleep(time.Hour)
	synctest.Wait()
}

var (
	header = regexp.MustCompile(`^goroutine \d+ \[([^\]]*), (synctest bubble \d+)\]:$`)
	frame  = regexp.MustCompile(`^\t(.*):(\d+)( |$)`)
)

// leftOver is the goroutines of the caller's bubble that are blocked in the
// generated package.
func leftOver() [][]int {
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	own := ""
	out := [][]int{}
	for _, stack := range bytes.Split(buf, []byte("\n\n")) {
		text := strings.Split(string(stack), "\n")
		m := header.FindStringSubmatch(text[0])
		if m == nil {
			continue
		}
		if own == "" {
			own = m[2] // the first stack is the caller's
			continue
		}
		if m[2] != own || !strings.Contains(m[1], "(durable)") {
			continue
		}
		var lines []int
		for _, line := range text[1:] {
			if strings.HasPrefix(line, "created by") {
				break
			}
			if m := frame.FindStringSubmatch(line); m != nil && filepath.Base(filepath.Dir(m[1])) == "generated" {
				n, _ := strconv.Atoi(m[2])
				lines = append(lines, n)
			}
		}
		if lines != nil {
			out = append(out, lines)
		}
	}
	return out
}
