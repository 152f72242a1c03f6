package source

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/facts"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/relevant"
)

// A Package is what is built of the package under analysis.
type Package struct {
	Pass      *analysis.Pass
	Groups    *facts.Groups
	SSA       *ssa.Package
	Positions *Positions
	// Funcs are the functions with a body, literals too, in source order.
	Funcs []*ssa.Function

	named   *Named                         // nil until somebody asks
	endings map[*ast.FuncDecl]model.Ending // see Ending
	uses    map[*types.Func][]*ast.Ident
	once    map[*ast.FuncDecl]bool // see RunsOnce
	// inInterfaces are the names of the methods that interfaces of the package have.
	inInterfaces map[string]bool
	exiting      map[*types.Func]model.Ending // see exitsItself

	testFiles map[*ast.File]bool // see InTest
	forTests  bool
}

// Load builds what is relevant of a package.
func Load(pass *analysis.Pass, groups *facts.Groups, r *relevant.Set) *Package {
	p := &Package{
		Pass:      pass,
		Groups:    groups,
		SSA:       BuildSSA(pass, r),
		Positions: newPositions(pass, r),
	}
	p.Funcs = Functions(pass, p.SSA)
	p.forTests = isForTests(pass)
	return p
}
