package check

import (
	"cmp"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/schedule"
)

// maxWays is how many returns are looked for that a finding could be about.
const maxWays = 8

// tellAll tells a leak, and at which other returns it comes to the same: who has just
// written one has to hear of it, though the line that blocks did not change.
func (l *leak) tellAll(r *schedule.Result, tell func(*leak) Finding) Finding {
	fd := tell(l)
	at := leavingStep(fd.Steps)
	if at < 0 {
		return fd
	}
	told := map[model.Span]bool{fd.Steps[at].At: true}
	without := map[*model.Op]bool{}
	var others []Step // in the order of the source
	for next := l; next != nil && next.avoid(without) && len(without) < maxWays; next = l.otherwise(r, without) {
		if next.kind != l.kind {
			continue // the process ends there
		}
		steps := tell(next).Steps
		if i := leavingStep(steps); i >= 0 && !told[steps[i].At] {
			told[steps[i].At] = true
			step := steps[i]
			step.Text, step.Way = "or "+step.Text, Or
			others = append(others, step)
		}
	}
	slices.SortFunc(others, func(a, b Step) int { return cmp.Compare(a.At.Pos, b.At.Pos) })
	fd.Steps = slices.Insert(fd.Steps, len(fd.Steps)-1, others...)
	return fd
}

// leavingStep is the last step in which somebody leaves, or -1.
func leavingStep(s []Step) int {
	i := len(s) - 1
	for i >= 0 && !slices.Contains([]StepKind{Returns, Panics, Ends}, s[i].Kind) {
		i--
	}
	return i
}

// avoid adds the return by which it comes to the leak; false if it is there, or not known.
func (l *leak) avoid(without map[*model.Op]bool) bool {
	left := cmp.Or(l.left, l.lastReturn(0)) // else the spawner
	if left == nil || left.Op == nil || without[left.Op] {
		return false
	}
	without[left.Op] = true
	return true
}

// otherwise is the same leak in a schedule without some returns, nil if there is none.
func (l *leak) otherwise(r *schedule.Result, without map[*model.Op]bool) *leak {
	stuck := r.Otherwise(l.stuck, without)
	if stuck == nil {
		return nil
	}
	for _, b := range stuck.Blocked {
		if same := classify(l.scene, stuck, b); same != nil && b.Op == l.cause.Op {
			return same
		}
	}
	return &leak{scene: l.scene, stuck: stuck, cause: l.cause}
}
