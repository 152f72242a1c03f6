package model

import (
	"go/token"
	"strconv"
)

// A Package is what the checks see of a package.
type Package struct {
	FanOuts []*FanOut // in source order of their spawners
	Scenes  []*Scene  // likewise
	// Lives are the scenes of objects that clients of the package make and use.
	Lives []*Scene
	// Untried are the functions of objects whose lives the budget of the package left out.
	Untried []Part
	// Holders are functions that may leave with something taken.
	Holders []*Holder
}

// A FanOut is one gathering of tasks: a spawner, the tasks that it starts, and
// the group that counts them.
type FanOut struct {
	Spawner string // the function, as its author would name it
	At      Span   // the spawner's name
	Extent  Span   // all of the spawner's source
	// Test: the spawner stands in a _test.go file.
	Test  bool
	Body  *Body
	Group *Group // Kind Bare if no type counts the tasks
	Tasks []*Task
	Waits []*Op // every Wait on the group, in whatever function
	Chans []*Chan
	// Elsewhere are the other functions of the package that use the same
	// group, for groups that live in a field or a package variable.
	Elsewhere []*FanOut
	// CallerCtx is the name of a context that the spawner is given, "" if none.
	CallerCtx string
	// ReturnsError: the spawner can report an error to its caller.
	ReturnsError bool
	// Requests are the contexts of the request that the spawner answers. The
	// server ends them when it returns (net/http, Request.Context).
	Requests []*Root
	// TaskOf is the group that the spawner, a function literal, is itself a task of,
	// nil if it is none. Waiting for the group ends the group's context.
	TaskOf *Group

	// Evidence answers what costs an analysis of its own.
	Evidence Evidence
}

// An Ending says when the process ends with a function.
type Ending int8

// The endings, each more than the one before.
const (
	EndsNever   Ending = iota // it goes on, or that is not known
	EndsOnError               // when the function returns an error
	EndsAlways                // when it returns
)

// A Group counts tasks.
type Group struct {
	Kind GroupKind
	// Contract is what its type promises, nil for bare goroutines and where the
	// type is not known.
	Contract *Contract
	Name     string // in the spawner's words: "g", "s.group"
	Made     Span   // where it comes from: a call, a declaration, a parameter
	How      string // "errgroup.WithContext", "variable", "parameter", ...
	Owner    Owner
	HasCtx   bool   // it has a context that a failing task cancels
	CtxName  string // the variable that holds the group context, "" if none
	CtxUsed  Answer // is the group context used by anything at all
	CtxVar   *Var   // that variable, if it is a plain local one
	CtxAt    Span   // its name in the assignment that made the group
	CtxDrop  Span   // the blank identifier that threw the context away, if any
	Defines  bool   // the assignment that made it is a :=
	Var      *Var   // the variable that holds the group, if it is a plain local one
	Parent   []*Ctx // what the group context was derived from
	// Handed: somebody outside the spawner and its tasks can wait for it (it
	// is returned, stored, passed on).
	Handed Answer
	Limit  bool // SetLimit is called
	// Told: it was given a function that is called with every error.
	Told   bool
	Shared bool // passed to a function that is not followed: it may start tasks

	// Escapes is as that of a channel, and only judged for the groups of a scene.
	Escapes string
}

// An Owner says whose the group is.
type Owner int8

// Owners of groups.
const (
	OwnLocal   Owner = iota // made by the spawner
	OwnParam                // given by the caller
	OwnField                // part of an object that outlives the call
	OwnGlobal               // a package variable
	OwnUnknown              // a result, an element, something not followed
)

// A Task is one goroutine of a fan-out, or all those started at one place.
type Task struct {
	At     Span   // the go statement or Go call
	Text   Span   // all of it, the body of a literal included
	What   string // "function literal", or the name of the function
	InLoop bool   // started any number of times
	Body   *Body  // nil: opaque
	// OneOf are the functions in a list of which each run of the task is another one.
	OneOf []*Body
	Fails Answer // can it return a non-nil error
	// Keeps: it also puts its errors somewhere else (a slot, a channel, a
	// collector), so the group's error is not the only trace of a failure.
	Keeps Answer
	Tells bool // it writes an error to a log, or prints it
	Spawn *Op

	// ReturnsError: the function has an error result. Unknown functions have none.
	ReturnsError bool
	// Holds are the variables that the task has captured or was given, and what the
	// calls made that made what is in them.
	Holds []*Object
	// Answers is the variable with which it answers a request, "" if it has none: a
	// handler is not to use that when it has returned.
	Answers string
}

// An Object is a variable of the spawner, or all that one call has made, as far as
// two mentions of it are known to mean the same.
type Object struct{ ID int }

// A Chan is a channel that the spawner and its tasks share.
type Chan struct {
	Name string
	At   Span
	Cap  string // its number, or as written; "0" if unbuffered, "" if it comes from elsewhere
	Size *Size  // the capacity as a number, nil if it is not known
	// Escapes says why not every operation on it is an Op of the scene; "" if
	// all are. It is only judged for the channels of a scene.
	Escapes string
	// Inside: it is made in the scene.
	Inside bool
	// Held: it is what a variable or field of the scene holds, whichever that is.
	Held  bool
	Fills bool // the runtime sends on it by itself (a timer, a ticker)
	Stops bool // and it does so until the timer or ticker, which is known, is stopped
	Once  bool // once only
	// Later: it does so some time after the operation has begun to wait, by
	// time.After in the operation itself.
	Later bool
	// Zero is what a receive gives once it is closed, nil if that does not matter.
	Zero  *Term
	Token bool // what is sent on it is an empty struct
	Local bool // it is made here, by make
	// OutsideSends, OutsideReceives and OutsideCloses: code that is not part of the
	// scene may do so at any time.
	OutsideSends, OutsideReceives, OutsideCloses bool
	// FromCall: it is the result of a call that is not followed, and that may send
	// on it by itself.
	FromCall bool
}

// A Body is a function as an automaton over its Ops.
type Body struct {
	Name    string
	Literal bool // a function literal, which has no name of its own
	At      Span
	Extent  Span     // all of its source
	Blocks  []*Block // Blocks[0] is the entry
	Ends    Ending   // nothing outlives the function where the process ends with it
	// Loose are function literals made here whose caller is not known.
	Loose []*Body

	paths *pathIndex // computed when a Walk needs it
	spent bool       // see Spent
}

// A Block is a straight line of Ops. With two successors, Cond says when the
// first is taken.
type Block struct {
	Index int
	Ops   []*Op
	Succs []*Block
	Cond  *Cond
	// Loops are the loops of the function that the block is part of.
	Loops []*Loop
	// Heads is the loop that the block decides about, if it is the header of one.
	Heads *Loop
	// Never: nothing leads there, for what all callers give, or a recovered panic only. It
	// has no ops.
	Never bool

	reach   Bits // the indexes of the blocks that can follow, if reached is set
	reached bool
}

// A Loop is a natural loop of a function.
type Loop struct {
	// Count is how often the body runs when nothing leaves it early, nil if
	// that is not known.
	Count *Size
	// CountTrue: the body is entered when the header's condition holds.
	CountTrue bool
}

// A Cond is a condition as far as it can be compared with itself elsewhere.
type Cond struct {
	Key  string // equal keys have equal values, until one of Vars is set
	Vars []*Var
	X, Y *Term // the comparison X == Y that Key stands for, if it is one
	// Part is the field of a variable that is compared with Y, where X is not
	// known. If Implies is set, nothing is compared, and what Key stands for holds
	// only if Part is not nil.
	Part *Term
	// Taken is the case of a select that was chosen when the condition holds:
	// the event happens on the way into the first successor.
	Taken *Op
	// Stable is a key of the condition that is the same, with the same value,
	// in all bodies of a scene; "" if there is none.
	Stable string
	// Left and Right are the numbers compared by Rel, where both are known.
	Left, Right *Size
	Rel         token.Token
	// Filled is the channel whose buffered values are counted and compared, by
	// Rel, with Than.
	Filled *Chan
	Than   int64
	At     token.Pos // the comparison
	// Neg: the first successor is taken when Key is false, StableNeg: when Stable is.
	Neg, StableNeg bool
	Implies        bool // see Part
	// Negated: the first successor is taken when that comparison does not hold.
	Negated bool
	// ByHand: the condition compares a number that a loop around it counts, so
	// which way it goes depends on how many rounds there have been.
	ByHand bool
	// Elsewhere: such a number is counted outside of the loop too, so that there may be no
	// first round.
	Elsewhere bool
	// Atomic: the condition asks for the result of an atomic operation, which
	// other goroutines have a part in.
	Atomic bool
	// State: what the condition asks for depends on what else was done to the object
	// whose life is looked at.
	State bool
	// Fails: the condition asks whether an error is nil.
	Fails bool
}

// A Term is an operand whose value may be known on a path.
type Term struct {
	Var   *Var
	Const string // exact text of a constant, "" if none
	// After: one more than this variable holds, the index of a range, which begins
	// at -1.
	After *Var
	// Gives is the op whose result Index this is.
	Gives *Event
	Index int
	// CtxErr: the error of one of these contexts, nil while they live.
	CtxErr []*Ctx
	// Wraps: an error made from these, not nil if one of them is not.
	Wraps []*Term
	// Field: a field of the value of Var; "" for the value itself.
	Field string
	// Fields: of a message that is a struct or a pointer to one, what is known of
	// its fields.
	Fields []FieldTerm
	Named  Hint // what the constant tells, if it is a word
	NonNil bool
	// Counted: it was just counted up.
	Counted bool
	// Fails: of a message, an error: not nil if a call has failed.
	Fails bool
}

// A FieldTerm is a field of a message.
type FieldTerm struct {
	Name string
	Val  *Term
}

// An Event names the results of one op.
type Event struct {
	ID int
	// Fallible is the function called, if its last result is an error and its body
	// is seen, and last the index of that result.
	Fallible *Body
	Last     int
	judged   bool // whether succeeds is known
	succeeds bool
}

// A Var is a variable, one for all its uses in a fan-out.
type Var struct {
	Name string
	Pos  token.Pos // its declaration
	ID   int
}

// Key identifies the variable in the keys of conditions.
func (v *Var) Key() string { return "v" + strconv.Itoa(v.ID) }

// An OpKind says what an Op does.
type OpKind int8

// The kinds of Ops.
const (
	OpCall OpKind = iota
	OpMakeGroup
	OpSpawn   // Go, TryGo, a go statement
	OpAdd     // WaitGroup.Add
	OpDone    // WaitGroup.Done
	OpWait    // Wait of a group
	OpLimit   // SetLimit
	OpSend    // send
	OpReceive // receive
	OpRange   // one receive of a range loop
	OpClose   // close
	OpSelect  // with Cases
	OpCancel  // call of a CancelFunc
	OpLock
	OpUnlock
	OpAcquire
	OpRelease
	OpSleep
	OpStop   // of a timer or ticker: nothing comes on its channel any more
	OpCtxErr // ctx.Err()
	OpDerive // context.With...: Uses[0] is the parent
	OpSet    // a variable gets a value
	OpStore  // a context is stored in an object: Uses[0]
	OpReturn
	OpPanic
	OpRecover
	OpGoexit
	OpNew  // a channel or a group comes to be
	OpExit // the process ends
)

var opNames = [...]string{"call", "make group", "spawn", "add", "done", "wait", "set limit", "send", "receive", "range",
	"close", "select", "cancel", "lock", "unlock", "acquire", "release", "sleep", "stop", "ctx err", "derive", "set", "store", "return", "panic", "recover", "goexit", "new", "exit"}

func (k OpKind) String() string { return opNames[k] }

// IsSync reports whether ops of the kind work on something that goroutines share.
func (k OpKind) IsSync() bool { return k >= OpSpawn && k <= OpRelease && k != OpCancel }

// Leaves reports whether the function is left there.
func (k OpKind) Leaves() bool {
	return k == OpReturn || k == OpPanic || k == OpGoexit || k == OpExit
}

// An Op is one event that matters.
type Op struct {
	Kind     OpKind
	At       Span
	Text     string // callee or object in the user's words: "client.Get", "out"
	Group    *Group // of group ops
	Task     *Task  // of OpSpawn
	Chan     *Chan
	Cases    []*Op // of OpSelect
	Uses     []*Use
	Ctx      []*Ctx  // OpCancel: what dies; OpCtxErr: of which context; OpCall: whose cancel function it is given
	Into     *Body   // the function called, if its body is seen
	Iterates *Body   // OpCall of a range over a function: how the loop runs
	Lits     []*Body // literals passed to a function that is not seen, or a list of which it is one
	Hands    []*Chan // channels passed to one
	Var      *Var    // OpSet; a case of a select: what holds its channel, or nil, which switches it off
	Val      *Term   // OpSet, OpSend: the value, nil if not known
	SetCtx   []*Ctx  // OpSet of a context variable
	Errs     []*Err  // OpReturn: what the returned error may be
	ErrVar   *Var    // OpReturn: the variable the error is read from, if it is a plain one
	Value    Span    // OpReturn: the last result as written
	Noted    string  // OpReturn of a Holder: the comment beside or above it
	Rets     []*Term // OpReturn: the results, nil where nothing is known
	Gives    *Event  // stands for the results of the op in Terms
	Made     *Ctx    // OpDerive: the context that comes to be
	N        *Size   // OpAdd, OpLimit, OpAcquire, OpRelease: how many, nil if not known
	Lock     *Lock   // OpLock, OpUnlock
	Sem      *Sem    // OpAcquire, OpRelease, OpCall of TryAcquire
	// Ends are what an OpCall of a method named like a clean-up brings to an end: the
	// variable that it is called on, and what the call made that made its object.
	Ends []*Object
	// On is what an OpCall of a method that is not seen is called on, nil if that is not certain.
	On *Object

	// Deferred ops are registered here and happen when the function returns.
	Deferred bool
	Try      bool   // TryGo
	Once     bool   // a call of sync.Once.Do: Into runs if no other call of the object has
	Result   Result // of OpWait, OpAcquire, TryGo, and an OpCall of a method whose object holds a group: what becomes of the result
	// OnlyAsked: OpWait: its error is compared with nil, and nothing else is done with it.
	OnlyAsked bool
	Default   bool // the select has a default
	Cause     bool // OpCancel: the context is given an error as the cause of its end
	EndsTest  bool // OpGoexit: a test ends by it, failed or skipped
	Quits     bool // OpCall: it can end the goroutine, as a failed assertion does
	Failed    bool // OpCall: it asks a test whether it has failed
	Given     bool // OpCall of a function value that comes from outside
	Opaque    bool // OpCall of code that is not seen and can fail
	Single    bool // OpReturn: one result only
	Round     bool // OpReturn: only a round of a range over a function ends
	Read      bool // OpLock, OpUnlock: for reading
	Repeats   bool // OpNew, OpDerive: it can happen more than once in a scene
	Brief     bool // OpCall: what is called returns at once
	Named     Hint // OpCall, OpLock of a condition: what its name tells
}

// A Result says what becomes of a call's result.
type Result int8

// Fates of results.
const (
	Used Result = iota
	Dropped
	Blank      // assigned to _
	BlankNoted // assigned to _ beside a comment
	Unread     // assigned to a variable that is not read afterwards
)

// A Use is a context put to use.
type Use struct {
	Kind   UseKind
	At     Span
	Text   string // the expression
	Callee string
	Ctx    []*Ctx
	Var    *Var // the variable the context was read from, nil if none
	// Cancels: the callee's work depends on the context's life.
	Cancels Answer
	// Cleanup: on a path taken after a failure, or when the function ends.
	Cleanup bool
	// Drains: the callee is given a channel to receive from too; it ends when
	// the sender closes it.
	Drains bool
	Plain  bool // the expression is a plain variable
	// Value: only a value is added to it. Request: the callee makes a request that carries it.
	Value, Request bool
}

// IsVariable reports whether the context was given as a plain variable.
func (u *Use) IsVariable() bool { return u.Plain }

// A UseKind says how a context is used.
type UseKind int8

// The kinds of uses.
const (
	UseCall   UseKind = iota // passed to a function
	UseDone                  // its end is waited for
	UseErr                   // asked whether it has ended
	UseDerive                // a context is derived from it
	UseGroup                 // a group context is derived from it
	UseReturn                // returned
	UseStore                 // stored in an object
	UseCause                 // asked why it has ended
	UseAfter                 // a function is to run at its end
)

// An Err is one thing that a returned error may be.
type Err struct {
	Kind ErrKind
	At   token.Pos
	Ctx  []*Ctx // ErrCtx: the context whose end it reports
	Text string // the call that gave it
	// CtxText is that context as written at the call.
	CtxText string
	Named   Hint // what the name of that call tells
	// Direct: the call is part of the return statement.
	Direct bool
}

// An ErrKind says where an error comes from.
type ErrKind int8

// The kinds of errors.
const (
	ErrUnknown ErrKind = iota
	ErrNil
	ErrCtx  // the error of a context, or of a call that fails because it ended
	ErrWait // the group's
	ErrCall // of a call that may fail for reasons of its own
)
