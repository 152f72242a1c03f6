package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/gatherlint/gatherlint/internal/report"
)

// lastWords is how long after a signal the work has to tidy up: longer than a go
// command gets to end its children.
const lastWords = 4 * time.Second

// interruptible does the work and returns its exit code. An interrupt ends the
// context. Work that goes on all the same (a pipe that nobody reads cannot be
// waited for with a context) is left alone after a while, or at the next signal.
func interruptible(work func(context.Context) int) int {
	signals := make(chan os.Signal, 2)
	// What the parent ignores stays ignored: a hangup under nohup, an interrupt in what
	// a script has started with "&".
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(sig) {
			signal.Notify(signals, sig)
		}
	}
	defer signal.Stop(signals)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan int, 1)
	go func() { done <- work(ctx) }()
	select {
	case code := <-done:
		return code
	case sig := <-signals:
		cancel()
		select {
		case <-done:
		case <-signals:
		case <-time.After(lastWords):
		}
		number := syscall.SIGINT
		if n, ok := sig.(syscall.Signal); ok {
			number = n
		}
		return exitSignal + int(number)
	}
}

// orphanCheck is how often a vet tool looks whether go vet still waits for it.
const orphanCheck = 500 * time.Millisecond

// endWithParent ends the process once its parent has ended. The command kills a go
// vet that does not end at an interrupt, and that waits for its tools: they would
// go on for nobody. Where the system never gives a process another parent, nothing
// happens.
func endWithParent() {
	parent := os.Getppid()
	go func() {
		for os.Getppid() == parent {
			time.Sleep(orphanCheck)
		}
		os.Exit(exitFailed)
	}()
}

// plainWriter writes whole lines of text that can come from the analysed code.
type plainWriter struct{ w io.Writer }

func (p plainWriter) Write(b []byte) (int, error) {
	if _, err := io.WriteString(p.w, report.Plain(string(b))); err != nil {
		return 0, err
	}
	return len(b), nil
}

// codeOf is the exit code for an error.
func codeOf(err error) int {
	if errors.As(err, new(badUsage)) {
		return exitUsage
	}
	return exitFailed
}
