// Package sharedcache_test runs gatherlint on several machines that share Go's
// build cache over HTTP.
package sharedcache_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// port is a module of two packages, one of which has a finding.
var port = map[string]string{
	"go.mod": "module example.com/port\n\ngo 1.25.0\n",
	"pier/pier.go": `// Package pier lends places.
package pier

import "errors"

var errFull = errors.New("full")

// Ask asks for a place.
func Ask(ship string) (int, error) {
	if ship == "" {
		return 0, errFull
	}
	return len(ship), nil
}
`,
	"port.go": `// Package port asks for two places at a time.
package port

import "example.com/port/pier"

// First returns the place that is lent first.
func First(ships []string) int {
	places := make(chan int)
	for _, ship := range ships {
		go func() {
			place, _ := pier.Ask(ship)
			places <- place
		}()
	}
	return <-places
}
`,
}

const ownPackages = 2

// checkout writes the module into a directory, as a machine does that fetches
// it from its repository.
func checkout(t *testing.T) string {
	t.Helper()
	// Links in the path would make the go command and the tests name files
	// differently.
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range port {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		// Of files that are younger than two seconds, the go command does not
		// keep what it read in them, and puts it into the store later.
		old := time.Now().Add(-time.Hour)
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// The steps share a fleet: each begins with the store as the one before left it.
func TestSharedCache(t *testing.T) {
	if os.Getenv("GATHERLINT_HOSTS") == "" {
		t.Skip("it compiles and analyses a part of std; GATHERLINT_HOSTS=1 switches it on")
	}
	f := newFleet(t)
	dir := checkout(t)

	first := f.newMachine(t).vet(t, dir, "-json")
	t.Logf("first machine, empty store: %s", first)
	finding := `"category": "lostsend"`
	if first.code != 0 || strings.Count(first.stdout, finding) != 1 {
		t.Fatalf("the first machine ends with %d and prints\n%s\n%s", first.code, first.stdout, first.stderr)
	}
	if first.analysed <= ownPackages || first.stored == 0 {
		t.Fatalf("the first machine analysed too little: %s", first)
	}

	second := f.newMachine(t).vet(t, dir, "-json")
	t.Logf("second machine, same directory: %s", second)
	if second.analysed != 0 || second.stored != 0 {
		t.Errorf("the second machine did something again: %s", second)
	}
	if second.stdout != first.stdout || second.code != 0 {
		t.Errorf("the second machine ends with %d and prints\n%s%s\nthe first one printed\n%s", second.code, second.stdout, second.stderr, first.stdout)
	}

	t.Run("Command", func(t *testing.T) { testCommand(t, f, dir) })
	t.Run("Text", func(t *testing.T) { testText(t, f, dir) })
	t.Run("OtherDirectory", func(t *testing.T) { testOtherDirectory(t, f, first) })
	t.Run("Change", func(t *testing.T) { testChange(t, f, dir) })
	t.Run("Trimpath", func(t *testing.T) { testTrimpath(t, f) })
	t.Run("NoStore", func(t *testing.T) { testNoStore(t, f, dir) })
}

// What holds for go vet holds for the command. That it does nothing again is
// seen in what it stores.
func testCommand(t *testing.T, f *fleet, dir string) {
	a := f.newMachine(t).gatherlint(t, dir, "-q")
	b := f.newMachine(t).gatherlint(t, dir, "-q")
	t.Logf("gatherlint, first machine: %d results stored, %.1f s", a.stored, a.took.Seconds())
	t.Logf("gatherlint, second machine: %d results stored, %.1f s", b.stored, b.took.Seconds())
	if a.code != 3 || !strings.Contains(a.stdout, "lostsend: ") {
		t.Errorf("gatherlint ends with %d and prints\n%s%s", a.code, a.stdout, a.stderr)
	}
	if b.stdout != a.stdout || b.stderr != a.stderr || b.code != a.code {
		t.Errorf("gatherlint on the second machine ends with %d and prints\n%s%s\nthe first one printed\n%s", b.code, b.stdout, b.stderr, a.stdout)
	}
	if b.stored != 0 {
		t.Errorf("gatherlint on the second machine stores %d results", b.stored)
	}
}

// Without -json, the findings come from the store as well.
func testText(t *testing.T, f *fleet, dir string) {
	a := f.newMachine(t).vet(t, dir)
	b := f.newMachine(t).vet(t, dir)
	t.Logf("go vet without -json, second machine: %s", b)
	if a.code != 1 || !strings.Contains(a.stderr, "lostsend: ") {
		t.Errorf("go vet ends with %d and prints\n%s", a.code, a.stderr)
	}
	if b.code != a.code || b.stderr != a.stderr || b.analysed != 0 {
		t.Errorf("on the second machine go vet ends with %d, %s, and prints\n%s", b.code, b, b.stderr)
	}
}

// The name of the directory is part of what identifies a package of the user's
// own module. The packages of std, and of modules in a module cache of the same
// name, come from the store.
func testOtherDirectory(t *testing.T, f *fleet, first result) {
	dir := checkout(t)
	r := f.newMachine(t).vet(t, dir, "-json")
	t.Logf("machine with another directory: %s", r)
	if r.analysed != ownPackages {
		t.Errorf("in another directory: %s, want %d packages", r, ownPackages)
	}
	if !strings.Contains(r.stdout, dir) || r.stdout == first.stdout {
		t.Errorf("the findings are not in %s:\n%s", dir, r.stdout)
	}
}

// A changed package is analysed again, and those that import it if it changed
// for them.
func testChange(t *testing.T, f *fleet, dir string) {
	file := filepath.Join(dir, "port.go")
	text := strings.Replace(port["port.go"], "make(chan int)", "make(chan int, len(ships))", 1)
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	r := f.newMachine(t).vet(t, dir, "-json")
	t.Logf("machine with a repaired file: %s", r)
	if r.analysed != 1 || strings.Contains(r.stdout, "lostsend") {
		t.Errorf("after a change: %s; it prints\n%s", r, r.stdout)
	}
	if err := os.WriteFile(file, []byte(port["port.go"]), 0o666); err != nil {
		t.Fatal(err)
	}
	r = f.newMachine(t).vet(t, dir, "-json")
	if r.analysed != 0 || !strings.Contains(r.stdout, "lostsend") {
		t.Errorf("after the change was taken back: %s; it prints\n%s", r, r.stdout)
	}
}

// With -trimpath the name of the directory is not part of it, and the store has
// findings with the paths of the machine that found them. Go vet prints those;
// the command does without -trimpath.
func testTrimpath(t *testing.T, f *fleet) {
	first, second := checkout(t), checkout(t)
	f.newMachine(t).vet(t, first, "-json", "-trimpath")
	r := f.newMachine(t).vet(t, second, "-json", "-trimpath")
	t.Logf("machine with another directory, -trimpath: %s", r)
	if r.analysed != 0 || !strings.Contains(r.stdout, first) || strings.Contains(r.stdout, second) {
		t.Errorf("go vet -trimpath: %s, and these are not the findings in %s:\n%s", r, first, r.stdout)
	}
	t.Setenv("GOFLAGS", "-trimpath")
	f.newMachine(t).gatherlint(t, first)
	r = f.newMachine(t).gatherlint(t, second, "-json")
	if r.code != 0 || !strings.Contains(r.stdout, second) || strings.Contains(r.stdout, first) {
		t.Errorf("gatherlint under GOFLAGS=-trimpath ends with %d and does not report on %s:\n%s%s", r.code, second, r.stdout, r.stderr)
	}
}

// When the store does not answer, a machine has what its own cache has. For
// what it has to store, go-cacher fails, and the go command with it or not. So
// a run is complete or an error, and never one that has lost its findings.
func testNoStore(t *testing.T, f *fleet, dir string) {
	lonely := *f
	lonely.store = "http://127.0.0.1:1" // nothing listens there
	full := f.newMachine(t)
	full.gatherlint(t, dir)
	full.fleet = &lonely
	for name, m := range map[string]*machine{"full": full, "empty": lonely.newMachine(t)} {
		r := m.gatherlint(t, dir)
		t.Logf("without a store, %s cache: exit code %d", name, r.code)
		complete := r.code == 3 && strings.Contains(r.stdout, "lostsend: ")
		refused := r.code == 1 && r.stderr != ""
		if !complete && !refused {
			t.Errorf("without a store, %s cache: gatherlint ends with %d and says\n%s%s", name, r.code, r.stdout, r.stderr)
		}
	}
}
