package lostsend

import (
	"context"
	"sync"
	"time"
)

// Look-alikes met in real code, all correct.

// oneOfThree starts one task only; the channel has room for what it sends.
func oneOfThree(ctx context.Context, title, kind string, d time.Duration) error {
	done := make(chan error, 1)
	switch kind {
	case "long":
		go func() { done <- renew(ctx, title) }()
	case "short":
		go func() { done <- renew(ctx, title+", short") }()
	default:
		go func() { done <- nil }()
	}
	select {
	case err := <-done:
		return err
	case <-time.After(d):
		return context.DeadlineExceeded
	}
}

// drained leaves the range to a helper when it has found its book.
func drained(titles []string) string {
	var wg sync.WaitGroup
	found := make(chan string)
	for _, title := range titles {
		wg.Go(func() {
			if onShelf(title) {
				found <- title
			}
		})
	}
	go func() {
		wg.Wait()
		close(found)
	}()
	for title := range found {
		go drain(found)
		return title
	}
	return ""
}

// nonBlocking drops what nobody receives.
func nonBlocking(ctx context.Context, title string, d time.Duration) (string, error) {
	shelves := make(chan string)
	go func() {
		shelf, _ := lookUp(ctx, title)
		select {
		case shelves <- shelf:
		default:
		}
	}()
	select {
	case shelf := <-shelves:
		return shelf, nil
	case <-time.After(4 * d):
		return "", context.DeadlineExceeded
	}
}

// twoOfTwo has room for both sends of its task.
func twoOfTwo(ctx context.Context, title string, d time.Duration) string {
	news := make(chan string, 2)
	go func() {
		news <- "looking for " + title
		shelf, _ := lookUp(ctx, title)
		news <- shelf
	}()
	select {
	case first := <-news:
		return first
	case <-time.After(d):
		return ""
	}
}

// callback returns from a callback, not from the function.
func callback(titles []string) (count int) {
	there := make(chan bool)
	for _, title := range titles {
		go func() { there <- onShelf(title) }()
	}
	each(titles, func(title string) {
		if !<-there {
			return
		}
		count++
	})
	return count
}

// committed always takes the answer once it has asked.
func committed(ctx context.Context, title string, d time.Duration) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	ask := make(chan string)
	answer := make(chan bool)
	defer close(ask)
	go func() {
		for title := range ask {
			answer <- onShelf(title)
		}
	}()
	stroll()
	select {
	case ask <- title:
		return <-answer, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// receivedLater receives in a deferred function on every path.
func receivedLater(titles []string, reader string) error {
	there := make(chan bool)
	for _, title := range titles {
		go func() { there <- onShelf(title) }()
	}
	defer func() {
		for range titles {
			<-there
		}
	}()
	if err := validate(reader); err != nil {
		return err
	}
	note(reader)
	return nil
}

// onlyClosed has a channel on which nothing is ever sent.
func onlyClosed(titles []string, d time.Duration) bool {
	var wg sync.WaitGroup
	noted := make(chan struct{})
	for _, title := range titles {
		wg.Go(func() { note(title) })
	}
	go func() {
		defer close(noted)
		wg.Wait()
	}()
	select {
	case <-noted:
		return true
	case <-time.After(d):
		return false
	}
}

// switchedOff sets the channel to nil when it has had enough; the sender is told.
func switchedOff(titles []string, d time.Duration) (count int) {
	stop := make(chan struct{})
	out := make(chan string)
	go func() {
		defer close(out)
		for _, title := range titles {
			select {
			case <-stop:
				return
			case out <- title:
			}
		}
	}()
	in := out
	late := time.After(d)
	for {
		select {
		case _, ok := <-in:
			if !ok {
				close(stop)
				return count
			}
			if count++; count == 2 {
				in = nil
			}
		case <-late:
			close(stop)
			return count
		}
	}
}

// cancelledFirst cancels and then drains until the sender has closed.
func cancelledFirst(ctx context.Context, titles []string) string {
	ctx, cancel := context.WithCancel(ctx)
	out := make(chan string)
	go func() {
		defer close(out)
		for _, title := range titles {
			if ctx.Err() != nil {
				return
			}
			out <- title
		}
	}()
	for title := range out {
		if onShelf(title) {
			cancel()
			drain(out)
			return title
		}
	}
	cancel()
	return ""
}

// allSlots fills the semaphore in order to wait for all tasks.
func allSlots(titles []string) {
	slots := make(chan struct{}, 2)
	for _, title := range titles {
		slots <- struct{}{}
		go func() {
			defer func() { <-slots }()
			note(title)
		}()
	}
	for range cap(slots) {
		slots <- struct{}{}
	}
}

// beforeTasks returns before there is a task.
func beforeTasks(ctx context.Context, titles []string, reader string) error {
	errs := make(chan error)
	if err := validate(reader); err != nil {
		return err
	}
	for _, title := range titles {
		go func() { errs <- renew(ctx, title) }()
	}
	var first error
	for range titles {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}

// timer stops waiting by itself.
func timer(title string, d time.Duration) {
	late := time.NewTimer(d)
	go func() {
		<-late.C
		note(title)
	}()
}

// oneSender has one task send for all, after the first failure or in the end.
func oneSender(ctx context.Context, titles []string, d time.Duration) error {
	result := make(chan error, 1)
	go func() {
		for _, title := range titles {
			if err := renew(ctx, title); err != nil {
				result <- err
				return
			}
		}
		result <- nil
	}()
	select {
	case err := <-result:
		return err
	case <-time.After(d):
		return context.DeadlineExceeded
	}
}

// otherCount has room for n results of len(titles). Whether n is
// smaller is not known here.
//
// not run: it hangs where n is smaller
func otherCount(titles []string, n int, reader string) (int, error) {
	there := make(chan bool, n)
	for _, title := range titles {
		go func() { there <- onShelf(title) }()
	}
	if err := validate(reader); err != nil {
		return 0, err
	}
	count := 0
	for range titles {
		if <-there {
			count++
		}
	}
	return count, nil
}

// countsToNought goes on until there is nothing left.
func countsToNought(ctx context.Context, titles []string) (first error) {
	errs := make(chan error)
	for _, title := range titles {
		go func() { errs <- renew(ctx, title) }()
	}
	if len(titles) == 0 {
		return nil
	}
	left := len(titles)
	for {
		if err := <-errs; err != nil {
			first = err
		}
		left--
		if left == 0 {
			return first
		}
	}
}

// countsForFlag has a flag that the count sets.
func countsForFlag(ctx context.Context, titles []string) (first error) {
	errs := make(chan error)
	for _, title := range titles {
		go func() { errs <- renew(ctx, title) }()
	}
	if len(titles) == 0 {
		return nil
	}
	count, all := 0, false
	for !all {
		if err := <-errs; err != nil {
			first = err
		}
		count++
		if count == len(titles) {
			all = true
		}
	}
	return first
}

// allOfCatalogue takes what is sent to the end.
func allOfCatalogue() (hit string) {
	found := make(chan string)
	go func() {
		defer close(found)
		for title := range catalogue {
			if title == "" {
				return
			}
			found <- title
		}
	}()
	for title := range found {
		if onShelf(title) {
			hit = title
		}
	}
	return hit
}

// breaksAndCloses leaves the loop whose body is a function, and closes then.
func breaksAndCloses() {
	found := make(chan string)
	go func() {
		for title := range catalogue {
			if !onShelf(title) {
				break
			}
			found <- title
		}
		close(found)
	}()
	for range found {
	}
}

// roomForEither has room for all that the larger number of tasks sends.
func roomForEither(titles, readers []string) string {
	hits := make(chan string, max(len(titles), len(readers)))
	for range min(len(titles), len(readers)) {
		go func() { hits <- "" }()
	}
	return "none"
}

// twoAtATime goes through the titles in pairs, and has room for each pair.
func twoAtATime(titles []string) {
	pairs := make(chan string, (len(titles)+1)/2)
	for i := 0; i < len(titles); i += 2 {
		go func() { pairs <- titles[i] }()
	}
}

// defaultRoom has room for a number with a default.
func defaultRoom(readers int) {
	if readers <= 0 {
		readers = 2
	}
	errs := make(chan error, readers)
	for range readers {
		go func() { errs <- validate("in") }()
	}
}

// fiveOfFive takes as many answers as there are.
func fiveOfFive() (err error) {
	errs := make(chan error)
	go func() { errs <- validate("a") }()
	go func() { errs <- validate("b") }()
	go func() { errs <- validate("c") }()
	go func() { errs <- validate("d") }()
	go func() { errs <- validate("e") }()
	for range 5 {
		err = <-errs
	}
	return err
}

// roomForSix has room for twice three answers.
func roomForSix() error {
	errs := make(chan error, 6)
	for range 2 {
		for range 3 {
			go func() { errs <- validate("a") }()
		}
	}
	return <-errs
}

// asksAll leaves when its list has as many answers as it has asked for.
func asksAll(titles []string) []string {
	asked := 0
	answers := make(chan string)
	for _, title := range titles {
		if title == "" {
			continue
		}
		asked++
		go func() { answers <- title }()
	}
	if asked == 0 {
		return nil
	}
	var list []string
	for {
		list = append(list, <-answers)
		if len(list) == asked {
			return list
		}
	}
}

// asksEach keeps the answers by the number of the question.
func asksEach(titles []string) map[int]string {
	type answer struct {
		number int
		text   string
	}
	asked := 0
	answers := make(chan answer)
	for _, title := range titles {
		if title != "" {
			number := asked
			asked++
			go func() { answers <- answer{number, title} }()
		}
	}
	found := map[int]string{}
	if asked == 0 {
		return found
	}
	for {
		got := <-answers
		found[got.number] = got.text
		if len(found) == asked {
			return found
		}
	}
}

// asksInTurn ranges over the answers until it has them all.
func asksInTurn(titles []string) []string {
	if len(titles) == 0 {
		return nil
	}
	answers := make(chan string)
	for _, title := range titles {
		go func() { answers <- title }()
	}
	var list []string
	for answer := range answers {
		list = append(list, answer)
		if len(list) == len(titles) {
			break
		}
	}
	return list
}

// asksOff crosses off what has been answered.
func asksOff(titles []string) {
	open := map[int]bool{}
	answers := make(chan int)
	for i, title := range titles {
		open[i] = true
		go func() {
			_ = onShelf(title)
			answers <- i
		}()
	}
	for len(open) > 0 {
		delete(open, <-answers)
	}
}
