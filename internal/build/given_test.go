package build

import (
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"
)

// givenPrograms ask with size(want, 0), as the first thing behind a branch, which way that
// goes: "always", "never" or "open". With "root " before it, as a function whose callers are
// all that is known of it, otherwise in the activation of each call.
var givenPrograms = map[string]string{
	"flags": `
func F() { one(true); two(true, false); two(false, true); both(7, nil); both(7, func() {}); open(limit > 2); many(1); many(2) }
func one(a bool) {
	if a { size("root always", 0) }
	if !a { size("root never", 0) }
}
func two(a, b bool) {
	if a { size("root open", 0) }
	if a { if b { size("root never", 0) } }
	if !a { if b { size("root always", 0) } }
	if a == b { size("root never", 0) }
}
func both(n int, f func()) {
	if n > 6 { size("root always", 0) }
	if n != 7 { size("root never", 0) }
	if f == nil { size("root open", 0) }
}
func open(a bool) {
	if a { size("root open", 0) }
}
func many(n int) {
	if n < 3 { size("root always", 0) }
	if n > 1 { size("root open", 0) }
	if n+1 > 1 { size("root open", 0) }
}`,
	"activations": `
func f() { g(3, "x", options{Workers: 2}) }
func g(n int, s string, o options) {
	if n == 3 { size("always", 0) }
	if s == "y" { size("never", 0) }
	if o.Workers == 2 { size("always", 0) }
	if o.Parallel { size("never", 0) }
	if o.next == nil { size("always", 0) }
	h(n, o)
}
func h(n int, o options) {
	if n > 2 { size("always", 0) }
	go func() { if n > 2 { size("always", 0) } }()
}`,
	"changed": `
func f() { g(3, options{}, 4); v(1, 2); v(); k(true) }
func g(n int, o options, m int) {
	n++
	if n == 3 { size("open", 0) }
	o.Parallel = true
	if o.Parallel { size("open", 0) }
	func() { m = 5 }()
	if m == 4 { size("open", 0) }
}
func v(xs ...int) {
	if xs == nil { size("root open", 0) }
}
func k(a bool) {
	p := &a
	*p = false
	if a { size("open", 0) }
}`,
	"others": `
func f() func(bool) { handed(false); Exported(false); t := thing{}; t.run(false); var r runner = t; r.run(true); return handed }
func handed(a bool) {
	if a { size("root open", 0) }
}
func Exported(a bool) {
	if a { size("root open", 0) }
}
type runner interface { run(bool) }
type thing struct{}
func (thing) run(a bool) {
	if a { size("root open", 0) }
}
type other struct{}
func (*other) walk(a bool) {
	if a { size("root never", 0) }
}
func w() { new(other).walk(false) }
func x() { (*other).stand(nil, false) }
func (*other) stand(a bool) {
	if a { size("root open", 0) }
}`,
}

func TestGiven(t *testing.T) {
	n := 0
	ask(t, givenPrograms, func(program string, q asked) {
		n++
		fr := q.fr
		want, root := strings.CutPrefix(q.want, "root ")
		if root {
			fr = q.e.RootFrame(q.call.Parent())
		}
		before := q.call.Block().Preds[0]
		got := "open"
		if holds, sure := q.e.given.Outcome(before.Instrs[len(before.Instrs)-1].(*ssa.If), fr); sure {
			got = map[bool]string{true: "always", false: "never"}[holds == (before.Succs[0] == q.call.Block())]
		}
		if got != want {
			t.Errorf("%s, %s: %s, want %s", program, q.at, got, q.want)
		}
	})
	if n < 25 {
		t.Errorf("%d branches asked for", n)
	}
}
