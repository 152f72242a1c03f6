package fanout

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// Functions that can end the goroutine that calls them.
//
// A failed test stops by runtime.Goexit: testing's Fatal, FailNow, Skip and
// their kin always do so, the functions of assertion libraries when what they
// assert does not hold. To whoever counts the goroutine that is a return
// without an error.
//
// Libraries are known by package path and type; what they do was read in their
// source: testing (Go 1.26), testify 1.11.1, gotest.tools/v3 3.5.2, quicktest
// 1.14.6, go-quicktest/qt 1.102.0, check.v1. Their assertions end the goroutine
// through the FailNow of what they are given. So the argument counts too: a
// fake whose FailNow does something else ends nothing, and a value of which no
// testing type is known is taken for such a fake.
//
// Ignored: assertions of Ginkgo and Gomega, which panic instead, and functions
// of other packages that reach such a call in any other way than by the
// parameter that they are given (see exportQuits).

// quitter says how a function ends its goroutine.
type quitter int8

const (
	noQuit     quitter = iota
	quitAlways         // it never returns
	quitGiven          // when an assertion fails, through the test that argument 0 is
	quitHeld           // likewise, through the test that its receiver was made from
)

// quits looks fn up among the functions that can end their goroutine.
func quits(fn *types.Func) quitter {
	if fn == nil {
		return noQuit
	}
	recv := fn.Signature().Recv()
	switch path := pkgPath(fn); path {
	case "runtime":
		if fn.Name() == "Goexit" {
			return quitAlways
		}
	case "testing":
		switch fn.Name() {
		case "Fatal", "Fatalf", "FailNow", "SkipNow", "Skip", "Skipf":
			return quitAlways
		}
	case "github.com/stretchr/testify/require":
		switch {
		case !fn.Exported() || fn.Name() == "New" && recv == nil:
		case recv == nil:
			return quitGiven
		case isNamed(recv.Type(), path, "Assertions"):
			return quitHeld
		}
	case "gotest.tools/v3/assert", "gotest.tools/assert", "github.com/frankban/quicktest", "github.com/go-quicktest/qt":
		return quitsUnlessCheck(fn, recv)
	case "gopkg.in/check.v1":
		switch fn.Name() {
		case "Assert", "Fatal", "Fatalf", "FailNow", "Skip":
			if recv != nil && isNamed(recv.Type(), path, "C") {
				return quitAlways
			}
		}
	}
	return noQuit
}

// quitsUnlessCheck is quits for libraries whose one function that does not end
// the goroutine is called Check.
func quitsUnlessCheck(fn *types.Func, recv *types.Var) quitter {
	switch fn.Name() {
	case "Assert":
		if recv != nil {
			return quitHeld
		}
		return quitGiven
	case "NilError", "Equal", "DeepEqual", "Error", "ErrorContains", "ErrorType", "ErrorIs":
		if recv == nil && fn.Signature().Results().Len() == 0 {
			return quitGiven
		}
	}
	return noQuit
}

// quitCall reports whether the call can end its goroutine.
func (b *bodyBuilder) quitCall(c *ssa.CallCommon, fn *types.Func) bool {
	args := callArgs(c)
	switch quits(fn) {
	case quitAlways:
		return true
	case quitGiven:
		return len(args) > 0 && b.isTest(args[0])
	case quitHeld:
		return len(args) > 0 && b.holdsTest(args[0])
	}
	for i, a := range args {
		if b.e.imported(fn).param(i).Quits && b.isTest(a) {
			return true
		}
	}
	return false
}

// isTest reports whether v is one of the types of package testing.
func (b *bodyBuilder) isTest(v ssa.Value) bool {
	sources := b.e.resolve(v, b.fr)
	for _, s := range sources {
		if s.val == nil || s.path != "" || !testingType(s.val.Type()) {
			return testingType(v.Type())
		}
	}
	return len(sources) > 0
}

// testingType reports whether t is T, B, F or TB of package testing.
func testingType(t types.Type) bool {
	n := namedType(t)
	return n != nil && pkgPath(n.Obj()) == "testing"
}

// holdsTest reports whether an object with assertions as methods was made from a
// test. Where it was made is often not seen: then it is one unless a call made it
// from something else.
func (b *bodyBuilder) holdsTest(v ssa.Value) bool {
	for _, s := range b.e.resolve(v, b.fr) {
		mk, ok := s.val.(*ssa.Call)
		if !ok || s.path != "" {
			continue
		}
		fn := staticFunc(&mk.Call)
		if fn == nil || fn.Name() != "New" || len(callArgs(&mk.Call)) == 0 {
			continue
		}
		made := &bodyBuilder{e: b.e, fr: s.fr}
		if !made.isTest(callArgs(&mk.Call)[0]) {
			return false
		}
	}
	return true
}

// Helpers of other packages.
//
// A helper of a test takes the test as a parameter. Which of them can end the
// goroutine is read off the syntax of the package that declares them, without
// SSA: a call, not in a literal or a go statement, of a function of the table,
// or of another such helper, with the parameter itself as the receiver or first
// argument. A parameter that is assigned is a rarity and is not looked for.

// exportQuits exports for exported functions which parameters they can end the
// goroutine through.
func exportQuits(pass *analysis.Pass) {
	if standardLibrary(pass) {
		return
	}
	var helpers []*helper
	for _, file := range pass.Files {
		for _, d := range file.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok && fd.Body != nil {
				if h := newHelper(pass, fd); h != nil {
					helpers = append(helpers, h)
				}
			}
		}
	}
	known := map[*types.Func]int{} // 1 + the parameter
	for changed := true; changed; {
		changed = false
		for _, h := range helpers {
			if known[h.fn] == 0 && h.quits(pass, known) {
				known[h.fn] = h.index + 1
				changed = true
			}
		}
	}
	for _, h := range helpers {
		if known[h.fn] == 0 || !h.fn.Exported() || h.index >= maxParams {
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

// A helper is a function that is given a test.
type helper struct {
	fn    *types.Func
	param *types.Var
	index int // of param, the receiver counted
	body  *ast.BlockStmt
}

// newHelper describes a declaration, nil if it has no such parameter.
func newHelper(pass *analysis.Pass, fd *ast.FuncDecl) *helper {
	fn, _ := pass.TypesInfo.Defs[fd.Name].(*types.Func)
	if fn == nil {
		return nil
	}
	i := 0
	if fn.Signature().Recv() != nil {
		i++
	}
	for p := range fn.Signature().Params().Variables() {
		if testingType(p.Type()) || assertsOn(p.Type()) {
			return &helper{fn, p, i, fd.Body}
		}
		i++
	}
	return nil
}

// assertsOn reports whether t is what an assertion library asks of a test.
func assertsOn(t types.Type) bool {
	n := namedType(t)
	return n != nil && n.Obj().Name() == "TestingT" && types.IsInterface(n) && hasMethod(n, "FailNow")
}

// quits reports whether the helper calls what can end its goroutine.
func (h *helper) quits(pass *analysis.Pass, known map[*types.Func]int) bool {
	found := false
	ast.Inspect(h.body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.GoStmt:
			return false
		case *ast.CallExpr:
			found = found || h.quitsBy(pass, n, known)
		}
		return !found
	})
	return found
}

func (h *helper) quitsBy(pass *analysis.Pass, call *ast.CallExpr, known map[*types.Func]int) bool {
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
	switch quits(fn) {
	case quitAlways, quitGiven:
		return len(args) > 0 && isParam(args[0])
	}
	if i := known[fn.Origin()]; i > 0 {
		return i <= len(args) && isParam(args[i-1])
	}
	s := importSummary(pass, fn)
	if s == nil {
		return false
	}
	i := slices.IndexFunc(s.Params, func(p ParamSummary) bool { return p.Quits })
	return i >= 0 && i < len(args) && isParam(args[i])
}
