package known

import (
	"go/types"
	"slices"
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

// LocksByName reports whether a call is named as one that takes a lock or a semaphore,
// or gives it back.
func LocksByName(text string) (takes, gives bool) {
	name := text[strings.LastIndexByte(text, '.')+1:]
	for _, verb := range []string{"Release", "Unlock", "Leave"} {
		if strings.HasPrefix(name, verb) || strings.HasSuffix(name, "Unlock") {
			return false, true
		}
	}
	for _, verb := range []string{"Acquire", "TryAcquire", "Lock", "TryLock", "Enter"} {
		if strings.HasPrefix(name, verb) && !HoldsLockByName(name) {
			return true, false
		}
	}
	return strings.HasSuffix(name, "Lock"), false
}

// HoldsLockByName reports whether a function is named as one that is called with the lock
// held.
func HoldsLockByName(name string) bool {
	return strings.HasSuffix(name, "Locked") || strings.HasSuffix(name, "WithLock")
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

// objectMethods are methods of std that read or change the object that they are called
// on, without a lock, by the type of the object: the beginnings of the names of those
// that change it, and of those that only read. Types that many goroutines may use at
// once are not in it.
var objectMethods = map[string][2][]string{
	"bytes.Buffer":             {{"Write", "Read", "Reset", "Truncate", "Grow", "Next", "Unread"}, {"String", "Len", "Bytes", "Cap", "Available"}},
	"strings.Builder":          {{"Write", "Reset", "Grow"}, {"String", "Len", "Cap"}},
	"bufio.Writer":             {{"Write", "ReadFrom", "Flush", "Reset"}, {"Buffered", "Available", "Size"}},
	"container/list.List":      {{"Push", "Insert", "Remove", "Move", "Init"}, {"Len", "Front", "Back"}},
	"net/http.Header":          {{"Set", "Add", "Del"}, {"Get", "Values", "Clone", "Write"}},
	"net/url.Values":           {{"Set", "Add", "Del"}, {"Get", "Has", "Encode"}},
	"net/textproto.MIMEHeader": {{"Set", "Add", "Del"}, {"Get", "Values"}},
	"math/big.Int":             {{"Add", "Sub", "Mul", "Set"}, {"Cmp", "Int64", "String", "Sign"}},
}

// ObjectMethod reports whether the method changes the object that it is called on, or
// only reads it; both are false if that is not known.
func ObjectMethod(fn *types.Func) (changes, reads bool) {
	recv := fn.Signature().Recv()
	if recv == nil {
		return false, false
	}
	return objectMethod(recv.Type(), fn.Name())
}

// WritesTo reports whether a function of std writes to its first argument, a pointer to
// an object of std that is no place for many goroutines at once.
func WritesTo(fn *types.Func, arg types.Type) bool {
	switch FuncName(fn) {
	case "fmt.Fprint", "fmt.Fprintf", "fmt.Fprintln", "io.WriteString", "io.Copy", "io.CopyN":
		changes, _ := objectMethod(arg, "Write")
		return changes
	}
	return false
}

func objectMethod(recv types.Type, name string) (changes, reads bool) {
	n := NamedType(recv)
	if n == nil {
		return false, false
	}
	begins := func(list []string) bool {
		return slices.ContainsFunc(list, func(p string) bool { return strings.HasPrefix(name, p) })
	}
	entry := objectMethods[PkgPath(n.Obj())+"."+n.Obj().Name()]
	changes = begins(entry[0])
	return changes, !changes && begins(entry[1])
}

// StopsEarly reports whether a function of std that is given a reader returns before the
// end of what it reads, once it has what it wants: whoever writes may not be done. What
// makes a decoder is one, as long as what it has made is used once.
func StopsEarly(fn *types.Func) bool {
	if fn == nil {
		return false
	}
	switch name := FuncName(fn); name {
	case "io.ReadFull", "io.ReadAtLeast", "io.CopyN", "encoding/json.NewDecoder", "encoding/xml.NewDecoder", "encoding/gob.NewDecoder":
		return true
	}
	return fn.Name() == "Read" && fn.Signature().Recv() != nil && IsNamed(fn.Signature().Recv().Type(), "io", "PipeReader")
}

// WaitsForAll reports whether the call comes back when all goroutines around have ended or
// wait for something: what they did before happened before.
func WaitsForAll(fn *types.Func) bool { return fn != nil && FuncName(fn) == "testing/synctest.Wait" }

// ReadsOn reports whether a call takes the next piece of what is read, by its name: in a
// loop, such calls read to the end.
func ReadsOn(fn *types.Func) bool {
	if fn == nil {
		return false
	}
	switch fn.Name() {
	case "Decode", "More", "Token", "Read":
		return true
	}
	return false
}

// MakesEnds reports whether a function makes two ends of one thing: what is done at one
// may be waited for at the other.
func MakesEnds(sig *types.Signature) bool {
	ends := 0
	for r := range sig.Results().Variables() {
		if NamedType(r.Type()) != nil && !IsError(r.Type()) && !IsContext(r.Type()) {
			ends++
		}
	}
	return ends > 1
}

// AtomicOp reports whether fn is an operation of sync/atomic, a function or a method, and
// whether it only reads.
func AtomicOp(fn *types.Func) (is, loads bool) {
	if fn == nil || PkgPath(fn) != "sync/atomic" {
		return false, false
	}
	return true, strings.HasPrefix(fn.Name(), "Load")
}

// IsMutex reports whether t is a lock of sync, or a pointer to one.
func IsMutex(t types.Type) bool { return IsNamed(t, "sync", "Mutex") || IsNamed(t, "sync", "RWMutex") }

// IsAtomic reports whether t is a type of sync/atomic, or a pointer to one.
func IsAtomic(t types.Type) bool {
	n := NamedType(t)
	return n != nil && PkgPath(n.Obj()) == "sync/atomic"
}
