package survey

import (
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// tells notes that a method lets others go on that wait for what its receiver holds.
func (z *summarizer) tells(op *model.Op) {
	switch op.Kind {
	case model.OpDone:
		z.s.Wraps.Tells = z.s.Wraps.Tells || op.Group != nil && z.ofReceiver(z.e.OriginOf[op.Group])
	case model.OpSend, model.OpReceive, model.OpClose:
		z.s.Wraps.Tells = z.s.Wraps.Tells || op.Chan != nil && z.ofReceiver(z.e.OriginOf[op.Chan])
	}
}

// wrap notes what a method does with a group that its receiver holds.
func (z *summarizer) wrap(op *model.Op, spawned bool) {
	sig := z.root.Fn.Signature
	if spawned || sig.Recv() == nil || !z.ofReceiver(z.e.OriginOf[op.Group]) {
		return
	}
	w := &z.s.Wraps
	switch op.Kind {
	case model.OpSpawn:
		if j := z.startsParam(op); j > 0 && !op.Task.InLoop {
			w.Spawns = j + 1
		}
	case model.OpWait:
		w.Waits = true
		w.Errs = w.Errs || known.ReturnsError(sig) && z.returnsWait() || source.GivesKept(z.root.Fn, z.e.Funcs)
	}
}

// ofReceiver reports whether a source is a field of the receiver, and not an
// element of one.
func (z *summarizer) ofReceiver(s flow.Origin) bool {
	return s.Frame == z.root && z.root.Fn.Signature.Recv() != nil && s.Path != "" && !strings.ContainsAny(s.Path, "[*") && len(z.root.Fn.Params) > 0 && s.Val == ssa.Value(z.root.Fn.Params[0])
}

// startsParam is the parameter that the task is, or calls; 0 if it is none.
func (z *summarizer) startsParam(op *model.Op) int {
	if op.Task == nil {
		return 0
	}
	if j := z.param(z.e.OriginOf[op.Task]); j > 0 {
		return j
	}
	found := 0
	var visit func(fr *flow.Frame)
	visit = func(fr *flow.Frame) {
		for _, c := range fr.Children {
			if c.Spawned {
				for _, blk := range c.Fn.Blocks {
					for _, in := range blk.Instrs {
						if call, ok := in.(ssa.CallInstruction); ok && !call.Common().IsInvoke() {
							for _, s := range z.e.Resolve(call.Common().Value, c) {
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
	for _, ret := range source.Returns(z.root.Fn) {
		if len(ret.Results) == 0 {
			continue
		}
		for _, x := range z.e.ErrsOf(ret.Results[len(ret.Results)-1], z.root, 0) {
			if x.Kind == model.ErrWait {
				return true
			}
		}
	}
	return false
}

// fresh reports whether the sources are objects that the function makes itself.
func (z *summarizer) fresh(sources []flow.Origin) bool {
	for _, s := range sources {
		if _, ok := s.Val.(*ssa.Alloc); !ok && !s.IsZero() || s.Path != "" {
			return false
		}
	}
	return len(sources) > 0
}
