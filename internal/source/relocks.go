package source

import (
	"go/ast"
	"go/types"
	"maps"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/internal/known"
)

// Methods that call, with a lock of their object held, another method of the object that
// takes the lock too.
//
// This looks at the text only, as leavesHolding does: a lock is what is written after the
// receiver's name, and a method is called on the receiver itself. What is found is only a
// reason to build the method.

// forReading marks the locks that are taken for reading.
const forReading = " R"

// locking is what a method does with the locks of its object.
type locking struct {
	pass *analysis.Pass
	recv *types.Var
	// takes are the locks that it takes while it has given none back.
	takes map[string]bool
	gives bool
	// calls are the methods that it calls on its object, with the locks held then.
	calls map[*types.Func]taken
}

// lockingOf goes through a method; nil if it has no receiver to speak of.
func lockingOf(pass *analysis.Pass, d *ast.FuncDecl) *locking {
	if d.Recv == nil || len(d.Recv.List) != 1 || len(d.Recv.List[0].Names) != 1 {
		return nil
	}
	recv, _ := pass.TypesInfo.Defs[d.Recv.List[0].Names[0]].(*types.Var)
	if recv == nil {
		return nil
	}
	l := &locking{pass: pass, recv: recv, takes: map[string]bool{}, calls: map[*types.Func]taken{}}
	l.list(d.Body.List, taken{})
	if len(l.calls) == 0 && len(l.takes) == 0 {
		return nil
	}
	return l
}

// list goes through statements, and notes in held what they leave taken.
func (l *locking) list(list []ast.Stmt, held taken) {
	for _, stmt := range list {
		l.stmt(stmt, held)
		for _, inner := range innerLists(stmt) {
			branch := maps.Clone(held)
			l.list(inner, branch)
			if len(inner) == 0 || !leaves(inner[len(inner)-1]) {
				maps.DeleteFunc(held, func(key string, _ bool) bool { return !branch[key] })
			}
		}
	}
}

// stmt goes through the calls of a statement outside of its inner lists and of literals.
// What is deferred, or started, happens later.
func (l *locking) stmt(stmt ast.Stmt, held taken) {
	switch stmt.(type) {
	case *ast.DeferStmt, *ast.GoStmt:
		return
	}
	ast.Inspect(stmt, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt, *ast.FuncLit, *ast.CaseClause, *ast.CommClause:
			return false
		case *ast.CallExpr:
			l.call(n, held)
		}
		return true
	})
}

func (l *locking) call(call *ast.CallExpr, held taken) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	fn, ok := l.pass.TypesInfo.Uses[sel.Sel].(*types.Func)
	if !ok {
		return
	}
	if what, takes := known.Takes(fn); strings.HasSuffix(what, "lock") {
		inner, ok := sel.X.(*ast.SelectorExpr)
		if !ok || !l.isRecv(inner.X) {
			return
		}
		key := inner.Sel.Name
		if what == "read lock" {
			key += forReading
		}
		if !takes {
			l.gives = true
			delete(held, key)
			return
		}
		if !l.gives {
			l.takes[key] = true
		}
		held[key] = true
		return
	}
	if fn.Pkg() == l.pass.Pkg && l.isRecv(sel.X) {
		if l.calls[fn.Origin()] == nil {
			l.calls[fn.Origin()] = taken{}
		}
		maps.Copy(l.calls[fn.Origin()], held)
	}
}

func (l *locking) isRecv(x ast.Expr) bool {
	id, ok := x.(*ast.Ident)
	return ok && l.pass.TypesInfo.Uses[id] == l.recv
}

// relocks reports which of the methods may take a lock a second time, other than for
// reading both times.
func relocks(all map[*types.Func]*locking) map[*types.Func]bool {
	for changed := true; changed; {
		changed = false
		for _, l := range all {
			for fn := range l.calls {
				if c := all[fn]; c != nil && !l.gives {
					before := len(l.takes)
					maps.Copy(l.takes, c.takes)
					changed = changed || len(l.takes) > before
				}
			}
		}
	}
	out := map[*types.Func]bool{}
	for fn, l := range all {
		for callee, held := range l.calls {
			if c := all[callee]; c != nil {
				for key := range held {
					lock, reads := strings.CutSuffix(key, forReading)
					out[fn] = out[fn] || c.takes[lock] || !reads && c.takes[lock+forReading]
				}
			}
		}
	}
	return out
}
