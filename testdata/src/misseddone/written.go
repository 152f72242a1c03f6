package misseddone

import (
	"context"
	"sync"
)

// Tasks that are told apart by what stands in a list.

// A round is where a parcel goes; of some the sender does not want to hear.
type round struct {
	parcel string
	silent bool
}

// byName has one round of three that does not count itself out, as the names are written.
func byName(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Add(2)
	for _, parcel := range []string{"letter", "box", "crate"} {
		go func() {
			if parcel == "letter" {
				return
			}
			defer wg.Done()
			_ = deliver(ctx, parcel)
		}()
	}
	wg.Wait()
}

// byTable has the same in a table.
func byTable(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Add(2)
	table := []round{{"letter", true}, {"box", false}, {parcel: "crate"}}
	for _, r := range table {
		go func() {
			if !r.silent {
				defer wg.Done()
				_ = deliver(ctx, r.parcel)
			}
		}()
	}
	wg.Wait()
}

// byPlace takes the item itself.
func byPlace(ctx context.Context) {
	over := make(chan struct{})
	parcels := [...]string{"letter", "box"}
	for i := range parcels {
		go func() {
			switch parcels[i] {
			case "box":
				close(over)
			default:
				_ = deliver(ctx, parcels[i])
			}
		}()
	}
	<-over
}

// byArgument has a task that is told its name.
func byArgument(ctx context.Context) {
	over := make(chan struct{})
	bring := func(parcel string) {
		_ = deliver(ctx, parcel)
		if parcel == "crate" {
			close(over)
		}
	}
	for _, parcel := range []string{"letter", "box", "crate"} {
		go bring(parcel)
	}
	<-over
}

// byLoop leaves one of them out before it starts a task.
func byLoop(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Add(2)
	for _, r := range []round{{"letter", false}, {"box", true}, {"crate", false}} {
		if r.silent {
			continue
		}
		go func() {
			defer wg.Done()
			_ = deliver(ctx, r.parcel)
		}()
	}
	wg.Wait()
}

// byCaller has a list that somebody else has written.
//
// not run: it hangs unless exactly one parcel is a crate
func byCaller(ctx context.Context, parcels []string) {
	over := make(chan struct{})
	for _, parcel := range parcels {
		go func() {
			if parcel == "crate" {
				close(over)
				return
			}
			_ = deliver(ctx, parcel)
		}() // want `misseddone: .* clos(e|ing) over`
	}
	<-over
}

// byOutcome has a table whose mark comes from elsewhere.
//
// not run: it hangs if the parcel is silent
func byOutcome(ctx context.Context, silent bool) {
	var wg sync.WaitGroup
	for _, r := range []round{{"letter", silent}, {"box", false}} {
		wg.Add(1)
		go func() {
			if r.silent {
				return // want `misseddone: .* wg\.Done`
			}
			defer wg.Done()
			_ = deliver(ctx, r.parcel)
		}()
	}
	wg.Wait()
}
