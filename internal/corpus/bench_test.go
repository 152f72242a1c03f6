package main

import (
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/analyzer"
)

var copies = flag.String("copies", "", "benchmark the modules that have a copy in `dir` too, as -dir keeps them")

// BenchmarkPass analyses large packages, all checks on. A module is looked for by
// the name of its directory in the one that -copies names.
func BenchmarkPass(b *testing.B) {
	for _, p := range []struct{ copy, pattern string }{
		{"", "net/http"},
		{"", "internal/fuzz"},
		{"nats-server", "./server"},
	} {
		b.Run(filepath.Join(p.copy, p.pattern), func(b *testing.B) {
			dir, err := goRoot(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			if p.copy != "" {
				dir = filepath.Join(*copies, p.copy)
				if _, err := os.Stat(filepath.Join(dir, "go.mod")); *copies == "" || err != nil {
					b.Skip("there is no copy of the module; see -copies")
				}
			}
			benchmarkPass(b, dir, p.pattern)
		})
	}
}

func benchmarkPass(b *testing.B, dir, pattern string) {
	packages, err := list(context.Background(), dir, []string{pattern})
	if err != nil {
		b.Fatal(err)
	}
	c := newClosure()
	full := analyzer.New(&analyzer.Options{Checks: "all"})
	facts := analyzer.New(&analyzer.Options{FactsOnly: true})
	for _, p := range packages {
		if p.ImportPath == "unsafe" {
			continue
		}
		src, err := c.check(p)
		if err != nil {
			b.Fatal(err)
		}
		switch {
		case p.DepOnly && p.Standard:
		case p.DepOnly:
			if _, err := facts.Run(c.pass(src, facts, func(analysis.Diagnostic) {})); err != nil {
				b.Fatal(err)
			}
		default:
			b.ReportAllocs()
			for b.Loop() {
				if _, err := full.Run(c.pass(src, full, func(d analysis.Diagnostic) { c.print(io.Discard, d, dir) })); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
}
