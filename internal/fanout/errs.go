package fanout

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// Where errors come from and where they go.

// maxWraps is how many wrappers deep an error is followed.
const maxWraps = 4

// errsOf lists what an error value may be. Errors that wrap another are followed
// through any function that takes an error and returns one.
func (e *engine) errsOf(v ssa.Value, fr *frame, depth int) []*Err {
	var out []*Err
	for _, s := range e.resolve(v, fr) {
		switch val := s.val.(type) {
		case nil:
			out = append(out, &Err{Kind: ErrNil})
		case *ssa.Const:
			out = append(out, &Err{Kind: ErrNil})
		case *ssa.Call:
			if s.path == "" {
				out = append(out, e.errOfCall(val, s.fr, depth)...)
				continue
			}
			out = append(out, &Err{})
		default:
			out = append(out, &Err{})
		}
	}
	return out
}

func (e *engine) errOfCall(call *ssa.Call, fr *frame, depth int) []*Err {
	fn := staticFunc(&call.Call)
	name := funcName(fn)
	x := &Err{Kind: ErrCall, At: call.Pos(), Text: e.calleeText(call, fn)}
	switch roleOf(name) {
	case roleCtxErr:
		x.Kind, x.Ctx = ErrCtx, e.contexts(callArgs(&call.Call)[0], fr)
		if fr.caller == nil {
			x.CtxText = short(e.text.receiver(e.text.call(call.Pos())))
		}
		return []*Err{x}
	case roleAcquire:
		for _, a := range callArgs(&call.Call) {
			if isContext(a.Type()) {
				x.Kind, x.Ctx = ErrCtx, e.contexts(a, fr)
				if fr.caller == nil {
					x.CtxText = short(e.text.arg(e.text.call(call.Pos()), 0))
				}
			}
		}
		return []*Err{x}
	}
	if c, m, ok := e.known.method(fn); ok && m.does == OpWait && c.Errors() {
		x.Kind = ErrWait
		return []*Err{x}
	}
	if sum := e.summary(fn); sum != nil {
		for i, a := range callArgs(&call.Call) {
			if sum.param(i).ErrOf && isContext(a.Type()) {
				x.Kind, x.Ctx = ErrCtx, e.contexts(a, fr)
				return []*Err{x}
			}
		}
	}
	if depth < maxWraps && fn != nil && returnsError(fn.Signature()) {
		var out []*Err
		for _, w := range wrapped(&call.Call) {
			out = append(out, e.errsOf(w, fr, depth+1)...)
		}
		if out != nil {
			return out
		}
	}
	return []*Err{x}
}

func (e *engine) calleeText(call *ssa.Call, fn *types.Func) string {
	if syn := e.text.call(call.Pos()); syn != nil {
		return short(syn.Fun)
	}
	if fn != nil {
		return fn.Name()
	}
	return "call"
}

// wrapped is the errors among the arguments of a call, those in its variadic
// part too.
func wrapped(c *ssa.CallCommon) []ssa.Value {
	var out []ssa.Value
	for _, a := range plainArgs(c) {
		if isError(a.Type()) {
			out = append(out, a)
			continue
		}
		sl, ok := a.(*ssa.Slice)
		if !ok {
			continue
		}
		arr, ok := sl.X.(*ssa.Alloc)
		if !ok {
			continue
		}
		for _, ref := range *arr.Referrers() {
			ia, ok := ref.(*ssa.IndexAddr)
			if !ok {
				continue
			}
			for _, r := range *ia.Referrers() {
				st, ok := r.(*ssa.Store)
				if !ok || st.Addr != ssa.Value(ia) {
					continue
				}
				v := st.Val
				if ci, ok := v.(*ssa.ChangeInterface); ok {
					v = ci.X
				}
				if isError(v.Type()) {
					out = append(out, v)
				}
			}
		}
	}
	return out
}

// fails reports whether the function of fr can return a non-nil error: any call
// with an error result may fail, and a given error may be one. One that only
// reports the end of a context from outside is not a failure of its own: something
// else has failed or ended before.
func (e *engine) fails(fr *frame) Answer {
	answer := No
	for _, ret := range returns(fr.fn) {
		if len(ret.Results) == 0 {
			continue
		}
		for _, x := range e.errsOf(ret.Results[len(ret.Results)-1], fr, 0) {
			if x.Kind != ErrNil && !fr.onlyHears(x) {
				answer = Yes
			}
		}
	}
	return answer
}

// onlyHears reports whether an error that fr returns is that of a context made
// outside fr. A context with a time limit of its own is made inside.
func (fr *frame) onlyHears(x *Err) bool {
	if x.Kind != ErrCtx || len(x.Ctx) == 0 {
		return false
	}
	for _, c := range x.Ctx {
		if c.Kind == CtxUnknown {
			return false
		}
		for f := c.at.fr; f != nil; f = f.caller {
			if f == fr {
				return false
			}
		}
	}
	return true
}

// returns lists the return statements of fn. The block that a function with
// deferred calls has for a recovered panic is not one.
func returns(fn *ssa.Function) []*ssa.Return {
	var out []*ssa.Return
	for _, blk := range fn.Blocks {
		if ret, ok := blk.Instrs[len(blk.Instrs)-1].(*ssa.Return); ok && blk != fn.Recover {
			out = append(out, ret)
		}
	}
	return out
}

// keepsErrors reports whether the function of fr, or a literal that it runs, puts an
// error somewhere besides its result: a variable or slot of another function, a
// channel, a collector that takes an error. Loggers take anything and keep
// nothing.
func (e *engine) keepsErrors(fr, task *frame) Answer {
	for _, blk := range fr.fn.Blocks {
		for _, in := range blk.Instrs {
			if st, ok := in.(*ssa.Store); ok && fr.within(st.Addr, task) {
				continue // a variable of the task itself, as its named result
			}
			if keepsError(in) || keepsTrace(in) && e.afterFailure(in, fr) {
				return Yes
			}
		}
	}
	for _, c := range fr.literals() {
		if e.keepsErrors(c, task) == Yes {
			return Yes
		}
	}
	return No
}

// literals are the activations of function literals that fr runs: those it calls
// itself, and its own that a function which it calls runs for it.
func (fr *frame) literals() []*frame {
	var out []*frame
	var visit func(at *frame)
	visit = func(at *frame) {
		for _, c := range at.children {
			switch {
			case at == fr && c.fn.Parent() != nil, c.fn.Parent() == fr.fn:
				out = append(out, c)
			case c.fn.Parent() == nil:
				visit(c)
			}
		}
	}
	visit(fr)
	return out
}

// within reports whether addr, seen from fr, is a variable of the frame task or
// of what it calls.
func (fr *frame) within(addr ssa.Value, task *frame) bool {
	for {
		fv, ok := addr.(*ssa.FreeVar)
		if !ok {
			break
		}
		b, home := fr.binding(fv)
		if b == nil {
			return false
		}
		addr, fr = b, home
	}
	if _, ok := addr.(*ssa.Alloc); !ok {
		return false
	}
	for ; fr != nil; fr = fr.caller {
		if fr == task {
			return true
		}
	}
	return false
}

// keepsTrace reports whether in writes to something that outlives the function:
// where an error was found, that is a trace of it.
func keepsTrace(in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.Store:
		switch in.Addr.(type) {
		case *ssa.FreeVar, *ssa.Global:
			return true
		}
	case *ssa.MapUpdate:
		return true
	}
	return false
}

func keepsError(in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.Store:
		if !isError(in.Val.Type()) {
			return false
		}
		if c, ok := in.Val.(*ssa.Const); ok && c.IsNil() {
			return false
		}
		switch addr := in.Addr.(type) {
		case *ssa.FreeVar, *ssa.Global:
			return true
		case *ssa.FieldAddr:
			return true
		case *ssa.IndexAddr:
			_, local := addr.X.(*ssa.Alloc) // the array of a variadic call
			return !local
		}
	case *ssa.Send:
		return holdsError(in.X.Type())
	case *ssa.MapUpdate:
		return isError(in.Value.Type())
	case ssa.CallInstruction:
		c := in.Common()
		if b, ok := c.Value.(*ssa.Builtin); ok {
			if b.Name() != "append" {
				return false
			}
			s, ok := c.Args[0].Type().Underlying().(*types.Slice)
			return ok && holdsError(s.Elem())
		}
		if c.Signature().Results().Len() != 0 {
			return false
		}
		for p := range c.Signature().Params().Variables() {
			if isError(p.Type()) {
				return true
			}
		}
	}
	return false
}

// holdsError reports whether t is an error or a struct with one.
func holdsError(t types.Type) bool {
	if isError(t) {
		return true
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range s.Fields() {
		if isError(f.Type()) {
			return true
		}
	}
	return false
}

// fate says what becomes of the result of a call, of several the last one.
func (b *bodyBuilder) fate(in ssa.CallInstruction, syn *ast.CallExpr) Result {
	call, ok := in.(*ssa.Call)
	if !ok {
		return Dropped // go and defer drop results
	}
	v := lastResult(call)
	if v != nil {
		if refs := v.Referrers(); refs != nil && len(*refs) > 0 {
			if len(*refs) == 1 {
				if st, ok := (*refs)[0].(*ssa.Store); ok && st.Val == v && !readAfter(st) {
					return Unread
				}
			}
			return Used
		}
	}
	if as, ok := b.e.text.stmts[syn].(*ast.AssignStmt); ok && syn != nil {
		if b.e.text.noted(as.Pos()) {
			return BlankNoted
		}
		return Blank
	}
	return Dropped
}

// lastResult is the last result of the call as a value, nil if nothing asks for it.
func lastResult(call *ssa.Call) ssa.Value {
	n := call.Call.Signature().Results().Len()
	if n < 2 {
		return call
	}
	if call.Referrers() == nil {
		return nil
	}
	for _, ref := range *call.Referrers() {
		if _, ok := ref.(*ssa.Return); ok {
			return call // handed on whole
		}
		if x, ok := ref.(*ssa.Extract); ok && x.Index == n-1 {
			return x
		}
	}
	return nil
}

// readAfter reports whether the variable that st writes is read before it is
// written again. Captured variables count as read.
func readAfter(st *ssa.Store) bool {
	cell, ok := st.Addr.(*ssa.Alloc)
	if !ok {
		return true
	}
	for _, ref := range *cell.Referrers() {
		switch ref.(type) {
		case *ssa.Store, *ssa.UnOp, *ssa.DebugRef:
		default:
			return true
		}
	}
	seen := map[*ssa.BasicBlock]bool{}
	var visit func(blk *ssa.BasicBlock, from int) bool
	visit = func(blk *ssa.BasicBlock, from int) bool {
		for _, in := range blk.Instrs[from:] {
			switch in := in.(type) {
			case *ssa.UnOp:
				if in.Op == token.MUL && in.X == ssa.Value(cell) && len(*in.Referrers()) > 0 {
					return true
				}
			case *ssa.Store:
				if in.Addr == ssa.Value(cell) {
					return false
				}
			}
		}
		for _, s := range blk.Succs {
			if !seen[s] {
				seen[s] = true
				if visit(s, 0) {
					return true
				}
			}
		}
		return false
	}
	return visit(st.Block(), indexOf(st.Block(), st)+1)
}
