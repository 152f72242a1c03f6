package model

import (
	"context"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// taskLiteral gives a function literal.
func taskLiteral(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return bake(gctx, "rye") })
	return g.Wait()
}

// taskVariable gives a variable that holds a literal.
func taskVariable(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	task := func() error { return bake(gctx, "rye") }
	g.Go(task)
	return g.Wait()
}

// taskChosen gives a variable that holds one of two literals.
func taskChosen(ctx context.Context, dark bool) error {
	g, gctx := errgroup.WithContext(ctx)
	task := func() error { return bake(gctx, "rye") }
	if !dark {
		task = func() error { return bake(gctx, "wheat") }
	}
	g.Go(task)
	return g.Wait()
}

// taskNamed gives a declared function.
func taskNamed() error {
	var g errgroup.Group
	g.Go(cleanOven)
	return g.Wait()
}

// taskMethodValue gives a method value.
func taskMethodValue(ctx context.Context) error {
	var g errgroup.Group
	b := &batch{ctx: ctx, loaf: "rye"}
	g.Go(b.run)
	return g.Wait()
}

// taskMade gives what a function of the package makes.
func taskMade(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(baker(gctx, "rye"))
	return g.Wait()
}

// taskBound binds the arguments of a go statement.
func taskBound(ctx context.Context, loaves []string) {
	errs := make(chan error, len(loaves))
	for i, loaf := range loaves {
		go bakeInto(ctx, i, loaf, errs)
	}
	for range loaves {
		<-errs
	}
}

// taskBoundLiteral binds the arguments of a literal.
func taskBoundLiteral(ctx context.Context, loaves []string) {
	errs := make(chan error, len(loaves))
	for _, loaf := range loaves {
		go func(ctx context.Context, loaf string) {
			errs <- bake(ctx, loaf)
		}(ctx, loaf)
	}
	for range loaves {
		<-errs
	}
}

// taskRangeLoop makes a task in each round; its variable is per iteration.
func taskRangeLoop(ctx context.Context, loaves []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for i, loaf := range loaves {
		g.Go(func() error { return bake(gctx, loaf+string(rune('a'+i))) })
	}
	return g.Wait()
}

// taskThreeClauseLoop does so in a loop of three clauses.
func taskThreeClauseLoop(ctx context.Context, loaves []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for i := 0; i < len(loaves); i++ {
		g.Go(func() error { return bake(gctx, loaves[i]) })
	}
	return g.Wait()
}

// taskCountLoop starts a number of tasks that is a constant.
func taskCountLoop(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	for range 4 {
		g.Go(func() error { return bake(gctx, "rye") })
	}
	return g.Wait()
}

// taskLocalHelper has a local helper that calls Go.
func taskLocalHelper(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	start := func(loaf string) {
		g.Go(func() error { return bake(gctx, loaf) })
	}
	start("rye")
	start("wheat")
	return g.Wait()
}

// taskLocalHelperBody has a local helper that is given the task's body.
func taskLocalHelperBody(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	start := func(body func(context.Context)) {
		g.Go(func() error {
			body(gctx)
			return nil
		})
	}
	start(func(ctx context.Context) { _ = bake(ctx, "rye") })
	return g.Wait()
}

// taskHelper has a function of the package that calls Go.
func taskHelper(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	startBaking(g, gctx, []string{"rye", "wheat"})
	return g.Wait()
}

// taskTryGo starts a task where there is room.
func taskTryGo(ctx context.Context) (bool, error) {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(1)
	ok := g.TryGo(func() error { return bake(gctx, "rye") })
	return ok, g.Wait()
}

// taskUnknown gives a function from its caller.
func taskUnknown(task func() error) error {
	var g errgroup.Group
	g.Go(task)
	return g.Wait()
}

// taskFromSlice gives functions from a slice.
func taskFromSlice(tasks []func() error) error {
	var g errgroup.Group
	for _, task := range tasks {
		g.Go(task)
	}
	return g.Wait()
}

// taskSpawns starts a second task of the group from within the first.
func taskSpawns(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		g.Go(func() error { return bake(gctx, "wheat") })
		return bake(gctx, "rye")
	})
	return g.Wait()
}

// taskWaits makes Wait of one group the task of another.
func taskWaits(ctx context.Context) error {
	outer, octx := errgroup.WithContext(ctx)
	inner, ictx := errgroup.WithContext(octx)
	inner.Go(func() error { return bake(ictx, "rye") })
	outer.Go(inner.Wait)
	return outer.Wait()
}

// taskNil has a task that never fails.
func taskNil(ctx context.Context) error {
	var g errgroup.Group
	g.Go(func() error {
		_ = bake(ctx, "rye")
		return nil
	})
	return g.Wait()
}

// taskFails has a task that always fails.
func taskFails() error {
	var g errgroup.Group
	g.Go(func() error { return errBurnt })
	return g.Wait()
}

// taskGoexit has a task that ends by Goexit.
func taskGoexit(dark bool) error {
	var g errgroup.Group
	g.Go(func() error {
		if dark {
			runtime.Goexit()
		}
		return nil
	})
	return g.Wait()
}

// taskPanics has a task that panics.
func taskPanics(dark bool) error {
	var g errgroup.Group
	g.Go(func() error {
		if dark {
			panic(errBurnt)
		}
		return nil
	})
	return g.Wait()
}

// taskRecovers has a task that makes its panic an error.
func taskRecovers(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = errBurnt
			}
		}()
		return bake(gctx, "rye")
	})
	return g.Wait()
}

// taskEarlyReturn has a task with an early return.
func taskEarlyReturn(ctx context.Context, loaf string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if loaf == "" {
			return errBurnt
		}
		return bake(gctx, loaf)
	})
	return g.Wait()
}

// taskDefers has a task that cleans up in defers.
func taskDefers(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer cleanOven()
		defer func() { _ = bake(ctx, "crumbs") }()
		return bake(gctx, "rye")
	})
	return g.Wait()
}

// taskWritesShared has tasks that write a variable of the spawner.
func taskWritesShared(ctx context.Context, loaves []string) (int, error) {
	total := 0
	g, gctx := errgroup.WithContext(ctx)
	for _, loaf := range loaves {
		g.Go(func() error {
			total += len(loaf)
			return bake(gctx, loaf)
		})
	}
	err := g.Wait()
	return total, err
}

// taskWritesSlot has tasks that write a slot each.
func taskWritesSlot(ctx context.Context, loaves []string) []error {
	errs := make([]error, len(loaves))
	var g errgroup.Group
	for i, loaf := range loaves {
		g.Go(func() error {
			errs[i] = bake(ctx, loaf)
			return nil
		})
	}
	_ = g.Wait() // the errors are in the slots
	return errs
}
