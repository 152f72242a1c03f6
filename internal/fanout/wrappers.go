package fanout

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
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
func (k *knownGroups) wrapper(n *types.Named) *Contract {
	n = n.Origin()
	obj := n.Obj()
	if obj.Pkg() == k.pass.Pkg || !holdsKnown(n) {
		return nil
	}
	c, ok := k.wrappers[obj]
	if !ok {
		c = k.wrapperOf(n)
		k.wrappers[obj] = c
	}
	return c
}

func (k *knownGroups) wrapperOf(n *types.Named) *Contract {
	c := &Contract{
		Kind: LookAlike, Path: pkgPath(n.Obj()), Type: n.Obj().Name(), Wraps: true, late: true,
		methods: map[string]groupMethod{},
	}
	starts, waits := false, false
	for m := range n.Methods() {
		sum := importSummary(k.pass, m)
		if sum == nil {
			continue
		}
		switch w := sum.Wraps; {
		case w.Spawns > 1:
			c.methods[m.Name()] = groupMethod{does: OpSpawn, fn: w.Spawns - 2}
			starts = true
		case w.Waits:
			c.methods[m.Name()] = groupMethod{does: OpWait}
			waits = true
			if w.Errs {
				c.Gives = GivesFirst
			}
		}
	}
	if !starts || !waits {
		return nil
	}
	return c
}

// wrap notes what a method does with a group that its receiver holds.
func (z *summarizer) wrap(op *Op, spawned bool) {
	sig := z.root.fn.Signature
	if spawned || sig.Recv() == nil || !z.ofReceiver(z.e.sourceOf[op.Group]) {
		return
	}
	w := &z.s.Wraps
	switch op.Kind {
	case OpSpawn:
		if j := z.startsParam(op); j > 0 && !op.Task.InLoop {
			w.Spawns = j + 1
		}
	case OpWait:
		w.Waits = true
		w.Errs = w.Errs || returnsError(sig) && z.returnsWait()
	}
}

// ofReceiver reports whether a source is a field of the receiver, and not an
// element of one.
func (z *summarizer) ofReceiver(s source) bool {
	return s.fr == z.root && s.path != "" && !strings.ContainsAny(s.path, "[*") && len(z.root.fn.Params) > 0 && s.val == ssa.Value(z.root.fn.Params[0])
}

// startsParam is the parameter that the task is, or calls; 0 if it is none.
func (z *summarizer) startsParam(op *Op) int {
	if op.Task == nil {
		return 0
	}
	if j := z.param(z.e.sourceOf[op.Task]); j > 0 {
		return j
	}
	found := 0
	var visit func(fr *frame)
	visit = func(fr *frame) {
		for _, c := range fr.children {
			if c.spawned {
				for _, blk := range c.fn.Blocks {
					for _, in := range blk.Instrs {
						if call, ok := in.(ssa.CallInstruction); ok && !call.Common().IsInvoke() {
							for _, s := range z.e.resolve(call.Common().Value, c) {
								found = max(found, z.param(s))
							}
						}
					}
				}
			}
			visit(c)
		}
	}
	visit(z.root)
	return found
}

// returnsWait reports whether the error that the method returns can be that of a
// Wait.
func (z *summarizer) returnsWait() bool {
	for _, ret := range returns(z.root.fn) {
		if len(ret.Results) == 0 {
			continue
		}
		for _, x := range z.e.errsOf(ret.Results[len(ret.Results)-1], z.root, 0) {
			if x.Kind == ErrWait {
				return true
			}
		}
	}
	return false
}

// fresh reports whether the sources are objects that the function makes itself.
func (z *summarizer) fresh(sources []source) bool {
	for _, s := range sources {
		if _, ok := s.val.(*ssa.Alloc); !ok && !s.zero() || s.path != "" {
			return false
		}
	}
	return len(sources) > 0
}
