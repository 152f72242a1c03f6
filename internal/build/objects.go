package build

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// IsMade reports whether the object is made in a frame of the scene of root.
func IsMade(s flow.Origin, root *flow.Frame) bool {
	switch v := s.Val.(type) {
	case *ssa.MakeChan, *ssa.Alloc, *ssa.Call:
	case *ssa.Parameter:
		return root.Life != nil && s.Frame == root && root.Life.Value == ssa.Value(v)
	default:
		return false
	}
	for fr := s.Frame; fr != nil; fr = fr.Caller {
		if fr == root {
			return true
		}
	}
	return false
}

// Repeatedly reports whether an instruction of the frame can be executed more than
// once in a scene: in a loop, in a task, or in a function called from there.
func Repeatedly(in ssa.Instruction, fr *flow.Frame) bool {
	for {
		if source.InLoop(in.Block()) || fr.Spawned || inYield(fr) {
			return true
		}
		if fr.Caller == nil {
			return false
		}
		in, fr = fr.Site, fr.Caller
	}
}

// event is the name of what a call, receive or select gives.
func (e *Builder) event(v ssa.Value, fr *flow.Frame) *model.Event {
	key := flow.ValueIn{Value: v, Frame: fr}
	ev := e.events[key]
	if ev == nil {
		ev = &model.Event{ID: len(e.events)}
		e.events[key] = ev
	}
	return ev
}

// newChan records that a channel comes to be.
func (b *bodyBuilder) newChan(in *ssa.MakeChan) *model.Op {
	c := b.e.chanOf(flow.Origin{Val: in, Frame: b.fr}, "")
	return &model.Op{Kind: model.OpNew, At: model.SpanAt(in.Pos()), Chan: c, Repeats: Repeatedly(in, b.fr)}
}

// newGroup records that a group held in a variable comes to be.
func (b *bodyBuilder) newGroup(in *ssa.Alloc) *model.Op {
	if !b.e.Groups.Is(in.Type()) {
		return nil
	}
	if p, ok := in.Type().(*types.Pointer); ok {
		if _, ptr := p.Elem().(*types.Pointer); ptr {
			return nil
		}
	}
	return &model.Op{Kind: model.OpNew, At: model.SpanAt(in.Pos()), Group: b.e.GroupOf(flow.Origin{Val: in, Frame: b.fr}), Repeats: Repeatedly(in, b.fr)}
}

// chanOf is the model of the channel that a source is.
func (e *Builder) chanOf(s flow.Origin, name string) *model.Chan {
	c := e.chans[s]
	if c == nil {
		c = &model.Chan{At: model.SpanAt(s.Val.Pos()), Fills: s.Fills()}
		_, c.Local = s.Val.(*ssa.MakeChan)
		if mk, ok := s.Val.(*ssa.MakeChan); ok && s.Path == "" {
			c.Size = e.SizeOf(mk.Size, s.Frame)
			c.Cap = capacity(e, mk, c.Size)
		}
		if call, ok := s.Val.(*ssa.Call); ok {
			c.FromCall = true
			c.Later = later(call)
			if c.Stops = flow.Ticks(s); c.Stops {
				c.Size, c.Once = model.ConstSize(1), !known.IsTicker(call.Type())
			}
		}
		c.Zero = zeroOf(s.Val.Type())
		e.chans[s], e.OriginOf[c] = c, s
	}
	if c.Name == "" {
		c.Name = name
	}
	return c
}

// later reports whether call is time.After in a select that is reached at once
// from there: nothing that may take a while is evaluated in between, such as what
// the select sends.
func later(call *ssa.Call) bool {
	if !known.IsAlarm(known.FuncName(source.Callee(&call.Call))) {
		return false
	}
	instrs := call.Block().Instrs
	for _, in := range instrs[slices.Index(instrs, ssa.Instruction(call))+1:] {
		switch in := in.(type) {
		case *ssa.Select:
			return slices.ContainsFunc(in.States, func(s *ssa.SelectState) bool { return s.Chan == call })
		case *ssa.Call:
			callee := source.Callee(&in.Call)
			if _, isDone := source.DoneCall(&in.Call); !isDone && (callee == nil || !known.IsBrief(callee)) {
				return false
			}
		case *ssa.UnOp:
			if in.Op == token.ARROW {
				return false
			}
		}
	}
	return false
}

// zeroOf is the zero value of a channel's elements, where a condition may ask for it.
func zeroOf(t types.Type) *model.Term {
	ch, ok := t.Underlying().(*types.Chan)
	if !ok {
		return nil
	}
	switch t := ch.Elem().Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Signature, *types.Chan, *types.Map, *types.Slice:
		return &model.Term{Const: "nil"}
	case *types.Basic:
		if t.Kind() == types.Bool {
			return &model.Term{Const: "false"}
		}
	}
	return nil
}

// sendsTokens reports whether the elements of a channel are empty structs.
func sendsTokens(t types.Type) bool {
	ch, ok := t.Underlying().(*types.Chan)
	if !ok {
		return false
	}
	st, ok := ch.Elem().Underlying().(*types.Struct)
	return ok && st.NumFields() == 0
}

// lock is the mutex that a method is called on, nil if there is not exactly one. Where it is
// embedded, and the call does not say so, it has the name of the object. What RLocker has given
// locks it for reading.
func (b *bodyBuilder) lock(recv ssa.Value, call string) (l *model.Lock, reading bool) {
	from := b.e.Resolve(recv, b.fr)
	if len(from) == 1 && from[0].Path == "" {
		made, ok := from[0].Val.(*ssa.Call)
		if ok && known.RoleOf(known.FuncName(source.Callee(&made.Call))) == known.RoleReadLocker {
			return b.lockOf(b.e.Resolve(made.Call.Args[0], from[0].Frame), made.Call.Args[0]), true
		}
	}
	named := recv
	if f, ok := recv.(*ssa.FieldAddr); ok && source.IsEmbedded(f) && !strings.Contains(call, "."+source.FieldName(f)+".") {
		named = f.X
	}
	return b.lockOf(from, named), false
}

// lockOf is the one mutex among the sources of a value by which it is named.
func (b *bodyBuilder) lockOf(s []flow.Origin, named ssa.Value) *model.Lock {
	if len(s) != 1 || s[0].Val == nil {
		return nil
	}
	from := s[0]
	if _, ok := from.Val.(*ssa.Global); ok {
		from.Frame = nil // one for all functions
	}
	l := b.e.locks[from]
	if l == nil {
		l = &model.Lock{Plain: from.IsPlain()}
		b.e.locks[from], b.e.OriginOf[l] = l, from
	}
	if l.Name == "" {
		l.Name = b.e.NameIn(named, b.fr)
	}
	return l
}

// sem is the semaphore that a method is called on, likewise. How much it holds is known
// if it is made where that can be seen.
func (b *bodyBuilder) sem(recv ssa.Value) *model.Sem {
	s := b.e.Resolve(recv, b.fr)
	if len(s) != 1 || s[0].Val == nil {
		return nil
	}
	var size *model.Size
	switch v := s[0].Val.(type) {
	case *ssa.Call:
		if s[0].Path != "" || known.FuncName(source.Callee(&v.Call)) != known.SemaphorePath+".NewWeighted" {
			return nil
		}
		size = b.e.SizeOf(source.Args(&v.Call)[0], s[0].Frame)
	case *ssa.Parameter, *ssa.Global:
	default:
		return nil
	}
	m := b.e.sems[s[0]]
	if m == nil {
		m = &model.Sem{Name: b.e.NameIn(recv, b.fr), Size: size}
		b.e.sems[s[0]], b.e.OriginOf[m] = m, s[0]
	}
	return m
}
