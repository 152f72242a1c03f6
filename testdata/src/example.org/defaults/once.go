package defaults

import (
	"context"
	"log"
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
