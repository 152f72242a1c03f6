package model

import "go/token"

// Evidence answers the questions of checks that take an analysis of their own,
// beyond the model: where errors go, which accesses nothing orders, and what a fix
// may write. It is asked lazily; the model only carries it to whoever asks.
type Evidence interface {
	// Races lists the races of the fan-out's tasks, one for each task and place.
	Races(*FanOut) []*Race
	// Lent lists the fan-out as it is seen from functions of the package that lend its
	// spawner a literal, in source order: what that captures is theirs.
	Lent(*FanOut) []*FanOut
	// Assumed lists accesses of the spawner to what tasks use that are no races only
	// because a call that is not followed may tell that the task is past its own. Only
	// an explanation asks.
	Assumed(*FanOut) []*AssumedOrder
	// Losses lists the errors that the tasks of the fan-out lose, in source order.
	Losses(*FanOut) []*Loss
	// FirstReads lists where the spawner reads one of several errors, in source order.
	FirstReads(*FanOut) []*FirstRead
	// Forgotten lists the errors of tasks that the spawner takes, finds not nil and
	// loses, in source order.
	Forgotten(*FanOut) []*Forgotten
	// Leftovers lists where the spawner can succeed with a task's error left in a
	// channel, in source order.
	Leftovers(*FanOut) []*Leftover
	// Abandoned lists the channels in which a task's error can be left when the spawner has
	// waited and succeeds, in source order.
	Abandoned(*FanOut) []*Abandoned
	// KeptResults lists where the spawner keeps what failing tasks have written
	// before it looks at the error of Wait, in source order.
	KeptResults(*FanOut) []*KeptResult
	// Overwrites lists the stores to shared error variables that may replace another
	// task's error, one for each variable, in source order.
	Overwrites(*FanOut) []*Overwrite
	// OwnWaits lists the calls by which the spawner waits for the errors of tasks that
	// a type with a counter inside keeps by itself, in source order.
	OwnWaits(*FanOut) []*OwnWait
	// Conversions lists where the pointer that the Wait gives back becomes an error.
	Conversions(*Op) []*Conversion

	// Visible reports whether name means the variable declared at decl at each of
	// the places; with an invalid decl, whether it means nothing there.
	Visible(name string, decl token.Pos, at ...token.Pos) bool
	// Spare reports whether the variables named at the places stay in use when they
	// are no longer named there.
	Spare(at []Span) bool
	// SeparateCtx tells how to give the group context a name of its own.
	SeparateCtx(f *FanOut, dead []Span) (at Span, uses []Span, ok bool)
	// Redeclare tells where "=" can become ":=", so that a task has a variable of its
	// own.
	Redeclare(*Race) (Span, bool)
	// Room tells how to give a channel room for all that is ever sent on it.
	Room(*Scene, *Chan) (at token.Pos, size string, ok bool)
	// Condition is a condition as it is written, by its place in a Cond; nil if it is
	// not known.
	Condition(at token.Pos) *Condition
	// Loop is the head of the loop around a place that has depth others around it.
	Loop(at token.Pos, depth int) *Condition
	// Deferred tells how to have a task defer an op that it misses on some path.
	Deferred(s *Scene, t *Task, op, waiter *Op, bySpawner bool) *Deferral
}

// A Condition is what a branch asks, or the head of a loop, as its author wrote it.
type Condition struct {
	At   Span
	Text string // of a loop, what it ranges over, "" if nothing
	// Err is the error that it compares with nil, and From what gave it: a call, or a
	// receive of a channel; both are zero where that is not so, or not known.
	Err, From Span
	FromText  string // the callee, or the channel
	Receives  bool
	Ctx       string // the context, where From asks whether it has ended
}

// An Access is one read or write of memory that goroutines share.
type Access struct {
	At    Span
	Name  string // the place as written
	Write bool
	Kind  AccessKind
	// Whole: it is the variable itself, and not a part of it or what it points to.
	Whole bool
	// Again: its goroutine comes by more than once.
	Again bool
	Body  *Body // that makes it
}

// An AccessKind says what is accessed.
type AccessKind int8

// The kinds of accesses.
const (
	AccessVar    AccessKind = iota // a variable or a field
	AccessSlot                     // an element of a slice or an array
	AccessMap                      // what a map holds
	AccessAppend                   // a variable, to which an append is assigned
)

// A Race is two accesses of which nothing says which comes first.
type Race struct {
	Name  string
	First *Access // by Task; a write, unless Other is one
	Other *Access // by With, or by the spawner if With is nil
	Task  *Task
	With  *Task // the same as Task where it is started more than once
	// Late: the access comes after the task has counted itself out of the group.
	Late bool
	// Waited: the spawner has waited before its access, but not for the task.
	Waited bool
	// Locked: one of the two may hold a lock, but none that keeps the other out.
	Locked bool
	// Started is the op by which the spawner starts the task, or what starts it.
	Started *Op
	// Place numbers the memory that it is about among those of the spawner's races.
	Place int
}

// An AssumedOrder is an access of the spawner that is no race, as a call before it may
// wait for the task.
type AssumedOrder struct {
	Race
	Call *Op // of the spawner, after the start
}

// A Loss is an error that a task had in hand and that reached nobody.
type Loss struct {
	Kind LossKind
	Task *Task
	Call Span   // the call that gave the error
	Text string // as written: "store.Save"
	Test Span   // where the code finds that there is one
	Log  Span   // the call that only logs it
	// LogText is that call as written, "" if it is not even logged.
	LogText string
	At      Span // the return that reports success, or the call whose result is not used
	// Func is the function that loses it, if it is not the task's own.
	Func string
	// Own: the call is one of a function of the package itself.
	Own bool
	// Loops: the call is made in a loop of its function.
	Loops bool
	// Only: what follows happens on the failing way alone; otherwise the function
	// goes on as without the error.
	Only bool
	// Last: nothing follows but the return, and what was deferred.
	Last bool
	// Yields: the function that loses it leaves something else behind than its error (it
	// writes or sends what others have), or fails where the call does not: what it did
	// not do may be seen by that.
	Yields bool
}

// A LossKind says how an error is lost.
type LossKind int8

// Kinds of losses.
const (
	LossNil    LossKind = iota // found, and nil is returned to a group that keeps errors
	LossEnd                    // found, and a function without an error result ends
	LossUnused                 // the call's result is not used at all
)

// A FirstRead is the one reading of several errors.
type FirstRead struct {
	Task *Task // one that puts errors in
	Put  Span  // where it does
	Wait Span  // the Wait after which all errors are there
	Read Span  // the receive, or the loop's test
	Ret  Span  // the return that leaves the others, zero if the spawner just goes on
	Name string
	Text string // how it is taken
	Loop bool   // it stands in a loop over all
	Slot bool   // the container is a slice
}

// A Forgotten is an error of a task that the spawner has in hand and returns nil.
type Forgotten struct {
	Task *Task
	Put  Span   // where the task leaves it
	Take Span   // where the spawner takes it
	Name string // of what it is left in
	Test Span   // where it is found not nil
	// Keep is where it would be kept if a condition on the way could ever hold, zero
	// if nothing would keep it; KeepIn is the variable, "" if it is returned.
	Keep   Span
	KeepIn string
	Logged bool
	Ret    Span // the return of nil
	Loop   bool // the spawner goes on with the next one before it returns
	Only   bool // that return is for those who found an error
}

// A Leftover is an error that stays in a channel because another case of the same
// select is ready too.
type Leftover struct {
	Task *Task
	Put  Span   // where the task leaves it
	Done Span   // where the news is spread, after that, that the tasks are done
	Case Span   // the case that takes the news
	Name string // of the channel of errors
	News string // of the other one
	Ret  Span   // the return of nil
}

// An Abandoned is a channel of errors into which the spawner does not look after it has waited
// for the tasks, and before it succeeds.
type Abandoned struct {
	Task *Task
	Put  Span   // where the task leaves it
	Name string // of the channel
	Look Span   // the last place before Wait where an error may be taken, if there is one
	Wait Span
	Ret  Span // the return of nil
}

// A KeptResult is a result of tasks that outlives the spawner although Wait failed.
type KeptResult struct {
	Task *Task
	Put  Span // where the task writes it
	Wait Span
	Keep Span   // where the spawner stores it
	Name string // the variable that the tasks write
	In   string // where it is stored
}

// An OwnWait is a call of a method that waits for tasks and gives their errors, which
// another method of the type has kept.
type OwnWait struct {
	Op   *Op    // the call
	Name string // of the object that it is called on: "crew"
	// Task is one that can fail and leaves its error with the object alone, nil if none
	// does.
	Task  *Task
	Start Span // where the spawner gives that task to the object
}

// An Overwrite is a store to a shared error variable that may hold another's error.
type Overwrite struct {
	Task  *Task
	Other *Task // another task that stores it, nil if the same one runs several times
	At    Span
	Name  string
	// Clears: a later success sets the variable to nil.
	Clears bool
	Read   Span // where the spawner reads it
	// Taken is the receive in a loop of the spawner, which stores the error itself, From
	// the channel, and Put where the task has sent it; not valid otherwise.
	Taken, Put Span
	From       string
}

// A Conversion is a place where the pointer that Wait has returned, nil if no
// task failed, becomes an error.
type Conversion struct {
	At   Span   // the call or the variable that is converted
	What string // the same, as written
	How  ConvertKind
	// To is the variable, function or channel that the error goes to.
	To string
	// Direct: At is a call or a plain variable, to which a method call can be
	// appended.
	Direct bool
	// Wait is the call that gave the value and Join its function, Type its type, as
	// written; Holds says what the error has in it then: "a nil pointer".
	Wait              Span
	Join, Type, Holds string
	// OrNil: the type has a method ErrorOrNil.
	OrNil bool
}

// A ConvertKind says where a converted pointer goes.
type ConvertKind int8

// The kinds of conversions.
const (
	ConvReturn  ConvertKind = iota
	ConvAssign              // to the variable To
	ConvPass                // to the function To
	ConvSend                // on the channel To
	ConvStore               // in a field or an element
	ConvCompare             // with nil
)

// A Deferral moves a call to the beginning of a function literal, as a defer
// statement.
type Deferral struct {
	At   token.Pos // where the statement goes
	Text string    // the statement, with the space around it
	Call string    // the call
	Cut  []Span    // the calls to take away
}
