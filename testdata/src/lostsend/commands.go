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
