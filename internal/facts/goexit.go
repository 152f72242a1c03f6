package facts

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
)

// Helpers of other packages.
//
// A helper of a test takes the test as a parameter. Which of them can end the
// goroutine is read off the syntax of the package that declares them, without
// SSA: a call, not in a literal or a go statement, of a function of the table,
// or of another such helper, with the parameter itself as the receiver or first
// argument. A parameter that is assigned is a rarity and is not looked for.

// ExportGoexit exports for exported functions which parameters they can end the
// goroutine through.
func ExportGoexit(pass *analysis.Pass) {
	if known.IsStd(pass) {
		return
	}
	var helpers []*testHelper
	for _, file := range pass.Files {
		for _, d := range file.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok && fd.Body != nil {
				if h := newTestHelper(pass, fd); h != nil {
					helpers = append(helpers, h)
				}
			}
		}
	}
	known := map[*types.Func]int{} // 1 + the parameter
	for changed := true; changed; {
		changed = false
		for _, h := range helpers {
			if known[h.fn] == 0 && h.ends(pass, known) {
				known[h.fn] = h.index + 1
				changed = true
			}
		}
	}
	for _, h := range helpers {
		if known[h.fn] == 0 || !h.fn.Exported() || h.index >= model.MaxParams {
			continue
		}
		var s Summary
		pass.ImportObjectFact(h.fn, &s)
		for len(s.Params) <= h.index {
			s.Params = append(s.Params, ParamSummary{})
		}
		s.Params[h.index].Quits = true
		pass.ExportObjectFact(h.fn, &s)
	}
}

// A testHelper is a function that is given a test.
type testHelper struct {
	fn    *types.Func
	param *types.Var
	index int // of param, the receiver counted
	body  *ast.BlockStmt
}

// newTestHelper describes a declaration, nil if it has no such parameter.
func newTestHelper(pass *analysis.Pass, fd *ast.FuncDecl) *testHelper {
	fn, _ := pass.TypesInfo.Defs[fd.Name].(*types.Func)
	if fn == nil {
		return nil
	}
	i := 0
	if fn.Signature().Recv() != nil {
		i++
	}
	for p := range fn.Signature().Params().Variables() {
		if known.TestingType(p.Type()) || known.TakesAsserter(p.Type()) {
			return &testHelper{fn, p, i, fd.Body}
		}
		i++
	}
	return nil
}

// ends reports whether the helper calls what can end its goroutine.
func (h *testHelper) ends(pass *analysis.Pass, ending map[*types.Func]int) bool {
	found := false
	ast.Inspect(h.body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.GoStmt:
			return false
		case *ast.CallExpr:
			found = found || h.endsBy(pass, n, ending)
		}
		return !found
	})
	return found
}

func (h *testHelper) endsBy(pass *analysis.Pass, call *ast.CallExpr, ending map[*types.Func]int) bool {
	isParam := func(x ast.Expr) bool {
		id, ok := ast.Unparen(x).(*ast.Ident)
		return ok && pass.TypesInfo.Uses[id] == types.Object(h.param)
	}
	var fn *types.Func
	var args []ast.Expr
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		fn, _ = pass.TypesInfo.Uses[fun].(*types.Func)
	case *ast.SelectorExpr:
		fn, _ = pass.TypesInfo.Uses[fun.Sel].(*types.Func)
		if fn != nil && fn.Signature().Recv() != nil {
			args = append(args, fun.X)
		}
	}
	if fn == nil {
		return false
	}
	args = append(args, call.Args...)
	switch known.GoexitOf(fn) {
	case known.GoexitAlways, known.GoexitByArg:
		return len(args) > 0 && isParam(args[0])
	}
	if i := ending[fn.Origin()]; i > 0 {
		return i <= len(args) && isParam(args[i-1])
	}
	s := Import(pass, fn)
	if s == nil {
		return false
	}
	i := slices.IndexFunc(s.Params, func(p ParamSummary) bool { return p.Quits })
	return i >= 0 && i < len(args) && isParam(args[i])
}
