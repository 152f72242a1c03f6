package check

import (
	"fmt"

	"github.com/gatherlint/gatherlint/internal/model"
)

// stuckwait within one function: it calls, with a lock held that it has taken at its
// beginning, a function that takes the lock first of all. Whoever calls it, and whatever
// else goes on, that call never returns.

// relocked reports the calls of a function that take what it holds.
func relocked(h *model.Holder) []Finding {
	var out []Finding
	if len(h.Body.Blocks) == 0 {
		return nil
	}
	for _, take := range h.Body.Blocks[0].Ops {
		if take.Kind != model.OpLock || take.Deferred || take.Lock == nil || !take.Lock.Plain {
			continue
		}
		for _, p := range heldCalls(h.Body, take) {
			out = append(out, relocking(h.Body, take, p.Op()))
		}
	}
	return out
}

// heldCalls are paths to the calls that take again, with take's lock held, what it took.
func heldCalls(b *model.Body, take *model.Op) []*model.Path {
	const holds = 1
	gives := func(op *model.Op) bool { return op.Kind == model.OpUnlock && (op.Lock == nil || op.Lock == take.Lock) }
	return (&model.Walk{Body: b, Step: func(op *model.Op, stage int, _ *model.Path) (int, model.Verdict) {
		switch {
		case op == take:
			return holds, model.GoOn
		case op.Deferred:
			return stage, model.GoOn
		case stage == holds && takesFirst(op, take) != nil:
			return stage, model.Hit
		case op.Contains(gives):
			return stage, model.Cut
		}
		return stage, model.GoOn
	}}).FindAll()
}

// takesFirst is where a call, before it does anything that may not be done, takes what
// take took; nil if it does not, or if both only read.
func takesFirst(call, take *model.Op) *model.Op {
	for body, n := call.Into, 0; body != nil && n < model.MaxDepth && len(body.Blocks) > 0; n++ {
		var next *model.Body
		for _, op := range body.Blocks[0].Ops {
			switch {
			case op.Deferred || next != nil:
			case op.Kind == model.OpLock && op.Lock == take.Lock:
				if op.Read && take.Read {
					return nil
				}
				return op
			case op.Kind == model.OpUnlock:
				return nil
			case op.Into != nil:
				next = op.Into
			case op.Kind != model.OpCall && op.Kind != model.OpSet && op.Kind != model.OpReturn:
				return nil
			}
		}
		body = next
	}
	return nil
}

func relocking(b *model.Body, take, call *model.Op) Finding {
	who := Actor{Kind: Spawner, Name: b.Name}
	lock := take.Lock.Name
	again := takesFirst(call, take)
	var s steps
	s.by(Takes, who, take.At, "locks %s", lock).with(take)
	s.by(Calls, who, call.At, "calls %s", call.Into.Name)
	s.tell(Blocks, who, again.At, "%s blocks for ever locking %s", call.Into.Name, lock).with(take)
	return Finding{At: call.At, Message: relockMessage(call.Into.Name, lock, b.Name), Steps: s}
}

// relockMessage says that a function takes what its caller has taken.
func relockMessage(callee, lock, caller string) string {
	return fmt.Sprintf("%s blocks for ever locking %s; %s, which calls it, has locked it already", callee, lock, caller)
}
