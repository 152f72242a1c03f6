package flow

import (
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/source"
)

// The locks of sync.Cond: it holds one in its field L, as a sync.Locker, gives it back in
// Wait, and takes it again. Whoever has the sync.Cond has the lock.

// isLocker reports whether a mutex is turned into a sync.Locker.
func isLocker(in *ssa.MakeInterface) bool {
	return known.IsNamed(in.Type(), "sync", "Locker") && known.IsMutex(in.X.Type())
}

// CondLock is what the lock of a sync.Cond may be, just before at.
func (e *Flow) CondLock(cond ssa.Value, at ssa.Instruction, fr *Frame) []Origin {
	return e.resolver().field(cond, ".L", at, fr)
}

// ofNewCond is the lock of a sync.Cond that sync.NewCond has made; ok is false if s is
// none.
func (r *resolver) ofNewCond(s Origin, field string) (_ []Origin, ok bool) {
	call, ok := s.Val.(*ssa.Call)
	if !ok || field != ".L" || s.Path != "" || known.RoleOf(known.FuncName(source.Callee(&call.Call))) != known.RoleNewCond {
		return nil, false
	}
	return r.value(call.Call.Args[0], s.Frame), true
}

// cond follows a lock into the sync.Cond that holds it, and takes its methods, and those of
// sync.Locker, for what the model knows.
func (x *escapes) cond(h ref, site ssa.CallInstruction) bool {
	c := site.Common()
	args := source.Args(c)
	if len(args) == 0 || args[0] != h.v {
		return false
	}
	switch role := known.RoleOf(known.FuncName(source.Callee(c))); role {
	case known.RoleNewCond:
		made := source.CallOf(site)
		if made == nil || h.w != nil {
			return false
		}
		x.add(made, h.fr, x.ways.via(deref{kind: stepField, field: "L"}, x.ways.via(deref{kind: stepLoad}, nil)))
	case known.RoleLock, known.RoleUnlock:
		if _, isGo := site.(*ssa.Go); !c.IsInvoke() || isGo || h.w != nil {
			return false
		}
		x.operation(h, false)
	case known.RoleCondWait, known.RoleSignal:
		if got := x.e.CondLock(h.v, site, h.fr); role == known.RoleCondWait && (len(got) != 1 || got[0] != x.obj) {
			x.lose(h, "the lock of one of several conditions")
		}
	default:
		return false
	}
	return true
}
