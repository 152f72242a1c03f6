package racyerr

// Accesses and starts in functions that are called.

// A cellar counts its plates while its clock looks at the count.
type cellar struct {
	plates map[string]int
}

func (d *cellar) watch() int {
	n := 0
	for range d.plates {
		n++
	}
	return n
}

func (d *cellar) startClock() {
	go d.watch()
}

func (d *cellar) count(p string) {
	d.plates[p]++ // want `racyerr: cellar.count updates the map d.plates while a task reads it, without a lock`
}

// openCellar starts the clock in one function and counts in another.
func openCellar(plates []string) *cellar {
	d := &cellar{plates: map[string]int{}}
	d.startClock()
	for _, p := range plates {
		d.count(p)
	}
	return d
}
