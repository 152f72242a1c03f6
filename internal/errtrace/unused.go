package errtrace

import (
	"go/ast"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// unused looks at a call whose error nobody looks at: its results are not used at
// all. Left out are calls that have nothing to tell: those that end or write
// something on the way out, whose errors change nothing any more, those of the
// standard library (closing, writing to a buffer, removing what may not be
// there), functions that always return nil, and calls made after a failure. A
// result assigned to the blank identifier is dropped on purpose.
func (l *lossFinder) unused(call *ssa.Call, fr *flow.Frame) {
	sig := call.Call.Signature()
	if !known.ReturnsError(sig) || len(*call.Referrers()) > 0 || source.OnlyLogs(call) {
		return
	}
	fn := source.Callee(&call.Call)
	path := known.PkgPath(staticObj(call))
	if fn == nil || l.e.AfterFailure(call, fr) || !strings.Contains(path, ".") && fn.Pkg() != l.e.Pass.Pkg {
		return
	}
	if name := fn.Name(); known.IsCleanupName(name) || known.IsLightName(name) {
		return
	}
	syn := l.e.Positions.Call(call.Pos())
	if syn == nil {
		return
	}
	if _, plain := l.e.Positions.Stmts[syn].(*ast.ExprStmt); !plain {
		return // deferred, or assigned to the blank identifier: it is meant
	}
	if l.e.Positions.Explained(syn.Pos()) || l.e.Positions.Explained(syn.End()) {
		return
	}
	if t, ok := l.e.Target(&call.Call, fr); ok && !l.e.Foreign(t.Fn) {
		if child := l.e.Enter(fr, call, t, flow.CallArgs(&call.Call), false); child != nil && l.e.Fails(child) == model.No {
			return
		}
	}
	x := &model.Loss{Kind: model.LossUnused, Task: l.task, Text: l.e.CalleeText(call, fn), Call: l.e.Positions.CallSpan(call), At: l.e.Positions.CallSpan(call), Own: fn.Pkg() == l.e.Pass.Pkg, Loops: source.InLoop(call.Block())}
	if fr != l.root {
		x.Func = source.DisplayName(fr.Fn)
	}
	l.found = append(l.found, x)
}
