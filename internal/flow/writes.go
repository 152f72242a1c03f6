package flow

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/gatherlint/gatherlint/internal/source"
)

// What the functions of the package write, and which functions they name, each
// gathered once: questions about a value ask for it again and again.

// fieldWrites are the stores to fields of one name, of any struct.
type fieldWrites struct {
	Stores []*ssa.Store                       // in source order
	in     map[*ssa.Function][]int            // by function: which of the stores it does
	by     map[*ssa.Function][]*ssa.Function  // by declaration: which functions in it store
	Others map[*ssa.Function]bool             // declarations that store to an object that is not made there
	known  map[fieldOf]map[*ssa.Function]bool // see storedElsewhere
	// reached is for functions whether they, or what they name, store to such fields.
	reached map[*ssa.Function]bool
}

// leadingTo are the stores of the functions that lead to fr, in source order.
func (x *fieldWrites) leadingTo(fr *Frame) []int {
	var out []int
	for f := fr; f != nil; f = f.Around() {
		out = append(out, x.in[f.Fn]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// mapWrite is an instruction that adds to or removes from a map.
type mapWrite struct {
	In ssa.Instruction
	Fn *ssa.Function
}

// writes are what the functions of a package do.
type writes struct {
	fields map[string]*fieldWrites
	maps   *typeutil.Map // from *types.Map to []mapWrite
	wholes *typeutil.Map // the structs that are overwritten as a whole, through a pointer
	// Funcs are the functions that were built, by declaration.
	Funcs map[*ssa.Function][]*ssa.Function
	built map[ast.Node]bool // the syntax of all of these
	// named are the functions that a declaration names, itself and its literals too.
	named map[*ssa.Function]map[*ssa.Function]bool
	names map[*ssa.Function][]*ssa.Function // see Flow.names
}

// Written is what the functions that were built write.
func (e *Flow) Written() *writes {
	if e.writes != nil {
		return e.writes
	}
	w := &writes{
		fields: map[string]*fieldWrites{}, maps: new(typeutil.Map), wholes: new(typeutil.Map),
		Funcs: map[*ssa.Function][]*ssa.Function{}, named: map[*ssa.Function]map[*ssa.Function]bool{},
		names: map[*ssa.Function][]*ssa.Function{}, built: map[ast.Node]bool{},
	}
	e.writes = w
	for _, fn := range e.Funcs {
		decl := Declared(fn)
		w.built[fn.Syntax()] = true
		w.Funcs[decl] = append(w.Funcs[decl], fn)
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if t := changedMap(in); t != nil {
					list, _ := w.maps.At(t).([]mapWrite)
					w.maps.Set(t, append(list, mapWrite{in, fn}))
				}
				if st, ok := in.(*ssa.Store); ok {
					w.store(st, fn, decl)
				}
			}
		}
	}
	return w
}

// store records a store if it is one to a field.
func (w *writes) store(st *ssa.Store, fn, decl *ssa.Function) {
	f, ok := st.Addr.(*ssa.FieldAddr)
	if !ok {
		switch st.Addr.(type) {
		case *ssa.Alloc, *ssa.FreeVar, *ssa.IndexAddr, *ssa.Global:
		default:
			w.wholes.Set(st.Val.Type(), true)
		}
		return
	}
	name := "." + source.FieldName(f)
	x := w.fields[name]
	if x == nil {
		x = &fieldWrites{
			in: map[*ssa.Function][]int{}, by: map[*ssa.Function][]*ssa.Function{},
			Others: map[*ssa.Function]bool{}, known: map[fieldOf]map[*ssa.Function]bool{}, reached: map[*ssa.Function]bool{},
		}
		w.fields[name] = x
	}
	if len(x.in[fn]) == 0 {
		x.by[decl] = append(x.by[decl], fn)
	}
	x.in[fn] = append(x.in[fn], len(x.Stores))
	x.Stores = append(x.Stores, st)
	if !ofMade(f) {
		x.Others[decl] = true
	}
}

// fieldWrites are the stores to fields of that name (as ".name"), nil if there are none.
func (e *Flow) FieldWrites(name string) *fieldWrites { return e.Written().fields[name] }

// MapWrites are the instructions that add to or remove from maps of type t.
func (e *Flow) MapWrites(t *types.Map) []mapWrite {
	list, _ := e.Written().maps.At(t).([]mapWrite)
	return list
}

// changedMap is the type of the map that an instruction adds to or removes from,
// nil if it does nothing of the kind.
func changedMap(in ssa.Instruction) types.Type {
	switch in := in.(type) {
	case *ssa.MapUpdate:
		return in.Map.Type().Underlying()
	case ssa.CallInstruction:
		c := in.Common()
		if b, ok := c.Value.(*ssa.Builtin); ok && (b.Name() == "delete" || b.Name() == "clear") {
			return c.Args[0].Type().Underlying()
		}
	}
	return nil
}

// fieldOf is a field (as ".a.b") of an object.
type fieldOf struct {
	object *ssa.Alloc
	path   string
}

// storedElsewhere lists the declarations that store to a field of that name and struct
// type, other than to the variable that an object is made in. The path ends in a field.
func (e *Flow) storedElsewhere(a *ssa.Alloc, path string) map[*ssa.Function]bool {
	above, name := path[:strings.LastIndex(path, ".")], path[strings.LastIndex(path, "."):]
	x := e.FieldWrites(name)
	if x == nil {
		return nil
	}
	key := fieldOf{a, path}
	writers, ok := x.known[key]
	if ok {
		return writers
	}
	t := fieldType(a.Type(), above)
	writers = map[*ssa.Function]bool{}
	for _, st := range x.Stores {
		if t != nil && !ofMade(st.Addr) && types.Identical(structOf(st), t) {
			writers[Declared(st.Parent())] = true
		}
	}
	x.known[key] = writers
	return writers
}

// onlyCleared reports whether all that storedElsewhere lists store nil.
func (e *Flow) onlyCleared(a *ssa.Alloc, path string) bool {
	i := strings.LastIndex(path, ".")
	t := fieldType(a.Type(), path[:i])
	return !slices.ContainsFunc(e.FieldWrites(path[i:]).Stores, func(st *ssa.Store) bool {
		return !ofMade(st.Addr) && t != nil && types.Identical(structOf(st), t) && !source.IsNil(st.Val)
	})
}

// ofMade reports whether an address is that of a field of an object that is made there, or of
// a struct held in one.
func ofMade(addr ssa.Value) bool {
	for {
		f, ok := addr.(*ssa.FieldAddr)
		if !ok {
			_, made := addr.(*ssa.Alloc)
			return made
		}
		addr = f.X
	}
}

// structOf is the struct type whose field a store writes.
func structOf(st *ssa.Store) types.Type {
	t := st.Addr.(*ssa.FieldAddr).X.Type()
	return t.Underlying().(*types.Pointer).Elem()
}

// Declared is the function declaration around a literal.
func Declared(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// namedAround are the functions that the declaration around fr, or a literal in
// it, calls or names, itself and its literals too.
func (e *Flow) namedAround(fr *Frame) map[*ssa.Function]bool {
	for fr.Around() != nil {
		fr = fr.Around()
	}
	decl, named := Declared(fr.Fn), e.Written().named
	if out := named[decl]; out != nil {
		return out
	}
	out := map[*ssa.Function]bool{}
	named[decl] = out
	var visit func(fn *ssa.Function)
	visit = func(fn *ssa.Function) {
		out[fn] = true
		for _, f := range e.names(fn) {
			out[f] = true
		}
		for _, a := range fn.AnonFuncs {
			visit(a)
		}
	}
	visit(decl)
	return out
}

// names are the functions that the instructions of fn name, to call them or to hand
// them on, each once, in the order of the code.
func (e *Flow) names(fn *ssa.Function) []*ssa.Function {
	cache := e.Written().names
	if out, ok := cache[fn]; ok {
		return out
	}
	var out []*ssa.Function
	var operands []*ssa.Value
	seen := map[*ssa.Function]bool{}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			operands = in.Operands(operands[:0])
			for _, op := range operands {
				if f, ok := (*op).(*ssa.Function); ok && !seen[f] {
					seen[f] = true
					out = append(out, f)
				}
			}
		}
	}
	cache[fn] = out
	return out
}

// Calls reports whether the declaration around fr, or a literal in it, calls or
// names one of the functions.
func (e *Flow) Calls(fr *Frame, fns map[*ssa.Function]bool) bool {
	if len(fns) == 0 {
		return false
	}
	few, many := fns, e.namedAround(fr)
	if len(few) > len(many) {
		few, many = many, few
	}
	for fn := range few {
		if many[fn] {
			return true
		}
	}
	return false
}

// storedByCalled reports whether the declaration around fr, or a literal in it,
// calls or names a declaration in which a function stores to the field of an object that is
// not made there, other than those that lead to fr.
func (e *Flow) storedByCalled(x *fieldWrites, fr *Frame) bool {
	leads := map[*ssa.Function]bool{}
	for f := fr; f != nil; f = f.Around() {
		leads[f.Fn] = true
	}
	stores := func(decl *ssa.Function) bool {
		for _, fn := range x.by[decl] {
			if !leads[fn] && x.Others[decl] {
				return true
			}
		}
		return false
	}
	named := e.namedAround(fr)
	if len(named) < len(x.by) {
		for fn := range named {
			if stores(fn) {
				return true
			}
		}
		return false
	}
	for decl := range x.by {
		if named[decl] && stores(decl) {
			return true
		}
	}
	return false
}
