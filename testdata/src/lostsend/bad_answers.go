package lostsend

import (
	"context"
	"time"
)

// Answers to messages that nobody waits for any more: the channel comes as the message, or
// in one that is a pointer or is put together step by step.

// A plea asks for a book.
type plea struct {
	title string
	found chan error
}

// asksByPointer sends pointers.
func asksByPointer(ctx context.Context, titles []string) error {
	pleas := make(chan *plea)
	defer close(pleas)
	go func() {
		for p := range pleas {
			p.found <- renew(ctx, p.title) // want `lostsend: the function literal in asksByPointer blocks for ever sending on p.found; asksByPointer returns without receiving from it`
		}
	}()
	for _, title := range titles {
		p := &plea{title: title, found: make(chan error)}
		pleas <- p
		select {
		case err := <-p.found:
			if err != nil {
				return err
			}
		case <-time.After(time.Millisecond):
			return errLent
		}
	}
	return nil
}

// asksByChannel sends nothing but the channel.
func asksByChannel(ctx context.Context, title string) error {
	pleas := make(chan chan error)
	go func() {
		for found := range pleas {
			found <- renew(ctx, title) // want `lostsend: the function literal in asksByChannel blocks for ever sending on found; asksByChannel returns without receiving from it`
		}
	}()
	defer close(pleas)
	found := make(chan error)
	pleas <- found
	select {
	case err := <-found:
		return err
	case <-time.After(time.Millisecond):
		return errLent
	}
}

// newPlea makes a message.
func newPlea(title string) *plea { return &plea{title, make(chan error)} }

// asksByHelpers has one function that makes the message, and another that answers.
func asksByHelpers(ctx context.Context, title string) error {
	pleas := make(chan *plea)
	go hears(ctx, pleas)
	p := newPlea(title)
	defer close(pleas)
	select {
	case pleas <- p:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-p.found:
		return err
	case <-time.After(time.Millisecond):
		return errLent
	}
}

func hears(ctx context.Context, pleas chan *plea) {
	for p := range pleas {
		grants(ctx, p)
	}
}

func grants(ctx context.Context, p *plea) {
	p.found <- renew(ctx, p.title) // want `lostsend: grants blocks for ever sending on p.found; asksByHelpers returns without receiving from it`
}
