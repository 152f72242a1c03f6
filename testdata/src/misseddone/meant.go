package misseddone

import "errors"

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
