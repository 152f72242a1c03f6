package survey

import (
	"cmp"
	"fmt"
	"go/token"
	"io"
	"strings"

	"github.com/gatherlint/gatherlint/internal/model"
)

// dumpModel writes the model in a form to read and to compare: one fan-out after the
// other, tasks with their ops indented below them, then the scenes with what is
// known of their objects. The caller says how a place is written.
func dumpModel(w io.Writer, p *model.Package, place func(token.Pos) string) {
	d := &dumper{w: w, at: place, bodies: map[*model.Body]bool{}}
	for _, f := range p.FanOuts {
		d.fanOut(f)
	}
	for _, s := range p.Scenes {
		d.scene(s)
	}
}

type dumper struct {
	w      io.Writer
	at     func(token.Pos) string
	bodies map[*model.Body]bool
}

func (d *dumper) line(indent int, format string, args ...any) {
	fmt.Fprintf(d.w, "%s%s\n", strings.Repeat("  ", indent), fmt.Sprintf(format, args...))
}

func (d *dumper) fanOut(f *model.FanOut) {
	d.line(0, "fan-out in %s (%s)", f.Spawner, d.at(f.At.Pos))
	g := f.Group
	if g.Kind == model.Bare {
		d.line(1, "no group: bare goroutines")
	} else {
		d.line(1, "group %s: %s, %s (%s), handed on: %s", g.Name, g.Kind, g.How, d.at(g.Made.Pos), g.Handed)
	}
	if g.HasCtx {
		name := g.CtxName
		if name == "" {
			name = "thrown away"
		}
		d.line(2, "context %s, used: %s, derived from %s", name, g.CtxUsed, d.ctx(g.Parent))
	}
	for _, c := range f.Chans {
		d.line(1, "channel %s (%s), capacity %s", c.Name, d.at(c.At.Pos), c.Cap)
	}
	for i, t := range f.Tasks {
		loop := ""
		if t.InLoop {
			loop = ", in a loop"
		}
		d.line(1, "task %d: %s (%s)%s, fails: %s, keeps errors: %s", i+1, t.What, d.at(t.At.Pos), loop, t.Fails, t.Keeps)
		if t.Body == nil {
			d.line(2, "opaque")
			continue
		}
		d.body(t.Body, 2)
	}
	d.line(1, "spawner")
	d.body(f.Body, 2)
	for _, lit := range f.Body.Loose {
		d.line(1, "literal called by others (%s)", d.at(lit.At.Pos))
		d.body(lit, 2)
	}
}

// scene lists the objects of a scene: who sees all of each, or why nobody does.
func (d *dumper) scene(s *model.Scene) {
	d.line(0, "scene of %s (%s)", s.Spawner, d.at(s.At.Pos))
	seen := func(escapes string) string {
		if escapes == "" {
			return "seen whole"
		}
		return escapes
	}
	for _, c := range s.Chans {
		switch {
		case c.Fills:
			d.line(1, "channel %s (%s), filled by a timer", c.Name, d.at(c.At.Pos))
		case c.Size == nil:
			d.line(1, "channel %s (%s), size not known: %s", c.Name, d.at(c.At.Pos), seen(c.Escapes))
		default:
			d.line(1, "channel %s (%s), size %s: %s", c.Name, d.at(c.At.Pos), withoutPlaces(c.Size.String()), seen(c.Escapes))
		}
	}
	for _, g := range s.Groups {
		d.line(1, "group %s (%s): %s", g.Name, d.at(g.Made.Pos), seen(g.Escapes))
	}
	for _, l := range s.Locks {
		d.line(1, "lock %s: %s", l.Name, seen(l.Escapes))
	}
	for _, m := range s.Sems {
		d.line(1, "semaphore %s: %s", m.Name, seen(m.Escapes))
	}
	for _, c := range s.Ctxs {
		d.line(1, "context %s", d.oneCtx(c, 0))
	}
}

// withoutPlaces leaves out of a size where its symbols are: "len(x{a.go:3:4})".
func withoutPlaces(size string) string {
	var out strings.Builder
	for size != "" {
		before, rest, _ := strings.Cut(size, "{")
		out.WriteString(before)
		_, size, _ = strings.Cut(rest, "}")
	}
	return out.String()
}

func (d *dumper) body(b *model.Body, indent int) {
	if d.bodies[b] {
		d.line(indent, "(as above)")
		return
	}
	d.bodies[b] = true
	defer delete(d.bodies, b)
	n := 0
	for _, blk := range b.Blocks {
		for _, op := range blk.Ops {
			if op.Kind != model.OpSet && op.Kind != model.OpNew {
				d.op(op, indent)
				n++
			}
		}
	}
	if n == 0 {
		d.line(indent, "nothing that matters")
	}
}

func (d *dumper) op(op *model.Op, indent int) {
	var s strings.Builder
	if op.Deferred {
		s.WriteString("deferred ")
	}
	s.WriteString(op.Kind.String())
	if op.Text != "" {
		s.WriteString(" " + op.Text)
	}
	if op.Quits {
		s.WriteString(" can end the goroutine")
	}
	if op.Default {
		s.WriteString(" with default")
	}
	if op.Group != nil && op.Group.Name != "" {
		s.WriteString(" [group " + op.Group.Name + "]")
	}
	if op.Chan != nil {
		s.WriteString(" [channel " + op.Chan.Name + "]")
	}
	if (op.Kind == model.OpWait || op.Try) && op.Group != nil && op.Group.Errors() {
		s.WriteString(", result " + [...]string{"used", "dropped", "blank", "blank with a comment", "never read"}[op.Result])
	}
	for _, u := range op.Uses {
		fmt.Fprintf(&s, ", context %s = %s", u.Text, d.ctx(u.Ctx))
		if u.Kind == model.UseCall {
			fmt.Fprintf(&s, " (cancels: %s)", u.Cancels)
		}
		if u.Cleanup {
			s.WriteString(" after a failure")
		}
	}
	if op.Kind == model.OpCancel {
		s.WriteString(" ends " + d.ctx(op.Ctx))
	}
	for _, x := range op.Errs {
		s.WriteString(", error " + [...]string{"unknown", "nil", "of context", "of Wait", "of " + x.Text}[x.Kind])
		if x.Kind == model.ErrCtx {
			s.WriteString(" " + d.ctx(x.Ctx))
		}
	}
	d.line(indent, "%s (%s)", s.String(), d.at(op.At.Pos))
	for _, c := range op.Cases {
		d.op(c, indent+1)
	}
	if op.Into != nil {
		d.body(op.Into, indent+1)
	}
	for _, lit := range op.Lits {
		d.line(indent+1, "calls back")
		d.body(lit, indent+2)
	}
}

// ctx names the alternatives of a context.
func (d *dumper) ctx(cs []*model.Ctx) string {
	if len(cs) == 0 {
		return "nil"
	}
	var names []string
	for _, c := range cs {
		names = append(names, d.oneCtx(c, 0))
	}
	return strings.Join(names, " or ")
}

func (d *dumper) oneCtx(c *model.Ctx, depth int) string {
	switch c.Kind {
	case model.CtxRoot:
		return cmp.Or(c.Root.Name, c.Root.Call, "?")
	case model.CtxNever:
		return c.How
	case model.CtxOfGroup:
		return "context of " + c.Group.Name
	case model.CtxDerived:
		if depth > 4 {
			return "..."
		}
		var names []string
		for _, p := range c.Parents {
			names = append(names, d.oneCtx(p, depth+1))
		}
		return c.How + "(" + strings.Join(names, " or ") + ")"
	}
	return "unknown"
}
