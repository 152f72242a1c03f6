package fanout

import (
	"cmp"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
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

// maxEscapeSteps bounds one question, in values followed.
const maxEscapeSteps = 5000

// maxWay bounds the steps between a value and the object. Only a literal or
// struct that holds itself, or a list, gets there.
const maxWay = 8

type stepKind int8

const (
	stepLoad    stepKind = iota // read the memory that the value points to
	stepField                   // go to a field of the struct that it points to
	stepCapture                 // call the function literal that it is and read a captured variable
)

// A step leads from one value to the next.
type step struct {
	kind  stepKind
	field string // of stepField
	// put is the store that a load of a field reads, in is its frame. A field
	// does not say by itself whether it has been set; variables do.
	put *ssa.Store
	// lit is the literal of a stepCapture, made in the frame in, and nth says
	// which of its captured variables it is.
	lit *ssa.MakeClosure
	nth int
	in  *frame
}

// A way is the steps from a value to the object, nil where the value is the
// object. Equal ways of one walk are the same pointer.
type way struct {
	step
	rest *way
	size int
}

type wayKey struct {
	step
	rest *way
}

// held is a value of a frame that leads to the object.
type held struct {
	v  ssa.Value
	fr *frame
	w  *way
}

// escapes is one walk.
type escapes struct {
	e    *engine
	obj  source
	root *frame
	todo []held
	seen map[held]bool
	ways map[wayKey]*way
	why  string
}

// escape says how code outside the frames below root can get hold of the object
// that s is, "" if all its uses are operations in modelled bodies of these
// frames, each on this object and no other. The objects are channels, groups,
// mutexes and semaphores that are made in one of the frames; all others escape.
func (e *engine) escape(s source, root *frame) (why string) {
	x := &escapes{e: e, obj: s, root: root, seen: map[held]bool{}, ways: map[wayKey]*way{}}
	x.start()
	for n := 0; n < len(x.todo) && x.why == ""; n++ {
		if n >= maxEscapeSteps {
			return "used by too much code"
		}
		h := x.todo[n]
		refs := h.v.Referrers()
		if refs == nil {
			return "used in a way that is not followed"
		}
		for _, ref := range *refs {
			x.use(h, ref)
		}
	}
	return x.why
}

// frames lists the modelled frames of the tree below root, callers before what
// they call, in the order of the source.
func (e *engine) frames(root *frame) []*frame {
	var out []*frame
	if root.modelled {
		out = append(out, root)
	}
	children := make([]*frame, 0, len(root.children))
	for _, c := range root.children {
		children = append(children, c)
	}
	slices.SortFunc(children, func(a, b *frame) int {
		ba, bb := a.site.Block(), b.site.Block()
		return cmp.Or(
			cmp.Compare(a.site.Pos(), b.site.Pos()),
			cmp.Compare(ba.Index, bb.Index),
			cmp.Compare(indexOf(ba, a.site), indexOf(bb, b.site)),
			cmp.Compare(a.fn.Pos(), b.fn.Pos()),
			strings.Compare(a.fn.String(), b.fn.String()),
		)
	})
	for _, c := range children {
		out = append(out, e.frames(c)...)
	}
	return out
}

// start finds the values that are the object where it is made.
func (x *escapes) start() {
	s := x.obj
	switch v := s.val.(type) {
	case *ssa.MakeChan:
		if s.path == "" {
			x.add(v, s.fr, nil)
			return
		}
	case *ssa.Alloc:
		w, t := x.below(v, s.path, nil)
		if t == nil || !x.isHeldByValue(t) {
			x.why = "in a variable or field that is set by code not seen"
			return
		}
		x.add(v, s.fr, w)
		return
	case *ssa.Call:
		switch name := funcName(staticFunc(&v.Call)); {
		case s.path != "":
		case x.e.known.makes(staticFunc(&v.Call)) && s.idx == x.e.known.result(staticFunc(&v.Call)):
			x.result(v, s.idx, s.fr, nil)
			return
		case name == semaphorePath+".NewWeighted":
			x.add(v, s.fr, nil)
			return
		}
		x.why = "made by " + x.callee(v) + ", whose body is not seen"
		return
	case *ssa.Parameter:
		x.why = "given by the caller"
		return
	case *ssa.Global:
		x.why = "in a package variable"
		return
	}
	x.why = "made by code that is not seen"
}

// isHeldByValue reports whether t is a group or a mutex: a variable of this type
// is the object. A variable of a channel type only holds one.
func (x *escapes) isHeldByValue(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.Named); !ok {
		return false
	}
	return x.e.known.is(t) || isNamed(t, "sync", "Mutex") || isNamed(t, "sync", "RWMutex")
}

// below is the way from the variable a over the fields of path, as ".a.b", and
// on along rest, with the type of what the fields lead to. The type is nil if
// path leads through anything but fields of structs held by value.
func (x *escapes) below(a *ssa.Alloc, path string, rest *way) (*way, types.Type) {
	t := a.Type().(*types.Pointer).Elem()
	var names []string
	if path != "" {
		names = strings.Split(path[1:], ".")
	}
	for _, name := range names {
		st, ok := t.Underlying().(*types.Struct)
		if !ok {
			return nil, nil
		}
		t = nil
		for f := range st.Fields() {
			if f.Name() == name {
				t = f.Type()
			}
		}
		if t == nil {
			return nil, nil
		}
	}
	for _, name := range slices.Backward(names) {
		rest = x.via(step{kind: stepField, field: name}, rest)
	}
	return rest, t
}

// via puts a step in front of a way.
func (x *escapes) via(s step, rest *way) *way {
	key := wayKey{s, rest}
	w := x.ways[key]
	if w == nil {
		w = &way{step: s, rest: rest, size: 1}
		if rest != nil {
			w.size += rest.size
		}
		x.ways[key] = w
	}
	return w
}

// add has the uses of v looked at, which leads to the object along w.
func (x *escapes) add(v ssa.Value, fr *frame, w *way) {
	h := held{v, fr, w}
	switch {
	case x.why != "" || x.seen[h]:
	case !x.inside(fr):
		x.out(h, "used by code that is not seen")
	case w != nil && w.size > maxWay:
		x.why = "held by objects that hold each other"
	default:
		x.seen[h] = true
		x.todo = append(x.todo, h)
	}
}

// inside reports whether fr is a modelled frame of the tree.
func (x *escapes) inside(fr *frame) bool {
	if fr == nil || !fr.modelled {
		return false
	}
	for fr != nil && fr != x.root {
		fr = fr.caller
	}
	return fr != nil
}

// out notes that something is done to the held value which is not followed.
func (x *escapes) out(h held, what string) {
	if x.why != "" {
		return
	}
	if h.w != nil {
		switch h.w.kind {
		case stepLoad:
			what = "in a variable whose address is " + what
		case stepField:
			what = "in a struct that is " + what
		case stepCapture:
			what = "captured by a function literal that is " + what
		}
	}
	x.why = what
}

// ownMethod reports whether the call is one of the methods of groups, mutexes
// and semaphores that the model has an op for.
func (x *escapes) ownMethod(c *ssa.CallCommon) bool {
	fn := staticFunc(c)
	if fn == nil || c.IsInvoke() || fn.Signature().Recv() == nil {
		return false
	}
	if c, _, ok := x.e.known.method(fn); c != nil {
		return ok
	}
	name := funcName(fn)
	for _, recv := range []string{"(*sync.Mutex).", "(*sync.RWMutex).", "(*" + semaphorePath + ".Weighted)."} {
		if strings.HasPrefix(name, recv) {
			return roleOf(name) != roleNone
		}
	}
	return false
}

// surelyBefore reports whether the instruction st of the frame g has been
// executed whenever at, in the frame f, is. Where f is not called from g, that
// takes g to have returned on all its paths after st.
func (e *engine) surelyBefore(st ssa.Instruction, g *frame, at ssa.Instruction, f *frame) bool {
	for {
		point, h := at, f
		for h != nil && h != g {
			point, h = h.site, h.caller
		}
		if h == g {
			return dominates(st, point)
		}
		site, ok := g.site.(*ssa.Call)
		if !ok || g.spawned {
			return false
		}
		if t, ok := e.target(&site.Call, g.caller); !ok || t.fn != g.fn {
			return false // lent to a function that may not call it
		}
		for _, ret := range returns(g.fn) {
			if !dominates(st, ret) {
				return false
			}
		}
		st, g = site, g.caller
	}
}

// dominates reports whether a is executed before b whenever b is; both are
// instructions of one function.
func dominates(a, b ssa.Instruction) bool {
	if a.Block() == b.Block() {
		return indexOf(a.Block(), a) < indexOf(b.Block(), b)
	}
	return a.Block().Dominates(b.Block())
}
