package analyzer

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gatherlint/gatherlint/internal/check"
	"github.com/gatherlint/gatherlint/internal/explain"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
)

// maxOps is how many events of one function an explanation lists.
const maxOps = 40

func (x *explainer) groups(e *explain.Explained) []Item {
	var out []Item
	for _, g := range e.Groups() {
		it := Item{Text: groupName(g) + " is of a type that is not known", At: x.spot(g.Made.Pos)}
		if c := g.Contract; c != nil {
			it.Text = fmt.Sprintf("%s is %s%s", groupName(g), article(c.Name()), origin(g))
			it.Items = append(it.Items, Item{Text: fmt.Sprintf("%s gives %s", joinName(g), strings.ReplaceAll(c.Gives.String(), "`", ""))})
			if g.HasCtx || c.Cancels != model.CancelWithContext {
				it.Items = append(it.Items, Item{Text: ends(g)})
			} else if g.How == "variable" || g.How == "new" {
				it.Items = append(it.Items, Item{Text: "it was made without a context, so a failing task does not stop the others"})
			} else {
				it.Items = append(it.Items, Item{Text: "whether it has a context is not known, and so whether a failing task stops the others"})
			}
			if c.Blocks != "" && (g.Limit || c.Kind != model.ErrGroup) {
				limit := "starting a task blocks " + strings.ReplaceAll(c.Blocks, "`", "")
				if strings.HasPrefix(c.Blocks, "at `With") {
					limit += ", if that is called"
				}
				it.Items = append(it.Items, Item{Text: limit})
			}
		}
		if g.HasCtx && g.CtxName == "" && g.CtxDrop.Pos.IsValid() {
			it.Items = append(it.Items, Item{Text: "its context is thrown away", At: x.spot(g.CtxDrop.Pos)})
		}
		it.Items = append(it.Items, x.waits(e, g)...)
		out = append(out, it)
	}
	if len(out) == 0 && len(e.Tasks()) > 0 {
		out = []Item{{Text: "no group counts the tasks: they are goroutines, joined by channels if at all"}}
	}
	return out
}

// article puts "a" or "an" in front of a name.
func article(name string) string {
	if strings.ContainsRune("aeio", rune(name[0])) {
		return "an " + name
	}
	return "a " + name
}

// origin is where a group comes from.
func origin(g *model.Group) string {
	switch g.How {
	case "", "unknown":
		return ""
	case "new":
		return ", made here"
	case "variable", "parameter", "field", "package variable", "field of a local struct":
		return ", a " + g.How
	}
	return ", made by " + g.How
}

// ends says when the tasks of a group are told to end.
func ends(g *model.Group) string {
	switch c := g.Contract.Cancels; {
	case g.Contract.Wraps:
		return "whether a failing task stops the others is not known: it wraps a group in another package"
	case g.HasCtx && (c == model.CancelWithContext || c == model.CancelIfAsked):
		return "it cancels its context at the first error"
	case c == model.CancelIfAsked:
		return "a failing task does not stop the others, as it was not made to"
	case c == model.CancelNever:
		return "a failing task does not stop the others"
	default:
		return "it stops its other tasks " + c.String()
	}
}

func (x *explainer) waits(e *explain.Explained, g *model.Group) []Item {
	var out []Item
	e.EachOp(func(op *model.Op) {
		if op.Kind == model.OpWait && op.Group == g {
			out = appendItem(out, Item{Text: joinName(g) + " is called", At: x.spot(op.At.Pos)})
		}
	})
	for _, f := range e.FanOuts {
		if f.Group != g {
			continue
		}
		for _, o := range f.Elsewhere {
			out = append(out, Item{Text: o.Spawner + " uses the same group", At: x.spot(o.At.Pos)})
		}
	}
	if out == nil {
		out = []Item{{Text: "nothing that is seen here waits for it"}}
	}
	return out
}

func (x *explainer) contexts(e *explain.Explained) []Item {
	var out []Item
	for _, c := range e.Ctxs {
		text := c.Name
		switch {
		case c.From == c.Name:
			text += " derives from the " + c.From + " before it"
		case c.From != "":
			text += " derives from " + c.From
		}
		life, _ := c.Ctx.Life()
		switch {
		case c.Ctx.Kind == model.CtxUnknown:
			continue // it is told where it is used
		case c.Ctx.Kind == model.CtxOfGroup:
			text += fmt.Sprintf(" and ends when a task of %s fails", groupName(c.Ctx.Group))
			if c.Ctx.Group.EndsCtx() {
				text += ", and when " + joinName(c.Ctx.Group) + " returns"
			}
		case life == model.LifeNever:
			text += " never ends"
		case life == model.LifeOutside:
			text += " comes from outside; it ends when whoever made it ends it"
		case life == model.LifeOwn && known.EndsBySignal(c.Ctx.How):
			text += ", and ends when the process gets a signal or its cancel function is called"
		case life == model.LifeOwn:
			text += ", and ends when its cancel function is called"
		case life == model.LifeSame:
			text += ", and ends with it"
		case life == model.LifeTimed:
			text += ", and ends when its time is over or its cancel function is called"
		case c.Ctx.Kind == model.CtxDerived && c.Ctx.Adds == model.AddsCancel:
			text += ", and ends when its cancel function is called; not every use of that is seen"
		default:
			text += "; when it ends is not known"
		}
		out = append(out, Item{Text: text, At: x.spot(c.At.Pos)})
	}
	return out
}

func (x *explainer) channels(e *explain.Explained) []Item {
	var out []Item
	for _, c := range e.Chans() {
		text := c.Name
		switch {
		case c.Fills:
			text += " is filled by a timer"
		case !c.Local:
			text += " is not made here"
		case c.Cap == "0":
			text += " has no buffer"
		case c.Size == nil:
			text += " has the capacity " + c.Cap + ", a number that is not known"
		default:
			text += " has the capacity " + c.Cap
		}
		if c.Local && c.Escapes == "" && !c.Fills {
			text += "; every use of it is seen"
		}
		out = appendItem(out, Item{Text: text, At: x.spot(c.At.Pos)})
	}
	return out
}

func (x *explainer) tasks(e *explain.Explained) []Item {
	var out []Item
	for i, t := range e.Tasks() {
		text := explain.TaskName(t, i)
		if t.InLoop {
			text += ", started in a loop"
		}
		it := Item{Text: text + "; " + failing(t), At: x.spot(t.At.Pos)}
		if t.Body == nil {
			it.Items = []Item{{Text: "its body is not seen"}}
		} else {
			if g := groupOf(e, t); g != nil && g.HasCtx {
				it.Items = append(it.Items, x.notices(g, t))
			}
			it.Items = append(it.Items, x.ops(t.Body)...)
		}
		out = append(out, it)
	}
	return out
}

func failing(t *model.Task) string {
	switch t.Fails {
	case model.Yes:
		return "it can return an error"
	case model.No:
		return "it returns no error"
	}
	return "whether it can return an error is not known"
}

// groupOf is the group that counts the task, nil if none does.
func groupOf(e *explain.Explained, t *model.Task) *model.Group {
	for _, f := range e.FanOuts {
		if slices.Contains(f.Tasks, t) && f.Group.Kind != model.Bare {
			return f.Group
		}
	}
	return nil
}

// notices says what of a task ends when a sibling fails.
func (x *explainer) notices(g *model.Group, t *model.Task) Item {
	name := g.CtxName
	if name == "" {
		name = "the context of " + groupName(g)
	}
	var lines []string
	doubt, home := false, x.spot(t.At.Pos).File
	model.EachOp(t.Body, func(op *model.Op) bool {
		for _, o := range append([]*model.Op{op}, op.Cases...) {
			for _, u := range o.Uses {
				ends := u.Kind == model.UseDone || u.Kind == model.UseErr || u.Kind == model.UseCall && u.Cancels == model.Yes
				open := u.Kind == model.UseCall && u.Cancels == model.Unknown
				hears := g.Descends(u.Ctx)
				at := x.spot(u.At.Pos)
				line := fmt.Sprint(at.Line)
				if at.File != home {
					line += " of " + filepath.Base(at.File)
				}
				if ends && hears == model.Yes && !slices.Contains(lines, line) {
					lines = append(lines, line)
				}
				doubt = doubt || ends && hears == model.Unknown || open && hears != model.No
			}
		}
		return true
	})
	switch {
	case len(lines) == 1:
		return Item{Text: "it notices the end of " + name + " in line " + lines[0]}
	case len(lines) > 0:
		return Item{Text: "it notices the end of " + name + " in lines " + strings.Join(lines, ", ")}
	case doubt:
		return Item{Text: "whether it notices the end of " + name + " is not known"}
	}
	return Item{Text: "nothing in it notices the end of " + name}
}

func spawnerBody(e *explain.Explained) *model.Body {
	if len(e.FanOuts) > 0 {
		return e.FanOuts[0].Body
	}
	return e.Scenes[0].Body
}

// ops lists what is done in a body that matters, in the order of the source, with
// what is done in the functions that it calls below.
func (x *explainer) ops(b *model.Body) []Item {
	l := &listing{x: x, left: maxOps, seen: map[*model.Body]bool{}}
	out := l.body(b)
	if l.more > 0 {
		out = append(out, Item{Text: "and " + counted(l.more, "event") + " more"})
	}
	if len(out) == 0 {
		out = []Item{{Text: "nothing that matters to waiting or cancellation"}}
	}
	return out
}

// A listing is one list of ops being made.
type listing struct {
	x          *explainer
	left, more int
	seen       map[*model.Body]bool // a function called twice is listed once
}

func (l *listing) body(b *model.Body) []Item {
	if b == nil || l.seen[b] {
		return nil
	}
	l.seen[b] = true
	var ops []*model.Op
	for _, blk := range b.Blocks {
		ops = append(ops, blk.Ops...)
	}
	// Within a line the order is that of execution: the value before the send.
	slices.SortStableFunc(ops, func(a, b *model.Op) int {
		return cmp.Compare(l.x.spot(a.At.Pos).Line, l.x.spot(b.At.Pos).Line)
	})
	ops = deferredLast(ops)
	var out []Item
	for i, op := range ops {
		if op.Kind == model.OpPanic && i > 0 && ops[i-1].Kind.Leaves() && l.x.spot(ops[i-1].At.Pos) == l.x.spot(op.At.Pos) {
			continue // what the compiler puts behind a call that does not come back
		}
		if it := l.op(op); it.Text != "" {
			out = append(out, it)
		}
	}
	return out
}

// deferredLast puts what is deferred behind the rest, in the order in which it
// runs: the last one first.
func deferredLast(ops []*model.Op) []*model.Op {
	var out, deferred []*model.Op
	for _, op := range ops {
		if op.Deferred {
			deferred = append(deferred, op)
		} else {
			out = append(out, op)
		}
	}
	slices.Reverse(deferred)
	return append(out, deferred...)
}

// op is an item without a text if the op does not matter.
func (l *listing) op(op *model.Op) Item {
	it := Item{Text: opText(op), At: l.x.spot(op.At.Pos)}
	if it.Text != "" {
		if l.left == 0 {
			l.more++
			return Item{}
		}
		l.left--
	}
	for _, c := range op.Cases {
		it.Items = append(it.Items, Item{Text: "or " + opText(c), At: l.x.spot(c.At.Pos)})
	}
	if len(it.Items) > 0 {
		it.Items[0].Text = strings.TrimPrefix(it.Items[0].Text, "or ")
	}
	if op.Kind == model.OpSelect && op.Default {
		it.Items = append(it.Items, Item{Text: "or goes on at once"})
	}
	for _, b := range append([]*model.Body{op.Into}, op.Lits...) {
		it.Items = append(it.Items, l.body(b)...)
	}
	if it.Text == "" && len(it.Items) > 0 {
		it.Text = "calls " + op.Text
		if strings.HasPrefix(op.Text, "(func") || op.Text == "" {
			it.Text = "calls a function literal"
		}
	}
	if op.Deferred && it.Text != "" {
		it.Text = "at its end, " + it.Text
	}
	return it
}

// opText says what an op does, "" if it does not matter to a reader.
func opText(op *model.Op) string {
	switch op.Kind {
	case model.OpSpawn:
		if op.Group != nil && op.Group.Kind != model.Bare {
			return "starts a task under " + groupName(op.Group)
		}
		return "starts a goroutine"
	case model.OpWait, model.OpAdd, model.OpDone, model.OpLimit:
		return "calls " + op.Text
	case model.OpSend:
		return "sends on " + op.Text
	case model.OpReceive:
		if len(op.Uses) > 0 && op.Uses[0].Kind == model.UseDone {
			return "waits for the end of " + op.Uses[0].Text
		}
		return "receives from " + op.Text
	case model.OpRange:
		return "receives from " + op.Text + " until it is closed"
	case model.OpClose:
		return "closes " + op.Text
	case model.OpSelect:
		return "waits for one of"
	case model.OpCancel:
		return "calls the cancel function " + op.Text
	case model.OpLock, model.OpUnlock, model.OpAcquire, model.OpRelease, model.OpStop:
		return "calls " + op.Text
	case model.OpSleep:
		return "sleeps in " + op.Text
	case model.OpPanic:
		return "can panic"
	case model.OpGoexit, model.OpExit:
		return "can end in " + op.Text
	case model.OpCtxErr:
		return "asks whether " + contextText(op) + " has ended"
	case model.OpCall:
		return callText(op)
	}
	return ""
}

func contextText(op *model.Op) string {
	if len(op.Uses) > 0 {
		return op.Uses[0].Text
	}
	return op.Text
}

// callText says what a call does with contexts, or that it is not seen.
func callText(op *model.Op) string {
	for _, u := range op.Uses {
		if u.Kind != model.UseCall {
			continue
		}
		if made := known.Makes(op.Text); made != "" {
			return fmt.Sprintf("calls %s with %s; it makes %s, which ends with %s", op.Text, u.Text, made, u.Text)
		}
		if model.NeverEnds(u.Ctx) {
			return fmt.Sprintf("calls %s with %s, which never ends", op.Text, u.Text)
		}
		return fmt.Sprintf("calls %s with %s; %s", op.Text, u.Text, callEnds(op, u))
	}
	if op.Opaque || op.Given {
		return "calls " + op.Text + " without a context; what it does is not seen"
	}
	return ""
}

// callEnds says whether the work of a call ends with a context that it is given.
func callEnds(op *model.Op, u *model.Use) string {
	switch {
	case u.Cancels == model.Yes && op.Into == nil:
		return "its work is taken to end with " + u.Text
	case u.Cancels == model.Yes:
		return "its work ends with " + u.Text
	case u.Cancels == model.No:
		return "its work does not end with " + u.Text
	}
	return "whether its work ends with " + u.Text + " is not known"
}

func taskActor(t *model.Task) Actor {
	if t.What == "function literal" {
		return Actor{string(check.Task), "the task"}
	}
	return Actor{string(check.Task), t.What}
}
