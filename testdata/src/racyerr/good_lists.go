package racyerr

import "sync"

// boxedApart starts each function of a map, and each has a variable of its own.
func boxedApart(p, q plate) (error, error) {
	var one, two error
	baths := map[string]func(){
		"stop": func() { _, one = develop(p) },
		"fix":  func() { _, two = develop(q) },
	}
	var wg sync.WaitGroup
	for _, bath := range baths {
		wg.Go(func() { bath() })
	}
	wg.Wait()
	return one, two
}

// queuedApart has a variable for each function that it puts aside.
func queuedApart(plates []plate) []int {
	out := make([]int, len(plates))
	var todo []func()
	for i, p := range plates {
		sum := 0
		todo = append(todo, func() {
			n, _ := develop(p)
			sum += n
			out[i] = sum
		})
	}
	var wg sync.WaitGroup
	for _, f := range todo {
		wg.Go(f)
	}
	wg.Wait()
	return out
}

// heldAround calls each under the same lock.
func heldAround(p, q plate) int {
	n := 0
	var mu sync.Mutex
	steps := []func(){
		func() { n += p.id },
		func() { n += q.id },
	}
	var wg sync.WaitGroup
	for _, step := range steps {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			step()
		})
	}
	wg.Wait()
	return n
}

// oneOfTwo puts the one or the other in the list.
func oneOfTwo(p plate, wet bool) int {
	n := 0
	var steps []func()
	if wet {
		steps = append(steps, func() { n += p.id })
	} else {
		steps = append(steps, func() { n -= p.id })
	}
	var wg sync.WaitGroup
	for _, step := range steps {
		wg.Go(step)
	}
	wg.Wait()
	return n
}

// inPlace calls all of them itself.
func inPlace(p, q plate) (n int) {
	for _, step := range []func(){
		func() { n += p.id },
		func() { n += q.id },
	} {
		step()
	}
	return n
}

// lockedForTeam holds a lock in the literal that it lends.
func lockedForTeam(plates []plate) int {
	sum := 0
	var mu sync.Mutex
	team(plates, func(p plate) {
		n, _ := develop(p)
		mu.Lock()
		sum += n
		mu.Unlock()
	})
	return sum
}

// oneByOne waits for each before it starts the next.
func oneByOne(plates []plate, f func(plate)) {
	for _, p := range plates {
		done := make(chan struct{})
		go func() {
			f(p)
			close(done)
		}()
		<-done
	}
}

// lentInTurn writes in a literal that runs once at a time.
func lentInTurn(plates []plate) int {
	sum := 0
	oneByOne(plates, func(p plate) { sum += p.id })
	return sum
}

// lentApart gives two literals with a variable each.
func lentApart(p, q plate) (one, two error) {
	aside(
		func() { _, one = develop(p) },
		func() { _, two = develop(q) },
	)
	return one, two
}
