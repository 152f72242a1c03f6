package explained

import (
	"sync"
	"time"
)

// A winch turns for ever: what is found in NewWinch is no matter of its tasks.
type Winch struct {
	mu    sync.Mutex
	turns int
}

func NewWinch() *Winch {
	w := &Winch{}
	go w.turn()
	return w
}

func (w *Winch) turn() {
	for {
		time.Sleep(time.Second)
		w.mu.Lock()
		w.turns++
		w.mu.Unlock()
	}
}

func (w *Winch) Close() error { return nil }
