package gopls_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// An edit that is not saved makes a finding come, and another one makes it go.
// How long that takes is printed, with the delay that gopls has by default and
// with a short one.
func testUnsavedText(t *testing.T, p programs) {
	const (
		name  = "quay/cranes.go"
		right = "return q.registry.MoveCrane(gctx, c.number, 0)"
		wrong = "_ = gctx; return q.registry.MoveCrane(ctx, c.number, 0)"
	)
	for _, s := range []struct {
		delay    string
		settings map[string]any
	}{
		{"default delay", nil},
		{"delay of 50 ms", quick(true)},
	} {
		c := start(t, p.gopls, demo(t), p.cache, s.settings)
		begin := time.Now()
		c.openFile(name)
		before := "missedwait maskedcause"
		c.until(name, "findings "+before, shows(before))
		t.Logf("%s: findings %d ms after opening the first file", s.delay, time.Since(begin).Milliseconds())
		good := c.text(name)
		bad := strings.Replace(good, right, wrong, 1)
		if bad == good {
			t.Fatalf("%s has no line %q", name, right)
		}
		var times []int64
		for range 5 {
			for _, e := range []struct{ text, want string }{
				{bad, "missedwait lostctx maskedcause"},
				{good, before},
			} {
				begin := time.Now()
				c.edit(name, e.text)
				c.until(name, "findings "+e.want, shows(e.want))
				times = append(times, time.Since(begin).Milliseconds())
			}
		}
		onDisk, err := os.ReadFile(c.file(name))
		if err != nil || string(onDisk)+mark != good {
			t.Errorf("the file on disk is not what it was (%v)", err)
		}
		slices.Sort(times)
		t.Logf("%s: findings %d ms after an edit in the middle of %d edits, from %d to %d ms",
			s.delay, times[len(times)/2], len(times), times[0], times[len(times)-1])
	}
}

// The setting that every analyzer of gopls has switches gatherlint off, at the
// start and later, and on again.
func testSwitchedOff(t *testing.T, p programs) {
	const name = "quay/papers.go"
	c := start(t, p.gopls, demo(t), p.cache, quick(false))
	c.openFile(name)
	if got := checks(c.until(name, "complete list", anything)); got != "" {
		t.Errorf("switched off, gatherlint finds %s", got)
	}
	c.configure(quick(true))
	c.until(name, "findings "+demoFindings[name], shows(demoFindings[name]))
	c.configure(quick(false))
	c.until(name, "list without findings", shows(""))
}

func anything([]diagnostic) bool { return true }

// The checks that were chosen when gopls was built are those that run. They are
// seen with the command line of gopls as well.
func testChecks(t *testing.T, p programs) {
	const name = "quay/papers.go"
	root := demo(t)
	c := start(t, p.narrow, root, p.cache, quick(true))
	c.openFile(name)
	if got := checks(c.until(name, "complete list", anything)); got != "parentctx" {
		t.Errorf("with the check parentctx, gatherlint finds %q", got)
	}
	for program, want := range map[string]int{p.gopls: 2, p.narrow: 1} {
		cmd := exec.Command(program, "check", "quay/papers.go")
		cmd.Dir = root
		cmd.Env = append(os.Environ(), "GOPLSCACHE="+p.cache, "GOWORK=off")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("gopls check: %v\n%s", err, out)
		}
		got := strings.Count(string(out), "parentctx: ") + strings.Count(string(out), "lostctx: ")
		if got != want {
			t.Errorf("gopls check of %s shows %d findings, want %d:\n%s", filepath.Base(program), got, want, out)
		}
	}
}

// A directive that is written in the editor silences its finding.
func testDirective(t *testing.T, p programs) {
	const name, line = "quay/berths.go", "\tg.Wait()\n"
	c := start(t, p.gopls, demo(t), p.cache, quick(true))
	c.openFile(name)
	c.until(name, "findings "+demoFindings[name], shows(demoFindings[name]))
	text := strings.Replace(c.text(name), line, "\tg.Wait() //gatherlint:ignore droppedwait the pilots log what goes wrong\n", 1)
	if text == c.text(name) {
		t.Fatalf("%s has no line %q", name, line)
	}
	c.edit(name, text)
	c.until(name, "finding deadctx alone", shows("deadctx"))
}
