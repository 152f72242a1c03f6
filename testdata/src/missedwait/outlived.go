package missedwait

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Objects whose end does not reach a goroutine of theirs.

// A Purse forgets its coins every minute.
type Purse struct {
	mu    sync.Mutex
	coins int
}

// NewPurse sews a purse.
func NewPurse() *Purse {
	p := &Purse{}
	go p.forget()
	return p
}

func (p *Purse) forget() {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for range tick.C { // want `missedwait: Purse.forget goes round for ever; Purse.Close returns and leaves it behind`
		p.mu.Lock()
		p.coins = 0
		p.mu.Unlock()
	}
}

// Close empties the purse.
func (p *Purse) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.coins = 0
	return nil
}

// A Till stops its ticker, whose channel stays open.
type Till struct {
	tick  *time.Ticker
	coins chan int
}

// Open begins to count.
func (t *Till) Open() {
	t.tick = time.NewTicker(time.Minute)
	go func() {
		n := 0
		for range t.tick.C { // want `missedwait: the goroutine waits for ever for a tick; Till.Stop returns and leaves it behind`
			n += len(t.coins)
		}
	}()
}

// Stop stops the ticker.
func (t *Till) Stop() { t.tick.Stop() }

// A Safe has two loops, one in the other, and a literal that calls them.
type Safe struct {
	in, out chan int
}

// NewSafe locks a safe.
func NewSafe() (*Safe, error) {
	s := &Safe{in: make(chan int), out: make(chan int)}
	s.begin()
	return s, nil
}

func (s *Safe) begin() {
	go func() { s.turn() }()
}

func (s *Safe) turn() {
	for { // want `missedwait: the goroutine goes round for ever; Safe.Shutdown returns and leaves it behind`
		select {
		case n := <-s.in:
			for n > 0 {
				n--
			}
		case <-time.After(time.Second):
		}
	}
}

// Shutdown forgets the safe.
func (s *Safe) Shutdown() {}

// A Wallet is a Purse that hears when it is closed.
type Wallet struct {
	shut chan struct{}
	n    int
}

// NewWallet sews a wallet.
func NewWallet() *Wallet {
	w := &Wallet{shut: make(chan struct{})}
	go w.forget()
	return w
}

func (w *Wallet) forget() {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			w.n = 0
		case <-w.shut:
			return
		}
	}
}

// Close closes the wallet.
func (w *Wallet) Close() { close(w.shut) }

// A Chest has a goroutine that leaves when a call fails, or its list is through.
type Chest struct {
	items chan int
}

// NewChest fills a chest.
func NewChest(next func() (int, error)) *Chest {
	c := &Chest{items: make(chan int)}
	go func() {
		for {
			n, err := next()
			if err != nil {
				return
			}
			c.items <- n
		}
	}()
	go func() {
		for range c.items {
		}
	}()
	return c
}

// Close closes the chest.
func (c *Chest) Close() { close(c.items) }

// A Vault is there as long as the process is: it cannot be closed.
type Vault struct{ n int }

// NewVault digs a vault.
func NewVault() *Vault {
	v := &Vault{}
	go func() {
		for range time.Tick(time.Minute) {
			v.n++
		}
	}()
	return v
}

// theGauge is made once for the process.
var theGauge = newGauge()

// A gauge is made in one place, and that once.
type gauge struct{ n int }

func newGauge() *gauge {
	g := &gauge{}
	go g.count()
	return g
}

func (g *gauge) count() {
	for range time.Tick(time.Minute) {
		g.n++
	}
}

// Close forgets what was counted.
func (g *gauge) Close() { g.n = 0 }

// A Booth has a goroutine that a callee may end.
type Booth struct{ coins chan int }

// NewBooth opens a booth.
func NewBooth() *Booth {
	b := &Booth{coins: make(chan int)}
	go b.count()
	return b
}

func (b *Booth) count() {
	for {
		b.take()
	}
}

func (b *Booth) take() {
	if <-b.coins == 0 {
		runtime.Goexit()
	}
}

// Close ends the counting.
func (b *Booth) Close() { b.coins <- 0 }

// A Stall can be opened again, so that closing it is no end.
type Stall struct{ open bool }

// NewStall sets up a stall.
func NewStall() *Stall {
	s := &Stall{open: true}
	go s.watch()
	return s
}

func (s *Stall) watch() {
	for {
		time.Sleep(time.Second)
	}
}

// Open opens it.
func (s *Stall) Open() { s.open = true }

// Close closes it until tomorrow.
func (s *Stall) Close() { s.open = false }

// A Route has stops, which are no ends of it.
type Route struct{ stops []string }

// NewRoute draws a route.
func NewRoute() *Route {
	r := &Route{}
	go r.refresh()
	return r
}

func (r *Route) refresh() {
	for range time.Tick(time.Hour) {
		r.stops = nil
	}
}

// Stop is the stop with a number.
func (r *Route) Stop(i int) string { return r.stops[i] }

// sweeping: the process has a sweeper, which belongs to no broom.
var sweeping atomic.Bool

// A Broom is one of many.
type Broom struct{ n int }

// NewBroom binds a broom.
func NewBroom() *Broom {
	if sweeping.CompareAndSwap(false, true) {
		go func() {
			for {
				time.Sleep(time.Second)
			}
		}()
	}
	return &Broom{}
}

// Close puts it away.
func (b *Broom) Close() {}

// A Post rests before it stays in its loop.
type Post struct{ n int }

// NewPost drives in a post.
func NewPost() *Post {
	p := &Post{}
	go p.stand()
	return p
}

func (p *Post) stand() {
	for i := 0; i < 3; i++ {
		p.n++
	}
	for { // want `missedwait: Post.stand goes round for ever; Post.Close returns and leaves it behind`
		time.Sleep(time.Second)
	}
}

// Close pulls it out.
func (p *Post) Close() {}

// A Pier rests in two loops, of which the first one ends, and beside a short one.
type Pier struct {
	n  int
	in chan int
}

// NewPier builds a pier.
func NewPier() *Pier {
	p := &Pier{in: make(chan int)}
	go p.stand()
	return p
}

func (p *Pier) stand() {
	for {
		if <-p.in > 0 {
			break
		}
	}
	for range 3 {
		p.n++
	}
	if p.n > 3 {
		select {} // no loop, and no word of one
	}
	for { // want `missedwait: Pier.stand goes round for ever; Pier.Close returns and leaves it behind`
		for p.n > 0 {
			p.n--
		}
		time.Sleep(time.Second)
	}
}

// Close takes it down.
func (p *Pier) Close() {}

// A Crank does not return from Close, which waits for the one that turns it.
type Crank struct {
	turns   int
	turning sync.WaitGroup
}

// NewCrank begins to turn.
func NewCrank() *Crank {
	c := &Crank{}
	c.turning.Add(1)
	go func() {
		defer c.turning.Done()
		for {
			time.Sleep(time.Second)
			c.turns++
		}
	}()
	return c
}

// Close waits for ever.
func (c *Crank) Close() { c.turning.Wait() }

// A Quay waits for others.
type Quay struct {
	tides   int
	loading sync.WaitGroup
}

// NewQuay watches the tides.
func NewQuay() *Quay {
	q := &Quay{}
	go func() {
		for { // want `missedwait: the goroutine goes round for ever; Quay.Close returns and leaves it behind`
			time.Sleep(time.Second)
			q.tides++
		}
	}()
	return q
}

// Load is counted.
func (q *Quay) Load(crate func()) { q.loading.Go(crate) }

// Close waits for what is being loaded.
func (q *Quay) Close() { q.loading.Wait() }

// A Choir has a ticker for each voice, which a method that is not exported ranges over.
type Choir struct {
	tempi []time.Duration
	beats map[int]*time.Ticker
	sung  int
	done  chan int
}

// Begin starts the voices.
func (c *Choir) Begin() {
	for i, t := range c.tempi {
		beat := time.NewTicker(t)
		c.voice(beat)
		c.beats[i] = beat
	}
}

func (c *Choir) voice(beat *time.Ticker) {
	go func() {
		c.sung++
		for range beat.C { // want `missedwait: the goroutine waits for ever for a tick; Choir.Stop returns and leaves it behind`
			c.sung++
		}
	}()
}

// Stop stops the tickers.
func (c *Choir) Stop() {
	for _, b := range c.beats {
		b.Stop()
	}
}

// A Band has a channel for each voice as well.
type Band struct {
	tempi []time.Duration
	ends  []chan int
	sung  int
}

// Begin starts the voices.
func (b *Band) Begin() {
	for _, t := range b.tempi {
		end := make(chan int)
		b.voice(time.NewTicker(t), end)
		b.ends = append(b.ends, end)
	}
}

func (b *Band) voice(beat *time.Ticker, end chan int) {
	go func() {
		defer beat.Stop()
		for {
			select {
			case <-beat.C:
				b.sung++
			case <-end:
				return
			}
		}
	}()
}

// Stop ends the voices.
func (b *Band) Stop() {
	for _, end := range b.ends {
		close(end)
	}
}

// A Duet ends by itself, after some beats.
type Duet struct{ left int }

// Begin starts it.
func (d *Duet) Begin() { d.voice(time.NewTicker(time.Second)) }

func (d *Duet) voice(beat *time.Ticker) {
	go func() {
		for range beat.C {
			if d.left--; d.left < 0 {
				return
			}
		}
	}()
}

// Stop is for the others.
func (d *Duet) Stop() {}
