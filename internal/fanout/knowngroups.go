package fanout

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

// contracts is keyed by import path and type.
var contracts = byType(
	&Contract{
		Kind: ErrGroup, Path: errgroupPath, Type: "Group", Version: "golang.org/x/sync v0.24.0",
		Cancels: CancelWithContext, Gives: GivesFirst, Blocks: "at the limit of `SetLimit`", Panics: panicEnds,
		methods: map[string]groupMethod{
			"Go": {does: OpSpawn}, "TryGo": {does: OpSpawn, try: true}, "Wait": {does: OpWait}, "SetLimit": {does: OpLimit},
		},
	},
	&Contract{
		Kind: WaitGroup, Path: "sync", Type: "WaitGroup", Version: "go1.26",
		Gives: GivesNothing, Reuse: true, Panics: panicEnds,
		methods: map[string]groupMethod{
			"Go": {does: OpSpawn}, "Add": {does: OpAdd}, "Done": {does: OpDone}, "Wait": {does: OpWait},
		},
	},

	&Contract{
		Kind: LookAlike, Path: "github.com/sourcegraph/conc", Type: "WaitGroup", Version: conc030,
		Gives: GivesNothing, Reuse: true, Panics: panicWaits,
		methods: map[string]groupMethod{"Go": {does: OpSpawn}, "Wait": {does: OpWait}, "WaitAndRecover": {does: OpWait}},
	},
	&Contract{
		Kind: LookAlike, Path: concPool, Type: "Pool", Version: conc030,
		Gives: GivesNothing, Blocks: "at `WithMaxGoroutines`", Panics: panicWaits,
		methods: goAndWait(),
	},
	&Contract{
		Kind: LookAlike, Path: concPool, Type: "ErrorPool", Version: conc030,
		Gives: GivesAll, Blocks: "at `WithMaxGoroutines`", Panics: panicWaits,
		methods: goAndWait(),
	},
	&Contract{ // ContextPool.Go calls cancel only where cancelOnError is set
		Kind: LookAlike, Path: concPool, Type: "ContextPool", Version: conc030,
		Cancels: CancelIfAsked, Gives: GivesAll, Blocks: "at `WithMaxGoroutines`", Panics: panicWaits,
		TaskCtx: true, asks: "WithCancelOnError", methods: goAndWait(),
	},
	&Contract{
		Kind: LookAlike, Path: concPool, Type: "ResultPool", Version: conc030,
		Gives: GivesValues, Blocks: "at `WithMaxGoroutines`", Panics: panicWaits,
		methods: goAndWait(),
	},
	&Contract{
		Kind: LookAlike, Path: concPool, Type: "ResultErrorPool", Version: conc030,
		Gives: GivesAll, Blocks: "at `WithMaxGoroutines`", Panics: panicWaits,
		methods: goAndWait(),
	},
	&Contract{
		Kind: LookAlike, Path: concPool, Type: "ResultContextPool", Version: conc030,
		Cancels: CancelIfAsked, Gives: GivesAll, Blocks: "at `WithMaxGoroutines`", Panics: panicWaits,
		TaskCtx: true, asks: "WithCancelOnError", methods: goAndWait(),
	},
	&Contract{ // the callbacks that tasks return run one after the other
		Kind: LookAlike, Path: "github.com/sourcegraph/conc/stream", Type: "Stream", Version: conc030,
		Gives: GivesNothing, Blocks: "at the third task, or at `WithMaxGoroutines`", Panics: panicWaits,
		losesExit: true, late: true, methods: goAndWait(),
	},

	&Contract{
		Kind: LookAlike, Path: "github.com/hashicorp/go-multierror", Type: "Group", Version: "github.com/hashicorp/go-multierror v1.1.1",
		Gives: GivesPointer, Panics: panicEnds,
		methods: goAndWait(),
	},
	&Contract{ // Group.Run starts the actors and, at the first return, calls every interrupt
		Kind: LookAlike, Path: "github.com/oklog/run", Type: "Group", Version: "github.com/oklog/run v1.2.0",
		Cancels: CancelOnReturn, Gives: GivesFirst, Panics: panicEnds, Reuse: true,
		losesExit: true, late: true, methods: map[string]groupMethod{"Add": {does: OpSpawn}, "Run": {does: OpWait}},
	},
	&Contract{ // Tomb.run kills the tomb with the error of the task
		Kind: LookAlike, Path: "gopkg.in/tomb.v2", Type: "Tomb", Version: "gopkg.in/tomb.v2 v2.0.0-20161208151619-d5d1b5820637",
		Cancels: CancelOnError, Gives: GivesFirst, Panics: panicEnds,
		ctxMethod: "Context", joins: "Dead", losesExit: true, late: true, methods: goAndWait(),
	},
	&Contract{ // Group.Go: a task that gets no place before the context ends is dropped
		Kind: LookAlike, Path: "github.com/fatih/semgroup", Type: "Group", Version: "github.com/fatih/semgroup v1.2.0",
		Gives: GivesAll, Blocks: "at the number of workers, until the context ends", Panics: panicEnds,
		methods: goAndWait(),
	},
	&Contract{ // Group.Go queues the task for one of as many workers as there are CPUs
		Kind: LookAlike, Path: "github.com/neilotoole/errgroup", Type: "Group", Version: "github.com/neilotoole/errgroup at 4c23cf5 of 2023-01-10",
		Cancels: CancelWithContext, Gives: GivesFirst, Blocks: "when the queue is full", Panics: panicEnds,
		late: true, methods: goAndWait(),
	},
	&Contract{
		Kind: LookAlike, Path: "github.com/creachadair/taskgroup", Type: "Group", Version: "github.com/creachadair/taskgroup v0.14.5", hook: "OnError",
		Gives: GivesFirst, Reuse: true, Panics: panicEnds,
		methods: map[string]groupMethod{"Go": {does: OpSpawn}, "Run": {does: OpSpawn}, "Wait": {does: OpWait}},
	},
	&Contract{ // a task that has not started when the context ends is not run
		Kind: LookAlike, Path: "github.com/alitto/pond/v2", Type: "TaskGroup", Version: pond271,
		Cancels: CancelOnError, Gives: GivesFirst, Reuse: true, Blocks: "when the queue of the pool is full", Panics: "becomes the error of the task",
		ctxMethod: "Context", joins: "Done", outlives: true, losesExit: true, late: true, methods: submitAndWait(),
	},
	&Contract{
		Kind: LookAlike, Path: "github.com/alitto/pond/v2", Type: "ResultTaskGroup", Version: pond271,
		Cancels: CancelOnError, Gives: GivesFirst, Reuse: true, Blocks: "when the queue of the pool is full", Panics: "becomes the error of the task",
		joins: "Done", losesExit: true, late: true, methods: submitAndWait(),
	},
	&Contract{
		Kind: LookAlike, Path: "tailscale.com/syncs", Type: "WaitGroupChan", Version: "tailscale.com v1.104.5",
		Gives: GivesNothing, Panics: panicEnds, joins: "DoneChan",
		methods: map[string]groupMethod{"Add": {does: OpAdd}, "Decr": {does: OpDone}, "Wait": {does: OpWait}},
	},
	&Contract{
		Kind: LookAlike, Path: "k8s.io/apimachinery/pkg/util/wait", Type: "Group", Version: "k8s.io/apimachinery v0.37.2",
		Gives: GivesNothing, Reuse: true, Panics: panicEnds,
		methods: map[string]groupMethod{
			"Start": {does: OpSpawn}, "StartWithChannel": {does: OpSpawn, fn: 1}, "StartWithContext": {does: OpSpawn, fn: 1}, "Wait": {does: OpWait},
		},
	},
)

// knownGroup is the contract of the type of this name in the table, nil if it has none.
func knownGroup(name string) *Contract { return contracts[name] }

// gathering is likewise that of the function of this name.
func gathering(name string) *Contract { return gatherings[name] }

// goAndWait is what the methods of most groups are called.
func goAndWait() map[string]groupMethod {
	return map[string]groupMethod{"Go": {does: OpSpawn}, "Wait": {does: OpWait}}
}

func submitAndWait() map[string]groupMethod {
	return map[string]groupMethod{"Submit": {does: OpSpawn}, "SubmitErr": {does: OpSpawn}, "Wait": {does: OpWait}}
}

func byType(rows ...*Contract) map[string]*Contract {
	out := make(map[string]*Contract, len(rows))
	for _, c := range rows {
		out[c.Path+"."+c.Type] = c
	}
	return out
}

// gatherings are functions that start tasks and wait for them themselves, keyed
// by their names. Argument task of the call is run any number of times.
var gatherings = byType(
	&Contract{ // pieces that are left when the context ends are not handed out
		Kind: LookAlike, Path: "k8s.io/client-go/util/workqueue", Type: "ParallelizeUntil", Version: "k8s.io/client-go v0.37.2",
		Gives: GivesNothing, Panics: panicEnds, late: true, task: 3, workers: 1,
	},
	&Contract{
		Kind: LookAlike, Path: concIter, Type: "ForEach", Version: conc030,
		Gives: GivesNothing, Panics: "the call panics with it", late: true, task: 1,
	},
	&Contract{
		Kind: LookAlike, Path: concIter, Type: "ForEachIdx", Version: conc030,
		Gives: GivesNothing, Panics: "the call panics with it", late: true, task: 1,
	},
	&Contract{
		Kind: LookAlike, Path: concIter, Type: "Map", Version: conc030,
		Gives: GivesValues, Panics: "the call panics with it", late: true, task: 1,
	},
	&Contract{
		Kind: LookAlike, Path: concIter, Type: "MapErr", Version: conc030,
		Gives: GivesAll, Panics: "the call panics with it", late: true, task: 1,
	},
)
