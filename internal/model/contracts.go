package model

import (
	"slices"
	"strings"
)

// The groups that are known, and what each of them promises.
//
// errgroup.Group and sync.WaitGroup are two of many types that start tasks and
// wait for them. They look alike and differ in what matters here: whether a
// failing task stops the others, what Wait gives back, whether starting a task
// can block. A method called Go or Wait says nothing about that, and copies of
// errgroup under other import paths have other contracts, so a group is known
// by the package that declares its type and the type's name, never by its
// methods. Each row was checked against the source of the version that it names.
//
// What makes a group follows from the signatures of its package: a function or
// method of the package that returns the type makes one, or a configured copy
// of its receiver; a context among its results is the group's.

// A Contract is what a type of group promises to those who use it.
type Contract struct {
	Kind    GroupKind
	Path    string // import path of the package that declares the type
	Type    string // the type's name
	Version string // of the module that was read
	Cancels CancelRule
	Gives   Gives
	// Blocks says when starting a task blocks, "" if it never does.
	Blocks string
	// Reuse: more tasks may be started after Wait.
	Reuse bool
	// Panics says what becomes of the panic of a task.
	Panics string
	// TaskCtx: the first parameter of a task is the group's context.
	TaskCtx bool
	// CtxMethod is the method that returns the group's context, "" if none does.
	CtxMethod string
	// DoneChan is the method that returns a channel which tells when the tasks have
	// ended; "" if there is none. What is done with the channel is not followed.
	DoneChan string
	// Outlives: Wait leaves the group's context alive when no task has failed.
	Outlives bool
	// Asks is the method after which a failing task cancels the group's context
	// of a group with the rule CancelIfAsked.
	Asks string
	// Hook is the method that takes a function to be called with every error;
	// functions that make the group take one too.
	Hook string
	// LosesExit: a task that ends with runtime.Goexit is never counted as done.
	LosesExit bool
	// Late: tasks do not start when they are given to the group but at Wait, or
	// may never start. Such a group is not played.
	Late bool
	// Wraps: it is a type of another package that wraps a group: what a failing task
	// does to the others is then not known.
	Wraps bool
	// Task is the argument of a function that gathers by itself (see known.Gatherer).
	Task int
	// Workers is the argument that says how many tasks run at a time, 0 if none does.
	Workers int
	ByName  map[string]GroupMethod
}

// A GroupMethod is what a method of a group does.
type GroupMethod struct {
	Does OpKind // OpSpawn, OpWait, OpLimit, OpAdd, OpDone
	Arg  int    // OpSpawn: which argument is the task
	Try  bool   // OpSpawn: it may refuse, and returns false then
}

// A CancelRule says when a group tells its other tasks to end.
type CancelRule int8

// The rules.
const (
	CancelNever       CancelRule = iota
	CancelWithContext            // at the first error, if the group was made together with a context
	CancelIfAsked                // at the first error, if a method asked for it
	CancelOnError                // at the first error
	CancelOnReturn               // when the first task returns, also without an error
)

func (r CancelRule) String() string {
	return [...]string{
		"never", "at the first error, if it was made with a context", "at the first error, if asked to",
		"at the first error", "when the first task returns, also without an error",
	}[r]
}

// Gives says what Wait returns.
type Gives int8

// What Wait returns.
const (
	GivesNothing Gives = iota
	GivesFirst         // the first error in time
	GivesAll           // all errors, joined
	GivesPointer       // all errors, as a pointer of a type of its own: never nil as an error
	GivesValues        // what the tasks returned
)

func (g Gives) String() string {
	return [...]string{"nothing", "the first error", "all errors", "all errors, as a `*Error`", "the values of the tasks"}[g]
}

// Name is the type as its users write it: "errgroup.Group".
func (c *Contract) Name() string {
	path := c.Path
	if i := strings.LastIndexByte(path, '/'); i >= 0 && majorVersion(path[i+1:]) {
		path = path[:i]
	}
	name := path[strings.LastIndexByte(path, '/')+1:]
	name, _, _ = strings.Cut(strings.TrimPrefix(name, "go-"), ".v")
	return name + "." + c.Type
}

func majorVersion(s string) bool {
	return len(s) > 1 && s[0] == 'v' && strings.Trim(s[1:], "0123456789") == ""
}

// Methods lists the methods that do what kind says, sorted.
func (c *Contract) Methods(kind OpKind) []string {
	var out []string
	for name, m := range c.ByName {
		if m.Does == kind {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// Errors reports whether the error of a task reaches whoever waits.
func (c *Contract) Errors() bool {
	return c != nil && (c.Gives == GivesFirst || c.Gives == GivesAll || c.Gives == GivesPointer)
}

// Errors reports whether the error of a task reaches whoever waits.
func (g *Group) Errors() bool { return g.Contract.Errors() }

// Counts reports whether the tasks count themselves out of the group.
func (g *Group) Counts() bool {
	return g.Contract != nil && len(g.Contract.Methods(OpDone)) > 0
}

// EndsCtx reports whether Wait ends the group's context, also when every task
// has succeeded.
func (g *Group) EndsCtx() bool {
	return g.HasCtx && (g.Contract == nil || !g.Contract.Outlives)
}

// LosesExit reports whether Wait never returns when a task ends with
// runtime.Goexit.
func (g *Group) LosesExit() bool { return g.Contract != nil && g.Contract.LosesExit }

// Join is the call that waits for the group's tasks, in the author's words: "g.Wait".
func (g *Group) Join() string {
	if g.Contract == nil {
		return g.Name + ".Wait"
	}
	waits := g.Contract.Methods(OpWait)
	if len(waits) == 0 {
		return g.Name // a function that gathers by itself
	}
	return g.Name + "." + waits[0]
}

// A GroupKind says what counts the tasks.
type GroupKind int8

// The kinds of groups.
const (
	Bare      GroupKind = iota // go statements joined by channels, or not at all
	ErrGroup                   // golang.org/x/sync/errgroup.Group
	WaitGroup                  // sync.WaitGroup
	LookAlike                  // another type of the table of groups
)

func (k GroupKind) String() string {
	return [...]string{"bare goroutines", "errgroup.Group", "sync.WaitGroup", "look-alike"}[k]
}
