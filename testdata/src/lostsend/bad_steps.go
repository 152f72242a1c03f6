package lostsend

import "context"

// What the steps tell of the functions in between.

// askEach has each title looked up, until a reader's card is not valid.
func askEach(ctx context.Context, answers chan<- string, titles []string) error {
	for _, title := range titles {
		if err := validate(title); err != nil {
			return err
		}
		go func() {
			s, _ := lookUp(ctx, title)
			answers <- s // want `lostsend: the task blocks for ever sending on answers; failsBelow returns without receiving from it`
		}()
	}
	return nil
}

// failsBelow leaves because askEach has failed, in which a call has failed.
func failsBelow(ctx context.Context, titles []string) (string, error) {
	answers := make(chan string)
	if err := askEach(ctx, answers, titles); err != nil {
		return "", err
	}
	return <-answers, nil
}

// literalFails leaves because a literal that it calls in place has failed.
func literalFails(ctx context.Context, titles []string) error {
	answers := make(chan string)
	for _, title := range titles {
		go func() {
			s, _ := lookUp(ctx, title)
			answers <- s // want `lostsend: the task blocks for ever sending on answers; literalFails returns without receiving from it`
		}()
	}
	if err := func(first string) (err error) { return validate(first) }(titles[0]); err != nil {
		return err
	}
	for range titles {
		<-answers
	}
	return nil
}
