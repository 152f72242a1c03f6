package schedule

import (
	"cmp"
	"slices"

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

// PlayAll plays the scenes of one package, not thoroughly, the smallest first, until the budget
// of the package is spent. That is counted in what is done and kept, not in time, so the
// results are the same everywhere. A scene that has begun is played to its end, or to its own
// limits: what is found in it depends on the others only in that they may have told it.
func PlayAll(scenes []*model.Scene) map[*model.Scene]*Result {
	byRank := func(a, b *model.Scene) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Ops, b.Ops)) }
	left, told := packageEffort, map[model.Span]bool{}
	played := map[*model.Scene]*Result{}
	for _, s := range slices.SortedStableFunc(slices.Values(scenes), byRank) {
		res := &Result{Scene: s, Skipped: left <= 0}
		if res.Skipped {
			res.unknown("the smaller functions of the package have spent its budget")
		} else {
			res = Play(s, false)
			left -= res.effort
		}
		if rank(s) > 0 {
			res.Forget(told)
		}
		res.Told(told)
		played[s] = res
	}
	return played
}

// rank orders scenes by what they add: what a function sets in motion says all, what
// one of its goroutines does may say more, and so may the life of an object, last of all of
// one whose client goes on.
func rank(s *model.Scene) int {
	switch {
	case s.Goes:
		return 3
	case len(s.Parts) > 0:
		return 2
	case s.Around != nil:
		return 1
	}
	return 0
}

// effortOf is what a state counts for.
func (r *run) effortOf(s *state) int {
	const ofProc = 4
	return ofProc*len(s.procs) + r.size(s)
}

// size is how many objects the program has, and has made.
func (r *run) size(s *state) int { return len(r.World.Objects) + len(s.slots) - r.static }
