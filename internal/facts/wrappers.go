package facts

import (
	"go/types"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
)

// Wrappers: types that hold a group and have methods that start and wait.
//
// Within a package nothing has to be known of them: the methods are followed like
// any other function, and the group is the field of the object. In other packages
// each method says by its Summary what it does with a group of its receiver. A
// type whose methods start a parameter as a task there, and wait, keeps the
// contract of what it holds as far as a caller can rely on it: the tasks run, and
// the wait comes back after them. When the tasks run, and what a failure does to
// the others, is the wrapper's own business, so such a group is not played.

// wrapper is the contract of a type of another package that wraps a group, nil
// if n is none.
func (k *Groups) wrapper(n *types.Named) *model.Contract {
	n = n.Origin()
	obj := n.Obj()
	if obj.Pkg() == k.pass.Pkg || !known.HoldsGroup(n) {
		return nil
	}
	c, ok := k.wrappers[obj]
	if !ok {
		c = k.wrapperOf(n)
		k.wrappers[obj] = c
	}
	return c
}

func (k *Groups) wrapperOf(n *types.Named) *model.Contract {
	c := &model.Contract{
		Kind: model.LookAlike, Path: known.PkgPath(n.Obj()), Type: n.Obj().Name(), Wraps: true, Late: true,
		ByName: map[string]model.GroupMethod{},
	}
	starts, waits := false, false
	for m := range n.Methods() {
		sum := Import(k.pass, m)
		if sum == nil {
			continue
		}
		switch w := sum.Wraps; {
		case w.Spawns > 1:
			c.ByName[m.Name()] = model.GroupMethod{Does: model.OpSpawn, Arg: w.Spawns - 2}
			starts = true
		case w.Waits:
			c.ByName[m.Name()] = model.GroupMethod{Does: model.OpWait}
			waits = true
			if w.Errs {
				c.Gives = model.GivesFirst
			}
		}
	}
	if !starts || !waits {
		return nil
	}
	return c
}
