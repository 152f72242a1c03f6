package schedule

import (
	"fmt"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// What is sent on a channel, where the receiver asks for it: nil or not, true or
// false, or what is known of the fields of a struct. A buffer keeps it in order.

// messages lists the sends at a node whose value is asked for.
func (p *program) messages(n *node) []*model.Op {
	if n.kind != event {
		return nil
	}
	var out []*model.Op
	for _, op := range append([]*model.Op{n.op}, n.op.Cases...) {
		if op.Kind == model.OpSend && op.Val != nil {
			if o := p.world.of(op); o != nil && o.valued {
				out = append(out, op)
			}
		}
	}
	return out
}

// message is the value that process i sends at op.
func (r *run) message(s *state, i int, op *model.Op) value {
	o := r.world.of(op)
	if o == nil || !o.valued {
		return unknown
	}
	fields := map[string]value{}
	text := "message"
	note := func(name string, v value) {
		fields[name] = v
		text += fmt.Sprint(" ", name, v)
	}
	switch {
	case op.Val != nil && len(op.Val.Fields) > 0:
		for _, f := range op.Val.Fields {
			note(f.Name, r.eval(s, i, f.Val))
		}
	case op.Val != nil && r.eval(s, i, op.Val) != unknown:
		return r.eval(s, i, op.Val)
	default:
		for _, name := range r.failures[o] {
			note(name, isNil)
		}
	}
	if len(fields) == 0 {
		return unknown
	}
	v := r.mem.constant(text)
	r.mem.fields[v] = fields
	return v
}

// failuresSent lists for each channel the fields by which its senders tell that something
// has failed, with a message that they put together for that. Whoever does so hands on
// the other messages, which come from elsewhere, as good ones.
func (p *program) failuresSent() map[*object][]string {
	out := map[*object][]string{}
	for _, n := range p.left {
		for _, op := range p.messages(n) {
			o := p.world.of(op)
			for _, f := range op.Val.Fields {
				if f.Val.Fails && !slices.Contains(out[o], f.Name) {
					out[o] = append(out[o], f.Name)
				}
			}
		}
	}
	return out
}

// part is what process i knows of a field of a variable.
func (r *run) part(s *state, i int, t *model.Term) value {
	if t.Field == "" {
		return r.eval(s, i, t)
	}
	x, ok := r.mem.vars[t.Var]
	if !ok {
		return unknown
	}
	return r.mem.fields[s.procs[i].facts[x]][t.Field]
}

// undecided is the variable of an error that is about to be sent, and of which
// it is not known yet whether it is nil.
func (r *run) undecided(s *state, i int, n *node) (x int, op *model.Op) {
	for _, op := range r.messages(n) {
		terms := []*model.Term{op.Val}
		for _, f := range op.Val.Fields {
			terms = append(terms, f.Val)
		}
		for _, t := range terms {
			if x, ok := r.mem.vars[t.Var]; ok && t.Fails && s.procs[i].facts[x] == unknown {
				return x, op
			}
		}
	}
	return 0, nil
}

// failing notes that a call can have failed whose error is sent.
func (p *program) failing(op *model.Op, f *future) {
	terms := []*model.Term{op.Val}
	for _, x := range op.Val.Fields {
		terms = append(terms, x.Val)
	}
	for _, t := range terms {
		if t.Fails {
			p.kind(op.At.Pos, f)
		}
	}
}

// outcomesOfSent lets the call whose error is sent have failed or not.
func (r *run) outcomesOfSent(s *state, i int, x int, op *model.Op) []*state {
	fine := s.clone()
	fine.own(i).facts[x] = isNil
	out := []*state{fine}
	if failed, ok := s.failed.with(r.number.kinds[op.At.Pos]); ok {
		c := s.clone()
		c.own(i).facts[x], c.failed = notNil, failed
		out = append(out, c)
	} else {
		r.crowded = true
	}
	return out
}
