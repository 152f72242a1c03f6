package lostsend

import "context"

// Two channels become one: a case of the select is switched off when its channel is closed.

// shelves sends what stands on the shelves.
//
// not run: mergesUntilLent does it.
func shelves(titles []string) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		for _, title := range titles {
			out <- title // want `lostsend: the task blocks for ever sending on out; mergesUntilLent returns`
		}
	}()
	return out
}

// mergesUntilLent leaves at the first book that is lent.
func mergesUntilLent(ctx context.Context, titles []string) error {
	left, right := shelves(titles), shelves(titles)
	for left != nil || right != nil {
		select {
		case title, ok := <-left:
			if !ok {
				left = nil
				continue
			}
			if err := renew(ctx, title); err != nil {
				return err
			}
		case title, ok := <-right:
			if !ok {
				right = nil
				continue
			}
			note(title)
		}
	}
	return nil
}

// mergesItsOwn has channels that the goroutines share with it.
func mergesItsOwn(ctx context.Context, titles []string) error {
	left, right := make(chan string), make(chan string)
	go func() {
		defer close(left)
		for _, title := range titles {
			left <- title // want `lostsend: the task blocks for ever sending on left; mergesItsOwn returns without receiving from it`
		}
	}()
	go func() {
		defer close(right)
		for _, title := range titles {
			right <- title // want `lostsend: the task blocks for ever sending on right; mergesItsOwn returns without receiving from it`
		}
	}()
	for left != nil || right != nil {
		select {
		case title, ok := <-left:
			if !ok {
				left = nil
				continue
			}
			if err := renew(ctx, title); err != nil {
				return err
			}
		case title, ok := <-right:
			if !ok {
				right = nil
				continue
			}
			note(title)
		}
	}
	return nil
}

// mergesBeside merges in a goroutine, which nobody hears to the end.
func mergesBeside(ctx context.Context, titles []string) error {
	left, right := make(chan string, 1), make(chan string, 1)
	all := make(chan string)
	left <- "left"
	right <- "right"
	close(left)
	close(right)
	go func() {
		defer close(all)
		for left != nil || right != nil {
			select {
			case title, ok := <-left:
				if !ok {
					left = nil
					continue
				}
				all <- title // want `lostsend: the task blocks for ever sending on all; mergesBeside returns without receiving from it`
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
		if err := renew(ctx, title); err != nil {
			return err
		}
	}
	return nil
}
