package racyerr

import "sync"

// boxed starts each function of a map.
func boxed(p, q plate) error {
	var err error
	baths := map[string]func(){
		"stop": func() { _, err = develop(p) }, // want `racyerr: concurrent tasks write the same err`
		"fix":  func() { _, err = develop(q) },
	}
	var wg sync.WaitGroup
	for _, bath := range baths {
		wg.Go(func() { bath() })
	}
	wg.Wait()
	return err
}

// rinses starts each function of an array, taken by its index.
func rinses(p, q plate) int {
	n := 0
	rinse := [...]func(){
		func() { n += p.id }, // want `racyerr: concurrent tasks write the same n`
		func() { n += q.id },
	}
	var wg sync.WaitGroup
	for i := range rinse {
		wg.Go(rinse[i])
	}
	wg.Wait()
	return n
}

// queued collects what each task is to do, and starts it later.
func queued(plates []plate) int {
	sum := 0
	var todo []func()
	for _, p := range plates {
		todo = append(todo, func() {
			n, _ := develop(p)
			sum += n // want `racyerr: concurrent tasks write the same sum`
		})
	}
	var wg sync.WaitGroup
	for _, f := range todo {
		wg.Go(f)
	}
	wg.Wait()
	return sum
}

// A dip is a step with a name.
type dip struct {
	name string
	do   func() error
}

// rows takes the functions out of a table.
func rows(p, q plate) (n int) {
	table := []dip{
		{"first", func() error { k, err := develop(p); n += k; return err }}, // want `racyerr: concurrent tasks write the same n`
		{"second", func() error { k, err := develop(q); n += k; return err }},
	}
	var wg sync.WaitGroup
	for _, b := range table {
		wg.Go(func() { b.do() })
	}
	wg.Wait()
	return n
}

// team runs in its tasks what it is given.
func team(plates []plate, f func(plate)) {
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Go(func() { f(p) })
	}
	wg.Wait()
}

// lentToTeam writes its own variable in a literal that team runs in its tasks.
func lentToTeam(plates []plate) int {
	sum := 0
	team(plates, func(p plate) {
		n, _ := develop(p)
		sum += n // want `racyerr: concurrent tasks write the same sum`
	})
	return sum
}

// aside runs all that it is given at once.
func aside(fs ...func()) {
	var wg sync.WaitGroup
	for _, f := range fs {
		wg.Go(f)
	}
	wg.Wait()
}

// lentAside gives two literals that write the same.
func lentAside(p, q plate) (err error) {
	aside(
		func() { _, err = develop(p) }, // want `racyerr: concurrent tasks write the same err`
		func() { _, err = develop(q) },
	)
	return err
}
