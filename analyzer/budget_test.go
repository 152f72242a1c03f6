package analyzer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/gatherlint/gatherlint/analyzer"
)

// restless is a function whose goroutines go round for ever and start more of
// their kind, which send on the channel that it waits for.
const restless = `
func restless%d(lamps []int) {
	done := make(chan int)
	for range lamps {
		go func() {
			go func() {
				for {
					if bright > 3 {
						go func() { done <- 1 }()
					}
					if bright > 4 {
						go func() { done <- 1 }()
					}
				}
			}()
		}()
	}
	for range lamps {
		select {
		case <-done:
		case <-quit:
			return
		}
	}
}
`

// calm is a smaller function, with a mistake.
const calm = `
func calm() {
	done := make(chan int)
	go func() { done <- 1 }()
}
`

// Functions that spend the budget of a package hide no smaller one, and those
// that are left over are named by explain.
func TestPackageBudget(t *testing.T) {
	dir := t.TempDir()
	src := "package lamp\n\nvar bright int\nvar quit = make(chan bool)\n"
	for i := range 8 {
		src += fmt.Sprintf(restless, i)
	}
	src += calm
	path := filepath.Join(dir, "src", "lamp")
	if err := os.MkdirAll(path, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(path, "lamp.go"), []byte(src), 0o666); err != nil {
		t.Fatal(err)
	}
	a := analyzer.New(nil)
	if err := a.Flags.Set(analyzer.ExplainFlag, "true"); err != nil {
		t.Fatal(err)
	}
	said, found := map[string]bool{}, false
	for _, r := range analysistest.Run(&collector{}, dir, a, "lamp") {
		for _, d := range r.Diagnostics {
			x, err := analyzer.ParseExplanation(d.Message)
			if err != nil {
				t.Fatal(err)
			}
			text := x.Text(filepath.Base)
			said[x.Spawner] = strings.Contains(text, "the schedules: the smaller functions of the package have spent its budget")
			found = found || x.Spawner == "calm" && strings.Contains(text, "lostsend: ")
		}
	}
	if !found {
		t.Error("the mistake of the smallest function is not found")
	}
	for name, want := range map[string]bool{"calm": false, "restless0": false, "restless7": true} {
		if got, ok := said[name]; !ok || got != want {
			t.Errorf("explain says of %s that it was left out for the budget: %v, %v; want %v", name, got, ok, want)
		}
	}
}
