package value

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Channels that nobody else has yet.
//
// Who sends on a channel without a buffer, in the function that has made it, before the
// channel was given to anybody, waits for nobody. It is given away where it, or a variable
// or an object that holds it, goes elsewhere than into a local variable.

// WaitsAlone reports whether an instruction of the function of fr sends on, or receives from,
// a channel without a buffer that nobody else can have by then, on whichever way it is come
// to. That somebody gets it, or works on it, later on is needed of a receive: a goroutine
// that is to wait for ever needs a channel for that alone.
func (e *Values) WaitsAlone(in ssa.Instruction, fr *flow.Frame) bool {
	ch, sends := ssa.Value(nil), false
	switch in := in.(type) {
	case *ssa.Send:
		ch, sends = in.Chan, true
	case *ssa.UnOp:
		ch = in.X
	}
	if ch == nil || !known.IsChan(ch.Type()) {
		return false
	}
	made := e.Resolve(ch, fr)
	if len(made) != 1 || made[0].Path != "" || made[0].Frame != fr {
		return false
	}
	mk, ok := made[0].Val.(*ssa.MakeChan)
	if !ok || mk.Parent() != in.Parent() {
		return false
	}
	if size, isConst := mk.Size.(*ssa.Const); !isConst || size.Value != nil && size.Int64() != 0 {
		return false
	}
	h := &handing{held: map[ssa.Value]bool{}}
	h.follow(mk)
	return (sends || len(h.away) > 0) && !slices.ContainsFunc(h.away, func(x ssa.Instruction) bool { return x != in && leadsTo(x, in, mk) })
}

// handing is where a channel is given to others, or closed.
type handing struct {
	held map[ssa.Value]bool // what holds it, or points to what does
	away []ssa.Instruction
}

// follow looks at the uses of a value that is the channel, or points to what holds it.
func (h *handing) follow(v ssa.Value) {
	if h.held[v] {
		return
	}
	h.held[v] = true
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Select:
			if slices.ContainsFunc(ref.States, func(st *ssa.SelectState) bool { return st.Send == v }) {
				h.away = append(h.away, ref)
			}
		case *ssa.Send:
			if ref.X == v {
				h.away = append(h.away, ref)
			}
		case *ssa.Store:
			h.store(ref, v)
		case *ssa.UnOp:
			if Loads(ref) {
				h.follow(ref)
			}
		case *ssa.FieldAddr:
			if known.IsChan(ref.Type().(*types.Pointer).Elem()) {
				h.follow(ref)
			}
		case *ssa.ChangeType:
			h.follow(ref)
		default:
			h.away = append(h.away, ref)
		}
	}
}

// store is a store of v, or to it.
func (h *handing) store(st *ssa.Store, v ssa.Value) {
	if st.Val != v {
		return
	}
	switch to := st.Addr.(type) {
	case *ssa.Alloc:
		h.follow(to)
	case *ssa.FieldAddr:
		if obj, ok := to.X.(*ssa.Alloc); ok {
			h.follow(obj)
			return
		}
		h.away = append(h.away, st)
	default:
		h.away = append(h.away, st)
	}
}

// leadsTo reports whether there is a way from one instruction to another on which the channel
// is not made anew.
func leadsTo(from, to ssa.Instruction, made *ssa.MakeChan) bool {
	type part struct {
		blk    *ssa.BasicBlock
		instrs []ssa.Instruction // those of the block that are looked at
	}
	seen := map[*ssa.BasicBlock]bool{}
	rest := []part{{from.Block(), from.Block().Instrs[source.IndexOf(from.Block(), from)+1:]}}
	for len(rest) > 0 {
		x := rest[len(rest)-1]
		rest = rest[:len(rest)-1]
		i := slices.IndexFunc(x.instrs, func(in ssa.Instruction) bool { return in == to || in == ssa.Instruction(made) })
		if i >= 0 && x.instrs[i] == to {
			return true
		}
		if i >= 0 {
			continue
		}
		for _, next := range x.blk.Succs {
			if !seen[next] {
				seen[next] = true
				rest = append(rest, part{next, next.Instrs})
			}
		}
	}
	return false
}
