package known

import (
	"go/types"
	"strings"
	"unicode"
)

// Names that tell of an order between goroutines. All err on the side of order: what
// is taken to keep two goroutines apart and does not hides a race.

// PicksOne reports whether a result of the function tells one of its callers from all
// others: an atomic operation, an attempt to take what only one can have, a question
// whether the caller is the one. What a function makes of an error tells nothing.
func PicksOne(fn *types.Func) bool {
	sig := fn.Signature()
	for i := range sig.Params().Len() {
		if IsError(sig.Params().At(i).Type()) {
			return false
		}
	}
	name := fn.Name()
	if PkgPath(fn) == "sync/atomic" && strings.HasPrefix(name, "Add") {
		return true
	}
	switch name {
	case "Add", "CAS", "Inc", "Dec", "TryLock", "TryAcquire", "LoadOrStore", "LoadAndDelete":
		return true
	}
	return strings.HasPrefix(name, "CompareAnd") || strings.HasPrefix(name, "Swap") || IsPickName(name) || isIdentity(sig, name)
}

// IsPickName reports whether a function is named as one that answers yes to one of its
// callers only.
func IsPickName(name string) bool {
	if len(name) > 2 && (strings.HasPrefix(name, "Is") || strings.HasPrefix(name, "is")) && unicode.IsUpper(rune(name[2])) {
		return true
	}
	lower := strings.ToLower(name)
	for _, verb := range []string{"claim", "once", "first", "leader", "try"} {
		if strings.HasPrefix(lower, verb) {
			return true
		}
	}
	return strings.HasSuffix(lower, "once") || strings.HasSuffix(lower, "leader")
}

// isIdentity reports whether a method without parameters is named as what tells one
// object from others.
func isIdentity(sig *types.Signature, name string) bool {
	if sig.Params().Len() > 0 || sig.Results().Len() != 1 {
		return false
	}
	for _, what := range []string{"ID", "Id", "Name", "Index", "Rank", "Key", "Kind", "Type", "Path", "String"} {
		if strings.HasSuffix(name, what) {
			return true
		}
	}
	return false
}

// RunsInPlace reports whether a call is named like one that calls the function it is
// given before it returns, and not under a lock of its own.
func RunsInPlace(text string) bool {
	name := strings.ToLower(text)
	for _, part := range []string{"once", "lock", "single", "flight", "cache", "async"} {
		if strings.Contains(name, part) {
			return false
		}
	}
	for _, part := range []string{"retry", "retries", "poll", "backoff", "walk", "sort", "foreach", "measure", "withspan", "trace", "instrument"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// LocksByName reports whether a call is named as one that takes a lock, or gives it
// back.
func LocksByName(text string) (takes, gives bool) {
	switch name := text[strings.LastIndexByte(text, '.')+1:]; {
	case strings.HasSuffix(name, "Unlock") || name == "Release" || name == "Leave":
		return false, true
	case strings.HasSuffix(name, "Lock") || name == "Acquire" || name == "Enter":
		return true, false
	}
	return false, false
}

// IsAsync reports whether a call is named like one that has the function it is given
// run by somebody else, or later.
func IsAsync(text string) bool {
	name := strings.ToLower(text[strings.LastIndexByte(text, '.')+1:])
	for _, verb := range []string{"go", "submit", "async", "spawn", "start", "schedule", "enqueue", "after", "defer", "register", "add", "push", "handle", "cleanup", "subscribe", "notify"} {
		if strings.HasPrefix(name, verb) {
			return true
		}
	}
	return strings.HasPrefix(name, "on") && !strings.HasPrefix(name, "once")
}
