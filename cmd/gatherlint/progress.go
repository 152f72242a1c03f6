package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// progressDelay is how long a run takes before it says how far it is: most runs
// are done by then.
const progressDelay = 400 * time.Millisecond

// A progress counts the packages that go vet is done with, as it writes their
// objects, and shows the number in one line of a terminal.
type progress struct {
	w     io.Writer
	total int

	mu    sync.Mutex // a timer and the reader of go vet come together here
	done  int
	line  []byte // the beginning of the line of JSON that is being read
	shown bool   // the delay is over
	drawn bool
	ended bool
	timer *time.Timer
}

// startProgress begins to count. Without a terminal nothing is shown.
func (e env) startProgress(packages []pkg) *progress {
	total := 0
	for _, p := range packages {
		total += p.objects()
	}
	p := &progress{w: io.Discard, total: total}
	if e.progress {
		p.w = e.stderr
		if text, ok := e.stderr.(plainWriter); ok {
			p.w = text.w // it replaces its line
		}
		p.timer = time.AfterFunc(progressDelay, p.show)
	}
	return p
}

// show ends the delay.
func (p *progress) show() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown = true
	p.draw()
}

// draw replaces the line. Dependencies come before all packages and are not
// counted: go vet does not say how many there are.
func (p *progress) draw() {
	if !p.shown || p.ended {
		return
	}
	what := ""
	if p.done == 0 {
		what = " (dependencies come first)"
	}
	fmt.Fprintf(p.w, "\r\x1b[K%d of %s%s", min(p.done, p.total), plural(p.total, "package"), what)
	p.drawn = true
}

// Write reads JSON of go vet, in which the last line of an object is its only
// line that begins with a closing brace, or is "{}".
func (p *progress) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range b {
		if c != '\n' {
			if len(p.line) < 3 {
				p.line = append(p.line, c)
			}
			continue
		}
		if s := string(p.line); s == "}" || s == "{}" {
			p.done++
			p.draw()
		}
		p.line = p.line[:0]
	}
	return len(b), nil
}

// stop takes the line away.
func (p *progress) stop() {
	if p.timer != nil {
		p.timer.Stop()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.drawn {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
	p.ended = true
}
