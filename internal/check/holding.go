package check

import (
	"fmt"
	"go/token"
	"slices"
	"strings"
	"unicode"

	"github.com/gatherlint/gatherlint/internal/model"
)

// misseddone within one function: it takes a lock, a place or a count of an object that
// lives on, gives it back at its end, and a return that tells an error comes in between, or
// one that tells no more than those behind it. Nobody else is handed it meanwhile. Who calls
// it cannot make up for that: a function that fails is not one that is meant to leave with a
// lock, and whether it has one cannot be asked where the results are the same.

// leavesHolding reports the returns of a function at which it holds what it has taken.
func leavesHolding(h *model.Holder) []Finding {
	var out []Finding
	var seen []*model.Op
	if h.Body.Ends != model.EndsNever {
		return nil // nobody waits for it any more
	}
	for _, take := range h.Takes {
		if slices.ContainsFunc(seen, func(o *model.Op) bool { return sameTaking(o, take) }) {
			continue
		}
		seen = append(seen, take)
		b := &balance{h: h, take: take}
		if back, at := b.givenBack(); back != nil {
			if found := b.missing(back, at); len(found) > 0 {
				out = append(out, found...)
			} else {
				out = append(out, b.keptOn(back)...)
			}
		}
	}
	return out
}

// sameTaking reports whether two ops take the same.
func sameTaking(x, y *model.Op) bool { return x.Like(y) && x.Read == y.Read }

// A balance is what is taken and given back of one object.
type balance struct {
	h    *model.Holder
	take *model.Op
}

// The stages of a path.
const (
	free  = iota
	asked // taken, unless the call has failed
	held
)

// gives reports whether an op gives back what is taken.
func (b *balance) gives(op *model.Op) bool {
	t := b.take
	switch t.Kind {
	case model.OpLock:
		return op.Kind == model.OpUnlock && op.Lock == t.Lock && op.Read == t.Read
	case model.OpAcquire:
		return op.Kind == model.OpRelease && op.Sem == t.Sem
	case model.OpAdd:
		return op.Kind == model.OpDone && op.Group == t.Group
	}
	return op.Kind == model.OpReceive && op.Chan == t.Chan
}

// touches reports whether an op works on the object at all.
func (b *balance) touches(op *model.Op) bool {
	t := b.take
	return t.Lock != nil && op.Lock == t.Lock || t.Sem != nil && op.Sem == t.Sem || t.Group != nil && op.Group == t.Group || t.Chan != nil && op.Chan == t.Chan
}

// walk follows the paths of the function with what they hold; hit says what is looked
// for. A path on which somebody else can give back is not followed.
func (b *balance) walk(hit func(op *model.Op, stage int, p *model.Path) bool) *model.Walk {
	return &model.Walk{Body: b.h.Body, Step: func(op *model.Op, stage int, p *model.Path) (int, model.Verdict) {
		switch {
		case hit(op, stage, p):
			return stage, model.Hit
		case op.Deferred:
			if op.Contains(b.gives) {
				return stage, model.Cut
			}
		case sameTaking(op, b.take):
			if stage != free {
				return stage, model.Cut
			}
			if op.Kind == model.OpAcquire {
				return asked, model.GoOn
			}
			return held, model.GoOn
		case b.gives(op):
			return free, model.GoOn
		case op.Kind == model.OpSpawn || len(op.Lits) > 0 || op.Contains(b.touches) && !(stage == free && b.evens(op)):
			return stage, model.Cut
		}
		return stage, model.GoOn
	}, Branch: func(c *model.Cond, holds bool, stage int, p *model.Path) int {
		of, isNil := p.FoundNil(c, holds)
		switch {
		case stage != asked || of != b.take.Gives:
			return stage
		case isNil:
			return held
		}
		return free
	}}
}

// givenBack is the op that gives back what the function has taken, and where it does so:
// where the op stands, or where a goroutine is started that comes to it. There is none if
// it gives back on a way on which it has taken nothing: then its caller has a part in it.
func (b *balance) givenBack() (back *model.Op, at token.Pos) {
	b.walk(func(op *model.Op, stage int, _ *model.Path) bool {
		if op.Deferred || stage != held || op.At.Pos < at {
			return false
		}
		if b.gives(op) {
			back, at = op, op.At.Pos
		} else if op.Kind == model.OpSpawn && op.Task != nil {
			if x := findOp(op.Task.Body, b.gives); x != nil {
				back, at = x, op.At.Pos
			}
		}
		return false
	}).Find()
	foreign := (&model.Walk{Body: b.h.Body, Step: func(op *model.Op, stage int, _ *model.Path) (int, model.Verdict) {
		switch {
		case sameTaking(op, b.take):
			return stage, model.Cut
		case b.gives(op):
			return stage, model.Hit
		}
		return stage, model.GoOn
	}}).Find()
	if foreign != nil {
		return nil, token.NoPos
	}
	return back, at
}

// missing is the finding at the first return before the place at which back gives back, if
// there is one: what mends it mends the others.
func (b *balance) missing(back *model.Op, at token.Pos) []Finding {
	paths := b.walk(func(op *model.Op, stage int, p *model.Path) bool {
		leaves := op.Kind == model.OpReturn && !op.Deferred && stage == held && op.At.Pos < at
		return leaves && (b.givesUp(op, p) || b.tellsNothing(op)) && !b.isMeant(op)
	}).FindAll()
	if len(paths) == 0 {
		return nil
	}
	slices.SortStableFunc(paths, func(x, y *model.Path) int { return int(x.Op().At.Pos - y.Op().At.Pos) })
	return []Finding{b.finding(paths, back)}
}

// givesUp reports whether a return tells an error, or tells nothing to anybody, where a
// lock is held that no other function gives back.
func (b *balance) givesUp(ret *model.Op, p *model.Path) bool {
	if len(ret.Rets) == 0 {
		return b.take.Kind == model.OpLock && !slices.Contains(b.h.Elsewhere, b.take)
	}
	if len(ret.Errs) == 0 {
		return false
	}
	if !slices.ContainsFunc(ret.Errs, func(x *model.Err) bool { return x.Kind != model.ErrCtx || !p.FoundEnded(x.Ctx) }) {
		return true
	}
	last := ret.Rets[len(ret.Rets)-1]
	return ret.ErrVar != nil && p.NonNil(ret.ErrVar) || last != nil && last.NonNil
}

// evens reports whether a call of a function that is seen gives back what it takes of the
// object before it returns, and nothing else.
func (b *balance) evens(call *model.Op) bool {
	if call.Kind != model.OpCall || call.Into == nil || call.Deferred {
		return false
	}
	for _, read := range []bool{false, true} {
		take := *b.take
		take.Read = read
		if w := (&balance{h: b.h, take: &take}).uneven(call.Into); w.Find() != nil || w.Spent() {
			return false
		}
	}
	return true
}

// uneven looks for a way through a body that leaves with what it has taken, or gives back
// what it has not.
func (b *balance) uneven(body *model.Body) *model.Walk {
	return &model.Walk{Body: body, Step: func(op *model.Op, stage int, _ *model.Path) (int, model.Verdict) {
		switch {
		case op.Deferred && op.Contains(b.gives):
			return stage, model.Cut
		case sameTaking(op, b.take):
			return held, model.GoOn
		case b.gives(op) && stage == held:
			return free, model.GoOn
		case b.gives(op), op.Kind == model.OpReturn && stage == held, op.Kind != model.OpLock && !b.touches(op) && op.Contains(b.touches) && !b.evens(op):
			return stage, model.Hit
		}
		return stage, model.GoOn
	}}
}

// tellsNothing reports whether a return with a lock gives the same as one that comes after
// the lock was given back, or nothing where that gives something: so who calls the function
// cannot know of the lock, and nobody else gives it back.
func (b *balance) tellsNothing(ret *model.Op) bool {
	if b.take.Kind != model.OpLock || len(ret.Rets) == 0 || slices.Contains(b.h.Elsewhere, b.take) {
		return false
	}
	const back = held + 1
	return (&model.Walk{Body: b.h.Body, Step: func(op *model.Op, stage int, _ *model.Path) (int, model.Verdict) {
		switch {
		case op.Deferred && op.Contains(b.gives):
			return stage, model.Cut
		case sameTaking(op, b.take):
			return held, model.GoOn
		case b.gives(op) && stage == held:
			return back, model.GoOn
		case op.Kind == model.OpReturn && stage == back && !toldApart(ret.Rets, op.Rets):
			return stage, model.Hit
		}
		return stage, model.GoOn
	}}).Find() != nil
}

// toldApart reports whether the results of a return with a lock are others than those of one
// without it: false for true, or something for nothing.
func toldApart(locked, unlocked []*model.Term) bool {
	for i, x := range locked {
		y := unlocked[i]
		switch {
		case y == nil || y.Const == "":
		case x == nil || x.Const == "", x.Const != y.Const && !(isNothing(x) && x.Const != "false"):
			return true
		}
	}
	return false
}

// isNothing reports whether a result is the zero value of its type.
func isNothing(t *model.Term) bool {
	return slices.Contains([]string{"nil", "false", "0", `""`}, t.Const)
}

// isMeant reports whether a comment at the return names what is kept: the author says why.
func (b *balance) isMeant(ret *model.Op) bool {
	name := ObjectName(b.take)
	name = name[strings.LastIndexByte(name, '.')+1:]
	return name != "" && slices.Contains(strings.FieldsFunc(ret.Noted, notInName), name)
}

// notInName reports whether a letter is none of a name.
func notInName(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }

func (b *balance) finding(paths []*model.Path, back *model.Op) Finding {
	who := Actor{Kind: Spawner, Name: b.h.Body.Name}
	undone, after := b.words(back)
	at := paths[0].Op().At
	takes := paths[0].Ops(func(op *model.Op) bool { return sameTaking(op, b.take) })
	take := takes[len(takes)-1].At // it may have been taken and given back before
	var s steps
	kind := Takes
	if b.take.Kind == model.OpAdd {
		kind = Counts
	}
	s.by(kind, who, take, "calls %s", b.take.Text).with(b.take)
	if b.take.Kind == model.OpSend {
		s[0].Text = fmt.Sprintf("%s takes a place of %s", who.Name, b.take.Text)
	}
	s.decides(who, b.h.Evidence, paths[0])
	s.by(Returns, who, at, "returns here without %s", undone).with(b.take)
	if len(paths) > 1 {
		s.tell(Returns, who, paths[1].Op().At, "or %s returns here", who.Name).with(b.take)
	}
	s.tell(Blocks, Actor{Kind: Other, Name: "the next one"}, take, "%s", after).with(b.take)
	return Finding{At: at, Message: fmt.Sprintf("%s returns without %s; %s", who.Name, undone, after), Steps: s}
}

// words name the op that is left out, and what comes of it.
func (b *balance) words(back *model.Op) (undone, after string) {
	switch t := b.take; t.Kind {
	case model.OpLock:
		if t.Read {
			return t.Lock.Name + ".RUnlock", "the next one to lock " + t.Lock.Name + " for writing blocks for ever"
		}
		return t.Lock.Name + ".Unlock", "the next one to lock " + t.Lock.Name + " blocks for ever"
	case model.OpAcquire:
		return t.Sem.Name + ".Release", "what it has acquired of " + t.Sem.Name + " is never free again"
	case model.OpAdd:
		return t.Group.Name + ".Done", t.Group.Name + ".Wait never returns"
	}
	return "receiving from " + back.Text, "the place that it has taken in " + back.Text + " is never free again"
}
