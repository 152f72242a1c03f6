package known

import "github.com/gatherlint/gatherlint/internal/model"

// The rows of the table of groups. Where a fact is not obvious from the
// library's documentation, the function that shows it is named.

const (
	concIter = "github.com/sourcegraph/conc/iter"
	concPool = "github.com/sourcegraph/conc/pool"
	conc030  = "github.com/sourcegraph/conc v0.3.0"
	pond271  = "github.com/alitto/pond/v2 v2.7.1"
)

const (
	panicEnds  = "ends the process"
	panicWaits = "`Wait` panics with it"
)

// groups is keyed by import path and type.
var groups = ByType(
	&model.Contract{
		Kind: model.ErrGroup, Path: errgroupPath, Type: "Group", Version: "golang.org/x/sync v0.24.0",
		Cancels: model.CancelWithContext, Gives: model.GivesFirst, Blocks: "at the limit of `SetLimit`", Panics: panicEnds,
		ByName: map[string]model.GroupMethod{
			"Go": {Does: model.OpSpawn}, "TryGo": {Does: model.OpSpawn, Try: true}, "Wait": {Does: model.OpWait}, "SetLimit": {Does: model.OpLimit},
		},
	},
	&model.Contract{
		Kind: model.WaitGroup, Path: "sync", Type: "WaitGroup", Version: "go1.26",
		Gives: model.GivesNothing, Reuse: true, Panics: panicEnds,
		ByName: map[string]model.GroupMethod{
			"Go": {Does: model.OpSpawn}, "Add": {Does: model.OpAdd}, "Done": {Does: model.OpDone}, "Wait": {Does: model.OpWait},
		},
	},

	&model.Contract{
		Kind: model.LookAlike, Path: "github.com/sourcegraph/conc", Type: "WaitGroup", Version: conc030,
		Gives: model.GivesNothing, Reuse: true, Panics: panicWaits,
		ByName: map[string]model.GroupMethod{"Go": {Does: model.OpSpawn}, "Wait": {Does: model.OpWait}, "WaitAndRecover": {Does: model.OpWait}},
	},
	&model.Contract{
		Kind: model.LookAlike, Path: concPool, Type: "Pool", Version: conc030,
		Gives: model.GivesNothing, Blocks: "at `WithMaxGoroutines`", Panics: panicWaits,
		ByName: goAndWait(),
	},
	&model.Contract{
		Kind: model.LookAlike, Path: concPool, Type: "ErrorPool", Version: conc030,
		Gives: model.GivesAll, Blocks: "at `WithMaxGoroutines`", Panics: panicWaits,
		ByName: goAndWait(),
	},
	&model.Contract{ // ContextPool.Go calls cancel only where cancelOnError is set
		Kind: model.LookAlike, Path: concPool, Type: "ContextPool", Version: conc030,
		Cancels: model.CancelIfAsked, Gives: model.GivesAll, Blocks: "at `WithMaxGoroutines`", Panics: panicWaits,
		TaskCtx: true, Asks: "WithCancelOnError", ByName: goAndWait(),
	},
	&model.Contract{
		Kind: model.LookAlike, Path: concPool, Type: "ResultPool", Version: conc030,
		Gives: model.GivesValues, Blocks: "at `WithMaxGoroutines`", Panics: panicWaits,
		ByName: goAndWait(),
	},
	&model.Contract{
		Kind: model.LookAlike, Path: concPool, Type: "ResultErrorPool", Version: conc030,
		Gives: model.GivesAll, Blocks: "at `WithMaxGoroutines`", Panics: panicWaits,
		ByName: goAndWait(),
	},
	&model.Contract{
		Kind: model.LookAlike, Path: concPool, Type: "ResultContextPool", Version: conc030,
		Cancels: model.CancelIfAsked, Gives: model.GivesAll, Blocks: "at `WithMaxGoroutines`", Panics: panicWaits,
		TaskCtx: true, Asks: "WithCancelOnError", ByName: goAndWait(),
	},
	&model.Contract{ // the callbacks that tasks return run one after the other
		Kind: model.LookAlike, Path: "github.com/sourcegraph/conc/stream", Type: "Stream", Version: conc030,
		Gives: model.GivesNothing, Blocks: "at the third task, or at `WithMaxGoroutines`", Panics: panicWaits,
		LosesExit: true, Late: true, ByName: goAndWait(),
	},

	&model.Contract{
		Kind: model.LookAlike, Path: "github.com/hashicorp/go-multierror", Type: "Group", Version: "github.com/hashicorp/go-multierror v1.1.1",
		Gives: model.GivesPointer, Panics: panicEnds,
		ByName: goAndWait(),
	},
	&model.Contract{ // Group.Run starts the actors and, at the first return, calls every interrupt
		Kind: model.LookAlike, Path: "github.com/oklog/run", Type: "Group", Version: "github.com/oklog/run v1.2.0",
		Cancels: model.CancelOnReturn, Gives: model.GivesFirst, Panics: panicEnds, Reuse: true,
		LosesExit: true, Late: true, ByName: map[string]model.GroupMethod{"Add": {Does: model.OpSpawn}, "Run": {Does: model.OpWait}},
	},
	&model.Contract{ // Tomb.run kills the tomb with the error of the task
		Kind: model.LookAlike, Path: "gopkg.in/tomb.v2", Type: "Tomb", Version: "gopkg.in/tomb.v2 v2.0.0-20161208151619-d5d1b5820637",
		Cancels: model.CancelOnError, Gives: model.GivesFirst, Panics: panicEnds,
		CtxMethod: "Context", DoneChan: "Dead", LosesExit: true, Late: true, ByName: goAndWait(),
	},
	&model.Contract{ // Group.Go: a task that gets no place before the context ends is dropped
		Kind: model.LookAlike, Path: "github.com/fatih/semgroup", Type: "Group", Version: "github.com/fatih/semgroup v1.2.0",
		Gives: model.GivesAll, Blocks: "at the number of workers, until the context ends", Panics: panicEnds,
		ByName: goAndWait(),
	},
	&model.Contract{ // Group.Go queues the task for one of as many workers as there are CPUs
		Kind: model.LookAlike, Path: "github.com/neilotoole/errgroup", Type: "Group", Version: "github.com/neilotoole/errgroup at 4c23cf5 of 2023-01-10",
		Cancels: model.CancelWithContext, Gives: model.GivesFirst, Blocks: "when the queue is full", Panics: panicEnds,
		Late: true, ByName: goAndWait(),
	},
	&model.Contract{
		Kind: model.LookAlike, Path: "github.com/creachadair/taskgroup", Type: "Group", Version: "github.com/creachadair/taskgroup v0.14.5", Hook: "OnError",
		Gives: model.GivesFirst, Reuse: true, Panics: panicEnds,
		ByName: map[string]model.GroupMethod{"Go": {Does: model.OpSpawn}, "Run": {Does: model.OpSpawn}, "Wait": {Does: model.OpWait}},
	},
	&model.Contract{ // a task that has not started when the context ends is not run
		Kind: model.LookAlike, Path: "github.com/alitto/pond/v2", Type: "TaskGroup", Version: pond271,
		Cancels: model.CancelOnError, Gives: model.GivesFirst, Reuse: true, Blocks: "when the queue of the pool is full", Panics: "becomes the error of the task",
		CtxMethod: "Context", DoneChan: "Done", Outlives: true, LosesExit: true, Late: true, ByName: submitAndWait(),
	},
	&model.Contract{
		Kind: model.LookAlike, Path: "github.com/alitto/pond/v2", Type: "ResultTaskGroup", Version: pond271,
		Cancels: model.CancelOnError, Gives: model.GivesFirst, Reuse: true, Blocks: "when the queue of the pool is full", Panics: "becomes the error of the task",
		DoneChan: "Done", LosesExit: true, Late: true, ByName: submitAndWait(),
	},
	&model.Contract{
		Kind: model.LookAlike, Path: "tailscale.com/syncs", Type: "WaitGroupChan", Version: "tailscale.com v1.104.5",
		Gives: model.GivesNothing, Panics: panicEnds, DoneChan: "DoneChan",
		ByName: map[string]model.GroupMethod{"Add": {Does: model.OpAdd}, "Decr": {Does: model.OpDone}, "Wait": {Does: model.OpWait}},
	},
	&model.Contract{
		Kind: model.LookAlike, Path: "k8s.io/apimachinery/pkg/util/wait", Type: "Group", Version: "k8s.io/apimachinery v0.37.2",
		Gives: model.GivesNothing, Reuse: true, Panics: panicEnds,
		ByName: map[string]model.GroupMethod{
			"Start": {Does: model.OpSpawn}, "StartWithChannel": {Does: model.OpSpawn, Arg: 1}, "StartWithContext": {Does: model.OpSpawn, Arg: 1}, "Wait": {Does: model.OpWait},
		},
	},
)

// Group is the contract of the type of this name in the table, nil if it has none.
func Group(name string) *model.Contract { return groups[name] }

// Gatherer is likewise that of the function of this name.
func Gatherer(name string) *model.Contract { return gatherers[name] }

// goAndWait is what the methods of most groups are called.
func goAndWait() map[string]model.GroupMethod {
	return map[string]model.GroupMethod{"Go": {Does: model.OpSpawn}, "Wait": {Does: model.OpWait}}
}

func submitAndWait() map[string]model.GroupMethod {
	return map[string]model.GroupMethod{"Submit": {Does: model.OpSpawn}, "SubmitErr": {Does: model.OpSpawn}, "Wait": {Does: model.OpWait}}
}

// ByType keys contracts by import path and type.
func ByType(rows ...*model.Contract) map[string]*model.Contract {
	out := make(map[string]*model.Contract, len(rows))
	for _, c := range rows {
		out[c.Path+"."+c.Type] = c
	}
	return out
}

// gatherers are functions that start tasks and wait for them themselves, keyed
// by their names. Argument task of the call is run any number of times.
var gatherers = ByType(
	&model.Contract{ // pieces that are left when the context ends are not handed out
		Kind: model.LookAlike, Path: "k8s.io/client-go/util/workqueue", Type: "ParallelizeUntil", Version: "k8s.io/client-go v0.37.2",
		Gives: model.GivesNothing, Panics: panicEnds, Late: true, Task: 3, Workers: 1,
	},
	&model.Contract{
		Kind: model.LookAlike, Path: concIter, Type: "ForEach", Version: conc030,
		Gives: model.GivesNothing, Panics: "the call panics with it", Late: true, Task: 1,
	},
	&model.Contract{
		Kind: model.LookAlike, Path: concIter, Type: "ForEachIdx", Version: conc030,
		Gives: model.GivesNothing, Panics: "the call panics with it", Late: true, Task: 1,
	},
	&model.Contract{
		Kind: model.LookAlike, Path: concIter, Type: "Map", Version: conc030,
		Gives: model.GivesValues, Panics: "the call panics with it", Late: true, Task: 1,
	},
	&model.Contract{
		Kind: model.LookAlike, Path: concIter, Type: "MapErr", Version: conc030,
		Gives: model.GivesAll, Panics: "the call panics with it", Late: true, Task: 1,
	},
)
