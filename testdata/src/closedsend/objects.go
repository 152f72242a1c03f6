package closedsend

import "sync"

// A Mast keeps a list of planes that its lookout fills.
type Mast struct {
	seen chan string
	last string
}

// NewMast sends a lookout up.
func NewMast(plane string) *Mast {
	m := &Mast{seen: make(chan string, 8)}
	go m.look(plane)
	go m.write()
	return m
}

func (m *Mast) look(plane string) {
	for range 3 {
		m.seen <- sight(plane) // want `closedsend: m.look sends on m.seen after Mast.Close has closed it; the program panics`
	}
}

func (m *Mast) write() {
	for p := range m.seen {
		_ = note(p)
	}
}

// Close ends it, though the lookout may be up there.
func (m *Mast) Close() {
	close(m.seen)
}

// A Tower is a Mast that waits for its lookout.
type Tower struct {
	seen chan string
	quit chan struct{}
	up   sync.WaitGroup
}

// NewTower sends a lookout up.
func NewTower(plane string) *Tower {
	t := &Tower{seen: make(chan string), quit: make(chan struct{})}
	t.up.Add(1)
	go t.look(plane)
	go t.write()
	return t
}

func (t *Tower) look(plane string) {
	defer t.up.Done()
	for {
		select {
		case t.seen <- sight(plane):
		case <-t.quit:
			return
		}
	}
}

func (t *Tower) write() {
	for p := range t.seen {
		_ = note(p)
	}
}

// Close waits for the lookout.
func (t *Tower) Close() {
	close(t.quit)
	t.up.Wait()
	close(t.seen)
}

// A Lamp is put out once, by its keeper or by whoever comes.
type Lamp struct {
	light chan string
	quit  chan struct{}
	out   sync.Once
}

// NewLamp lights it.
func NewLamp(plane string) *Lamp {
	l := &Lamp{light: make(chan string), quit: make(chan struct{})}
	go func() {
		if err := note(plane); err != nil {
			select {
			case <-l.quit:
			default:
				_ = note(err.Error())
			}
		}
		l.Close()
	}()
	return l
}

// See waits for the light, or its end.
func (l *Lamp) See() string {
	select {
	case s := <-l.light:
		return s
	case <-l.quit:
		return ""
	}
}

// Close puts it out.
func (l *Lamp) Close() error {
	var err error
	l.out.Do(func() {
		close(l.quit)
		err = note("out")
	})
	return err
}
