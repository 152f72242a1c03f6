// Package misseddone has good and bad fan-outs for the check of the same name.
package misseddone

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

var (
	errTorn    = errors.New("parcel is torn")
	errNoStamp = errors.New("parcel without a stamp")
)

// dice decides what happens: it returns a number below n.
var dice = func(n int) int { return 0 }

// walk takes some milliseconds.
func walk() {
	time.Sleep(time.Duration(dice(3)) * time.Millisecond)
}

// deliver brings a parcel; it does not begin when ctx is over.
func deliver(ctx context.Context, parcel string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	walk()
	if dice(2) == 1 {
		return errTorn
	}
	return nil
}

// stamp looks at the postage of a parcel.
func stamp(parcel string) error {
	if dice(2) == 1 {
		return errNoStamp
	}
	return nil
}

// fragile reports whether a parcel needs care.
func fragile(parcel string) bool {
	return dice(2) == 1
}

// kind returns "letter", "parcel" or "crate".
func kind(parcel string) string {
	return []string{"letter", "parcel", "crate"}[dice(3)]
}

// record writes a line into the log.
func record(parcel string) {
	walk()
	slog.Debug("parcel", "to", parcel)
}

// finish logs the error and counts the task as done.
func finish(wg *sync.WaitGroup, err error) {
	defer wg.Done()
	if err != nil {
		slog.Debug("task", "err", err)
	}
}
