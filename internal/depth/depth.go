// Package depth says how deep the calls of each root are followed.
//
// A function that is called at many places is copied
// into the model of each root as often as there are ways to it, so the copies grow
// with the power of the depth where everything calls everything. A package has a
// budget for them. Where it is too small for all, those roots are followed less
// deep that draw most into their models; how much one draws is estimated from the
// static calls and the literals below it. One that draws little in any case is followed
// deeper than the others: literals that start workers and wrap their work spend the depth.
//
// Ignored: what calls of func values and through interfaces lead to.
package depth

import (
	"cmp"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/model"
)

// Drawn estimates how many instructions a root draws into its model.
type Drawn struct {
	e       *flow.Flow
	most    int
	callees map[*ssa.Function][]*ssa.Function
	sizes   [model.MaxDepth + model.MoreDepth + 1]map[*ssa.Function]int
}

// Bound sets how deep the calls of each root are followed, so that together they
// draw no more than so many instructions beyond one copy of each function of the package,
// and none more than most. It has to come before the first frame of a root.
func Bound(e *flow.Flow, isRoot func(*ssa.Function) bool, budget, most int) *Drawn {
	var roots []*ssa.Function
	for _, fn := range e.Funcs {
		for _, blk := range fn.Blocks {
			budget += len(blk.Instrs)
		}
		if isRoot(fn) {
			roots = append(roots, fn)
		}
	}
	d := &Drawn{e: e, most: most, callees: map[*ssa.Function][]*ssa.Function{}}
	d.share(roots, budget)
	return d
}

// share sets how deep the calls of the roots are followed, within the budget.
func (d *Drawn) share(roots []*ssa.Function, budget int) {
	type step struct {
		root        int
		depth, size int
	}
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
		begins := model.MaxDepth - depths[i]
		if depths[i] == model.MaxDepth && d.size(fn, model.MaxDepth+model.MoreDepth) <= model.SmallRoot {
			begins = -model.MoreDepth
		}
		d.e.BeginAt(fn, begins)
	}
}

// By estimates how many instructions a function draws into its model.
func (d *Drawn) By(fn *ssa.Function) int { return d.size(fn, model.MaxDepth) }

// size is the instructions of fn and of what it calls, so many calls deep.
func (d *Drawn) size(fn *ssa.Function, depth int) int {
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
func (d *Drawn) called(fn *ssa.Function) []*ssa.Function {
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
