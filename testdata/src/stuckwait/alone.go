package stuckwait

import (
	"context"
	"errors"
)

// Channels that nobody else has yet.

// asksAlone leaves the error in a channel that it has not given back yet.
//
// not run: nobody can call it
func asksAlone(ctx context.Context, ship string) (<-chan int, <-chan error) {
	tons, errs := make(chan int), make(chan error)
	if err := unload(ctx, ship); err != nil {
		errs <- err // want `stuckwait: asksAlone blocks for ever sending on errs; nobody else has the channel yet`
		return tons, errs
	}
	go func() { tons <- inspect(ship) }()
	return tons, errs
}

// asksRoom has room for it.
func asksRoom(ctx context.Context, ship string) (<-chan int, <-chan error) {
	tons, errs := make(chan int), make(chan error, 1)
	if err := unload(ctx, ship); err != nil {
		errs <- err
		return tons, errs
	}
	go func() { tons <- inspect(ship) }()
	return tons, errs
}

// asksBeside has a goroutine that sends.
func asksBeside(ctx context.Context, ship string) (<-chan int, <-chan error) {
	tons, errs := make(chan int), make(chan error)
	if err := unload(ctx, ship); err != nil {
		go func() { errs <- err }()
		return tons, errs
	}
	go func() { tons <- inspect(ship) }()
	return tons, errs
}

// A watch tells what it has seen.
type watch struct {
	seen chan error
	ship string
}

// newWatch sends before anybody has the watch.
//
// not run: nobody can call it
func newWatch(ctx context.Context, ship string) *watch {
	w := &watch{seen: make(chan error), ship: ship}
	if ship == "" {
		w.seen <- errors.New("no ship") // want `stuckwait: newWatch blocks for ever sending on w.seen; nobody else has the channel yet`
	}
	return w
}

// kept is where all watches are known.
var kept []*watch

// keptWatch is known to others before it sends.
func keptWatch(ctx context.Context, ship string) *watch {
	w := &watch{seen: make(chan error), ship: ship}
	kept = append(kept, w)
	if ship == "" {
		w.seen <- errors.New("no ship")
	}
	return w
}

// givenBefore hands the channel on and then sends.
func givenBefore(ctx context.Context, ship string, read func(<-chan error)) error {
	errs := make(chan error)
	go read(errs)
	if err := unload(ctx, ship); err != nil {
		errs <- err
	}
	return nil
}

// tookEarly receives from what it has not given to anybody.
//
// not run: nobody can call it
func tookEarly(ctx context.Context, ship string, send func(chan<- int)) int {
	tons := make(chan int)
	if ship == "" {
		return <-tons // want `stuckwait: tookEarly blocks for ever receiving from tons; nobody else has the channel yet`
	}
	go send(tons)
	return <-tons
}

// eachRound makes a channel for each ship.
func eachRound(ctx context.Context, ships []string, send func(chan<- int)) (sum int) {
	for _, ship := range ships {
		tons := make(chan int)
		go send(tons)
		if ship != "" {
			sum += <-tons
		}
	}
	return sum
}

// eachRoundEarly makes one, and waits for it first.
//
// not run: nobody can call it
func eachRoundEarly(ctx context.Context, ships []string, send func(chan<- int)) (sum int) {
	for range ships {
		tons := make(chan int)
		sum += <-tons // want `stuckwait: eachRoundEarly blocks for ever receiving from tons; nobody else has the channel yet`
		go send(tons)
	}
	return sum
}

// forGood waits for ever on purpose.
//
// not run: it never ends
func forGood(ctx context.Context, ship string) {
	unload(ctx, ship)
	forever := make(chan struct{})
	<-forever
}

// closedBefore receives what is closed.
func closedBefore(ships []string) int {
	open := make(chan struct{})
	close(open)
	<-open
	return len(ships)
}

// handsOver gives the channel away by a case of a select before it sends.
func handsOver(in chan<- chan string, quit <-chan struct{}, parts []string) {
	out := make(chan string)
	select {
	case in <- out:
	case <-quit:
		return
	}
	for _, p := range parts {
		out <- p
	}
	close(out)
}
