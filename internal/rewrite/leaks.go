package rewrite

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/value"
)

// What the fixes of the leak checks need to know of the source. They are offered
// for plain code only, where everything that matters is in sight: a channel that
// is made where its variable is declared, tasks that are function literals, sends
// and calls that are the last thing a task does.

// sceneFix looks for the room for a fix in one scene.
type sceneFix struct {
	e    *Editor
	root *flow.Frame // of the spawner
}

// Room tells how to give an unbuffered channel room for all that is ever sent on
// it: at is where the capacity goes into the call that makes it.
//
// That is certain when each of a fixed number of tasks, or each task of one loop,
// sends at most once, as the last thing it does, and only the function that made
// the channel receives. A sender that does not wait any more is noticed by nobody
// then, except by a select that hears in another way too that the task is over.
func (e *Editor) Room(scene *model.Scene, c *model.Chan) (at token.Pos, size string, ok bool) {
	if !c.Inside || c.Escapes != "" || !c.Local || e.OriginOf[c].Path != "" {
		return token.NoPos, "", false
	}
	mk := e.Positions.Call(c.At.Pos)
	if mk == nil || len(mk.Args) != 1 || mk.Rparen != mk.Args[0].End() {
		return token.NoPos, "", false
	}
	s := &sceneFix{e: e, root: e.FrameOf[scene.Body]}
	n := e.syntaxAt(mk.Pos())
	if n == nil || n.jumps() {
		return token.NoPos, "", false
	}
	home, v := n.declares(mk)
	if v == nil {
		return token.NoPos, "", false
	}
	sends, ok := s.onlySends(n, v, home, c)
	if !ok {
		return token.NoPos, "", false
	}
	var tasks []*ast.FuncLit
	var loops []ast.Node
	for _, send := range sends {
		lit, isLit := n.function(send).(*ast.FuncLit)
		if !isLit || !n.last(send, lit) {
			return token.NoPos, "", false
		}
		if slices.Contains(tasks, lit) {
			continue
		}
		in, ok := n.started(lit, home)
		if !ok {
			return token.NoPos, "", false
		}
		tasks, loops = append(tasks, lit), append(loops, in...)
	}
	switch {
	case len(tasks) == 0 || len(loops) > 0 && len(tasks) > 1 || len(loops) > 1:
		return token.NoPos, "", false
	case len(loops) == 0:
		return mk.Rparen, strconv.Itoa(len(tasks)), true
	}
	size, ok = s.rounds(n, loops[0], s.countOf(tasks[0]), mk, c)
	return mk.Rparen, size, ok
}

// onlySends lists the sends on the channel variable v, declared by home. ok is
// false when anything is done with v but to send, to receive in the function of
// home, and to close it elsewhere.
func (s *sceneFix) onlySends(n *syntax, v *types.Var, home ast.Node, c *model.Chan) (sends []*ast.SendStmt, ok bool) {
	for _, id := range n.uses(v) {
		p := n.outer(id)
		switch x := p.(type) {
		case *ast.SendStmt:
			if _, isCase := n.parent[x].(*ast.CommClause); isCase || ast.Unparen(x.Chan) != ast.Expr(id) {
				return nil, false
			}
			sends = append(sends, x)
		case *ast.UnaryExpr:
			if x.Op != token.ARROW || n.function(x) != n.function(home) || !s.quiet(n, x, c) {
				return nil, false
			}
		case *ast.RangeStmt:
			if ast.Unparen(x.X) != ast.Expr(id) || n.function(x) != n.function(home) {
				return nil, false
			}
		case *ast.CallExpr:
			if b, isBuiltin := n.callee(x).(*types.Builtin); !isBuiltin || b.Name() != "close" || n.function(x) == n.function(home) {
				return nil, false
			}
		default:
			return nil, false
		}
	}
	return sends, true
}

// quiet reports whether the other cases of the select that the receive is a case
// of, if it is one, have nothing to do with the tasks: they are timers and ends of
// contexts that no task and no group cancels.
func (s *sceneFix) quiet(n *syntax, receive ast.Node, c *model.Chan) bool {
	clause := n.clause(receive)
	if clause == nil {
		return true
	}
	sel := n.parent[n.parent[clause]]
	var cases []*model.Op
	cancels := false
	s.each(func(o *model.Op, _ *model.Body, _ *model.Block) {
		if o.Kind == model.OpSelect && o.At.Pos == sel.Pos() {
			cases = append(cases, o.Cases...)
		}
		cancels = cancels || o.Kind == model.OpCall && len(o.Ctx) > 0
	})
	for _, t := range s.tasks() {
		model.EachOp(t.Body, func(o *model.Op) bool {
			cancels = cancels || o.Kind == model.OpCancel
			return true
		})
	}
	for _, other := range cases {
		switch {
		case other.Chan == c || other.Chan != nil && other.Chan.Fills:
		case len(other.Uses) != 1 || other.Uses[0].Kind != model.UseDone || cancels || !outside(other.Uses[0].Ctx):
			return false
		}
	}
	return len(cases) > 0
}

// outside reports whether the contexts end when the caller's or their own time is
// over, or by a CancelFunc, and not with a group.
func outside(ctx []*model.Ctx) bool {
	for _, c := range ctx {
		for depth := 0; c != nil; depth++ {
			life, parent := c.Life()
			if life == model.LifeUnknown || life == model.LifeGroup || depth > model.MaxDepth {
				return false
			}
			c = parent
		}
	}
	return len(ctx) > 0
}

// each calls f for all ops of the scene.
func (s *sceneFix) each(f func(*model.Op, *model.Body, *model.Block)) {
	for _, fr := range s.e.Frames(s.root) {
		b := s.e.Bodies[fr]
		for _, blk := range b.Blocks {
			for _, op := range blk.Ops {
				f(op, b, blk)
			}
		}
	}
}

// tasks are the tasks of the scene.
func (s *sceneFix) tasks() []*model.Task {
	var out []*model.Task
	s.each(func(op *model.Op, _ *model.Body, _ *model.Block) {
		if op.Kind == model.OpSpawn && op.Task != nil {
			out = append(out, op.Task)
		}
	})
	return out
}

// countOf is how often the innermost loop around the start of the task runs, nil
// if that is not known.
func (s *sceneFix) countOf(lit *ast.FuncLit) *model.Size {
	var count *model.Size
	s.each(func(op *model.Op, _ *model.Body, blk *model.Block) {
		if op.Kind != model.OpSpawn || op.Task == nil || op.Task.Text != model.SpanOf(lit) {
			return
		}
		for _, l := range blk.Loops {
			if len(blk.Loops) == 1 || s.innermost(l, blk.Loops) {
				count = l.Count
			}
		}
	})
	return count
}

// innermost reports whether no other of the loops has fewer blocks.
func (s *sceneFix) innermost(l *model.Loop, loops []*model.Loop) bool {
	blocks := map[*model.Loop]int{}
	for _, fr := range s.e.Frames(s.root) {
		for _, blk := range s.e.Bodies[fr].Blocks {
			for _, x := range blk.Loops {
				blocks[x]++
			}
		}
	}
	return !slices.ContainsFunc(loops, func(o *model.Loop) bool { return o != l && blocks[o] <= blocks[l] })
}

// rounds writes how often the loop runs, as an expression that is the same number
// where the channel is made by the call mk, and never below zero.
func (s *sceneFix) rounds(n *syntax, loop ast.Node, count *model.Size, mk *ast.CallExpr, c *model.Chan) (string, bool) {
	switch loop := loop.(type) {
	case *ast.RangeStmt:
		x := ast.Unparen(loop.X)
		if id, ok := x.(*ast.Ident); ok && n.collection(id) {
			return s.lengthOf(n, id, mk, c)
		}
		return n.number(x, count, mk)
	case *ast.ForStmt:
		cond, ok := loop.Cond.(*ast.BinaryExpr)
		if !ok || cond.Op != token.LSS || count == nil {
			return "", false
		}
		call, ok := ast.Unparen(cond.Y).(*ast.CallExpr)
		if !ok {
			return n.number(ast.Unparen(cond.Y), count, mk)
		}
		if b, isBuiltin := n.callee(call).(*types.Builtin); !isBuiltin || b.Name() != "len" {
			return "", false
		}
		id, ok := ast.Unparen(call.Args[0]).(*ast.Ident)
		if !ok || !n.collection(id) || !isLength(count) && (len(count.Terms) > 0 || count.Const <= 0) {
			return "", false
		}
		return s.lengthOf(n, id, mk, c)
	}
	return "", false
}

// lengthOf writes the length of a collection that has as many elements where the
// channel is made as in all that follows.
func (s *sceneFix) lengthOf(n *syntax, id *ast.Ident, mk *ast.CallExpr, c *model.Chan) (string, bool) {
	if !n.lasts(id, mk) || !n.meansLen(mk) {
		return "", false
	}
	if t, ok := n.info.TypeOf(id).Underlying().(*types.Map); ok {
		from := s.e.OriginOf[c]
		at, ok := from.Val.(ssa.Instruction)
		if !ok || s.e.MapChanges(t, at, from.Frame) {
			return "", false
		}
	}
	return "len(" + id.Name + ")", true
}

// number writes the bound x of a loop that runs count times, likewise.
func (n *syntax) number(x ast.Expr, count *model.Size, mk *ast.CallExpr) (string, bool) {
	if count == nil || !value.IsInteger(n.info.TypeOf(x)) {
		return "", false
	}
	if len(count.Terms) == 0 && count.Const > 0 {
		v := n.info.Types[x].Value
		if id, ok := x.(*ast.Ident); ok && v != nil && constant.Compare(v, token.EQL, constant.MakeInt64(count.Const)) && n.visible(id, mk) {
			return id.Name, true
		}
		return strconv.FormatInt(count.Const, 10), true
	}
	id, ok := x.(*ast.Ident)
	if !ok || !isLength(count) || !n.lasts(id, mk) {
		return "", false
	}
	return id.Name, true
}

// isLength reports whether the size is the length of one collection.
func isLength(s *model.Size) bool {
	return len(s.Terms) == 1 && s.Const == 0 && s.Terms[0].Coef == 1 && s.Terms[0].Length
}

// Deferred tells how to have task t defer op, a Done or a close that it misses on
// some path while waiter is blocked for the want of it. It is certain when the
// calls of this kind in the task are the last thing that it does on their paths,
// and when one call for each task is what the others count on: an Add for each
// task, and of the channel no other sender and nobody else who closes it.
func (e *Editor) Deferred(scene *model.Scene, t *model.Task, op, waiter *model.Op, bySpawner bool) *model.Deferral {
	if t == nil || t.Body == nil {
		return nil
	}
	s := &sceneFix{e: e, root: e.FrameOf[scene.Body]}
	n := e.syntaxAt(op.At.Pos)
	if n == nil {
		return nil
	}
	call := n.callAt(op.At)
	if call == nil || !n.isPlain(call, op.Kind) {
		return nil
	}
	lit, ok := n.function(call).(*ast.FuncLit)
	if !ok || t.Body.At.Pos != lit.Pos() || !n.isTask(lit) {
		return nil
	}
	var target ast.Expr
	switch op.Kind {
	case model.OpDone:
		target = receiver(call)
		if op.Group == nil || op.Group.Escapes != "" || !s.counted(op.Group) {
			return nil
		}
	case model.OpClose:
		target = call.Args[0]
		join := waiter.Kind == model.OpRange || waiter.Kind == model.OpReceive && bySpawner
		if op.Chan == nil || op.Chan.Escapes != "" || !join || t.InLoop || !s.closesAlone(t, op.Chan) {
			return nil
		}
	}
	id, ok := target.(*ast.Ident)
	if !ok || !n.setBefore(id, lit) || waitsDeferred(t.Body) {
		return nil
	}
	d := &model.Deferral{At: n.top(lit), Call: types.ExprString(call)}
	if !n.cut(d, t, op, lit) {
		return nil
	}
	d.Text = " defer " + d.Call + ";"
	if first := lit.Body.List[0]; n.line(first.Pos()) > n.line(lit.Body.Lbrace) {
		d.Text = "\n" + n.indent(first) + "defer " + d.Call
	}
	return d
}

// sameOp reports whether two ops do the same to the same object.
func sameOp(a, b *model.Op) bool {
	return a.Kind == b.Kind && a.Group == b.Group && a.Chan == b.Chan
}

// cut lists the calls of the task that are like op. All are statements of the
// literal itself and the last thing that it does.
func (n *syntax) cut(d *model.Deferral, t *model.Task, op *model.Op, lit *ast.FuncLit) bool {
	own := 0
	for _, blk := range t.Body.Blocks {
		for _, o := range blk.Ops {
			if !sameOp(o, op) {
				continue
			}
			own++
			call := n.callAt(o.At)
			stmt, _ := n.parent[call].(*ast.ExprStmt)
			if o.Deferred || stmt == nil || !n.isPlain(call, o.Kind) || n.function(stmt) != ast.Node(lit) || !n.last(stmt, lit) {
				return false
			}
			span, ok := n.removal(stmt)
			if !ok {
				return false
			}
			d.Cut = append(d.Cut, span)
		}
	}
	all := 0
	model.EachOp(t.Body, func(o *model.Op) bool {
		if sameOp(o, op) {
			all++
		}
		return true
	})
	return own > 0 && own == all
}

// waitsDeferred reports whether a deferred call can wait for something: it may be
// what follows a Done.
func waitsDeferred(b *model.Body) bool {
	found := false
	for _, blk := range b.Blocks {
		for _, op := range blk.Ops {
			found = found || op.Deferred && op.Contains(func(o *model.Op) bool {
				switch o.Kind {
				case model.OpSend, model.OpReceive, model.OpRange, model.OpSelect, model.OpWait, model.OpLock, model.OpAcquire:
					return true
				}
				return false
			})
		}
	}
	return found
}

// closesAlone reports whether t, started once, is the only one that closes the
// channel, and sends on it.
func (s *sceneFix) closesAlone(t *model.Task, c *model.Chan) bool {
	about := func(o *model.Op) bool {
		return (o.Kind == model.OpSend || o.Kind == model.OpClose) && o.Chan == c
	}
	count := func(op *model.Op) (n int) {
		for _, o := range append([]*model.Op{op}, op.Cases...) {
			if about(o) {
				n++
			}
		}
		return n
	}
	all, own := 0, 0
	s.each(func(op *model.Op, _ *model.Body, _ *model.Block) { all += count(op) })
	model.EachOp(t.Body, func(op *model.Op) bool {
		own += count(op)
		return true
	})
	started := 0
	for _, x := range s.tasks() {
		if x.Text == t.Text {
			started++
		}
	}
	return all == own && started == 1
}

// counted reports whether Add is called for each task that calls Done, and nobody
// else calls Done: all is done by one function, and the sum of the counts is the
// number of the tasks.
func (s *sceneFix) counted(g *model.Group) bool {
	type event struct {
		op  *model.Op
		blk *model.Block
	}
	var adds, spawns []event
	var home *model.Body
	dones, ofTasks := 0, 0
	certain := true
	isDone := func(o *model.Op) bool { return o.Kind == model.OpDone && o.Group == g }
	s.each(func(op *model.Op, b *model.Body, blk *model.Block) {
		here := false
		switch {
		case isDone(op):
			dones++
		case op.Kind == model.OpAdd && op.Group == g:
			adds, here = append(adds, event{op, blk}), true
		case op.Kind == model.OpSpawn && op.Task != nil:
			n := 0
			model.EachOp(op.Task.Body, func(o *model.Op) bool {
				if isDone(o) {
					n++
				}
				return true
			})
			if n > 0 {
				ofTasks += n
				spawns, here = append(spawns, event{op, blk}), true
				certain = certain && op.Text == "go" // Go counts its task itself
			}
		}
		if here {
			certain = certain && (home == nil || home == b)
			home = b
		}
	})
	if !certain || dones != ofTasks || len(adds) == 0 || len(spawns) == 0 {
		return false
	}
	common := slices.Clone(adds[0].blk.Loops)
	for _, e := range append(slices.Clone(adds), spawns...) {
		common = slices.DeleteFunc(common, func(l *model.Loop) bool { return !slices.Contains(e.blk.Loops, l) })
	}
	added, started := &model.Size{}, &model.Size{}
	for _, e := range adds {
		added = added.Plus(1, times(e.op.N, e.blk, common))
	}
	for _, e := range spawns {
		started = started.Plus(1, times(model.ConstSize(1), e.blk, common))
	}
	return added != nil && started != nil && added.String() == started.String()
}

// times is n for each time that the block is executed while the common loops make
// one round; nil if that is not known.
func times(n *model.Size, blk *model.Block, common []*model.Loop) *model.Size {
	for _, l := range blk.Loops {
		if slices.Contains(common, l) {
			continue
		}
		if n == nil || len(n.Terms) > 0 {
			return nil
		}
		n = (&model.Size{}).Plus(n.Const, l.Count)
	}
	return n
}
