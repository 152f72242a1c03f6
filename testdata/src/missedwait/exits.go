package missedwait

import (
	"context"
	"log"
	"os"
	"os/signal"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
)

// Functions of one's own that end the process.

// fail ends the process, whatever it is given.
func fail(err error) {
	log.Println("yard:", err)
	os.Exit(1)
}

// failOn ends the process if there is an error.
func failOn(err error) {
	if err != nil {
		log.Println("yard:", err)
		os.Exit(1)
	}
}

// unlessFine ends the process unless there is no error.
func unlessFine(err error) {
	if err == nil {
		return
	}
	fail(err)
}

// complain has a way around the end.
func complain(err error) {
	if len(os.Args) > 1 {
		return
	}
	fail(err)
}

// helpers hand the errors on to them.
func helpers(ctx context.Context, signals []string) {
	if err := orFail(ctx, signals); err != nil {
		fail(err)
	}
	failOn(orFailOn(ctx, signals))
	err := orUnlessFine(ctx, signals)
	unlessFine(err)
	complain(orComplain(ctx, signals))
	for _, signal := range signals {
		inspect(signal)
	}
}

// orFail leaves with an error that ends the process.
func orFail(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if signal == "" {
			return errNoName
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}

// orFailOn leaves with an error that ends the process.
func orFailOn(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if signal == "" {
			return errNoName
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}

// orUnlessFine leaves with an error that ends the process.
func orUnlessFine(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if signal == "" {
			return errNoName
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}

// orComplain leaves with an error that does not always end the process.
func orComplain(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if signal == "" {
			return errNoName // want `missedwait: .* returns without g\.Wait`
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}

// chooses ends the process after the one of the cases that it takes.
func chooses(ctx context.Context, signals []string) {
	switch signals[0] {
	case "first":
		if err := chosen(ctx, signals); err != nil {
			log.Println(err)
		}
	case "all":
		for _, signal := range signals {
			inspect(signal)
		}
	}
	os.Exit(0)
}

// chosen is the end of the process.
func chosen(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if signal == "" {
			return errNoName
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}

// stopsFirst puts its signals back before it looks at the error.
func stopsFirst(signals []string) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := untilStopped(ctx, signals)
	stop()
	if err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// untilStopped is the end of the process.
func untilStopped(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if signal == "" {
			return errNoName
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}

// depot is a program.
type depot struct{}

func (d *depot) exec(ctx context.Context, signals []string) int {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if signal == "" {
			return 2
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	if g.Wait() != nil {
		return 1
	}
	return 0
}

func exitsWith(ctx context.Context, signals []string) {
	os.Exit((&depot{}).exec(ctx, signals))
}

// timedCommand has its function wrapped.
func timedCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "timed"}
	cmd.RunE = timed(timedRoute)
	return cmd
}

// timed makes a command's function of one.
func timed(route func(ctx context.Context, signals []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error { return route(context.Background(), args) }
}

// timedRoute is run by a command.
func timedRoute(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if signal == "" {
			return errNoName
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}
