package model

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

// ctxSameScope assigns the derived context to the parameter.
func ctxSameScope(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return bake(ctx, "rye") })
	return g.Wait()
}

// ctxInnerBlock declares a second ctx in a block.
func ctxInnerBlock(ctx context.Context, many bool) error {
	if many {
		g, ctx := errgroup.WithContext(ctx)
		g.Go(func() error { return bake(ctx, "rye") })
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return bake(ctx, "wheat")
}

// ctxOwnName gives the derived context a name of its own.
func ctxOwnName(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return bake(gctx, "rye") })
	return g.Wait()
}

// ctxParent uses the parent in a task.
func ctxParent(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return bake(ctx, "rye") })
	g.Go(func() error { return bake(gctx, "wheat") })
	return g.Wait()
}

// ctxBlank throws the derived context away.
func ctxBlank(ctx context.Context) error {
	g, _ := errgroup.WithContext(ctx)
	g.Go(func() error { return bake(ctx, "rye") })
	return g.Wait()
}

// ctxCapturedBefore makes the closure before ctx is assigned.
func ctxCapturedBefore(ctx context.Context) error {
	task := func() error { return bake(ctx, "rye") }
	g, ctx := errgroup.WithContext(ctx)
	g.Go(task)
	return g.Wait()
}

// ctxCapturedOuter makes the closure over the outer ctx of two.
func ctxCapturedOuter(ctx context.Context) error {
	task := func() error { return bake(ctx, "rye") }
	{
		g, ctx := errgroup.WithContext(ctx)
		g.Go(task)
		g.Go(func() error { return bake(ctx, "wheat") })
		return g.Wait()
	}
}

// ctxSaved saves the parent under another name before the assignment.
func ctxSaved(ctx context.Context) error {
	parent := ctx
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return bake(parent, "rye") })
	g.Go(func() error { return bake(ctx, "wheat") })
	return g.Wait()
}

// ctxRebound assigns the derived context to the parent's variable.
func ctxRebound(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	ctx = gctx
	g.Go(func() error { return bake(ctx, "rye") })
	return g.Wait()
}

// ctxRestored assigns the parent back after Wait.
func ctxRestored(parent context.Context) error {
	ctx := parent
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return bake(ctx, "rye") })
	if err := g.Wait(); err != nil {
		return err
	}
	ctx = parent
	return bake(ctx, "wheat")
}

// ctxEither has one of two contexts.
func ctxEither(ctx context.Context, alone bool) error {
	g, gctx := errgroup.WithContext(ctx)
	use := gctx
	if alone {
		use = ctx
	}
	g.Go(func() error { return bake(use, "rye") })
	return g.Wait()
}

// ctxTimeout derives with a timeout in the task.
func ctxTimeout(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		tctx, cancel := context.WithTimeout(gctx, time.Second)
		defer cancel()
		return bake(tctx, "rye")
	})
	return g.Wait()
}

// ctxCancelled derives with a cancel in the spawner and calls it.
func ctxCancelled(ctx context.Context) error {
	cctx, cancel := context.WithCancel(ctx)
	g, gctx := errgroup.WithContext(cctx)
	g.Go(func() error { return bake(gctx, "rye") })
	cancel()
	return g.Wait()
}

// ctxValue derives with a value.
func ctxValue(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	vctx := context.WithValue(gctx, orderKey{}, 7)
	g.Go(func() error { return bake(vctx, "rye") })
	return g.Wait()
}

// ctxWithoutCancel takes the cancellation off.
func ctxWithoutCancel(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return bake(context.WithoutCancel(gctx), "rye") })
	return g.Wait()
}

// ctxBackground starts from the root.
func ctxBackground() error {
	g, gctx := errgroup.WithContext(context.Background())
	g.Go(func() error { return bake(context.Background(), "rye") })
	g.Go(func() error { return bake(gctx, "wheat") })
	return g.Wait()
}

// ctxLocalField carries the context in a field of a local struct.
func ctxLocalField(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	b := batch{ctx: gctx, loaf: "rye"}
	g.Go(func() error { return bake(b.ctx, b.loaf) })
	return g.Wait()
}

// ctxReceiverField has the context in a field of the receiver.
func (o *oven) ctxReceiverField() error {
	var g errgroup.Group
	g.Go(func() error { return bake(o.ctx, "rye") })
	return g.Wait()
}

// ctxArgument passes the context on through two calls.
func ctxArgument(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return bakeTwice(gctx, "rye") })
	return g.Wait()
}

// ctxHelperResult has a function of the package derive.
func ctxHelperResult(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	octx := withOrder(gctx, 7)
	g.Go(func() error { return bake(octx, "rye") })
	return g.Wait()
}

// ctxRequest carries the context in a request.
func ctxRequest(ctx context.Context, req *http.Request) error {
	g, gctx := errgroup.WithContext(ctx)
	req = req.WithContext(gctx)
	g.Go(func() error {
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		return resp.Body.Close()
	})
	return g.Wait()
}

// ctxParameterOfLiteral passes the context to a parameter of the same name.
func ctxParameterOfLiteral(ctx context.Context) error {
	body := func(ctx context.Context) error { return bake(ctx, "rye") }
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return body(gctx) })
	return g.Wait()
}

// ctxAfterWait uses the derived context after Wait.
func ctxAfterWait(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return bake(gctx, "rye") })
	if err := g.Wait(); err != nil {
		return err
	}
	return bake(gctx, "wheat")
}

// ctxErr asks for the context's error and for its cause.
func ctxErr(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return bake(gctx, "rye") })
	if gctx.Err() != nil {
		_ = g.Wait() // the cause has it
		return context.Cause(gctx)
	}
	return g.Wait()
}

// ctxAfterFunc has a function called at the end of the context.
func ctxAfterFunc(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	stop := context.AfterFunc(gctx, func() { _ = cleanOven() })
	defer stop()
	g.Go(func() error { return bake(gctx, "rye") })
	return g.Wait()
}
