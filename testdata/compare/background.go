package compare

import "context"

// background forgets its context on the way to the oven.
func background(ctx context.Context, o *oven) error {
	if err := sift(ctx); err != nil {
		return err
	}
	return o.heat(context.Background())
}
