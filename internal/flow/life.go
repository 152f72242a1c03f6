package flow

import (
	"cmp"
	"go/ast"
	"go/types"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// The life of an object of the package: a function that makes it, or a method, and
// what code that is not seen calls on it afterwards, in order. The calls are frames
// below the first one, at its return.
//
// What unexported fields of the object hold cannot be reached but by naming them, so
// it does not matter where a pointer to the object goes: who names the fields in code
// that is not part of the life is found by the names (fields.go).

// A Life is what the frames of a life share.
type Life struct {
	Owner *types.Named
	// Value is the object, a value of the first frame, and Ret where that one returns.
	Value ssa.Value
	Ret   *ssa.Return
	// Goes tells that the client goes on: what is called last may be called again.
	Goes bool
	// Holds are the conditions of which it is known whether they hold.
	Holds map[ssa.Value]bool
	// Calls are the frames of what is called afterwards.
	Calls []*Frame
	// handed are the literals that code which is not seen is given.
	handed map[ast.Node]bool
	// held are the fields that hold an object, by its origin.
	held map[Origin]map[*types.Var]bool
}

// NewLife is the first frame of a life: fn returns the object, or is a method of it.
func (e *Flow) NewLife(fn *ssa.Function, owner *types.Named, v ssa.Value, ret *ssa.Return) *Frame {
	return &Frame{Fn: fn, Children: map[frameKey]*Frame{}, Life: &Life{
		Owner: owner, Value: v, Ret: ret, handed: map[ast.Node]bool{}, held: map[Origin]map[*types.Var]bool{},
	}}
}

// CallAfter adds the call of a method, beside those that follow if it is spawned.
func (fr *Frame) CallAfter(method *ssa.Function, spawned bool) *Frame {
	l := fr.Life
	args := make([]ssa.Value, len(method.Params))
	args[0] = l.Value
	site := &source.CallAfter{Return: l.Ret, Call: ssa.CallCommon{Value: method, Args: args}}
	c := &Frame{Fn: method, Caller: fr, Site: site, Args: args, Spawned: spawned, Depth: 1, Children: map[frameKey]*Frame{}}
	fr.Children[frameKey{site, method}] = c
	l.Calls = append(l.Calls, c)
	return c
}

// life is the life that the frame is part of, nil if it is none.
func (fr *Frame) life() *Life {
	for fr.Caller != nil {
		fr = fr.Caller
	}
	return fr.Life
}

// Holds says of a condition in a life whether it holds, if that is known.
func (fr *Frame) Holds(v ssa.Value) (holds, known bool) {
	if l := fr.life(); l != nil {
		holds, known = l.Holds[v]
	}
	return holds, known
}

// InLife reports whether the frame is part of a life.
func (fr *Frame) InLife() bool { return fr.life() != nil }

// IsLastCall reports whether the frame is the last call of a life.
func (fr *Frame) IsLastCall() bool {
	l := fr.life()
	return l != nil && len(l.Calls) > 0 && l.Calls[len(l.Calls)-1] == fr
}

// later reports whether the frame f belongs to a call that is made when g, a call or
// the first frame of the same life, has returned.
func (l *Life) later(f, g *Frame) bool {
	if l == nil {
		return false
	}
	at := func(x *Frame) int {
		for ; x != nil && !x.Spawned; x = x.Caller {
			if i := slices.Index(l.Calls, x); i >= 0 {
				return i
			}
		}
		return -1
	}
	return at(f) > at(g) && at(g) >= 0
}

// An Outside is what code that is not part of a life may do to an object of it.
type Outside struct {
	Sends, Receives, Closes bool
	// Why says what is not known of it, "" if all is.
	Why string
}

// OutsideOf says what functions that are not part of the life below root may do to the
// object that s is.
func (e *Flow) OutsideOf(s Origin, root *Frame) Outside {
	var out Outside
	l := root.Life
	fields := l.held[s]
	inside := e.insideOf(root)
	m := methods{locks: map[ast.Node]bool{}, counts: map[ast.Node]int{}}
	for _, f := range sortedVars(fields) {
		for _, t := range e.Touches(f) {
			if inside[t.In] {
				continue
			}
			e.outsideTouch(&out, f, t, m)
		}
	}
	for _, takes := range m.locks {
		if !takes {
			out.Why = "a function outside of what is explored unlocks it"
		}
	}
	for _, n := range m.counts {
		if n != 0 {
			out.Why = "a function outside of what is explored counts it up or down"
		}
	}
	return out
}

// methods are what declarations do to one object: whether those that unlock it lock it
// too, and how often they count it up more than down.
type methods struct {
	locks  map[ast.Node]bool
	counts map[ast.Node]int
}

func (e *Flow) outsideTouch(out *Outside, f *types.Var, t source.Touch, m methods) {
	switch t.Kind {
	case source.TouchSend:
		out.Sends = true
	case source.TouchReceive:
		out.Receives = true
	case source.TouchClose:
		out.Closes = true
	case source.TouchAsk, source.TouchMake:
	case source.TouchMethod:
		switch {
		case known.IsMutex(f.Type()):
			switch decl := e.DeclOf(t.In); known.RoleOf(known.FuncName(t.Method)) {
			case known.RoleLock:
				m.locks[decl] = true
			case known.RoleUnlock:
				if !m.locks[decl] {
					m.locks[decl] = false // it unlocks what it has not locked
				}
			default:
				out.Why = "a function outside of what is explored calls " + t.Method.Name()
			}
		case e.Groups.Is(f.Type()):
			_, method, _ := e.Groups.Method(t.Method)
			switch decl := e.DeclOf(t.In); method.Does {
			case model.OpAdd:
				m.counts[decl]++
			case model.OpDone:
				m.counts[decl]--
			}
		default:
			out.Why = "a function outside of what is explored calls " + t.Method.Name()
		}
	default:
		out.Why = "a function outside of what is explored sets it or hands it on"
	}
}

// insideOf are the functions and literals of which every activation that a client of
// the object can bring about is one that the life plays: the calls of the life itself,
// and what only they call and start.
func (e *Flow) insideOf(root *Frame) map[ast.Node]bool {
	l, x := root.Life, e.Named()
	inside, entry := map[ast.Node]bool{}, map[ast.Node]bool{root.Fn.Syntax(): true}
	for _, c := range l.Calls {
		entry[c.Fn.Syntax()] = true
	}
	unplayed := map[*types.Func]bool{}
	e.eachFrame(root, func(fr *Frame) {
		if !fr.Modelled || fr.Fn.Syntax() == nil {
			return
		}
		inside[fr.Fn.Syntax()] = true
		e.unplayed(fr, unplayed)
	})
	for n := range l.handed {
		inside[n] = false
	}
	if l.Goes {
		inside[l.Calls[len(l.Calls)-1].Fn.Syntax()] = false
	}
	for changed := true; changed; {
		changed = false
		for fn, decl := range x.Decls {
			if !inside[decl] || entry[decl] {
				continue
			}
			if unplayed[fn] || fn.Exported() || !e.onlyInside(fn, inside) {
				inside[decl], changed = false, true
			}
		}
		for lit, in := range x.Inside {
			if inside[lit] && !inside[in] {
				inside[lit], changed = false, true
			}
		}
	}
	return inside
}

// onlyInside reports whether a function is called by functions inside only, and given
// to nobody else than a group that runs it.
func (e *Flow) onlyInside(fn *types.Func, inside map[ast.Node]bool) bool {
	return !slices.ContainsFunc(e.Named().Mentions[fn], func(m source.Mention) bool { return !inside[m.In] || !m.Called })
}

// unplayed adds the functions of the package that fr calls and that are not frames.
func (e *Flow) unplayed(fr *Frame, out map[*types.Func]bool) {
	for _, b := range fr.Fn.Blocks {
		for _, in := range b.Instrs {
			site, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			fn := source.Callee(site.Common())
			if fn == nil || fn.Pkg() != e.Pass.Pkg {
				continue
			}
			body := e.SSA.Prog.FuncValue(fn)
			if body == nil {
				continue
			}
			if c := fr.Children[frameKey{site, body}]; c == nil || !c.Modelled {
				e.Reached(fn, out)
			}
		}
	}
}

func (e *Flow) eachFrame(fr *Frame, f func(*Frame)) {
	f(fr)
	for _, c := range fr.Children {
		e.eachFrame(c, f)
	}
}

// sortedVars are the variables in the order of the source.
func sortedVars(vars map[*types.Var]bool) []*types.Var {
	return slices.SortedFunc(maps.Keys(vars), func(a, b *types.Var) int { return cmp.Compare(a.Pos(), b.Pos()) })
}

// hold notes that a field of the owner holds the object that s is.
func (l *Life) hold(s Origin, f *types.Var) {
	if l.held[s] == nil {
		l.held[s] = map[*types.Var]bool{}
	}
	l.held[s][f.Origin()] = true
}

// ofLife follows what is stored in a field of the object whose life is looked at, if
// the method that begins the life is given it, as s, in its parameter p.
func (x *escapes) ofLife(p *ssa.Parameter, s Origin, field string, rest func(path string) *accessPath) bool {
	l := x.root.Life
	if l == nil || s.Frame != x.root || s.Path != "" || ssa.Value(p) != l.Value {
		return false
	}
	w, t := x.below(p, "."+field, rest("."+field))
	if t == nil {
		return false
	}
	x.add(p, s.Frame, w)
	for _, c := range l.Calls {
		x.add(c.Fn.Params[0], c, w)
	}
	return true
}

// isOwner reports whether t is a pointer to the object whose life is looked at.
func (x *escapes) isOwner(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	if !ok || x.root.Life == nil {
		return false
	}
	n, ok := types.Unalias(p.Elem()).(*types.Named)
	return ok && n.Origin() == x.root.Life.Owner
}

// isHeld reports whether the way leads through the object whose life is looked at.
func (w *accessPath) isHeld() bool {
	for ; w != nil; w = w.rest {
		if w.held {
			return true
		}
	}
	return false
}
