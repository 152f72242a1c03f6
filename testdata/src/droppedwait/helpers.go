// Package droppedwait has good and bad fan-outs for the check of the same name.
package droppedwait

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os/exec"

	"golang.org/x/sync/errgroup"
)

var errNobodyHome = errors.New("nobody at home")

// A parcel goes to one address.
type parcel struct {
	id      int
	address string
}

// deliver brings one parcel; it ends when ctx does.
func deliver(ctx context.Context, p parcel) error {
	if p.address == "" {
		return errNobodyHome
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://parcels.example/"+p.address, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// weigh never fails, although its type allows it to.
func weigh(p parcel) error {
	slog.Info("weigh", "parcel", p.id)
	return nil
}

// deliverAll starts a task for each parcel.
func deliverAll(g *errgroup.Group, ctx context.Context, parcels []parcel) {
	for _, p := range parcels {
		g.Go(func() error { return deliver(ctx, p) })
	}
}

// printLabels runs the printer.
func printLabels() error {
	return exec.Command("lp", "labels").Run()
}

// A depot is a group of its own.
type depot struct {
	errgroup.Group
	name string
}

// A van has its group in a field.
type van struct {
	loaders *errgroup.Group
	errs    []error
}

// A bell has a Wait that returns an error, and is no group.
type bell struct{ rung chan error }

func (b *bell) Wait() error { return <-b.rung }
