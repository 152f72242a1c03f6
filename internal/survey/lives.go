package survey

import (
	"cmp"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// The scenes of objects: a constructor, a method that starts goroutines, and one that
// ends them, called one after the other as any client would; or one that runs until it is
// told to leave, in a goroutine of the client.
//
// What else clients may call at any time is not played: that it may set a blocked
// goroutine free is told by flow.Outside, that conditions depend on it by value.Decided.

// lives are the scenes of the objects of the package's types, in source order, and the
// functions of those for which the budget is not enough.
func (e surveyor) lives(u *users) (out []*model.Scene, untried []model.Part) {
	clients := u.clients()
	within := e.cheapest(clients)
	for _, c := range clients {
		if !within[c] {
			for _, fn := range c.calls() {
				untried = append(untried, part(fn))
			}
		} else if s := e.life(c); s != nil {
			out = append(out, s)
		}
	}
	return out, untried
}

func part(fn *ssa.Function) model.Part {
	return model.Part{Name: source.DisplayName(fn), At: source.NameSpan(fn), Extent: source.Extent(fn)}
}

// cheapest are the clients for which the budget of the package is enough, those first whose
// functions draw the least into their models.
func (e surveyor) cheapest(clients []*client) map[*client]bool {
	draws := func(c *client) int {
		n := 0
		for _, fn := range c.calls() {
			n += e.drawn.By(fn)
		}
		return n
	}
	left, out := model.PackageLives, map[*client]bool{}
	for _, c := range slices.SortedStableFunc(slices.Values(clients), func(a, b *client) int { return cmp.Compare(draws(a), draws(b)) }) {
		if left -= draws(c); left < 0 {
			break
		}
		out[c] = true
	}
	return out
}

// life is the scene of one client, nil if nothing can be said of it.
func (e surveyor) life(c *client) *model.Scene {
	e.Begin(model.MaxInstrs)
	root := e.NewLife(c.First, c.Owner, c.Value, c.Ret)
	root.Life.Goes = c.Goes
	if a := c.Asks; a != nil {
		root.Life.Holds = map[ssa.Value]bool{a.asked: a.needs}
	}
	if c.Beside != nil {
		root.CallAfter(c.Beside, true)
	}
	for _, m := range c.Next {
		root.CallAfter(m, false)
	}
	all := c.calls()
	if slices.ContainsFunc(all, e.Shallow) {
		return nil
	}
	last := all[len(all)-1]
	s := &model.Scene{Goes: c.Goes, Spawner: source.DisplayName(last), At: source.NameSpan(last), Extent: source.Extent(last), EndsProcess: e.Ending(last) == model.EndsAlways, Once: e.leavesOnce(c.First) && e.leavesOnce(last), Test: e.InTest(c.First) || e.InTest(last), Body: e.clientBody(root, all, c.Again)}
	for _, fn := range all {
		p := part(fn)
		if a := c.Asks; a != nil && a.fn == fn {
			p.Flag, p.FlagAt, p.FlagSet = a.flag.Name(), model.SpanAt(a.asked.Pos()), a.needs
		}
		s.Parts = append(s.Parts, p)
	}
	frames := e.Frames(root)
	if cut(frames) {
		return nil
	}
	e.objects(s, root, frames)
	e.outside(s, root)
	if len(s.Chans) == 0 && len(s.Groups) == 0 {
		return nil
	}
	return s
}

// clientBody is a body that calls the functions one after the other, and does nothing
// more where one of them fails: what its client does then is not known.
func (e surveyor) clientBody(root *flow.Frame, all []*ssa.Function, again bool) *model.Body {
	last := all[len(all)-1]
	end := model.Span{Pos: source.Extent(last).End - 1, End: source.Extent(last).End}
	b := &model.Body{Name: source.DisplayName(last), At: source.NameSpan(last), Extent: source.Extent(last)}
	gaveUp := &model.Block{Index: len(all) + 1, Ops: []*model.Op{{Kind: model.OpExit, At: end}}}
	frames := append([]*flow.Frame{root}, root.Life.Calls...)
	for i, fn := range all {
		op := &model.Op{Kind: model.OpCall, At: source.NameSpan(fn), Text: source.DisplayName(fn), Into: e.BodyOf(frames[i])}
		blk := &model.Block{Index: i, Ops: []*model.Op{op}}
		if frames[i].Spawned {
			op.Kind, op.Text, op.Into = model.OpSpawn, "go", nil
			op.Task = &model.Task{At: op.At, Text: op.At, What: source.DisplayName(fn), Body: e.BodyOf(frames[i]), Spawn: op, Fails: model.Unknown, Keeps: model.Unknown}
		} else if known.ReturnsError(fn.Signature) {
			op.Gives = &model.Event{ID: -1 - i, Fallible: op.Into, Last: fn.Signature.Results().Len() - 1}
			blk.Cond = &model.Cond{X: &model.Term{Gives: op.Gives, Index: op.Gives.Last}, Y: &model.Term{Const: "nil"}, Fails: true, At: op.At.Pos}
		}
		b.Blocks = append(b.Blocks, blk)
	}
	done := &model.Block{Index: len(all), Ops: []*model.Op{{Kind: model.OpReturn, At: end}}}
	b.Blocks = append(b.Blocks, done, gaveUp)
	for i := range all {
		blk := b.Blocks[i]
		blk.Succs = []*model.Block{b.Blocks[i+1]}
		if blk.Cond != nil {
			blk.Succs = append(blk.Succs, gaveUp)
		}
		if again && i == len(all)-1 {
			blk.Succs[0], blk.Loops = blk, []*model.Loop{{}}
		}
	}
	return b
}

// outside notes what functions that are not played may do to the objects.
func (e surveyor) outside(s *model.Scene, root *flow.Frame) {
	for _, c := range s.Chans {
		if c.Escapes != "" {
			continue
		}
		out := e.OutsideOf(e.OriginOf[c], root)
		c.OutsideSends, c.OutsideReceives, c.OutsideCloses, c.Escapes = out.Sends, out.Receives, out.Closes, out.Why
	}
	for _, g := range s.Groups {
		g.Escapes = cmp.Or(g.Escapes, e.OutsideOf(e.OriginOf[g], root).Why)
	}
	for _, l := range s.Locks {
		l.Escapes = cmp.Or(l.Escapes, e.OutsideOf(e.OriginOf[l], root).Why)
	}
	for _, m := range s.Sems {
		m.Escapes = "it is part of an object"
	}
}
