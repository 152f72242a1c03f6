package order

import "github.com/gatherlint/gatherlint/internal/model"

// A Trail is what tells of an access to who goes over a body, and whether code from
// outside that is called on the way may do so.
type Trail struct {
	*TokenSet
	Outside bool
}

// Joins reports whether the op may acquire one of the tokens: who has executed it comes
// after the access then. Of a select the case that is taken is asked about.
func (o *Ordering) Joins(op *model.Op, released Trail) bool {
	if op.Deferred || op.Kind == model.OpSpawn || op.Kind == model.OpSelect {
		return false
	}
	n := o.tokensOf(op)
	return n.unsure || n.outside && released.Outside && o.reachOutside(released.TokenSet) || released.reachedBy(n.joins)
}

// JoinsSurely is joins, where calls that are not followed, and channels that are not
// known, tell nothing; assumed tells that the op is a call that may have told.
func (o *Ordering) JoinsSurely(op *model.Op, released Trail) (sure, assumed bool) {
	if op.Deferred || op.Kind == model.OpSpawn || op.Kind == model.OpSelect {
		return false, false
	}
	sure = op.Runs(func(y *model.Op) bool {
		if y.Kind == model.OpCall && y.Into == nil {
			return false
		}
		var unsure bool
		return released.reachedBy(o.known(o.acquires(y), &unsure))
	})
	n := o.tokensOf(op)
	return sure, !sure && op.Kind == model.OpCall && (n.unsure || n.outside || released.reachedBy(n.joins))
}

// Hears reports whether the op, or what it calls, acquires one of the tokens.
func (o *Ordering) Hears(op *model.Op, released *TokenSet) bool {
	return released.reachedBy(o.tokensOf(op).joins)
}

// MayAcquire reports whether the op, or what it calls, may acquire a token.
func (o *Ordering) MayAcquire(op *model.Op) bool {
	n := o.tokensOf(op)
	return len(n.acquires) > 0 || n.unsure
}

// Acquiring lists the ops by which the body may acquire something.
func (o *Ordering) Acquiring(body *model.Body) []OpPlace { return o.layout(body).acquires }

// Throttles reports whether the op only waits until fewer than some number of
// tasks run.
func Throttles(op *model.Op) bool {
	switch op.Kind {
	case model.OpSend:
		return op.Chan != nil && op.Chan.Cap != "0" && op.Chan.Cap != "1" && op.Chan.Cap != ""
	case model.OpAcquire:
		one := op.N != nil && len(op.N.Terms) == 0 && op.N.Const == 1
		return one && op.Sem != nil && op.Sem.Size != nil && !(len(op.Sem.Size.Terms) == 0 && op.Sem.Size.Const <= 1)
	}
	return false
}
