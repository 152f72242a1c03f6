package schedule

import (
	"fmt"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/program"
)

// What is sent, and what the receiver learns of it.

// message is the value that process i sends at op.
func (r *run) message(s *state, i int, op *model.Op) program.Value {
	o := r.World.Of(op)
	if o == nil || !o.Valued {
		return program.Unknown
	}
	fields := map[string]program.Value{}
	text := "message"
	note := func(name string, v program.Value) {
		fields[name] = v
		text += fmt.Sprint(" ", name, v)
	}
	switch {
	case op.Val != nil && len(op.Val.Fields) > 0:
		for _, f := range op.Val.Fields {
			note(f.Name, r.eval(s, i, f.Val))
		}
	case op.Val != nil && r.eval(s, i, op.Val) != program.Unknown:
		return r.eval(s, i, op.Val)
	default:
		for _, name := range r.Failures[o] {
			note(name, program.IsNil)
		}
	}
	if len(fields) == 0 {
		return program.Unknown
	}
	v := r.constant(text)
	r.fields[v] = fields
	return v
}

// part is what process i knows of a field of a variable.
func (r *run) part(s *state, i int, t *model.Term) program.Value {
	if t.Field == "" {
		return r.eval(s, i, t)
	}
	x, ok := r.Memory.Vars[t.Var]
	if !ok {
		return program.Unknown
	}
	return r.fields[s.procs[i].facts[x]][t.Field]
}

// undecided is the variable of an error that is about to be sent, and of which
// it is not known yet whether it is nil.
func (r *run) undecided(s *state, i int, n *program.Node) (x int, op *model.Op) {
	for _, op := range r.Messages(n) {
		terms := []*model.Term{op.Val}
		for _, f := range op.Val.Fields {
			terms = append(terms, f.Val)
		}
		for _, t := range terms {
			if x, ok := r.Memory.Vars[t.Var]; ok && t.Fails && s.procs[i].facts[x] == program.Unknown {
				return x, op
			}
		}
	}
	return 0, nil
}

// outcomesOfSent lets the call whose error is sent have failed or not.
func (r *run) outcomesOfSent(s *state, i int, x int, op *model.Op) []*state {
	fine := s.clone()
	fine.own(i).facts[x] = program.IsNil
	out := []*state{fine}
	if failed, ok := s.failed.with(r.Numbering.Kinds[op.At.Pos]); ok {
		c := s.clone()
		c.own(i).facts[x], c.failed = program.NotNil, failed
		out = append(out, c)
	} else {
		r.crowded = true
	}
	return out
}
