package check

import (
	"fmt"
	"strings"

	"github.com/gatherlint/gatherlint/internal/model"
)

var _ = register(&Check{
	Name:   "typednil",
	Family: Errors,
	Doc: Doc{
		Summary: "the result of a group's Wait is a pointer that is never nil as an error, so success looks like a failure",
		What: "`Wait` of a `multierror.Group` returns a `*multierror.Error`, a nil pointer if no task has failed; so does a type of your own that keeps the errors of its tasks in a pointer, a slice or a map that is an error. Where an `error` is wanted, Go converts the pointer, and an interface that holds a nil pointer is not nil. " +
			"The check reports a result of `Wait` that is returned, assigned, stored, sent or passed as an `error` on a path that has not looked at the pointer before.",
		Why: "The caller takes every success for a failure; and as the pointer in it is nil, asking the error for its text panics.",
		Bad: `func inspect(buoys []buoy) error {
	var g multierror.Group
	for _, b := range buoys {
		g.Go(func() error { return b.check() })
	}
	return g.Wait()
}`,
		Good: `func inspectOrNil(buoys []buoy) error {
	var g multierror.Group
	for _, b := range buoys {
		g.Go(func() error { return b.check() })
	}
	return g.Wait().ErrorOrNil()
}`,
		Limits: "Silent where a condition on the pointer comes before (`err != nil` on the pointer itself, a look at its list of errors, `ErrorOrNil`), where the error goes only to functions that nil pointers do not disturb " +
			"(`multierror.Append`, `errors.Is`, `fmt`) or to functions of other packages that return no error, and where a task fails every time. Pointers kept in fields and elements are not followed, and neither are those of `multierror.Append` outside a group.",
		Silence: "`//gatherlint:ignore typednil REASON` above the line.",
	},
	Run: runTypednil,
})

func runTypednil(f *model.FanOut) []Finding {
	for _, t := range f.EveryTask() {
		if alwaysFails(t) {
			return nil
		}
	}
	var out []Finding
	for _, w := range f.Waits {
		for _, c := range f.Evidence.Conversions(w) {
			out = append(out, typednilFinding(f, w, c))
		}
	}
	return out
}

// alwaysFails reports whether every return of the task returns an error that was
// just made: then the pointer is not nil.
func alwaysFails(t *model.Task) bool {
	if t.Body == nil {
		return false
	}
	returns := 0
	for _, blk := range t.Body.Blocks {
		for _, op := range blk.Ops {
			if op.Kind != model.OpReturn {
				continue
			}
			if len(op.Errs) == 0 {
				return false // it has no error to return
			}
			returns++
			for _, x := range op.Errs {
				if x.Kind != model.ErrCall || !x.Named.Has(model.HintFails) {
					return false
				}
			}
		}
	}
	return returns > 0
}

func typednilFinding(f *model.FanOut, w *model.Op, c *model.Conversion) Finding {
	g := f.Group
	who := spawnerOf(f)
	if !f.Within(w) {
		who = Actor{Kind: Task, Name: "a goroutine of " + f.Spawner}
	}
	var s steps
	if len(f.Tasks) > 0 {
		t := f.Tasks[0]
		s.starts(f, t)
		s.by(Returns, taskOf(t), t.At, "succeeds, and no other task fails").onto(Group, g.Name)
	}
	s.by(Joins, who, c.Wait, "calls %s, which returns a nil %s", c.Join, c.Type).onto(Group, g.Name)
	it := c.What
	if c.At == c.Wait {
		it = "the" + strings.TrimPrefix(c.Holds, "a nil")
	}
	does, sees := "", ""
	switch c.How {
	case model.ConvReturn:
		does, sees = "returns "+it+" as an error", "the caller sees an error that is not nil, though no task has failed"
	case model.ConvAssign:
		does, sees = fmt.Sprintf("assigns %s to %s, an error", it, c.To), c.To+" is not nil, though no task has failed"
	case model.ConvPass:
		does, sees = fmt.Sprintf("passes %s to %s as an error", it, c.To), c.To+" sees an error that is not nil, though no task has failed"
	case model.ConvSend:
		does, sees = fmt.Sprintf("sends %s on %s as an error", it, c.To), "the receiver sees an error that is not nil, though no task has failed"
	case model.ConvStore:
		does, sees = fmt.Sprintf("stores %s as an error", it), "the error kept there is not nil, though no task has failed"
	case model.ConvCompare:
		does, sees = fmt.Sprintf("compares %s with nil as an error", it), "the error is not nil, though no task has failed"
	}
	s.by(Writes, who, c.At, "%s: an interface that holds %s", does, c.Holds)
	s.tell(Loses, who, c.At, "%s", sees)
	out := Finding{
		At:      c.At,
		Message: fmt.Sprintf("the %s of %s is never nil as an error; success looks like a failure", c.Type, c.Join),
		Steps:   s,
	}
	if c.OrNil && c.Direct && !strings.ContainsAny(c.What, " \n") {
		out.Fixes = []Fix{{
			Title: "Call ErrorOrNil, which gives a nil error for a nil pointer",
			Edits: []Edit{{Span: model.Span{Pos: c.At.End, End: c.At.End}, New: ".ErrorOrNil()"}},
		}}
	}
	return out
}
