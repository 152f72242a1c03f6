package flow

import (
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/source"
)

// The channels of timers and tickers. Whoever has the timer has the channel, which is read
// from its field C; Stop is the end of what comes on it, and closes nothing. One that is
// set going again, or asked whether it was stopped in time, is not followed.

// Ticks reports whether an origin is the channel of a timer or ticker that a call makes.
func Ticks(s Origin) bool {
	call, ok := s.Val.(*ssa.Call)
	if !ok || s.Index != 0 || s.Path == "" {
		return false
	}
	path, ok := known.Fills(known.FuncName(source.Callee(&call.Call)))
	return ok && s.Path == path
}

// TicksOf is the channel of the timer or ticker that a value is; ok is false if it is not
// certain which one that is.
func (e *Flow) TicksOf(timer ssa.Value, fr *Frame) (s Origin, ok bool) {
	if got := e.Resolve(timer, fr); len(got) == 1 {
		s = got[0]
		s.Path += ".C"
	}
	return s, Ticks(s)
}

// timer is the way from a timer or ticker to its channel.
func (x *escapes) timer() *accessPath {
	return x.ways.fields([]string{x.obj.Path[1:]}, false, x.ways.via(deref{kind: stepLoad}, nil))
}

// stop takes Stop of the timer or ticker for what the model knows.
func (x *escapes) stop(h ref, site ssa.CallInstruction) bool {
	c := site.Common()
	args := source.Args(c)
	_, isGo := site.(*ssa.Go)
	if isGo || known.RoleOf(known.FuncName(source.Callee(c))) != known.RoleStop || args[0] != h.v || !Ticks(x.obj) {
		return false
	}
	if got, _ := x.e.TicksOf(h.v, h.fr); got != x.obj {
		x.lose(h, "one of several that are stopped")
	}
	if v := source.CallOf(site); v != nil && len(*v.Referrers()) > 0 {
		x.lose(h, "asked whether it was stopped in time")
	}
	return true
}
