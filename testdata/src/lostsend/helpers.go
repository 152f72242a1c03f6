// Package lostsend has good and bad fan-outs for the check of the same name.
package lostsend

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"time"
)

var (
	errLent    = errors.New("book is lent")
	errNoTitle = errors.New("book without a title")
)

// dice decides what happens: it returns a number below n.
var dice = func(n int) int { return 0 }

// stroll takes some milliseconds.
func stroll() {
	time.Sleep(time.Duration(dice(4)) * 2 * time.Millisecond)
}

// lookUp finds the shelf of a book; it does not begin when ctx is over.
func lookUp(ctx context.Context, title string) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	stroll()
	if dice(2) == 1 {
		return "", errLent
	}
	return "shelf of " + title, nil
}

// renew lends a book for longer.
func renew(ctx context.Context, title string) error {
	_, err := lookUp(ctx, title)
	return err
}

// validate looks at the reader's card.
func validate(reader string) error {
	if dice(2) == 1 {
		return errNoTitle
	}
	return nil
}

// onShelf reports whether a book stands where it belongs.
func onShelf(title string) bool {
	stroll()
	return dice(2) == 0
}

// note writes a line into the log.
func note(title string) {
	slog.Debug("book", "title", title)
}

// each calls visit for each title.
func each(titles []string, visit func(string)) {
	for _, title := range titles {
		visit(title)
	}
}

// drain takes what is left in out until it is closed.
func drain(out <-chan string) {
	for range out {
	}
}

// catalogue gives the titles of the library, one after the other.
var catalogue iter.Seq[string] = func(yield func(string) bool) {
	for _, title := range []string{"Emma", "Ulysses", "Walden"} {
		if !yield(title) {
			return
		}
	}
}
