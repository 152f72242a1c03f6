package program

import (
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// What is sent on a channel, where the receiver asks for it: nil or not, true or
// false, or what is known of the fields of a struct. A buffer keeps it in order.

// Messages lists the sends at a node whose value is asked for.
func (p *Program) Messages(n *Node) []*model.Op {
	if n.Kind != Event {
		return nil
	}
	var out []*model.Op
	for _, op := range append([]*model.Op{n.Op}, n.Op.Cases...) {
		if op.Kind == model.OpSend && op.Val != nil {
			if o := p.World.Of(op); o != nil && o.Valued {
				out = append(out, op)
			}
		}
	}
	return out
}

// failuresSent lists for each channel the fields by which its senders tell that something
// has failed, with a message that they put together for that. Whoever does so hands on
// the other messages, which come from elsewhere, as good ones.
func (p *Program) failuresSent() map[*Object][]string {
	out := map[*Object][]string{}
	for _, n := range p.left {
		for _, op := range p.Messages(n) {
			o := p.World.Of(op)
			for _, f := range op.Val.Fields {
				if f.Val.Fails && !slices.Contains(out[o], f.Name) {
					out[o] = append(out[o], f.Name)
				}
			}
		}
	}
	return out
}

// failing notes that a call can have failed whose error is sent.
func (p *Program) failing(op *model.Op, f *Future) {
	terms := []*model.Term{op.Val}
	for _, x := range op.Val.Fields {
		terms = append(terms, x.Val)
	}
	for _, t := range terms {
		if t.Fails {
			p.kind(op.At.Pos, f)
		}
	}
}
