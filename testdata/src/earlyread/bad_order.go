package earlyread

import "context"

type scale interface {
	Read() (int, error)
	Close() error
}

// gaveUp reads the weight although it has stopped waiting for the scale.
func gaveUp(ctx context.Context, s scale) (int, error) {
	var grams int
	read := make(chan error, 1)
	go func() {
		var err error
		grams, err = s.Read()
		read <- err
	}()
	select {
	case err := <-read:
		if err != nil {
			return 0, err
		}
	case <-ctx.Done():
		s.Close()
	}
	return grams, nil // want `earlyread: gaveUp reads grams before it has waited`
}

// asked calls a function from outside before it reads; it waits for the task later.
func asked(ctx context.Context, c crate, note func()) int {
	apples := 0
	done := make(chan struct{})
	go func() {
		defer close(done)
		apples, _ = weigh(ctx, c)
		note()
	}()
	note()
	n := apples // want `earlyread: asked reads apples before it has waited`
	<-done
	return n
}
