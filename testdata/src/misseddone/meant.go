package misseddone

import (
	"errors"
	"sync"
)

// A dock has berths, and a list of the ships that lie there.
type dock struct {
	berths chan struct{}
	lying  []string
}

var errNoShipName = errors.New("no name")

func (d *dock) enter(ship string) error {
	d.lying = append(d.lying, ship)
	if ship == "" {
		return errNoShipName
	}
	return nil
}

// berthKept says why the berth stays taken.
func (d *dock) berthKept(ship string) error {
	d.berths <- struct{}{}
	if err := d.enter(ship); err != nil {
		// The place in berths is not given back: the ship is lying there, although
		// it is not known by name.
		return err
	}
	<-d.berths
	return nil
}

// berthLost says something else.
func (d *dock) berthLost(ship string) error {
	d.berths <- struct{}{}
	if err := d.enter(ship); err != nil { // want +2 `misseddone: dock\.berthLost returns without receiving from d\.berths`
		// a ship without a name
		return err
	}
	<-d.berths
	return nil
}

// A lockGate lets one ship at a time through, until the canal is drained.
type lockGate struct {
	gate sync.Mutex
	dock dock
}

// drainKept says so over the condition, and means both returns.
func (g *lockGate) drainKept(ship string) error {
	g.gate.Lock()
	if err := g.dock.enter(ship); err != nil {
		g.gate.Unlock()
		return err
	}
	// Do not unlock once the canal is drained: no ship gets through any more.
	if len(g.dock.lying) > 99 {
		return errNoShipName
	}
	if len(g.dock.lying) > 98 {
		return nil
	}
	g.gate.Unlock()
	return nil
}

// drainLost only says what the condition is about.
func (g *lockGate) drainLost(ship string) error {
	g.gate.Lock()
	if err := g.dock.enter(ship); err != nil {
		g.gate.Unlock()
		return err
	}
	// The canal is drained, the gate is the one to unlock last.
	if len(g.dock.lying) > 99 {
		return errNoShipName // want `misseddone: lockGate\.drainLost returns without g\.gate\.Unlock`
	}
	g.gate.Unlock()
	return nil
}

// drainedAbove does not unlock the gate when the ship has no name.
func (g *lockGate) drainedAbove(ship string) error {
	g.gate.Lock()
	if err := g.dock.enter(ship); err != nil {
		return err
	}
	g.gate.Unlock()
	return nil
}

// drainedEarly says how it unlocks.
func (g *lockGate) drainedEarly(ship string) error {
	g.gate.Lock()
	if err := g.dock.enter(ship); err != nil {
		return err // want `misseddone: lockGate\.drainedEarly returns without g\.gate\.Unlock`
	}
	// not deferred: unlock comes before the bell
	g.gate.Unlock()
	return nil
}

// heldOnError leaves the gate locked when the ship has no name, and says so.
func (g *lockGate) heldOnError(ship string) error {
	g.gate.Lock()
	if err := g.dock.enter(ship); err != nil {
		// Intentionally leave the gate held: nothing may pass once a ship is lost.
		return err
	}
	g.gate.Unlock()
	return nil
}

// heldForCaller fails with the gate as it is. On an error the caller must release it.
func (g *lockGate) heldForCaller(ship string) error {
	g.gate.Lock()
	if err := g.dock.enter(ship); err != nil {
		return err
	}
	g.gate.Unlock()
	return nil
}

// heldByCaller is about another lock: the caller must hold that of the canal.
func (g *lockGate) heldByCaller(ship string) error {
	g.gate.Lock()
	if err := g.dock.enter(ship); err != nil {
		return err // want `misseddone: lockGate\.heldByCaller returns without g\.gate\.Unlock`
	}
	// never leave the gate locked: ships wait
	g.gate.Unlock()
	return nil
}
