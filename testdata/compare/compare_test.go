//go:build compare

package compare

import (
	"context"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// Each function is called so that its mistake can show: an oven is broken, or slow, or
// the flour has lumps.
func calls() map[string]func(context.Context) {
	good, slow, broken := &oven{}, &oven{takes: 20 * time.Millisecond}, &oven{broken: true}
	ovens := []*oven{good, broken, slow, broken}
	return map[string]func(context.Context){
		"lostctx":     func(ctx context.Context) { _ = lostctx(ctx, ovens) },
		"parentctx":   func(ctx context.Context) { _ = parentctx(ctx, ovens) },
		"deadctx":     func(ctx context.Context) { _ = deadctx(ctx, []*oven{good}) },
		"deaftask":    func(ctx context.Context) { _ = deaftask(ctx, []string{"rye", "stale", "oat"}) },
		"orphanctx":   func(ctx context.Context) { _ = orphanctx(ctx, bike{}, "rye") },
		"background":  func(ctx context.Context) { _ = background(ctx, slow) },
		"droppedwait": func(ctx context.Context) { droppedwait(ctx, ovens) },
		"maskedcause": func(ctx context.Context) { _ = maskedcause(ctx, ovens) },
		"racyerr":     func(ctx context.Context) { _ = racyerr(ctx, ovens) },
		"earlyread":   func(ctx context.Context) { _, _ = earlyread(ctx, ovens) },
		"firsterror":  func(ctx context.Context) { _ = firsterror(ctx, ovens) },
		"lostcancel":  func(ctx context.Context) { _ = lostcancel(ctx, good) },
		"timedout":    func(ctx context.Context) { _ = timedout(ctx, slow, time.Millisecond) },
		"firstfails":  func(ctx context.Context) { _ = firstfails(ctx, ovens) },
		"misseddone":  func(ctx context.Context) { misseddone(ctx, ovens) },
		"stuckwait":   func(ctx context.Context) { stuckwait(ctx, ovens) },
		"missedwait": func(ctx context.Context) {
			errLumps = errBroken
			defer func() { errLumps = nil }()
			_ = missedwait(ctx, []*oven{slow})
		},
		"addinside": func(ctx context.Context) { addinside(ctx, ovens) },
		"wgcount":   func(ctx context.Context) { wgcount(ctx, ovens) },
		"copied":    func(ctx context.Context) { copied(ctx, slow) },
	}
}

// TestMistakes calls the functions one by one, and looks afterwards with what
// COMPARE names: goleak, or the profile of leaked goroutines. Without either, it is for
// go test -race, or shows which function never returns.
func TestMistakes(t *testing.T) {
	for name, call := range calls() {
		t.Run(name, func(t *testing.T) {
			before := goleak.IgnoreCurrent()
			profiled := leaked(t, name)
			done := make(chan bool)
			go func() {
				defer close(done)
				call(context.Background())
			}()
			select {
			case <-done:
			case <-time.After(200 * time.Millisecond):
				if os.Getenv("COMPARE") == "" {
					t.Errorf("%s does not return", name)
				}
			}
			switch os.Getenv("COMPARE") {
			case "goleak":
				goleak.VerifyNone(t, before)
			case "profile":
				time.Sleep(100 * time.Millisecond)
				if leaked(t, name) > profiled {
					t.Errorf("%s leaves goroutines behind", name)
				}
			}
		})
	}
}

// leaked counts the goroutines with the function in their stack that the profile of
// leaked goroutines has.
func leaked(t *testing.T, name string) int {
	if os.Getenv("COMPARE") != "profile" {
		return 0
	}
	p := pprof.Lookup("goroutineleak")
	if p == nil {
		t.Skip("this Go has no profile of leaked goroutines; GOEXPERIMENT=goroutineleakprofile")
	}
	runtime.GC()
	var b strings.Builder
	if err := p.WriteTo(&b, 2); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, g := range strings.Split(b.String(), "\n\n") {
		first, _, _ := strings.Cut(g, "\n")
		if strings.Contains(g, "/compare."+name) && strings.Contains(first, "leaked") {
			n++
		}
	}
	return n
}
