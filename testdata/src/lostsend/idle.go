package lostsend

import "context"

// shortened cuts its list down before it looks for the answer; how often does not matter.
func shortened(ctx context.Context, titles []string) error {
	answer := make(chan error)
	go func() {
		answer <- renew(ctx, titles[0]) // want `lostsend: the task blocks for ever sending on answer`
	}()
	for len(titles) > 10 {
		titles = titles[10:]
	}
	if err := renew(ctx, titles[0]); err != nil {
		return err
	}
	return <-answer
}

// asOften receives once in each round, and goes on when it has them all.
func asOften(ctx context.Context, titles []string) error {
	answers := make(chan error)
	left := 0
	for _, title := range titles {
		left++
		go func() { answers <- renew(ctx, title) }()
	}
	var last error
	for left > 0 {
		if err := <-answers; err != nil {
			last = err
		}
		left--
	}
	return last
}
