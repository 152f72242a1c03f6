package survey

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/source"
)

// leavesOnce reports whether a process runs fn once at most from each place that calls it,
// and fn makes no channel in a loop, or in a literal that is called later: the goroutines
// that it leaves behind do not add up.
func (e surveyor) leavesOnce(fn *ssa.Function) bool {
	return e.RunsOnce(fn) && !source.HasGoto(fn.Syntax()) && !e.makesAgain(fn.Syntax())
}

// makesAgain reports whether a channel is made below a node in a loop, or in a literal that
// is not called, or started, where it stands. A loop over a list that is written out has
// few rounds.
func (e surveyor) makesAgain(top ast.Node) bool {
	again := false
	var stack []ast.Node
	ast.Inspect(top, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		for i := 1; i < len(stack) && e.makesChan(n) && !again; i++ {
			switch around := stack[i].(type) {
			case *ast.ForStmt:
				again = true
			case *ast.RangeStmt:
				again = !e.IsWrittenOut(around.X)
			case *ast.FuncLit:
				call, ok := stack[i-1].(*ast.CallExpr)
				again = !ok || call.Fun != ast.Expr(around) && !e.startsTask(call)
			}
		}
		stack = append(stack, n)
		return true
	})
	return again
}

// makesChan reports whether a node makes a channel.
func (e surveyor) makesChan(n ast.Node) bool {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return false
	}
	made, ok := typeutil.Callee(e.Pass.TypesInfo, call).(*types.Builtin)
	return ok && made.Name() == "make" && known.IsChan(e.Pass.TypesInfo.TypeOf(call))
}

// startsTask reports whether a call starts a task of a group.
func (e surveyor) startsTask(call *ast.CallExpr) bool {
	fn := typeutil.StaticCallee(e.Pass.TypesInfo, call)
	return fn != nil && e.Groups.Starts(fn)
}
