package waitresult

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Errors that are pointers.
//
// Some groups give the errors of their tasks back as a pointer to a type of
// their own, nil if there were none: (*multierror.Group).Wait returns a
// *multierror.Error. Where Go wants an error it converts such a pointer without
// a word, and an interface that holds a nil pointer is not nil. The same is true of
// types of the package's own that keep the errors of tasks and give them back as a
// pointer, a list or a map that is an error (see own.go).
//
// From the call of Wait the pointer is followed forward: through local
// variables (the stores that reach a read, see source/stores.go), captured ones too, and
// out of functions that give it back to a caller in the model. A conversion to
// an error counts when
//   - nothing on the way there has looked at the pointer: no condition that the
//     conversion depends on is made from a value of its type, and no field of it
//     has been read, and
//   - somebody can tell the difference: the error is returned, compared with nil,
//     stored, sent, or passed to a function that does one of these.
//
// Both are decided for silence. A condition counts as a look whatever it asks, and
// whichever pointer of the type it asks it of; of functions that are not seen only
// those are taken to compare that return an error of their own, or are named
// like an assertion.
//
// Ignored: pointers in fields, elements and globals, and pointers passed on as
// pointers.

// Conversions are the places where the result of a Wait becomes an error though
// it may be a nil pointer.
func (e *Follower) Conversions(wait *model.Op) []*model.Conversion {
	at := e.Waits[wait]
	if at.Call == nil {
		return nil // deferred
	}
	if field, m := e.gives(wait); m != nil && !known.PointerError(at.Call.Type()) {
		if at.Call, _ = m.Site.(*ssa.Call); at.Call == nil || !e.onlyKept(m.Fn, field) {
			return nil
		}
		at.Fr = m.Caller
	}
	if !known.PointerError(at.Call.Type()) {
		return nil
	}
	p := &pointers{e: e, call: at.Call, seen: map[ssa.Value]bool{}}
	p.follow(at.Call, at.Fr)
	return p.out
}

// pointers follows one result of Wait.
type pointers struct {
	e    *Follower
	call *ssa.Call
	seen map[ssa.Value]bool
	out  []*model.Conversion
}

func (p *pointers) follow(v ssa.Value, fr *flow.Frame) {
	if p.seen[v] || v.Referrers() == nil {
		return
	}
	p.seen[v] = true
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.MakeInterface:
			if isErrorLike(ref.Type()) && !p.lookedAt(ref, fr) {
				if c := p.harm(ref, 0); c != nil {
					p.describe(c, v, fr)
					p.out = append(p.out, c)
				}
			}
		case *ssa.Store:
			if ref.Val == v {
				for _, ld := range readsOf(ref) {
					p.follow(ld, fr)
				}
			}
		case *ssa.Return:
			site, ok := fr.Site.(*ssa.Call)
			if ok && len(ref.Results) == 1 && !fr.Spawned {
				p.follow(site, fr.Caller)
			}
		}
	}
}

// describe tells where in the source the pointer v is converted.
func (p *pointers) describe(c *model.Conversion, v ssa.Value, fr *flow.Frame) {
	t := p.call.Type()
	c.Wait, c.Join, c.OrNil = p.e.Positions.CallSpan(p.call), p.e.CalleeText(p.call, source.Callee(&p.call.Call)), known.HasMethod(t, "ErrorOrNil")
	c.Type = types.TypeString(t, func(pkg *types.Package) string {
		if pkg == p.e.Pass.Pkg {
			return ""
		}
		return pkg.Name()
	})
	c.Holds = map[bool]string{true: "a nil pointer", false: "a nil " + c.Type}[strings.HasPrefix(c.Type, "*")]
	switch v := v.(type) {
	case *ssa.Call:
		if syn := p.e.Positions.Call(v.Pos()); syn != nil {
			c.At, c.What, c.Direct = model.SpanOf(syn), source.Short(syn), true
			return
		}
	case *ssa.UnOp:
		name := ""
		switch cell := v.X.(type) {
		case *ssa.Alloc:
			name = cell.Comment
		case *ssa.FreeVar:
			name = cell.Name()
		}
		if token.IsIdentifier(name) && v.Pos().IsValid() {
			c.At, c.What, c.Direct = model.Span{Pos: v.Pos(), End: v.Pos() + token.Pos(len(name))}, name, true
			return
		}
	}
	c.At, c.What = model.SpanAt(fr.Pos(v.Pos())), "it"
}

// isErrorLike reports whether t is error or another interface that errors
// implement and that says so.
func isErrorLike(t types.Type) bool {
	return types.IsInterface(t) && known.HasMethod(t, "Error")
}

// readsOf are the reads that can see the store: in the function itself, and in
// literals that capture the variable while it may hold the value.
func readsOf(st *ssa.Store) []ssa.Value {
	cell, ok := st.Addr.(*ssa.Alloc)
	if !ok {
		return nil
	}
	var out []ssa.Value
	for _, ref := range *cell.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp:
			if stores, _ := source.ReachingStores(cell, ref); ref.Op == token.MUL && slices.Contains(stores, st) {
				out = append(out, ref)
			}
		case *ssa.MakeClosure:
			if stores, _ := source.ReachingStores(cell, ref); slices.Contains(append(stores, source.FollowingStores(cell, ref)...), st) {
				out = append(out, readsInside(ref, cell)...)
			}
		}
	}
	return out
}

// readsInside are the reads of the variable in the literal, before the literal sets
// it itself.
func readsInside(mc *ssa.MakeClosure, cell ssa.Value) []ssa.Value {
	lit := mc.Fn.(*ssa.Function)
	var out []ssa.Value
	for i, bound := range mc.Bindings {
		if bound != cell || i >= len(lit.FreeVars) || lit.FreeVars[i].Referrers() == nil {
			continue
		}
		for _, ref := range *lit.FreeVars[i].Referrers() {
			if ld, ok := ref.(*ssa.UnOp); ok && ld.Op == token.MUL {
				if _, entry := source.ReachingStores(lit.FreeVars[i], ld); entry {
					out = append(out, ld)
				}
			}
		}
	}
	return out
}

// harm is what becomes of the error x, nil if nobody can tell that it is not nil.
func (p *pointers) harm(x ssa.Value, depth int) *model.Conversion {
	if depth > model.MaxWraps || x.Referrers() == nil {
		return nil
	}
	for _, ref := range *x.Referrers() {
		if c := p.harmOf(x, ref, depth); c != nil {
			return c
		}
	}
	return nil
}

func (p *pointers) harmOf(x ssa.Value, ref ssa.Instruction, depth int) *model.Conversion {
	switch ref := ref.(type) {
	case *ssa.Return:
		return &model.Conversion{How: model.ConvReturn}
	case *ssa.BinOp:
		if source.IsNil(ref.X) || source.IsNil(ref.Y) {
			return &model.Conversion{How: model.ConvCompare}
		}
	case *ssa.Send:
		return &model.Conversion{How: model.ConvSend, To: p.e.NameOf(ref.Chan)}
	case *ssa.MapUpdate:
		return &model.Conversion{How: model.ConvStore}
	case *ssa.ChangeInterface:
		if isErrorLike(ref.Type()) {
			return p.harm(ref, depth+1)
		}
	case *ssa.Store:
		if ref.Val != x {
			return nil
		}
		if cell := varargs(ref.Addr); cell != nil {
			return p.harmOfList(cell)
		}
		if fv, ok := ref.Addr.(*ssa.FreeVar); ok {
			return &model.Conversion{How: model.ConvAssign, To: fv.Name()}
		}
		cell, ok := ref.Addr.(*ssa.Alloc)
		if !ok {
			return &model.Conversion{How: model.ConvStore, To: p.e.NameOf(ref.Addr)}
		}
		if source.IsCarrier(ref) {
			return &model.Conversion{How: model.ConvReturn}
		}
		for _, ld := range readsOf(ref) {
			if p.harm(ld, depth+1) != nil {
				return &model.Conversion{How: model.ConvAssign, To: cell.Comment}
			}
		}
	case ssa.CallInstruction:
		if p.tells(ref.Common(), x) {
			return p.passed(ref.Common())
		}
	}
	return nil
}

// varargs is the array made for the variadic part of a call, if addr is an
// element of one.
func varargs(addr ssa.Value) *ssa.Alloc {
	ia, ok := addr.(*ssa.IndexAddr)
	if !ok {
		return nil
	}
	arr, ok := ia.X.(*ssa.Alloc)
	if !ok || arr.Comment != "varargs" {
		return nil
	}
	return arr
}

// harmOfList judges an error among the variadic arguments of a call.
func (p *pointers) harmOfList(arr *ssa.Alloc) *model.Conversion {
	for _, ref := range *arr.Referrers() {
		sl, ok := ref.(*ssa.Slice)
		if !ok {
			continue
		}
		for _, use := range *sl.Referrers() {
			if call, ok := use.(ssa.CallInstruction); ok && p.tells(call.Common(), sl) {
				return p.passed(call.Common())
			}
		}
	}
	return nil
}

func (p *pointers) passed(c *ssa.CallCommon) *model.Conversion {
	to := ""
	if syn := p.e.Positions.Call(c.Pos()); syn != nil {
		to = source.Short(syn.Fun)
	} else if fn := source.Callee(c); fn != nil {
		to = fn.Name()
	}
	return &model.Conversion{How: model.ConvPass, To: to}
}

// tells reports whether the function called can be taken to ask whether its
// argument x is nil: one of this package, one that returns an error itself, or
// an assertion that there is none. Methods of the error are not such.
func (p *pointers) tells(c *ssa.CallCommon, x ssa.Value) bool {
	if !slices.Contains(c.Args, x) {
		return false // called on it
	}
	fn := source.Callee(c)
	if _, builtin := c.Value.(*ssa.Builtin); builtin || fn != nil && known.ToleratesNilPointer(known.FuncName(fn)) {
		return false
	}
	if known.ReturnsError(c.Signature()) {
		return true
	}
	return fn != nil && (fn.Pkg() == p.e.Pass.Pkg && !c.IsInvoke() || known.AssertsNoError(fn.Name()))
}

// lookedAt reports whether the program has looked at a pointer of the type before
// it comes to the conversion.
func (p *pointers) lookedAt(conv *ssa.MakeInterface, fr *flow.Frame) bool {
	here := conv.Block()
	for d := here; d != nil; d = d.Idom() {
		upTo, from := len(d.Instrs), 0
		if d == here {
			upTo = source.IndexOf(d, conv)
		}
		if d == p.call.Block() {
			from = min(source.IndexOf(d, p.call), upTo)
		}
		if slices.ContainsFunc(d.Instrs[from:upTo], p.reads) {
			return true
		}
		if d == p.call.Block() {
			return false // what was looked at before Wait was another pointer
		}
		parent := d.Idom()
		if parent == nil {
			break
		}
		cond, ok := parent.Instrs[len(parent.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		for i, s := range parent.Succs {
			if len(s.Preds) == 1 && s.Dominates(here) && p.asks(cond.Cond, fr, i == 0) {
				return true
			}
		}
	}
	return false
}

// reads reports whether the instruction would have panicked if the pointer were
// nil: it reads a field, or the whole.
func (p *pointers) reads(in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.FieldAddr:
		return p.isOne(in.X)
	case *ssa.UnOp:
		return in.Op == token.MUL && p.isOne(in.X) && !isCell(in.X)
	case *ssa.Call:
		return known.FuncName(source.Callee(&in.Call)) == "(*"+known.MultierrorPath+".Error).Error"
	}
	return false
}

// isOne reports whether v is of the type that Wait gives back.
func (p *pointers) isOne(v ssa.Value) bool { return types.Identical(v.Type(), p.call.Type()) }

// isCell reports whether v is a variable rather than a pointer read from one.
func isCell(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.Alloc, *ssa.FreeVar, *ssa.Global:
		return true
	}
	return false
}

// asks reports whether cond, being true or false as outcome says, can mean that
// the pointer is not nil. A plain comparison of this pointer with nil is known to
// say so for one outcome only.
func (p *pointers) asks(cond ssa.Value, fr *flow.Frame, outcome bool) bool {
	if cmp, ok := cond.(*ssa.BinOp); ok && (cmp.Op == token.EQL || cmp.Op == token.NEQ) {
		for _, x := range []ssa.Value{cmp.X, cmp.Y} {
			other := cmp.X
			if x == cmp.X {
				other = cmp.Y
			}
			if p.isOne(x) && source.IsNil(other) && p.isIt(x, fr) {
				return (cmp.Op == token.NEQ) == outcome
			}
		}
	}
	return p.madeFrom(cond, map[ssa.Value]bool{})
}

// isIt reports whether v is the pointer that is followed, and nothing else.
func (p *pointers) isIt(v ssa.Value, fr *flow.Frame) bool {
	s := p.e.Resolve(v, fr)
	return len(s) == 1 && s[0].Val == ssa.Value(p.call)
}

// madeFrom reports whether the value is computed from a pointer of the type.
func (p *pointers) madeFrom(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	if _, isConst := v.(*ssa.Const); !isConst && p.isOne(v) {
		return true
	}
	if ld, ok := v.(*ssa.UnOp); ok && ld.Op == token.MUL {
		if cell, ok := ld.X.(*ssa.Alloc); ok {
			stores, _ := source.ReachingStores(cell, ld)
			return slices.ContainsFunc(stores, func(st *ssa.Store) bool { return p.madeFrom(st.Val, seen) })
		}
	}
	in, ok := v.(ssa.Instruction)
	if !ok {
		return false
	}
	for _, op := range in.Operands(nil) {
		if *op != nil && p.madeFrom(*op, seen) {
			return true
		}
	}
	return false
}
