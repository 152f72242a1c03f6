package known

import (
	"go/types"
	"strings"

	"github.com/gatherlint/gatherlint/internal/model"
)

// What the standard library and x/sync do, as far as fan-outs care. Facts are
// not used for them: the table is small, and analysing std for its sake costs
// more than the rest of the run. A test checks each row against the package.

// A Role is what a function of the table means to a fan-out.
type Role int8

const (
	RoleNone    Role = iota
	RoleValue        // reads a value or a property of its context, blocks on nothing
	RoleDerive       // result 0 is a context derived from argument 0
	RoleCtxErr       // asks whether a context has ended
	RoleCancels      // its work ends with the context, though it returns no error itself
	RoleSleep
	RoleLock
	RoleUnlock
	RoleAcquire // blocks until there is room or its context ends, and then returns that context's error
	RoleRelease
	RoleTryAcquire // as RoleAcquire, but does not block: it says whether there was room
	RoleCause      // asks why a context has ended
	RoleAfter      // runs a function at the end of a context
	RoleReadLocker // gives what locks it for reading
	RoleNewCond    // makes what waits with the lock that it is given
	RoleCondWait   // gives a lock back, and takes it again when it is told to
	RoleSignal     // tells those who wait so
	RoleStop       // stops a timer or ticker
)

var table = map[string]Role{
	"context.WithCancel":        RoleDerive,
	"context.WithCancelCause":   RoleDerive,
	"context.WithTimeout":       RoleDerive,
	"context.WithTimeoutCause":  RoleDerive,
	"context.WithDeadline":      RoleDerive,
	"context.WithDeadlineCause": RoleDerive,
	"context.WithValue":         RoleDerive,
	"os/signal.NotifyContext":   RoleDerive,

	"context.Cause":              RoleCause,
	"context.WithoutCancel":      RoleValue,
	"context.AfterFunc":          RoleAfter,
	"(context.Context).Done":     RoleValue, // seen at the receive
	"(context.Context).Value":    RoleValue,
	"(context.Context).Deadline": RoleValue,
	"(context.Context).Err":      RoleCtxErr,

	"log/slog.DebugContext":                 RoleValue,
	"log/slog.InfoContext":                  RoleValue,
	"log/slog.WarnContext":                  RoleValue,
	"log/slog.ErrorContext":                 RoleValue,
	"log/slog.Log":                          RoleValue,
	"log/slog.LogAttrs":                     RoleValue,
	"(*log/slog.Logger).DebugContext":       RoleValue,
	"(*log/slog.Logger).InfoContext":        RoleValue,
	"(*log/slog.Logger).WarnContext":        RoleValue,
	"(*log/slog.Logger).ErrorContext":       RoleValue,
	"(*log/slog.Logger).Log":                RoleValue,
	"(*log/slog.Logger).LogAttrs":           RoleValue,
	"(*log/slog.Logger).Enabled":            RoleValue,
	"(log/slog.Handler).Handle":             RoleValue,
	"(log/slog.Handler).Enabled":            RoleValue,
	"runtime/pprof.Do":                      RoleNone, // its callback is looked at like any other
	"runtime/pprof.WithLabels":              RoleDerive,
	"runtime/trace.NewTask":                 RoleDerive,
	"runtime/trace.Log":                     RoleValue,
	"net/http/httptrace.WithClientTrace":    RoleDerive,
	"net/http/httptrace.ContextClientTrace": RoleValue,

	"os/exec.CommandContext":          RoleCancels,
	"(*net/http.Request).WithContext": RoleCancels,

	"time.Sleep":          RoleSleep,
	"(*time.Timer).Stop":  RoleStop,
	"(*time.Ticker).Stop": RoleStop,

	"(*sync.Mutex).Lock":      RoleLock,
	"(*sync.Mutex).Unlock":    RoleUnlock,
	"(*sync.RWMutex).Lock":    RoleLock,
	"(*sync.RWMutex).Unlock":  RoleUnlock,
	"(*sync.RWMutex).RLock":   RoleLock,
	"(*sync.RWMutex).RUnlock": RoleUnlock,
	"(sync.Locker).Lock":      RoleLock,
	"(sync.Locker).Unlock":    RoleUnlock,
	"(*sync.RWMutex).RLocker": RoleReadLocker,
	"sync.NewCond":            RoleNewCond,
	"(*sync.Cond).Wait":       RoleCondWait,
	"(*sync.Cond).Signal":     RoleSignal,
	"(*sync.Cond).Broadcast":  RoleSignal,

	"(*" + SemaphorePath + ".Weighted).Acquire":    RoleAcquire,
	"(*" + SemaphorePath + ".Weighted).TryAcquire": RoleTryAcquire,
	"(*" + SemaphorePath + ".Weighted).Release":    RoleRelease,
}

// FailsByCallback reports whether the function of this name calls the function that
// it is given for each thing that it finds, and fails only if that does: what goes
// wrong elsewhere it tells the callback, which decides.
func FailsByCallback(name string) bool {
	switch name {
	case "path/filepath.Walk", "path/filepath.WalkDir", "io/fs.WalkDir":
		return true
	}
	return false
}

// FailsByContext reports whether the function of this name, which takes a context,
// fails as its context has ended, or will before it is served, and not for other
// reasons that a caller would plan for (golang.org/x/time/rate v0.15.0: the third is
// to ask for more at once than the limiter ever gives).
func FailsByContext(name string) bool {
	switch name {
	case "(*golang.org/x/time/rate.Limiter).Wait", "(*golang.org/x/time/rate.Limiter).WaitN":
		return true
	}
	return RoleOf(name) == RoleAcquire
}

// TellsEnd reports whether the function of this name gives the error of a context, nil as
// long as it has not ended: why it has, or only that it has.
func TellsEnd(name string) bool { return RoleOf(name) == RoleCtxErr || RoleOf(name) == RoleCause }

// IsSkip reports whether a package variable is an error by which such a callback
// says where to go on, and that its caller never gets.
func IsSkip(pkg, name string) bool {
	return (pkg == "io/fs" || pkg == "path/filepath") && (name == "SkipDir" || name == "SkipAll")
}

// IsOnce reports whether the function of this name runs what it is given, the first time only.
func IsOnce(name string) bool { return name == "(*sync.Once).Do" }

// IsAlarm reports whether the function of this name gives a channel on which there is
// something to receive once, after a while.
func IsAlarm(name string) bool { return name == "time.After" }

// Fills reports whether the function of this name gives a channel on which the runtime sends
// by itself, and in which part of its result: ".C" is a field.
func Fills(name string) (path string, ok bool) {
	switch name {
	case "time.After", "time.Tick":
		return "", true
	case "time.NewTimer", "time.NewTicker":
		return ".C", true
	}
	return "", false
}

// KeepsInMap reports whether the function of this name keeps its second argument in a map.
func KeepsInMap(name string) bool { return name == "(*sync.Map).Store" }

// FindsInMap reports whether the function of this name gives what is kept in a map.
func FindsInMap(name string) bool {
	return name == "(*sync.Map).Load" || name == "(*sync.Map).LoadAndDelete"
}

// DropsFromMap reports whether the function of this name takes something out of a map.
func DropsFromMap(name string) bool { return name == "(*sync.Map).Delete" }

// CountsProcessors reports whether the function of this name gives a number of processors,
// the same each time, if its argument, where it takes one, is zero.
func CountsProcessors(name string) bool {
	return name == "runtime.NumCPU" || name == "runtime.GOMAXPROCS"
}

// AsksKind reports whether the function of this name asks what kind of error its first
// argument is, which nil is none of.
func AsksKind(name string) bool { return name == "errors.Is" || name == "errors.As" }

// IsAtomicFunc reports whether fn is a function or method of sync/atomic.
func IsAtomicFunc(fn *types.Func) bool { return PkgPath(fn) == "sync/atomic" }

// GivesFlag reports whether the method of this name gives what a flag was so far.
func GivesFlag(name string) bool {
	return name == "(*sync/atomic.Bool).Load" || name == "(*sync/atomic.Bool).Swap"
}

// ClaimsFlag reports whether the method of this name sets a flag if it is what it ought to
// be, and says whether it was.
func ClaimsFlag(name string) bool { return name == "(*sync/atomic.Bool).CompareAndSwap" }

// RoleOf is what the function of this name means to a fan-out.
func RoleOf(name string) Role { return table[name] }

// A Taking is what can be taken and given back.
type Taking string

// What is taken. A place in a channel is taken by sending on it, which is no call.
const (
	NoTaking   Taking = ""
	ALock      Taking = "lock"
	AReadLock  Taking = "read lock"
	APlace     Taking = "semaphore"
	ACount     Taking = "counter"
	AChanPlace Taking = "token"
)

// Takes says of a function that takes something, or gives it back, what that is.
func Takes(fn *types.Func) (what Taking, takes bool) {
	name := FuncName(fn)
	switch role := RoleOf(name); role {
	case RoleLock, RoleUnlock:
		if strings.Contains(name, ").R") {
			return AReadLock, role == RoleLock
		}
		return ALock, role == RoleLock
	case RoleAcquire, RoleRelease:
		return APlace, role == RoleAcquire
	}
	switch name {
	case "(*sync.WaitGroup).Add", "(*sync.WaitGroup).Done":
		return ACount, name == "(*sync.WaitGroup).Add"
	}
	return NoTaking, false
}

// Tries says what a function takes if it is free, as it reports.
func Tries(fn *types.Func) Taking {
	switch name := FuncName(fn); {
	case name == "(*sync.Mutex).TryLock" || name == "(*sync.RWMutex).TryLock":
		return ALock
	case name == "(*sync.RWMutex).TryRLock":
		return AReadLock
	case RoleOf(name) == RoleTryAcquire:
		return APlace
	}
	return NoTaking
}

// NeverEnds reports whether the function of this name gives a context that never ends.
func NeverEnds(name string) bool {
	return name == "context.Background" || name == "context.TODO" || Derives(name) == model.CutsOff
}

// Derives says what the function of this name, which makes a context from another one, gives
// it of its own. A value may be for a log line, while a deadline is for work.
func Derives(name string) model.Derivation {
	switch name {
	case "context.WithCancel", "context.WithCancelCause", "os/signal.NotifyContext":
		return model.AddsCancel
	case "context.WithTimeout", "context.WithDeadline", "context.WithTimeoutCause", "context.WithDeadlineCause":
		return model.AddsDeadline
	case "context.WithValue":
		return model.AddsValue
	case "context.WithoutCancel":
		return model.CutsOff
	}
	return model.AddsUnknown
}

// EndsBySignal reports whether the context that the function of this name makes ends when
// the process gets a signal too (os/signal, NotifyContext), and so from outside.
func EndsBySignal(name string) bool { return name == "os/signal.NotifyContext" }

// NeverFails reports whether a function of the standard library has an error among its
// results only because it fits a type that way, by what it is given: writing to memory
// and to a hash.
func NeverFails(fn *types.Func, args []types.Type) bool {
	if len(args) == 0 || !isMemory(args[0]) {
		return false
	}
	switch FuncName(fn) {
	case "fmt.Fprint", "fmt.Fprintf", "fmt.Fprintln", "io.WriteString":
		return true
	}
	return fn.Signature().Recv() != nil && strings.HasPrefix(fn.Name(), "Write") && fn.Name() != "WriteTo"
}

// isMemory reports whether what is written to a value of the type is kept in memory, or
// goes into a sum.
func isMemory(t types.Type) bool {
	n := NamedType(t)
	return n != nil && (PkgPath(n.Obj()) == "hash" || IsNamed(t, "bytes", "Buffer") || IsNamed(t, "strings", "Builder"))
}
