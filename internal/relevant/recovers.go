package relevant

import (
	"go/ast"
	"go/token"
	"slices"
)

// Recovers reports whether a function around a place, the innermost on the path from the file,
// has deferred a literal by then that asks for a panic. A go statement starts anew.
func Recovers(path []ast.Node, at token.Pos) bool {
	for _, n := range slices.Backward(path) {
		switch n := n.(type) {
		case *ast.GoStmt:
			return false
		case *ast.FuncLit:
			return defersRecover(n.Body, at)
		case *ast.FuncDecl:
			return defersRecover(n.Body, at)
		}
	}
	return false
}

func defersRecover(body *ast.BlockStmt, before token.Pos) bool {
	return slices.ContainsFunc(body.List, func(s ast.Stmt) bool {
		d, ok := s.(*ast.DeferStmt)
		if !ok || d.Pos() > before {
			return false
		}
		lit, ok := d.Call.Fun.(*ast.FuncLit)
		return ok && callsRecover(lit)
	})
}

func callsRecover(lit *ast.FuncLit) (found bool) {
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if ok {
			id, isName := call.Fun.(*ast.Ident)
			found = found || isName && id.Name == "recover"
		}
		return !found
	})
	return found
}
