package lostsend

import "context"

// Channels that are merged to their end, in selects whose cases are switched off.

// mergesToTheEnd keeps the first error and goes on.
func mergesToTheEnd(ctx context.Context, titles []string) (first error) {
	left, right := make(chan string), make(chan string)
	go func() {
		defer close(left)
		for _, title := range titles {
			left <- title
		}
	}()
	go func() {
		defer close(right)
		for _, title := range titles {
			right <- title
		}
	}()
	for left != nil || right != nil {
		select {
		case title, ok := <-left:
			if !ok {
				left = nil
				continue
			}
			if err := renew(ctx, title); err != nil && first == nil {
				first = err
			}
		case title, ok := <-right:
			if !ok {
				right = nil
				continue
			}
			note(title)
		}
	}
	return first
}

// mergesWithBreak leaves when both are off.
func mergesWithBreak(titles []string) {
	left, right := make(chan string), make(chan string)
	go func() {
		for _, title := range titles {
			left <- title
		}
		close(left)
	}()
	go func() {
		for _, title := range titles {
			right <- title
		}
		close(right)
	}()
	for {
		select {
		case title, ok := <-left:
			if !ok {
				left = nil
			} else {
				note(title)
			}
		case title, ok := <-right:
			if !ok {
				right = nil
			} else {
				note(title)
			}
		}
		if left == nil && right == nil {
			break
		}
	}
}

// mergesAndHears has a reader that hears all.
func mergesAndHears(titles []string) {
	left, right := make(chan string), make(chan string)
	all := make(chan string)
	go func() {
		defer close(left)
		for _, title := range titles {
			left <- title
		}
	}()
	go func() {
		defer close(right)
		for _, title := range titles {
			right <- title
		}
	}()
	go func() {
		defer close(all)
		left, right := left, right
		for left != nil || right != nil {
			select {
			case title, ok := <-left:
				if !ok {
					left = nil
					continue
				}
				all <- title
			case title, ok := <-right:
				if !ok {
					right = nil
					continue
				}
				all <- title
			}
		}
	}()
	for title := range all {
		note(title)
	}
}

// sendsWhatItHas switches its own send off while it has nothing to send.
func sendsWhatItHas(titles []string) {
	in, out := make(chan string), make(chan string)
	done := make(chan struct{})
	go func() {
		defer close(in)
		for _, title := range titles {
			in <- title
		}
	}()
	go func() {
		defer close(done)
		for title := range out {
			note(title)
		}
	}()
	var next chan string
	var title string
	from := in
	for from != nil || next != nil {
		select {
		case t, ok := <-from:
			from = nil
			if ok {
				title, next = t, out
			}
		case next <- title:
			next, from = nil, in
		}
	}
	close(out)
	<-done
}

// switchesOffAtTheEnd waits on for the answer when its caller has left.
func switchesOffAtTheEnd(ctx context.Context, title string) error {
	errs := make(chan error)
	go func() { errs <- renew(ctx, title) }()
	done := ctx.Done()
	for {
		select {
		case err := <-errs:
			return err
		case <-done:
			done = nil
		}
	}
}

// inOrder merges two channels that can only be received from, and are never nil at first.
func inOrder() int { return tallies(leaflets(3), leaflets(4)) }

func leaflets(n int) <-chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := range n {
			c <- i
		}
	}()
	return c
}

func tallies(a, b <-chan int) (n int) {
	for a != nil || b != nil {
		select {
		case v, ok := <-a:
			if !ok {
				a = nil
				continue
			}
			n += v
		case v, ok := <-b:
			if !ok {
				b = nil
				continue
			}
			n += v
		}
	}
	return n
}
