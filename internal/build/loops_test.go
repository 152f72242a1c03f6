package build

import "testing"

var loopPrograms = map[string]string{
	"ranges": `
func f(xs []string, a [4]int, p *[5]int, m map[string]int, s string, ch chan int, n int, u uint8, seq func(func(int) bool), yield []int) {
	for range xs { in("len(xs)"); sink() }
	for i := range xs { in("len(xs)"); sink(i) }
	for i, x := range xs { in("len(xs)"); go sink(i, x) }
	for i, x := range xs { in("len(xs)"); go func() { sink(i, x) }() }
	for _, x := range xs[1:] { in("len(xs) - 1"); sink(x) }
	for _, x := range a { in("4"); sink(x) }
	for i := range a { in("4"); sink(i) }
	for _, x := range p { in("5"); sink(x) }
	for k, v := range m { in("len(m)"); sink(k, v) }
	for range m { in("len(m)") }
	for _, r := range s { in("nil"); sink(r) }
	for x := range ch { in("nil"); sink(x) }
	for range n { in("n") }
	for range n { in("n"); if runtime.NumGoroutine() > 3 { break }; sink() }
	for i := range n { in("n"); if i == 2 { continue }; go func() { sink(i) }() }
	for range 3 { in("3"); sink() }
	for i := range n + 1 { in("n + 1"); sink(i) }
	for i := range len(xs) { in("len(xs)"); sink(i) }
	for i := range u { in("u"); sink(i) }
	for range runtime.NumGoroutine() { in("runtime.NumGoroutine()") }
	for range runtime.NumCPU() { in("runtime.NumCPU()") }
	for range []int{1, 2} { in("2") }
	for _, do := range []func(){func() {}, func() {}, func() {}} { in("3"); go do() }
	var i int
	for i = range xs { in("len(xs)"); sink(i) }
	for range xs { in("len(xs)"); xs = nil }
	for range xs { in("len(settled xs)") }
	var x string
	for i, x = range pair() { in("2"); sink(i, x) }
}
func pair() []string { return []string{"a", "b"} }
func g(m map[int]bool) {
	for k := range m { in("nil"); delete(m, k) }
}
func h(seq func(func(int) bool)) {
	for {
		in("nil")
		for x := range seq { sink(x) }
	}
}`,
	"clauses": `
func f(n int, xs []string, u uint, o *options, ok bool, sem chan int) {
	for i := 0; i < n; i++ { in("n") }
	for i := 0; i < n; i++ { in("n"); go func() { sink(i) }() }
	for i := 0; i < n; i += 1 { in("n"); if ok { continue }; go func() { func() { sink(i) }() }() }
	for i := 0; n > i; i++ { in("n"); sink(i) }
	for i := 1; i <= n; i++ { in("n"); sink(i) }
	for i := 1; i < n; i++ { in("n - 1"); sink(i) }
	for i := 0; i <= n; i++ { in("n + 1"); go func() { sink(i) }() }
	for i := 0; i != n; i++ { in("n"); sink(i) }
	for i := 0; !(i >= n); i++ { in("n"); sink(i) }
	for i := 0; !(i == n); i++ { in("n"); sink(i) }
	for i := 0; i < len(xs); i++ { in("len(xs)"); sink(xs[i]) }
	for i := 0; i < len(xs)-1; i++ { in("len(xs) - 1"); sink(xs[i]) }
	for i := 0; i < o.Workers; i++ { in("o.Workers"); sink() }
	for i := 0; i < cap(sem); i++ { in("cap(sem)"); sem <- 1 }
	for i := 0; i < runtime.NumCPU(); i++ { in("runtime.NumCPU()"); sink() }
	for i := 0; i < 3; i++ { in("3"); sink(i) }
	for i := 5; i < 3; i++ { in("0"); sink(i) }
	for i := 0; i < 10; i += 4 { in("3"); sink(i) }
	for i := 10; i > 0; i -= 3 { in("4"); sink(i) }
	for i := n; i > 0; i-- { in("n"); sink(i) }
	for i := n; i > 0; i-- { in("n"); go func() { sink(i) }() }
	for i := n; i >= 0; i-- { in("n + 1"); sink(i) }
	for i := n - 1; i >= 0; i-- { in("n"); sink(i) }
	for i := len(xs) - 1; i >= 0; i-- { in("len(xs)"); sink(i) }
	for i := n; i != 0; i-- { in("n"); sink(i) }
	for i := u; i > 0; i-- { in("u"); sink(i) }
	for i := uint(0); i < u; i++ { in("u"); sink(i) }
	for i, j := 0, 3; i < n; i, j = i+1, j+2 { in("n"); go func() { sink(i, j) }() }
	for i := 0; i < n; i++ { in("n"); if runtime.NumGoroutine() > 3 { break } }
	var i int
	for ; i < n; i++ { in("n"); sink(i) }
	for i = 0; i < n; i++ { in("n"); sink(i) }
	for i = 0; i < n; { in("n"); sink(); i++ }
	for ; n > 0; n-- { in("n"); sink(i) }
	var once int
	for once < 4 { in("4"); once++ }
}
func retries(n int) {
	for ; n > 0; n-- { in("n"); sink() }
}`,
	"uncounted": `
func f(n int, xs []string, u uint, o *options, ok bool, start, end int) {
	for { in("nil"); if ok { break } }
	for ok { in("nil"); sink() }
	for i := 0; ; i++ { in("nil"); sink(); if i == n { break } }
	for i := 0; i < n && ok; i++ { in("nil"); sink(i) }
	for i := 0; i < n || ok; i++ { in("nil"); sink(i) }
	for i := 0; ok && i < n; i++ { in("nil"); sink(i) }
	for i := 0; i < n; i += 2 { in("(n + 1) / (2)"); sink(i) }
	for i := 0; i < n; i += 7 { in("nil"); sink(i) }
	for i := 0; i < n; i += n { in("nil"); sink(i) }
	for i := start; i < end; i++ { in("nil"); sink(i) }
	for i := 0; i > n; i-- { in("nil"); sink(i) }
	for i := n; i < 3; i++ { in("nil"); sink(i) }
	for i := 5; i != 3; i++ { in("nil"); sink(i) }
	for i := u; i >= 0; i-- { in("nil"); sink(i) }
	for i := 0; i < n; i++ { in("nil"); i++ }
	for i := 0; i < n; i++ { in("nil"); if ok { i-- } }
	for i := 0; i < n; { in("nil"); if ok { i++ } }
	for i := 0; i < n; { in("nil"); for range xs { i++ } }
	for i := 0; i < n; i++ { in("nil"); func() { i++ }() }
	for i := 0; i < n; i++ { in("nil"); go func() { func() { i = 0 }() }() }
	for i := 0; i < n; i++ { in("nil"); sink(&i) }
	for i := 0; i < n; i++ { in("nil"); p := &i; *p = 3; sink(p) }
	for i := 0; i < runtime.NumGoroutine(); i++ { in("nil"); sink(i) }
	for i := 0; i < len(xs); i++ { in("nil"); xs = xs[1:] }
	for f := 0.0; f < 3; f++ { in("nil"); sink(f) }
	for p := o; p != nil; p = p.next { in("nil"); sink(p) }
	m := 3
	for i := 0; i < m; i++ { in("nil"); if ok { m = 4 } }
	var k int
	for range xs { in("len(settled xs)"); for ; k < n; k++ { in("nil"); sink(k) } }
	for o.Workers < 3 { in("nil"); o.Workers++ }
}`,
	"nested": `
func f(n, m int, xs []string, rows [][]int) {
	for i := 0; i < n; i++ {
		in("n")
		for j := 0; j < m; j++ { in("m"); go func() { sink(i, j) }() }
	}
	for range n {
		for range m { in("m"); sink() }
		in("n")
	}
	for range n { for range m { in("m") } }
	for range n { for m > 0 { in("nil"); sink() } }
	for i := range xs {
		in("len(xs)")
		for j := range rows[i] { in("nil"); sink(j) }
		for j := range rows { in("len(rows)"); sink(j) }
		for j := 0; j < i; j++ { in("nil"); sink(j) }
		ys := make([]int, n)
		for range ys { in("n"); sink() }
	}
outer:
	for i := 0; i < n; i++ {
		for _, x := range xs {
			in("len(xs)")
			if x == "" { continue outer }
			if x == "end" { break outer }
		}
		in("n")
	}
	for range xs {
		in("len(xs)")
		select {
		default:
			continue
		}
	}
}`,
	"frames": `
func f(n int, xs []string) {
	ch := make(chan int, len(xs))
	spawn(n+1, xs, ch)
	go func() {
		for range xs { in("len(xs)"); sink() }
		for i := 0; i < n; i++ { in("n"); sink() }
	}()
	for i := 0; i < len(xs); i++ {
		inner(i, len(xs))
		go func() { for range n { in("n"); sink(i) } }()
	}
}
func spawn(k int, ys []string, ch chan int) {
	for i := 0; i < k; i++ { in("n + 1"); go sink(i) }
	for _, y := range ys { in("len(xs)"); go sink(y) }
	for i := 0; i < cap(ch); i++ { in("len(xs)"); sink(<-ch) }
	defer func() {
		for range ys { in("len(xs)"); sink() }
	}()
}
func inner(i, n int) {
	for range n { in("len(xs)"); sink() }
	for range i { in("nil"); sink() }
}`,
	"appended": `
func f(xs []string) {
	var jobs []string
	for _, x := range xs { jobs = append(jobs, x) }
	for range jobs { in("len(settled jobs)"); sink() }
	if len(xs) == 0 { xs = []string{"a"} }
	for range xs { in("len(settled xs)"); sink() }
}`,
}

func TestLoops(t *testing.T) {
	check(t, loopPrograms)
	// One variable for all rounds: the same counts.
	old := map[string]string{}
	for _, name := range []string{"clauses", "uncounted"} {
		old[name] = "//go:build go1.21\n" + loopPrograms[name]
	}
	check(t, old)
}
