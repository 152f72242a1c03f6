package survey

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
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
// Ignored: objects that a process makes once; goroutines that a panic may end; what is
// started further away than in a function that the constructor calls.

// outlivers are the goroutines that outlive the objects of the package, by the function that
// starts them.
func (e surveyor) outlivers(u *users) map[*ssa.Function][]*model.Outliver {
	out := map[*ssa.Function][]*model.Outliver{}
	if e.Pass.Pkg.Name() == "main" {
		return out
	}
	for _, t := range u.order {
		end, ok := e.endOfObject(t)
		if !ok {
			continue
		}
		for _, fn := range u.starters(t) {
			if !e.RunsOnce(fn) && !e.InTest(fn) && !known.EndsObject(fn.Name()) {
				out[fn] = append(out[fn], e.endless(fn, end)...)
			}
		}
	}
	return out
}

// endOfObject is the method by which clients end an object.
func (e surveyor) endOfObject(t *types.Named) (end model.Part, ok bool) {
	for m := range t.Methods() {
		if d := e.Named().Decls[m]; d != nil && known.EndsObject(m.Name()) {
			return model.Part{Name: t.Obj().Name() + "." + m.Name(), At: model.SpanOf(d.Name), Extent: model.SpanOf(d)}, true
		}
	}
	return model.Part{}, false
}

// starters are the constructors of a type, its methods that clients call, and the functions
// that only a constructor calls on the way.
func (u *users) starters(t *types.Named) []*ssa.Function {
	var out []*ssa.Function
	for _, c := range u.makers[t] {
		out = append(out, c.First)
	}
	for _, m := range u.methods[t] {
		if token.IsExported(m.Name()) {
			out = append(out, m)
		}
	}
	for _, fn := range out {
		for _, f := range callees(fn) {
			if recv := f.Signature.Recv(); recv != nil && known.NamedType(recv.Type()) == t && !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	return out
}

// callees are the functions of the package that a function calls by their names.
func callees(fn *ssa.Function) (out []*ssa.Function) {
	for _, blk := range fn.Blocks {
		for _, in := range blk.Instrs {
			if call, ok := in.(*ssa.Call); ok {
				if f := call.Call.StaticCallee(); f != nil && f.Pkg == fn.Pkg && f.Parent() == nil && !slices.Contains(out, f) {
					out = append(out, f)
				}
			}
		}
	}
	return out
}

// endless are the goroutines that a function starts and that never end, though the object
// does.
func (e surveyor) endless(fn *ssa.Function, end model.Part) (out []*model.Outliver) {
	for _, blk := range fn.Blocks {
		for _, in := range blk.Instrs {
			start, ok := in.(*ssa.Go)
			if !ok || source.InLoop(blk) {
				continue
			}
			body := startedBy(start)
			if body == nil {
				continue
			}
			if loop := e.staysIn(body, 2); loop != nil {
				x := &model.Outliver{End: end, Go: model.SpanAt(start.Pos()), Round: *loop}
				if body.Parent() == nil {
					x.Name = source.DisplayName(body)
				}
				out = append(out, x)
			}
		}
	}
	return out
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
// round for ever, nil if it may return or panic.
func (e surveyor) staysIn(fn *ssa.Function, depth int) *model.Span {
	if len(fn.Blocks) == 0 || fn.Recover != nil {
		return nil
	}
	var in *model.Span
	seen := map[*ssa.BasicBlock]bool{}
	var leaves func(blk *ssa.BasicBlock) bool
	leaves = func(blk *ssa.BasicBlock) bool {
		if seen[blk] {
			return false
		}
		seen[blk] = true
		for _, i := range blk.Instrs {
			switch i := i.(type) {
			case *ssa.Return:
				return true
			case *ssa.Panic:
				return i.Pos().IsValid() // else of a select that has no other case
			case *ssa.Call:
				if known.GoexitOf(source.Callee(&i.Call)) != known.GoexitNever {
					return true
				}
				if f := i.Call.StaticCallee(); f != nil && f != fn && depth > 0 && f.Pkg == fn.Pkg {
					if in = e.staysIn(f, depth-1); in != nil {
						return false
					}
				}
			}
		}
		for n, next := range blk.Succs {
			if !(n == 1 && ofTicker(blk)) && leaves(next) {
				return true
			}
		}
		return false
	}
	if leaves(fn.Blocks[0]) {
		return nil
	}
	if in == nil {
		in = lastLoop(fn.Syntax())
	}
	return in
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

// isTick reports whether a value is the channel of a ticker.
func isTick(v ssa.Value) bool {
	switch v := stored(v).(type) {
	case *ssa.Call:
		return known.GivesTicks(known.FuncName(source.Callee(&v.Call)))
	case *ssa.UnOp:
		f, ok := v.X.(*ssa.FieldAddr)
		return ok && v.Op == token.MUL && known.IsTicker(f.X.Type())
	}
	return false
}

// lastLoop is where the last loop among the statements of a function begins, nil if there is
// none.
func lastLoop(fn ast.Node) (last *model.Span) {
	var body *ast.BlockStmt
	switch fn := fn.(type) {
	case *ast.FuncDecl:
		body = fn.Body
	case *ast.FuncLit:
		body = fn.Body
	default:
		return nil
	}
	for _, s := range body.List {
		if l, ok := s.(*ast.LabeledStmt); ok {
			s = l.Stmt
		}
		switch s := s.(type) {
		case *ast.ForStmt:
			last = &model.Span{Pos: s.Pos(), End: s.Body.Lbrace - 1}
		case *ast.RangeStmt:
			last = &model.Span{Pos: s.Pos(), End: s.Body.Lbrace - 1}
		}
	}
	return last
}
