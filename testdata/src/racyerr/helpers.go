package racyerr

import (
	"context"
	"errors"
)

type plate struct {
	id     int
	stars  []string
	faulty bool
}

var errClouds = errors.New("clouds")

func expose(ctx context.Context, p plate) error {
	if p.faulty {
		return errClouds
	}
	return ctx.Err()
}

func develop(p plate) (int, error) {
	if p.faulty {
		return 0, errClouds
	}
	return len(p.stars), nil
}

func catalogue(name string) (string, error) {
	if name == "" {
		return "", errClouds
	}
	return "star " + name, nil
}
