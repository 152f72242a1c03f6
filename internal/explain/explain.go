package explain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gatherlint/gatherlint/internal/model"
)

// What the model knows, and what it does not know and why, for a person who asks
// why there is no finding. Checks do not need any of it: they are silent where a
// question has no answer, whatever the reason.

// An Explained is a spawner with all that is known of its fan-outs.
type Explained struct {
	Spawner string
	At      model.Span
	FanOuts []*model.FanOut // one for each of its groups, in the order of the source
	Scenes  []*model.Scene  // at most one
	Lives   []*model.Scene  // of objects, which the spawner has a part in
	// Extents is the source of the spawner and of its tasks; Called that of the
	// functions that they call and that are followed.
	Extents, Called []model.Span
	Ctxs            []*ExplainedCtx // in order of appearance
	Gaps            []Gap           // likewise, each once
}

// An ExplainedCtx is a context in its author's words.
type ExplainedCtx struct {
	Ctx  *model.Ctx
	Name string
	From string     // the context that it derives from, "" if none or not known
	At   model.Span // where it is made, if it is made here
}

// A Gap is something that the model does not know.
type Gap struct {
	About string // in the author's words
	Why   string
	At    model.Span
}

// Explain lists the spawners of the package in the order of the source.
func Explain(p *model.Package) []*Explained {
	var out []*Explained
	of := map[model.Span]*Explained{}
	get := func(name string, at model.Span) *Explained {
		x := of[at]
		if x == nil {
			x = &Explained{Spawner: name, At: at}
			of[at] = x
			out = append(out, x)
		}
		return x
	}
	for _, f := range p.FanOuts {
		x := get(f.Spawner, f.At)
		x.FanOuts = append(x.FanOuts, f)
	}
	for _, s := range p.Scenes {
		x := get(s.Spawner, s.At)
		x.Scenes = append(x.Scenes, s)
	}
	for _, s := range p.Lives {
		if parts := withPart(out, s); len(parts) > 0 {
			for _, x := range parts {
				x.Lives = append(x.Lives, s)
			}
		} else if x := get(s.Spawner, s.At); len(x.Scenes) == 0 {
			x.Scenes = append(x.Scenes, s)
		}
	}
	slices.SortStableFunc(out, func(a, b *Explained) int { return cmp.Compare(a.At.Pos, b.At.Pos) })
	for _, x := range out {
		x.source()
		x.contexts()
		x.gaps()
		x.untried(p.Untried)
	}
	return out
}

// withPart are the spawners that have a part in the life of an object.
func withPart(all []*Explained, life *model.Scene) []*Explained {
	var out []*Explained
	for _, x := range all {
		if slices.ContainsFunc(life.Parts, func(p model.Part) bool { return p.Extent.Pos <= x.At.Pos && x.At.Pos < p.Extent.End }) {
			out = append(out, x)
		}
	}
	return out
}

// bodies are the spawner's own body and those of the tasks that it starts, tasks
// of tasks included.
func (x *Explained) bodies() (own []*model.Body, tasks []*model.Task) {
	seen := map[*model.Body]bool{}
	known := map[*model.Task]bool{}
	var visit func(b *model.Body)
	visit = func(b *model.Body) {
		if b == nil || seen[b] {
			return
		}
		seen[b] = true
		model.EachOp(b, func(op *model.Op) bool {
			if t := op.Task; op.Kind == model.OpSpawn && t != nil && !known[t] {
				known[t] = true
				tasks = append(tasks, t)
				visit(t.Body)
			}
			return true
		})
	}
	roots := []*model.Body{}
	for _, f := range x.FanOuts {
		roots = append(append(roots, f.Body), f.Body.Loose...)
	}
	for _, s := range x.Scenes {
		roots = append(roots, s.Body)
	}
	for _, b := range roots {
		if b != nil && !seen[b] {
			own = append(own, b)
			visit(b)
		}
	}
	return own, tasks
}

// Tasks lists the tasks of the spawner, also those that its tasks start.
func (x *Explained) Tasks() []*model.Task {
	_, tasks := x.bodies()
	return tasks
}

// Groups lists the groups of the spawner, each once.
func (x *Explained) Groups() []*model.Group {
	var out []*model.Group
	add := func(g *model.Group) {
		if g != nil && g.Kind != model.Bare && !slices.Contains(out, g) {
			out = append(out, g)
		}
	}
	for _, f := range x.FanOuts {
		add(f.Group)
	}
	for _, s := range x.Scenes {
		for _, g := range s.Groups {
			add(g)
		}
	}
	return out
}

// Chans lists the channels that the spawner or its tasks use, each once.
func (x *Explained) Chans() []*model.Chan {
	var out []*model.Chan
	x.EachOp(func(op *model.Op) {
		for _, o := range append([]*model.Op{op}, op.Cases...) {
			if o.Chan != nil && o.Chan.Name != "" && !slices.Contains(out, o.Chan) {
				out = append(out, o.Chan)
			}
		}
	})
	return out
}

// EachOp visits the ops of the spawner and of its tasks.
func (x *Explained) EachOp(f func(*model.Op)) {
	own, tasks := x.bodies()
	for _, t := range tasks {
		own = append(own, t.Body)
	}
	for _, b := range own {
		model.EachOp(b, func(op *model.Op) bool {
			f(op)
			return true
		})
	}
}

// source finds the source that the fan-outs consist of.
func (x *Explained) source() {
	add := func(list *[]model.Span, s model.Span) {
		if s.Pos.IsValid() && !slices.Contains(*list, s) {
			*list = append(*list, s)
		}
	}
	own, tasks := x.bodies()
	for _, b := range own {
		add(&x.Extents, b.Extent)
	}
	for _, t := range tasks {
		add(&x.Extents, t.Text)
		if t.Body != nil {
			add(&x.Extents, t.Body.Extent)
		}
	}
	x.EachOp(func(op *model.Op) {
		for _, b := range append([]*model.Body{op.Into}, op.Lits...) {
			if b != nil {
				add(&x.Called, b.Extent)
			}
		}
	})
}

// contexts lists the contexts that are used, with those that they derive from.
func (x *Explained) contexts() {
	seen := map[*model.Ctx]bool{}
	names := map[string]bool{}
	var add func(c *model.Ctx)
	add = func(c *model.Ctx) {
		if c == nil || seen[c] {
			return
		}
		seen[c] = true
		for _, p := range parentsOf(c) {
			add(p)
		}
		ec := &ExplainedCtx{Ctx: c, Name: ctxName(c)}
		var from []string
		for _, p := range parentsOf(c) {
			from = append(from, ctxName(p))
		}
		ec.From = strings.Join(from, " or ")
		switch {
		case c.Made.Pos.IsValid():
			ec.At = c.Made
		case c.Group != nil:
			ec.At = c.Group.Made
		}
		// The same parameter can come in by several ways.
		if key := ec.Name + " " + ec.From; c.Kind != model.CtxRoot || !names[key] {
			names[key] = true
			x.Ctxs = append(x.Ctxs, ec)
		}
	}
	for _, g := range x.Groups() {
		for _, c := range g.Parent {
			add(c)
		}
	}
	x.EachOp(func(op *model.Op) {
		for _, u := range op.DirectUses() {
			for _, c := range u.Ctx {
				add(c)
			}
		}
		add(op.Made)
	})
}

func parentsOf(c *model.Ctx) []*model.Ctx {
	if c.Group != nil {
		return c.Group.Parent
	}
	return c.Parents
}

// ctxName is a context in its author's words.
func ctxName(c *model.Ctx) string {
	switch c.Kind {
	case model.CtxOfGroup:
		if c.Group.CtxName != "" {
			return c.Group.CtxName
		}
		return "the context of " + c.Group.Name
	case model.CtxNever:
		return c.How
	case model.CtxDerived:
		switch {
		case !c.Made.Pos.IsValid():
		case c.Holder != "":
			return c.Holder
		default:
			return "the context made by " + c.How
		}
	case model.CtxRoot:
		switch {
		case c.Root.Call != "":
			return "the result of " + c.Root.Call
		case c.Root.Name != "":
			return c.Root.Name
		}
	}
	return "a context that is not followed"
}
