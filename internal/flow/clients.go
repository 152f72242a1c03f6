package flow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Who makes and uses the objects of a type?
//
// Which methods start and end is told by what they do: one has a go statement below it,
// the other closes a field's channel, calls a field's cancel function, or waits for a
// field's group. One that goes round until another tells it to leave is for a goroutine.

// A Client is one way to use an object: the functions called in order.
type Client struct {
	Owner *types.Named
	Value ssa.Value // the object, in First
	Ret   *ssa.Return
	First *ssa.Function
	// Beside, if it is set, is run in a goroutine before the rest is called.
	Beside *ssa.Function
	Next   []*ssa.Function
}

// Clients are the ways in which the objects of the package's types are used: they are
// made, goroutines are started, and ended. In the order of the source.
func (e *Flow) Clients() []*Client {
	var out []*Client
	u := e.users()
	for _, t := range u.order {
		clients := u.clients(t)
		out = append(out, clients[:min(len(clients), model.MaxClients)]...)
	}
	return out
}

// users are who makes and uses the objects of a package's types.
type users struct {
	e       *Flow
	order   []*types.Named
	makers  map[*types.Named][]*Client
	methods map[*types.Named][]*ssa.Function
}

// users looks at all functions that were built.
func (e *Flow) users() *users {
	u := &users{e: e, makers: map[*types.Named][]*Client{}, methods: map[*types.Named][]*ssa.Function{}}
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
func (u *users) maker(fn *ssa.Function) *Client {
	res := fn.Signature.Results()
	if res.Len() == 0 || res.Len() > 2 || res.Len() == 2 && !known.IsError(res.At(1).Type()) {
		return nil
	}
	fr := u.e.RootFrame(fn)
	c := &Client{First: fn}
	var made Origin
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

// clients are the ways in which objects of the type are used.
func (u *users) clients(t *types.Named) []*Client {
	var starts, ends []*ssa.Function
	var out, beside []*Client
	for _, m := range u.methods[t] {
		enders := u.enders(t, m)
		switch {
		case !u.forClients(t, m):
		case len(enders) > 0 && len(u.makers[t]) > 0:
			for _, c := range u.makers[t] {
				for _, end := range enders {
					beside = append(beside, &Client{Owner: t, Value: c.Value, Ret: c.Ret, First: c.First, Beside: m, Next: []*ssa.Function{end}})
				}
			}
		case u.e.Spawns(m, 2):
			starts = append(starts, m)
		case u.e.Ends(t, m):
			ends = append(ends, m)
		}
	}
	use := func(c Client, next ...*ssa.Function) {
		c.Next = next
		out = append(out, &c)
	}
	finish := func(c Client, next ...*ssa.Function) {
		for _, m := range ends {
			use(c, append(next[:len(next):len(next)], m)...)
		}
		if len(ends) == 0 {
			use(c, next...)
		}
	}
	for _, c := range u.makers[t] {
		spawns := u.e.Spawns(c.First, 2)
		if spawns {
			finish(*c)
		}
		for _, m := range starts {
			if !spawns || len(ends) > 0 { // else it lives on, and m is called again
				finish(*c, m)
			}
		}
	}
	if len(u.makers[t]) == 0 {
		for _, m := range starts {
			returns := source.Returns(m)
			if len(returns) > 0 {
				finish(Client{Owner: t, Value: m.Params[0], Ret: returns[len(returns)-1], First: m})
			}
		}
	}
	return append(out, beside...)
}

// forClients reports whether a method is one that clients call: it is exported, or
// some function that is no method or constructor of the type names it. Where neither the type
// nor its constructors are exported, one that only they name is not.
func (u *users) forClients(t *types.Named, m *ssa.Function) bool {
	fn := m.Object().(*types.Func)
	exported := t.Obj().Exported() || len(u.makers[t]) == 0 || len(u.e.Named().Mentions[fn]) == 0
	return fn.Exported() && (exported || slices.ContainsFunc(u.makers[t], func(c *Client) bool { return c.First.Object().Exported() })) ||
		u.e.NamedBeside(fn, func(in *types.Func) bool {
			recv := in.Signature().Recv()
			return recv != nil && known.NamedType(recv.Type()) == t ||
				slices.ContainsFunc(u.makers[t], func(c *Client) bool { return c.First.Object() == in })
		})
}

// enders are the methods that tell m, which goes round until then, to leave.
func (u *users) enders(t *types.Named, m *ssa.Function) (out []*ssa.Function) {
	until := u.e.RunsUntil(t, m)
	for _, end := range u.methods[t] {
		if end != m && len(until) > 0 && u.forClients(t, end) && u.e.TellsBy(end, until) {
			out = append(out, end)
		}
	}
	return out
}
