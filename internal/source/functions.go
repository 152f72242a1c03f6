package source

import (
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/model"
)

// Functions lists the functions of pkg that were built, in source order.
func Functions(pass *analysis.Pass, pkg *ssa.Package) []*ssa.Function {
	var out []*ssa.Function
	var add func(fn *ssa.Function)
	add = func(fn *ssa.Function) {
		if len(fn.Blocks) > 0 {
			out = append(out, fn)
		}
		for _, a := range fn.AnonFuncs {
			add(a)
		}
	}
	if init := pkg.Func("init"); init != nil {
		for _, a := range init.AnonFuncs {
			add(a)
		}
	}
	for _, file := range pass.Files {
		for _, d := range file.Decls {
			fd, ok := d.(*ast.FuncDecl)
			if !ok || fd.Body == nil {
				continue
			}
			obj, _ := pass.TypesInfo.Defs[fd.Name].(*types.Func)
			if obj == nil {
				continue
			}
			if fn := pkg.Prog.FuncValue(obj); fn != nil {
				add(fn)
			}
		}
	}
	return out
}

// Foreign reports whether fn is a function of another package.
func (e *Package) Foreign(fn *ssa.Function) bool {
	return fn.Pkg != nil && fn.Pkg != e.SSA
}

// PosText is a position that does not depend on the order in which the files of
// the package were read.
func (e *Package) PosText(p token.Pos) string {
	at := e.Pass.Fset.PositionFor(p, false)
	return filepath.Base(at.Filename) + ":" + strconv.Itoa(at.Line) + ":" + strconv.Itoa(at.Column)
}

// NameSpan is the name of a function, or the beginning of a literal.
func NameSpan(fn *ssa.Function) model.Span {
	switch s := fn.Syntax().(type) {
	case *ast.FuncDecl:
		return model.SpanOf(s.Name)
	case *ast.FuncLit:
		return model.SpanOf(s.Type)
	}
	return model.SpanAt(fn.Pos())
}

// Extent is all of the source of a function.
func Extent(fn *ssa.Function) model.Span {
	if s := fn.Syntax(); s != nil {
		return model.SpanOf(s)
	}
	return model.SpanAt(fn.Pos())
}

// SyntaxBody is the body of the function's syntax, nil for made-up functions.
func SyntaxBody(fn *ssa.Function) *ast.BlockStmt {
	switch s := fn.Syntax().(type) {
	case *ast.FuncDecl:
		return s.Body
	case *ast.FuncLit:
		return s.Body
	}
	return nil
}

// IsYield reports whether fn is the body of a range over a function, which the
// builder of the SSA makes a function of its own.
func IsYield(fn *ssa.Function) bool { return fn.Synthetic == "range-over-func yield" }

// IsJump reports whether a variable is the one that says how a range over a
// function was left: the function around it and the loop's body store to it in
// turns, so that its value on a path is known although both do.
func IsJump(cell *ssa.Alloc) bool {
	return strings.HasPrefix(cell.Comment, "jump$") && !cell.Pos().IsValid()
}
