package lostsend

import "context"

// What is still to come when the first error has come is a number that goes by the round: the
// rest of a list, a difference. Whoever takes so many leaves nobody behind.

// takesRest waits for the others before it tells of the one that failed.
func takesRest(ctx context.Context, titles []string) error {
	told := make(chan error)
	for _, title := range titles {
		go func() {
			_, err := lookUp(ctx, title)
			told <- err
		}()
	}
	for i := range titles {
		if err := <-told; err != nil {
			for range titles[i+1:] {
				<-told
			}
			return err
		}
	}
	return nil
}

// takesDifference does it by a number.
func takesDifference(ctx context.Context, titles []string) error {
	told := make(chan error)
	for _, title := range titles {
		go func() {
			_, err := lookUp(ctx, title)
			told <- err
		}()
	}
	for i := range titles {
		if err := <-told; err != nil {
			for range len(titles) - i - 1 {
				<-told
			}
			return err
		}
	}
	return nil
}

// takeSome takes n answers.
func takeSome(told chan error, n int) {
	for range n {
		<-told
	}
}

// takesElsewhere has a function take them.
func takesElsewhere(ctx context.Context, titles []string) error {
	told := make(chan error)
	for _, title := range titles {
		go func() {
			_, err := lookUp(ctx, title)
			told <- err
		}()
	}
	for i := range titles {
		if err := <-told; err != nil {
			takeSome(told, len(titles)-i-1)
			return err
		}
	}
	return nil
}

// takesLater has a goroutine do so.
func takesLater(ctx context.Context, titles []string) error {
	told := make(chan error)
	for _, title := range titles {
		go func() {
			_, err := lookUp(ctx, title)
			told <- err
		}()
	}
	for i := range titles {
		if err := <-told; err != nil {
			go takeSome(told, len(titles)-i-1)
			return err
		}
	}
	return nil
}

// takesRestOrNot does so on one of two ways.
func takesRestOrNot(ctx context.Context, titles []string) error {
	told := make(chan error)
	for _, title := range titles {
		go func() {
			_, err := lookUp(ctx, title)
			told <- err // want `lostsend: the task blocks for ever sending on told; takesRestOrNot returns without receiving from it`
		}()
	}
	for i := range titles {
		if err := <-told; err != nil {
			if ctx.Err() != nil {
				return err
			}
			for range titles[i+1:] {
				<-told
			}
			return err
		}
	}
	return nil
}

// takesBatches starts and takes as many in each round: that number stays what it is.
func takesBatches(ctx context.Context, titles []string) error {
	told := make(chan error)
	for i := 0; i+2 <= len(titles); i += 2 {
		batch := titles[i : i+2]
		for _, title := range batch {
			go func() {
				_, err := lookUp(ctx, title)
				told <- err // want `lostsend: the task blocks for ever sending on told; takesBatches returns without receiving from it`
			}()
		}
		for range batch {
			if err := <-told; err != nil {
				return err
			}
		}
	}
	return nil
}

// takesAllInRound starts and takes the rest of the list in each round.
func takesAllInRound(ctx context.Context, titles []string) (n int) {
	for i := range titles {
		told := make(chan error)
		for _, title := range titles[i+1:] {
			go func() {
				_, err := lookUp(ctx, title)
				told <- err
			}()
		}
		for range titles[i+1:] {
			if <-told != nil {
				n++
			}
		}
	}
	return n
}

// askRest starts one for each.
func askRest(ctx context.Context, titles []string, told chan error) {
	for _, title := range titles {
		go func() {
			_, err := lookUp(ctx, title)
			told <- err
		}()
	}
}

// takesAllAsked has a function start them.
func takesAllAsked(ctx context.Context, titles []string) {
	for i := range titles {
		told := make(chan error)
		askRest(ctx, titles[i:], told)
		for range titles[i:] {
			<-told
		}
	}
}

// takesByClause counts up to what is left.
func takesByClause(ctx context.Context, titles []string) (found string) {
	finds, told := make(chan string, len(titles)), make(chan error, len(titles))
	for _, title := range titles {
		go func() {
			shelf, err := lookUp(ctx, title)
			if err != nil {
				told <- err
			} else {
				finds <- shelf
			}
		}()
	}
	for i := range titles {
		select {
		case found = <-finds:
			go func(left int) {
				for j := 0; j < left; j++ {
					select {
					case <-finds:
					case <-told:
					}
				}
			}(len(titles) - i - 1)
			return found
		case <-told:
		}
	}
	return ""
}

// takesAllAgain counts up to all that there were.
func takesAllAgain(ctx context.Context, titles []string) (found string) {
	finds, told := make(chan string, len(titles)), make(chan error, len(titles))
	for _, title := range titles {
		go func() {
			shelf, err := lookUp(ctx, title)
			if err != nil {
				told <- err
			} else {
				finds <- shelf
			}
		}()
	}
	for range titles {
		select {
		case found = <-finds:
			go func(left int) {
				for j := 0; j < left; j++ {
					select { // want `lostsend: the task blocks for ever receiving from finds or receiving from told`
					case <-finds:
					case <-told:
					}
				}
			}(len(titles))
			return found
		case <-told:
		}
	}
	return ""
}
