package build

import "slices"

var allEscapeCases = slices.Concat(escapeCases, filledCases)

// filledCases are objects that are made in one function and filled in others.
var filledCases = []escapeCase{
	{"field that is set by one of two methods", "one of several channels at this operation", "", `
type T struct{ ch chan int }
func (t *T) set(ch chan int) { t.ch = ch }
func (t *T) renew() { t.ch = make(chan int, 2) }
func root() { /*obj*/ ch := make(chan int, 1); t := &T{}; t.set(ch); t.renew(); t.ch <- 1 }`},
	{"literal stored in a field", "", "", `
type T struct{ f func() }
func root() { /*obj*/ ch := make(chan int, 9); t := &T{f: func() { close(ch) }}; t.f() }`},
	{"literal stored in a field of what is given", "captured by a function literal that is stored in a struct field", "", `
type T struct{ f func() }
func root(t *T) { /*obj*/ ch := make(chan int, 9); t.f = func() { close(ch) }; t.f() }`},
	{"literal in a field of what is given away", "in a struct that is returned to the caller", "", `
type T struct{ f func() }
func root() *T { /*obj*/ ch := make(chan int, 9); t := &T{f: func() { close(ch) }}; return t }`},
	{"one of two literals in a field", "captured by a function literal that is one of several at a call", "", `
type T struct{ f func() }
func root() { /*obj*/ ch := make(chan int, 9); t := &T{f: func() { close(ch) }}; if cond() { t.f = func() {} }; t.f() }`},
	{"field in a struct literal in another", "", "", `
type T struct{ in struct{ ch chan int } }
func root() { t := &T{in: struct{ ch chan int }{/*obj*/ make(chan int)}}; go func() { t.in.ch <- 1 }(); <-t.in.ch }`},
	{"field that a method sets on one path", "in a struct field that may not be set yet where it is used", "", `
type T struct{ ch chan int }
func (t *T) set(ch chan int) { if cond() { t.ch = ch } }
func root() { /*obj*/ ch := make(chan int, 1); t := &T{}; t.set(ch); t.ch <- 1 }`},
	{"field that a goroutine sets", "in a struct field that may not be set yet where it is used", "", `
type T struct{ ch chan int }
func (t *T) set(ch chan int) { t.ch = ch }
func root() { /*obj*/ ch := make(chan int, 1); t := &T{}; go t.set(ch); t.ch <- 1 }`},
	{"field of an embedded struct, set by a promoted method", "", "", `
type B struct{ ch chan int }
func (b *B) set(ch chan int) { b.ch = ch }
type T struct{ B; n int }
func root() { /*obj*/ ch := make(chan int, 1); t := &T{}; t.set(ch); t.ch <- 1 }`},
	{"field of an object in a field that a method makes", "", "", `
type B struct{ ch chan int }
type T struct{ b *B }
func (t *T) set(ch chan int) { if t.b == nil { t.b = &B{} }; t.b.ch = ch }
func root() { /*obj*/ ch := make(chan int, 1); t := &T{}; t.set(ch); t.b.ch <- 1 }`},
	{"nil for no object, and there is one", "", "", `
type T struct{ ch chan int }
func (t *T) get() chan int { if t == nil { return nil }; return t.ch }
func root() { t := &T{}; /*obj*/ t.ch = make(chan int, 1); t.get() <- 1 }`},
	{"nil for no object, and there may be none", "in a struct field that may not be set yet where it is used", "", `
type T struct{ ch chan int }
func (t *T) get() chan int { if t == nil { return nil }; return t.ch }
func root() { var t *T; if cond() { t = &T{}; /*obj*/ t.ch = make(chan int, 1) }; t.get() <- 1 }`},
	{"field that is set to nil", "", "", `
type T struct{ ch chan int }
func root() { var t T; /*obj*/ t.ch = make(chan int, 1); t.ch <- 1; t.ch = nil }`},
	{"field that another function sets to nil", "", "", `
type T struct{ ch chan int }
func (t *T) end() { close(t.ch); t.ch = nil }
func (t *T) put() { ch := t.ch; ch <- 1 }
func root() { t := &T{ch: /*obj*/ make(chan int, 1)}; go t.end(); go t.put() }`},
	{"field set to nil, in a select", "one of several channels or nil at this operation", "", `
type T struct{ ch chan int }
func root(end chan int) { var t T; /*obj*/ t.ch = make(chan int, 1); t.ch = nil; select { case t.ch <- 1: case <-end: } }`},
	{"field that is set again", "one of several channels at this operation", "", `
type T struct{ ch chan int }
func root() { var t T; /*obj*/ t.ch = make(chan int, 1); t.ch <- 1; t.ch = make(chan int) }`},
	{"lock of a sync.Cond", "", "", `
func root() { /*obj*/ var mu sync.Mutex; c := sync.NewCond(&mu); go func() { c.L.Lock(); c.Wait(); c.L.Unlock() }(); mu.Lock(); c.Signal() }`},
	{"lock of a sync.Cond that others have", "in a struct that is passed to take, whose body is not seen", "", `
func take(c *sync.Cond)
func root() { /*obj*/ var mu sync.Mutex; c := sync.NewCond(&mu); take(c); mu.Lock() }`},
	{"lock in an interface", "passed to take, whose body is not seen", "", `
func take(l sync.Locker)
func root() { /*obj*/ var mu sync.Mutex; take(&mu); mu.Lock() }`},
}
