package lostsend

// A channel that code elsewhere is given may be told of from then on: what follows on that is
// a path like any other.

type press interface {
	// Print closes begun once the first page is there.
	Print(title string, begun chan struct{}) error
	Bind(title string) error
}

// printed goes on as soon as the press has begun, and leaves the press alone when the
// book cannot be bound.
func printed(p press, title string) error {
	begun := make(chan struct{})
	failed := make(chan error)
	go func() {
		failed <- p.Print(title, begun) // want `lostsend: the task blocks for ever sending on failed; printed returns without receiving from it`
	}()
	select {
	case err := <-failed:
		return err
	case <-begun:
	}
	if err := p.Bind(title); err != nil {
		return err
	}
	return <-failed
}

// printedWithRoom is the same with room for the result.
func printedWithRoom(p press, title string) error {
	begun := make(chan struct{})
	failed := make(chan error, 1)
	go func() {
		failed <- p.Print(title, begun)
	}()
	select {
	case err := <-failed:
		return err
	case <-begun:
	}
	if err := p.Bind(title); err != nil {
		return err
	}
	return <-failed
}

// printedInTheEnd waits for the press whatever happens.
func printedInTheEnd(p press, title string) error {
	begun := make(chan struct{})
	failed := make(chan error)
	go func() {
		failed <- p.Print(title, begun)
	}()
	select {
	case err := <-failed:
		return err
	case <-begun:
	}
	bound := p.Bind(title)
	if err := <-failed; err != nil {
		return err
	}
	return bound
}

// toldAtTheEnd gives the channel away when the result has been received.
func toldAtTheEnd(p press, title string, tell func(chan struct{})) error {
	over := make(chan struct{})
	failed := make(chan error)
	go func() {
		failed <- p.Bind(title)
		tell(over)
	}()
	select {
	case err := <-failed:
		return err
	case <-over:
		return nil
	}
}

// pages are counted, and how many come is not known.
func pages(titles []string, deliver func(chan string)) int {
	in, out := make(chan string), make(chan int)
	deliver(in)
	go func() {
		for {
			out <- len(<-in)
		}
	}()
	n := 0
	for range titles {
		n += <-out
	}
	return n
}
