package fanout

import (
	"go/ast"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// unused looks at a call whose error nobody looks at: its results are not used at
// all. Left out are calls that have nothing to tell: those that end or write
// something on the way out, whose errors change nothing any more, those of the
// standard library (closing, writing to a buffer, removing what may not be
// there), functions that always return nil, and calls made after a failure. A
// result assigned to the blank identifier is dropped on purpose.
func (l *lossFinder) unused(call *ssa.Call, fr *frame) {
	sig := call.Call.Signature()
	if !returnsError(sig) || len(*call.Referrers()) > 0 || logs(call) {
		return
	}
	fn := staticFunc(&call.Call)
	path := pkgPath(staticObj(call))
	if fn == nil || l.e.afterFailure(call, fr) || !strings.Contains(path, ".") && fn.Pkg() != l.e.pass.Pkg {
		return
	}
	if name := fn.Name(); cleanupName(name) || lightName(name) {
		return
	}
	syn := l.e.text.call(call.Pos())
	if syn == nil {
		return
	}
	if _, plain := l.e.text.stmts[syn].(*ast.ExprStmt); !plain {
		return // deferred, or assigned to the blank identifier: it is meant
	}
	if l.e.text.explained(syn.Pos()) || l.e.text.explained(syn.End()) {
		return
	}
	if t, ok := l.e.target(&call.Call, fr); ok && !l.e.foreign(t.fn) {
		if child := l.e.enter(fr, call, t, call.Call.Args, false); child != nil && l.e.fails(child) == No {
			return
		}
	}
	x := &Loss{Kind: LossUnused, Task: l.task, Text: l.e.calleeText(call, fn), Call: l.e.callSpan(call), At: l.e.callSpan(call), Own: fn.Pkg() == l.e.pass.Pkg, Loops: inLoop(call.Block())}
	if fr != l.root {
		x.Func = displayName(fr.fn)
	}
	l.found = append(l.found, x)
}

// lightName reports whether a call is named like one whose error is rarely of
// interest: output, deadlines, waiting for what was started.
func lightName(name string) bool {
	for _, p := range []string{"Write", "Fprint", "Print", "Flush", "Sync", "Set", "Wait", "Log", "Put", "Return", "Reset"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}
