package racyerr

import (
	"sync"
	"sync/atomic"
)

// answered asks for the answer to each plate before it gives out the next.
func answered(plates []plate, workers int) int {
	faulty := 0
	queue, done := make(chan plate), make(chan struct{})
	for range workers {
		go func() {
			for p := range queue {
				faulty += p.id
				done <- struct{}{}
			}
		}()
	}
	for _, p := range plates {
		queue <- p
		<-done
	}
	close(queue)
	return faulty
}

// chained starts a task for each plate, which waits for that of the plate before.
func chained(plates []plate) int {
	sum := 0
	before := make(chan struct{})
	close(before)
	for _, p := range plates {
		after := make(chan struct{})
		go func(before, after chan struct{}) {
			defer close(after)
			<-before
			sum += len(p.stars)
		}(before, after)
		before = after
	}
	<-before
	return sum
}

// passedOn gives one token to whoever is next.
func passedOn(plates []plate) int {
	sum := 0
	token := make(chan struct{})
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Go(func() {
			<-token
			sum += len(p.stars)
			token <- struct{}{}
		})
	}
	token <- struct{}{}
	<-token
	wg.Wait()
	return sum
}

// lastOut lets the last one write.
func lastOut(plates []plate) int {
	last := 0
	var left atomic.Int64
	left.Store(int64(len(plates)))
	over := make(chan struct{})
	for _, p := range plates {
		go func() {
			develop(p)
			if left.Add(-1) == 0 {
				last = p.id
				close(over)
			}
		}()
	}
	<-over
	return last
}

// waitedInOnce waits in a function that once runs.
func waitedInOnce(once *sync.Once, p plate) int {
	var n int
	var wg sync.WaitGroup
	wg.Go(func() { n, _ = develop(p) })
	once.Do(func() { wg.Wait() })
	n++
	return n
}

type site struct {
	address string
	dome    dome
	wg      sync.WaitGroup
}

func (s *site) at(name string) string {
	if s.address == "" {
		s.address = "hill"
	}
	return s.address + "/" + name
}

// askedFirst has set the address before the tasks that would set it.
func askedFirst(s *site, names []string, look func(string)) {
	look(s.at("gate"))
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() { look(s.at(name)) })
	}
	wg.Wait()
}

func (s *site) raise(make func() dome) { s.dome = make() }

func (s *site) watch() {
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		s.dome.Turn("north")
	}()
}

// open raises the dome at once, or its task does; a watch runs only once it is there.
func (s *site) open(later bool, make func() dome) {
	if !later {
		s.raise(make)
		s.watch()
	}
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		if s.dome == nil {
			s.raise(make)
			s.watch()
		}
		s.dome.Turn("south")
	}()
}

type night struct{ parallel int }

// oneSide starts tasks in all rounds or in none.
func (n *night) oneSide(plates []plate) []int {
	var mu sync.Mutex
	var wg sync.WaitGroup
	var counts []int
	for _, p := range plates {
		if n.parallel > 0 {
			wg.Go(func() {
				k, _ := develop(p)
				mu.Lock()
				counts = append(counts, k)
				mu.Unlock()
			})
		} else {
			k, _ := develop(p)
			counts = append(counts, k)
		}
	}
	wg.Wait()
	return counts
}

// numbered lets the task of the first plate write, told by its number.
func numbered(plates []plate) int {
	first := 0
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Go(func() {
			n, _ := develop(p)
			if p.id == 1 {
				first = n
			}
		})
	}
	wg.Wait()
	return first
}
