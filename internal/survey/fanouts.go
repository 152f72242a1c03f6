package survey

import (
	"cmp"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/build"
	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// fanOuts are the fan-outs whose spawner is fn: those of the groups that it
// makes or is given, and its bare go statements. Groups that a literal captures
// belong to the function around it.
func (e surveyor) fanOuts(fn *ssa.Function) []*model.FanOut {
	if !e.gathers(fn) {
		return nil
	}
	e.Begin(model.MaxInstrs)
	root := e.RootFrame(fn)
	c := &collector{e: e, root: root, body: e.BodyOf(root), byGroup: map[*model.Group]*model.FanOut{}, seen: map[*model.Body]bool{}, frames: map[*model.Body]*flow.Frame{}}
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
func (e surveyor) gathers(fn *ssa.Function) bool {
	for _, blk := range fn.Blocks {
		for _, in := range blk.Instrs {
			switch in := in.(type) {
			case *ssa.Go:
				return true
			case *ssa.Alloc:
				if e.Groups.Holds(in.Type()) {
					return true
				}
			case ssa.CallInstruction:
				c := in.Common()
				res := c.Signature().Results()
				if m := source.Promoted(c); m != nil && e.Groups.Is(m.Signature().Recv().Type()) {
					return true
				}
				if res.Len() > 0 && e.Groups.Holds(res.At(0).Type()) || known.Gatherer(known.FuncName(source.Callee(c))) != nil {
					return true
				}
				for _, a := range source.Args(c) {
					if e.Groups.Is(a.Type()) {
						return true
					}
				}
			}
		}
	}
	return false
}

func noteEntered(fr *flow.Frame, entered map[*ssa.Function]bool) {
	for _, c := range fr.Children {
		if c.Listed && c.Spawned {
			continue
		}
		entered[c.Fn] = true
		noteEntered(c, entered)
	}
}

// loose adds the literals of fn that nothing in the model calls or spawns.
func (e surveyor) loose(body *model.Body, fn *ssa.Function, entered map[*ssa.Function]bool) {
	for _, a := range fn.AnonFuncs {
		if !entered[a] && len(a.Blocks) > 0 {
			fr := e.RootFrame(a)
			body.Loose = append(body.Loose, e.BodyOf(fr))
			noteEntered(fr, entered)
		}
		e.loose(body, a, entered)
	}
}

// collector sorts the ops of one root function into fan-outs.
type collector struct {
	e       surveyor
	root    *flow.Frame
	body    *model.Body
	byGroup map[*model.Group]*model.FanOut
	bare    *model.FanOut
	order   []*model.FanOut
	seen    map[*model.Body]bool
	frames  map[*model.Body]*flow.Frame // of the bodies, root's and those below it
	at      *flow.Frame                 // whose ops are being looked at
}

func (c *collector) noteFrames(fr *flow.Frame) {
	if b := c.e.Bodies[fr]; b != nil {
		c.frames[b] = fr
	}
	for _, child := range fr.Children {
		c.noteFrames(child)
	}
}

// walk visits body, which runs in task (nil: in the spawner itself). own says
// that it is the spawner's own code, not a callee's.
func (c *collector) walk(body *model.Body, task *model.Task, own bool) {
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

func (c *collector) op(op *model.Op, task *model.Task, own bool) {
	g := op.Group
	if op.Kind == model.OpSpawn && g == nil && op.Task != nil && op.Text == "go" {
		if g = doneGroup(op.Task.Body); g != nil {
			op.Group = g
		} else if task == nil {
			c.bareTask(op)
		}
	}
	if g != nil {
		if f := c.fanOut(g, own); f != nil {
			switch op.Kind {
			case model.OpSpawn:
				f.Tasks = append(f.Tasks, op.Task)
			case model.OpWait:
				f.Waits = append(f.Waits, op)
			}
		}
	}
	if op.Kind == model.OpSpawn && op.Task != nil {
		c.walk(op.Task.Body, op.Task, false)
	}
	// What is made for a method expression stands for the call in the source.
	made := op.Into != nil && c.frames[op.Into] != nil && source.IsMadeUp(c.frames[op.Into].Fn)
	c.walk(op.Into, task, own && made)
	for _, lit := range op.Lits {
		c.walk(lit, task, false)
	}
}

// doneGroup is the WaitGroup that a goroutine counts itself out of.
func doneGroup(body *model.Body) *model.Group {
	var found *model.Group
	model.EachOp(body, func(op *model.Op) bool {
		if op.Kind == model.OpDone && op.Group != nil {
			found = op.Group
		}
		return found == nil
	})
	return found
}

func (c *collector) newFanOut(g *model.Group) *model.FanOut {
	f := &model.FanOut{Spawner: source.DisplayName(c.root.Fn), At: source.NameSpan(c.root.Fn), Extent: source.Extent(c.root.Fn), Body: c.body, Group: g, Test: c.e.InTest(c.root.Fn), CallerCtx: build.CallerCtx(c.root.Fn), ReturnsError: known.ReturnsError(c.root.Fn.Signature)}
	c.order = append(c.order, f)
	return f
}

// fanOut is the fan-out of g, nil if g belongs to another function.
func (c *collector) fanOut(g *model.Group, own bool) *model.FanOut {
	if f := c.byGroup[g]; f != nil {
		return f
	}
	fr := c.e.OriginOf[g].Frame
	switch {
	case fr == c.root:
	case fr == nil:
		if !own {
			return nil
		}
	default:
		// Made by a function that the spawner called, and given back to it: what
		// uses it is the spawner, or another function that it calls.
		if !calledFrom(fr, c.root) || !own && !c.joinAtRoot(fr) {
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

// joinAtRoot reports whether only the root has called both the function that is
// being looked at and the one of fr.
func (c *collector) joinAtRoot(fr *flow.Frame) bool {
	above := map[*flow.Frame]bool{}
	for ; fr != nil && fr != c.root; fr = fr.Caller {
		above[fr] = true
	}
	for at := c.at; at != nil && at != c.root; at = at.Caller {
		if above[at] {
			return false
		}
	}
	return true
}

// calledFrom reports whether fr was called, not spawned, on behalf of root.
func calledFrom(fr, root *flow.Frame) bool {
	for ; fr != nil; fr = fr.Caller {
		if fr == root {
			return true
		}
		if fr.Spawned {
			return false
		}
	}
	return false
}

func (c *collector) bareTask(op *model.Op) {
	if c.bare == nil {
		c.bare = c.newFanOut(&model.Group{Kind: model.Bare, Handed: model.Unknown, CtxUsed: model.Unknown})
	}
	op.Group = c.bare.Group
	c.bare.Tasks = append(c.bare.Tasks, op.Task)
}

// finish adds the channels that spawner and tasks share, and sorts.
func (c *collector) finish() []*model.FanOut {
	for _, f := range c.order {
		f.Chans = c.sharedChans(f)
		if s := c.e.OriginOf[f.Group]; c.inLocal(s) && c.e.Escape(s, c.root) == "" {
			f.Group.Handed = model.No
		}
	}
	return c.order
}

// inLocal reports whether a group is a field of an object that the root function makes.
func (c *collector) inLocal(s flow.Origin) bool {
	_, made := s.Val.(*ssa.Alloc)
	return made && s.Path != "" && s.Frame == c.root
}

func (c *collector) sharedChans(f *model.FanOut) []*model.Chan {
	var out []*model.Chan
	for _, t := range f.Tasks {
		model.EachOp(t.Body, func(op *model.Op) bool {
			for _, o := range append([]*model.Op{op}, op.Cases...) {
				if o.Chan != nil && c.e.OriginOf[o.Chan].Frame == c.root && !slices.Contains(out, o.Chan) {
					out = append(out, o.Chan)
				}
			}
			return true
		})
	}
	slices.SortStableFunc(out, func(a, b *model.Chan) int { return cmp.Compare(a.At.Pos, b.At.Pos) })
	return out
}

// joinByField connects the fan-outs of one group that lives in a field or a
// package variable: its tasks may be started in one method and waited for in
// another. The field is identified by its type and name, not by the object.
func (e surveyor) joinByField(p *model.Package) {
	byField := map[string][]*model.FanOut{}
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

func (e surveyor) fieldKey(g *model.Group) string {
	if f := e.StoredIn(g); f != "" {
		return f
	}
	s := e.OriginOf[g]
	if s.Val == nil || g.Owner != model.OwnField && g.Owner != model.OwnGlobal && s.Path == "" {
		return ""
	}
	t := s.Val.Type()
	if g, ok := s.Val.(*ssa.Global); ok {
		return g.String() + s.Path
	}
	return build.ObjectKey(t) + s.Path
}
