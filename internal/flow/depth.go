package flow

import (
	"cmp"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/model"
)

// How deep calls are followed. A function that is called at many places is copied
// into the model of each root as often as there are ways to it, so the copies grow
// with the power of the depth where everything calls everything. A package has a
// budget for them. Where it is too small for all, those roots are followed less
// deep that draw most into their models; how much one draws is estimated from the
// static calls and the literals below it. One that draws little in any case is followed
// deeper than the others: literals that start workers and wrap their work spend the depth.

// Bound sets how deep the calls of each root are followed, so that together they
// draw no more than so many instructions beyond one copy of each function of the package,
// and none more than most. It has to come before the first frame of a root.
func (e *Flow) Bound(isRoot func(*ssa.Function) bool, budget, most int) {
	var roots []*ssa.Function
	for _, fn := range e.Funcs {
		for _, blk := range fn.Blocks {
			budget += len(blk.Instrs)
		}
		if isRoot(fn) {
			roots = append(roots, fn)
		}
	}
	e.share(roots, budget, most)
}

// share sets how deep the calls of the roots are followed, within the budget.
func (e *Flow) share(roots []*ssa.Function, budget, most int) {
	type step struct {
		root        int
		depth, size int
	}
	d := &drawn{e: e, most: most, callees: map[*ssa.Function][]*ssa.Function{}}
	e.draws = d
	var steps []step
	for i, fn := range roots {
		budget -= d.size(fn, 0)
		for depth := 1; depth <= model.MaxDepth; depth++ {
			steps = append(steps, step{i, depth, d.size(fn, depth)})
		}
	}
	slices.SortFunc(steps, func(a, b step) int {
		return cmp.Or(cmp.Compare(a.size, b.size), cmp.Compare(a.depth, b.depth), cmp.Compare(a.root, b.root))
	})
	depths := make([]int, len(roots))
	for len(steps) > 0 {
		// Roots that draw the same are treated the same, wherever they stand.
		n, more := 0, 0
		for ; n < len(steps) && steps[n].size == steps[0].size; n++ {
			more += steps[n].size - d.size(roots[steps[n].root], steps[n].depth-1)
		}
		if budget -= more; budget < 0 {
			break
		}
		for _, s := range steps[:n] {
			depths[s.root] = s.depth
		}
		steps = steps[n:]
	}
	for i, fn := range roots {
		e.shallow[fn] = model.MaxDepth - depths[i]
		if depths[i] == model.MaxDepth && d.size(fn, model.MaxDepth+model.MoreDepth) <= model.SmallRoot {
			e.shallow[fn] = -model.MoreDepth
		}
	}
}

// Draws estimates how many instructions a function draws into its model. It has to come after
// Bound.
func (e *Flow) Draws(fn *ssa.Function) int { return e.draws.size(fn, model.MaxDepth) }

// Shallow reports whether the calls of fn, as a root, are not followed as deep as
// those of others, for the budget of the package.
func (e *Flow) Shallow(fn *ssa.Function) bool { return e.shallow[fn] > 0 }

// drawn estimates how many instructions a root draws into its model.
type drawn struct {
	e       *Flow
	most    int
	callees map[*ssa.Function][]*ssa.Function
	sizes   [model.MaxDepth + model.MoreDepth + 1]map[*ssa.Function]int
}

// size is the instructions of fn and of what it calls, so many calls deep.
func (d *drawn) size(fn *ssa.Function, depth int) int {
	if d.sizes[depth] == nil {
		d.sizes[depth] = map[*ssa.Function]int{}
	}
	if n, ok := d.sizes[depth][fn]; ok {
		return n
	}
	n := 0
	for _, blk := range fn.Blocks {
		n += len(blk.Instrs)
	}
	if depth > 0 {
		for _, callee := range d.called(fn) {
			n += d.size(callee, depth-1)
		}
	}
	n = min(n, d.most)
	d.sizes[depth][fn] = n
	return n
}

// called lists the functions of the package that fn calls, one for each call, and
// its literals.
func (d *drawn) called(fn *ssa.Function) []*ssa.Function {
	out, ok := d.callees[fn]
	if ok {
		return out
	}
	out = slices.Clone(fn.AnonFuncs)
	for _, blk := range fn.Blocks {
		for _, in := range blk.Instrs {
			call, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if f := call.Common().StaticCallee(); f != nil && f != fn && f.Parent() == nil && !d.e.Foreign(f) {
				out = append(out, f)
			}
		}
	}
	d.callees[fn] = out
	return out
}
