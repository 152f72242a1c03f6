package racyerr

import "sync"

// A channel with room for one, behind methods, is a lock.

type bath struct {
	door chan struct{}
}

func (d *bath) enter() { d.door <- struct{}{} }
func (d *bath) leave() { <-d.door }

func (d *bath) with(f func()) {
	d.enter()
	defer d.leave()
	f()
}

// countsInside counts where one task at a time can be.
func countsInside(plates []plate) int {
	room := &bath{door: make(chan struct{}, 1)}
	failed := 0
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if _, err := develop(p); err != nil {
				room.enter()
				failed++
				room.leave()
			}
		}()
	}
	wg.Wait()
	return failed
}

// countsWith has it done there.
func countsWith(plates []plate) int {
	room := &bath{door: make(chan struct{}, 1)}
	failed := 0
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if _, err := develop(p); err != nil {
				room.with(func() { failed++ })
			}
		}()
	}
	wg.Wait()
	return failed
}

// countsOut leaves before it counts.
func countsOut(plates []plate) int {
	room := &bath{door: make(chan struct{}, 1)}
	failed := 0
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Add(1)
		go func() {
			defer wg.Done()
			room.enter()
			_, err := develop(p)
			room.leave()
			if err != nil {
				failed++ // want `racyerr: concurrent tasks write the same failed without a lock; which value stays is chance`
			}
		}()
	}
	wg.Wait()
	return failed
}

// countsApart has a room for each plate.
func countsApart(plates []plate) int {
	failed := 0
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Add(1)
		go func() {
			defer wg.Done()
			room := &bath{door: make(chan struct{}, 1)}
			if _, err := develop(p); err != nil {
				room.enter()
				failed++ // want `racyerr: concurrent tasks write the same failed without a lock that keeps the two apart; which value stays is chance`
				room.leave()
			}
		}()
	}
	wg.Wait()
	return failed
}

func newBath() *bath { return &bath{door: make(chan struct{}, 1)} }

// countsAlone has a room made for each plate by a function.
func countsAlone(plates []plate) int {
	failed := 0
	var wg sync.WaitGroup
	for _, p := range plates {
		room := newBath()
		wg.Add(1)
		go func() {
			defer wg.Done()
			if _, err := develop(p); err != nil {
				room.enter()
				failed++ // want `racyerr: concurrent tasks write the same failed without a lock`
				room.leave()
			}
		}()
	}
	wg.Wait()
	return failed
}

// countsAndStays leaves it to another to open the door.
func countsAndStays(plates []plate) int {
	room := newBath()
	failed := 0
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, err := develop(p)
			room.enter()
			if err != nil {
				failed++ // want `racyerr: concurrent tasks write the same failed without a lock`
			}
		}()
	}
	for range plates {
		room.leave()
	}
	wg.Wait()
	return failed
}

func newRooms(n int) chan struct{} { return make(chan struct{}, n) }

// countsInOne has one room made, by a function that can make more.
func countsInOne(plates []plate) int {
	room := newRooms(1)
	failed := 0
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if _, err := develop(p); err != nil {
				room <- struct{}{}
				failed++
				<-room
			}
		}()
	}
	wg.Wait()
	return failed
}

// countsInThree has three.
func countsInThree(plates []plate) int {
	room := newRooms(3)
	failed := 0
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if _, err := develop(p); err != nil {
				room <- struct{}{}
				failed++ // want `racyerr: concurrent tasks write the same failed without a lock; which value stays is chance`
				<-room
			}
		}()
	}
	wg.Wait()
	return failed
}

// countsByScale locks by what stays the same for both tasks.
func countsByScale(first, last plate, fine bool) int {
	var broad, narrow sync.Mutex
	failed := 0
	count := func(p plate) {
		if _, err := develop(p); err == nil {
			return
		}
		if fine {
			narrow.Lock()
			failed++
			narrow.Unlock()
		} else {
			broad.Lock()
			failed++
			broad.Unlock()
		}
	}
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		count(first)
	}()
	go func() {
		defer wg.Done()
		count(last)
	}()
	wg.Wait()
	return failed
}

// countsByPlate locks by what each task finds.
func countsByPlate(first, last plate) int {
	var broad, narrow sync.Mutex
	failed := 0
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		if _, err := develop(first); err != nil {
			narrow.Lock()
			failed++ // want `racyerr: a task writes failed while another task writes it, without a lock that keeps the two apart`
			narrow.Unlock()
		}
	}()
	go func() {
		defer wg.Done()
		if _, err := develop(last); err != nil {
			broad.Lock()
			failed++
			broad.Unlock()
		}
	}()
	wg.Wait()
	return failed
}

// countsByNumber has one of the two write, whichever number it is given.
func countsByNumber(p plate, n int) int {
	failed := 0
	done := make(chan struct{})
	go func() {
		defer close(done)
		if n == 0 {
			failed++
		}
		develop(p)
	}()
	if n != 0 {
		failed++
	}
	<-done
	return failed
}

// countsByMark asks for the one side in words.
func countsByMark(p plate, fine bool) int {
	failed := 0
	done := make(chan struct{})
	go func() {
		defer close(done)
		if fine == false {
			failed++
		}
		develop(p)
	}()
	if fine {
		failed++
	}
	<-done
	return failed
}

// countsByCase has another case in the goroutine, in what it calls.
func countsByCase(p plate, scale string) int {
	failed := 0
	count := func() {
		if scale == "broad" {
			failed++
		}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		switch scale {
		case "broad":
			develop(p)
		case "narrow":
			failed++
		}
	}()
	count()
	<-done
	return failed
}

// countsByTwoCases comes to both with 2.
func countsByTwoCases(p plate, n int) int {
	failed := 0
	done := make(chan struct{})
	go func() {
		defer close(done)
		if n != 0 {
			failed++ // want `racyerr: a task writes failed while countsByTwoCases writes it, without a lock; which value stays is chance`
		}
		develop(p)
	}()
	switch n {
	case 2:
		failed++
	}
	<-done
	return failed
}

// countsByTurn asks for a number that is another one by then.
func countsByTurn(p plate, n int) int {
	failed := 0
	done := make(chan struct{})
	if n == 0 {
		go func() {
			defer close(done)
			failed++ // want `racyerr: a task writes failed while countsByTurn writes it, without a lock; which value stays is chance`
			develop(p)
		}()
	} else {
		close(done)
	}
	n++
	if n != 0 {
		failed++
	}
	<-done
	return failed
}
