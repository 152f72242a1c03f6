package lostsend

import "context"

// Answers to messages: whoever has sent one may not wait for it any more.

// A question carries the channel for its answer.
type question struct {
	ctx    context.Context
	hive   string
	answer chan int
}

// A Keeper answers in a goroutine.
type Keeper struct {
	questions chan question
	quit      chan struct{}
	count     func(ctx context.Context, hive string) int
}

// NewKeeper starts it.
func NewKeeper(count func(context.Context, string) int) *Keeper {
	k := &Keeper{questions: make(chan question), quit: make(chan struct{}), count: count}
	go k.keep()
	return k
}

func (k *Keeper) keep() {
	for {
		select {
		case q := <-k.questions:
			q.answer <- k.count(q.ctx, q.hive) // want `lostsend: Keeper.keep blocks for ever sending on q.answer; Keeper.Ask returns without receiving from it`
		case <-k.quit:
			return
		}
	}
}

// Ask leaves at the end of its context.
func (k *Keeper) Ask(ctx context.Context, hive string) (int, error) {
	answer := make(chan int)
	select {
	case k.questions <- question{ctx, hive, answer}:
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	select {
	case n := <-answer:
		return n, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// Close ends it.
func (k *Keeper) Close() { close(k.quit) }

// A Warden has room for an answer that nobody waits for.
type Warden struct {
	questions chan question
	quit      chan struct{}
	count     func(ctx context.Context, hive string) int
}

// NewWarden starts it.
func NewWarden(count func(context.Context, string) int) *Warden {
	w := &Warden{questions: make(chan question), quit: make(chan struct{}), count: count}
	go w.keep()
	return w
}

func (w *Warden) keep() {
	for {
		select {
		case q := <-w.questions:
			q.answer <- w.count(q.ctx, q.hive)
		case <-w.quit:
			return
		}
	}
}

// Ask leaves at the end of its context.
func (w *Warden) Ask(ctx context.Context, hive string) (int, error) {
	answer := make(chan int, 1)
	select {
	case w.questions <- question{ctx, hive, answer}:
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	select {
	case n := <-answer:
		return n, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// Close ends it.
func (w *Warden) Close() { close(w.quit) }

// A Porter answers only whoever still waits.
type Porter struct {
	questions chan question
	count     func(ctx context.Context, hive string) int
}

// NewPorter starts it.
func NewPorter(count func(context.Context, string) int) *Porter {
	p := &Porter{questions: make(chan question), count: count}
	go func() {
		for q := range p.questions {
			p.reply(q)
		}
	}()
	return p
}

func (p *Porter) reply(q question) {
	select {
	case q.answer <- p.count(q.ctx, q.hive):
	case <-q.ctx.Done():
	}
}

// Ask leaves at the end of its context.
func (p *Porter) Ask(ctx context.Context, hive string) (int, error) {
	q := question{ctx: ctx, hive: hive, answer: make(chan int)}
	p.questions <- q
	select {
	case n := <-q.answer:
		return n, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// A Doorman waits for each answer, however long it takes.
type Doorman struct {
	questions chan question
	count     func(ctx context.Context, hive string) int
}

// NewDoorman starts it.
func NewDoorman(count func(context.Context, string) int) *Doorman {
	d := &Doorman{questions: make(chan question), count: count}
	go d.keep()
	return d
}

func (d *Doorman) keep() {
	for q := range d.questions {
		q.answer <- d.count(q.ctx, q.hive)
	}
}

// Ask waits.
func (d *Doorman) Ask(ctx context.Context, hive string) int {
	answer := make(chan int)
	d.questions <- question{ctx, hive, answer}
	return <-answer
}

// A Beadle answers plainly; those who ask keep the channel, never give up, or do not return.
type Beadle struct {
	questions chan question
	late      chan chan int
	count     func(ctx context.Context, hive string) int
}

// NewBeadle starts it.
func NewBeadle(count func(context.Context, string) int) *Beadle {
	b := &Beadle{questions: make(chan question), late: make(chan chan int, 8), count: count}
	go b.keep()
	go b.sweep()
	return b
}

func (b *Beadle) keep() {
	for q := range b.questions {
		q.answer <- b.count(q.ctx, q.hive)
	}
}

func (b *Beadle) sweep() {
	for answer := range b.late {
		<-answer
	}
}

// Ask leaves the channel to who sweeps.
func (b *Beadle) Ask(ctx context.Context, hive string) int {
	answer := make(chan int)
	b.questions <- question{ctx, hive, answer}
	select {
	case n := <-answer:
		return n
	case <-ctx.Done():
		b.late <- answer
		return 0
	}
}

// Insist has a context that does not end.
func (b *Beadle) Insist(ctx context.Context, hive string) int {
	ctx = context.WithoutCancel(ctx)
	answer := make(chan int)
	b.questions <- question{ctx, hive, answer}
	select {
	case n := <-answer:
		return n
	case <-ctx.Done():
		return 0
	}
}

// Demand ends the program.
func (b *Beadle) Demand(ctx context.Context, hive string) int {
	answer := make(chan int)
	b.questions <- question{ctx, hive, answer}
	select {
	case n := <-answer:
		return n
	case <-ctx.Done():
		panic("nobody counts")
	}
}

// A Sexton answers in a method of its own, and is asked by pointers.
type Sexton struct {
	questions chan *question
	count     func(ctx context.Context, hive string) int
}

// NewSexton starts it.
func NewSexton(count func(context.Context, string) int) *Sexton {
	s := &Sexton{questions: make(chan *question), count: count}
	go func() {
		for q := range s.questions {
			s.reply(q)
		}
	}()
	return s
}

func (s *Sexton) reply(q *question) {
	q.answer <- s.count(q.ctx, q.hive) // want `lostsend: Sexton.reply blocks for ever sending on q.answer; Sexton.Ask returns without receiving from it`
}

// Ask leaves at the end of its context.
func (s *Sexton) Ask(ctx context.Context, hive string) (int, error) {
	q := &question{ctx: ctx, hive: hive}
	q.answer = make(chan int)
	s.questions <- q
	select {
	case n := <-q.answer:
		return n, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// Close ends it.
func (s *Sexton) Close() { close(s.questions) }

// A Curate remembers who has asked, and receives what is left when it is over.
type Curate struct {
	questions chan *question
	asked     map[string]*question
	count     func(ctx context.Context, hive string) int
}

// Answer answers until nobody asks.
func (c *Curate) Answer() {
	for q := range c.questions {
		q.answer <- c.count(q.ctx, q.hive)
	}
}

// Ask leaves at the end of its context.
func (c *Curate) Ask(ctx context.Context, hive string) (int, error) {
	q := &question{ctx: ctx, hive: hive, answer: make(chan int)}
	c.asked[hive] = q
	c.questions <- q
	select {
	case n := <-q.answer:
		return n, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// Forget receives what somebody has not waited for.
func (c *Curate) Forget(hive string) { <-c.asked[hive].answer }

// A cask is waited for or not, and says so.
type cask struct {
	waits bool
	done  chan error
}

// A Cellarer answers who waits in any case, and others if they are there.
type Cellarer struct{ orders chan cask }

// NewCellarer opens a cellar.
func NewCellarer() *Cellarer {
	c := &Cellarer{make(chan cask)}
	go c.serve()
	return c
}

func (c *Cellarer) serve() {
	for o := range c.orders {
		if o.waits {
			o.done <- nil
			continue
		}
		select {
		case o.done <- nil:
		default:
		}
	}
}

// Fetch waits for the answer.
func (c *Cellarer) Fetch() error {
	o := cask{true, make(chan error)}
	c.orders <- o
	return <-o.done
}

// Ask leaves when the context ends.
func (c *Cellarer) Ask(ctx context.Context) error {
	o := cask{false, make(chan error)}
	c.orders <- o
	select {
	case err := <-o.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
