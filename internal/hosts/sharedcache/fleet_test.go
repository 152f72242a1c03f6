package sharedcache_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// The test binary is also the vet tool of the tests: it writes down that it was
// started for a package, and becomes gatherlint.
const (
	toolVar = "GATHERLINT_TEST_TOOL" // the path of gatherlint
	logVar  = "GATHERLINT_TEST_LOG"  // the file that gets a line for each package
)

func TestMain(m *testing.M) {
	if tool := os.Getenv(toolVar); tool != "" {
		os.Exit(countAndRun(tool, os.Getenv(logVar), os.Args[1:]))
	}
	os.Exit(m.Run())
}

// countAndRun runs the tool with the arguments of go vet and returns its exit
// code. A line is written only when a package is analysed.
func countAndRun(tool, log string, args []string) int {
	if len(args) > 0 && strings.HasSuffix(args[len(args)-1], ".cfg") {
		f, err := os.OpenFile(log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
		if err == nil {
			_, err = fmt.Fprintln(f, args[len(args)-1])
			err = errors.Join(err, f.Close())
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	cmd := exec.Command(tool, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return exit.ExitCode()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// A fleet is machines that share a store over HTTP.
type fleet struct {
	gatherlint string // the program
	cacher     string // speaks the cache protocol with the go command
	store      string // address of the store
	puts       *atomic.Int64
}

// A machine has files of its own: a cache, and directories. Nothing but the
// store, and the modules that were downloaded, is common to two machines.
type machine struct {
	fleet *fleet
	cache string
	log   string
}

// newFleet builds the programs and starts the store. All of it is gone with the
// test.
func newFleet(t *testing.T) *fleet {
	t.Helper()
	bin := t.TempDir()
	goRun(t, "../../..", nil, "build", "-buildvcs=false", "-o", bin+string(filepath.Separator), "./cmd/gatherlint")
	goRun(t, ".", nil, "build", "-o", bin+string(filepath.Separator),
		"github.com/bradfitz/go-tool-cache/cmd/go-cacher", "github.com/bradfitz/go-tool-cache/cmd/go-cacher-server")
	exe := goRun(t, ".", nil, "env", "GOEXE")
	f := &fleet{
		gatherlint: filepath.Join(bin, "gatherlint"+exe),
		cacher:     filepath.Join(bin, "go-cacher"+exe),
		puts:       new(atomic.Int64),
	}
	server := startStore(t, filepath.Join(bin, "go-cacher-server"+exe))
	proxy := httputil.NewSingleHostReverseProxy(server)
	// What is stored is what some machine has computed.
	counting := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			f.puts.Add(1)
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(counting.Close)
	f.store = counting.URL
	return f
}

// startStore runs the server with an empty store and returns its address.
func startStore(t *testing.T, program string) *url.URL {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, "-cache-dir", t.TempDir(), "-listen", addr)
	var says bytes.Buffer
	cmd.Stderr = &says
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // it was killed
	})
	base := &url.URL{Scheme: "http", Host: addr}
	for range 300 {
		if resp, err := http.Get(base.String()); err == nil {
			_ = resp.Body.Close() // nothing was read
			return base
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("the store does not answer; it says: %s", says.String())
	return nil
}

// newMachine is a machine with an empty cache.
func (f *fleet) newMachine(t *testing.T) *machine {
	t.Helper()
	dir := t.TempDir()
	return &machine{f, filepath.Join(dir, "cache"), filepath.Join(dir, "log")}
}

// A result is what one run did.
type result struct {
	stdout, stderr string
	code           int
	analysed       int // packages for which the vet tool was started; go vet only
	stored         int // results that the machine put into the store
	took           time.Duration
}

func (r result) String() string {
	return fmt.Sprintf("%d packages analysed, %d results stored, %.1f s", r.analysed, r.stored, r.took.Seconds())
}

// vet runs go vet with the counting tool.
func (m *machine) vet(t *testing.T, dir string, flags ...string) result {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	args := append([]string{"vet", "-vettool=" + self}, flags...)
	return m.run(t, dir, "go", append(args, "./...")...)
}

// gatherlint runs the command itself.
func (m *machine) gatherlint(t *testing.T, dir string, args ...string) result {
	t.Helper()
	return m.run(t, dir, m.fleet.gatherlint, args...)
}

func (m *machine) run(t *testing.T, dir, program string, args ...string) result {
	t.Helper()
	if err := os.WriteFile(m.log, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	before := m.fleet.puts.Load()
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(),
		"GOWORK=off", "GOCACHE="+filepath.Join(filepath.Dir(m.cache), "unused"),
		"GOCACHEPROG="+m.fleet.cacher+" -cache-dir "+m.cache+" -cache-server "+m.fleet.store)
	if program == "go" {
		cmd.Env = append(cmd.Env, toolVar+"="+m.fleet.gatherlint, logVar+"="+m.log)
	}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	begin := time.Now()
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	r := result{stdout: out.String(), stderr: errs.String(), code: cmd.ProcessState.ExitCode(), took: time.Since(begin)}
	log, err := os.ReadFile(m.log)
	if err != nil {
		t.Fatal(err)
	}
	r.analysed = strings.Count(string(log), "\n")
	r.stored = int(m.fleet.puts.Load() - before)
	return r
}

// goRun runs the go command of the tests, with their own cache.
func goRun(t *testing.T, dir string, env []string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "GOWORK=off"), env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, errs.String())
	}
	return strings.TrimSpace(out.String())
}
