package survey

import (
	"bytes"
	"encoding/gob"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/gatherlint/gatherlint/internal/facts"
	"github.com/gatherlint/gatherlint/internal/model"
)

// maxFactBytes is the size that no Summary may exceed when it is encoded.
const maxFactBytes = 1100

// Package a of example.org/facts exports the summaries that its comments
// expect, and no others. They encode to the same few bytes each time, decode to
// themselves and say nothing of where they were made, and so does the largest
// Summary there can be: build caches rest on that.
func TestSummaries(t *testing.T) {
	all := summariesOf(t)
	if len(all) < 20 {
		t.Errorf("%d summaries, want 20 at least", len(all))
	}
	for _, s := range append(all, fullSummary()) {
		checkCodec(t, s)
	}
}

// summariesOf analyses package a, compares its facts with their expectations and
// returns them.
func summariesOf(t *testing.T) []*facts.Summary {
	t.Helper()
	dir, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	var out []*facts.Summary
	a := &analysis.Analyzer{
		Name: "summaries", Doc: "export the summaries", FactTypes: []analysis.Fact{new(facts.Summary)},
		Run: func(pass *analysis.Pass) (any, error) {
			Summarize(pass, nil)
			if pass.Pkg.Path() == "example.org/facts/a" {
				for _, f := range pass.AllObjectFacts() {
					if f.Object.Pkg() == pass.Pkg {
						out = append(out, f.Fact.(*facts.Summary))
					}
				}
			}
			return nil, nil
		},
	}
	analysistest.Run(t, dir, a, "example.org/facts/a")
	return out
}

func checkCodec(t *testing.T, s *facts.Summary) {
	t.Helper()
	first := encode(t, s)
	for range 9 {
		if !bytes.Equal(encode(t, s), first) {
			t.Errorf("%s: two encodings differ", s)
		}
	}
	if len(first) > maxFactBytes {
		t.Errorf("%s: %d bytes, want %d at most", s, len(first), maxFactBytes)
	}
	var back facts.Summary
	if err := gob.NewDecoder(bytes.NewReader(first)).Decode(&back); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(back.Params, s.Params) || !slices.Equal(back.Results, s.Results) {
		t.Errorf("%#v decodes to %#v", s, &back)
	}
	for _, word := range []string{"/", ".go", "testdata", "example"} {
		if bytes.Contains(first, []byte(word)) {
			t.Errorf("%s: its encoding has %q in it", s, word)
		}
	}
}

func encode(t *testing.T, s *facts.Summary) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(s); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// fullSummary is the largest one there is: every parameter and every result
// with all it can have.
func fullSummary() *facts.Summary {
	s := &facts.Summary{}
	for range model.MaxParams {
		var p facts.ParamSummary
		fill(reflect.ValueOf(&p).Elem())
		s.Params = append(s.Params, p)
	}
	for range 4 {
		var r facts.ResultSummary
		fill(reflect.ValueOf(&r).Elem())
		s.Results = append(s.Results, r)
	}
	fill(reflect.ValueOf(&s.Wraps).Elem())
	return s
}

func fill(v reflect.Value) {
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Int:
			f.SetInt(model.MaxParams)
		case reflect.String:
			f.SetString("1024")
		}
	}
}

// A Summary is made of flags, small numbers and short texts only: no field can
// hold a position, a path or something without an order.
func TestSummaryFields(t *testing.T) {
	words := 0
	var visit func(reflect.Type)
	visit = func(typ reflect.Type) {
		for f := range fields(typ) {
			switch f.Type.Kind() {
			case reflect.Bool:
				words++
			case reflect.Int, reflect.String:
				if f.Type.PkgPath() != "" {
					t.Errorf("%s.%s is a %s", typ.Name(), f.Name, f.Type)
				}
			case reflect.Slice:
				visit(f.Type.Elem())
			case reflect.Struct:
				visit(f.Type)
			default:
				t.Errorf("%s.%s is a %s", typ.Name(), f.Name, f.Type)
			}
		}
	}
	visit(reflect.TypeFor[facts.Summary]())
	// Each flag of a parameter has a word of its own in the text.
	text := (&facts.Summary{Params: fullSummary().Params[:1]}).String()
	if n := strings.Count(text, "+") + 1; n != reflect.TypeFor[facts.ParamSummary]().NumField() {
		t.Errorf("%q has %d words, want one for each field of ParamSummary", text, n)
	}
	if words < 10 {
		t.Errorf("%d flags, want 10 at least", words)
	}
}

func fields(typ reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range typ.NumField() {
			if !yield(typ.Field(i)) {
				return
			}
		}
	}
}
