// Package polling answers what decides about another round of a loop that nothing counts:
// a call that asks the world outside, what other goroutines do, or nobody.
//
// It looks at the ops and conditions of the loop, and at those of all that it calls and
// starts, some goroutines deep; it plays nothing. A loop that a number or a collection
// ends is none of its business, and what it does not know counts as done by others, who
// may well end the loop.
package polling

import (
	"slices"
	"strings"

	"github.com/gatherlint/gatherlint/internal/model"
)

// Pauses reports whether op does nothing but let time pass.
func Pauses(op *model.Op) bool {
	switch op.Kind {
	case model.OpSleep:
		return true
	case model.OpReceive, model.OpRange:
		return op.Chan != nil && op.Chan.Fills
	case model.OpSelect:
		return !op.Default && len(op.Cases) == 1 && Pauses(op.Cases[0])
	}
	return false
}

// Ticks is the channel of a timer that op receives from, nil if it sleeps.
func Ticks(op *model.Op) *model.Chan {
	if op.Kind == model.OpSelect {
		return op.Cases[0].Chan
	}
	return op.Chan
}

// A Loop is a loop that is not known to be counted, and all that runs in it.
type Loop struct {
	Of     *model.Loop
	Blocks []*model.Block
	// Own are the ops of the blocks themselves, All those of called functions, literals and
	// spawned tasks too. Both are empty until Collect is called.
	Own, All []*model.Op
}

// Around is the smallest loop around blk that is not counted, nil if there is
// none: a counted loop is left in time, and the loop around it goes on.
func Around(body *model.Body, blk *model.Block) *Loop {
	var best *Loop
	for _, of := range blk.Loops {
		if of.Count != nil {
			continue
		}
		l := &Loop{Of: of}
		for _, b := range body.Blocks {
			if slices.Contains(b.Loops, of) {
				l.Blocks = append(l.Blocks, b)
			}
		}
		if best == nil || len(l.Blocks) < len(best.Blocks) {
			best = l
		}
	}
	return best
}

// Pause is the first pause of the loop itself: a called function may have another
// one by the way.
func (l *Loop) Pause() *model.Op {
	for _, b := range l.Blocks {
		for _, op := range b.Ops {
			if !op.Deferred && Pauses(op) {
				return op
			}
		}
	}
	return nil
}

// Collect fills in the ops, once the loop turns out to be of interest.
func (l *Loop) Collect() {
	l.Own, l.All = nil, nil
	for _, b := range l.Blocks {
		for _, op := range b.Ops {
			l.Own = append(l.Own, op)
			l.add(op, 0)
			for _, body := range append([]*model.Body{op.Into}, op.Lits...) {
				l.addAll(body, 0)
			}
		}
	}
}

// maxSpawns is how far goroutines that start goroutines are followed.
const maxSpawns = 3

func (l *Loop) add(op *model.Op, depth int) {
	l.All = append(l.All, op)
	l.All = append(l.All, op.Cases...)
	if op.Kind == model.OpSpawn && op.Task != nil && depth < maxSpawns {
		l.addAll(op.Task.Body, depth+1)
	}
}

func (l *Loop) addAll(body *model.Body, depth int) {
	model.EachOp(body, func(op *model.Op) bool {
		l.add(op, depth)
		return true
	})
}

// Talks reports whether op communicates with another goroutine: that one can
// tell the task to stop.
func (l *Loop) Talks(op *model.Op, tick *model.Chan) bool {
	switch op.Kind {
	case model.OpSend, model.OpReceive, model.OpRange:
		waitsForCtx := slices.ContainsFunc(op.Uses, func(u *model.Use) bool { return u.Kind == model.UseDone })
		return !waitsForCtx && (op.Chan == nil || op.Chan != tick)
	case model.OpCall:
		return op.Named.Has(model.HintLimits)
	}
	return false
}

// Unheard reports whether op is in a function that the loop calls and that gives nothing
// back: who calls it does not learn that a context has ended, whatever the function hears,
// unless it ends the goroutine.
func (l *Loop) Unheard(op *model.Op) bool {
	ends := func(o *model.Op) bool { return o.Kind != model.OpReturn && o.Kind.Leaves() || o.Quits }
	return slices.ContainsFunc(l.Own, func(call *model.Op) bool {
		mute := call.Kind == model.OpCall && call.Into != nil && call.Gives == nil
		return mute && call.Contains(func(o *model.Op) bool { return o == op }) && !call.Contains(ends)
	})
}

// Makes reports whether the context is made anew in each round.
func (l *Loop) Makes(c *model.Ctx) bool {
	return slices.ContainsFunc(l.All, func(op *model.Op) bool { return op.Kind == model.OpDerive && op.Made == c })
}

// Deciding are the blocks whose conditions decide about another round: those that
// leave the loop, and those that lead to one of them and to nothing else first.
func (l *Loop) Deciding() []*model.Block {
	entries := map[*model.Block]int{}
	for _, b := range l.Blocks {
		for _, s := range b.Succs {
			entries[s]++
		}
	}
	var out []*model.Block
	for grown := true; grown; {
		grown = false
		for _, b := range l.Blocks {
			if len(b.Succs) != 2 || slices.Contains(out, b) {
				continue
			}
			if slices.ContainsFunc(b.Succs, func(s *model.Block) bool {
				return !slices.Contains(l.Blocks, s) || entries[s] == 1 && slices.Contains(out, s)
			}) {
				out, grown = append(out, b), true
			}
		}
	}
	return out
}

// A Decider is what a condition that decides about another round depends on.
type Decider int8

// What it can depend on.
const (
	ByOthers Decider = iota // not known, or a count, the clock, memory that others write
	ByNobody                // it comes out the same in every round
	ByAnswer                // a call in the loop that asks the world outside
	ByWord                  // a comparison with a text: mostly a mode, which nobody changes
)

// Decides classifies a condition.
func (l *Loop) Decides(c *model.Cond, pause *model.Op) Decider {
	switch {
	case c == nil:
		return ByOthers
	case c.Taken != nil || c.Stable != "":
		return ByNobody
	}
	vars := slices.Clone(c.Vars)
	polled := false
	for _, t := range []*model.Term{c.X, c.Y} {
		if t == nil {
			continue
		}
		if t.Gives != nil && t.Gives == given(pause) {
			return ByNobody // a ticker is not closed
		}
		polled = polled || t.Gives != nil && l.asks(t.Gives)
		if t.Var != nil && !slices.Contains(vars, t.Var) {
			vars = append(vars, t.Var)
		}
	}
	for _, v := range vars {
		fresh, counts := l.gets(v)
		if counts {
			return ByOthers
		}
		polled = polled || fresh
	}
	switch {
	case polled:
		return ByAnswer
	case c.Y != nil && strings.HasPrefix(c.Y.Const, `"`) && !c.Y.Named.Has(model.HintAsks):
		return ByWord
	}
	return ByOthers
}

// given names what the pause itself gives.
func given(pause *model.Op) *model.Event {
	if pause.Kind == model.OpSelect {
		return pause.Cases[0].Gives
	}
	return pause.Gives
}

// gets says how a variable gets its values in the loop: from a call that asks the
// world outside, or by counting or from something that is not known.
func (l *Loop) gets(v *model.Var) (fresh, counts bool) {
	for _, op := range l.Own {
		if op.Kind != model.OpSet || op.Var != v {
			continue
		}
		switch t := op.Val; {
		case t != nil && t.Const != "" && op.At.Pos == v.Pos: // it is declared
		case t == nil || t.Counted || t.Var != nil || t.Const == "true" || t.Const == "false":
			counts = true
		case t.Gives != nil:
			if !l.asks(t.Gives) {
				return false, true
			}
			fresh = true
		}
	}
	return fresh, counts
}

// asks reports whether the event is the result of a call in the loop that gets it
// from outside: code that is not seen is called, and no lock is taken, as it is
// for memory that a sibling can write.
func (l *Loop) asks(e *model.Event) bool {
	for _, op := range l.Own {
		if op.Gives != e || op.Kind != model.OpCall || op.Named.Has(model.HintAsks) {
			continue
		}
		return op.Contains(func(o *model.Op) bool { return o.Kind == model.OpCall && o.Into == nil }) &&
			!op.Contains(func(o *model.Op) bool { return o.Kind == model.OpLock })
	}
	return false
}

// IsAbout reports whether a condition asks for a result of the call, and nothing else.
func (l *Loop) IsAbout(c *model.Cond, call *model.Op) bool {
	found := false
	for _, t := range []*model.Term{c.X, c.Y} {
		switch {
		case t == nil:
			return false
		case t.Const != "":
		case t.Gives == call.Gives && t.Gives != nil:
			found = true
		case t.Var != nil:
			for _, op := range l.All {
				if op.Kind != model.OpSet || op.Var != t.Var || op.Val != nil && op.Val.Const == "nil" {
					continue // not of the variable, or its declaration
				}
				if op.Val == nil || op.Val.Gives != call.Gives {
					return false
				}
				found = true
			}
		default:
			return false
		}
	}
	return found
}
