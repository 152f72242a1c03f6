package missedwait

// Goroutines that send on a channel which their spawner closes.

// closesAtOnce closes while goroutines may still send.
//
// not run: it may panic
func closesAtOnce(tracks []string) int {
	found := make(chan string, len(tracks))
	for _, track := range tracks {
		go func() { // want `missedwait: closesAtOnce closes found without waiting for the goroutines that send on it; a late send panics`
			inspect(track)
			found <- track
		}()
	}
	close(found)
	n := 0
	for range found {
		n++
	}
	return n
}

// closesForGood has goroutines that come too late on purpose, and expect it.
func closesForGood(tracks []string) int {
	found := make(chan string, len(tracks))
	for _, track := range tracks {
		go func() {
			defer func() { _ = recover() }()
			inspect(track)
			found <- track
		}()
	}
	close(found)
	n := 0
	for range found {
		n++
	}
	return n
}
