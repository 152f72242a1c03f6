package survey

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/method"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Who makes and uses the objects of a type?
//
// Which methods start and end is told by what they do: one has a go statement below it,
// the other closes a field's channel, calls a field's cancel function, or waits for a
// field's group. One that goes round until another tells it to leave is for a goroutine.

// A client is one way to use an object: the functions called in order.
type client struct {
	Owner *types.Named
	Value ssa.Value // the object, in First
	Ret   *ssa.Return
	First *ssa.Function
	// Beside, if it is set, is run in a goroutine before the rest is called.
	Beside *ssa.Function
	Next   []*ssa.Function
	// Goes: the client goes on after the last of them, which may be called again.
	Goes bool
	// Again: it is called until it fails.
	Again bool
	// Asks is what Beside asks before all else, so that it is known how it finds it; may
	// be nil.
	Asks *asker
}

// calls are the functions that a client calls, in order.
func (c *client) calls() []*ssa.Function {
	all := []*ssa.Function{c.First}
	if c.Beside != nil {
		all = append(all, c.Beside)
	}
	return append(all, c.Next...)
}

// clients are the ways in which the objects of the package's types are used: they are
// made, goroutines are started, and ended. In the order of the source.
func (u *users) clients() []*client {
	var out []*client
	for _, t := range u.order {
		ending, going := u.clientsOf(t)
		for _, some := range [][]*client{ending, going} {
			out = append(out, some[:min(len(some), model.MaxClients)]...)
		}
	}
	return out
}

// users are who makes and uses the objects of a package's types.
type users struct {
	e       surveyor
	order   []*types.Named
	makers  map[*types.Named][]*client
	methods map[*types.Named][]*ssa.Function
	askers  []asker
	enders  []ender
}

// users looks at all functions that were built.
func (e surveyor) users() *users {
	u := &users{e: e, makers: map[*types.Named][]*client{}, methods: map[*types.Named][]*ssa.Function{}}
	u.askers, u.enders = e.flags()
	seen := map[*types.Named]bool{}
	note := func(t *types.Named) {
		if !seen[t] {
			seen[t] = true
			u.order = append(u.order, t)
		}
	}
	for _, fn := range e.Funcs {
		if fn.Parent() != nil || fn.Object() == nil {
			continue
		}
		if recv := fn.Signature.Recv(); recv != nil {
			if t := u.structOf(recv.Type()); t != nil {
				note(t)
				u.methods[t] = append(u.methods[t], fn)
			}
			continue
		}
		if c := u.maker(fn); c != nil {
			note(c.Owner)
			u.makers[c.Owner] = append(u.makers[c.Owner], c)
		}
	}
	return u
}

// structOf is the struct type of the package that t points to, nil for others and for
// types with parameters.
func (u *users) structOf(t types.Type) *types.Named {
	p, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return nil
	}
	n, ok := types.Unalias(p.Elem()).(*types.Named)
	if !ok || n.Obj().Pkg() != u.e.Pass.Pkg || n.TypeParams().Len() > 0 {
		return nil
	}
	if _, ok := n.Underlying().(*types.Struct); !ok {
		return nil
	}
	return n
}

// maker is the client that calls fn to make an object and does nothing with it, nil if
// fn is no constructor: all that it returns without an error is one object that is
// made in it.
func (u *users) maker(fn *ssa.Function) *client {
	res := fn.Signature.Results()
	if res.Len() == 0 || res.Len() > 2 || res.Len() == 2 && !known.IsError(res.At(1).Type()) {
		return nil
	}
	fr := u.e.RootFrame(fn)
	c := &client{First: fn}
	var made flow.Origin
	for _, ret := range source.Returns(fn) {
		v := source.ReturnedValue(ret.Results[0], res.At(0).Name())
		for _, s := range u.e.Resolve(v, fr) {
			if s.IsZero() {
				continue
			}
			if made.Val != nil && made != s {
				return nil
			}
			made = s
			c.Value, c.Ret = v, ret
		}
	}
	a, ok := made.Val.(*ssa.Alloc)
	if !ok || made.Path != "" || source.InLoop(a.Block()) {
		return nil
	}
	c.Owner = u.structOf(a.Type())
	if c.Owner == nil {
		return nil
	}
	return c
}

// roles are the methods of a type that clients call, by what they are for.
type roles struct {
	starts, ends, uses []*ssa.Function
	rounds             []rounds
}

// rounds is a method that goes round until others tell it to leave.
type rounds struct {
	of    *ssa.Function
	until []*ssa.Function
}

func (u *users) rolesOf(t *types.Named) (r roles) {
	ends := u.e.enders(t)
	var both []*ssa.Function // they start a goroutine to end the object, as to wait for others
	for _, m := range u.methods[t] {
		until := u.tellers(t, m)
		switch {
		case !u.forClients(t, m):
		case len(until) > 0 && len(u.makers[t]) > 0:
			r.rounds = append(r.rounds, rounds{m, until})
		case u.e.Spawns(m, 2) && ends[m.Object().(*types.Func)] && known.EndsObject(m.Name()):
			both = append(both, m)
		case u.e.Spawns(m, 2):
			r.starts = append(r.starts, m)
		case ends[m.Object().(*types.Func)]:
			r.ends = append(r.ends, m)
		case u.handsOver(t, m):
			r.uses = append(r.uses, m)
		}
	}
	if len(r.starts) > 0 || slices.ContainsFunc(u.makers[t], func(c *client) bool { return u.e.Spawns(c.First, 2) }) {
		r.ends = append(r.ends, both...)
	} else {
		r.starts = both
	}
	return r
}

// clientsOf are the ways in which objects of the type are used: until they are ended, and by
// a client that goes on.
func (u *users) clientsOf(t *types.Named) (out, going []*client) {
	r := u.rolesOf(t)
	use := func(c client, next ...*ssa.Function) {
		c.Next = next
		out = append(out, &c)
	}
	finish := func(c client, next ...*ssa.Function) {
		for _, m := range r.ends {
			use(c, append(next[:len(next):len(next)], m)...)
		}
		if len(r.ends) == 0 {
			use(c, next...)
		}
	}
	keepOn := func(c client, next ...*ssa.Function) {
		fallible := startsFallible(append(next[:len(next):len(next)], c.First))
		for _, m := range r.uses {
			if !fallible && !locksAround(m) {
				continue
			}
			c := c
			c.Goes, c.Again, c.Next = true, u.feeds(t, m), append(next[:len(next):len(next)], m)
			going = append(going, &c)
		}
	}
	for _, c := range u.makers[t] {
		spawns := u.e.Spawns(c.First, 2)
		if spawns {
			finish(*c)
			keepOn(*c)
		}
		for _, m := range r.starts {
			if !spawns || len(r.ends) > 0 { // else it lives on, and m is called again
				finish(*c, m)
			}
			if !spawns {
				keepOn(*c, m)
			}
		}
	}
	if len(u.makers[t]) == 0 {
		for _, m := range r.starts {
			returns := source.Returns(m)
			if len(returns) > 0 {
				c := client{Owner: t, Value: m.Params[0], Ret: returns[len(returns)-1], First: m}
				finish(c)
				keepOn(c)
			}
		}
	}
	for _, x := range r.rounds {
		out = append(out, u.beside(t, x)...)
	}
	return append(out, u.late(t, r.uses)...), going
}

// beside are the ways in which a method that goes round is run until another one ends it.
func (u *users) beside(t *types.Named, x rounds) (out []*client) {
	for _, c := range u.makers[t] {
		for _, end := range x.until {
			out = append(out, &client{Owner: t, Value: c.Value, Ret: c.Ret, First: c.First, Beside: x.of, Next: []*ssa.Function{end}})
		}
	}
	return out
}

// late are the ways in which a method is used while another one ends the object, where its
// author has thought of that: in one place it hears of the end, or it asks a flag first that
// the other sets, and gives its lock back before it goes on.
func (u *users) late(t *types.Named, uses []*ssa.Function) (out []*client) {
	for _, c := range u.makers[t] {
		if !u.e.Spawns(c.First, 2) {
			continue
		}
		for _, m := range uses {
			add := func(end *ssa.Function, asks *asker) {
				out = append(out, &client{Owner: t, Value: c.Value, Ret: c.Ret, First: c.First, Beside: m, Next: []*ssa.Function{end}, Asks: asks})
			}
			tells := u.e.Tellers(u.e.Hears(t, m))
			for _, end := range u.methods[t] {
				if end != m && tells[end.Object().(*types.Func)] && u.forClients(t, end) {
					add(end, nil)
				}
			}
			for _, a := range u.askers {
				for _, z := range u.enders {
					if a.fn == m && z.fn != m && u.forClients(t, z.fn) && z.ends(a) && a.of != z.of && a.onlyAsks() {
						add(z.fn, &a)
					}
				}
			}
		}
	}
	return out
}

// onlyAsks reports whether a method has done nothing but ask when it comes to where it gives
// the lock back: so it may have come there before all that the other one does.
func (a asker) onlyAsks() bool {
	only := true
	method.EachInstr(a.fn, func(in ssa.Instruction) {
		before := in.Block() == a.gives.Block() && source.IndexOf(in.Block(), in) < source.IndexOf(a.gives.Block(), a.gives) || source.Follows(in.Block(), a.gives.Block())
		if !before {
			return
		}
		switch in := in.(type) {
		case *ssa.Call:
			role, _ := method.Locking(in, a.fn)
			_, builtin := in.Call.Value.(*ssa.Builtin)
			only = only && (role != 0 || builtin || ssa.Value(in) == a.asked)
		case *ssa.Send, *ssa.Select, *ssa.Go, *ssa.Defer, *ssa.MapUpdate:
			only = false
		}
	})
	return only
}

// handsOver reports whether a method sends on a channel that a field of its object, a t,
// holds, or receives from it, itself or in what it calls.
func (u *users) handsOver(t *types.Named, m *ssa.Function) bool {
	return u.touches(t, m, func(_ *types.Var, x source.Touch) bool {
		return x.Kind == source.TouchSend || x.Kind == source.TouchReceive
	})
}

// locksAround reports whether a method, or one that it calls, locks a mutex of its object.
func locksAround(m *ssa.Function) bool {
	locks := false
	for _, fn := range append(method.Callees(m), m) {
		if fn.Signature.Recv() == nil {
			continue
		}
		method.EachInstr(fn, func(in ssa.Instruction) {
			role, _ := method.Locking(in, fn)
			locks = locks || role == known.RoleLock
		})
	}
	return locks
}

// startsFallible reports whether one of the functions, or of those that they call, may start
// a goroutine that calls something which can fail.
func startsFallible(fns []*ssa.Function) bool {
	started, fallible := false, false
	for _, by := range fns {
		for _, fn := range append(method.Callees(by), by) {
			method.EachInstr(fn, func(in ssa.Instruction) {
				start, ok := in.(*ssa.Go)
				if !ok {
					return
				}
				started = true
				body := startedBy(start)
				fallible = fallible || body == nil || slices.ContainsFunc(append(method.Callees(body), body), callsFallible)
			})
		}
	}
	return fallible || !started // where it is further away, it is not known
}

// callsFallible reports whether a function calls something that gives an error.
func callsFallible(fn *ssa.Function) bool {
	found := false
	method.EachInstr(fn, func(in ssa.Instruction) {
		call, ok := in.(*ssa.Call)
		found = found || ok && known.ReturnsError(call.Call.Signature())
	})
	return found
}

// feeds reports whether a method only ever hands on data, as often as it is called: it
// receives nothing, and what it sends is more than a signal.
func (u *users) feeds(t *types.Named, m *ssa.Function) bool {
	return !u.touches(t, m, func(f *types.Var, x source.Touch) bool {
		ch, ok := f.Type().Underlying().(*types.Chan)
		return x.Kind == source.TouchReceive || x.Kind == source.TouchSend && ok && known.IsSignal(ch.Elem())
	})
}

// touches reports whether a method does one of these things to a field of its object, a
// t, itself or in what it calls.
func (u *users) touches(t *types.Named, m *ssa.Function, what func(*types.Var, source.Touch) bool) bool {
	near := map[ast.Node]bool{m.Syntax(): true}
	for _, f := range method.Callees(m) {
		near[f.Syntax()] = true
	}
	for f := range t.Underlying().(*types.Struct).Fields() {
		if slices.ContainsFunc(u.e.Touches(f), func(x source.Touch) bool { return what(f, x) && near[u.e.DeclOf(x.In)] }) {
			return true
		}
	}
	return false
}

// forClients reports whether a method is one that clients call: it is exported, or
// some function that is no method or constructor of the type names it. Where neither the type
// nor its constructors are exported, one that only they name is not.
func (u *users) forClients(t *types.Named, m *ssa.Function) bool {
	fn := m.Object().(*types.Func)
	exported := t.Obj().Exported() || len(u.makers[t]) == 0 || len(u.e.Named().Mentions[fn]) == 0
	return fn.Exported() && (exported || slices.ContainsFunc(u.makers[t], func(c *client) bool { return c.First.Object().Exported() })) ||
		u.e.NamedBeside(fn, func(in *types.Func) bool {
			recv := in.Signature().Recv()
			return recv != nil && known.NamedType(recv.Type()) == t ||
				slices.ContainsFunc(u.makers[t], func(c *client) bool { return c.First.Object() == in })
		})
}

// tellers are the methods that tell m, which goes round until then, to leave.
func (u *users) tellers(t *types.Named, m *ssa.Function) (out []*ssa.Function) {
	until := u.e.RunsUntil(t, m)
	if len(until) == 0 {
		return nil
	}
	tells := u.e.Tellers(until)
	for _, end := range u.methods[t] {
		if end != m && tells[end.Object().(*types.Func)] && u.forClients(t, end) {
			out = append(out, end)
		}
	}
	return out
}
