package facts

import (
	"fmt"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
)

// A Summary says what a function does with its parameters and results, for
// callers in other packages. It is the one fact of the analyzer. Only functions
// that work on groups, channels or contexts beside them have one; a missing
// Summary means that nothing is known.
//
// It is plain data without positions, paths or maps, so that its encoding is
// the same on every machine and build caches stay warm.
type Summary struct {
	Params  []ParamSummary // receiver first
	Results []ResultSummary
	Wraps   Wrap
}

// A Wrap is what a method does with a group that its receiver holds. A type with
// a method that starts its argument there, and one that waits, is a group itself.
type Wrap struct {
	Spawns int  // 1 + the parameter that is started as a task, the receiver counted
	Waits  bool // it waits for the tasks
	Errs   bool // its last result is the error of a task
	Tells  bool // it counts a task out, or sends on a channel of the receiver, receives from it or closes it: others that wait may go on
}

// ParamSummary is what a function may do with one parameter.
type ParamSummary struct {
	Spawns    bool // a group: tasks are started under it; a function: it is such a task
	TaskFails bool // a group: such a task can return an error
	Loops     bool // a group: any number of tasks are started
	SpawnsCtx bool // a context: tasks started under a group parameter depend on it
	Waits     bool // a group: Wait is called
	Dones     bool // a WaitGroup: Done is called
	Limits    bool // a group: SetLimit is called
	Stores    bool // a group, a channel: it is kept, handed on, or used by a goroutine
	Sends     bool // a channel
	Receives  bool // a channel
	Closes    bool // a channel
	Watches   bool // a context: some work ends with it
	Values    bool // a context: only values are read from it
	ErrOf     bool // a context: the error result reports its end
	Quits     bool // a test: the goroutine can end through it
}

// ResultSummary is what a result is.
type ResultSummary struct {
	From    int    // 1 + the parameter that a context result derives from
	Never   bool   // a context that never ends
	GroupOf int    // 1 + the result that is the group of this group context
	Nil     bool   // an error result that is always nil
	Fresh   bool   // an object made here that holds a group
	Cap     string // capacity of a channel made here, "" if it is not
}

// AFact marks Summary as a fact.
func (*Summary) AFact() {}

// String says what the facts say, for tests and for people.
func (s *Summary) String() string {
	var parts []string
	for i, p := range s.Params {
		var words []string
		for _, w := range []struct {
			on   bool
			name string
		}{
			{p.Spawns, "spawns"}, {p.TaskFails, "fails"}, {p.Loops, "loops"}, {p.SpawnsCtx, "in tasks"},
			{p.Waits, "waits"}, {p.Dones, "done"}, {p.Limits, "limits"}, {p.Stores, "stores"},
			{p.Sends, "sends"}, {p.Receives, "receives"}, {p.Closes, "closes"}, {p.Watches, "watches"},
			{p.Values, "values"}, {p.ErrOf, "errof"}, {p.Quits, "quits"},
		} {
			if w.on {
				words = append(words, w.name)
			}
		}
		if words != nil {
			parts = append(parts, fmt.Sprintf("%d %s", i, strings.Join(words, "+")))
		}
	}
	for i, r := range s.Results {
		switch {
		case r.GroupOf > 0:
			parts = append(parts, fmt.Sprintf("result %d context of group %d", i, r.GroupOf-1))
		case r.Never:
			parts = append(parts, fmt.Sprintf("result %d never ends", i))
		case r.From > 0:
			parts = append(parts, fmt.Sprintf("result %d from %d", i, r.From-1))
		case r.Nil:
			parts = append(parts, fmt.Sprintf("result %d nil", i))
		case r.Fresh:
			parts = append(parts, fmt.Sprintf("result %d made here", i))
		case r.Cap != "":
			parts = append(parts, fmt.Sprintf("result %d channel of %s", i, r.Cap))
		}
	}
	switch w := s.Wraps; {
	case w.Spawns > 0:
		parts = append(parts, fmt.Sprintf("starts %d", w.Spawns-1))
	case w.Errs:
		parts = append(parts, "waits for errors")
	case w.Waits:
		parts = append(parts, "waits")
	}
	if s.Wraps.Tells {
		parts = append(parts, "tells")
	}
	return strings.Join(parts, ", ")
}

// Empty reports whether the summary says nothing.
func (s *Summary) Empty() bool { return s.String() == "" }

// Param is what is known of a parameter, the receiver counted.
func (s *Summary) Param(i int) ParamSummary {
	if s == nil || i >= len(s.Params) {
		return ParamSummary{}
	}
	return s.Params[i]
}

// CtxAnswer is whether work depends on a context parameter; fallback is what
// the signature suggests.
func (p ParamSummary) CtxAnswer(fallback model.Answer) model.Answer {
	switch {
	case p.Watches:
		return model.Yes
	case p.Values:
		return model.No
	}
	return fallback
}

// Import is the Summary that the package of fn exported, nil if none.
func Import(pass *analysis.Pass, fn *types.Func) *Summary {
	if fn == nil || fn.Pkg() == nil || fn.Pkg() == pass.Pkg {
		return nil
	}
	var s Summary
	if pass.ImportObjectFact(fn.Origin(), &s) {
		return &s
	}
	return nil
}

// OnlyGoexit reports whether a Summary says nothing of groups, channels and
// contexts.
func (s *Summary) OnlyGoexit() bool {
	if s == nil || len(s.Results) > 0 {
		return false
	}
	for _, p := range s.Params {
		p.Quits = false
		if p != (ParamSummary{}) {
			return false
		}
	}
	return true
}

// ExportValues exports the Summary of functions that take a context only to
// read values from it, or for the sake of an interface. Without it a caller in
// another package would take them to end with the context.
func ExportValues(pass *analysis.Pass, groups *Groups, fns []*types.Func) {
	for _, fn := range fns {
		i := known.ContextParam(fn)
		if i >= model.MaxParams || groups.HasSyncSignature(fn) {
			continue
		}
		s := &Summary{Params: make([]ParamSummary, i+1)}
		s.Params[i].Values = true
		pass.ExportObjectFact(fn, s)
	}
}
