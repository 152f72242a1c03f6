package build

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/given"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// A Body is built once per frame: the same function called at two places is
// two bodies, because its parameters are other values each time. Blocks mirror
// the blocks of the SSA; only the instructions that matter become Ops.

type bodyBuilder struct {
	e    *Builder
	fr   *flow.Frame
	body *model.Body
	cur  *model.Block
	at   int // the index of the instruction that is looked at
	// selects are the selects of the function, for the branches on their outcome.
	selects map[*ssa.Select]*model.Op
	headed  map[*ssa.BasicBlock]*model.Loop // loops by their headers
	natural []*value.Loop
}

// BodyOf models one frame.
func (e *Builder) BodyOf(fr *flow.Frame) *model.Body {
	if b := e.Bodies[fr]; b != nil {
		return b
	}
	b := &bodyBuilder{e: e, fr: fr, body: &model.Body{Name: source.DisplayName(fr.Fn), Literal: fr.Fn.Parent() != nil, At: model.SpanAt(fr.Pos(fr.Fn.Pos())), Extent: source.Extent(fr.Fn)}, selects: map[*ssa.Select]*model.Op{}, headed: map[*ssa.BasicBlock]*model.Loop{}}
	e.Bodies[fr], e.FrameOf[b.body], fr.Modelled = b.body, fr, true
	if !fr.Spawned {
		b.body.Ends = e.Ending(fr.Fn)
	}
	blocks := fr.Fn.Blocks
	for i := range blocks {
		b.body.Blocks = append(b.body.Blocks, &model.Block{Index: i})
	}
	b.loops()
	ways := b.ways()
	for i, sb := range blocks {
		b.cur = b.body.Blocks[i]
		succs := ways[i]
		if !succs.comes {
			b.cur.Never = true
			continue // among them what only a recovered panic leads to
		}
		for _, s := range succs.to {
			b.cur.Succs = append(b.cur.Succs, b.body.Blocks[s.Index])
		}
		for i, in := range sb.Instrs {
			e.spent++
			b.at = i
			b.instr(in)
		}
		if cond, ok := sb.Instrs[len(sb.Instrs)-1].(*ssa.If); ok && len(succs.to) == len(sb.Succs) {
			b.cur.Cond = e.cond(cond.Cond, fr)
			if c := b.taken(cond.Cond); c != nil {
				b.cur.Cond = &model.Cond{Taken: c}
			}
			byCount, picks := value.GoesByCount(cond.Cond, fr), given.PicksRound(cond.Cond, fr)
			if b.cur.Heads == nil && b.cur.Cond.Taken == nil {
				b.cur.Cond.ByHand = e.ByHand(cond.Cond, sb, b.natural, fr) || picks && !value.StartedInLoop(fr)
				b.cur.Cond.Elsewhere = b.cur.Cond.ByHand && e.CountedElsewhere(cond.Cond, sb, b.natural, fr)
			}
			if c := b.cur.Cond; c.Taken == nil && (byCount || e.AsksShared(cond, fr) || picks) {
				c.State = true
			}
			if !byCount {
				b.countedAnyhow(sb, cond)
			}
			b.lifeCond(cond.Cond, sb)
		}
	}
	return b.body
}

// ways are where a block leads to, if the activation comes to it at all.
type ways struct {
	comes bool
	to    []*ssa.BasicBlock
}

// ways are for each block the successors that can follow.
func (b *bodyBuilder) ways() []ways {
	out := make([]ways, len(b.fr.Fn.Blocks))
	for next := []*ssa.BasicBlock{b.fr.Fn.Blocks[0]}; len(next) > 0; {
		sb := next[len(next)-1]
		next = next[:len(next)-1]
		if w := &out[sb.Index]; !w.comes {
			*w = ways{true, b.onward(sb)}
			next = append(next, w.to...)
		}
	}
	return out
}

// onward are the successors of a block that can follow it: one, where all callers give the
// function what decides its branch, or an object is compared with nil. What decides about the rounds of a loop is left to its count.
func (b *bodyBuilder) onward(sb *ssa.BasicBlock) []*ssa.BasicBlock {
	branch, ok := sb.Instrs[len(sb.Instrs)-1].(*ssa.If)
	if !ok || b.body.Blocks[sb.Index].Heads != nil {
		return sb.Succs
	}
	holds, sure := b.e.given.Outcome(branch, b.fr)
	if !sure {
		holds, sure = b.e.AsksObject(branch, b.fr)
	}
	switch {
	case !sure:
		return sb.Succs
	case holds:
		return sb.Succs[:1]
	}
	return sb.Succs[1:]
}

// loops tells the blocks which loops they are part of, and which they decide about.
func (b *bodyBuilder) loops() {
	b.natural = b.e.LoopsOf(b.fr)
	for _, l := range b.natural {
		loop := &model.Loop{Count: l.Count, CountTrue: l.CountTrue}
		b.headed[l.Header] = loop
		for blk := range l.Body {
			x := b.body.Blocks[blk.Index]
			x.Loops = append(x.Loops, loop)
		}
		for _, decides := range []*ssa.BasicBlock{l.Guard, l.Test} {
			if decides != nil && l.Count != nil {
				b.body.Blocks[decides.Index].Heads = loop
			}
		}
	}
}

// countedAnyhow gives a loop whose header tests something of which nothing is
// known (the rest of a list, a scanner, a channel of others, a comparison of unknown numbers) a count
// of its own: it runs some number of times, and the same number each time.
func (b *bodyBuilder) countedAnyhow(sb *ssa.BasicBlock, cond *ssa.If) {
	blk := b.body.Blocks[sb.Index]
	if blk.Heads != nil || len(blk.Loops) == 0 {
		return
	}
	loop := b.headed[sb]
	if loop == nil || loop.Count != nil {
		return
	}
	if c := blk.Cond; c != nil && sb.Comment != "rangeiter.loop" && !b.startsFromOutside(blk, loop) && (c.Taken != nil || c.Filled != nil || c.Stable != "" || c.X != nil && c.Y != nil || c.Fails) {
		return
	}
	stays := 0
	for i, s := range sb.Succs {
		if slices.Contains(b.body.Blocks[s.Index].Loops, loop) {
			stays |= 1 << i
		}
	}
	if stays != 1 && stays != 2 {
		return
	}
	loop.Count = &model.Size{Terms: []model.SizeTerm{{Coef: 1, Sym: "loop at " + b.e.PosText(cond.Cond.Pos()) + " " + strconv.Itoa(sb.Index) + " " + b.body.Name}}}
	loop.CountTrue = stays == 1
	blk.Heads = loop
}

// startsFromOutside reports whether a block heads the range over a channel that is not
// made here, and the loop starts tasks: the channel is closed after some number of them.
func (b *bodyBuilder) startsFromOutside(blk *model.Block, loop *model.Loop) bool {
	i := slices.IndexFunc(blk.Ops, func(op *model.Op) bool { return op.Kind == model.OpRange })
	if i < 0 || blk.Ops[i].Chan == nil || blk.Ops[i].Chan.Local || blk.Ops[i].Chan.Fills {
		return false
	}
	for i, sb := range b.fr.Fn.Blocks {
		starts := slices.ContainsFunc(sb.Instrs, func(in ssa.Instruction) bool {
			call, ok := in.(ssa.CallInstruction)
			if !ok {
				return false
			}
			_, isGo := in.(*ssa.Go)
			return isGo || b.e.Groups.Starts(source.Callee(call.Common()))
		})
		if starts && slices.Contains(b.body.Blocks[i].Loops, loop) {
			return true
		}
	}
	return false
}

// add appends an op to the block. Code that the compiler makes up, as the body of
// a method value, has no position; what happens there is told at the call.
func (b *bodyBuilder) add(op *model.Op) {
	if op != nil {
		if op.Kind == model.OpCall {
			op.Named = known.CallHints(op.Text)
		}
		if !op.At.Pos.IsValid() {
			op.At = model.SpanAt(b.fr.Pos(op.At.Pos))
		}
		b.cur.Ops = append(b.cur.Ops, op)
		b.e.OpIndex[b.cur] = append(b.e.OpIndex[b.cur], b.at)
	}
}

func (b *bodyBuilder) instr(in ssa.Instruction) {
	b.noteLeaks(in)
	switch in := in.(type) {
	case *ssa.Call:
		b.add(b.call(in, false))
	case *ssa.Defer:
		b.add(b.call(in, true))
	case *ssa.Go:
		b.add(b.goStmt(in))
	case *ssa.Send:
		op := &model.Op{Kind: model.OpSend, At: b.opSpan(in.Pos())}
		op.Chan, op.Text = b.channel(in.Chan, true)
		op.Val = b.e.message(in.X, b.fr)
		b.add(op)
	case *ssa.UnOp:
		if in.Op == token.ARROW {
			b.add(b.receive(in.X, in.Pos(), in))
		}
	case *ssa.Select:
		b.add(b.selectStmt(in))
	case *ssa.Alloc:
		b.add(b.newGroup(in))
		b.add(b.zero(in))
	case *ssa.MakeChan:
		b.add(b.newChan(in))
	case *ssa.Store:
		b.add(b.set(in))
	case *ssa.Return:
		b.add(b.ret(in))
	case *ssa.Panic:
		if !in.Pos().IsValid() {
			return // after the last case of a select: not reached
		}
		b.add(&model.Op{Kind: model.OpPanic, At: model.SpanAt(in.Pos())})
	}
}

// opSpan is the text of a channel operation.
func (b *bodyBuilder) opSpan(p token.Pos) model.Span { return b.e.OpSpan(p, b.fr) }

// OpSpan is the text of a channel operation at p.
func (e *Builder) OpSpan(p token.Pos, fr *flow.Frame) model.Span {
	if n := e.Positions.Ops[p]; n != nil {
		if _, ok := n.(*ast.SelectStmt); ok {
			return model.Span{Pos: n.Pos(), End: n.Pos() + token.Pos(len("select"))}
		}
		if r, ok := n.(*ast.RangeStmt); ok {
			return model.SpanOf(r.X)
		}
		return model.SpanOf(n)
	}
	return model.SpanAt(fr.Pos(p))
}

// receive is a receive, or a wait for the end of a context.
func (b *bodyBuilder) receive(ch ssa.Value, pos token.Pos, in ssa.Instruction) *model.Op {
	op := &model.Op{Kind: model.OpReceive, At: b.opSpan(pos)}
	if v, ok := in.(*ssa.UnOp); ok {
		op.Gives = b.e.event(v, b.fr)
	}
	if _, ok := b.e.Positions.Ops[pos].(*ast.RangeStmt); ok {
		op.Kind = model.OpRange
	}
	if ctx, v, ok := b.doneOf(ch); ok {
		op.Uses = []*model.Use{{Kind: model.UseDone, At: op.At, Text: b.e.NameIn(v.Value, v.Frame), Ctx: ctx, Var: b.varRead(v.Value), Cancels: model.Yes, Cleanup: b.e.IsCleanup(in, b.fr)}}
		op.Text = op.Uses[0].Text + ".Done()"
		return op
	}
	_, alone := in.(*ssa.UnOp)
	op.Chan, op.Text = b.channel(ch, alone)
	return op
}

// doneOf reports whether ch is the Done channel of a context, and which.
func (b *bodyBuilder) doneOf(ch ssa.Value) ([]*model.Ctx, flow.ValueIn, bool) {
	sources := b.e.Resolve(ch, b.fr)
	if len(sources) != 1 {
		return nil, flow.ValueIn{}, false
	}
	call, ok := sources[0].Val.(*ssa.Call)
	if !ok || sources[0].Path != "" {
		return nil, flow.ValueIn{}, false
	}
	v, ok := source.DoneCall(&call.Call)
	if !ok {
		return nil, flow.ValueIn{}, false
	}
	return b.e.contexts(v, sources[0].Frame), flow.ValueIn{Value: v, Frame: sources[0].Frame}, true
}

func (b *bodyBuilder) selectStmt(in *ssa.Select) *model.Op {
	op := &model.Op{Kind: model.OpSelect, At: b.opSpan(in.Pos()), Default: !in.Blocking, Gives: b.e.event(in, b.fr)}
	for _, st := range in.States {
		var c *model.Op
		if st.Send != nil {
			c = &model.Op{Kind: model.OpSend, At: b.opSpan(st.Pos)}
			c.Chan, c.Text = b.channel(st.Chan, false)
			c.Val = b.e.message(st.Send, b.fr)
		} else {
			c = b.receive(st.Chan, st.Pos, in)
		}
		if cell := b.e.Switch(st.Chan, b.fr); cell != nil && slices.ContainsFunc(b.e.Resolve(st.Chan, b.fr), flow.Origin.IsZero) {
			c.Var = b.e.varOf(cell, b.fr)
		}
		op.Cases = append(op.Cases, c)
	}
	b.selects[in] = op
	return op
}

// taken is the case that a branch on the outcome of a select is for.
func (b *bodyBuilder) taken(cond ssa.Value) *model.Op {
	cmp, ok := cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL {
		return nil
	}
	ext, ok := cmp.X.(*ssa.Extract)
	if !ok || ext.Index != 0 {
		return nil
	}
	sel, ok := ext.Tuple.(*ssa.Select)
	k, isConst := cmp.Y.(*ssa.Const)
	op := b.selects[sel]
	if !ok || !isConst || op == nil || k.Value == nil {
		return nil
	}
	if i := int(k.Int64()); i >= 0 && i < len(op.Cases) {
		return op.Cases[i]
	}
	return nil
}

// channel is the model of a channel value and its name at this place; alone: the operation
// is no case of a select.
func (b *bodyBuilder) channel(v ssa.Value, alone bool) (*model.Chan, string) {
	return b.e.Channel(v, b.fr, alone)
}

// Channel is the channel that the operand of an operation is, nil if there is not exactly
// one, and its name.
func (e *Builder) Channel(v ssa.Value, fr *flow.Frame, alone bool) (*model.Chan, string) {
	name := e.NameIn(v, fr)
	sources := e.Operand(v, fr, alone)
	if len(sources) != 1 || sources[0].Val == nil {
		return nil, name
	}
	c := e.chanOf(sources[0], name)
	c.Token = sendsTokens(v.Type())
	return c, name
}

// set records the value that a tracked variable gets.
func (b *bodyBuilder) set(in *ssa.Store) *model.Op {
	if f, ok := in.Addr.(*ssa.FieldAddr); ok && known.IsContext(in.Val.Type()) && outlives(f) {
		u := b.use(model.UseStore, in.Val, nil, "a "+objectName(f))
		u.At = model.SpanAt(in.Pos())
		return &model.Op{Kind: model.OpStore, At: u.At, Text: u.Callee, Uses: []*model.Use{u}}
	}
	v := b.e.varOf(in.Addr, b.fr)
	if v == nil {
		return nil
	}
	op := &model.Op{Kind: model.OpSet, At: model.SpanAt(in.Pos()), Var: v, Val: b.e.term(in.Val, b.fr)}
	if known.IsContext(in.Val.Type()) {
		op.SetCtx = b.e.contexts(in.Val, b.fr)
	}
	if (op.Val == nil || op.Val.Gives != nil) && known.IsChan(in.Val.Type()) {
		if s := b.e.Resolve(in.Val, b.fr); len(s) == 1 && !s[0].IsZero() {
			op.Val = &model.Term{NonNil: true}
		}
	}
	return op
}

// objectName is the type of the struct whose field f is.
func objectName(f *ssa.FieldAddr) string {
	if n := known.NamedType(f.X.Type()); n != nil {
		return n.Obj().Name()
	}
	return "struct"
}

// zero records that a pointer, interface or flag starts out as nil or false, and may be used so.
func (b *bodyBuilder) zero(in *ssa.Alloc) *model.Op {
	val := "nil"
	switch t := in.Type().(*types.Pointer).Elem().Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Signature, *types.Chan, *types.Map, *types.Slice:
	case *types.Basic:
		if t.Kind() != types.Bool {
			return nil
		}
		val = "false"
	default:
		return nil
	}
	v := b.e.varOf(in, b.fr)
	if v == nil || b.e.CellInfo(in).AtOnce {
		return nil
	}
	return &model.Op{Kind: model.OpSet, At: model.SpanAt(in.Pos()), Var: v, Val: &model.Term{Const: val}}
}

// outlives reports whether the struct whose field f is can live longer than the
// function: it comes from outside, or is made on the heap.
func outlives(f *ssa.FieldAddr) bool {
	a, ok := f.X.(*ssa.Alloc)
	return !ok || a.Heap
}

func (b *bodyBuilder) ret(in *ssa.Return) *model.Op {
	op := &model.Op{Kind: model.OpReturn, At: model.SpanAt(in.Pos()), Single: len(in.Results) == 1}
	stmt := b.e.Positions.Rets[in.Pos()]
	if stmt != nil {
		op.At = model.SpanOf(stmt)
	} else if op.Round = source.IsYield(b.fr.Fn); op.Round {
		op.At = model.Span{}
	} else if body := source.SyntaxBody(b.fr.Fn); body != nil {
		op.At = model.Span{Pos: body.Rbrace, End: body.Rbrace + 1}
	}
	for i, r := range in.Results {
		r = source.ReturnedValue(r, in.Parent().Signature.Results().At(i).Name())
		var expr ast.Expr
		if stmt != nil && len(stmt.Results) == len(in.Results) {
			expr = stmt.Results[i]
			op.Value = model.SpanOf(expr)
		}
		op.Rets = append(op.Rets, b.e.term(r, b.fr))
		if known.IsContext(r.Type()) {
			op.Uses = append(op.Uses, b.use(model.UseReturn, r, expr, "return"))
		}
		if i == len(in.Results)-1 && known.IsError(r.Type()) {
			op.Errs, op.ErrVar = b.e.ErrsOf(r, b.fr, 0), b.varRead(r)
			for _, x := range op.Errs {
				x.Direct = expr != nil && x.At >= expr.Pos() && x.At < expr.End()
			}
		}
	}
	return op
}

// use describes a context in use; expr is its text in the source, if it has one.
func (b *bodyBuilder) use(kind model.UseKind, v ssa.Value, expr ast.Expr, callee string) *model.Use {
	u := &model.Use{Kind: kind, Callee: callee, Ctx: b.e.contexts(v, b.fr), Var: b.varRead(v), Text: b.e.NameIn(v, b.fr)}
	if expr != nil {
		u.At, u.Text = model.SpanOf(expr), source.Short(expr)
		_, u.Plain = ast.Unparen(expr).(*ast.Ident)
	}
	return u
}

// varRead is the variable that v was just read from, if it is a plain one.
func (b *bodyBuilder) varRead(v ssa.Value) *model.Var {
	if ld, ok := v.(*ssa.UnOp); ok && ld.Op == token.MUL {
		return b.e.varOf(ld.X, b.fr)
	}
	return nil
}
