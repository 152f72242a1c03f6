package lostsend

import "context"

// Answers to messages that have room, or that somebody waits for whatever happens.

// asksWithRoom has room for an answer that nobody waits for.
func asksWithRoom(ctx context.Context, titles []string) error {
	pleas := make(chan *plea)
	defer close(pleas)
	go func() {
		for p := range pleas {
			p.found <- renew(ctx, p.title)
		}
	}()
	for _, title := range titles {
		p := &plea{title: title, found: make(chan error, 1)}
		pleas <- p
		select {
		case err := <-p.found:
			if err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// answersOrLeaves stops answering with its caller.
func answersOrLeaves(ctx context.Context, title string) error {
	pleas := make(chan chan error)
	go func() {
		for found := range pleas {
			select {
			case found <- renew(ctx, title):
			case <-ctx.Done():
			}
		}
	}()
	defer close(pleas)
	found := make(chan error)
	pleas <- found
	select {
	case err := <-found:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// asksUntilAnswered only makes a note of the end, and waits on.
func asksUntilAnswered(ctx context.Context, title string) error {
	pleas := make(chan *plea)
	go func() {
		for p := range pleas {
			p.found <- renew(ctx, p.title)
		}
	}()
	defer close(pleas)
	p := newPlea(title)
	pleas <- p
	done := ctx.Done()
	for {
		select {
		case err := <-p.found:
			return err
		case <-done:
			done = nil
		}
	}
}

// asksAndSweeps leaves the answer to a goroutine that waits for it.
func asksAndSweeps(ctx context.Context, title string) error {
	pleas := make(chan *plea)
	go func() {
		for p := range pleas {
			p.found <- renew(ctx, p.title)
		}
	}()
	defer close(pleas)
	p := &plea{title: title, found: make(chan error)}
	pleas <- p
	select {
	case err := <-p.found:
		return err
	case <-ctx.Done():
		go func() { <-p.found }()
		return ctx.Err()
	}
}

// asksAndDefers receives the answer when it leaves, if it has not had it.
func asksAndDefers(ctx context.Context, title string) error {
	pleas := make(chan *plea)
	go func() {
		for p := range pleas {
			p.found <- renew(ctx, p.title)
		}
	}()
	defer close(pleas)
	p := newPlea(title)
	had := false
	defer func() {
		if !had {
			<-p.found
		}
	}()
	pleas <- p
	select {
	case err := <-p.found:
		had = true
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// asksAndHandsOn leaves the message with who looks through those that are late.
func asksAndHandsOn(ctx context.Context, title string) error {
	pleas, late := make(chan *plea), make(chan *plea, 1)
	go func() {
		for p := range pleas {
			p.found <- renew(ctx, p.title)
		}
	}()
	go func() {
		for p := range late {
			<-p.found
		}
	}()
	defer close(pleas)
	defer close(late)
	p := newPlea(title)
	pleas <- p
	select {
	case err := <-p.found:
		return err
	case <-ctx.Done():
		late <- p
		return ctx.Err()
	}
}

// asksBoth asks two, each by a channel of its own field.
func asksBoth(ctx context.Context, title string) error {
	type both struct{ first, second chan error }
	pleas := make(chan both)
	go func() {
		for p := range pleas {
			p.first <- renew(ctx, title)
			p.second <- renew(ctx, title)
		}
	}()
	defer close(pleas)
	b := both{make(chan error), make(chan error, 1)}
	pleas <- b
	if err := <-b.first; err != nil {
		return err
	}
	select {
	case err := <-b.second:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
