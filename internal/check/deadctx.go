package check

import (
	"fmt"
	"go/token"

	"github.com/gatherlint/gatherlint/internal/model"
)

var _ = register(&Check{
	Name:   "deadctx",
	Family: Cancellation,
	Doc: Doc{
		Summary: "the context of an errgroup is used after the group's Wait, which has cancelled it, on success too",
		What: "`Wait` cancels the context that `errgroup.WithContext` derived, whether or not a task failed. " +
			"The check reports a path on which that context, or one derived from it, is put to use after `Wait`: passed to a call that ends with it, given to another group, returned, used in a deferred call, " +
			"or asked whether it has ended, which it always has. The usual cause is `g, ctx := errgroup.WithContext(ctx)`, which assigns the function's own parameter. " +
			"It also reports work with the context beside a goroutine that calls `Wait` and then closes the channel of the results.",
		Why: "Everything after `Wait` fails at once with `context canceled`, although nothing was cancelled and nothing failed. Tests with an empty step after `Wait` pass.",
		Bad: `func settleDay(ctx context.Context, invoices []invoice) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, inv := range invoices {
		g.Go(func() error { return settle(ctx, inv) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return closeBooks(ctx)
}`,
		Good: `func settleMonth(ctx context.Context, invoices []invoice) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, inv := range invoices {
		g.Go(func() error { return settle(gctx, inv) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return closeBooks(ctx)
}`,
		Limits: "`context.Cause` after `Wait` is silent (it gives the first error, and `context canceled` where there was none), and so are calls that only read values or log. Uses in other functions are seen where the package's own calls lead to them; " +
			"contexts kept in objects that outlive the function are not.",
		Silence: "Give the group context a name of its own. Otherwise write `//gatherlint:ignore deadctx REASON` above the line.",
	},
	Run: func(f *model.FanOut) []Finding {
		return append(runDeadctx(f), cutOff(f)...)
	},
})

// Stages of a path: the group does not exist, it runs, it has been waited for.
const (
	noGroup = iota
	running
	waited
)

// seenEnd is added to the stage of a path that has found the group's context
// ended before Wait: what it asks the context after that is how it ended, and the
// answer is not Wait's doing.
const seenEnd = 1 << 8

func runDeadctx(f *model.FanOut) []Finding {
	g := f.Group
	if !g.EndsCtx() || g.CtxUsed == model.No || testsTheEnd(f) {
		return nil
	}
	d := &deadUses{f: f, seen: map[model.Span]bool{}}
	for _, m := range maskedCauses(f) {
		d.masked = append(d.masked, m.At)
	}
	d.search(f.Body, noGroup)
	d.offerName()
	return d.found
}

// testsTheEnd reports whether f is a test of an object that holds the group. What such
// an object does after its end is what is tested.
func testsTheEnd(f *model.FanOut) bool { return f.Test && !within(f.Group.Made, f.Extent) }

// offerName gives the first finding the fix for all of them.
func (d *deadUses) offerName() {
	if len(d.found) == 0 {
		return
	}
	var dead []model.Span
	for _, fd := range d.found {
		dead = append(dead, fd.At)
	}
	at, uses, ok := d.f.Evidence.SeparateCtx(d.f, dead)
	if !ok {
		d.found[0].Fixes = d.useParent(dead)
		return
	}
	places := []token.Pos{at.Pos}
	edits := []Edit{{Span: at}}
	for _, u := range uses {
		places = append(places, u.Pos)
		edits = append(edits, Edit{Span: u})
	}
	for _, name := range []string{"gctx", "groupCtx"} {
		if !d.f.Evidence.Visible(name, token.NoPos, places...) {
			continue
		}
		for i := range edits {
			edits[i].New = name
		}
		title := fmt.Sprintf("Name the context of %s %s, so that %s stays the caller's", d.f.Group.Name, name, d.f.Group.CtxName)
		d.found[0].Fixes = []Fix{{Title: title, Edits: edits}}
		return
	}
}

// useParent names in the dead uses what the group's context was made from: a variable
// that means the same there and still holds the same.
func (d *deadUses) useParent(dead []model.Span) []Fix {
	g := d.f.Group
	var parent *model.Use
	reassigned := false
	model.EachOp(d.f.Body, func(op *model.Op) bool {
		if op.Kind == model.OpMakeGroup && op.Group == g && len(op.Uses) == 1 {
			parent = op.Uses[0]
		}
		reassigned = reassigned || op.Kind == model.OpSet && parent != nil && parent.Var != nil && op.Var.Pos == parent.Var.Pos
		return true
	})
	if parent == nil || !parent.IsVariable() || parent.Var == nil || reassigned || !d.f.Evidence.Spare(dead) {
		return nil
	}
	var edits []Edit
	for _, u := range d.uses {
		own := u.IsVariable() && u.Kind == model.UseCall && u.Text == g.CtxName && within(u.At, d.f.Extent)
		if !own || !d.f.Evidence.Visible(parent.Text, parent.Var.Pos, u.At.Pos) {
			return nil
		}
		edits = append(edits, Edit{Span: u.At, New: parent.Text})
	}
	return []Fix{{Title: fmt.Sprintf("Use %s, which %s does not cancel", parent.Text, g.Join()), Edits: unique(edits)}}
}

type deadUses struct {
	f      *model.FanOut
	uses   []*model.Use // of found
	masked []model.Span // reported as maskedcause
	seen   map[model.Span]bool
	found  []Finding
}

// search walks body, and the functions it calls that wait themselves.
func (d *deadUses) search(body *model.Body, start int) {
	g := d.f.Group
	hits := map[*model.Op]*model.Use{}
	inner := map[*model.Body]bool{}
	w := &model.Walk{Body: body, Start: start, Step: func(op *model.Op, at int, p *model.Path) (int, model.Verdict) {
		stage, seen := at&^seenEnd, at&seenEnd
		if stage == waited {
			if u := d.use(op, p, op.Deferred, seen != 0); u != nil {
				hits[op] = u
				return at, model.Hit
			}
		}
		if op.Kind == model.OpReturn && stage != noGroup {
			if u := d.atReturn(stage, p); u != nil {
				hits[op] = u
				return at, model.Hit
			}
		}
		if op.Runs(func(o *model.Op) bool { return o.Kind == model.OpMakeGroup && o.Group == g }) {
			return running, model.GoOn
		}
		if stage == running && op.Runs(waitsFor(g)) {
			if op.Into != nil {
				inner[op.Into] = true
			}
			if !op.Deferred && alwaysRuns(op, waitsFor(g), 0) {
				return waited | seen, model.GoOn
			}
		}
		if stage == running && d.awaitsEnd(op) {
			return at | seenEnd, model.GoOn
		}
		return at, model.GoOn
	}, Branch: func(c *model.Cond, holds bool, at int, _ *model.Path) int {
		if at == running && g.TellsEnd(c, holds) {
			return at | seenEnd
		}
		return at
	}}
	for _, p := range w.FindAll() {
		u := hits[p.Op()]
		if !within(u.At, d.f.Extent) && within(p.Op().At, d.f.Extent) {
			call := *u // told at the spawner's own call
			call.At, call.Callee, call.Plain = p.Op().At, p.Op().Text, false
			u = &call
		}
		if !d.seen[u.At] {
			d.seen[u.At] = true
			d.found, d.uses = append(d.found, deadFinding(d.f, p, u)), append(d.uses, u)
		}
	}
	if start == running {
		return // one level of functions that wait is enough
	}
	for _, blk := range body.Blocks {
		for _, op := range blk.Ops {
			if inner[op.Into] {
				d.search(op.Into, running)
			}
		}
	}
}

// awaitsEnd reports whether op is over only when the group's context has ended.
func (d *deadUses) awaitsEnd(op *model.Op) bool {
	if op.Kind != model.OpReceive || op.Deferred {
		return false
	}
	for _, u := range op.Uses {
		if u.Kind == model.UseDone && d.f.Group.Descends(u.Ctx) == model.Yes {
			return true
		}
	}
	return false
}

// use is a use of the group context by op, when the group has been waited for.
// Where the path has seen its end before, asking it once more is none. Arguments of a deferred call are taken where it is deferred; what a literal
// reads it reads when it runs, and p knows what its variables hold then.
func (d *deadUses) use(op *model.Op, p *model.Path, deferred, seenEnd bool) *model.Use {
	for i, u := range usesOf(op) {
		if seenEnd && (u.Kind == model.UseErr || u.Kind == model.UseDone) {
			continue
		}
		ctx := u.Ctx
		if !deferred || i >= len(op.Uses) {
			ctx = p.Ctx(u)
		}
		if matters(u) && d.f.Group.Descends(ctx) == model.Yes && !d.isMasked(u.At) {
			return u
		}
	}
	return nil
}

func (d *deadUses) isMasked(at model.Span) bool {
	for _, m := range d.masked {
		if within(at, m) {
			return true
		}
	}
	return false
}

// atReturn runs what the path has deferred, the last one first.
func (d *deadUses) atReturn(stage int, p *model.Path) *model.Use {
	ops := p.Ops(func(o *model.Op) bool { return o.Deferred })
	for i := len(ops) - 1; i >= 0; i-- {
		if stage == waited {
			if u := d.use(ops[i], p, true, false); u != nil {
				return u
			}
		}
		if ops[i].Runs(waitsFor(d.f.Group)) {
			stage = waited
		}
	}
	return nil
}

func waitsFor(g *model.Group) func(*model.Op) bool {
	return func(o *model.Op) bool { return o.Kind == model.OpWait && o.Group == g }
}

// usesOf is all uses of contexts by op, those of a task that it spawns too.
func usesOf(op *model.Op) []*model.Use {
	uses := op.AllUses()
	if op.Kind == model.OpSpawn && op.Task != nil {
		model.EachOp(op.Task.Body, func(o *model.Op) bool {
			uses = append(uses, o.AllUses()...)
			return true
		})
	}
	return uses
}

func matters(u *model.Use) bool {
	switch u.Kind {
	case model.UseCall:
		return u.Cancels == model.Yes
	case model.UseCause, model.UseAfter:
		return false
	case model.UseDerive:
		// A value may be added for a log line; a deadline is for work.
		return !u.Value
	}
	return true
}

func deadFinding(f *model.FanOut, p *model.Path, u *model.Use) Finding {
	g := f.Group
	var s steps
	s.by(Makes, spawnerOf(f), g.Made, "makes %s and its context %s", g.Name, g.CtxName).onto(Group, g.Name)
	how := ""
	waits := p.Ops(func(o *model.Op) bool { return o.Contains(waitsFor(g)) })
	for i, op := range waits {
		if op.Deferred && i == len(waits)-1 {
			how = "the deferred "
		}
		if !op.Deferred || how != "" {
			s.tell(Joins, groupOf(g), op.At, "%s%s returns; it has cancelled %s, also when every task succeeded", how, g.Join(), derived(g)).onto(Context, derived(g))
			break
		}
	}
	s.tell(GoesOn, spawnerOf(f), u.At, "%s", deadEnd(f, u)).onto(Context, derived(g))
	return Finding{
		At:      u.At,
		Message: fmt.Sprintf("%s is already cancelled here; %s cancelled it, on success too", u.Text, g.Join()),
		Steps:   s,
	}
}

// deadEnd tells what comes of using the dead context.
func deadEnd(f *model.FanOut, u *model.Use) string {
	switch u.Kind {
	case model.UseErr, model.UseDone:
		return fmt.Sprintf("%s asks whether %s has ended; the answer is always yes", f.Spawner, u.Text)
	case model.UseStore:
		return fmt.Sprintf("%s is kept in %s; whoever uses it gets a context that is already cancelled", u.Text, u.Callee)
	case model.UseReturn:
		return fmt.Sprintf("%s returns %s; its caller gets a context that is already cancelled", f.Spawner, u.Text)
	case model.UseGroup:
		return fmt.Sprintf("%s derives another group's context from %s; its tasks fail at once with context canceled", f.Spawner, u.Text)
	case model.UseDerive:
		return fmt.Sprintf("%s derives a context from %s; it is cancelled from the start", u.Callee, u.Text)
	}
	if u.Request {
		return fmt.Sprintf("the request carries %s; it fails as soon as it is sent", u.Text)
	}
	return fmt.Sprintf("%s runs with %s, which has ended", u.Callee, u.Text)
}
