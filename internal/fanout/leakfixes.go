package fanout

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"
)

// What the fixes of the leak checks need to know of the source. They are offered
// for plain code only, where everything that matters is in sight: a channel that
// is made where its variable is declared, tasks that are function literals, sends
// and calls that are the last thing a task does.

// sceneFix looks for the room for a fix in one scene.
type sceneFix struct {
	e    *engine
	root *frame // of the spawner
}

// Room tells how to give an unbuffered channel room for all that is ever sent on
// it: at is where the capacity goes into the call that makes it.
//
// That is certain when each of a fixed number of tasks, or each task of one loop,
// sends at most once, as the last thing it does, and only the function that made
// the channel receives. A sender that does not wait any more is noticed by nobody
// then, except by a select that hears in another way too that the task is over.
func (e *engine) Room(scene *Scene, c *Chan) (at token.Pos, size string, ok bool) {
	if !c.Inside || c.Escapes != "" || !c.Local || e.sourceOf[c].path != "" {
		return token.NoPos, "", false
	}
	mk := e.text.call(c.At.Pos)
	if mk == nil || len(mk.Args) != 1 || mk.Rparen != mk.Args[0].End() {
		return token.NoPos, "", false
	}
	s := &sceneFix{e: e, root: e.frameOf[scene.Body]}
	n := e.nestAt(mk.Pos())
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
func (s *sceneFix) onlySends(n *nest, v *types.Var, home ast.Node, c *Chan) (sends []*ast.SendStmt, ok bool) {
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
func (s *sceneFix) quiet(n *nest, receive ast.Node, c *Chan) bool {
	clause := n.clause(receive)
	if clause == nil {
		return true
	}
	sel := n.parent[n.parent[clause]]
	var cases []*Op
	cancels := false
	s.each(func(o *Op, _ *Body, _ *Block) {
		if o.Kind == OpSelect && o.At.Pos == sel.Pos() {
			cases = append(cases, o.Cases...)
		}
		cancels = cancels || o.Kind == OpCall && len(o.Ctx) > 0
	})
	for _, t := range s.tasks() {
		EachOp(t.Body, func(o *Op) bool {
			cancels = cancels || o.Kind == OpCancel
			return true
		})
	}
	for _, other := range cases {
		switch {
		case other.Chan == c || other.Chan != nil && other.Chan.Fills:
		case len(other.Uses) != 1 || other.Uses[0].Kind != UseDone || cancels || !outside(other.Uses[0].Ctx):
			return false
		}
	}
	return len(cases) > 0
}

// outside reports whether the contexts end when the caller's or their own time is
// over, or by a CancelFunc, and not with a group.
func outside(ctx []*Ctx) bool {
	for _, c := range ctx {
		for depth := 0; c != nil; depth++ {
			life, parent := c.Life()
			if life == LifeUnknown || life == LifeGroup || depth > maxDepth {
				return false
			}
			c = parent
		}
	}
	return len(ctx) > 0
}

// each calls f for all ops of the scene.
func (s *sceneFix) each(f func(*Op, *Body, *Block)) {
	for _, fr := range s.e.frames(s.root) {
		b := s.e.bodies[fr]
		for _, blk := range b.Blocks {
			for _, op := range blk.Ops {
				f(op, b, blk)
			}
		}
	}
}

// tasks are the tasks of the scene.
func (s *sceneFix) tasks() []*Task {
	var out []*Task
	s.each(func(op *Op, _ *Body, _ *Block) {
		if op.Kind == OpSpawn && op.Task != nil {
			out = append(out, op.Task)
		}
	})
	return out
}

// countOf is how often the innermost loop around the start of the task runs, nil
// if that is not known.
func (s *sceneFix) countOf(lit *ast.FuncLit) *Size {
	var count *Size
	s.each(func(op *Op, _ *Body, blk *Block) {
		if op.Kind != OpSpawn || op.Task == nil || op.Task.Text != spanOf(lit) {
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
func (s *sceneFix) innermost(l *Loop, loops []*Loop) bool {
	blocks := map[*Loop]int{}
	for _, fr := range s.e.frames(s.root) {
		for _, blk := range s.e.bodies[fr].Blocks {
			for _, x := range blk.Loops {
				blocks[x]++
			}
		}
	}
	return !slices.ContainsFunc(loops, func(o *Loop) bool { return o != l && blocks[o] <= blocks[l] })
}

// rounds writes how often the loop runs, as an expression that is the same number
// where the channel is made by the call mk, and never below zero.
func (s *sceneFix) rounds(n *nest, loop ast.Node, count *Size, mk *ast.CallExpr, c *Chan) (string, bool) {
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
func (s *sceneFix) lengthOf(n *nest, id *ast.Ident, mk *ast.CallExpr, c *Chan) (string, bool) {
	if !n.lasts(id, mk) || !n.meansLen(mk) {
		return "", false
	}
	if t, ok := n.info.TypeOf(id).Underlying().(*types.Map); ok {
		from := s.e.sourceOf[c]
		at, ok := from.val.(ssa.Instruction)
		if !ok || s.e.mapChanges(t, at, from.fr) {
			return "", false
		}
	}
	return "len(" + id.Name + ")", true
}

// number writes the bound x of a loop that runs count times, likewise.
func (n *nest) number(x ast.Expr, count *Size, mk *ast.CallExpr) (string, bool) {
	if count == nil || !isInteger(n.info.TypeOf(x)) {
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
func isLength(s *Size) bool {
	return len(s.Terms) == 1 && s.Const == 0 && s.Terms[0].Coef == 1 && s.Terms[0].Length
}

// Deferred tells how to have task t defer op, a Done or a close that it misses on
// some path while waiter is blocked for the want of it. It is certain when the
// calls of this kind in the task are the last thing that it does on their paths,
// and when one call for each task is what the others count on: an Add for each
// task, and of the channel no other sender and nobody else who closes it.
func (e *engine) Deferred(scene *Scene, t *Task, op, waiter *Op, bySpawner bool) *Deferral {
	if t == nil || t.Body == nil {
		return nil
	}
	s := &sceneFix{e: e, root: e.frameOf[scene.Body]}
	n := e.nestAt(op.At.Pos)
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
	case OpDone:
		target = receiver(call)
		if op.Group == nil || op.Group.Escapes != "" || !s.counted(op.Group) {
			return nil
		}
	case OpClose:
		target = call.Args[0]
		join := waiter.Kind == OpRange || waiter.Kind == OpReceive && bySpawner
		if op.Chan == nil || op.Chan.Escapes != "" || !join || t.InLoop || !s.closesAlone(t, op.Chan) {
			return nil
		}
	}
	id, ok := target.(*ast.Ident)
	if !ok || !n.setBefore(id, lit) || waitsDeferred(t.Body) {
		return nil
	}
	d := &Deferral{At: n.top(lit), Call: types.ExprString(call)}
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
func sameOp(a, b *Op) bool {
	return a.Kind == b.Kind && a.Group == b.Group && a.Chan == b.Chan
}

// cut lists the calls of the task that are like op. All are statements of the
// literal itself and the last thing that it does.
func (n *nest) cut(d *Deferral, t *Task, op *Op, lit *ast.FuncLit) bool {
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
	EachOp(t.Body, func(o *Op) bool {
		if sameOp(o, op) {
			all++
		}
		return true
	})
	return own > 0 && own == all
}

// waitsDeferred reports whether a deferred call can wait for something: it may be
// what follows a Done.
func waitsDeferred(b *Body) bool {
	found := false
	for _, blk := range b.Blocks {
		for _, op := range blk.Ops {
			found = found || op.Deferred && op.Contains(func(o *Op) bool {
				switch o.Kind {
				case OpSend, OpReceive, OpRange, OpSelect, OpWait, OpLock, OpAcquire:
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
func (s *sceneFix) closesAlone(t *Task, c *Chan) bool {
	about := func(o *Op) bool {
		return (o.Kind == OpSend || o.Kind == OpClose) && o.Chan == c
	}
	count := func(op *Op) (n int) {
		for _, o := range append([]*Op{op}, op.Cases...) {
			if about(o) {
				n++
			}
		}
		return n
	}
	all, own := 0, 0
	s.each(func(op *Op, _ *Body, _ *Block) { all += count(op) })
	EachOp(t.Body, func(op *Op) bool {
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
func (s *sceneFix) counted(g *Group) bool {
	type event struct {
		op  *Op
		blk *Block
	}
	var adds, spawns []event
	var home *Body
	dones, ofTasks := 0, 0
	certain := true
	isDone := func(o *Op) bool { return o.Kind == OpDone && o.Group == g }
	s.each(func(op *Op, b *Body, blk *Block) {
		here := false
		switch {
		case isDone(op):
			dones++
		case op.Kind == OpAdd && op.Group == g:
			adds, here = append(adds, event{op, blk}), true
		case op.Kind == OpSpawn && op.Task != nil:
			n := 0
			EachOp(op.Task.Body, func(o *Op) bool {
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
		common = slices.DeleteFunc(common, func(l *Loop) bool { return !slices.Contains(e.blk.Loops, l) })
	}
	added, started := &Size{}, &Size{}
	for _, e := range adds {
		added = added.plus(1, times(e.op.N, e.blk, common))
	}
	for _, e := range spawns {
		started = started.plus(1, times(constSize(1), e.blk, common))
	}
	return added != nil && started != nil && added.String() == started.String()
}

// times is n for each time that the block is executed while the common loops make
// one round; nil if that is not known.
func times(n *Size, blk *Block, common []*Loop) *Size {
	for _, l := range blk.Loops {
		if slices.Contains(common, l) {
			continue
		}
		if n == nil || len(n.Terms) > 0 {
			return nil
		}
		n = (&Size{}).plus(n.Const, l.Count)
	}
	return n
}
