package missedwait

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
)

// routeCommand is a command: the process ends with its function.
func routeCommand() *cobra.Command {
	return &cobra.Command{Use: "route", RunE: func(cmd *cobra.Command, args []string) error {
		return routeNow(context.Background(), args)
	}}
}

// routeNow is called by the command only, which gives its error back.
func routeNow(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if signal == "" {
			return errNoName
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}

// yardCommand sets its function afterwards.
func yardCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "yard"}
	cmd.RunE = yardRoute
	return cmd
}

// yardRoute is the function of a command itself.
func yardRoute(cmd *cobra.Command, signals []string) error {
	if err := shuntRoute(context.Background(), signals); err != nil {
		return fmt.Errorf("yard: %w", err)
	}
	return nil
}

// shuntRoute is called by a command that gives its error back wrapped.
func shuntRoute(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if signal == "" {
			return errNoName
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}

// prepareOrExit ends the process where what it calls fails, and goes on otherwise.
func prepareOrExit(ctx context.Context, signals []string) {
	err := prepareAll(ctx, signals)
	if err != nil {
		log.Println("prepare:", err)
		os.Exit(1)
	}
	for _, signal := range signals {
		inspect(signal)
	}
}

// prepareAll leaves with an error only, and that ends the process.
func prepareAll(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if signal == "" {
			return errNoName
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}

// skimOrExit likewise.
func skimOrExit(ctx context.Context, signals []string) {
	if err := skim(ctx, signals); err != nil {
		log.Fatal(err)
	}
	inspect("the yard")
}

// skim leaves without an error, and the process goes on.
func skim(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if signal == "" {
			return nil // want `missedwait: skim returns without g\.Wait`
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}

// retryCommand tries again.
func retryCommand() *cobra.Command {
	return &cobra.Command{Use: "retry", RunE: func(cmd *cobra.Command, args []string) error {
		for range 3 {
			if err := tryRoute(context.Background(), args); err != nil {
				log.Println("again:", err)
				continue
			}
			return nil
		}
		return errBlocked
	}}
}

// tryRoute is called again when it has failed.
func tryRoute(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if signal == "" {
			return errNoName // want `missedwait: tryRoute returns without g\.Wait`
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}

// bothWays is called by a command, and by a function that goes on.
func bothCommand() *cobra.Command {
	return &cobra.Command{Use: "both", RunE: func(cmd *cobra.Command, args []string) error {
		return bothWays(context.Background(), args)
	}}
}

func alsoBothWays(ctx context.Context, signals []string) {
	if err := bothWays(ctx, signals); err != nil {
		log.Println(err)
	}
}

func bothWays(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if signal == "" {
			return errNoName // want `missedwait: bothWays returns without g\.Wait`
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}

// RouteForAll can be called by others, who need not end with it.
func RouteForAll(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if signal == "" {
			return errNoName // want `missedwait: RouteForAll returns without g\.Wait`
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}

func allCommand() *cobra.Command {
	return &cobra.Command{Use: "all", RunE: func(cmd *cobra.Command, args []string) error {
		return RouteForAll(context.Background(), args)
	}}
}

// laterCommand works on after a failure.
func laterCommand() *cobra.Command {
	return &cobra.Command{Use: "later", RunE: func(cmd *cobra.Command, args []string) error {
		err := routeFirst(context.Background(), args)
		if err != nil {
			inspect("all of them")
			return err
		}
		return nil
	}}
}

// routeFirst is followed by more work.
func routeFirst(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if signal == "" {
			return errNoName // want `missedwait: routeFirst returns without g\.Wait`
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}
