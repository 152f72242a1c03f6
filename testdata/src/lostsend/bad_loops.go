package lostsend

import "time"

// Loops that a tick keeps busy: what spins is not blocked, so they are not run.

// watchEnds has a goroutine that a tick keeps busy, and that nobody ends when the
// reader is not valid.
func watchEnds(reader string) error {
	closing := make(chan struct{})
	go func() {
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		for {
			select { // want `lostsend: the task blocks for ever receiving from closing; watchEnds returns`
			case <-closing:
				return
			case <-ticker.C:
				stroll()
			}
		}
	}()
	if err := validate(reader); err != nil {
		return err
	}
	close(closing)
	return nil
}
