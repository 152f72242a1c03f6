package compare

import (
	"context"
	"sync"
)

// copied counts in a copy of the WaitGroup, so the one that it waits for is never done.
func copied(ctx context.Context, o *oven) {
	var wg sync.WaitGroup
	wg.Add(1)
	go cleanAnd(ctx, o, wg)
	wg.Wait()
}

func cleanAnd(ctx context.Context, o *oven, wg sync.WaitGroup) {
	defer wg.Done()
	o.clean(ctx)
}
