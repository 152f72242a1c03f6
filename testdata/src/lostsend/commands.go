package lostsend

import (
	"context"
	"log"
	"log/slog"
	"os"
)

// renewAndExit ends the process, whatever what it calls gives back.
func renewAndExit(ctx context.Context, titles []string) {
	if err := renewNow(ctx, titles); err != nil {
		log.Println("renew:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// renewNow leaves tasks behind, and the process ends.
func renewNow(ctx context.Context, titles []string) error {
	errs := make(chan error)
	for _, title := range titles {
		go func() { errs <- renew(ctx, title) }()
	}
	for range titles {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// renewOrExit goes on when all is well.
func renewOrExit(ctx context.Context, titles []string) {
	if err := renewFatal(ctx, titles); err != nil {
		log.Fatalf("renew: %v", err)
	}
	for _, title := range titles {
		log.Println(title)
	}
}

// renewFatal leaves tasks behind with an error only, which ends the process.
func renewFatal(ctx context.Context, titles []string) error {
	errs := make(chan error)
	for _, title := range titles {
		go func() { errs <- renew(ctx, title) }()
	}
	for range titles {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// findOrExit goes on with what was found.
func findOrExit(ctx context.Context, titles []string) {
	title, err := anyShelf(ctx, titles)
	if err != nil {
		log.Fatal(err)
	}
	for range titles {
		log.Println(title)
	}
}

// anyShelf leaves tasks behind where it finds something.
func anyShelf(ctx context.Context, titles []string) (string, error) {
	found := make(chan string)
	for _, title := range titles {
		go func() {
			shelf, _ := lookUp(ctx, title)
			found <- shelf // want `lostsend: the task blocks for ever sending on found; anyShelf returns without receiving from it`
		}()
	}
	for range titles {
		if shelf := <-found; shelf != "" {
			return shelf, nil
		}
	}
	return "", context.Canceled
}

// renewAndLog tells a structured log before it ends the process.
func renewAndLog(ctx context.Context, titles []string) {
	if err := renewLogged(ctx, titles); err != nil {
		slog.ErrorContext(ctx, "renew", "err", err)
		os.Exit(1)
	}
}

// renewLogged leaves tasks behind, and the process ends.
func renewLogged(ctx context.Context, titles []string) error {
	errs := make(chan error)
	for _, title := range titles {
		go func() { errs <- renew(ctx, title) }()
	}
	for range titles {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// A command says how it is called, and what it does.
type Command struct {
	UsageLine string
	Run       func(args []string) error
}

// findCommand is the command of a program: the process ends with its function.
var findCommand = &Command{
	UsageLine: "find title...",
	Run:       func(args []string) error { return findFirst(context.Background(), args) },
}

// findFirst is called by a command only.
func findFirst(ctx context.Context, titles []string) error {
	errs := make(chan error)
	for _, title := range titles {
		go func() { errs <- renew(ctx, title) }()
	}
	for range titles {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// An order is none: who runs it goes on.
type order struct {
	text string
	run  func(args []string) error
}

var findOrder = order{
	text: "find title...",
	run:  func(args []string) error { return findOnce(context.Background(), args) },
}

// findOnce leaves tasks behind when it fails.
func findOnce(ctx context.Context, titles []string) error {
	errs := make(chan error)
	for _, title := range titles {
		go func() {
			errs <- renew(ctx, title) // want `lostsend: the task blocks for ever sending on errs; findOnce returns without receiving from it`
		}()
	}
	for range titles {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

type deskCommand struct{ ctx context.Context }

// Run gives back the status with which the process ends.
func (c *deskCommand) Run(args []string) int {
	errs := make(chan error)
	for _, title := range args {
		go func() { errs <- renew(c.ctx, title) }()
	}
	for range args {
		if err := <-errs; err != nil {
			return 1
		}
	}
	return 0
}

// A CmdClause is a command that is given its function by a call.
type CmdClause struct{ action func() error }

// Action sets it.
func (c *CmdClause) Action(action func() error) *CmdClause {
	c.action = action
	return c
}

func lendCommand(c *CmdClause) { c.Action(fetchBoth) }

// fetchBoth is the function of a command.
func fetchBoth() error {
	errs := make(chan error)
	for _, title := range []string{"maps", "songs"} {
		go func() { errs <- renew(context.Background(), title) }()
	}
	for range 2 {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// A notice is a message that is written when its text is known.
type notice struct{ err error }

// Fatal begins the last one.
func Fatal() *notice { return &notice{} }

func (n *notice) Err(err error) *notice {
	n.err = err
	return n
}

// Msg writes it and ends the process.
func (n *notice) Msg(text string) { log.Fatalln(text, n.err) }

// serveBoth leaves the one only when the other has ended; with an error the process ends.
func serveBoth(ctx context.Context) {
	left, right := make(chan error), make(chan error)
	go func() { left <- renew(ctx, "left") }()
	go func() {
		right <- renew(ctx, "right") // want `lostsend: the task blocks for ever sending on right; serveBoth returns without receiving from it`
	}()
	select {
	case err := <-left:
		log.Println(err)
	case err := <-right:
		Fatal().Err(err).Msg("right")
	}
}

// serveEither leaves the one only when the other has ended, or the process.
func serveEither(ctx context.Context) {
	front, back := make(chan error), make(chan error)
	go func() { front <- renew(ctx, "front") }()
	go func() { back <- renew(ctx, "back") }()
	select {
	case err := <-front:
		log.Println(err, <-back)
	case err := <-back:
		log.Fatal(err)
	}
}
