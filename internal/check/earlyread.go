package check

import (
	"fmt"

	"github.com/gatherlint/gatherlint/internal/model"
)

var _ = register(&Check{
	Name:   "earlyread",
	Family: Errors,
	Doc: Doc{
		Summary: "what a task writes is used before the task is known to be done, or although one has failed, so a part is missing",
		What: "The check reports a variable, a field of a local struct, a map or the elements of a slice that a task writes and its spawner reads without having waited for the task: " +
			"before `Wait`, after the `Wait` of another group, or after a `Wait` that the task has passed already, because its deferred `Done` runs before the deferred write. " +
			"It also reports what tasks that can fail have written, where the spawner, or a function of the package that it gives it to, stores it in a field, a map or a package variable that outlives the call before the spawner looks at the error of `Wait`: the part of a failed task is missing.",
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
			"Elements count only when they are read outside the loop that starts the tasks. Results that are returned together with the error, or stored beside it, are not reported.",
		Silence: "Write `//gatherlint:ignore earlyread REASON` above the line.",
	},
	Run: runEarlyread,
})

func runEarlyread(f *model.FanOut) []Finding {
	var out []Finding
	for _, f := range append([]*model.FanOut{f}, f.Evidence.Lent(f)...) {
		for _, r := range f.Evidence.Races(f) {
			if readsEarly(r) {
				out = append(out, earlyFinding(f, r))
			}
		}
	}
	for _, x := range f.Evidence.KeptResults(f) {
		out = append(out, keptFinding(f, x))
	}
	return out
}

// keptFinding reports results that are kept although a task failed.
func keptFinding(f *model.FanOut, x *model.KeptResult) Finding {
	var s steps
	s.starts(f, x.Task)
	s.by(Writes, taskOf(x.Task), x.Put, "writes its part of %s, unless it fails", x.Name).onto(Variable, x.Name)
	s.by(Joins, spawnerOf(f), x.Wait, "waits; a task has failed, and %s gives its error", f.Group.Join()).onto(Group, f.Group.Name)
	s.by(Writes, spawnerOf(f), x.Keep, "stores %s in %s before it looks at the error", x.Name, x.In).onto(Variable, x.Name)
	s.by(GoesOn, spawnerOf(f), x.Keep, "leaves there what looks complete; the part of the failed task is missing")
	return Finding{
		At:      x.Keep,
		Message: fmt.Sprintf("%s keeps %s in %s before it looks at the error of %s; after a failure a part is missing", f.Spawner, x.Name, x.In, f.Group.Join()),
		Steps:   s,
	}
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
