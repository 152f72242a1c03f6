package wgcount

import "golang.org/x/sync/errgroup"

// twoShifts gives the second shift more keepers while the first is at work.
func twoShifts(morning, evening []func() error) error {
	var g errgroup.Group
	g.SetLimit(4)
	for _, visit := range morning {
		g.Go(visit)
	}
	g.SetLimit(8) // want `wgcount: g\.SetLimit is called while a task of g runs under another limit; it panics`
	for _, visit := range evening {
		g.Go(visit)
	}
	return g.Wait()
}

// openShift lifts the limit for the second one.
func openShift(morning, evening []func() error) error {
	var g errgroup.Group
	g.SetLimit(4)
	for _, visit := range morning {
		g.Go(visit)
	}
	g.SetLimit(-1) // want `wgcount: g\.SetLimit lifts the limit while a task of g runs under it; the two race`
	for _, visit := range evening {
		g.Go(visit)
	}
	return g.Wait()
}

// shiftAfterShift waits for the first one.
func shiftAfterShift(morning, evening []func() error) error {
	var g errgroup.Group
	g.SetLimit(4)
	for _, visit := range morning {
		g.Go(visit)
	}
	if err := g.Wait(); err != nil {
		return err
	}
	g.SetLimit(8)
	for _, visit := range evening {
		g.Go(visit)
	}
	return g.Wait()
}

// chosenShift decides before anybody is sent.
func chosenShift(visits []func() error, hurry bool) error {
	var g errgroup.Group
	g.SetLimit(4)
	if hurry {
		g.SetLimit(8)
	}
	for _, visit := range visits {
		g.Go(visit)
	}
	return g.Wait()
}

// freeShift has no limit until it says once more that there is none.
func freeShift(morning, evening []func() error) error {
	var g errgroup.Group
	g.SetLimit(-1)
	for _, visit := range morning {
		g.Go(visit)
	}
	g.SetLimit(-1)
	for _, visit := range evening {
		g.Go(visit)
	}
	return g.Wait()
}

// firstRound sets the limit in the first round of a range only: no task runs under another.
func firstRound(visits []func() error) error {
	var g errgroup.Group
	for i, visit := range visits {
		if i == 0 {
			g.SetLimit(4)
		}
		g.Go(visit)
	}
	return g.Wait()
}

// laterRounds sets it in all rounds but the first.
func laterRounds(visits []func() error) error {
	var g errgroup.Group
	for i, visit := range visits {
		if i != 0 {
			g.SetLimit(4) // want `wgcount: g\.SetLimit is called while a task of g runs under another limit; it panics`
		}
		g.Go(visit)
	}
	return g.Wait()
}
