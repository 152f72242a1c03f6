package closedsend

import "sync"

// report is called by a task.
func report(out chan<- string, plane string) {
	out <- sight(plane) // want `closedsend: report sends on out after feed has closed it; the program panics`
}

// feed sends, and closes when it has sent.
func feed(out chan<- string, plane string) {
	out <- plane
	close(out)
}

// closedByCall has two goroutines that send by calls, of which one closes.
func closedByCall(plane string) {
	out := make(chan string, 4)
	go feed(out, plane)
	var wg sync.WaitGroup
	wg.Go(func() { report(out, plane) })
	for p := range out {
		_ = note(p)
	}
	wg.Wait()
}
