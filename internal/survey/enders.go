package survey

import (
	"go/types"
	"slices"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// enders are the functions that close a channel, call a function or wait for a group that a
// field of an object, a t, holds, themselves or in what they name.
func (e surveyor) enders(t *types.Named) map[*types.Func]bool {
	return e.DoneBy(func(f *types.Var, x source.Touch) bool {
		return x.Kind == source.TouchClose ||
			x.Kind == source.TouchCall && known.IsCancelFunc(f.Type()) ||
			x.Kind == source.TouchMethod && (e.Groups.Does(x.Method, model.OpWait) || known.RoleOf(known.FuncName(x.Method)) == known.RoleStop)
	}, slices.Values(e.fieldsOf(t, nil)))
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
