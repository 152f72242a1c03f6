package answers

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/method"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// Messages to all who listen, with a lock held that they want when they leave.
//
//	func (b *Bus) Publish(m msg) {       func (b *Bus) Leave(ear chan msg) {
//		b.mu.Lock()                          b.mu.Lock()
//		defer b.mu.Unlock()                  delete(b.ears, ear)
//		for ear := range b.ears {            b.mu.Unlock()
//			ear <- m                     }
//		}
//	}
//
// The channels have no room, an object keeps them, or what they are fields of, in a map or a
// slice of its own, and gives them to clients. A function of the package that has got one, and
// has nobody else receive from it, calls Leave, where it waits for the lock.
// Ignored: locks of other objects; functions that are literals; objects of which a way to
// leave does more before it takes the lock, as it may set the sender free; clients of other
// packages, and those that hand on what they have got, as a goroutine may go on to receive.

// A gathering is a field in which a type keeps channels, or what they are fields of.
type gathering struct {
	field *types.Var
	part  *types.Var // nil where it keeps the channels themselves
	lock  *types.Var
	// shared: the sender has the lock for reading.
	shared bool
}

// listeners notes the sends to all who listen, by function.
func (e finder) listeners(out map[*ssa.Function][]*model.Reply) {
	for _, fn := range e.Funcs {
		if fn.Signature.Recv() == nil || fn.Parent() != nil || len(fn.Params) == 0 || e.InTest(fn) {
			continue
		}
		method.EachInstr(fn, func(in ssa.Instruction) {
			send, ok := in.(*ssa.Send)
			if !ok {
				return
			}
			g, ok := gatheringOf(send)
			if !ok || slices.ContainsFunc(out[fn], func(r *model.Reply) bool { return r.Send.At.Pos == send.Pos() }) {
				return
			}
			if r := e.calledOut(send, g); r != nil {
				out[fn] = append(out[fn], r)
			}
		})
	}
}

// gatheringOf is where the channel of a send is kept, if the lock of that object is held.
func gatheringOf(send *ssa.Send) (g gathering, ok bool) {
	fn := send.Parent()
	ch := method.Stored(send.Chan)
	if ld, isLoad := ch.(*ssa.UnOp); isLoad {
		if f, isField := ld.X.(*ssa.FieldAddr); isField {
			g.part, ch = value.FieldOf(f), method.Stored(f.X)
		}
	}
	g.field = elementOf(ch, fn)
	lock, sure := method.LockAt(send)
	g.lock, g.shared = lock, lock != nil && readLocks(fn)
	return g, g.field != nil && !g.field.Exported() && lock != nil && sure
}

// elementOf is the field of the receiver whose map or slice has a value as an element, or as a
// key, nil if there is none.
func elementOf(v ssa.Value, fn *ssa.Function) *types.Var {
	if m := keptIn(v); m != nil {
		return method.HeldField(m, fn)
	}
	if ld, ok := v.(*ssa.UnOp); ok {
		if at, ok := ld.X.(*ssa.IndexAddr); ok {
			return method.HeldField(at.X, fn)
		}
	}
	return nil
}

// readLocks reports whether a function takes a lock of its object for reading.
func readLocks(fn *ssa.Function) (reads bool) {
	method.EachInstr(fn, func(in ssa.Instruction) {
		callee, _ := method.Called(in, fn)
		reads = reads || strings.HasSuffix(known.FuncName(callee), ").RLock")
	})
	return reads
}

// calledOut is the message that a send is to those who listen, nil if they may have another way
// out, or there may be room.
func (e finder) calledOut(send *ssa.Send, g gathering) *model.Reply {
	keeps, all := e.keepsEars(g)
	if keeps == nil || !all || g.part != nil && !e.partIsEar(g.part) {
		return nil
	}
	leaver, waits := e.leaver(g)
	if leaver == nil || leaver == keeps.Parent() {
		return nil
	}
	client := e.clientOf(keeps.Parent(), leaver)
	if client == nil {
		return nil
	}
	fn := send.Parent()
	r := &model.Reply{
		Send:  e.OpAt(fn, send),
		By:    source.DisplayName(leaver),
		Asker: source.DisplayName(client.Parent()),
		Asks:  &model.Op{Kind: model.OpSet, At: model.SpanAt(client.Pos()), Text: g.field.Name()},
		Waits: e.OpAt(waits.Parent(), waits),
		Held:  fn.Params[0].Name() + "." + g.lock.Name(),
	}
	if r.Send == nil || r.Waits == nil {
		return nil
	}
	return r
}

// keepsEars is an instruction by which the field gets a channel, or what has one, nil if there
// is none; all is false if one of them may get a channel with room, or one that is not given to
// clients.
func (e finder) keepsEars(g gathering) (keeps ssa.Instruction, all bool) {
	all = true
	for _, fn := range e.Funcs {
		if len(fn.Params) == 0 || fn.Signature.Recv() == nil {
			all = all && !touches(fn, g.field)
			continue
		}
		method.EachInstr(fn, func(in ssa.Instruction) {
			for _, v := range kept(in, g.field, fn) {
				keeps, all = in, all && (g.part != nil || isEar(v))
			}
		})
	}
	return keeps, all
}

// touches reports whether a function that is no method changes what a field keeps, or hands it
// on, other than to put a first one in its place.
func touches(fn *ssa.Function, field *types.Var) (does bool) {
	looksUp := func(ref ssa.Instruction) bool {
		switch ref.(type) {
		case *ssa.DebugRef, *ssa.Lookup, *ssa.Range, *ssa.BinOp:
			return true
		}
		return false
	}
	method.EachInstr(fn, func(in ssa.Instruction) {
		f, ok := in.(*ssa.FieldAddr)
		if !ok || value.FieldOf(f) != field {
			return
		}
		does = does || slices.ContainsFunc(*f.Referrers(), func(ref ssa.Instruction) bool {
			switch ref := ref.(type) {
			case *ssa.Store:
				_, made := f.X.(*ssa.Alloc)
				return ref.Addr != ssa.Value(f) || !made
			case *ssa.UnOp:
				return slices.ContainsFunc(*ref.Referrers(), func(r ssa.Instruction) bool { return !looksUp(r) })
			}
			return true
		})
	})
	return does
}

// kept is what an instruction of a method puts into the map or the slice of a field.
func kept(in ssa.Instruction, field *types.Var, fn *ssa.Function) []ssa.Value {
	switch in := in.(type) {
	case *ssa.MapUpdate:
		if m, v := keeping(in); method.HeldField(m, fn) == field {
			return []ssa.Value{method.Stored(v)}
		}
	case *ssa.Call:
		b, ok := in.Call.Value.(*ssa.Builtin)
		if !ok || b.Name() != "append" || len(in.Call.Args) != 2 || method.HeldField(in.Call.Args[0], fn) != field {
			return nil
		}
		if list, ok := in.Call.Args[1].(*ssa.Slice); ok {
			return elements(list)
		}
		return []ssa.Value{nil}
	}
	return nil
}

// elements are what is put into the array of a list that is written out.
func elements(list *ssa.Slice) (out []ssa.Value) {
	for _, ref := range *list.X.Referrers() {
		if at, ok := ref.(*ssa.IndexAddr); ok {
			for _, use := range *at.Referrers() {
				if st, ok := use.(*ssa.Store); ok && st.Addr == ssa.Value(at) {
					out = append(out, method.Stored(st.Val))
				}
			}
		}
	}
	return out
}

// isEar reports whether a value is a channel without room that is made by the function and that
// it returns, and does nothing else with but to keep it.
func isEar(v ssa.Value) bool {
	made, ok := v.(*ssa.MakeChan)
	if !ok || !value.IsZero(made.Size) {
		return false
	}
	returned := false
	var only func(v ssa.Value) bool
	only = func(v ssa.Value) bool {
		return !slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
			switch ref := ref.(type) {
			case *ssa.DebugRef, *ssa.MapUpdate:
				return false
			case *ssa.Return:
				returned = true
				return false
			case *ssa.ChangeType:
				return !only(ref)
			case *ssa.UnOp:
				return !only(ref)
			case *ssa.Store:
				if cell, ok := ref.Addr.(*ssa.Alloc); ok && ref.Val == v {
					return !only(cell)
				}
				_, inList := ref.Addr.(*ssa.IndexAddr)
				return !inList && ref.Addr != v
			}
			return true
		})
	}
	return only(made) && returned
}

// partIsEar reports whether each channel that a field gets has no room, and none of those
// receives from it who run in goroutines of the package.
func (e finder) partIsEar(part *types.Var) bool {
	sure, some := true, false
	for _, fn := range e.Funcs {
		method.EachInstr(fn, func(in ssa.Instruction) {
			switch in := in.(type) {
			case *ssa.Store:
				if f, ok := in.Addr.(*ssa.FieldAddr); ok && value.FieldOf(f) == part {
					made, ok := method.Stored(in.Val).(*ssa.MakeChan)
					sure, some = sure && ok && value.IsZero(made.Size), true
				}
			case *ssa.Go:
				sure = sure && !slices.ContainsFunc(startedBy(in), func(f *ssa.Function) bool { return hears(f, part) })
			}
		})
		sure = sure && (fn.Parent() == nil || !hears(fn, part))
	}
	return sure && some && !part.Embedded()
}

// startedBy are the functions of the package that a go statement has run, with what they call.
func startedBy(in *ssa.Go) []*ssa.Function {
	f := in.Call.StaticCallee()
	if f == nil {
		return nil
	}
	out := []*ssa.Function{f}
	for i := 0; i < len(out) && i < 50; i++ {
		for _, c := range method.Callees(out[i]) {
			if !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	return out
}

// hears reports whether a function receives from the channel of a field.
func hears(fn *ssa.Function, part *types.Var) (does bool) {
	of := func(ch ssa.Value) bool {
		ld, ok := method.Stored(ch).(*ssa.UnOp)
		if !ok {
			return false
		}
		f, ok := ld.X.(*ssa.FieldAddr)
		return ok && value.FieldOf(f) == part
	}
	method.EachInstr(fn, func(in ssa.Instruction) {
		switch in := in.(type) {
		case *ssa.UnOp:
			does = does || known.IsChan(in.X.Type()) && of(in.X)
		case *ssa.Select:
			does = does || slices.ContainsFunc(in.States, func(s *ssa.SelectState) bool { return s.Dir == types.RecvOnly && of(s.Chan) })
		}
	})
	return does
}

// leaver is how clients leave, and where the lock is taken then; nil if there is no way, or one
// by which something may be done for the sender before.
func (e finder) leaver(g gathering) (leaver *ssa.Function, waits ssa.Instruction) {
	for _, fn := range e.Funcs {
		if len(fn.Params) == 0 || fn.Signature.Recv() == nil {
			continue
		}
		drops, lock := false, ssa.Instruction(nil)
		method.EachInstr(fn, func(in ssa.Instruction) {
			drops = drops || removes(in, g.field, fn)
			if role, of := method.Locking(in, fn); role == known.RoleLock && of == g.lock && lock == nil {
				lock = in
			}
		})
		switch {
		case !drops:
		case lock == nil, leaver != nil: // who is sent to may be taken out by somebody else
			return nil, nil
		case g.shared && readLocks(fn), !e.atOnce(lock):
			return nil, nil
		case leaver == nil:
			if leaver, waits = e.forClients(fn), lock; leaver == nil {
				return nil, nil
			}
		}
	}
	return leaver, waits
}

// forClients is a method, or the one that does nothing before it calls it, if all others do; nil
// if one that calls it does more.
func (e finder) forClients(fn *ssa.Function) *ssa.Function {
	obj, ok := fn.Object().(*types.Func)
	if !ok || obj.Exported() {
		return fn
	}
	by := fn
	for _, f := range e.methodsNaming(obj) {
		if f == nil {
			return fn // called where it is asked whether the caller is a client
		}
		by = f
	}
	return by
}

// methodsNaming are the functions that begin with a call of an unexported one, and nil for a
// call that stands elsewhere.
func (e finder) methodsNaming(obj *types.Func) (out []*ssa.Function) {
	calls, _ := e.CallsOf(obj)
	for _, c := range calls {
		d := e.declAround(c)
		if d == nil || d.Body.List[0].Pos() != c.Pos() {
			out = append(out, nil)
			continue
		}
		if by, ok := e.Pass.TypesInfo.Defs[d.Name].(*types.Func); ok {
			out = append(out, e.SSA.Prog.FuncValue(by))
		}
	}
	return out
}

// clientOf is the call by which a function of the package gets a channel that it leaves itself,
// and that nobody else receives from; nil if there is none.
func (e finder) clientOf(gives, leaver *ssa.Function) (client *ssa.Call) {
	for _, fn := range e.Funcs {
		if e.InTest(fn) {
			continue
		}
		var got *ssa.Call
		leaves := false
		method.EachInstr(fn, func(in ssa.Instruction) {
			call, ok := in.(ssa.CallInstruction)
			if !ok {
				return
			}
			if c, ok := in.(*ssa.Call); ok && c.Call.StaticCallee() == gives {
				got = c
			}
			_, starts := in.(*ssa.Go)
			leaves = leaves || !starts && call.Common().StaticCallee() == leaver
		})
		if got != nil && leaves && staysHere(got) {
			return got
		}
	}
	return nil
}

// staysHere reports whether a function has what it has got for itself: it gives it to nobody but
// methods of the package that run at once.
func staysHere(v ssa.Value) bool {
	return !slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.Select, *ssa.FieldAddr, *ssa.BinOp:
			return false
		case *ssa.Extract:
			return !staysHere(ref)
		case *ssa.UnOp:
			return ref.Op != token.ARROW && !staysHere(ref)
		case *ssa.Store:
			cell, local := ref.Addr.(*ssa.Alloc)
			return ref.Addr != v && (!local || !staysHere(cell))
		case *ssa.Call, *ssa.Defer:
			callee := ref.(ssa.CallInstruction).Common().StaticCallee()
			return callee == nil || callee.Pkg != ref.Parent().Pkg || callee.Signature.Recv() == nil
		}
		return true
	})
}

// declAround is the declaration of the function around a call, nil if there is none.
func (e finder) declAround(c *ast.CallExpr) *ast.FuncDecl {
	for _, file := range e.Pass.Files {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil && f.Pos() <= c.Pos() && c.Pos() < f.End() {
				return f
			}
		}
	}
	return nil
}

// removes reports whether an instruction takes something out of the map of a field, or puts
// another one in its place.
func removes(in ssa.Instruction, field *types.Var, fn *ssa.Function) bool {
	switch in := in.(type) {
	case *ssa.Call:
		b, ok := in.Call.Value.(*ssa.Builtin)
		return ok && (b.Name() == "delete" || b.Name() == "clear") && method.HeldField(in.Call.Args[0], fn) == field
	case *ssa.Store:
		if method.OwnField(in.Addr, fn) != field {
			return false
		}
		call, ok := in.Val.(*ssa.Call)
		return !(ok && len(kept(call, field, fn)) > 0)
	}
	return false
}

// atOnce reports whether a function does nothing before it takes a lock, or makes a call.
func (e finder) atOnce(call ssa.Instruction) bool {
	idle := true
	method.EachInstr(call.Parent(), func(in ssa.Instruction) {
		if source.Dominates(call, in) || in == call {
			return
		}
		switch in := in.(type) {
		case *ssa.Call:
			_, builtin := in.Call.Value.(*ssa.Builtin)
			idle = idle && builtin
		case *ssa.Go, *ssa.Send, *ssa.Select, *ssa.Defer:
			idle = false
		case *ssa.UnOp:
			idle = idle && !known.IsChan(in.X.Type())
		}
	})
	return idle
}
