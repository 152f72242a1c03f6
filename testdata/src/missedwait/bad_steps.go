package missedwait

import "sync"

// leftRanging returns before it closes the channel that its task ranges over: the task does
// not end.
func leftRanging(tracks chan string, signals []string) error {
	var wg sync.WaitGroup
	wg.Go(func() {
		for track := range tracks {
			inspect(track)
		}
	})
	for _, signal := range signals {
		if _, err := free(signal); err != nil {
			return err // want `missedwait: leftRanging returns without wg.Wait`
		}
		tracks <- signal
	}
	close(tracks)
	wg.Wait()
	return nil
}
