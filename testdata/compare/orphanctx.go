package compare

import (
	"context"
	"log"
)

// orphanctx delivers with a context that it cancels by returning.
func orphanctx(ctx context.Context, c courier, loaf string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := slice(ctx, loaf); err != nil {
		return err
	}
	go func() {
		if err := c.deliver(ctx, loaf); err != nil {
			log.Print(err)
		}
	}()
	return nil
}
