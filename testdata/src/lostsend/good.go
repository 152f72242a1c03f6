package lostsend

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// firstShelfRoom takes one answer and has room for the others.
func firstShelfRoom(ctx context.Context, titles []string) string {
	shelves := make(chan string, len(titles))
	for _, title := range titles {
		go func() {
			shelf, _ := lookUp(ctx, title)
			shelves <- shelf
		}()
	}
	return <-shelves
}

// timedOutRoom leaves the answer in the channel.
func timedOutRoom(ctx context.Context, title string, d time.Duration) error {
	done := make(chan error, 1)
	go func() {
		done <- renew(ctx, title)
	}()
	select {
	case err := <-done:
		return err
	case <-time.After(d):
		return context.DeadlineExceeded
	}
}

// deadlineWatched has the task watch the same context.
func deadlineWatched(ctx context.Context, title string, d time.Duration) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	there := make(chan bool)
	go func() {
		ok := onShelf(title)
		select {
		case there <- ok:
		case <-ctx.Done():
		}
	}()
	select {
	case ok := <-there:
		return ok, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// breakOutDrained has a goroutine receive what is left.
func breakOutDrained(titles []string) (seen int) {
	there := make(chan bool)
	for _, title := range titles {
		go func() { there <- onShelf(title) }()
	}
	for range titles {
		seen++
		if <-there {
			break
		}
	}
	left := len(titles) - seen
	go func() {
		for range left {
			<-there
		}
	}()
	return seen
}

// ownFailureReceived receives on the early path as well.
func ownFailureReceived(ctx context.Context, title, reader string) (string, error) {
	shelves := make(chan string)
	go func() {
		shelf, _ := lookUp(ctx, title)
		shelves <- shelf
	}()
	if err := validate(reader); err != nil {
		<-shelves
		return "", err
	}
	return <-shelves, nil
}

// twoReceives receives twice.
func twoReceives(ctx context.Context, title string) string {
	news := make(chan string)
	go func() {
		news <- "looking for " + title
		shelf, _ := lookUp(ctx, title)
		news <- shelf
	}()
	note(<-news)
	return <-news
}

// statusOrError sends one of the two.
func statusOrError(ctx context.Context, title string) error {
	status := make(chan int)
	errs := make(chan error)
	go func() {
		if err := renew(ctx, title); err != nil {
			errs <- err
			return
		}
		status <- len(title)
	}()
	select {
	case <-status:
		return nil
	case err := <-errs:
		return err
	}
}

// generatorStopped tells the generator that it leaves.
func generatorStopped(titles []string) string {
	stop := make(chan struct{})
	defer close(stop)
	list := func() <-chan string {
		out := make(chan string)
		go func() {
			defer close(out)
			for _, title := range titles {
				select {
				case out <- title:
				case <-stop:
					return
				}
			}
		}()
		return out
	}
	for title := range list() {
		if onShelf(title) {
			return title
		}
	}
	return ""
}

// ownContextCancelled cancels the context that the task watches.
func ownContextCancelled(titles []string) string {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	out := make(chan string)
	go func() {
		defer close(out)
		for _, title := range titles {
			select {
			case out <- title:
			case <-ctx.Done():
				return
			}
		}
	}()
	for title := range out {
		if onShelf(title) {
			return title
		}
	}
	return ""
}

// roomForOneKept keeps the first error and throws the others away.
func roomForOneKept(ctx context.Context, titles []string) error {
	errs := make(chan error, 1)
	for _, title := range titles {
		go func() {
			select {
			case errs <- renew(ctx, title):
			default:
			}
		}()
	}
	return <-errs
}

// sameCount has room for len(titles) results.
func sameCount(titles []string, n int, reader string) (int, error) {
	there := make(chan bool, len(titles))
	for _, title := range titles {
		go func() { there <- onShelf(title) }()
	}
	if err := validate(reader); err != nil {
		return n, err
	}
	count := 0
	for range titles {
		if <-there {
			count++
		}
	}
	return count, nil
}

// eachRoundRoom makes a channel with room in each round.
func eachRoundRoom(ctx context.Context, titles []string, d time.Duration) (late int) {
	for _, title := range titles {
		done := make(chan error, 1)
		go func() {
			done <- renew(ctx, title)
		}()
		select {
		case <-done:
		case <-time.After(d):
			late++
		}
	}
	return late
}

// alwaysStarted starts the tasks on every path.
func alwaysStarted(titles []string, reader string) error {
	start := make(chan struct{})
	defer close(start)
	for _, title := range titles {
		go func() {
			<-start
			note(title)
		}()
	}
	if err := validate(reader); err != nil {
		return err
	}
	return nil
}

// oneOrderClosed closes the orders when there is none.
func oneOrderClosed(reader string) error {
	orders := make(chan string)
	go func() {
		note(<-orders)
	}()
	if err := validate(reader); err != nil {
		close(orders)
		return err
	}
	orders <- reader
	return nil
}

// closedAfterError closes the channel on every path.
func closedAfterError(titles []string, n int) error {
	queue := make(chan string)
	defer close(queue)
	for range n {
		go func() {
			for title := range queue {
				note(title)
			}
		}()
	}
	for _, title := range titles {
		if err := validate(title); err != nil {
			return err
		}
		queue <- title
	}
	return nil
}

// closedInTheEnd counts the titles and closes the queue.
func closedInTheEnd(titles []string) {
	var noted sync.WaitGroup
	queue := make(chan string)
	go func() {
		for title := range queue {
			note(title)
			noted.Done()
		}
	}()
	for _, title := range titles {
		noted.Add(1)
		queue <- title
	}
	noted.Wait()
	close(queue)
}

// glanceRoom looks once and leaves the answer in the channel.
func glanceRoom(ctx context.Context, title string) (string, bool) {
	shelves := make(chan string, 1)
	go func() {
		shelf, _ := lookUp(ctx, title)
		shelves <- shelf
	}()
	stroll()
	select {
	case shelf := <-shelves:
		return shelf, true
	default:
		return "", false
	}
}

// errorOrDoneRoom has room for the error of each task.
func errorOrDoneRoom(ctx context.Context, titles []string) error {
	var wg sync.WaitGroup
	errs := make(chan error, len(titles))
	done := make(chan struct{})
	for _, title := range titles {
		wg.Go(func() {
			if err := renew(ctx, title); err != nil {
				errs <- err
			}
		})
	}
	go func() {
		wg.Wait()
		close(done)
	}()
	select {
	case err := <-errs:
		return err
	case <-done:
		return nil
	}
}

// askedWithRoom leaves the answer in the query.
func askedWithRoom(ctx context.Context, title, reader string) string {
	q := query{title: title, answer: make(chan string, 1)}
	go func() {
		shelf, _ := lookUp(ctx, q.title)
		q.answer <- shelf
	}()
	if validate(reader) != nil {
		return ""
	}
	return <-q.answer
}

// stayingCollector has the other goroutine receive everything.
func stayingCollector(ctx context.Context, titles []string) (first error) {
	errs := make(chan error)
	for _, title := range titles {
		go func() {
			errs <- renew(ctx, title)
		}()
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range titles {
			if err := <-errs; err != nil && first == nil {
				first = err
			}
		}
	}()
	<-done
	return first
}

// groupWithRoom leaves the reading loop; the tasks of the group end all the same.
func groupWithRoom(ctx context.Context, titles []string) (string, error) {
	shelves := make(chan string, len(titles))
	g, gctx := errgroup.WithContext(ctx)
	for _, title := range titles {
		g.Go(func() error {
			shelf, err := lookUp(gctx, title)
			shelves <- shelf
			return err
		})
	}
	for range titles {
		if shelf := <-shelves; shelf != "" {
			return shelf, nil
		}
	}
	return "", g.Wait()
}

// lastError leaves at the error after which nothing is sent.
func lastError(ctx context.Context, titles []string) error {
	errs := make(chan error)
	go func() {
		defer close(errs)
		for _, title := range titles {
			err := renew(ctx, title)
			errs <- err
			if err != nil {
				return
			}
		}
	}()
	for err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// orPanics has room for one answer, which is that of the call or of its panic.
func orPanics(ctx context.Context, title string) error {
	errs := make(chan error, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				errs <- context.Canceled
			}
		}()
		errs <- renew(ctx, title)
	}()
	select {
	case err := <-errs:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
