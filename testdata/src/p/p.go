package generated

import (
	"context"

	"example.org/oracle"
	"golang.org/x/sync/errgroup"
)

func Prog0493(ctx context.Context, items []int, n int) error {
	g, gctx := errgroup.WithContext(ctx)
	out := make(chan error)
	drained := make(chan struct{})
	oracle.Step()
	for range 3 {
		g.Go(func() error {
			if err := oracle.Fail(); err != nil {
				oracle.Step()
				oracle.Step()
				select {
				case out <- oracle.Fail():
				case <-gctx.Done():
				}
				return err
			}
			oracle.Step()
			oracle.Step()
			out <- nil
			return nil
		})
	}
	go func() {
		defer close(drained)
		defer oracle.Step()
		oracle.Step()
		for err := range out {
			if err != nil {
				return
			}
		}
	}()
	oracle.Step()
	g.Wait()
	close(out)
	oracle.Step()
	<-drained
	return nil
}
