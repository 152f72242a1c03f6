package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The packages that were named are measured, and what is found in them is told; a
// package that does not compile is left out.
func TestMeasure(t *testing.T) {
	t.Setenv("GOFLAGS", "")
	t.Setenv("GOPROXY", "off")
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":       "module example.com/barn\n\ngo 1.25\n",
		"hay/hay.go":   "package hay\n\n// Bales counts them.\nfunc Bales() int { return 1 }\n",
		"barn.go":      "package barn\n\nimport \"example.com/barn/hay\"\n\nfunc Load() {\n\tc := make(chan int)\n\tgo func() { c <- hay.Bales() }()\n}\n",
		"cart/cart.go": "package cart\n\nvar Wheels int = \"four\"\n",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var report, table bytes.Buffer
	costs, err := measure(context.Background(), dir, &options{patterns: []string{".", "./cart"}}, &report)
	if err != nil {
		t.Fatal(err)
	}
	if len(costs) != 1 || costs[0].path != "example.com/barn" || costs[0].check <= 0 || costs[0].scenes != 1 || costs[0].open != 0 {
		t.Errorf("measured %+v, want the package barn alone", costs)
	}
	for _, want := range []string{"barn.go:7:", ": lostsend: ", "example.com/barn/cart is left out: "} {
		if !strings.Contains(report.String(), want) {
			t.Errorf("reported\n%s, want %s", &report, want)
		}
	}
	printCosts(&table, costs, 1)
	if !strings.Contains(table.String(), "\nexample.com/barn ") || !strings.Contains(table.String(), "\nall 1 packages ") {
		t.Errorf("printed\n%s", &table)
	}
}
