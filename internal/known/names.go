package known

import (
	"go/types"
	"slices"
	"strings"
	"unicode"
)

// IsSignalName reports whether a call is named like the end of something or like
// handing something over.
func IsSignalName(text string) bool {
	if IsCleanupName(text) {
		return true
	}
	name := strings.ToLower(text[strings.LastIndexByte(text, '.')+1:])
	for _, verb := range []string{"done", "finish", "signal", "broadcast", "notify", "set", "cancel", "kill", "exit", "put", "push", "send", "store", "complete", "resolve", "emit", "publish", "write", "add", "end", "swap", "compare", "mark", "terminate", "fire", "trigger", "quit", "enqueue", "delete", "flush", "copy", "serve"} {
		if strings.HasPrefix(name, verb) {
			return true
		}
	}
	return false
}

// IsCleanupName reports whether a call is named like the end of something. Such
// calls are made on the caller's context on purpose: the group's is dead by
// then.
func IsCleanupName(text string) bool {
	name := strings.ToLower(text[strings.LastIndexByte(text, '.')+1:])
	for _, verb := range []string{"shutdown", "rollback", "cleanup", "close", "stop", "abort", "release", "unlock", "revert", "undo", "teardown"} {
		if strings.HasPrefix(name, verb) || strings.HasSuffix(name, verb) {
			return true
		}
	}
	return false
}

// EndsObject reports whether a method is named as by convention the one by which clients
// end an object, and what it has started (io.Closer, time.Ticker, net/http.Server).
func EndsObject(method string) bool {
	return method == "Close" || method == "Stop" || method == "Shutdown"
}

// OpensObject reports whether a method is named like one after which an object that was closed
// is open again, so that closing it is no end.
func OpensObject(method string) bool {
	return method == "Open" || method == "Connect" || method == "Resume" || method == "Reset"
}

// IsErrorConstructor lists the plain ones of the standard library.
func IsErrorConstructor(name string) bool { return name == "errors.New" || name == "fmt.Errorf" }

// NeverNil lists constructors whose results are not nil.
func NeverNil(name string) bool {
	switch name {
	case "github.com/pkg/errors.New", "github.com/pkg/errors.Errorf", "golang.org/x/xerrors.New", "golang.org/x/xerrors.Errorf":
		return true
	case "google.golang.org/grpc/status.Error", "google.golang.org/grpc/status.Errorf":
		return true // nil for codes.OK, and nobody makes an error of that
	case errgroupPath + ".WithContext", "context.WithCancel", "context.WithTimeout", "context.WithDeadline":
		return true
	}
	return IsErrorConstructor(name)
}

// IsLastName reports whether a variable is named as one that is to hold the last
// value only.
func IsLastName(name string) bool { return strings.HasPrefix(strings.ToLower(name), "last") }

// IsFirstName reports whether a variable is named as one that is to hold the first
// value only.
func IsFirstName(name string) bool { return strings.HasPrefix(strings.ToLower(name), "first") }

// PromisesFirst reports whether a comment says that the first of several is meant.
func PromisesFirst(note string) bool {
	return slices.Contains(strings.FieldsFunc(strings.ToLower(note), func(r rune) bool { return !unicode.IsLetter(r) }), "first")
}

// SaysKept reports whether a comment says that a lock is not given back: that it is not
// unlocked, that it is left or kept held, or that the caller is to release it. Who writes that
// means it.
func SaysKept(note string) bool {
	words := strings.FieldsFunc(strings.ToLower(note), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' })
	for i, w := range words {
		rest := words[i+1:]
		switch {
		case denies(w) && neverUnlocks(rest), strings.HasPrefix(w, "caller") && isToRelease(rest):
			return true
		case leavesHeld(w, rest) && (i == 0 || !denies(words[i-1])):
			return true
		}
	}
	return false
}

// denies reports whether a word of a comment says that something is not done.
func denies(w string) bool {
	return w == "not" || w == "never" || w == "without" || strings.HasSuffix(w, "n't")
}

// neverUnlocks reports whether what follows a denial has "unlock" in some form, with nothing
// before it that gives the denial another object, and nothing behind it that only says when or
// how it is not.
func neverUnlocks(rest []string) bool {
	rest = after(rest, "ever", "to", "be", "yet")
	limits := len(rest) > 1 && slices.Contains([]string{"before", "until", "via", "with", "twice", "again", "by"}, rest[1])
	return len(rest) > 0 && strings.HasPrefix(rest[0], "unlock") && !limits
}

// isToRelease reports whether what follows "caller" says that it has to give a lock back.
func isToRelease(rest []string) bool {
	rest = after(rest, "must", "should", "has", "have", "needs", "need", "is", "are", "then", "will", "to", "responsible", "for")
	return len(rest) > 0 && (strings.HasPrefix(rest[0], "releas") || strings.HasPrefix(rest[0], "unlock"))
}

// leavesHeld reports whether a verb and what follows it say that something stays held.
func leavesHeld(w string, rest []string) bool {
	verbs := []string{"leave", "leaves", "leaving", "left", "keep", "keeps", "keeping", "return", "returns", "returning"}
	near := rest[:min(len(rest), 4)]
	held := slices.IndexFunc(near, func(w string) bool { return w == "held" || w == "locked" })
	return slices.Contains(verbs, w) && held >= 0 && !slices.ContainsFunc(near[:held], func(w string) bool {
		return denies(w) || w == "if" || w == "unless" || w == "when"
	})
}

// after is words without those of skip that it begins with.
func after(words []string, skip ...string) []string {
	for len(words) > 0 && slices.Contains(skip, words[0]) {
		words = words[1:]
	}
	return words
}

// IsLightName reports whether a call is named like one whose error is rarely of
// interest: output, deadlines, waiting for what was started.
func IsLightName(name string) bool {
	for _, p := range []string{"Write", "Fprint", "Print", "Flush", "Sync", "Set", "Wait", "Log", "Put", "Return", "Reset"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

// IsHandler reports whether sig is that of an HTTP handler.
func IsHandler(sig *types.Signature) bool {
	p := sig.Params()
	return p.Len() == 2 && sig.Results().Len() == 0 &&
		IsNamed(p.At(0).Type(), "net/http", "ResponseWriter") && IsNamed(p.At(1).Type(), "net/http", "Request")
}

// A RequestParam is how the context of a request comes to the function that answers it.
type RequestParam int8

// The ways.
const (
	NoRequest      RequestParam = iota
	RequestCarries              // the parameter's method Context gives it
	RequestContext              // the parameter is the context
	RequestHolds                // the method Context of its field Request gives it
)

// RequestPath is the way from the parameter to the context.
var RequestPath = [...]string{
	RequestCarries: ".Context()", RequestContext: "", RequestHolds: ".Request.Context()",
}

// requestTypes are the types by which servers of other libraries hand a request over, to
// functions with that one parameter.
var requestTypes = map[string]RequestParam{
	"github.com/gin-gonic/gin.Context": RequestHolds,
}

// Requests tells for each parameter of a function how it brings the context of a request
// that ends when the function returns, nil if it brings none. It is told by types: an
// HTTP handler's request, also as gin hands it over; the stream of a streaming
// call of gRPC; and the context of a method that replaces one of the same name which an
// embedded Unimplemented...Server or Unimplemented...Handler has, as the code generated
// for a service of gRPC or Connect asks of its servers.
func Requests(fn *types.Signature, name string) []RequestParam {
	out := make([]RequestParam, fn.Params().Len())
	if IsHandler(fn) {
		out[1] = RequestCarries
		return out
	}
	if len(out) == 1 {
		if n := NamedType(fn.Params().At(0).Type()); n != nil {
			if out[0] = requestTypes[PkgPath(n.Obj())+"."+n.Obj().Name()]; out[0] != NoRequest {
				return out
			}
		}
	}
	if fn.Recv() == nil || !servesCall(fn.Recv().Type(), name) {
		return nil
	}
	found := false
	for i := range out {
		switch t := fn.Params().At(i).Type(); {
		case IsNamed(t, "context", "Context"):
			out[i], found = RequestContext, true
		case isServerStream(t):
			out[i], found = RequestCarries, true
		}
	}
	if !found {
		return nil
	}
	return out
}

// servesCall reports whether the type embeds the methods that a server has
// unless it brings its own, and one of them has the name.
func servesCall(recv types.Type, name string) bool {
	n := NamedType(recv)
	if n == nil {
		return false
	}
	st, ok := n.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		base := NamedType(f.Type())
		if !f.Embedded() || base == nil || !isUnimplementedServer(base.Obj().Name()) {
			continue
		}
		if obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(base), true, base.Obj().Pkg(), name); obj != nil {
			return true
		}
	}
	return false
}

func isUnimplementedServer(name string) bool {
	return strings.HasPrefix(name, "Unimplemented") && (strings.HasSuffix(name, "Server") || strings.HasSuffix(name, "Handler"))
}

// isServerStream reports whether t has the methods of grpc.ServerStream that receive,
// send, and give the context of the call.
func isServerStream(t types.Type) bool {
	set := types.NewMethodSet(t)
	for _, name := range []string{"Context", "SendMsg", "RecvMsg"} {
		if set.Lookup(nil, name) == nil {
			return false
		}
	}
	return true
}

// Detaches reports whether a function is named as one whose context does not end with
// the one that it is given. It errs on the side of yes: the context then counts as one
// of which nothing is known.
func Detaches(name string) bool {
	name = strings.ToLower(name)
	for _, verb := range []string{"detach", "withoutcancel", "background", "uncancel", "nocancel", "notcancel"} {
		if strings.Contains(name, verb) {
			return true
		}
	}
	return false
}

// IsBrief reports whether a function that is not seen returns at once: it formats,
// logs, or answers a request.
func IsBrief(fn *types.Func) bool {
	switch path := PkgPath(fn); path {
	case "fmt", "log", "log/slog", "errors", "strings", "strconv", "bytes", "encoding/json", "encoding/xml", "encoding/hex", "encoding/base64",
		"net/url", "path", "path/filepath", "slices", "maps", "sort", "math", "math/rand", "math/rand/v2", "time", "unicode", "html", "sync/atomic":
		return true
	case "net/http":
		switch fn.Name() {
		case "Error", "Redirect", "NotFound", "SetCookie", "StatusText", "Context", "PathValue", "Cookie", "UserAgent":
			return true
		}
		recv := fn.Signature().Recv()
		return recv != nil && (IsNamed(recv.Type(), path, "ResponseWriter") || IsNamed(recv.Type(), path, "Header"))
	}
	return fn.Signature().Results().Len() == 0 && IsLogLevelName(fn.Name())
}

// NeverReturns reports whether control does not come back from fn: the process
// or the goroutine ends there. Loggers' Fatal methods end the process by
// convention; where one does not, paths after it are not looked at.
func NeverReturns(fn *types.Func) bool {
	switch FuncName(fn) {
	case "os.Exit", "runtime.Goexit", "syscall.Exit":
		return true
	}
	if panicsInLog(fn) {
		return true
	}
	switch fn.Name() {
	case "Fatal", "Fatalf", "Fatalln", "FailNow", "SkipNow", "Skip", "Skipf":
		sig := fn.Signature()
		if sig.Results().Len() != 0 {
			return fn.Name() == "Fatal" && beginsMessage(sig)
		}
		return sig.Recv() != nil || strings.HasSuffix(PkgPath(fn), "log") || strings.HasSuffix(PkgPath(fn), "/require")
	case "Exit", "Exitf":
		return fn.Signature().Recv() == nil && fn.Signature().Results().Len() == 0
	}
	return false
}

// panicsInLog reports whether a function of package log panics when it has written.
func panicsInLog(fn *types.Func) bool {
	return PkgPath(fn) == "log" && strings.HasPrefix(fn.Name(), "Panic")
}

// beginsMessage reports whether a function gives what collects a message until it is sent.
func beginsMessage(sig *types.Signature) bool {
	if sig.Params().Len() != 0 || sig.Results().Len() != 1 || sig.Variadic() {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(sig.Results().At(0).Type(), false, nil, "Msg")
	_, ok := obj.(*types.Func)
	return ok
}

// MultierrorPath is a library whose groups give their errors back as a pointer.
const MultierrorPath = "github.com/hashicorp/go-multierror"

// ToleratesNilPointer reports whether the function takes an error, and a nil pointer in it
// does it no harm.
func ToleratesNilPointer(name string) bool {
	switch name {
	case MultierrorPath + ".Append", "errors.Is", "errors.As", "errors.AsType", "errors.Unwrap":
		return true
	}
	return false
}

// PointerError reports whether t is a type of a package that is an error and can be
// nil without being a nil error: a pointer, a slice or a map.
func PointerError(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map:
		return types.Implements(t, errorType.Underlying().(*types.Interface))
	}
	return false
}

// HoldsErrors reports whether t is an error, a list of errors, or a type that is an
// error.
func HoldsErrors(t types.Type) bool {
	list, ok := t.Underlying().(*types.Slice)
	return IsError(t) || PointerError(t) || ok && IsError(list.Elem())
}

// MakesRequest reports whether a call with this text makes a request that carries a
// context, and sends nothing: the one of net/http, and those that wrap it by its name.
func MakesRequest(text string) bool { return Makes(text) == "a request" }

// Makes says what a call with this text makes that carries a context, and does not run
// yet; "" if nothing of that kind.
func Makes(text string) string {
	switch {
	case strings.HasSuffix(text, "RequestWithContext"):
		return "a request"
	case strings.HasSuffix(text, "CommandContext"):
		return "a command"
	}
	return ""
}
