package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// BaselineVersion is the version of the file of a baseline, which docs/formats.md
// describes.
const BaselineVersion = 1

// A Known is a finding that a baseline has. Only the fingerprint counts, and the number of
// returns; the rest is for people, and to tell whether a run could have found it.
type Known struct {
	Fingerprint string `json:"fingerprint"`
	Check       string `json:"check"`
	Package     string `json:"package"`
	File        string `json:"file"` // with slashes, relative to the directory of the baseline
	Message     string `json:"message"`
	Returns     int    `json:"returns,omitempty"` // besides the first: see Finding.OtherReturns
}

type baseline struct {
	Version  int     `json:"version"`
	Findings []Known `json:"findings"`
}

// ParseBaseline reads a baseline.
func ParseBaseline(data []byte) ([]Known, error) {
	var b baseline
	if err := json.Unmarshal(data, &b); err != nil {
		return nil, fmt.Errorf("it is no baseline: %w", err)
	}
	switch {
	case b.Version == 0:
		return nil, errors.New("it is no baseline: it has no version")
	case b.Version != BaselineVersion:
		return nil, fmt.Errorf("it has version %d, and this gatherlint reads version %d", b.Version, BaselineVersion)
	}
	for i, k := range b.Findings {
		if k.Fingerprint == "" {
			return nil, fmt.Errorf("finding %d has no fingerprint", i+1)
		}
	}
	return b.Findings, nil
}

// Baseline is the text of a baseline: sorted, and without line numbers, so that it
// changes only where findings come and go. What is there twice is written once.
func Baseline(known []Known) ([]byte, error) {
	list := append([]Known{}, known...)
	slices.SortFunc(list, func(a, b Known) int {
		return cmp.Or(cmp.Compare(a.Package, b.Package), cmp.Compare(a.File, b.File), cmp.Compare(a.Check, b.Check),
			cmp.Compare(a.Message, b.Message), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	list = slices.Compact(list)
	var out bytes.Buffer
	err := encode(&out, baseline{BaselineVersion, list})
	return out.Bytes(), err
}
