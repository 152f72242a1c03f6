// Package goexit has good and bad fan-outs for the check of the same name.
package goexit

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

var errCracked = errors.New("cracked")

// fire bakes one pot; it ends when ctx does.
func fire(ctx context.Context, pot string) error {
	if pot == "" {
		return errCracked
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://kiln.example/"+pot, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// mustFire ends the test when a pot cracks.
func mustFire(t testing.TB, ctx context.Context, pot string) {
	t.Helper()
	if err := fire(ctx, pot); err != nil {
		t.Fatal(err)
	}
}

// A bench has assertions of its own.
type bench struct {
	*require.Assertions
	t *testing.T
}

// A fake counts how often it was told to fail.
type fake struct{ failed int }

func (f *fake) Errorf(format string, args ...any) {}
func (f *fake) FailNow()                          { f.failed++ }
