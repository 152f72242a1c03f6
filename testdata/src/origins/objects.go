package origins

import (
	"context"

	"golang.org/x/sync/errgroup"
)

type job struct{ ctx context.Context }

func (j *job) run() error {
	return ask(j.ctx) // ask: group
}

func methodValue(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	j := &job{ctx: gctx}
	g.Go(j.run)
	return g.Wait()
}

type chore struct{ ctx context.Context }

func (c chore) run() error {
	return ask(c.ctx) // ask: group
}

func methodValueCopied(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	c := chore{ctx: gctx}
	g.Go(c.run)
	return g.Wait()
}

type duty struct{ ctx context.Context }

// otherDuty makes another object of the type of dutyRun's.
func otherDuty(ctx context.Context) *duty { return &duty{ctx: ctx} }

func (d *duty) run() error {
	return ask(d.ctx) // ask: group
}

func twoConstructors(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	d := &duty{ctx: gctx}
	g.Go(d.run)
	return g.Wait()
}

type bag struct {
	ctx  context.Context
	deep struct{ ctx context.Context }
}

func fieldOfLocal(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	b := bag{ctx: gctx}
	b.deep.ctx = ctx
	g.Go(func() error { return ask(b.ctx) })      // ask: group
	g.Go(func() error { return ask(b.deep.ctx) }) // ask: parent
	return g.Wait()
}

func fieldCopied(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	a := bag{ctx: gctx}
	b := a
	g.Go(func() error { return ask(b.ctx) }) // ask: group
	return g.Wait()
}

func fieldCopiedThenSet(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	a := bag{ctx: gctx}
	b := a
	a.ctx = ctx
	g.Go(func() error { return ask(b.ctx) }) // ask: unknown
	return g.Wait()
}

func fieldPassed(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return askBag(bag{ctx: gctx}) })
	return g.Wait()
}

func askBag(b bag) error {
	return ask(b.ctx) // ask: group
}

type seat struct{ ctx context.Context }

func (s *seat) move(ctx context.Context) { s.ctx = ctx }

func fieldMoved(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	s := &seat{ctx: gctx}
	s.move(ctx)
	g.Go(func() error { return ask(s.ctx) }) // ask: unknown
	return g.Wait()
}

type row struct{ first struct{ ctx context.Context } }

func (r *row) move(ctx context.Context) { r.first.ctx = ctx }

func deepFieldMoved(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	r := &row{}
	r.first.ctx = gctx
	r.move(ctx)
	g.Go(func() error { return ask(r.first.ctx) }) // ask: unknown
	return g.Wait()
}

type server struct {
	ctx context.Context
	n   int
}

func (s *server) reset() { s.ctx = context.Background() }

func (s *server) fieldIsParent() error {
	g, gctx := errgroup.WithContext(s.ctx)
	g.Go(func() error { return ask(s.ctx) }) // ask: parent
	g.Go(func() error { return ask(gctx) })  // ask: group
	return g.Wait()
}

func (s *server) fieldIsOther(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return ask(s.ctx) }) // ask: unknown
	g.Go(func() error { return ask(gctx) })  // ask: group
	return g.Wait()
}

func (s *server) fieldAssigned(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	s.ctx = gctx
	g.Go(func() error { return ask(s.ctx) }) // ask: group
	return g.Wait()
}

func (s *server) fieldAssignedAliased(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	same := s
	same.ctx = gctx
	g.Go(func() error { return ask(s.ctx) }) // ask: group
	return g.Wait()
}

func (s *server) fieldAssignedOnce(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	if s.n > 0 {
		s.ctx = gctx
	}
	g.Go(func() error { return ask(s.ctx) }) // ask: unknown
	return g.Wait()
}

func (s *server) fieldAssignedTwice(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	s.ctx = gctx
	s.ctx = ctx
	g.Go(func() error { return ask(s.ctx) }) // ask: unknown
	return g.Wait()
}

func (s *server) fieldReset(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	s.ctx = gctx
	s.reset()
	g.Go(func() error { return ask(s.ctx) }) // ask: unknown
	return g.Wait()
}

var shared context.Context

func throughGlobal(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	shared = gctx
	g.Go(func() error { return ask(shared) }) // ask: unknown
	return g.Wait()
}

func throughContainers(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	slice := []context.Context{gctx}
	array := [2]context.Context{gctx, ctx}
	byName := map[string]context.Context{"a": gctx}
	queue := make(chan context.Context, 1)
	queue <- gctx
	g.Go(func() error { return ask(slice[0]) })    // ask: unknown
	g.Go(func() error { return ask(array[1]) })    // ask: unknown
	g.Go(func() error { return ask(byName["a"]) }) // ask: unknown
	g.Go(func() error { return ask(<-queue) })     // ask: unknown
	return g.Wait()
}

type lifetime context.Context

func throughConversions(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	var boxed any = gctx
	g.Go(func() error { return ask(boxed.(context.Context)) }) // ask: group
	g.Go(func() error { return ask(lifetime(gctx)) })          // ask: group
	g.Go(func() error {
		if c, ok := boxed.(context.Context); ok {
			return ask(c) // ask: group
		}
		return nil
	})
	return g.Wait()
}

type traced struct {
	context.Context
	id int
}

func ownContextType(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	p := &traced{Context: gctx, id: 1}
	g.Go(func() error { return ask(p) })         // ask: group
	g.Go(func() error { return ask(p.Context) }) // ask: group
	return g.Wait()
}

func ownContextValue(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	v := traced{Context: gctx, id: 1}
	g.Go(func() error { return ask(v) })               // ask: group
	g.Go(func() error { return ask(traced{ctx, 2}) })  // ask: parent
	g.Go(func() error { return ask(&traced{ctx, 3}) }) // ask: parent
	return g.Wait()
}

func newTraced(ctx context.Context, id int) *traced { return &traced{ctx, id} }

func ownContextMade(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return ask(newTraced(gctx, 1)) }) // ask: group
	return g.Wait()
}
