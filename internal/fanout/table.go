package fanout

// What the standard library and x/sync do, as far as fan-outs care. Facts are
// not used for them: the table is small, and analysing std for its sake costs
// more than the rest of the run. A test checks each row against the package.

// A role is what a function of the table means to a fan-out.
type role int8

const (
	roleNone    role = iota
	roleValue        // reads a value or a property of its context, blocks on nothing
	roleDerive       // result 0 is a context derived from argument 0
	roleCtxErr       // asks whether a context has ended
	roleCancels      // its work ends with the context, though it returns no error itself
	roleSleep
	roleLock
	roleUnlock
	roleAcquire // blocks until there is room or its context ends, and then returns that context's error
	roleRelease
	roleGoexit
	roleCause // asks why a context has ended
	roleAfter // runs a function at the end of a context
)

var table = map[string]role{
	"context.WithCancel":        roleDerive,
	"context.WithCancelCause":   roleDerive,
	"context.WithTimeout":       roleDerive,
	"context.WithTimeoutCause":  roleDerive,
	"context.WithDeadline":      roleDerive,
	"context.WithDeadlineCause": roleDerive,
	"context.WithValue":         roleDerive,
	"os/signal.NotifyContext":   roleDerive,

	"context.Cause":              roleCause,
	"context.WithoutCancel":      roleValue,
	"context.AfterFunc":          roleAfter,
	"(context.Context).Done":     roleValue, // seen at the receive
	"(context.Context).Value":    roleValue,
	"(context.Context).Deadline": roleValue,
	"(context.Context).Err":      roleCtxErr,

	"log/slog.DebugContext":                 roleValue,
	"log/slog.InfoContext":                  roleValue,
	"log/slog.WarnContext":                  roleValue,
	"log/slog.ErrorContext":                 roleValue,
	"log/slog.Log":                          roleValue,
	"log/slog.LogAttrs":                     roleValue,
	"(*log/slog.Logger).DebugContext":       roleValue,
	"(*log/slog.Logger).InfoContext":        roleValue,
	"(*log/slog.Logger).WarnContext":        roleValue,
	"(*log/slog.Logger).ErrorContext":       roleValue,
	"(*log/slog.Logger).Log":                roleValue,
	"(*log/slog.Logger).LogAttrs":           roleValue,
	"(*log/slog.Logger).Enabled":            roleValue,
	"(log/slog.Handler).Handle":             roleValue,
	"(log/slog.Handler).Enabled":            roleValue,
	"runtime/pprof.Do":                      roleNone, // its callback is looked at like any other
	"runtime/pprof.WithLabels":              roleDerive,
	"runtime/trace.NewTask":                 roleDerive,
	"runtime/trace.Log":                     roleValue,
	"net/http/httptrace.WithClientTrace":    roleDerive,
	"net/http/httptrace.ContextClientTrace": roleValue,

	"os/exec.CommandContext":          roleCancels,
	"(*net/http.Request).WithContext": roleCancels,

	"time.Sleep":     roleSleep,
	"runtime.Goexit": roleGoexit,

	"(*sync.Mutex).Lock":      roleLock,
	"(*sync.Mutex).Unlock":    roleUnlock,
	"(*sync.RWMutex).Lock":    roleLock,
	"(*sync.RWMutex).Unlock":  roleUnlock,
	"(*sync.RWMutex).RLock":   roleLock,
	"(*sync.RWMutex).RUnlock": roleUnlock,
	"(sync.Locker).Lock":      roleLock,
	"(sync.Locker).Unlock":    roleUnlock,

	"(*" + semaphorePath + ".Weighted).Acquire": roleAcquire,
	"(*" + semaphorePath + ".Weighted).Release": roleRelease,
}

func roleOf(name string) role { return table[name] }
