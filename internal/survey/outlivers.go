package survey

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/method"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// What outlives an object.
//
//	func NewCache() *Cache {             func (c *Cache) expire() {
//		c := &Cache{}                        for range time.Tick(time.Minute) {
//		go c.expire()                            ...
//		return c                             }
//	}                                    }
//
// Nothing leads out of such a loop, whatever Close does: each object that is made leaves its
// goroutine behind, and with it all that the goroutine holds. A channel of a ticker is never
// closed, not by its Stop either, so who ranges over it never leaves.
//
// Ignored: objects of constructors that are not exported, which the package may make once;
// goroutines that a panic may end, or that belong to no object; what is started further away
// than in a function that the constructor calls; methods that are no end, by what they take
// and give, or because another one opens the object again.

// outlivers are the goroutines that outlive the objects of the package, by the function that
// starts them.
func (e surveyor) outlivers(u *users) map[*ssa.Function][]*model.Outliver {
	out := map[*ssa.Function][]*model.Outliver{}
	if e.Pass.Pkg.Name() == "main" {
		return out
	}
	for _, t := range u.order {
		end := e.endOfObject(t)
		if end == nil {
			continue
		}
		for _, fn := range u.starters(t) {
			if !e.RunsOnce(fn) && !e.InTest(fn) && !known.EndsObject(fn.Name()) {
				out[fn] = append(out[fn], e.outliversOf(fn, t, end)...)
			}
		}
	}
	return out
}

// endOfObject is the method by which clients end an object, nil if there is none.
func (e surveyor) endOfObject(t *types.Named) *types.Func {
	for m := range t.Methods() {
		if known.OpensObject(m.Name()) && !e.startsIn(m) {
			return nil
		}
	}
	for m := range t.Methods() {
		if e.Named().Decls[m] != nil && known.EndsObject(m.Name()) && givesAtMostError(m.Signature()) {
			return m
		}
	}
	return nil
}

// waitsFor reports whether the end of an object, a t, may wait for a goroutine, and so may not
// return: for a group or channel in a field that the goroutine works with too.
func (e surveyor) waitsFor(end *types.Func, body *ssa.Function, t *types.Named) bool {
	waits := func(_ *types.Var, x source.Touch) bool {
		return x.Kind == source.TouchReceive || x.Kind == source.TouchMethod && e.Groups.Does(x.Method, model.OpWait)
	}
	within := func(x source.Touch) bool {
		return body.Syntax().Pos() <= x.In.Pos() && x.In.End() <= body.Syntax().End()
	}
	return slices.ContainsFunc(e.fieldsOf(t, nil), func(f *types.Var) bool {
		return slices.ContainsFunc(e.Touches(f), within) && e.DoneBy(waits, slices.Values([]*types.Var{f}))[end]
	})
}

// startsIn reports whether a method starts a goroutine.
func (e surveyor) startsIn(m *types.Func) bool {
	fn := e.SSA.Prog.FuncValue(m)
	return fn != nil && e.Spawns(fn, 1)
}

// givesAtMostError reports whether a function is given a context or nothing, and gives an
// error or nothing.
func givesAtMostError(sig *types.Signature) bool {
	params, res := sig.Params(), sig.Results()
	return (params.Len() == 0 || params.Len() == 1 && known.IsContext(params.At(0).Type())) && (res.Len() == 0 || res.Len() == 1 && known.ReturnsError(sig))
}

// starters are the exported constructors and methods of a type, and the methods that these call.
func (u *users) starters(t *types.Named) []*ssa.Function {
	var out []*ssa.Function
	for _, c := range u.makers[t] {
		if token.IsExported(c.First.Name()) {
			out = append(out, c.First)
		}
	}
	for _, m := range u.methods[t] {
		if token.IsExported(m.Name()) || u.calledByExported(m, t) {
			out = append(out, m)
		}
	}
	for _, fn := range out {
		for _, f := range method.Callees(fn) { // not those that they call in turn
			if recv := f.Signature.Recv(); recv != nil && known.NamedType(recv.Type()) == t && !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	return out
}

// calledByExported reports whether an exported method of a type names a method of it, by
// the source: one that only calls others is not built.
func (u *users) calledByExported(fn *ssa.Function, t *types.Named) bool {
	for m := range t.Methods() {
		d, called := u.e.Named().Decls[m], false
		if d == nil || !m.Exported() || known.EndsObject(m.Name()) {
			continue
		}
		ast.Inspect(d, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			called = called || ok && u.e.Pass.TypesInfo.Uses[id] == fn.Object()
			return !called
		})
		if called {
			return true
		}
	}
	return false
}

// outliversOf are the goroutines that a function starts for an object, a t, and that never end,
// though the object does.
func (e surveyor) outliversOf(fn *ssa.Function, t *types.Named, end *types.Func) (out []*model.Outliver) {
	d := e.Named().Decls[end]
	part := model.Part{Name: t.Obj().Name() + "." + end.Name(), At: model.SpanOf(d.Name), Extent: model.SpanOf(d)}
	method.EachInstr(fn, func(in ssa.Instruction) {
		start, ok := in.(*ssa.Go)
		if !ok || source.InLoop(in.Block()) || !givenObject(start, t) {
			return
		}
		body := startedBy(start)
		if body == nil {
			return
		}
		if loop := staysIn(body, 2); loop.Pos.IsValid() && !e.waitsFor(end, body, t) {
			x := &model.Outliver{End: part, Go: model.SpanAt(start.Pos()), Round: loop, Stopped: e.stopsTicks(end, body, loop)}
			if body.Parent() == nil {
				x.Name = source.DisplayName(body)
			}
			out = append(out, x)
		}
	})
	return out
}

// givenObject reports whether a goroutine is given an object, a t, or has captured it.
func givenObject(start *ssa.Go, t *types.Named) bool {
	given := start.Call.Args
	if mc, ok := start.Call.Value.(*ssa.MakeClosure); ok {
		given = slices.Concat(given, mc.Bindings)
	}
	return slices.ContainsFunc(given, func(v ssa.Value) bool {
		held := v.Type()
		if p, ok := held.Underlying().(*types.Pointer); ok && known.NamedType(held) != t {
			held = p.Elem() // of a captured variable
		}
		return known.NamedType(held) == t
	})
}

// startedBy is the function that a go statement runs, nil if it is not seen.
func startedBy(start *ssa.Go) *ssa.Function {
	f := start.Call.StaticCallee()
	if f == nil || f.Pkg != start.Parent().Pkg || f.Syntax() == nil {
		return nil
	}
	return f
}

// staysIn is the loop in which a function, or one that it calls within depth calls, goes
// round for ever, as far as the source has one; the zero Span if it may return, panic, or end
// the goroutine or the process.
func staysIn(fn *ssa.Function, depth int) (loop model.Span) {
	if len(fn.Blocks) == 0 || mayRecover(fn) || mayEnd(fn, depth) {
		return model.Span{}
	}
	returns, onward := false, map[*ssa.BasicBlock][]*ssa.BasicBlock{}
	reached := model.Reached(fn.Blocks[:1], func(blk *ssa.BasicBlock) []*ssa.BasicBlock {
		for _, in := range blk.Instrs {
			if f := method.CalledByName(in); f != nil && f != fn && depth > 0 {
				if below := staysIn(f, depth-1); below.Pos.IsValid() {
					loop = below
					return nil
				}
			}
			_, leaves := in.(*ssa.Return)
			returns = returns || leaves
		}
		onward[blk] = blk.Succs
		if ofTicker(blk) {
			onward[blk] = blk.Succs[:1]
		}
		return onward[blk]
	})
	switch {
	case returns:
		return model.Span{}
	case loop.Pos.IsValid():
		return loop
	}
	// What leads to the fewest blocks, itself among them, leads out of them no more.
	var round map[*ssa.BasicBlock]bool
	for _, blk := range fn.Blocks {
		after := model.Reached(onward[blk], func(b *ssa.BasicBlock) []*ssa.BasicBlock { return onward[b] })
		if reached[blk] && after[blk] && (round == nil || len(after) < len(round)) {
			round = after
		}
	}
	return loopAround(fn.Syntax(), round)
}

// loopAround is the smallest loop of a function around blocks, the zero Span if there is none.
func loopAround(fn ast.Node, blocks map[*ssa.BasicBlock]bool) (loop model.Span) {
	first, last := fn.End(), fn.Pos()
	for blk := range blocks {
		for _, in := range blk.Instrs {
			if at := in.Pos(); at.IsValid() {
				first, last = min(first, at), max(last, at)
			}
		}
	}
	ast.Inspect(fn, func(n ast.Node) bool {
		if n == nil || first < n.Pos() || n.End() <= last {
			return false
		}
		switch n := n.(type) {
		case *ast.ForStmt:
			loop = model.Span{Pos: n.Pos(), End: n.Body.Lbrace - 1}
		case *ast.RangeStmt:
			loop = model.Span{Pos: n.Pos(), End: n.Body.Lbrace - 1}
		}
		return true
	})
	return loop
}

// mayRecover reports whether a deferred call of a function may recover: so a panic of whatever
// it calls may lead out of its loop.
func mayRecover(fn *ssa.Function) bool {
	may := false
	method.EachInstr(fn, func(in ssa.Instruction) {
		d, ok := in.(*ssa.Defer)
		if !ok {
			return
		}
		callee := source.Callee(&d.Call)
		may = may || callee == nil || callee.Pkg() == nil || callee.Pkg() == fn.Pkg.Pkg
	})
	return may
}

// mayEnd reports whether a function, or one of the package that it calls within depth calls,
// panics, or ends the goroutine or the process.
func mayEnd(fn *ssa.Function, depth int) bool {
	ends := false
	method.EachInstr(fn, func(in ssa.Instruction) {
		switch in := in.(type) {
		case *ssa.Panic:
			ends = ends || in.Pos().IsValid() // else of a select that has no other case
		case ssa.CallInstruction:
			callee := source.Callee(in.Common())
			ends = ends || callee != nil && (known.NeverReturns(callee) || known.GoexitOf(callee) != known.GoexitNever)
		}
	})
	return ends || depth > 0 && slices.ContainsFunc(method.Callees(fn), func(f *ssa.Function) bool { return f != fn && mayEnd(f, depth-1) })
}

// ofTicker reports whether a block asks if there is another value of a ticker to range over.
func ofTicker(blk *ssa.BasicBlock) bool {
	branch, ok := blk.Instrs[len(blk.Instrs)-1].(*ssa.If)
	if !ok {
		return false
	}
	more, ok := branch.Cond.(*ssa.Extract)
	if !ok {
		return false
	}
	recv, ok := more.Tuple.(*ssa.UnOp)
	return ok && recv.Op == token.ARROW && isTick(recv.X)
}

// stopsTicks reports whether the end of an object stops the ticker over whose ticks a loop
// ranges: the field that holds it, or else, as it is one of several, any ticker.
func (e surveyor) stopsTicks(end *types.Func, body *ssa.Function, loop model.Span) (stops bool) {
	field, ranges := tickerOf(body, loop)
	if !ranges || field != nil {
		return e.stops(end, field)
	}
	ast.Inspect(e.Named().Decls[end], func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			callee, ok := e.Pass.TypesInfo.Uses[id].(*types.Func)
			stops = stops || ok && known.RoleOf(known.FuncName(callee)) == known.RoleStop
		}
		return !stops
	})
	return stops
}

// tickerOf is the field that holds the ticker over whose ticks a loop of a function ranges,
// nil if it is none; ranges is false if the loop does not range over ticks.
func tickerOf(fn *ssa.Function, loop model.Span) (field *types.Var, ranges bool) {
	method.EachInstr(fn, func(in ssa.Instruction) {
		recv, ok := in.(*ssa.UnOp)
		if !ok || recv.Op != token.ARROW || recv.Pos() != loop.Pos || !isTick(recv.X) {
			return
		}
		if ticks, ok := method.Stored(recv.X).(*ssa.UnOp); ok {
			field, ranges = fieldRead(ticks.X.(*ssa.FieldAddr).X), true
		}
	})
	return field, ranges
}

// stops reports whether a method stops what a field holds, itself or by methods that it calls.
func (e surveyor) stops(m *types.Func, field *types.Var) bool {
	stops := func(_ *types.Var, x source.Touch) bool {
		return x.Kind == source.TouchMethod && known.RoleOf(known.FuncName(x.Method)) == known.RoleStop
	}
	return field != nil && e.DoneBy(stops, slices.Values([]*types.Var{field}))[m]
}

// fieldRead is the field that a value was read from, nil if it is none.
func fieldRead(v ssa.Value) *types.Var {
	if ld, ok := v.(*ssa.UnOp); ok && ld.Op == token.MUL {
		if f, ok := ld.X.(*ssa.FieldAddr); ok {
			return value.FieldOf(f)
		}
	}
	return nil
}

// isTick reports whether a value is the channel of a ticker.
func isTick(v ssa.Value) bool {
	switch v := method.Stored(v).(type) {
	case *ssa.Call:
		return known.GivesTicks(known.FuncName(source.Callee(&v.Call)))
	case *ssa.UnOp:
		f, ok := v.X.(*ssa.FieldAddr)
		return ok && v.Op == token.MUL && known.IsTicker(f.X.Type())
	}
	return false
}
