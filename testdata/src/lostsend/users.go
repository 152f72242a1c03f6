package lostsend

import (
	"context"
	"time"
)

// foundInTime is for users.
func foundInTime(title string) (shelf string) {
	shelves := make(chan string)
	go func() {
		shelf, _ := lookUp(context.Background(), title)
		shelves <- shelf // want `lostsend: the task blocks for ever sending on shelves; foundInTime returns without receiving from it`
	}()
	select {
	case shelf = <-shelves:
	case <-time.After(time.Second):
	}
	return shelf
}

// A Berth lives as long as the program: it has no end, and whoever has told it something
// may do so again.
type Berth struct{ in chan int }

// NewBerth starts it.
func NewBerth() *Berth {
	b := &Berth{in: make(chan int)}
	go b.count()
	return b
}

func (b *Berth) count() {
	n := 0
	for x := range b.in {
		n += x
	}
}

// Tell does not wait until it is heard.
func (b *Berth) Tell(x int) {
	go func() { b.in <- x }()
}
