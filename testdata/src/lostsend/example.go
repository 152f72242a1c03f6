package lostsend

import "context"

// BAD: the first error ends the function, and the other tasks find nobody who receives.
func renewAll(ctx context.Context, titles []string) error {
	errs := make(chan error)
	for _, title := range titles {
		go func() { errs <- renew(ctx, title) }() // want `lostsend: the task blocks for ever sending on errs; renewAll returns without receiving from it`
	}
	for range titles {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// GOOD: errs has room for the result of each task, received or not.
func renewEach(ctx context.Context, titles []string) error {
	errs := make(chan error, len(titles))
	for _, title := range titles {
		go func() { errs <- renew(ctx, title) }()
	}
	for range titles {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}
