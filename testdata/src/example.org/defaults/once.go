package defaults

import (
	"context"
	"log"
	"time"
)

// A Command says how it is called, and what it does.
type Command struct {
	UsageLine string
	Run       func(args []string) error
}

// weighCommand weighs for a long time after it has asked for the scales.
var weighCommand = &Command{
	UsageLine: "weigh crate...",
	Run: func(args []string) error {
		scales := anyScales(context.Background(), args)
		for _, crate := range args {
			log.Println(crate, scales, eachScales(context.Background(), crate))
		}
		return nil
	},
}

func askScales(ctx context.Context, where string) string {
	if ctx.Err() != nil {
		return ""
	}
	return where
}

// anyScales leaves the slower ones behind, once in the life of the process.
func anyScales(ctx context.Context, places []string) string {
	found := make(chan string)
	for _, place := range places {
		go func() { found <- askScales(ctx, place) }()
	}
	return <-found
}

// eachScales leaves one behind for each crate.
func eachScales(ctx context.Context, crate string) string {
	found := make(chan string)
	for _, place := range []string{crate, "yard"} {
		go func() {
			found <- askScales(ctx, place) // want `lostsend: the task blocks for ever sending on found; eachScales returns without receiving from it`
		}()
	}
	return <-found
}

// measureCommand measures few things, one after the other.
var measureCommand = &Command{
	UsageLine: "measure [thing]",
	Run: func(args []string) error {
		things := []string{"depth", "width"}
		if len(args) > 0 {
			things = []string{args[0]}
		}
		for _, thing := range things {
			log.Println(thing, oneScale(context.Background(), thing))
		}
		return nil
	},
}

// oneScale leaves one behind for each of them.
func oneScale(ctx context.Context, thing string) string {
	found := make(chan string)
	for _, place := range []string{thing, "yard"} {
		go func() { found <- askScales(ctx, place) }()
	}
	return <-found
}

// spareCommand asks again and again.
var spareCommand = &Command{
	UsageLine: "spare",
	Run: func(args []string) error {
		spareScales(context.Background(), args)
		askedAgain(context.Background(), args)
		return roundAgain(context.Background())
	},
}

// spareScales leaves one behind in each round of its own loop.
func spareScales(ctx context.Context, places []string) {
	for _, place := range places {
		found := make(chan string)
		go func() {
			found <- askScales(ctx, place) // want `lostsend: the task blocks for ever sending on found; spareScales returns without receiving from it`
		}()
		select {
		case <-found:
		case <-time.After(time.Second):
		}
	}
}

// askedAgain leaves one behind each time that its literal is called.
func askedAgain(ctx context.Context, places []string) {
	ask := func(place string) {
		found := make(chan string)
		go func() {
			found <- askScales(ctx, place) // want `lostsend: the task blocks for ever sending on found; askedAgain returns without receiving from it`
		}()
		select {
		case <-found:
		case <-time.After(time.Second):
		}
	}
	for _, place := range places {
		ask(place)
	}
}

// roundAgain goes back.
func roundAgain(ctx context.Context) error {
	n := 0
again:
	firstScale(ctx)
	if n++; n < 100 {
		goto again
	}
	return nil
}

// firstScale leaves one behind in each round of who calls it.
func firstScale(ctx context.Context) {
	found := make(chan string)
	go func() {
		found <- askScales(ctx, "yard") // want `lostsend: the task blocks for ever sending on found; firstScale returns without receiving from it`
	}()
	select {
	case <-found:
	case <-time.After(time.Second):
	}
}
