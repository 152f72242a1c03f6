package explain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gatherlint/gatherlint/internal/model"
)

// gaps collects what is not known of the objects, the tasks and the contexts.
func (x *Explained) gaps() {
	for _, g := range x.Groups() {
		x.groupGaps(g)
	}
	for _, c := range x.Chans() {
		x.chanGaps(c)
	}
	for _, s := range x.Scenes {
		for _, l := range s.Locks {
			x.gap(l.Name, Escaped(l.Escapes), model.Span{})
		}
		for _, m := range s.Sems {
			x.gap(m.Name, Escaped(m.Escapes), model.Span{})
		}
		for _, c := range s.Chans {
			if c.Name == "" {
				x.gap("a channel without a name", Escaped(c.Escapes), c.At)
			}
		}
	}
	for _, s := range x.Scenes {
		if s.Cut {
			x.gap(s.Spawner, "it is so large, with what it calls, that not all of its calls are followed", s.At)
		}
	}
	for i, t := range x.Tasks() {
		x.taskGaps(t, TaskName(t, i))
	}
	x.EachOp(x.opGaps)
}

// untried notes that the spawner belongs to an object of which not every use was tried.
func (x *Explained) untried(parts []model.Part) {
	if slices.ContainsFunc(parts, func(p model.Part) bool { return p.Extent.Pos <= x.At.Pos && x.At.Pos < p.Extent.End }) {
		x.gap(x.Spawner, "how clients use its object is not tried: the package has too many such objects, or they do too much", x.At)
	}
}

// PathGaps are the functions and tasks whose paths were too many for some check. They
// are known once the checks have run.
func (x *Explained) PathGaps() []Gap {
	const why = "it has more paths than are searched, as its conditions and variables can go together in too many ways"
	var out []Gap
	own, tasks := x.bodies()
	for _, b := range own {
		if b.Spent() {
			out = append(out, Gap{About: b.Name, Why: why, At: b.At})
		}
	}
	for i, t := range tasks {
		if t.Body != nil && t.Body.Spent() {
			out = append(out, Gap{About: TaskName(t, i), Why: why, At: t.At})
		}
	}
	return out
}

// OrderGaps are the variables of which it is only assumed that the tasks are done with
// them when the spawner uses them.
func (x *Explained) OrderGaps() []Gap {
	var out []Gap
	for _, f := range x.FanOuts {
		if f.Evidence == nil {
			continue
		}
		for _, o := range f.Evidence.Assumed(f) {
			why := fmt.Sprintf("whether %s has %s it when %s uses it is not known: %s may wait for that", TaskName(o.Task, slices.Index(x.Tasks(), o.Task)), did(o.First), x.Spawner, o.Call.Text)
			out = append(out, Gap{About: o.Name, Why: why, At: o.Call.At})
		}
	}
	return out
}

func did(a *model.Access) string {
	if a.Write {
		return "written"
	}
	return "read"
}

// Nameless is what something without a name is called: a field of a literal, the
// result of a call.
const Nameless = "an object without a name"

// gap notes why something is not known; nothing, if why is "".
func (x *Explained) gap(about, why string, at model.Span) {
	if about == "" {
		about = Nameless
	}
	g := Gap{About: about, Why: why, At: at}
	same := func(o Gap) bool { return o.About == g.About && o.Why == g.Why }
	if why != "" && !slices.ContainsFunc(x.Gaps, same) {
		x.Gaps = append(x.Gaps, g)
	}
}

// Escaped words why not every operation on an object is seen.
func Escaped(why string) string {
	switch first, _, _ := strings.Cut(why, " "); first {
	case "", "it", "its", "when", "how", "the":
		return why
	}
	return "it is " + why
}

func (x *Explained) groupGaps(g *model.Group) {
	if g.Contract == nil {
		x.gap(g.Name, "its type is not known, so neither is what its Wait promises", g.Made)
	}
	if g.Contract != nil && g.Contract.Wraps {
		x.gap(g.Name, "it wraps a group in another package, and whether a failing task stops the others is not known", g.Made)
	}
	x.gap(g.Name, Escaped(g.Escapes), g.Made)
	switch {
	case g.Owner == model.OwnParam:
		x.gap(g.Name, "it comes from the caller, who may start tasks under it and wait for it", g.Made)
	case g.Owner == model.OwnField, g.Owner == model.OwnGlobal:
		x.gap(g.Name, "it outlives the call: other functions may start tasks under it and wait for it", g.Made)
	case g.Handed == model.Yes:
		x.gap(g.Name, "it is handed on (returned, stored, or passed to code that is not followed), so somebody else may wait for it", g.Made)
	case g.Handed == model.Unknown:
		x.gap(g.Name, "whether somebody else can wait for it is not known", g.Made)
	}
	if g.Shared {
		x.gap(g.Name, "it is passed to a function that is not followed, which may start tasks under it", g.Made)
	}
	if g.HasCtx && g.CtxUsed == model.Unknown {
		x.gap(g.Name, "whether its context is used is not known", g.Made)
	}
	if g.Told {
		x.gap(g.Name, "it is given a function that sees every error: that one may handle them", g.Made)
	}
}

func (x *Explained) chanGaps(c *model.Chan) {
	if c.Fills {
		return // by the runtime, always
	}
	made := c.Local
	if life := x.lifeOf(c); life != nil {
		x.gap(c.Name, "it is not made here; it is judged for "+Client(life)+", and for no other", c.At)
		return
	}
	if !made && c.Escapes == "" {
		x.gap(c.Name, "it is not made here, so who else sends on it, receives from it or closes it is not known", c.At)
	}
	x.gap(c.Name, Escaped(c.Escapes), c.At)
	if made && c.Size == nil {
		x.gap(c.Name, "its capacity is not known", c.At)
	}
}

// lifeOf is the first life of an object that a channel of its is judged in, nil if there is
// none.
func (x *Explained) lifeOf(c *model.Chan) *model.Scene {
	same := func(o *model.Chan) bool { return o.Name == c.Name && o.Local && o.Escapes == "" && o.Size != nil }
	i := slices.IndexFunc(x.Lives, func(s *model.Scene) bool { return !c.Local && slices.ContainsFunc(s.Chans, same) })
	if i < 0 {
		return nil
	}
	return x.Lives[i]
}

// Client says what the client of an object does in a life of it.
func Client(life *model.Scene) string {
	var calls []string
	for _, p := range life.Parts {
		calls = append(calls, p.Name)
	}
	return "a client that calls " + strings.Join(calls, ", then ")
}

func (x *Explained) taskGaps(t *model.Task, name string) {
	if t.Body == nil {
		x.gap(name, "its body is not seen, so what it does with contexts and channels, and when it ends, is not known", t.At)
	}
	if t.Fails == model.Unknown {
		x.gap(name, "whether it can return an error is not known", t.At)
	}
	if t.Fails != model.No && t.Keeps == model.Unknown && t.Body != nil {
		x.gap(name, "whether it keeps its errors in another place as well is not known", t.At)
	}
}

// TaskName is task i, counted from 0, as it is called in an explanation.
func TaskName(t *model.Task, i int) string {
	if t.What == "function literal" {
		return "task " + strconv.Itoa(i+1)
	}
	return t.What
}

func (x *Explained) opGaps(op *model.Op) {
	for _, o := range append([]*model.Op{op}, op.Cases...) {
		switch o.Kind {
		case model.OpSend, model.OpReceive, model.OpRange, model.OpClose:
			ended := slices.ContainsFunc(o.Uses, func(u *model.Use) bool { return u.Kind == model.UseDone })
			if o.Chan == nil && !ended {
				x.gap(o.Text, "which channel this is at the "+o.Kind.String()+", is not known", o.At)
			}
		case model.OpAcquire, model.OpRelease:
			if o.Sem == nil {
				x.gap(o.Text, "which semaphore this is, is not known", o.At)
			}
		case model.OpLock, model.OpUnlock:
			if o.Lock == nil {
				x.gap(o.Text, "which lock this is, is not known", o.At)
			}
		}
	}
	for _, u := range op.DirectUses() {
		switch {
		case len(u.Ctx) == 0 || slices.ContainsFunc(u.Ctx, func(c *model.Ctx) bool { return c.Kind == model.CtxUnknown }):
			x.gap(u.Text, "where this context comes from is not known", u.At)
		case len(u.Ctx) > 1:
			x.gap(u.Text, "it may be one of several contexts here", u.At)
		}
		if u.Kind == model.UseCall && u.Cancels == model.Unknown {
			x.gap(u.Callee, "whether its work ends with "+u.Text+" is not known", u.At)
		}
	}
}
