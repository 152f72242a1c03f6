package closedsend

import "sync"

// BAD: the tower leaves at the first error and closes the channel on its way out, while lookouts still send.
func watchAll(planes []string) error {
	seen := make(chan string, len(planes))
	defer close(seen)
	for _, plane := range planes {
		if err := radar(plane); err != nil {
			return err
		}
		go func() {
			seen <- sight(plane) // want `closedsend: the task sends on seen after watchAll has closed it; the program panics`
		}()
	}
	for range planes {
		if err := note(<-seen); err != nil {
			return err
		}
	}
	return nil
}

// GOOD: the channel is closed when all lookouts are back.
func watchEach(planes []string) error {
	seen := make(chan string, len(planes))
	var lookouts sync.WaitGroup
	defer func() {
		lookouts.Wait()
		close(seen)
	}()
	for _, plane := range planes {
		if err := radar(plane); err != nil {
			return err
		}
		lookouts.Go(func() {
			seen <- sight(plane)
		})
	}
	for range planes {
		if err := note(<-seen); err != nil {
			return err
		}
	}
	return nil
}
