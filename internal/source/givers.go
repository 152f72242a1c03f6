package source

import (
	"go/ast"
	"go/types"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/relevant"
)

// Which locks are given back by functions that have not taken them?

// A heldBy is a kind of lock in a field or variable, nil for any, as an embedded one has none.
type heldBy struct {
	what known.Taking
	of   *types.Var
}

// GivenBackElsewhere reports whether a function unlocks such a lock, and does not lock it, or
// keeps the method that does. Of an exported field nobody knows who unlocks it.
func (p *Package) GivenBackElsewhere(what known.Taking, of *types.Var) bool {
	if p.givenBack == nil {
		p.givenBack = p.unevenLocks()
	}
	if of != nil {
		of = of.Origin()
		if of.IsField() && of.Exported() && !of.Embedded() {
			return true
		}
	}
	return p.givenBack[heldBy{what, of}]
}

// unevenLocks goes through all functions once.
func (p *Package) unevenLocks() map[heldBy]bool {
	out := map[heldBy]bool{}
	for _, d := range p.Named().Decls {
		gives, takes := map[heldBy]bool{}, map[heldBy]bool{}
		called := map[ast.Expr]bool{}
		ast.Inspect(d, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && !called[sel] {
				fn, _ := p.Pass.TypesInfo.Uses[sel.Sel].(*types.Func)
				if what, takes := known.Takes(fn); what != known.NoTaking && !takes {
					out[heldBy{what, p.heldIn(sel.X)}] = true
				}
			}
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			called[ast.Unparen(call.Fun)] = true
			what, of, does := relevant.Takes(p.Pass.TypesInfo, call)
			if what == known.NoTaking {
				return true
			}
			for _, key := range []heldBy{{what, nil}, {what, p.heldIn(of)}} {
				takes[key], gives[key] = takes[key] || does, gives[key] || !does
			}
			return true
		})
		for key := range gives {
			out[key] = out[key] || gives[key] && !takes[key]
		}
	}
	return out
}

// heldIn is the field or variable that an expression ends with, nil if it ends with none.
func (p *Package) heldIn(x ast.Expr) *types.Var {
	x = ast.Unparen(x)
	if sel, ok := x.(*ast.SelectorExpr); ok {
		x = sel.Sel
	}
	id, _ := x.(*ast.Ident)
	v, ok := p.Pass.TypesInfo.Uses[id].(*types.Var)
	if !ok {
		return nil
	}
	return v.Origin()
}
