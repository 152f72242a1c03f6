package schedule

import (
	"github.com/gatherlint/gatherlint/internal/model"
)

const (
	// maxStates is how many states one run visits.
	maxStates = 4000
	// maxEffort bounds what one run does between the states and keeps of them: a
	// program can go round for long, or start many processes, without coming to
	// 4,000 states. See effort.
	maxEffort = 1_000_000
	// maxAgain is what one scene may cost beyond that, to find the other returns by which it
	// comes to the same. Spent: those that were not found are not named in the finding.
	maxAgain = maxEffort
	// packageEffort is what the scenes of a package may cost together.
	packageEffort = 3_000_000
)

// A Budget is what the scenes of one package may cost together. It is counted in
// what is done and kept, not in time, so the results are the same everywhere. A
// scene that has begun is played to its end, or to its own limits: what is found
// in it does not depend on the others.
type Budget struct{ left int }

// NewBudget is the budget of a package.
func NewBudget() *Budget { return &Budget{left: packageEffort} }

// PlayWithin plays a scene as Play does, not thoroughly, if the budget is not spent.
func (b *Budget) PlayWithin(s *model.Scene) *Result {
	if b.left <= 0 {
		res := &Result{Scene: s, Skipped: true}
		res.unknown("the smaller functions of the package have spent its budget")
		return res
	}
	res := Play(s, false)
	b.left -= res.effort
	return res
}

// effortOf is what a state counts for.
func (r *run) effortOf(s *state) int {
	const ofProc = 4
	return ofProc*len(s.procs) + r.size(s)
}

// size is how many objects the program has, and has made.
func (r *run) size(s *state) int { return len(r.World.Objects) + len(s.slots) - r.static }
