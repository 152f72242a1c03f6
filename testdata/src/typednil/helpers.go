package typednil

import (
	"errors"
	"log/slog"

	"github.com/hashicorp/go-multierror"
)

type buoy struct{ adrift bool }

func (b buoy) check() error {
	if b.adrift {
		return errors.New("adrift")
	}
	return nil
}

type fleet struct {
	g    multierror.Group
	last error
}

type report struct{ err error }

func startAll(g *multierror.Group, buoys []buoy) {
	for _, b := range buoys {
		g.Go(b.check)
	}
}

func logbook(err error) {
	if err != nil {
		slog.Error("inspection", "error", err)
	}
}
