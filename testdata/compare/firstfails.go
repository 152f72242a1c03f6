package compare

import "context"

// firstfails returns at the first error; the other goroutines send to nobody.
func firstfails(ctx context.Context, ovens []*oven) error {
	errs := make(chan error)
	for _, o := range ovens {
		go func() { errs <- o.heat(ctx) }()
	}
	for range ovens {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}
