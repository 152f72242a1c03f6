package source

import (
	"go/ast"
	"go/types"
	"maps"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/relevant"
)

// BuildSSA builds SSA for the functions that matter, and empty
// shells for all others.
//
// The form is naive: local variables stay memory cells with loads and stores.
// That keeps the names that the author gave, and makes "which value does this
// variable hold here" one question (the last store before this point), for
// captured and for plain variables alike.
//
// buildssa is not required as a pass: it has a prerequisite with facts, so the
// driver would build SSA for every dependency and the standard library too.
func BuildSSA(pass *analysis.Pass, g *relevant.Set) *ssa.Package {
	prog := ssa.NewProgram(pass.Fset, ssa.NaiveForm)
	prog.SetNoReturn(known.NeverReturns)
	for _, p := range pass.Pkg.Imports() {
		prog.CreatePackage(p, nil, nil, true)
	}
	info := *pass.TypesInfo
	info.FileVersions = maps.Clone(pass.TypesInfo.FileVersions)
	info.InitOrder = nil
	for _, init := range pass.TypesInfo.InitOrder {
		if g.Inits[init.Rhs] {
			info.InitOrder = append(info.InitOrder, init)
		}
	}
	files := make([]*ast.File, 0, len(pass.Files))
	for _, f := range pass.Files {
		files = append(files, shell(f, g, &info))
	}
	pkg := prog.CreatePackage(pass.Pkg, files, &info, false)
	pkg.Build()
	return pkg
}

// shell copies the file without the bodies that do not matter. Identifiers are
// shared with the original, so the type information stays valid.
func shell(f *ast.File, g *relevant.Set, info *types.Info) *ast.File {
	c := *f
	c.Decls = make([]ast.Decl, len(f.Decls))
	for i, d := range f.Decls {
		c.Decls[i] = d
		if fd, ok := d.(*ast.FuncDecl); ok && fd.Body != nil && !g.Keep[fd] {
			bare := *fd
			bare.Body = nil
			c.Decls[i] = &bare
		}
	}
	if v, ok := info.FileVersions[f]; ok {
		info.FileVersions[&c] = v
	}
	return &c
}
