package main

import (
	"fmt"
	"io"
	"os"
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
	named map[string]bool
	other bool // the next object is about a package that was not named
	shown bool // the delay is over
	drawn bool
	ended bool
	timer *time.Timer
	// begun is a file that each run of the tool makes: what the build cache has needs
	// none, however long the go command takes to look. "" where nobody asks.
	begun string
}

// begunEnv names the variable that tells the tool the file of begun.
const begunEnv = "GATHERLINT_BEGUN"

// noteRun tells the command, if one waits, that a package is being analysed.
func noteRun() {
	if path := os.Getenv(begunEnv); path != "" {
		_ = os.WriteFile(path, []byte("begun\n"), 0o600) // nothing depends on it but a sentence
	}
}

// startProgress begins to count. Without a terminal only one sentence is shown, and
// only if nothing is done after a while.
func (e env) startProgress(o *options, packages []pkg) *progress {
	p := &progress{w: io.Discard, named: map[string]bool{}}
	for _, named := range packages {
		p.total += named.objects()
		p.named[named.ImportPath] = true
	}
	switch {
	case o.quiet:
	case e.progress:
		p.w = e.stderr
		if text, ok := e.stderr.(plainWriter); ok {
			p.w = text.w // it replaces its line
		}
		p.timer = time.AfterFunc(progressDelay, p.show)
	case e.patience > 0:
		p.w = e.stderr
		if file, err := os.CreateTemp("", "gatherlint-begun-"); err == nil {
			p.begun = file.Name()
			_ = file.Close() // it stays empty until the tool runs
		}
		p.timer = time.AfterFunc(e.patience, p.sayWhy)
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

// sayWhy tells a log why nothing is seen yet, once a package is being analysed.
func (p *progress) sayWhy() {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.done > 0 || p.ended:
	case p.waitsForCache():
		p.timer = time.AfterFunc(progressDelay, p.sayWhy)
	default:
		fmt.Fprintln(p.w, "gatherlint: still running; what the build cache does not have is compiled, and dependencies are read for each new set of flags")
	}
}

// waitsForCache reports whether the tool has not been run yet.
func (p *progress) waitsForCache() bool {
	if p.begun == "" {
		return false
	}
	info, err := os.Stat(p.begun)
	return err == nil && info.Size() == 0
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

// maxAnswer is the length that the line of an answer may have, in bytes.
const maxAnswer = 4096

// Write reads JSON of go vet, in which the last line of an object is its only
// line that begins with a closing brace, or is "{}". Before it, in a line of
// its own, may stand whose object it is.
func (p *progress) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range b {
		if c != '\n' {
			if len(p.line) < maxAnswer {
				p.line = append(p.line, c)
			}
			continue
		}
		if ans, ok := decodeAnswer(p.line); ok {
			p.other = !ans.Full || !p.named[ans.Package]
		} else if s := string(p.line); s == "}" || s == "{}" {
			if !p.other {
				p.done++
				p.draw()
			}
			p.other = false
		}
		p.line = p.line[:0]
	}
	return len(b), nil
}

// stop takes the line away.
func (p *progress) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.timer != nil {
		p.timer.Stop()
	}
	if p.begun != "" {
		_ = os.Remove(p.begun) // it is empty, or as good as empty
	}
	if p.drawn {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
	p.ended = true
}
