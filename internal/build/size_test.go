package build

import (
	"testing"

	"github.com/gatherlint/gatherlint/internal/model"
)

var sizePrograms = map[string]string{
	"numbers": `
func f(n int, m int32, u uint8, xs []string) {
	const k = 3
	size("7", k+4)
	size("n", n)
	size("n + 1", n+1)
	size("n + 1", 1+n)
	size("2*n - 2", 2*(n-1))
	size("0", n-n)
	size("-n + 3", 3-n)
	size("n", -(-n))
	size("m + n", n+int(m))
	size("u", int(u))
	size("nil", int(uint8(n)))
	size("(n) / (2)", n/2)
	size("nil", n/7)
	size("(n) * (n)", n*n)
	size("nil", n%2)
	size("min(3, n)", min(n, 3))
	size("max(len(xs), min(3, n)) + 1", 1+max(min(3, n), len(xs)))
	size("2", min(3, 2))
	size("nil", int(1e18))
	size("nil", n<<1)
	size("runtime.NumCPU()", runtime.NumCPU())
	size("2*runtime.GOMAXPROCS(0)", runtime.GOMAXPROCS(0)*2)
	size("runtime.GOMAXPROCS()", runtime.GOMAXPROCS(4))
	for range xs {
		size("runtime.NumCPU()", runtime.NumCPU())
		size("n", n)
	}
}`,
	"lengths": `
func f(xs []string, s string, a [4]int, p *[5]int, m map[string]int, ch chan int, n int) {
	size("len(xs)", len(xs))
	size("cap(xs)", cap(xs))
	size("len(s)", len(s))
	size("4", len(a))
	size("5", len(p))
	size("len(m)", len(m))
	size("nil", len(ch))
	size("cap(ch)", cap(ch))
	size("n", cap(make(chan int, n)))
	size("n", len(make([]int, n)))
	size("n", len(make([]int, n, 2*n)))
	size("2*n", cap(make([]int, n, 2*n)))
	size("0", len(make([]int, 0, n)))
	size("9", cap(make([]int, 3, 9)))
	size("3", len([]int{1, 2, 3}))
	size("8", len([]int{7: 1}))
	size("5", len("hello"))
	ys := make([]int, len(xs)+1)
	ys[0] = 4
	size("len(xs) + 1", len(ys))
	for i := range xs {
		size("nil", len(xs[i]))
		ys[i] = 3
		size("len(xs) + 1", len(ys))
		zs := []int{1, i}
		size("2", len(zs))
	}
	size("len(xs) - 1", len(xs[1:]))
	size("n", len(xs[:n]))
	size("n - 2", len(xs[2:n]))
	size("4", len(a[:]))
	size("len(xs) + 2", len(append(xs, "a", "b")))
	size("len(s) + len(xs)", len(append([]byte{}, s...)) + len(xs))
}`,
	"appended": `
func f(xs []string, n int) {
	var out, once []string
	for _, x := range xs {
		out = append(out, x)
		size("nil", len(out))
	}
	size("len(settled out)", len(out))
	once = append(xs, "last")
	size("len(xs) + 1", len(once))
	if n > 0 {
		xs = xs[:n]
	}
	size("len(settled xs)", len(xs))
}
func g(xs []string) {
	xs = append(xs, "one")
	size("len(xs) + 1", len(xs))
}`,
	"variables": `
func f(n int, xs []string) {
	a := n
	b := a + 1
	size("n + 1", b)
	c := 4
	size("4", c)
	if n > 10 {
		c = n
	}
	size("settled c", c)
	d := 2
	d = n
	size("n", d)
	var e int
	size("nil", e)
	k := 0
	for k < n {
		k++
		size("nil", k)
		inner := n * 2
		size("2*n", inner)
	}
	w := runtime.NumGoroutine()
	size("runtime.NumGoroutine()", w)
	size("2*runtime.NumGoroutine()", w+w)
	for range xs {
		size("runtime.NumGoroutine()", w)
		v := runtime.NumGoroutine()
		size("nil", v)
	}
	size("runtime.NumGoroutine()", runtime.NumGoroutine()) // another one: see TestSymbols
	var boxed any = n
	size("n", boxed.(int))
	if m, ok := boxed.(int); ok {
		size("n", m)
	}
	type count int
	size("n + 2", int(count(n)+2))
	mk := make([]int, n, 10)
	size("10", cap(mk))
	size("n", len(mk))
	x := 5
	func() { x = 6 }()
	size("nil", x)
	y := 5
	sink(&y)
	size("nil", y)
}`,
	"settled": `
func f(n, m int, xs, ys []string) {
	size("n", n)
	if n <= 0 {
		n = runtime.NumCPU()
	}
	size("settled n", n)
	go func() { size("settled n + 1", n+1) }()
	go func() { size("nil", m) }()
	if m <= 0 {
		m = 1
	}
	if fetch(func() error { xs = append(xs, "a"); return nil }) != nil {
		return
	}
	size("len(settled xs)", len(xs))
	go fetch(func() error { ys = append(ys, "a"); return nil })
	size("nil", len(ys))
	for range xs {
		size("nil", m)
		m++
	}
}
func fetch(get func() error) error { return get() }`,
	"captured": `
func f(n int, xs []string) {
	w := n + 1
	late := 1
	go func() {
		size("n + 1", w)
		size("nil", late)
		size("len(xs)", len(xs))
	}()
	late = 2
	size("2", late)
	for i, x := range xs {
		go func() {
			size("nil", i)
			size("nil", len(x))
			size("n + 1", w)
			own := runtime.NumGoroutine()
			size("nil", own)
			func() { size("n + 1", w) }()
		}()
	}
	go func() {
		own := runtime.NumGoroutine()
		size("runtime.NumGoroutine()", own)
	}()
}`,
	"fields": `
func (o *options) run(xs []string) {
	size("o.Workers", o.Workers)
	size("o.Inner.Limit", o.Inner.Limit)
	size("len(o.Items) + 1", len(o.Items)+1)
	go func() { size("o.Workers", o.Workers) }()
	for p := o; p != nil; p = p.next {
		size("nil", p.Workers)
	}
}
func byValue(o options) {
	size("o.Workers", o.Workers)
	size("o.Inner.Limit", o.Inner.Limit)
	q := o
	size("o.Workers", q.Workers)
}
func defaults(o options) {
	if o.Workers == 0 {
		o.Workers = 4
	}
	size("nil", o.Workers)
}
func made(n int) {
	o := options{Workers: n, Items: make([]string, 2)}
	size("n", o.Workers)
	size("2", len(o.Items))
	p := &options{Workers: n}
	size("n", p.Workers)
	q := options{Workers: 3}
	sink(&q)
	size("nil", q.Workers)
	list := []int{1, 2}
	size("nil", list[0])
}
func fetched(load func() options) {
	o := load()
	size("().Workers", o.Workers)
}`,
	"storedfields": `
func defaultsOf(o *options) {
	if o.Workers == 0 {
		o.Workers = 4
	}
	size("nil", o.Workers)
	size("len(o.Items)", len(o.Items))
}
func filled(n int) {
	o := options{Workers: n}
	size("n", o.Workers)
	p := &options{Workers: n} // defaultsOf is not given it
	size("n", p.Workers)
	q := &options{Workers: n}
	one(q)
	size("nil", q.Workers)
}
func one(o *options) {
	if o.Workers == 0 {
		o.Workers = 1
	}
}
func set(o *options, n int) {
	go func() { o.Inner.Limit = n }()
	size("nil", o.Inner.Limit)
	size("nil", len(o.Items)) // not looked at in order
	o.Items = append(o.Items, "")
}`,
	"globals": `
func f() {
	size("globals.limit", limit)
	size("nil", changed)
	size("globals.flagged.*", *flagged)
	changed = 4
}
func g(n *int) {
	size("n.*", *n)
}
func h(n, m *int) {
	*m = 3
	size("nil", *n)
}
func i() {
	size("globals.given.n", given.n)
	size("globals.given.n", number())
}`,
	"helpers": `
func f(n int, xs []string, o options) {
	helper(n+1, xs[1:], len(o.Items))
	for i, x := range xs {
		each(i, len(x), n)
		fixed()
	}
	size("n", twice(n)-n)
	size("nil", either(n))
	a, b := both(n)
	size("n", a)
	size("3", b)
	apply(func(k int) {
		size("runtime.NumGoroutine()", k)
		w := runtime.NumGoroutine()
		size("runtime.NumGoroutine()", w)
		size("n", n)
	})
	search(n, func(k int) bool {
		size("nil", k)
		w := runtime.NumGoroutine()
		size("nil", w)
		size("n", n)
		return true
	})
	late := 1
	search(n, func(int) bool { size("nil", late); return true })
	func() { size("1", late) }()
	late = 2
	size("2", late)
	rows := make([][]int, n)
	go worker(rows)
	variadic("a", "b")
}
func helper(k int, ys []string, items int) {
	size("n + 1", k)
	size("len(xs) - 1", len(ys))
	size("len(o.Items)", items)
}
func each(i, l, n int) {
	size("nil", i)
	size("nil", l)
	size("n", n)
}
func fixed()                 { w := runtime.NumGoroutine(); size("nil", w); size("3", 3) }
func twice(n int) int        { return 2 * n }
func both(n int) (a, b int)  { return n, 3 }
func worker(rows [][]int)    { size("n", len(rows)) }
func variadic(xs ...string)  { size("2", len(xs)) }
func apply(do func(int))     { go do(runtime.NumGoroutine()) }
func either(n int) int {
	if n > 3 {
		return 1
	}
	return n
}`,
	"maplengths": `
func f(m map[string]int, xs []string) {
	seen := map[string]bool{}
	size("nil", len(seen))
	for _, x := range xs {
		size("nil", len(seen))
		seen[x] = true
	}
	size("len(map)", len(seen))
	go func() { size("len(map)", len(seen)) }()
	size("nil", len(m))
	delete(m, "a")
	size("len(m)", len(m))
}
func g(m map[int]int) {
	size("nil", len(m))
	go func() { m[1] = 2 }()
	size("nil", len(m))
}
func h(m map[int8]int) {
	size("nil", len(m))
	change(m)
}
func change(m map[int8]int) { clear(m) }
`,
}

func TestSizes(t *testing.T) {
	check(t, sizePrograms)
}

// Sizes with equal text are the same number: one symbol for each call, whatever
// the calls and variables are named.
func TestSymbols(t *testing.T) {
	seen := map[string][]string{}
	ask(t, map[string]string{"p": `
func f(n int) {
	a := runtime.NumGoroutine()
	size("a", a)
	b := runtime.NumGoroutine()
	size("b", b)
	go func(n int) { size("c", n) }(a)
	go func(n int) { size("c", n) }(n)
	made(1)
	made(2)
	{
		n := runtime.NumGoroutine()
		size("d", n)
	}
}
func made(int) { n := runtime.NumGoroutine(); size("e", n) }
`}, func(_ string, q asked) {
		seen[q.want] = append(seen[q.want], q.e.SizeOf(q.arg, q.fr).String())
	})
	distinct := map[string]bool{}
	for _, x := range seen {
		for _, s := range x {
			distinct[s] = true
		}
	}
	// a, b, n, d, and two for made; the first c is a.
	if len(distinct) != 6 || len(seen["c"]) != 2 || seen["c"][0] != seen["a"][0] || seen["e"][0] == seen["e"][1] {
		t.Errorf("symbols %v", seen)
	}
}

func TestSizeText(t *testing.T) {
	n := &model.Size{Terms: []model.SizeTerm{{Coef: 1, Sym: "n"}}}
	xs := &model.Size{Terms: []model.SizeTerm{{Coef: 1, Sym: "len(xs)", Length: true}}}
	s := model.ConstSize(-3).Plus(2, n).Plus(-1, xs)
	if got := s.String(); got != "-len(xs) + 2*n - 3" && got != "-1*len(xs) + 2*n - 3" {
		t.Errorf("text %s", got)
	}
	if got := s.Plus(1, xs).Plus(-2, n).String(); got != "-3" {
		t.Errorf("text %s, want -3", got)
	}
	value := func(t model.SizeTerm) int64 {
		if t.Length {
			return 1
		}
		return 10
	}
	if got := s.Eval(value); got != 16 {
		t.Errorf("value %d, want 16", got)
	}
	if model.ConstSize(model.MaxConst).Plus(2, model.ConstSize(model.MaxConst)) != nil || n.Plus(model.MaxConst+1, n) != nil || n.Plus(1, nil) != nil {
		t.Error("too large a number")
	}
}
