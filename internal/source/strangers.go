package source

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/internal/facts"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
)

// A Stranger is a call that looks like the start of a task, on a type that is not
// known to be a group.
type Stranger struct {
	At   model.Span
	Call string // "p.Go"
	Type string // by import path and name, as NamedGroups takes it
}

// Strangers lists such calls in the order of the source: a method that is given
// a function, of a type of another package that also has a method Wait. Types of
// the package itself are followed, and need not be known.
func Strangers(pass *analysis.Pass, named []*model.Contract) []Stranger {
	groups := facts.NewGroups(pass, named)
	var out []Stranger
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
			if !ok || pass.TypesInfo.Selections[sel] == nil {
				return true
			}
			fn, ok := pass.TypesInfo.Selections[sel].Obj().(*types.Func)
			if !ok || fn.Signature().Recv() == nil || !givenFunc(pass, call) {
				return true
			}
			n1 := known.NamedType(fn.Signature().Recv().Type())
			if n1 == nil || n1.Obj().Pkg() == nil || n1.Obj().Pkg() == pass.Pkg || groups.Is(fn.Signature().Recv().Type()) {
				return true
			}
			if m, _, _ := types.LookupFieldOrMethod(n1, true, n1.Obj().Pkg(), "Wait"); m == nil {
				return true
			}
			out = append(out, Stranger{At: model.SpanOf(call.Fun), Call: Short(call.Fun), Type: known.PkgPath(n1.Obj()) + "." + n1.Obj().Name()})
			return true
		})
	}
	return out
}

func givenFunc(pass *analysis.Pass, call *ast.CallExpr) bool {
	for _, a := range call.Args {
		if t := pass.TypesInfo.TypeOf(a); t != nil && known.IsFunc(t) {
			return true
		}
	}
	return false
}
