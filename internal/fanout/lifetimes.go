package fanout

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Questions about how long contexts and calls last.

// NeverEnds reports whether a context, given by its alternatives, cannot end:
// each is Background, TODO or WithoutCancel, or only adds values to one that is.
// What other functions derive may have a time limit, and counts as unknown.
func NeverEnds(ctx []*Ctx) bool {
	for _, c := range ctx {
		life, parent := c.Life()
		for n := 0; life == LifeSame && n < maxDepth; n++ {
			life, parent = parent.Life()
		}
		if life != LifeNever {
			return false
		}
	}
	return len(ctx) > 0
}

// Base is the function that made the context which c adds values to, or c itself.
func (c *Ctx) Base() string {
	for n := 0; n < maxDepth; n++ {
		life, parent := c.Life()
		if life != LifeSame {
			break
		}
		c = parent
	}
	return c.How
}

// callerCtx is the name of a context that fn, or the function around it, is
// given; "" if there is none.
func callerCtx(fn *ssa.Function) string {
	for ; fn != nil; fn = fn.Parent() {
		for _, p := range fn.Params {
			if isNamed(p.Type(), "context", "Context") && p.Name() != "_" && p.Name() != "" {
				return p.Name()
			}
		}
	}
	return ""
}

// OfRequest reports whether a context ends when the spawner returns because the
// spawner is an HTTP handler and the context is that of its request, or derives
// from it. The server cancels it then (net/http, Request.Context).
func (f *FanOut) OfRequest(ctx []*Ctx) bool {
	all := roots(ctx)
	for _, r := range all {
		p, ok := r.val.(*ssa.Parameter)
		if !ok || !strings.HasSuffix(r.path, ".Context()") || !isNamed(p.Type(), "net/http", "Request") {
			return false
		}
		if r.fr == nil || f.e.bodies[r.fr] != f.Body || !isHandler(p.Parent().Signature) {
			return false
		}
	}
	return len(all) > 0
}

// isHandler reports whether sig is that of an HTTP handler.
func isHandler(sig *types.Signature) bool {
	p := sig.Params()
	return p.Len() == 2 && sig.Results().Len() == 0 &&
		isNamed(p.At(0).Type(), "net/http", "ResponseWriter") && isNamed(p.At(1).Type(), "net/http", "Request")
}

// DiesWith reports whether a context ends for certain when one of dead does: each
// of its alternatives is one of them or derives from one.
func DiesWith(dead, ctx []*Ctx) bool {
	if len(dead) != 1 || len(ctx) == 0 {
		return false // which of several is cancelled is not known
	}
	var dies func(c *Ctx, depth int) bool
	dies = func(c *Ctx, depth int) bool {
		if c == dead[0] {
			return true
		}
		up := c.Parents
		if c.Kind == CtxOfGroup {
			up = c.Group.Parent
		}
		if depth > maxDepth || c.Kind != CtxDerived && c.Kind != CtxOfGroup || len(up) == 0 {
			return false
		}
		for _, p := range up {
			if !dies(p, depth+1) {
				return false
			}
		}
		return true
	}
	for _, c := range ctx {
		if !dies(c, 0) {
			return false
		}
	}
	return true
}

// Lingers reports whether op can take long: it waits for other goroutines, sleeps,
// or calls code that is not known to return at once.
func (op *Op) Lingers() bool {
	return op.Runs(func(o *Op) bool {
		switch o.Kind {
		case OpSend, OpReceive, OpRange, OpWait, OpAcquire, OpSleep:
			return true
		case OpSelect:
			return !o.Default
		case OpCall:
			return o.Into == nil && !o.brief
		}
		return false
	})
}

// briefCall reports whether a function that is not seen returns at once: it
// formats, logs, or answers a request, and is not given a context to wait with.
func briefCall(c *ssa.CallCommon, fn *types.Func) bool {
	if fn == nil {
		return false
	}
	for _, a := range plainArgs(c) {
		if isContext(a.Type()) {
			return false
		}
	}
	switch path := pkgPath(fn); path {
	case "fmt", "log", "log/slog", "errors", "strings", "strconv", "bytes", "encoding/json", "encoding/xml", "encoding/hex", "encoding/base64",
		"net/url", "path", "path/filepath", "slices", "maps", "sort", "math", "math/rand", "math/rand/v2", "time", "unicode", "html", "sync/atomic":
		return true
	case "net/http":
		switch fn.Name() {
		case "Error", "Redirect", "NotFound", "SetCookie", "StatusText", "Context", "PathValue", "Cookie", "UserAgent":
			return true
		}
		recv := fn.Signature().Recv()
		return recv != nil && (isNamed(recv.Type(), path, "ResponseWriter") || isNamed(recv.Type(), path, "Header"))
	}
	return fn.Signature().Results().Len() == 0 && levelName(fn.Name())
}
