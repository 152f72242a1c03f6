package facts

import (
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
)

// HasSyncSignature reports whether a caller of fn can tell from outside what fn
// does with a channel or a group: such a function deserves a Summary.
func (k *Groups) HasSyncSignature(fn *types.Func) bool {
	sig := fn.Signature()
	has := func(t types.Type) bool { return known.IsChan(t) || k.Holds(t) }
	for p := range sig.Params().Variables() {
		if has(p.Type()) {
			return true
		}
	}
	for r := range sig.Results().Variables() {
		if has(r.Type()) {
			return true
		}
	}
	return sig.Recv() != nil && k.Holds(sig.Recv().Type())
}

// Groups answers which types of a package are groups: those of the table,
// those that the user has named, and the wrappers of other packages, which say
// so by the summaries of their methods.
type Groups struct {
	pass     *analysis.Pass
	named    map[string]*model.Contract
	wrappers map[*types.TypeName]*model.Contract // nil for types that are none
}

// NewGroups knows the groups of the tables, those that are named, and wrappers.
func NewGroups(pass *analysis.Pass, named []*model.Contract) *Groups {
	return &Groups{pass: pass, named: known.ByType(named...), wrappers: map[*types.TypeName]*model.Contract{}}
}

// Of is the contract of the type t, or of what it points to; nil if it is not a
// known group.
func (k *Groups) Of(t types.Type) *model.Contract {
	n := known.NamedType(t)
	if n == nil || n.Obj().Pkg() == nil {
		return nil
	}
	name := known.PkgPath(n.Obj()) + "." + n.Obj().Name()
	if c := known.Group(name); c != nil {
		return c
	}
	if c := k.named[name]; c != nil {
		return c
	}
	return k.wrapper(n)
}

// Is reports whether t, or what it points to, is a known group.
func (k *Groups) Is(t types.Type) bool { return k.Of(t) != nil }

// Holds reports whether t is a group, points to one, or is a struct with such a
// field at depth one.
func (k *Groups) Holds(t types.Type) bool {
	if k.Is(t) {
		return true
	}
	return known.HoldsGroup(t)
}

// Method is what a method of a known group does; the contract is nil if fn is
// not a method of one.
func (k *Groups) Method(fn *types.Func) (*model.Contract, model.GroupMethod, bool) {
	if fn == nil || fn.Signature().Recv() == nil {
		return nil, model.GroupMethod{}, false
	}
	c := k.Of(fn.Signature().Recv().Type())
	if c == nil {
		return nil, model.GroupMethod{}, false
	}
	m, ok := c.ByName[fn.Name()]
	return c, m, ok
}

// Starts reports whether fn is a method that starts a task of its group.
func (k *Groups) Starts(fn *types.Func) bool { return k.Does(fn, model.OpSpawn) }

// Does reports whether a function is a method of a group that does such a thing.
func (k *Groups) Does(fn *types.Func, kind model.OpKind) bool {
	_, m, ok := k.Method(fn)
	return ok && m.Does == kind
}

// Makes reports whether fn makes a group: it is declared beside the type and
// returns it.
func (k *Groups) Makes(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil || fn.Pkg() == k.pass.Pkg {
		return false
	}
	i := k.Result(fn)
	if i < 0 {
		return false
	}
	c := k.Of(fn.Signature().Results().At(i).Type())
	if c.Wraps { // it may as well return one that it has
		sum := Import(k.pass, fn)
		return sum != nil && i < len(sum.Results) && sum.Results[i].Fresh
	}
	return c.Path == known.PkgPath(fn)
}

// Same reports whether fn is a method of a group that returns the group it is
// called on, for further calls: its result is of its receiver's type.
func (k *Groups) Same(fn *types.Func) bool {
	if fn == nil || fn.Signature().Recv() == nil {
		return false
	}
	i := k.Result(fn)
	if i < 0 {
		return false
	}
	c := k.Of(fn.Signature().Recv().Type())
	return c != nil && c == k.Of(fn.Signature().Results().At(i).Type())
}

// Result is the index of the first result that is a group, -1 if none is.
func (k *Groups) Result(fn *types.Func) int {
	i := 0
	for r := range fn.Signature().Results().Variables() {
		if k.Is(r.Type()) {
			return i
		}
		i++
	}
	return -1
}
