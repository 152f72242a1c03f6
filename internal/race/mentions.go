package race

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/source"
)

// mentions are the identifiers of a package.
type mentions struct {
	fset *token.FileSet
	at   map[token.Pos]*ast.Ident
	uses map[token.Pos][]*ast.Ident // by the position of what they stand for
}

// newMentions collects the identifiers of the package.
func newMentions(pass *analysis.Pass) *mentions {
	m := &mentions{pass.Fset, map[token.Pos]*ast.Ident{}, map[token.Pos][]*ast.Ident{}}
	for id := range pass.TypesInfo.Defs {
		m.at[id.Pos()] = id
	}
	for id, obj := range pass.TypesInfo.Uses {
		m.at[id.Pos()] = id
		m.uses[obj.Pos()] = append(m.uses[obj.Pos()], id)
	}
	return m
}

// identAt is the identifier at the position, nil if there is none.
func (m *mentions) identAt(p token.Pos) *ast.Ident { return m.at[p] }

// nearest is the mention of what is declared at decl, on the line of at and between
// from and to, that is nearest to at; of two, the first. It is no position if there is
// none.
func (m *mentions) nearest(decl, at, from, to token.Pos) token.Pos {
	best := token.NoPos
	line := m.fset.Position(at).Line
	for _, id := range m.uses[decl] {
		p := id.Pos()
		if p < from || p > to || m.fset.Position(p).Line != line {
			continue
		}
		if d := distance(p, at); !best.IsValid() || d < distance(best, at) || d == distance(best, at) && p < best {
			best = p
		}
	}
	return best
}

func distance(p, q token.Pos) int { return max(int(p-q), int(q-p)) }

// usePos is the position of the first instruction after in that has one, its
// users first.
func usePos(in ssa.Instruction) token.Pos {
	if v, ok := in.(ssa.Value); ok && v.Referrers() != nil {
		for _, ref := range *v.Referrers() {
			if ref.Pos().IsValid() {
				return ref.Pos()
			}
			if w, ok := ref.(ssa.Value); ok && w.Referrers() != nil {
				for _, r := range *w.Referrers() {
					if r.Pos().IsValid() {
						return r.Pos()
					}
				}
			}
		}
	}
	blk := in.Block()
	for _, x := range blk.Instrs[source.IndexOf(blk, in):] {
		if x.Pos().IsValid() {
			return x.Pos()
		}
	}
	return token.NoPos
}
