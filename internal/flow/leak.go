package flow

import (
	"cmp"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Escapes: is all that is ever done with this object part of the model?
//
// A channel that nobody in the model receives from may well have a receiver
// elsewhere. So before anything is said about an object, every place that can
// get hold of it must be known. escape starts where the object is made and
// follows each value that holds it, in each frame, to all its uses: into
// variables and out again, into called and spawned functions, back as a result.
//
// A value can hold the object directly or lead to it: the address of a variable
// that holds it, the address of a struct with a field that does, a function
// literal that captures that variable. The steps from the value to the object
// are its way. Storing a value somewhere puts a step in front of the way,
// loading it takes that step off again, so variables, structs and literals need
// no rules of their own for what may become of them: where the way is too long
// or a use is not understood, the object escapes.
//
// The walk does not mind the order of stores and loads: a load of a variable may
// give all that is ever stored there. The operations at the end are held against
// resolve, which does mind it: the operand must be this one object and nothing
// else. Where the two disagree the object escapes too.
//
// Ignored on purpose: what a struct or a variable holds beside the object, and
// panics that a function recovers from half way.

type derefKind int8

const (
	stepLoad    derefKind = iota // read the memory that the value points to
	stepField                    // go to a field of the struct that it points to
	stepCapture                  // call the function literal that it is and read a captured variable
)

// A deref leads from one value to the next.
type deref struct {
	kind  derefKind
	field string // of stepField
	// held: the struct is, or is a part of, the object whose life is looked at.
	held bool
	// put is the store that a load of a field reads, in is its frame. A field
	// does not say by itself whether it has been set; variables do.
	put *ssa.Store
	// lit is the literal of a stepCapture, made in the frame in, and nth says
	// which of its captured variables it is.
	lit *ssa.MakeClosure
	nth int
	in  *Frame
}

// An accessPath is the steps from a value to the object, nil where the value is the
// object. Equal ways of one walk are the same pointer.
type accessPath struct {
	deref
	rest *accessPath
	size int
}

type pathKey struct {
	deref
	rest *accessPath
}

// ref is a value of a frame that leads to the object.
type ref struct {
	v  ssa.Value
	fr *Frame
	w  *accessPath
}

// escapes is one walk.
type escapes struct {
	e    *Flow
	obj  Origin
	root *Frame
	todo []ref
	seen map[ref]bool
	ways paths
	at   Leak   // the use that is looked at
	why  string // the first reason, "" if there is none
	// leaks are where somebody else gets hold of the object, and all: each is wanted, not
	// only whether there is one.
	leaks []Leak
	all   bool
	// lost: something is done to it that is not followed, so it may leak anywhere.
	lost bool
}

// A Leak is an instruction by which code outside the frames gets hold of an object. What
// leads to the object may have been given away before it led there; never is it reached
// from outside before the first of its leaks.
type Leak struct {
	At ssa.Instruction
	In *Frame
	// Itself: what is given away there is the object, and certainly the one that its
	// goroutine has made last.
	Itself bool
}

// Escape says how code outside the frames below root can get hold of the object
// that s is, "" if all its uses are operations in modelled bodies of these
// frames, each on this object and no other. The objects are channels, groups,
// mutexes, semaphores and cancel functions that are made in one of the frames; all
// others escape.
func (e *Flow) Escape(s Origin, root *Frame) (why string) {
	x := &escapes{e: e, obj: s, root: root, seen: map[ref]bool{}, ways: paths{}}
	x.walk()
	return x.why
}

// Leaks is Escape, with all the instructions by which such code gets hold of the object;
// none if that is not known. Of the life of an object nothing is known: its client has
// every object of it.
func (e *Flow) Leaks(s Origin, root *Frame) (why string, at []Leak) {
	x := &escapes{e: e, obj: s, root: root, seen: map[ref]bool{}, ways: paths{}, all: root.Life == nil}
	x.walk()
	if x.lost {
		return x.why, nil
	}
	return x.why, x.leaks
}

func (x *escapes) walk() {
	x.start()
	for n := 0; n < len(x.todo) && !x.lost; n++ {
		h := x.todo[n]
		refs := h.v.Referrers()
		switch {
		case n >= model.MaxEscapeSteps:
			x.fail("used by too much code")
			return
		case refs == nil:
			x.fail("used in a way that is not followed")
			return
		}
		for _, ref := range *refs {
			x.at = Leak{At: ref, In: h.fr}
			x.use(h, ref)
		}
	}
}

// fail notes what is not followed.
func (x *escapes) fail(why string) { x.why, x.lost = cmp.Or(x.why, why), true }

// Frames lists the modelled frames of the tree below root, callers before what
// they call, in the order of the source.
func (e *Flow) Frames(root *Frame) []*Frame {
	var out []*Frame
	if root.Modelled {
		out = append(out, root)
	}
	for _, c := range root.Calls() {
		out = append(out, e.Frames(c)...)
	}
	return out
}

// start finds the values that are the object where it is made.
func (x *escapes) start() {
	s := x.obj
	switch v := s.Val.(type) {
	case *ssa.MakeChan:
		if s.Path == "" {
			x.add(v, s.Frame, nil)
			return
		}
	case *ssa.Alloc:
		w, t := x.below(v, s.Path, nil)
		if t == nil || !x.isHeldByValue(t) {
			x.fail("in a variable or field that is set by code not seen")
			return
		}
		x.add(v, s.Frame, w)
		return
	case *ssa.Call:
		switch name := known.FuncName(source.Callee(&v.Call)); {
		case Ticks(s):
			x.add(v, s.Frame, x.timer())
			return
		case s.Path != "":
		case x.e.Groups.Makes(source.Callee(&v.Call)) && s.Index == x.e.Groups.Result(source.Callee(&v.Call)):
			x.result(v, s.Index, s.Frame, nil)
			return
		case name == known.SemaphorePath+".NewWeighted":
			x.add(v, s.Frame, nil)
			return
		case s.Index == 1 && known.Derives(name) == model.AddsCancel:
			x.result(v, 1, s.Frame, nil)
			return
		}
		x.fail("made by " + x.callee(v) + ", whose body is not seen")
		return
	case *ssa.Parameter:
		if l := x.root.Life; l != nil && s.Frame == x.root && ssa.Value(v) == l.Value {
			if w, t := x.below(v, s.Path, nil); t != nil && x.isHeldByValue(t) {
				x.add(v, s.Frame, w)
				for _, c := range l.Calls {
					x.add(c.Fn.Params[0], c, w)
				}
				return
			}
		}
		x.fail("given by the caller")
		return
	case *ssa.Global:
		x.fail("in a package variable")
		return
	}
	x.fail("made by code that is not seen")
}

// isHeldByValue reports whether t is a group or a mutex: a variable of this type
// is the object. A variable of a channel type only holds one.
func (x *escapes) isHeldByValue(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.Named); !ok {
		return false
	}
	return x.e.Groups.Is(t) || known.IsMutex(t)
}

// below is the way from what a points to over the fields of path, as ".a.b", and
// on along rest, with the type of what the fields lead to. The type is nil if
// path leads through anything but fields of structs held by value.
func (x *escapes) below(a ssa.Value, path string, rest *accessPath) (*accessPath, types.Type) {
	p, ok := a.Type().Underlying().(*types.Pointer)
	if !ok {
		return nil, nil
	}
	t := p.Elem()
	held := x.isOwner(a.Type()) && (rest == nil || rest.kind == stepLoad && rest.rest == nil)
	var names []string
	if path != "" {
		names = strings.Split(path[1:], ".")
	}
	var last *types.Var
	for _, name := range names {
		st, ok := t.Underlying().(*types.Struct)
		if !ok {
			return nil, nil
		}
		t, last = nil, nil
		for f := range st.Fields() {
			if f.Name() == name {
				t, last = f.Type(), f
			}
		}
		if t == nil {
			return nil, nil
		}
	}
	if held && last != nil {
		if last.Exported() {
			held = false
		} else {
			x.root.Life.hold(x.obj, last)
		}
	}
	return x.ways.fields(names, held, rest), t
}

// paths are the ways of one walk.
type paths map[pathKey]*accessPath

// via puts a step in front of a way.
func (p paths) via(s deref, rest *accessPath) *accessPath {
	key := pathKey{s, rest}
	w := p[key]
	if w == nil {
		w = &accessPath{deref: s, rest: rest, size: 1}
		if rest != nil {
			w.size += rest.size
		}
		p[key] = w
	}
	return w
}

// fields puts fields in front of a way, held as in deref.
func (p paths) fields(names []string, held bool, rest *accessPath) *accessPath {
	for _, name := range slices.Backward(names) {
		rest = p.via(deref{kind: stepField, field: name, held: held}, rest)
	}
	return rest
}

// add has the uses of v looked at, which leads to the object along w.
func (x *escapes) add(v ssa.Value, fr *Frame, w *accessPath) {
	h := ref{v, fr, w}
	switch {
	case x.lost || x.seen[h]:
	case !x.inside(fr):
		x.leak(h, "used by code that is not seen")
		x.lost = x.lost || x.all // by which instruction is not known
	case w != nil && w.size > model.MaxPath:
		x.fail("held by closures or structs that refer to each other, which is not followed")
	default:
		x.seen[h] = true
		x.todo = append(x.todo, h)
	}
}

// inside reports whether fr is a modelled frame of the tree.
func (x *escapes) inside(fr *Frame) bool {
	if fr == nil || !fr.Modelled {
		return false
	}
	for fr != nil && fr != x.root {
		fr = fr.Caller
	}
	return fr != nil
}

// leak notes that the held value goes where it is not followed. Of the object whose
// life is looked at it does not matter where it goes; a literal that captures it may
// be called from there.
func (x *escapes) leak(h ref, what string) {
	if h.w.isHeld() {
		for w := h.w; !w.held; w = w.rest {
			if w.kind == stepCapture {
				x.root.Life.handed[w.lit.Fn.(*ssa.Function).Syntax()] = true
			}
		}
		return
	}
	if got := x.e.Resolve(h.v, h.fr); !slices.ContainsFunc(got, func(s Origin) bool { return !s.IsZero() }) {
		return // it is nil there, and leads to nothing
	}
	if !x.all {
		x.lose(h, what)
		return
	}
	at := x.at
	if h.w == nil && !x.e.isField(h.v) {
		got := x.e.Resolve(h.v, h.fr)
		at.Itself = len(got) == 1 && got[0] == x.obj
	}
	x.leaks = append(x.leaks, at)
	x.why = cmp.Or(x.why, worded(h, what))
}

// lose notes that something is done to the held value which is not followed.
func (x *escapes) lose(h ref, what string) { x.fail(worded(h, what)) }

// worded says what is done to the object by what is done to a value that leads to it.
func worded(h ref, what string) string {
	if h.w == nil {
		return what
	}
	switch h.w.kind {
	case stepLoad:
		return "in a variable whose address is " + what
	case stepField:
		return "in a struct that is " + what
	}
	return "captured by a function literal that is " + what
}

// localMethod reports whether the call is one of the methods of groups, mutexes
// and semaphores that the model has an op for.
func (x *escapes) localMethod(c *ssa.CallCommon) bool {
	fn := source.Callee(c)
	if fn == nil || c.IsInvoke() || fn.Signature().Recv() == nil {
		return false
	}
	if c, _, ok := x.e.Groups.Method(fn); c != nil {
		return ok
	}
	switch known.RoleOf(known.FuncName(fn)) {
	case known.RoleLock, known.RoleUnlock, known.RoleAcquire, known.RoleRelease:
		return true
	}
	return false
}

// surelyBefore reports whether the instruction st of the frame g has been
// executed whenever at, in the frame f, is. Where f is not called from g, that
// takes g to have returned on all its paths after st.
func (e *Flow) surelyBefore(st ssa.Instruction, g *Frame, at ssa.Instruction, f *Frame) bool {
	for {
		point, h := at, f
		for h != nil && h != g {
			point, h = h.Site, h.Caller
		}
		if h == g {
			return source.Dominates(st, point)
		}
		if _, ok := g.Site.(*source.CallAfter); ok {
			return f.life().later(f, g) && e.onAllReturns(st, g)
		}
		site, ok := g.Site.(*ssa.Call)
		if !ok || g.Spawned {
			return false
		}
		if t, ok := e.Target(&site.Call, g.Caller); !ok || t.Fn != g.Fn {
			return false // lent to a function that may not call it
		}
		if !e.onAllReturns(st, g) {
			return false
		}
		st, g = site, g.Caller
	}
}

// onAllReturns reports whether st has been executed whenever the function of g returns.
func (e *Flow) onAllReturns(st ssa.Instruction, g *Frame) bool {
	return !slices.ContainsFunc(source.Returns(g.Fn), func(ret *ssa.Return) bool { return !source.Dominates(st, ret) })
}
