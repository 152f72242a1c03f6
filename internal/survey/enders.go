package survey

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// ends reports whether a method closes a channel, calls a function or waits for a group
// that a field of its object, a t, holds, itself or in what it names.
func (e surveyor) ends(t *types.Named, m *ssa.Function) bool {
	does := e.Does(m.Object().(*types.Func))
	for _, f := range e.fieldsOf(t, nil) {
		for _, x := range e.Touches(f) {
			ends := x.Kind == source.TouchClose ||
				x.Kind == source.TouchCall && known.IsCancelFunc(f.Type()) ||
				x.Kind == source.TouchMethod && (e.Groups.Does(x.Method, model.OpWait) || known.RoleOf(known.FuncName(x.Method)) == known.RoleStop)
			if ends && does(x) {
				return true
			}
		}
	}
	return false
}

// fieldsOf are the fields of a struct type, and those of the structs of the package that it
// has as fields or points to, which all is those that are known already.
func (e surveyor) fieldsOf(t types.Type, all []*types.Var) []*types.Var {
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return all
	}
	for f := range st.Fields() {
		if f.Pkg() == e.Pass.Pkg && !slices.Contains(all, f) {
			all = e.fieldsOf(f.Type(), append(all, f))
		}
	}
	return all
}
