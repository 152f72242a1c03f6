package lostsend

import "sync"

// What a branch asks that the function has set itself: a flag that guards a close, a count of
// the tasks that were started.

type lamp struct {
	mu  sync.Mutex
	out bool
	end chan struct{}
}

func (l *lamp) burn() { <-l.end } // want `lostsend: l.burn blocks for ever receiving from l.end; readInTheDark returns without sending on it or closing it`

// dim closes end the first time.
func (l *lamp) dim() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.out {
		return
	}
	l.out = true
	close(l.end)
}

// readAloud puts the lamp out, for which it has to burn still.
func readAloud(title string, read func(string) error) error {
	l := &lamp{end: make(chan struct{})}
	go l.burn()
	defer l.dim()
	return read(title)
}

// readInTheDark never puts it out.
func readInTheDark(title string, read func(string) error) error {
	l := &lamp{end: make(chan struct{})}
	go l.burn()
	return read(title)
}

// someLent asks those shelves that have something, and hears all of them.
func someLent(titles []string, has func(string) bool, ask func(string) int) (lent int) {
	answers := make(chan int)
	asked := 0
	for _, title := range titles {
		if !has(title) {
			continue
		}
		asked++
		go func() { answers <- ask(title) }()
	}
	for range asked {
		lent += <-answers
	}
	return lent
}

// firstLent hears one of them.
func firstLent(titles []string, ask func(string) int) (lent int) {
	answers := make(chan int)
	for _, title := range titles {
		go func() { answers <- ask(title) }() // want `lostsend: the task blocks for ever sending on answers; firstLent returns without receiving from it`
	}
	for range min(1, len(titles)) {
		lent += <-answers
	}
	return lent
}
