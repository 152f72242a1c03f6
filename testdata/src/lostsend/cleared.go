package lostsend

import "sync"

// A chute is closed and taken away under its lock; what is in its field afterwards is nil.
type chute struct {
	mu   sync.Mutex
	down chan string
	end  chan struct{}
}

func newChute() *chute {
	return &chute{down: make(chan string), end: make(chan struct{})}
}

// attend takes the chute away when it is told to.
func (c *chute) attend() {
	<-c.end
	c.mu.Lock()
	down := c.down
	close(down)
	c.down = nil
	c.mu.Unlock()
}

// drop sends with the lock held.
func (c *chute) drop(title string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.down == nil {
		return
	}
	c.down <- title // want `lostsend: c.drop blocks for ever sending on c.down; .*`
}

// dropsUnread has nobody at the other end.
//
// not run: the finding is in a method
func dropsUnread(title string) {
	c := newChute()
	go func() { c.end <- struct{}{} }()
	go c.attend()
	go c.drop(title)
}

// slide is drop again.
func (c *chute) slide(title string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.down == nil {
		return
	}
	c.down <- title
}

// slidesRead takes what comes down, and does not see that the field is nil.
func slidesRead(title string) (got []string) {
	c := newChute()
	down := c.down
	go c.attend()
	go c.slide(title)
	go func() { c.end <- struct{}{} }()
	for t := range down {
		got = append(got, t)
	}
	return got
}

// slidesOff has a case that is switched off.
func slidesOff(titles []string) {
	c := newChute()
	go c.slide(titles[0])
	for range titles {
		select {
		case <-c.down:
			c.down = nil
		case <-c.end:
			return
		}
	}
}
