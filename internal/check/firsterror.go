package check

import (
	"fmt"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

var _ = register(&Check{
	Name:   "firsterror",
	Family: Errors,
	Doc: Doc{
		Summary: "tasks fail, and not all of their errors are reported, or none",
		What: "Several tasks leave their errors in one place, and once all of them are done only one is taken. The check reports an error channel with room for every task that is read once after `Wait`, " +
			"and a variable that several tasks set without looking at what it holds, so that the last failure, or even the last success, is what is left. " +
			"It also reports an error that the spawner takes from a task and keeps only under a condition that never holds (`if e != nil && err != nil { err = e }`), or in a loop, each in place of the one before, " +
			"and a `select` in which the news that the tasks are done can be ready together with an error left in a buffer: if it takes the news and returns nil, the error is lost. " +
			"The same goes for a function that looks into the channel only while it starts the tasks or hands out work, or never, and returns nil after `Wait`. " +
			"With `-checks=default,firsterror`, or `all`, it also reports a loop over the error channel, or over the slice with a slot per task, that returns at the first error after `Wait`, " +
			"and a plain `errgroup.Group` without a context: all tasks run to their end, and `Wait` keeps one error.",
		Why: "The caller repairs one thing and runs into the next.",
		Bad: `func lockAll(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() {
			if err := lock(ctx, d); err != nil {
				errs <- err
			}
		})
	}
	wg.Wait()
	select {
	case err := <-errs:
		return err
	default:
		return nil
	}
}`,
		Good: `func lockAllJoined(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() {
			if err := lock(ctx, d); err != nil {
				errs <- err
			}
		})
	}
	wg.Wait()
	close(errs)
	var all error
	for err := range errs {
		all = errors.Join(all, err)
	}
	return all
}`,
		Limits: "Silent in `_test.go` files about channels that are read once, as a test that fails with one error has done its work, and before all tasks are done: a return at the first error that ends the siblings is meant. Silent when the rest of the container is used (drained, logged, joined), when each error is also stored somewhere else, recorded on what the task was given, or (of a variable that several tasks set) written to a log, " +
			"when the channel has room for one or the send gives up, when one error is what the code promises (`return <-errs` of a closed channel, an error taken before to stop at it, a variable named `first...`, a comment at the receive that says first), when a condition comes between `Wait` and the return, as it may tell of the failure, when the store asks first (`if err == nil`, `sync.Once`), joins, or goes to a variable named `last...`. " +
			"Stores that nothing orders are reported by racyerr alone. Containers in fields, and slices made by `append`, are not followed. Loops and plain groups are not reported unless asked for, because one error is often all that their authors want to return; a group of which nofailfast says that its siblings run for nothing is not reported here. Where every error counts, write a slot per task and `errors.Join`.",
		Silence: "Write `//gatherlint:ignore firsterror REASON` above the line.",
	},
	Run:   runFirsterror,
	Asked: askedFirsterror,
})

func runFirsterror(f *model.FanOut) []Finding {
	var out []Finding
	for _, x := range f.Evidence.FirstReads(f) {
		if !x.Loop && !f.Test { // a test that fails with one of its errors has done its work
			out = append(out, readsOne(f, x))
		}
	}
	for _, x := range f.Evidence.Forgotten(f) {
		if x.Keep.Pos.IsValid() {
			out = append(out, neverKept(f, x))
		}
	}
	for _, x := range f.Evidence.Leftovers(f) {
		out = append(out, leftOver(f, x))
	}
	for _, x := range f.Evidence.Abandoned(f) {
		out = append(out, abandoned(f, x))
	}
	for _, x := range f.Evidence.Overwrites(f) {
		switch {
		case x.Taken.Pos.IsValid():
			out = append(out, replaced(f, x))
		case f.Group.Errors(), races(f, x): // racyerr's: that nothing orders the stores comes first
		default:
			out = append(out, overwritten(f, x))
		}
	}
	return out
}

// races reports whether nothing orders the store and the accesses of other tasks.
func races(f *model.FanOut, x *model.Overwrite) bool {
	return slices.ContainsFunc(f.Evidence.Races(f), func(r *model.Race) bool { return r.First.At.Pos == x.At.Pos || r.Other.At.Pos == x.At.Pos })
}

// askedFirsterror reports what is written on purpose more often than not.
func askedFirsterror(f *model.FanOut) []Finding {
	out := plainFirst(f)
	for _, x := range f.Evidence.FirstReads(f) {
		if x.Loop {
			out = append(out, readsOne(f, x))
		}
	}
	return out
}

// puts tells that two tasks fail and leave their errors in name.
func (s *steps) puts(t *model.Task, at model.Span, verb, name string) {
	who := "two runs of " + taskOf(t).Name
	if !t.InLoop {
		who = "two tasks"
	}
	s.by(Fails, Actor{Kind: Task, Name: who}, at, "fail and %s their errors %s", verb, name)
}

// readsOne reports a spawner that takes one error of several.
func readsOne(f *model.FanOut, x *model.FirstRead) Finding {
	var s steps
	s.starts(f, x.Task)
	verb, kind := "send", Channel
	where := "on " + x.Name
	if x.Slot {
		verb, kind, where = "store", Variable, "in "+x.Name
	}
	s.puts(x.Task, x.Put, verb, where)
	s.by(Joins, spawnerOf(f), x.Wait, "has waited for all tasks; both errors are in %s", x.Name)
	if !x.Loop {
		s.by(Receives, spawnerOf(f), x.Read, "takes one error from %s, once", x.Name).onto(kind, x.Name)
		s.by(Loses, spawnerOf(f), x.Read, "never looks at %s again; the other error is lost", x.Name)
		return Finding{
			At:      x.Read,
			Message: fmt.Sprintf("%s is read once although every task can leave an error in it; all errors but one are lost", x.Name),
			Steps:   s,
		}
	}
	s.by(Reads, spawnerOf(f), x.Read, "finds the first error").onto(kind, x.Name)
	s.by(Loses, spawnerOf(f), x.Ret, "returns %s and leaves the rest of %s; the other error is lost", x.Text, x.Name)
	return Finding{
		At:      x.Ret,
		Message: fmt.Sprintf("the loop over %s returns at the first error after all tasks are done; the other errors in it are lost", x.Name),
		Steps:   s,
	}
}

// neverKept reports a received error that no path comes to the keeping of.
func neverKept(f *model.FanOut, x *model.Forgotten) Finding {
	var s steps
	s.starts(f, x.Task)
	s.by(Fails, taskOf(x.Task), x.Put, "fails and leaves its error in %s", x.Name)
	s.by(Receives, spawnerOf(f), x.Take, "takes the error from %s", x.Name)
	s.by(Decides, spawnerOf(f), x.Test, "finds that it is not nil")
	would, kept := "returns the error", "returned"
	if x.KeepIn != "" {
		would, kept = "stores the error in "+x.KeepIn, "stored in "+x.KeepIn
	}
	s.by(Skips, spawnerOf(f), x.Keep, "never comes to where it %s: the condition before it cannot hold", would)
	s.by(Loses, spawnerOf(f), x.Ret, "returns nil; the error is lost")
	return Finding{
		At:      x.Keep,
		Message: fmt.Sprintf("the error taken from %s is %s only where that cannot happen; every error is lost and %s returns nil", x.Name, kept, f.Spawner),
		Steps:   s,
	}
}

// leftOver reports a spawner that may succeed with an error waiting for it.
func leftOver(f *model.FanOut, x *model.Leftover) Finding {
	var s steps
	s.starts(f, x.Task)
	s.by(Fails, taskOf(x.Task), x.Put, "fails and leaves its error in %s, which has room for it", x.Name).onto(Channel, x.Name)
	s.tell(Ends, Actor{Kind: Channel, Name: x.News}, x.Done, "%s tells that the tasks are done", x.News)
	s.by(Decides, spawnerOf(f), x.Case, "comes to the select and finds both ready; it takes %s", x.News).onto(Channel, x.News)
	s.by(Loses, spawnerOf(f), x.Ret, "returns nil and never looks at %s again; the error is lost", x.Name)
	return Finding{
		At:      x.Case,
		Message: fmt.Sprintf("%s can be ready while an error waits in %s, and the select takes either; %s then returns nil and the error is lost", x.News, x.Name, f.Spawner),
		Steps:   s,
	}
}

// abandoned reports a spawner that succeeds although an error may be where it has not looked.
func abandoned(f *model.FanOut, x *model.Abandoned) Finding {
	var s steps
	s.starts(f, x.Task)
	message := fmt.Sprintf("nobody receives from %s; every error in it is lost and %s returns nil", x.Name, f.Spawner)
	if x.Look.Pos.IsValid() {
		s.by(Decides, spawnerOf(f), x.Look, "looks into %s for the last time and finds nothing yet", x.Name).onto(Channel, x.Name)
		message = fmt.Sprintf("%s returns nil without another look into %s; the error of a task that fails late is lost", f.Spawner, x.Name)
	}
	s.by(Fails, taskOf(x.Task), x.Put, "fails and leaves its error in %s, which has room for it", x.Name).onto(Channel, x.Name)
	s.by(Joins, spawnerOf(f), x.Wait, "has waited for all tasks")
	s.by(Loses, spawnerOf(f), x.Ret, "returns nil; the error in %s is lost", x.Name)
	return Finding{At: x.Ret, Message: message, Steps: s}
}

// overwritten reports a shared error variable.
func overwritten(f *model.FanOut, x *model.Overwrite) Finding {
	var s steps
	s.starts(f, x.Task)
	s.by(Fails, taskOf(x.Task), x.At, "fails and stores its error in %s", x.Name).onto(Variable, x.Name)
	later := "fails later"
	then := "only the last error is left in it"
	if x.Clears {
		later, then = "succeeds later", "the error is gone"
	}
	s.by(Writes, Actor{Kind: Task, Name: "another task"}, x.At, "%s and stores its result in %s", later, x.Name).onto(Variable, x.Name)
	s.by(Loses, spawnerOf(f), x.Read, "reads %s; %s", x.Name, then)
	what := "a later failure replaces an earlier one"
	if x.Clears {
		what = "a later success wipes an earlier failure out"
	}
	return Finding{
		At:      x.At,
		Message: fmt.Sprintf("several tasks store their result in %s without looking at what it holds; %s", x.Name, what),
		Steps:   s,
	}
}

// replaced reports a loop of the spawner that keeps the last error which it takes.
func replaced(f *model.FanOut, x *model.Overwrite) Finding {
	var s steps
	s.starts(f, x.Task)
	s.by(Fails, taskOf(x.Task), x.Put, "fails and sends its error on %s", x.From).onto(Channel, x.From)
	s.by(Receives, spawnerOf(f), x.Taken, "takes the error from %s and stores it in %s", x.From, x.Name).onto(Variable, x.Name)
	s.by(Writes, spawnerOf(f), x.At, "takes what the next task has sent, and stores that in %s", x.Name).onto(Variable, x.Name)
	s.by(Loses, spawnerOf(f), x.Read, "reads %s; only what was taken last is in it", x.Name)
	return Finding{
		At:      x.At,
		Message: fmt.Sprintf("each round of the loop stores what it takes from %s in %s without looking at what that holds; every error but the last is lost", x.From, x.Name),
		Steps:   s,
	}
}

// plainFirst reports errgroups without a context, whose tasks all run to their end:
// Wait keeps the first error of those that failed.
func plainFirst(f *model.FanOut) []Finding {
	g := f.Group
	if !plainGroup(g) {
		return nil
	}
	if len(lastingBeside(f)) > 0 || len(workedInVain(f)) > 0 {
		return nil // one error is what it wants: it is the siblings that run for nothing
	}
	failing := 0
	var first *model.Task
	for _, t := range f.Tasks {
		if t.Keeps == model.Yes {
			return nil
		}
		if t.Fails != model.Yes {
			continue
		}
		if told(f, t) {
			return nil // not all of them run to their end
		}
		if failing++; t.InLoop {
			failing++
		}
		if first == nil {
			first = t
		}
	}
	if failing < 2 || len(f.Waits) != 1 {
		return nil // two Waits: the variable holds one group after another
	}
	for _, w := range f.Waits {
		if w.Result != model.Used || !f.Within(w) {
			continue
		}
		var s steps
		s.starts(f, first)
		s.by(Fails, Actor{Kind: Task, Name: "two tasks"}, first.At, "fail; %s has no context to end the others with, so all run to their end", g.Name)
		s.by(Loses, spawnerOf(f), w.At, "calls %s, which gives the first error; the other one is lost", g.Join()).onto(Group, g.Name)
		return []Finding{{
			At:      w.At,
			Message: fmt.Sprintf("every task of %s runs to its end and %s gives the first error only; the errors of the others are lost", g.Name, g.Join()),
			Steps:   s,
		}}
	}
	return nil
}
