package lostsend

import "context"

// Who counts by hand what is still to come receives that many times.

// inquiries are questions to the clerks of the shelves.
type inquiries struct {
	byShelf map[string][]string
	notes   chan string
}

// start has the inquiries made beside the caller.
func (q *inquiries) start(ctx context.Context) {
	if len(q.byShelf) > 0 {
		go q.make(ctx)
	}
}

// make takes as many answers as it has asked questions: none, maybe.
func (q *inquiries) make(ctx context.Context) {
	answers := make(chan string, 2*len(q.byShelf))
	var asked, answered int
	for shelf, titles := range q.byShelf {
		if len(titles) > 0 {
			asked++
			go answer(ctx, shelf, answers)
		}
		if len(titles) > 9 {
			asked++
			go answer(ctx, titles[0], answers)
		}
	}
	for answered != asked {
		note(<-answers)
		answered++
	}
}

// answer gives one answer, whatever happens.
func answer(ctx context.Context, title string, answers chan<- string) {
	shelf, err := lookUp(ctx, title)
	if err != nil {
		shelf = "unknown"
	}
	answers <- shelf
}

// restLater leaves what is still to come to a goroutine that takes just that.
func restLater(ctx context.Context, titles []string) error {
	results := make(chan error, len(titles))
	left := len(titles)
	defer func() {
		go func() {
			for left > 0 {
				if err := <-results; err != nil {
					note(err.Error())
				}
				left--
			}
		}()
	}()
	for _, title := range titles {
		go func() { results <- renew(ctx, title) }()
	}
	for !enough() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-results:
			left--
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// enough reports whether nobody wants more.
func enough() bool { return dice(2) == 1 }

// restForgotten takes one more than is still to come.
func restForgotten(ctx context.Context, titles []string) error {
	results := make(chan error, len(titles))
	defer func() {
		go func() {
			for range titles {
				<-results // want `lostsend: .* receiving from results`
			}
		}()
	}()
	for _, title := range titles {
		go func() { results <- renew(ctx, title) }()
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-results:
		return err
	}
}

// missing asks for the titles that are on no shelf, and takes as many answers.
func missing(ctx context.Context, titles []string) {
	answers := make(chan string, len(titles))
	var asked, answered int
	for _, title := range titles {
		if !onShelf(title) {
			asked++
			go answer(ctx, title, answers)
		}
	}
	for answered != asked {
		note(<-answers)
		answered++
	}
}

// look has them looked for beside the caller.
func look(ctx context.Context, titles []string) {
	go missing(ctx, titles)
}
