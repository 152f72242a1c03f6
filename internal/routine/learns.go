package routine

import (
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// Learning are those of all that may learn, over one another too, how far some goroutines have
// come, and these themselves, but by waiting for the group g. Two that work on different
// channels do not learn of each other.
func Learning(of, all []*Routine, g *model.Group) []*Routine {
	out := slices.Clone(of)
	for more := true; more; {
		more = false
		for _, r := range all {
			if !slices.Contains(out, r) && slices.ContainsFunc(out, func(x *Routine) bool { return r.learnsOf(x, g) }) {
				out, more = append(out, r), true
			}
		}
	}
	return out
}

// learnsOf reports whether r may learn of x by an op of its own and one of x.
func (r *Routine) learnsOf(x *Routine, g *model.Group) bool {
	told := leaves(x.Body, Signals)
	return slices.ContainsFunc(leaves(r.Body, Syncs), func(o *model.Op) bool {
		return o.Kind == model.OpWait && o.Group != g || slices.ContainsFunc(told, func(s *model.Op) bool { return mayMeet(o, s) })
	})
}

// leaves are the ops of a body that something holds of, with the cases of a select in its place.
func leaves(b *model.Body, ok func(*model.Op) bool) (out []*model.Op) {
	model.EachOp(b, func(op *model.Op) bool {
		switch {
		case !ok(op):
		case op.Kind == model.OpSelect:
			out = append(out, op.Cases...)
		default:
			out = append(out, op)
		}
		return true
	})
	return out
}

// mayMeet reports whether who comes past o may know by that of s.
func mayMeet(o, s *model.Op) bool {
	switch {
	case waitsForEnd(o) || s.Kind == model.OpCancel:
		return waitsForEnd(o) && (s.Kind == model.OpCancel || !onChan(s))
	case waitsForEnd(s):
		return false // nobody sends there
	case o.Kind == model.OpWait:
		return false // of other groups it is told by the counter
	case !onChan(o) || !onChan(s) || o.Chan == nil || s.Chan == nil:
		return true
	}
	return receives(o) != receives(s) && (o.Chan == s.Chan || !ownChan(o.Chan) || !ownChan(s.Chan))
}

func waitsForEnd(op *model.Op) bool {
	return op.Kind == model.OpReceive && slices.ContainsFunc(op.Uses, func(u *model.Use) bool { return u.Kind == model.UseDone })
}

func onChan(op *model.Op) bool {
	return receives(op) || op.Kind == model.OpSend || op.Kind == model.OpClose
}

func receives(op *model.Op) bool { return op.Kind == model.OpReceive || op.Kind == model.OpRange }

// ownChan reports whether a channel is none that goes by another name too.
func ownChan(c *model.Chan) bool { return c.Local || c.Fills }
