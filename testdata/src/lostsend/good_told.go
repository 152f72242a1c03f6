package lostsend

import "context"

// Channels that others have, or may get, before the function returns.

// lentFirst hands it on before anything can fail.
func lentFirst(ctx context.Context, titles []string) error {
	out := make(chan string)
	go func() {
		defer close(out)
		for _, title := range titles {
			out <- title
		}
	}()
	lenders.lend(out)
	return renew(ctx, "all")
}

// lentBeside has a task that hands it on, sooner or later.
func lentBeside(ctx context.Context, title string) error {
	out := make(chan string)
	go func() {
		defer close(out)
		out <- title
	}()
	go func() {
		lookUp(ctx, title)
		lenders.lend(out)
	}()
	return renew(ctx, title)
}

// lentByItself hands it on in the task that sends.
func lentByItself(ctx context.Context, title string) error {
	out := make(chan string)
	go func() {
		defer close(out)
		lenders.lend(out)
		out <- title
	}()
	return renew(ctx, title)
}

// lentAtLast hands it on whichever way it returns.
func lentAtLast(ctx context.Context, title string) error {
	out := make(chan string)
	go func() {
		defer close(out)
		out <- title
	}()
	defer lenders.lend(out)
	return renew(ctx, title)
}

// begunAnyhow gives it to its caller with the error.
//
// not run: nobody receives
func begunAnyhow(ctx context.Context, title string) (<-chan string, error) {
	out := make(chan string)
	go func() {
		out <- title
	}()
	err := renew(ctx, title)
	return out, err
}

// begunNamed gives it in a named result.
//
// not run: nobody receives
func begunNamed(ctx context.Context, title string) (out chan string, err error) {
	out = make(chan string)
	go func() {
		out <- title
	}()
	if err = renew(ctx, title); err != nil {
		return
	}
	return out, nil
}

// capturedFirst has told others how to receive.
func capturedFirst(ctx context.Context, title string) error {
	out := make(chan string)
	go func() {
		out <- title
	}()
	lenders.call(func() { <-out })
	return renew(ctx, title)
}

// putIntoLent puts it into what others have.
//
// not run: nobody looks into it
func putIntoLent(ctx context.Context, title string, keep func(*stock)) error {
	s := &stock{}
	keep(s)
	s.titles = make(chan string)
	go func() {
		s.titles <- title
	}()
	return renew(ctx, title)
}

// lentNextRound hands on that of the round before.
func lentNextRound(ctx context.Context, titles []string) error {
	var last chan string
	var failed error
	for _, title := range titles {
		if last != nil {
			lenders.lend(last)
		}
		out := make(chan string)
		go func() {
			defer close(out)
			out <- title
		}()
		failed = renew(ctx, title)
		last = out
	}
	if last != nil {
		lenders.lend(last)
	}
	return failed
}

// lentInField hands on by a field of what others have.
//
// not run: nobody looks into it
func lentInField(ctx context.Context, title string, s *stock) error {
	out := make(chan string)
	s.titles = out
	go func() {
		out <- title
	}()
	return renew(ctx, title)
}

// lentOrDrained takes what is left if it fails.
func lentOrDrained(ctx context.Context, titles []string) error {
	out := make(chan string)
	go func() {
		defer close(out)
		for _, title := range titles {
			out <- title
		}
	}()
	if err := renew(ctx, "all"); err != nil {
		for range out {
		}
		return err
	}
	lenders.lend(out)
	return nil
}

// waitsForOthers leaves when others say that they have it.
func waitsForOthers(ctx context.Context, title string) error {
	out, taken := make(chan string), make(chan struct{})
	go func() {
		lenders.lend(out)
		close(taken)
	}()
	go func() {
		defer close(out)
		out <- title
	}()
	<-taken
	return renew(ctx, title)
}
