package analyzer

import (
	"slices"

	"github.com/gatherlint/gatherlint/internal/check"
	"github.com/gatherlint/gatherlint/internal/explain"
	"github.com/gatherlint/gatherlint/internal/model"
)

// drawing is what an SVG shows: who starts, sends, receives and waits, in the order
// of the source, which is not that of any schedule. What is deferred comes last.
func (x *explainer) drawing(e *explain.Explained) []Stroke {
	p := &pen{x: x, seen: map[*model.Body]bool{}, names: map[*model.Task]Actor{}}
	for i, t := range e.Tasks() {
		p.names[t] = Actor{string(check.Task), explain.TaskName(t, i)}
	}
	spawner := Actor{string(check.Spawner), e.Spawner}
	for _, g := range e.Groups() {
		p.add(spawner, Actor{string(check.Group), groupName(g)}, "uses "+groupName(g), g.Made)
	}
	p.body(spawner, spawnerBody(e))
	for _, t := range e.Tasks() {
		clear(p.seen) // tasks may call the same function
		p.body(p.names[t], t.Body)
	}
	return p.out
}

// A pen is a drawing being made.
type pen struct {
	x     *explainer
	names map[*model.Task]Actor
	seen  map[*model.Body]bool
	out   []Stroke
}

func (p *pen) add(a, on Actor, text string, s model.Span) {
	st := Stroke{text, p.x.spot(s.Pos), a, on}
	if len(p.out) < maxOps && !slices.Contains(p.out, st) {
		p.out = append(p.out, st)
	}
}

// body draws what a goroutine does in a body and in the functions called there,
// each once.
func (p *pen) body(who Actor, b *model.Body) {
	if b == nil || p.seen[b] {
		return
	}
	p.seen[b] = true
	var ops []*model.Op
	for _, blk := range b.Blocks {
		ops = append(ops, blk.Ops...)
	}
	for _, op := range deferredLast(ops) {
		for _, o := range append([]*model.Op{op}, op.Cases...) {
			p.op(who, o)
		}
		p.body(who, op.Into)
		for _, lit := range op.Lits {
			p.body(who, lit)
		}
	}
}

// op draws one operation. A value that is received comes from the channel.
func (p *pen) op(who Actor, o *model.Op) {
	text := opText(o)
	switch {
	case text == "" || o.Kind == model.OpSelect:
	case o.Kind == model.OpSpawn && o.Task != nil:
		p.add(who, p.names[o.Task], "starts it", o.At)
	case o.Chan != nil && o.Chan.Name != "":
		channel := Actor{string(check.Channel), o.Chan.Name}
		switch o.Kind {
		case model.OpReceive:
			p.add(channel, who, "is received from", o.At)
		case model.OpRange:
			p.add(channel, who, "is received from until it is closed", o.At)
		default:
			p.add(who, channel, text, o.At)
		}
	case o.Group != nil && o.Group.Kind != model.Bare:
		p.add(who, Actor{string(check.Group), groupName(o.Group)}, text, o.At)
	case len(o.Uses) > 0:
		p.add(who, Actor{string(check.Context), o.Uses[0].Text}, text, o.At)
	}
}
