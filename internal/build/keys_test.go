package build

import "testing"

var keyPrograms = map[string]string{
	"parameters": `
func f(o *options, ok bool, n int, xs []string, s string, x any, p *bool, ff float64) {
	key("parallel", o.Parallel)
	key("!parallel", !o.Parallel)
	key("ok", ok)
	key("n", n > 0)
	key("n", 0 < n)
	key("n", n >= 1)
	key("!n", n <= 0)
	key("empty", len(xs) == 0)
	key("!empty", len(xs) > 0)
	key("!empty", 0 != len(xs))
	key("empty", len(xs) < 1)
	key("workers", o.Workers == n)
	key("workers", n == o.Workers)
	key("s", s == "a")
	key("!s", s != "a")
	key("other", s == "b")
	key("order", s < "b")
	key("!order", s >= "b")
	key("nil", x == nil)
	key("!nil", x != nil)
	key("float", ff < 3)
	key("notfloat", ff >= 3)
	key("half", n/2 > 1)
	key("!half", n/2 <= 1)
	key("halves", n/2 == n/3)
	key("same", x == any(n))
	key("same", any(n) == x)
	key("text", string([]byte(s)) == "a")
	key("minus", -ff < 3)
	key("bits", s+"a" > "b")
	key("!bits", "b" >= s+"a")
	key("bits", "b" < s+"a")
	key("-", *p)
	key("-", limit > 3)
	key("-", xs[0] == "a")
	go func() {
		key("parallel", o.Parallel)
		key("ok", ok)
		key("empty", len(xs) == 0)
		key("half", n/2 > 1)
		helper(o, !ok, n+1)
	}()
	for i := range xs {
		key("-", i > 0)
		key("ok", ok)
		go func() { key("ok", ok); helper(o, !ok, n+1) }()
	}
}
func helper(oo *options, not bool, k int) {
	key("parallel", oo.Parallel)
	key("!ok", not)
	key("n", k > 1)
}`,
	"variables": `
func f(n int, xs []string, m map[string]bool, ch chan int) {
	big := n > 10
	key("big", big)
	key("big", n > 10)
	found := m["a"]
	key("found", found)
	got, has := m["b"]
	key("got", got)
	key("has", has)
	many := len(m) > 3
	key("-", limit == 3)
	first := limit == 3
	key("first", first)
	err := try()
	key("err", err != nil)
	late := true
	go func() {
		key("big", big)
		key("found", found)
		key("err", err != nil)
		key("has", has)
		key("first", first)
		key("-", late)
		own := try() != nil
		key("own", own)
	}()
	late = false
	set := false
	if n > 3 {
		set = true
	}
	key("-", set)
	for range xs {
		err := try()
		key("-", err != nil)
		go func() { key("-", err != nil); key("big", big) }()
	}
	key("two", try() != nil)
	sink(many)
	clear(m)
	shared := 1
	go func() { shared = 2 }()
	key("-", shared == 1)
}
var try func() error`,
	"stored": `
func f(o *options) {
	key("-", o.Parallel)
	o.Parallel = true
	key("workers", o.Workers > 0)
}
func g(o *options) {
	for p := o; p != nil; p = p.next {
		key("-", p.Parallel)
	}
}`,
}

func TestStableKeys(t *testing.T) {
	check(t, keyPrograms)
}
