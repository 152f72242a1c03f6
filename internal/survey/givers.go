package survey

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/relevant"
)

// Which locks are given back by functions that have not taken them?

// A heldBy is a kind of lock in a field or variable, nil for any, as an embedded one has none.
type heldBy struct {
	what known.Taking
	of   *types.Var
}

// A giver is who unlocks a lock that it has not locked.
type giver int

// From least to most.
const (
	noGiver     giver = iota
	helpsLocker       // a function that only those call who lock it themselves
	anyGiver
)

// givers are the locks that functions unlock and do not lock, or whose method that does they
// keep.
type givers map[heldBy]giver

// of says who unlocks a lock. Of an exported field nobody knows who unlocks it.
func (g givers) of(what known.Taking, in *types.Var) giver {
	if in != nil {
		in = in.Origin()
		if in.IsField() && in.Exported() && !in.Embedded() {
			return anyGiver
		}
	}
	return g[heldBy{what, in}]
}

// unevenLocks goes through all functions once.
func (e surveyor) unevenLocks() givers {
	out := givers{}
	gives, takes := map[*types.Func]map[heldBy]bool{}, map[*types.Func]map[heldBy]bool{}
	later := map[*types.Func]bool{}          // a literal in it may do so at any time
	calls := map[*types.Func][]*types.Func{} // what takes a lock for it, among others
	for of, d := range e.Named().Decls {
		gives[of], takes[of] = map[heldBy]bool{}, map[heldBy]bool{}
		called := map[ast.Expr]bool{}
		ast.Inspect(d, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && !called[sel] {
				fn, _ := e.Pass.TypesInfo.Uses[sel.Sel].(*types.Func)
				if what, takes := known.Takes(fn); what != known.NoTaking && !takes {
					out[e.heldIn(what, sel.X)] = anyGiver
				}
			}
			call, ok := n.(*ast.CallExpr)
			if !ok {
				_, lit := n.(*ast.FuncLit)
				later[of] = later[of] || lit
				return true
			}
			called[ast.Unparen(call.Fun)] = true
			callee := typeutil.StaticCallee(e.Pass.TypesInfo, call)
			if callee != nil && callee.Pkg() == e.Pass.Pkg {
				calls[of] = append(calls[of], callee.Origin())
			}
			if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && known.Tries(callee) != known.NoTaking {
				takes[of][e.heldIn(known.Tries(callee), sel.X)] = true
			}
			what, lock, does := relevant.Takes(e.Pass.TypesInfo, call)
			if what == known.NoTaking {
				return true
			}
			for _, key := range []heldBy{{what, nil}, e.heldIn(what, lock)} {
				takes[of][key], gives[of][key] = takes[of][key] || does, gives[of][key] || !does
			}
			return true
		})
	}
	for fn, given := range gives {
		for key := range given {
			locks := func(f *types.Func) bool { return takes[f][key] }
			if !given[key] || locks(fn) || slices.ContainsFunc(calls[fn], func(f *types.Func) bool { return locks(f) && !gives[f][key] }) {
				continue
			}
			if fn.Exported() || later[fn] || len(e.Named().Mentions[fn]) == 0 || e.NamedBeside(fn, locks) {
				out[key] = anyGiver
			} else {
				out[key] = max(out[key], helpsLocker)
			}
		}
	}
	return out
}

// heldIn is the lock that an expression stands for, by the field or variable that it ends
// with. Of a call it is what the function says in its only return.
func (e surveyor) heldIn(what known.Taking, x ast.Expr) heldBy {
	out := heldBy{what: what}
	x = ast.Unparen(x)
	if ref, ok := x.(*ast.UnaryExpr); ok {
		x = ast.Unparen(ref.X)
	}
	if sel, ok := x.(*ast.SelectorExpr); ok {
		x = sel.Sel
	}
	switch x := x.(type) {
	case *ast.CallExpr:
		if d := e.Named().Decls[typeutil.StaticCallee(e.Pass.TypesInfo, x)]; d != nil && d.Body != nil && len(d.Body.List) == 1 {
			if ret, ok := d.Body.List[0].(*ast.ReturnStmt); ok && len(ret.Results) == 1 {
				if _, again := ast.Unparen(ret.Results[0]).(*ast.CallExpr); !again {
					return e.heldIn(what, ret.Results[0])
				}
			}
		}
	case *ast.Ident:
		if v, ok := e.Pass.TypesInfo.Uses[x].(*types.Var); ok {
			out.of = v.Origin()
		}
	}
	return out
}
