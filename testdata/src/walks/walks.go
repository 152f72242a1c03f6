// Package walks has functions that pass marks, a to d, on their paths. The
// comment of a function says which marks a path from its start can pass one
// after the other, and which not.
package walks

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// The marks.
func a() { passed++ }
func b() { passed++ }
func c() { passed++ }
func d() { passed++ }

var passed int

// fallible may fail.
func fallible() error { return context.Canceled }

// start is here so that the functions have a goroutine, and so a model.
func start() { go a() }

// path: a > b, c > d; not: a > d, c > b
func sameCondition(parallel bool) {
	go start()
	if parallel {
		a()
	} else {
		c()
	}
	if parallel {
		b()
	} else {
		d()
	}
}

// path: a > b; not: a > c
func negatedCondition(parallel bool) {
	go start()
	if parallel {
		a()
	}
	if !parallel {
		c()
		return
	}
	b()
}

// path: a > b, a > d, c > b, c > d
func setBetween(parallel bool, names []string) {
	go start()
	if parallel {
		a()
	} else {
		c()
	}
	parallel = len(names) > 1
	if parallel {
		b()
	} else {
		d()
	}
}

// path: a > c; not: a > b
func setToConstant(n int) {
	go start()
	ready := false
	a()
	if n == 3 {
		ready = false
	}
	if ready {
		b()
	} else {
		c()
	}
}

// path: a > b; not: a > c
func lengthAboveZero(names []string) {
	go start()
	if len(names) > 0 {
		a()
	}
	if len(names) == 0 {
		c()
		return
	}
	b()
}

// path: a > b; not: a > c
func lengthNotZero(names []string) {
	go start()
	if len(names) != 0 {
		a()
	}
	if len(names) == 0 {
		c()
	} else {
		b()
	}
}

// path: a > b, a > c
func lengthOfAnother(names, others []string) {
	go start()
	if len(names) > 0 {
		a()
	}
	if len(others) == 0 {
		c()
	} else {
		b()
	}
}

// path: a > b, a > c
func lengthAfterAppend(names []string) {
	go start()
	if len(names) == 0 {
		a()
	}
	names = append(names, "x")
	if len(names) == 0 {
		b()
	} else {
		c()
	}
}

// path: a > b, c > d; not: a > d, c > b
func nilChecked(ctx context.Context, parallel bool) {
	var g *errgroup.Group
	if parallel {
		g, ctx = errgroup.WithContext(ctx)
		a()
	} else {
		c()
	}
	if g != nil {
		b()
		_ = g.Wait()
		return
	}
	d()
	<-ctx.Done()
}

// path: a > b; not: a > c
func errorKnown() {
	go start()
	err := fallible()
	if err != nil {
		a()
	}
	if err == nil {
		c()
		return
	}
	b()
}

// path: a > b, a > c
func errorAgain() {
	go start()
	err := fallible()
	if err != nil {
		a()
	}
	err = fallible()
	if err == nil {
		c()
		return
	}
	b()
}

// path: a > a, a > b, b > c, a > c; not: b > a, c > a, c > b
func loops(names []string) {
	go start()
	for _, name := range names {
		if name == "" {
			b()
			break
		}
		a()
	}
	c()
}

// path: a > b; not: b > a
func loopFlag(names []string) {
	go start()
	first := true
	for range names {
		if first {
			a()
			first = false
		} else {
			b()
		}
	}
}

// path: a > b, c > d; not: a > d, c > b
func bothConditions(x, y bool) {
	go start()
	if x && y {
		a()
	} else {
		c()
	}
	if x && y {
		b()
	} else {
		d()
	}
}

// path: a > b, c > d; not: a > d, c > b
func switched(n int) {
	go start()
	switch n {
	case 1:
		a()
	case 2:
		c()
	}
	if n == 1 {
		b()
	} else {
		d()
	}
}

type options struct{ parallel bool }

// path: a > b, c > d; not: a > d, c > b
func fieldCondition(o *options) {
	go start()
	if o.parallel {
		a()
	} else {
		c()
	}
	if o.parallel {
		b()
	} else {
		d()
	}
}

// path: a > b, a > c
func writtenElsewhere(parallel bool) {
	go start()
	flip := func() { parallel = !parallel }
	if parallel {
		a()
	}
	flip()
	if parallel {
		b()
	} else {
		c()
	}
}

// Fields count as unchanged, which is the cautious side.
//
// path: a > b; not: a > c
func fieldChanged(o *options) {
	go start()
	if o.parallel {
		a()
	}
	o.parallel = false
	if o.parallel {
		b()
		return
	}
	c()
}

// path: a > d; not: a > b, c > d
func leavesEarly(quiet bool) {
	go start()
	if quiet {
		c()
		return
	}
	a()
	if quiet {
		b()
	}
	d()
}

// path: a > b; not: a > c
func panics(broken bool) {
	go start()
	if broken {
		a()
		b()
		panic("broken")
	}
	c()
}

// path: a > b, a > c
func arguments(n int) {
	go start()
	if n > 2 {
		a()
	}
	if n > 3 {
		b()
	} else {
		c()
	}
}
