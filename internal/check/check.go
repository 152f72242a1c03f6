// Package check says what is wrong with a fan-out. Each check is one file: a
// pure function from the model to findings, and its
// documentation. Checks see neither syntax trees, nor SSA, nor the pass.
package check

import (
	"cmp"
	"go/token"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/schedule"
)

// A Check is one question asked of every fan-out.
type Check struct {
	// Name is what users type, and the first word of every message.
	Name string
	// Family is one of the three families of the documentation.
	Family Family
	// OptIn checks run only when they are named.
	OptIn bool
	// Doc is the one source of the check's page, its row in the README and
	// the text of "gatherlint help NAME".
	Doc Doc
	// Run returns the findings in one fan-out, in no particular order. It is
	// nil for checks that only look at what can happen.
	Run func(*model.FanOut) []Finding
	// Remains: Run is about what is left when the spawner returns. In a test that is of
	// no use, as it ends with the test.
	Remains bool
	// Asked returns further findings, for those who have named the check: what
	// is a fact too, but too often meant to be reported to everybody. May be nil.
	Asked func(*model.FanOut) []Finding
	// Play returns the findings in what playing a scene has shown, likewise.
	Play func(*schedule.Result) []Finding
	// AskedPlay returns further ones, as Asked does.
	AskedPlay func(*schedule.Result) []Finding
	// Hold returns the findings in a function that may leave with something taken.
	Hold func(*model.Holder) []Finding
}

// A Family groups checks by what goes wrong.
type Family string

// The three families.
const (
	Cancellation Family = "cancellation ignored"
	Errors       Family = "errors dropped"
	Leaks        Family = "goroutines leaked when a sibling fails"
)

// Doc is the documentation of a check. All fields are Markdown without
// headings; the renderings add them, the same for every check.
type Doc struct {
	Summary string // one sentence: the fact and its consequence
	What    string // what happens, and when the check reports
	Why     string // why it hurts
	Bad     string // Go code that is reported; stands in testdata/src/NAME too
	Good    string // the twin that is not; likewise
	Limits  string // what the check does not see, and where it is silent on purpose
	Silence string // how to say in code that it is meant
}

// A Finding is one reported fact with the schedule that proves it.
type Finding struct {
	Check   string
	At      model.Span
	Message string // "fact; consequence", without the check's name
	Steps   []Step // in order of execution, the last one states the consequence
	Fixes   []Fix
}

// A Step is one event of the failing schedule, in the present tense and with
// an actor.
type Step struct {
	Kind  StepKind
	At    model.Span // in the analysed package
	Text  string     // begins with the actor's name, as a rule
	Actor Actor      // who does it
	On    Actor      // what it is done to: the channel, group or context; may be the zero Actor

	// Call is the call that fails, or the receive that gives an error, and Err the
	// error as it is tested; zero where the step is about no failure, or it is not
	// known.
	Call, Err model.Span
	// Way is which way a branch goes, if that is what the step is about.
	Way Way
}

// A StepKind says what happens in a step, as far as it can be said in a word.
type StepKind string

// The kinds of steps.
const (
	Begins   StepKind = "begins"
	Makes    StepKind = "makes"  // a channel, group or context comes to be
	Starts   StepKind = "starts" // a goroutine
	Calls    StepKind = "calls"
	Fails    StepKind = "fails" // a call or a task gives an error
	Returns  StepKind = "returns"
	Panics   StepKind = "panics"
	Ends     StepKind = "ends" // a goroutine without a return, a context
	Sends    StepKind = "sends"
	Receives StepKind = "receives"
	Closes   StepKind = "closes"
	Cancels  StepKind = "cancels"
	Counts   StepKind = "counts" // a counter or a limit changes
	Waits    StepKind = "waits"  // for tasks that end sooner or later
	Joins    StepKind = "joins"  // comes back from Wait
	Blocks   StepKind = "blocks" // for ever: the actor never gets past this step
	Takes    StepKind = "takes"  // a lock, a place
	Gives    StepKind = "gives"  // a lock or a place back
	Reads    StepKind = "reads"
	Writes   StepKind = "writes"
	Decides  StepKind = "decides"   // goes one way of a branch
	Skips    StepKind = "skips"     // does not do, or start, something
	GoesOn   StepKind = "continues" // as if nothing had happened
	Loses    StepKind = "loses"     // an error or a result is gone
)

// A Way is where a branch goes. The zero value is none.
type Way string

// Known reports whether it is one of the kinds.
func (k StepKind) Known() bool {
	switch k {
	case Begins, Makes, Starts, Calls, Fails, Returns, Panics, Ends, Sends, Receives, Closes, Cancels, Counts, Waits, Joins,
		Blocks, Takes, Gives, Reads, Writes, Decides, Skips, GoesOn, Loses:
		return true
	}
	return false
}

// Known reports whether it is one of the ways.
func (w Way) Known() bool {
	switch w {
	case Then, Else, Into, Past, Case, Or:
		return true
	}
	return false
}

// Known reports whether it is one of the kinds.
func (k ActorKind) Known() bool {
	switch k {
	case Spawner, Task, Channel, Context, Group, Variable, Other:
		return true
	}
	return false
}

// The ways of branches.
const (
	Then Way = "then" // the condition holds
	Else Way = "else" // it does not
	Into Way = "into" // the body of a loop
	Past Way = "past" // the loop, or its end
	Case Way = "case" // of a select
	Or   Way = "or"   // to another return, which has the same effect
)

// An Actor takes part in a schedule: a goroutine, or what goroutines share.
type Actor struct {
	Kind ActorKind
	Name string // in the author's words

	// At is where a goroutine starts. It tells apart those of one name; where
	// it does not matter which one it is, it is token.NoPos.
	At token.Pos
}

// An ActorKind says what an actor is. The zero value is no actor.
type ActorKind string

// The kinds of actors.
const (
	Spawner  ActorKind = "spawner" // the function that starts the tasks
	Task     ActorKind = "task"
	Channel  ActorKind = "channel"
	Context  ActorKind = "context"
	Group    ActorKind = "group"
	Variable ActorKind = "variable"
	Other    ActorKind = "other" // a lock, a semaphore
)

// A Fix removes the finding. It is offered only where it is certain to compile.
type Fix struct {
	Title string
	Edits []Edit
}

// An Edit replaces the text of a span.
type Edit struct {
	Span model.Span
	New  string
}

// registry holds the checks; it is written by the initialisers of the check
// files only, and read through All.
var registry []*Check

// register adds a check; its result gives the check files something to assign.
func register(c *Check) *Check {
	registry = append(registry, c)
	return c
}

// All returns every check, sorted by name.
func All() []*Check {
	return slices.SortedFunc(slices.Values(registry), func(a, b *Check) int {
		return cmp.Compare(a.Name, b.Name)
	})
}
