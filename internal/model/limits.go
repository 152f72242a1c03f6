package model

// The limits of the floors that build the model and answer for it, in one table. They
// are counted in steps and never in time, so that results are the same on every
// machine. Each bounds what one question may cost where code is large or strange; a
// limit that is spent is an answer that is not known, and what keeps checks silent
// then is said beside each. Those of a play stand in packages program and schedule.

// MaxInstrs bounds the instructions that one root function may draw into its
// model. Beyond it further callees are not looked into.
// Spent: calls beyond it are ops without a body, and explain says so of the scene.
const MaxInstrs = 30000

// PackageModels, PackageSummaries and PackageLives are how many instructions the models of
// a package, its summaries and the lives of its objects may take together, the former two
// beyond one copy of each function. A function called at many places is copied for each.
// Spent: the largest follow their calls less deep, as MaxDepth; the largest lives are left out.
const (
	PackageModels    = 200_000
	PackageSummaries = 100_000
	PackageLives     = 200_000
)

// MaxTail is how many calls deep losses are looked for in what a task calls.
// Spent: what is called deeper is taken to keep its errors.
const MaxTail = 2

// MaxNilSteps bounds what is looked at to know which error variables of a function are
// nil, in branches taken.
// Spent: every branch is possible.
const MaxNilSteps = 4000

// MaxWraps is how many wrappers deep an error is followed.
// Spent: the error is one of which nothing is known.
const MaxWraps = 4

// MaxEscapeSteps bounds one question, in values followed.
// Spent: the object leaks, as "used by too much code".
const MaxEscapeSteps = 5000

// MaxPath bounds the steps between a value and the object. Only a literal or
// struct that holds itself, or a list, gets there.
const MaxPath = 10

// MaxDepth is how many calls deep the model follows functions of the package.
// Deeper, bodies are copied for calls whose arguments hardly ever matter to the
// root. Spent: the call is an op without a body. A root that draws no more than SmallRoot
// instructions into its model then is followed MoreDepth calls deeper.
const MaxDepth, MoreDepth, SmallRoot = 4, 3, 500

// MaxSetterSteps bounds one query that looks for what others store in a field of an
// object, in values visited.
// Spent: what the field holds is not known.
const MaxSetterSteps = 400

// MaxSources bounds the sources of one value.
// Spent: the value is one that is not followed.
const MaxSources = 8

// MaxResolveSteps bounds one query, in values visited.
// Spent: the value is one that is not followed.
const MaxResolveSteps = 2000

// maxStates is the budget of one Walk, in visits of blocks.
// Spent: there is no path.
const maxStates = 4000

// MaxVisits is the budget of all that is asked of the order of the accesses of one
// function and its tasks, in visits of blocks.
// Spent: what was not answered yet is no race, and explain says so.
const MaxVisits = 800_000

// MaxConst bounds the constants of a size, so that sums cannot overflow.
// Beyond it the number has no size.
const MaxConst = 1 << 40

// MaxDivisor is the largest number by which a size is divided: loops that go by
// larger steps are not counted, and in the small nothing is left of the quotient.
// Beyond it the number has no size.
const MaxDivisor = 3

// MaxSizeDepth bounds how far one size is looked into.
// Spent: the number has no size.
const MaxSizeDepth = 40

// MaxParams bounds the size of a fact; functions with more parameters have none.
const MaxParams = 16

// MaxSummaryInstrs bounds the code that one Summary is computed from. A summary is
// computed for every function that importers may ask about, a model only for those that
// gather. Spent: as MaxInstrs.
const MaxSummaryInstrs = 3000

// MaxClients bounds the ways in which the objects of one type are used, and again those
// of clients that go on. Spent: the others are not played.
const MaxClients = 8

// MaxLockPath bounds the fields that lead from what a function is given to a lock.
// Beyond it the function is not looked at for locks taken twice.
const MaxLockPath = 3

// MaxCallers bounds the calls of one function whose arguments are held against its branches.
// Beyond it, nothing is known of what it is given.
const MaxCallers = 32

// MaxGuards bounds the branches before a call or access that are asked whether it is come
// to. Spent: it may be.
const MaxGuards = 64

// MaxOperands bounds how deep a condition is searched for variables that tasks set: a
// comparison, kept in a variable, of a number counted just before. Beyond it, it is taken
// for one that only its own goroutine decides.
const MaxOperands = 5
