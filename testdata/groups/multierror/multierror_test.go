package multierror

import (
	"errors"
	"testing"
)

func TestSuccess(t *testing.T) {
	sound := []hull{{}, {}}
	for name, f := range map[string]func([]hull) error{"inspect": inspect, "inspectLater": inspectLater} {
		if f(sound) == nil {
			t.Error(name, "gives nil")
		}
	}
	for name, f := range map[string]func([]hull) error{
		"inspectOrNil": inspectOrNil, "inspectCompared": inspectCompared, "inspectBlindly": inspectBlindly,
		"inspectBoth": func(hs []hull) error { return inspectBoth(hs, nil) },
	} {
		if err := f(sound); err != nil {
			t.Error(name, "gives", err)
		}
	}
}

func TestFailure(t *testing.T) {
	leaking := []hull{{leaks: true}, {}}
	for name, f := range map[string]func([]hull) error{"inspect": inspect, "inspectOrNil": inspectOrNil, "inspectCompared": inspectCompared} {
		if err := f(leaking); !errors.Is(err, errLeak) {
			t.Error(name, "gives", err)
		}
	}
	if err := inspectBlindly(leaking); err != nil {
		t.Error("inspectBlindly gives", err)
	}
}
