package fanout

import (
	"cmp"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// fanOuts are the fan-outs whose spawner is fn: those of the groups that it
// makes or is given, and its bare go statements. Groups that a literal captures
// belong to the function around it.
func (e *engine) fanOuts(fn *ssa.Function) []*FanOut {
	if !e.gathers(fn) {
		return nil
	}
	e.spent = 0
	root := e.rootFrame(fn)
	c := &collector{e: e, root: root, body: e.bodyOf(root), byGroup: map[*Group]*FanOut{}, seen: map[*Body]bool{}, frames: map[*Body]*frame{}}
	c.noteFrames(root)
	entered := map[*ssa.Function]bool{}
	noteEntered(root, entered)
	e.loose(c.body, fn, entered)
	c.walk(c.body, nil, true)
	for _, lit := range c.body.Loose {
		c.walk(lit, nil, false)
	}
	return c.finish()
}

// gathers reports whether fn itself spawns or handles a group.
func (e *engine) gathers(fn *ssa.Function) bool {
	for _, blk := range fn.Blocks {
		for _, in := range blk.Instrs {
			switch in := in.(type) {
			case *ssa.Go:
				return true
			case *ssa.Alloc:
				if e.known.holds(in.Type()) {
					return true
				}
			case ssa.CallInstruction:
				c := in.Common()
				res := c.Signature().Results()
				if res.Len() > 0 && e.known.is(res.At(0).Type()) || gathering(funcName(staticFunc(c))) != nil {
					return true
				}
				for _, a := range callArgs(c) {
					if e.known.is(a.Type()) {
						return true
					}
				}
			}
		}
	}
	return false
}

func noteEntered(fr *frame, entered map[*ssa.Function]bool) {
	for _, c := range fr.children {
		entered[c.fn] = true
		noteEntered(c, entered)
	}
}

// loose adds the literals of fn that nothing in the model calls or spawns.
func (e *engine) loose(body *Body, fn *ssa.Function, entered map[*ssa.Function]bool) {
	for _, a := range fn.AnonFuncs {
		if !entered[a] && len(a.Blocks) > 0 {
			fr := e.rootFrame(a)
			body.Loose = append(body.Loose, e.bodyOf(fr))
			noteEntered(fr, entered)
		}
		e.loose(body, a, entered)
	}
}

// collector sorts the ops of one root function into fan-outs.
type collector struct {
	e       *engine
	root    *frame
	body    *Body
	byGroup map[*Group]*FanOut
	bare    *FanOut
	order   []*FanOut
	seen    map[*Body]bool
	frames  map[*Body]*frame // of the bodies, root's and those below it
	at      *frame           // whose ops are being looked at
}

func (c *collector) noteFrames(fr *frame) {
	if b := c.e.bodies[fr]; b != nil {
		c.frames[b] = fr
	}
	for _, child := range fr.children {
		c.noteFrames(child)
	}
}

// walk visits body, which runs in task (nil: in the spawner itself). own says
// that it is the spawner's own code, not a callee's.
func (c *collector) walk(body *Body, task *Task, own bool) {
	if body == nil || c.seen[body] {
		return
	}
	c.seen[body] = true
	outer := c.at
	if fr := c.frames[body]; fr != nil {
		c.at = fr
	}
	for _, blk := range body.Blocks {
		for _, op := range blk.Ops {
			c.op(op, task, own)
		}
	}
	c.at = outer
}

func (c *collector) op(op *Op, task *Task, own bool) {
	g := op.Group
	if op.Kind == OpSpawn && g == nil && op.Task != nil && op.Text == "go" {
		if g = doneGroup(op.Task.Body); g != nil {
			op.Group = g
		} else if task == nil {
			c.bareTask(op)
		}
	}
	if g != nil {
		if f := c.fanOut(g, own); f != nil {
			switch op.Kind {
			case OpSpawn:
				f.Tasks = append(f.Tasks, op.Task)
			case OpWait:
				f.Waits = append(f.Waits, op)
			}
		}
	}
	if op.Kind == OpSpawn && op.Task != nil {
		c.walk(op.Task.Body, op.Task, false)
	}
	c.walk(op.Into, task, false)
	for _, lit := range op.Lits {
		c.walk(lit, task, false)
	}
}

// doneGroup is the WaitGroup that a goroutine counts itself out of.
func doneGroup(body *Body) *Group {
	var found *Group
	EachOp(body, func(op *Op) bool {
		if op.Kind == OpDone && op.Group != nil {
			found = op.Group
		}
		return found == nil
	})
	return found
}

func (c *collector) newFanOut(g *Group) *FanOut {
	f := &FanOut{Spawner: displayName(c.root.fn), At: nameSpan(c.root.fn), Extent: extent(c.root.fn), Body: c.body, Group: g, EndsProcess: endsProcess(c.root.fn), CallerCtx: callerCtx(c.root.fn), ReturnsError: returnsError(c.root.fn.Signature)}
	c.order = append(c.order, f)
	return f
}

// fanOut is the fan-out of g, nil if g belongs to another function.
func (c *collector) fanOut(g *Group, own bool) *FanOut {
	if f := c.byGroup[g]; f != nil {
		return f
	}
	fr := c.e.sourceOf[g].fr
	switch {
	case fr == c.root:
	case fr == nil:
		if !own {
			return nil
		}
	default:
		// Made by a function that the spawner called, and given back to it: what
		// uses it is the spawner, or another function that it calls.
		if !calledFrom(fr, c.root) || !own && !c.meetAtRoot(fr) {
			return nil
		}
	}
	if g.How == "captured" {
		return nil
	}
	f := c.newFanOut(g)
	c.byGroup[g] = f
	return f
}

// meetAtRoot reports whether only the root has called both the function that is
// being looked at and the one of fr.
func (c *collector) meetAtRoot(fr *frame) bool {
	above := map[*frame]bool{}
	for ; fr != nil && fr != c.root; fr = fr.caller {
		above[fr] = true
	}
	for at := c.at; at != nil && at != c.root; at = at.caller {
		if above[at] {
			return false
		}
	}
	return true
}

// calledFrom reports whether fr was called, not spawned, on behalf of root.
func calledFrom(fr, root *frame) bool {
	for ; fr != nil; fr = fr.caller {
		if fr == root {
			return true
		}
		if fr.spawned {
			return false
		}
	}
	return false
}

func (c *collector) bareTask(op *Op) {
	if c.bare == nil {
		c.bare = c.newFanOut(&Group{Kind: Bare, Handed: Unknown, CtxUsed: Unknown})
	}
	op.Group = c.bare.Group
	c.bare.Tasks = append(c.bare.Tasks, op.Task)
}

// finish adds the channels that spawner and tasks share, and sorts.
func (c *collector) finish() []*FanOut {
	for _, f := range c.order {
		f.Chans = c.sharedChans(f)
	}
	return c.order
}

func (c *collector) sharedChans(f *FanOut) []*Chan {
	var out []*Chan
	for _, t := range f.Tasks {
		EachOp(t.Body, func(op *Op) bool {
			for _, o := range append([]*Op{op}, op.Cases...) {
				if o.Chan != nil && c.e.sourceOf[o.Chan].fr == c.root && !slices.Contains(out, o.Chan) {
					out = append(out, o.Chan)
				}
			}
			return true
		})
	}
	slices.SortStableFunc(out, func(a, b *Chan) int { return cmp.Compare(a.At.Pos, b.At.Pos) })
	return out
}

// EachOp calls f for the ops of body in order, those of called functions and
// literals included, but not those of tasks it spawns, until f returns false.
func EachOp(body *Body, f func(*Op) bool) {
	seen := map[*Body]bool{}
	var visit func(b *Body) bool
	visit = func(b *Body) bool {
		if b == nil || seen[b] {
			return true
		}
		seen[b] = true
		for _, blk := range b.Blocks {
			for _, op := range blk.Ops {
				if !f(op) || !visit(op.Into) {
					return false
				}
				for _, lit := range op.Lits {
					if !visit(lit) {
						return false
					}
				}
			}
		}
		return true
	}
	visit(body)
}

func nameSpan(fn *ssa.Function) Span {
	switch s := fn.Syntax().(type) {
	case *ast.FuncDecl:
		return spanOf(s.Name)
	case *ast.FuncLit:
		return spanOf(s.Type)
	}
	return spanAt(fn.Pos())
}

func extent(fn *ssa.Function) Span {
	if s := fn.Syntax(); s != nil {
		return spanOf(s)
	}
	return spanAt(fn.Pos())
}

// endsProcess reports whether the process ends when fn returns.
func endsProcess(fn *ssa.Function) bool {
	if fn.Parent() != nil || fn.Signature.Recv() != nil || fn.Pkg == nil {
		return false
	}
	return fn.Name() == "main" && fn.Pkg.Pkg.Name() == "main" || fn.Name() == "TestMain"
}

// judgeFields connects the fan-outs of one group that lives in a field or a
// package variable: its tasks may be started in one method and waited for in
// another. The field is identified by its type and name, not by the object.
func (e *engine) judgeFields(p *Package) {
	byField := map[string][]*FanOut{}
	for _, f := range p.FanOuts {
		if key := e.fieldKey(f.Group); key != "" {
			byField[key] = append(byField[key], f)
		}
	}
	for _, f := range p.FanOuts {
		for _, other := range byField[e.fieldKey(f.Group)] {
			if other != f {
				f.Elsewhere = append(f.Elsewhere, other)
			}
		}
	}
}

func (e *engine) fieldKey(g *Group) string {
	if f := e.storedIn[g]; f != "" {
		return f
	}
	s := e.sourceOf[g]
	if s.val == nil || g.Owner != OwnField && g.Owner != OwnGlobal && s.path == "" {
		return ""
	}
	t := s.val.Type()
	if g, ok := s.val.(*ssa.Global); ok {
		return g.String() + s.path
	}
	return objectKey(t) + s.path
}

// objectKey names the type of an object, seen through one pointer.
func objectKey(t types.Type) string {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	return types.TypeString(t, nil)
}
