package fanout

import (
	"go/types"

	"golang.org/x/tools/go/analysis"
)

// knownGroups answers which types of a package are groups: those of the table,
// those that the user has named, and the wrappers of other packages, which say
// so by the summaries of their methods.
type knownGroups struct {
	pass     *analysis.Pass
	named    map[string]*Contract
	wrappers map[*types.TypeName]*Contract // nil for types that are none
}

func newKnownGroups(pass *analysis.Pass, named []*Contract) *knownGroups {
	return &knownGroups{pass: pass, named: byType(named...), wrappers: map[*types.TypeName]*Contract{}}
}

// of is the contract of the type t, or of what it points to; nil if it is not a
// known group.
func (k *knownGroups) of(t types.Type) *Contract {
	n := namedType(t)
	if n == nil || n.Obj().Pkg() == nil {
		return nil
	}
	name := pkgPath(n.Obj()) + "." + n.Obj().Name()
	if c := knownGroup(name); c != nil {
		return c
	}
	if c := k.named[name]; c != nil {
		return c
	}
	return k.wrapper(n)
}

// is reports whether t, or what it points to, is a known group.
func (k *knownGroups) is(t types.Type) bool { return k.of(t) != nil }

// holds reports whether t is a group, points to one, or is a struct with such a
// field at depth one.
func (k *knownGroups) holds(t types.Type) bool {
	if k.is(t) {
		return true
	}
	return holdsKnown(t)
}

// holdsKnown reports whether t is a struct, or points to one, that has a group of
// the table as a field.
func holdsKnown(t types.Type) bool {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range s.Fields() {
		if n := namedType(f.Type()); n != nil && knownGroup(pkgPath(n.Obj())+"."+n.Obj().Name()) != nil {
			return true
		}
	}
	return false
}

// method is what a method of a known group does; the contract is nil if fn is
// not a method of one.
func (k *knownGroups) method(fn *types.Func) (*Contract, groupMethod, bool) {
	if fn == nil || fn.Signature().Recv() == nil {
		return nil, groupMethod{}, false
	}
	c := k.of(fn.Signature().Recv().Type())
	if c == nil {
		return nil, groupMethod{}, false
	}
	m, ok := c.methods[fn.Name()]
	return c, m, ok
}

// starts reports whether fn is a method that starts a task of its group.
func (k *knownGroups) starts(fn *types.Func) bool {
	_, m, ok := k.method(fn)
	return ok && m.does == OpSpawn
}

// makes reports whether fn makes a group: it is declared beside the type and
// returns it.
func (k *knownGroups) makes(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil || fn.Pkg() == k.pass.Pkg {
		return false
	}
	i := k.result(fn)
	if i < 0 {
		return false
	}
	c := k.of(fn.Signature().Results().At(i).Type())
	if c.Wraps { // it may as well return one that it has
		sum := importSummary(k.pass, fn)
		return sum != nil && i < len(sum.Results) && sum.Results[i].Fresh
	}
	return c.Path == pkgPath(fn)
}

// same reports whether fn is a method of a group that returns the group it is
// called on, for further calls: its result is of its receiver's type.
func (k *knownGroups) same(fn *types.Func) bool {
	if fn == nil || fn.Signature().Recv() == nil {
		return false
	}
	i := k.result(fn)
	if i < 0 {
		return false
	}
	c := k.of(fn.Signature().Recv().Type())
	return c != nil && c == k.of(fn.Signature().Results().At(i).Type())
}

// result is the index of the first result that is a group, -1 if none is.
func (k *knownGroups) result(fn *types.Func) int {
	i := 0
	for r := range fn.Signature().Results().Variables() {
		if k.is(r.Type()) {
			return i
		}
		i++
	}
	return -1
}

// contextResult is the index of the first result that is a context, -1 likewise.
func contextResult(fn *types.Func) int {
	i := 0
	for r := range fn.Signature().Results().Variables() {
		if isContext(r.Type()) {
			return i
		}
		i++
	}
	return -1
}
