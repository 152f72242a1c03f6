package order

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/value"
)

// Who acquires a token, and where it goes on with it.

// index notes for each token which ops acquire it, and who releases it.
func (o *Ordering) index() {
	o.takers = map[tokenID][]taker{}
	for _, a := range o.Actors {
		for _, t := range a.releases {
			o.letting[t] = append(o.letting[t], a)
		}
		for _, blk := range a.Body.Blocks {
			for n, op := range blk.Ops {
				o.indexOp(taker{who: a, at: OpPlace{a.Body, blk, n}}, op)
			}
		}
	}
	for t := range o.takers {
		switch o.names[t].(type) {
		case values, closing, room:
			o.chans = append(o.chans, t)
		case ending:
			o.ctxs = append(o.ctxs, t)
		}
	}
	o.indexSenders()
	slices.Sort(o.chans)
	slices.Sort(o.ctxs)
}

// indexSenders notes at which ops of the root body, by themselves or in what they call,
// literals that they lend included, something is sent on a channel or it is closed.
func (o *Ordering) indexSenders() {
	for _, blk := range o.root.Blocks {
		for n, op := range blk.Ops {
			if op.Deferred {
				continue
			}
			op.Contains(func(y *model.Op) bool {
				for _, c := range append([]*model.Op{y}, y.Cases...) {
					if (c.Kind == model.OpSend || c.Kind == model.OpClose) && c.Chan != nil {
						o.senders[c.Chan] = append(o.senders[c.Chan], OpPlace{o.root, blk, n})
					}
				}
				return false
			})
		}
	}
}

// indexOp notes the tokens of one op: those of a case are acquired where the case is
// taken, and what a receive with two results gives where its second one tells.
func (o *Ordering) indexOp(t taker, op *model.Op) {
	var unsure bool
	if op.Kind == model.OpSelect {
		for _, c := range op.Cases {
			t.from = o.layout(t.at.Body).taken[c]
			for _, n := range o.known(o.acquires(c), &unsure) {
				o.takers[n] = append(o.takers[n], t)
			}
		}
		return
	}
	given, closed := o.outcomes(t.at)
	for _, n := range o.tokensOf(op).acquires {
		t.from = nil
		switch o.names[n].(type) {
		case values:
			t.from = given
		case closing:
			t.from = closed
		}
		o.takers[n] = append(o.takers[n], t)
	}
}

// outcomes are the blocks that come after a receive with two results which has given a
// value, and after one that has found the channel closed; nil where they are not told
// apart.
func (o *Ordering) outcomes(p OpPlace) (given, closed *model.Block) {
	op := p.Op()
	if op.Kind != model.OpReceive && op.Kind != model.OpRange || op.Deferred {
		return nil, nil
	}
	recv, ok := o.Instr(op).(*ssa.UnOp)
	if !ok || !recv.CommaOk {
		return nil, nil
	}
	for _, ref := range *recv.Referrers() {
		ext, ok := ref.(*ssa.Extract)
		if !ok || ext.Index != 1 {
			continue
		}
		last, ok := recv.Block().Instrs[len(recv.Block().Instrs)-1].(*ssa.If)
		if ok && (last.Cond == ssa.Value(ext) || value.HoldsOnly(last.Cond, ext)) {
			return p.Block.Succs[0], p.Block.Succs[1]
		}
	}
	return nil, nil
}

// A taker is an op of a goroutine that acquires a token.
type taker struct {
	who  *Actor
	at   OpPlace
	from *model.Block // where the goroutine goes on with it, nil for right after the op
}
