package explained

// A Lock of a canal has two keepers, of whom one leaves when it is shut.
type Lock struct {
	shut  chan struct{}
	boats chan int
}

// NewLock makes a lock.
func NewLock() *Lock { return &Lock{shut: make(chan struct{}), boats: make(chan int)} }

// Man posts the keepers.
func (l *Lock) Man(sluice func(int) error) {
	go func() {
		for {
			select {
			case <-l.shut:
				return
			case <-l.boats:
			}
		}
	}()
	go func() {
		for n := 0; sluice(n) == nil; n++ {
			l.boats <- n
		}
	}()
}

// Shut sends them home.
func (l *Lock) Shut() { close(l.shut) }
