package lostsend

import "context"

// Channels that code elsewhere gets hold of in the end: up to there nobody but the function
// and its tasks can know them.

// lentLate returns before anybody can have the channel.
func lentLate(ctx context.Context, titles []string) error {
	out := make(chan string)
	go func() {
		defer close(out)
		for _, title := range titles {
			out <- title // want `lostsend: the task blocks for ever sending on out; lentLate returns without receiving from it`
		}
	}()
	if err := renew(ctx, "all"); err != nil {
		return err
	}
	lenders.lend(out)
	return nil
}

// begunInVain gives the channel to its caller unless it fails.
func begunInVain(ctx context.Context, title string) (<-chan string, error) {
	out := make(chan string)
	go func() {
		out <- title // want `lostsend: the task blocks for ever sending on out; begunInVain returns without receiving from it`
	}()
	if err := renew(ctx, title); err != nil {
		return nil, err
	}
	return out, nil
}

// A stock is known by the channel of its titles.
type stock struct{ titles chan string }

// stocked gives it in a struct.
func stocked(ctx context.Context, title string) (*stock, error) {
	s := &stock{titles: make(chan string)}
	go func() {
		s.titles <- title // want `lostsend: the task blocks for ever sending on s.titles; stocked returns without receiving from it`
	}()
	if err := renew(ctx, title); err != nil {
		return nil, err
	}
	return s, nil
}

// keptLate stores it where others find it.
func keptLate(ctx context.Context, title string) error {
	out := make(chan string)
	go func() {
		out <- title // want `lostsend: the task blocks for ever sending on out; keptLate returns without receiving from it`
	}()
	if err := renew(ctx, title); err != nil {
		return err
	}
	front.titles = out
	return nil
}

// capturedLate hands on a function that receives.
func capturedLate(ctx context.Context, title string) error {
	out := make(chan string)
	go func() {
		out <- title // want `lostsend: the task blocks for ever sending on out; capturedLate returns without receiving from it`
	}()
	if err := renew(ctx, title); err != nil {
		return err
	}
	lenders.call(func() { <-out })
	return nil
}

// waitedLate has a task wait for a signal.
func waitedLate(ctx context.Context, title string) error {
	open := make(chan struct{})
	go func() {
		<-open // want `lostsend: the task blocks for ever receiving from open; waitedLate returns without sending on it or closing it`
		renew(ctx, title)
	}()
	if err := renew(ctx, title); err != nil {
		return err
	}
	lenders.call(func() { close(open) })
	return nil
}

// lentEach makes one for each title.
func lentEach(ctx context.Context, titles []string) error {
	for _, title := range titles {
		out := make(chan string)
		go func() {
			defer close(out)
			out <- title // want `lostsend: the task blocks for ever sending on out; lentEach returns without receiving from it`
		}()
		if err := renew(ctx, title); err != nil {
			return err
		}
		lenders.lend(out)
	}
	return nil
}

// lentBelow leaves it to a function that fails before.
func lentBelow(ctx context.Context, title string) error {
	out := make(chan string)
	go func() {
		defer close(out)
		out <- title // want `lostsend: the task blocks for ever sending on out; lentBelow returns without receiving from it`
	}()
	return lendRenewed(ctx, title, out)
}

func lendRenewed(ctx context.Context, title string, out chan string) error {
	if err := renew(ctx, title); err != nil {
		return err
	}
	lenders.lend(out)
	return nil
}
