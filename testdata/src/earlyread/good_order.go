package earlyread

import (
	"context"
	"sync"
)

// overTwo reads before it lets the first task go on, which lets the second write.
func overTwo() int {
	apples := 1
	first, second, done := make(chan int), make(chan int), make(chan int)
	go func() {
		defer close(second)
		<-first
	}()
	go func() { <-second; apples = 2; close(done) }()
	n := apples
	first <- 1
	<-done
	return n
}

// throughAnother is told of the weight by a task that has waited for it.
func throughAnother(ctx context.Context, c crate) int {
	apples := 0
	weighed, told := make(chan struct{}), make(chan struct{})
	go func() {
		apples, _ = weigh(ctx, c)
		close(weighed)
	}()
	go func() {
		<-weighed
		close(told)
	}()
	<-told
	return apples
}

// inOnce waits in a function that once runs in place.
func inOnce(once *sync.Once, c crate) int {
	apples := 0
	var wg sync.WaitGroup
	wg.Go(func() { apples = c.apples })
	once.Do(func() { wg.Wait() })
	return apples
}

// onlyThen reads the weight in the case that tells of it.
func onlyThen(ctx context.Context, s scale) (int, error) {
	var grams int
	read := make(chan error, 1)
	go func() {
		var err error
		grams, err = s.Read()
		read <- err
	}()
	select {
	case err := <-read:
		return grams, err
	case <-ctx.Done():
		s.Close()
		return 0, ctx.Err()
	}
}
