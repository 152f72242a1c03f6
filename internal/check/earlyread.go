package check

import (
	"fmt"

	"github.com/gatherlint/gatherlint/internal/model"
)

var _ = register(&Check{
	Name:   "earlyread",
	Family: Errors,
	Doc: Doc{
		Summary: "what a task writes is read before the task is known to be done, so what was there before is used",
		What: "The check reports a variable, a field of a local struct, a map or the elements of a slice that a task writes and its spawner reads without having waited for the task: " +
			"before `Wait`, after the `Wait` of another group, or after a `Wait` that the task has passed already, because its deferred `Done` runs before the deferred write.",
		Why: "The value is the one from before the task as a rule: a nil error, a zero count, an empty slot. It is a data race too.",
		Bad: `func harvest(ctx context.Context, crates []crate) (int, error) {
	g, gctx := errgroup.WithContext(ctx)
	weights := make([]int, len(crates))
	for i, c := range crates {
		g.Go(func() (err error) {
			weights[i], err = weigh(gctx, c)
			return err
		})
	}
	sum := 0
	for i := range crates {
		sum += weights[i]
	}
	return sum, g.Wait()
}`,
		Good: `func harvestWeighed(ctx context.Context, crates []crate) (int, error) {
	g, gctx := errgroup.WithContext(ctx)
	weights := make([]int, len(crates))
	for i, c := range crates {
		g.Go(func() (err error) {
			weights[i], err = weigh(gctx, c)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return 0, err
	}
	sum := 0
	for i := range crates {
		sum += weights[i]
	}
	return sum, nil
}`,
		Limits: "Silent when a lock is held at both places, when the spawner has received, waited or called anything that can carry the news that the task is done, and where it only hands a slice or a map on. " +
			"Elements count only when they are read outside the loop that starts the tasks. A result that is used although `Wait` failed is not looked at.",
		Silence: "Write `//gatherlint:ignore earlyread REASON` above the line.",
	},
	Run: runEarlyread,
})

func runEarlyread(f *model.FanOut) []Finding {
	var out []Finding
	for _, r := range f.Evidence.Races(f) {
		if readsEarly(r) {
			out = append(out, earlyFinding(f, r))
		}
	}
	return out
}

func earlyFinding(f *model.FanOut, r *model.Race) Finding {
	var s steps
	t := taskOf(r.Task)
	s.startsRace(f, r)
	before := ""
	switch {
	case r.Late:
		s.by(Counts, t, r.First.At, "counts itself out before it %s", does(r.First)).onto(Variable, r.Name)
		before = "before the task has written it, although it has waited"
	case r.Waited:
		s.by(Joins, spawnerOf(f), r.Other.At, "has waited for other tasks, not for this one")
		before = "without having waited for the task that writes it"
	default:
		before = "before it has waited for the task that writes it"
	}
	s.by(Reads, spawnerOf(f), r.Other.At, "reads %s", r.Other.Name).onto(Variable, r.Name)
	s.by(Writes, t, r.First.At, "%s only now; %s has used what was there before", does(r.First), f.Spawner).onto(Variable, r.Name)
	return Finding{
		At:      r.Other.At,
		Message: fmt.Sprintf("%s reads %s %s; it sees what was there before", f.Spawner, r.Other.Name, before),
		Steps:   s,
	}
}
