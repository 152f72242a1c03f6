package browser_test

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// patience is how long the browser may take for an answer. Machines of
// continuous integration are slow and shared.
const patience = 90 * time.Second

// A browser is a running Chromium, spoken to through a pipe in its DevTools
// protocol: JSON objects, each ended by a zero byte.
type browser struct {
	t   *testing.T
	out io.Writer

	mu      sync.Mutex
	last    int
	pending map[int]chan reply
	events  []event
	done    chan struct{} // closed when the browser has left
}

type reply struct {
	Result json.RawMessage
	Error  *struct{ Message string }
}

type event struct {
	Session string
	Method  string
	Params  json.RawMessage
}

// start starts Chromium. Without it the test is skipped, unless GATHERLINT_HOSTS
// says that it has to be there.
func start(t *testing.T) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("GATHERLINT_HOSTS") != "" {
			t.Fatalf("GATHERLINT_HOSTS is set and chromium is not installed: %v", err)
		}
		t.Skip("chromium is not installed")
	}
	theirIn, in, err := os.Pipe()
	must(t, err)
	out, theirOut, err := os.Pipe()
	must(t, err)
	cmd := exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-pipe",
		"--user-data-dir="+t.TempDir(), "about:blank")
	cmd.ExtraFiles = []*os.File{theirIn, theirOut} // 3 and 4, as the protocol wants
	log, err := os.Create(filepath.Join(t.TempDir(), "chromium.log"))
	must(t, err)
	cmd.Stderr = log
	must(t, cmd.Start())
	must(t, errors.Join(theirIn.Close(), theirOut.Close()))
	b := &browser{t: t, out: in, pending: make(map[int]chan reply), done: make(chan struct{})}
	go b.read(out)
	t.Cleanup(func() {
		_ = in.Close() // Chromium leaves when the pipe is closed
		left := make(chan error, 1)
		go func() { left <- cmd.Wait() }()
		select {
		case <-left:
		case <-time.After(10 * time.Second):
			_ = cmd.Process.Kill()
			<-left
		}
		if text, _ := os.ReadFile(log.Name()); t.Failed() {
			t.Logf("chromium wrote: %s", text)
		}
	})
	return b
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// read takes what Chromium sends until it leaves.
func (b *browser) read(from io.Reader) {
	defer close(b.done)
	for r := bufio.NewReaderSize(from, 1<<20); ; {
		data, err := r.ReadBytes(0)
		if err != nil {
			return
		}
		var msg struct {
			ID        int
			SessionID string
			Method    string
			Params    json.RawMessage
			reply
		}
		if json.Unmarshal(data[:len(data)-1], &msg) != nil {
			continue
		}
		b.mu.Lock()
		if msg.Method != "" {
			b.events = append(b.events, event{msg.SessionID, msg.Method, msg.Params})
		} else if ch := b.pending[msg.ID]; ch != nil {
			ch <- msg.reply
			delete(b.pending, msg.ID)
		}
		b.mu.Unlock()
	}
}

// call calls a method of the protocol; into may be nil.
func (b *browser) call(session, method string, params, into any) error {
	if params == nil {
		params = struct{}{}
	}
	b.mu.Lock()
	b.last++
	id, ch := b.last, make(chan reply, 1)
	b.pending[id] = ch
	b.mu.Unlock()
	data, err := json.Marshal(map[string]any{"id": id, "method": method, "params": params, "sessionId": session})
	if session == "" {
		data, err = json.Marshal(map[string]any{"id": id, "method": method, "params": params})
	}
	if err != nil {
		return err
	}
	if _, err := b.out.Write(append(data, 0)); err != nil {
		return err
	}
	select {
	case r := <-ch:
		if r.Error != nil {
			return fmt.Errorf("%s: %s", method, r.Error.Message)
		}
		if into == nil {
			return nil
		}
		return json.Unmarshal(r.Result, into)
	case <-b.done:
		return fmt.Errorf("%s: chromium has left", method)
	case <-time.After(patience):
		return fmt.Errorf("%s: no answer within %v", method, patience)
	}
}

// A tab shows one page.
type tab struct {
	*browser
	t       *testing.T
	session string
}

// must calls a method that has to succeed.
func (p *tab) must(method string, params, into any) {
	p.t.Helper()
	if err := p.call(p.session, method, params, into); err != nil {
		p.t.Fatal(err)
	}
}

type object = map[string]any

// open opens a file in a new tab and waits until it is loaded.
func (b *browser) open(t *testing.T, file string, width, height int, scheme string) *tab {
	t.Helper()
	var target struct{ TargetID string }
	must(t, b.call("", "Target.createTarget", object{"url": "about:blank"}, &target))
	var attached struct{ SessionID string }
	must(t, b.call("", "Target.attachToTarget", object{"targetId": target.TargetID, "flatten": true}, &attached))
	p := &tab{b, t, attached.SessionID}
	t.Cleanup(func() { _ = b.call("", "Target.closeTarget", object{"targetId": target.TargetID}, nil) })
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		p.must(domain+".enable", nil, nil)
	}
	p.must("Emulation.setDeviceMetricsOverride", object{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}, nil)
	p.must("Emulation.setEmulatedMedia", object{"features": []object{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
	p.must("Page.navigate", object{"url": "file://" + file}, nil)
	p.wait("the page to load", `document.readyState === "complete" && location.protocol === "file:"`)
	return p
}

// eval evaluates an expression of JavaScript; into may be nil.
func (p *tab) eval(expression string, into any) {
	p.t.Helper()
	if err := p.tryEval(expression, into); err != nil {
		p.t.Fatal(err)
	}
}

func (p *tab) tryEval(expression string, into any) error {
	var answer struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct {
			Exception struct{ Description string }
		}
	}
	if err := p.call(p.session, "Runtime.evaluate", object{"expression": expression, "returnByValue": true, "awaitPromise": true}, &answer); err != nil {
		return err
	}
	if e := answer.ExceptionDetails; e != nil {
		return fmt.Errorf("%s: %s", expression, e.Exception.Description)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(answer.Result.Value, into); err != nil {
		return fmt.Errorf("%s: %w", expression, err)
	}
	return nil
}

// wait waits until an expression is true. While one page leaves and the next
// one comes, it may have no value at all.
func (p *tab) wait(what, expression string) {
	p.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		var ok bool
		err := p.tryEval(expression, &ok)
		if err == nil && ok {
			return
		}
		if time.Now().After(end) {
			p.t.Fatalf("waited %v for %s; last error: %v", patience, what, err)
		}
	}
}

// want compares what an expression gives.
func want[T comparable](p *tab, what, expression string, value T) {
	p.t.Helper()
	var got T
	p.eval(expression, &got)
	if got != value {
		p.t.Errorf("%s: %v, want %v", what, got, value)
	}
}

// frame waits until the page has answered what was done to it.
func (p *tab) frame() {
	p.t.Helper()
	p.eval(`new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`, nil)
}

// press presses a key. Keys that are no letter are given by their names.
func (p *tab) press(key string) {
	p.t.Helper()
	named := map[string]struct {
		code int
		text string
	}{"Enter": {13, "\r"}, "Tab": {9, ""}, "Escape": {27, ""}, "ArrowDown": {40, ""}, "ArrowUp": {38, ""}, " ": {32, " "}}
	params := object{"type": "keyDown", "key": key, "text": key}
	if n, ok := named[key]; ok {
		params["windowsVirtualKeyCode"], params["text"] = n.code, n.text
	}
	p.must("Input.dispatchKeyEvent", params, nil)
	params["type"] = "keyUp"
	delete(params, "text")
	p.must("Input.dispatchKeyEvent", params, nil)
	p.frame()
}

// click clicks into the middle of an element.
func (p *tab) click(selector string) {
	p.t.Helper()
	var at struct{ X, Y float64 }
	p.eval(fmt.Sprintf(`(() => { const el = document.querySelector(%q); el.scrollIntoView({block: "center"});
		const r = el.getBoundingClientRect(); return {X: r.x + r.width/2, Y: r.y + r.height/2}; })()`, selector), &at)
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		p.must("Input.dispatchMouseEvent", object{"type": kind, "x": at.X, "y": at.Y, "button": "left", "clickCount": 1}, nil)
	}
	p.frame()
}

// quiet fails if the page has written to the console, thrown an exception or
// asked for anything but itself.
func (p *tab) quiet(file string) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	loaded := false
	for _, e := range p.events {
		if e.Session != p.session {
			continue
		}
		switch e.Method {
		case "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded":
			p.t.Errorf("the page reports %s: %s", e.Method, e.Params)
		case "Network.requestWillBeSent":
			var params struct{ Request struct{ URL string } }
			must(p.t, json.Unmarshal(e.Params, &params))
			if url := params.Request.URL; url == "file://"+file {
				loaded = true
			} else if url != "data:," && url != "about:blank" {
				p.t.Errorf("the page asks for %s", url)
			}
		}
	}
	if !loaded {
		p.t.Error("the browser has not reported the request of the page itself, so it would not report others")
	}
}

// shoot writes a picture of the page to the directory that GATHERLINT_SHOTS
// names, for somebody to look at.
func (p *tab) shoot(name string) {
	p.t.Helper()
	dir := os.Getenv("GATHERLINT_SHOTS")
	if dir == "" {
		return
	}
	var shot struct{ Data string }
	p.must("Page.captureScreenshot", object{"format": "png"}, &shot)
	data, err := base64.StdEncoding.DecodeString(shot.Data)
	must(p.t, err)
	must(p.t, os.WriteFile(filepath.Join(dir, name+".png"), data, 0o666))
}
