package check

import (
	"fmt"
	"maps"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

var _ = register(&Check{
	Name:   "racyerr",
	Family: Errors,
	Doc: Doc{
		Summary: "a variable that concurrent tasks share (an error, a counter, a slice they append to) is written without a lock, so a write is lost",
		What: "The check reports a variable of the spawner, or a field of a local struct, that a task writes while another task, the same task started again, or the spawner before its `Wait` writes or reads it: " +
			"`err = ...` in place of `err := ...`, a named result, `append` to a shared slice, an update of a shared map. " +
			"The tasks may be functions of a list, and the write may stand in a literal that another function of the package runs in its tasks.",
		Why: "Which value stays is chance: the error of one task replaces that of another, or the nil of a success replaces an error. Appends that meet lose elements, and maps written by two goroutines end the process.",
		Bad: `func developNight(plates []plate) error {
	var wg sync.WaitGroup
	var err error
	for _, p := range plates {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, err = develop(p)
		}()
	}
	wg.Wait()
	return err
}`,
		Good: `func developWholeNight(plates []plate) []error {
	var wg sync.WaitGroup
	errs := make([]error, len(plates))
	for i, p := range plates {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, errs[i] = develop(p)
		}()
	}
	wg.Wait()
	return errs
}`,
		Limits: "A write counts only if nothing orders it: a lock held at both places, a channel, a group or a context that can carry the news from one to the other, a limit of one, and what is not followed all make it silent. " +
			"So do comparisons that pick one task of many. Elements of slices by index are taken to be each task's own. Memory behind pointers whose origin is not known, and literals that code not seen calls, are not looked at. Nor is what only goes into the report of a test, and a result that nobody who calls the function looks at.",
		Silence: "Write `//gatherlint:ignore racyerr REASON` above the line.",
	},
	Run: runRacyerr,
})

func runRacyerr(f *model.FanOut) (out []Finding) {
	for _, lent := range append([]*model.FanOut{f}, f.Evidence.Lent(f)...) {
		out = append(out, racesIn(lent)...)
	}
	return out
}

func racesIn(f *model.FanOut) []Finding {
	var out []Finding
	places := map[int][]*model.Race{} // what is about one variable has one cause
	for _, r := range f.Evidence.Races(f) {
		if !readsEarly(r) {
			places[r.Place] = append(places[r.Place], r)
		}
	}
	for _, n := range slices.Sorted(maps.Keys(places)) {
		out = append(out, racyFinding(f, places[n][0], places[n][1:]))
	}
	return out
}

// readsEarly reports whether the spawner reads what the task writes, and does not
// write it: the order is wrong then, rather than the sharing. A variable that both
// come back to, time and again, is shared: neither of the two is early.
func readsEarly(r *model.Race) bool {
	if r.With != nil || !r.First.Write || r.Other.Write {
		return false
	}
	return r.First.Kind != model.AccessVar || !r.First.Again || !r.Other.Again
}

func racyFinding(f *model.FanOut, r *model.Race, more []*model.Race) Finding {
	var s steps
	t := taskOf(r.Task)
	s.startsRace(f, r)
	first, second := r.First, r.Other
	at := first
	s.accesses(t, r.Task.Body, first, "").onto(Variable, r.Name)
	const meets = " at the same time; nothing orders the two"
	switch {
	case r.With == r.Task:
		s.accesses(Actor{Kind: Task, Name: "another task"}, r.With.Body, second, meets).onto(Variable, r.Name)
	case r.With != nil:
		s.starts(f, r.With)
		s.accesses(taskOf(r.With), r.With.Body, second, meets).onto(Variable, r.Name)
	default:
		s.accesses(spawnerOf(f), f.Body, second, meets).onto(Variable, r.Name)
	}
	if !at.Write {
		at = second
	}
	s.writesToo(f, at, more)
	s.tell(Loses, Actor{Kind: Variable, Name: r.Name}, at.At, "%s", left(r))
	return Finding{At: at.At, Message: fmt.Sprintf("%s; %s", fact(f, r), outcome(r)), Steps: s, Fixes: ownVariable(f, r)}
}

// writesToo tells of one more place at which the same is written.
func (s *steps) writesToo(f *model.FanOut, told *model.Access, more []*model.Race) {
	for _, r := range more {
		for _, a := range []*model.Access{r.First, r.Other} {
			if a.Write && a.At.Pos != told.At.Pos && !slices.ContainsFunc(*s, func(st Step) bool { return st.At.Pos == a.At.Pos }) {
				who := spawnerOf(f)
				switch {
				case a == r.First:
					who = taskOf(r.Task)
				case r.With != nil:
					who = taskOf(r.With)
				}
				s.by(Writes, who, a.At, "%s too", does(a)).onto(Variable, r.Name)
				return
			}
		}
	}
}

// startsRace tells how the task that a race is about comes to run.
func (s *steps) startsRace(f *model.FanOut, r *model.Race) {
	for _, t := range f.Tasks {
		if t == r.Task {
			s.starts(f, t)
			return
		}
	}
	st := s.by(Starts, spawnerOf(f), r.Started.At, "starts a goroutine that starts the tasks")
	st.On = taskOf(r.Task)
}

// accesses tells of an access by a goroutine whose own body is root, and by which calls it
// comes to it, each function once.
func (s *steps) accesses(who Actor, root *model.Body, a *model.Access, meets string) *Step {
	name := who.Name
	if calls := callsTo(root, holds(a)); len(calls) > 0 && !slices.ContainsFunc(*s, func(st Step) bool { return st.At == calls[0].At }) {
		name = s.comesTo(who, calls)
	}
	return s.tell(accessing(a), who, a.At, "%s %s%s", name, does(a), meets)
}

// holds describes the body that makes an access.
func holds(a *model.Access) func(*model.Body) bool {
	return func(b *model.Body) bool { return b == a.Body }
}

// accessing is what a step with the access is about.
func accessing(a *model.Access) StepKind {
	if a.Write {
		return Writes
	}
	return Reads
}

func does(a *model.Access) string {
	switch {
	case a.Kind == model.AccessAppend:
		return "appends to " + a.Name
	case a.Kind == model.AccessMap && a.Write:
		return "updates the map " + a.Name
	case a.Kind == model.AccessMap:
		return "reads the map " + a.Name
	case a.Write:
		return "writes " + a.Name
	}
	return "reads " + a.Name
}

func fact(f *model.FanOut, r *model.Race) string {
	lock := "without a lock"
	if r.Locked {
		lock = "without a lock that keeps the two apart"
	}
	if r.With == r.Task && r.Other.Write {
		return sharing(r) + " " + lock
	}
	who, other, what, whatElse := "a task", f.Spawner, does(r.First), doesIt(r.Other)
	if calls := callsTo(f.Body, holds(r.Other)); len(calls) > 0 {
		other = callee(calls[len(calls)-1])
	}
	switch {
	case r.With != nil:
		other = "another task"
	case !r.First.Write:
		who, other, what, whatElse = other, who, does(r.Other), "reads it"
	}
	return fmt.Sprintf("%s %s while %s %s, %s", who, what, other, whatElse, lock)
}

// sharing says what several tasks of one kind do to a place.
func sharing(r *model.Race) string {
	switch r.First.Kind {
	case model.AccessAppend:
		return "concurrent tasks append to " + r.Name
	case model.AccessMap:
		return "concurrent tasks update the map " + r.Name
	}
	return "concurrent tasks write the same " + r.Name
}

func doesIt(a *model.Access) string {
	switch {
	case !a.Write:
		return "reads it"
	case a.Kind == model.AccessAppend:
		return "appends to it"
	case a.Kind == model.AccessMap:
		return "updates it"
	}
	return "writes it"
}

func outcome(r *model.Race) string {
	for _, a := range []*model.Access{r.First, r.Other} {
		switch a.Kind {
		case model.AccessAppend:
			return "elements are lost"
		case model.AccessMap:
			return "the runtime ends the process when the two meet"
		}
	}
	if !r.First.Write || !r.Other.Write {
		return "what is read is chance"
	}
	return "which value stays is chance"
}

// left is what the two accesses leave behind, as the last step has it.
func left(r *model.Race) string {
	for _, a := range []*model.Access{r.First, r.Other} {
		switch a.Kind {
		case model.AccessAppend:
			return r.Name + " keeps what one of the two has appended"
		case model.AccessMap:
			return "the runtime finds that " + r.Name + " is in use and ends the process"
		}
	}
	if !r.First.Write || !r.Other.Write {
		return "the reader has the value from before the write or after it"
	}
	return r.Name + " holds the value of whoever was last; the other value is gone"
}

// ownVariable gives the task a variable of its own where that is certain to keep
// the meaning of everything else.
func ownVariable(f *model.FanOut, r *model.Race) []Fix {
	at, ok := f.Evidence.Redeclare(r)
	if !ok {
		return nil
	}
	return []Fix{{Title: "Declare " + r.Name + " in the task", Edits: []Edit{{Span: at, New: ":="}}}}
}
