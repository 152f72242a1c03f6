package sharedcache_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// harbour has a finding in package mole, which quay imports.
var harbour = map[string]string{
	"go.mod":       "module example.com/harbour\n\ngo 1.25.0\n",
	"quay/quay.go": "package quay\n\nimport \"example.com/harbour/mole\"\n\nvar First = mole.First\n",
	"mole/mole.go": `package mole

func First(ships []string) int {
	places := make(chan int)
	for _, ship := range ships {
		go func() { places <- len(ship) }()
	}
	return <-places
}
`,
}

// Two machines that share a store name one package each. What they find does not
// depend on who comes first: the store has the answer about a package also when
// the other machine wanted it as a dependency only.
func TestSharedOrder(t *testing.T) {
	if os.Getenv("GATHERLINT_HOSTS") == "" {
		t.Skip("it needs the programs of a shared cache; GATHERLINT_HOSTS=1 switches it on")
	}
	f := newFleet(t)
	for _, order := range [][]string{{"./quay", "./mole"}, {"./mole", "./quay"}} {
		dir, err := filepath.EvalSymlinks(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range harbour {
			path := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		for _, pattern := range order {
			want, code := 0, 0
			if pattern == "./mole" {
				want, code = 1, 3
			}
			r := f.newMachine(t).gatherlint(t, dir, pattern)
			if n := strings.Count(r.stdout, "lostsend: "); n != want || r.code != code {
				t.Errorf("%s: gatherlint %s ends with %d and prints\n%s%s", order, pattern, r.code, r.stdout, r.stderr)
			}
		}
		// go vet tells of an imported package too, and in both orders the same.
		for _, pattern := range order {
			m := f.newMachine(t)
			r := m.run(t, dir, "go", "vet", "-vettool="+f.gatherlint, pattern)
			if n := strings.Count(r.stderr, "lostsend: "); n != 1 || r.code != 1 {
				t.Errorf("%s: go vet %s ends with %d and prints\n%s", order, pattern, r.code, r.stderr)
			}
		}
	}
}
