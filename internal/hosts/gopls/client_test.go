package gopls_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

// patience is how long gopls may take to say something. It is a limit for a
// machine that is very busy, and no measurement.
const patience = 3 * time.Minute

// A client is an editor with one workspace, as far as gopls can tell.
type client struct {
	t        *testing.T
	wire     *wire
	root     string // of the workspace
	settings map[string]any

	mu      sync.Mutex
	nextID  int
	pending map[string]chan message
	shown   map[string]published // by file, as published last
	news    chan struct{}        // closed and replaced when shown changes
	open    map[string]document  // what the editor has open, by file
	gone    error                // why the connection ended
}

type document struct {
	version int
	text    string
}

// start runs gopls in a workspace with settings and initializes it. It is
// ended with the test.
func start(t *testing.T, program, root, cache string, settings map[string]any) *client {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, "serve")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOPLSCACHE="+cache, "GOWORK=off")
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &client{
		t: t, root: root, settings: settings,
		wire:    &wire{in: bufio.NewReader(out), out: in},
		pending: map[string]chan message{}, shown: map[string]published{},
		news: make(chan struct{}), open: map[string]document{},
	}
	ended := make(chan struct{})
	go func() { defer close(ended); c.read() }()
	t.Cleanup(func() {
		c.request("shutdown", nil, nil)
		c.notify("exit", nil)
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			t.Error("gopls does not end when it is told to")
		}
		cancel()
		_ = cmd.Wait() // a killed gopls was reported above
		if t.Failed() && complaints.Len() > 0 {
			t.Logf("gopls says: %s", complaints.String())
		}
	})
	c.request("initialize", map[string]any{
		"processId":        os.Getpid(),
		"rootUri":          uri(root),
		"workspaceFolders": []any{map[string]any{"uri": uri(root), "name": "demo"}},
		"capabilities": map[string]any{
			"workspace": map[string]any{"configuration": true, "workspaceEdit": map[string]any{"documentChanges": true}},
			"textDocument": map[string]any{
				"publishDiagnostics": map[string]any{
					"relatedInformation": true, "versionSupport": true, "codeDescriptionSupport": true, "dataSupport": true,
				},
				"codeAction": map[string]any{
					"dataSupport":              true,
					"resolveSupport":           map[string]any{"properties": []string{"edit"}},
					"codeActionLiteralSupport": map[string]any{"codeActionKind": map[string]any{"valueSet": []string{"quickfix"}}},
				},
			},
		},
		"initializationOptions": settings,
	}, nil)
	c.notify("initialized", map[string]any{})
	return c
}

// read handles what gopls sends until the connection ends.
func (c *client) read() {
	for {
		m, err := c.wire.receive()
		if err != nil {
			c.mu.Lock()
			c.gone = err
			for _, reply := range c.pending {
				close(reply)
			}
			c.pending = nil
			c.changed()
			c.mu.Unlock()
			return
		}
		switch {
		case m.Method != "" && m.ID != nil:
			c.answer(m)
		case m.Method == "textDocument/publishDiagnostics":
			c.publish(m.Params)
		case m.Method == "" && m.ID != nil:
			c.mu.Lock()
			reply := c.pending[string(*m.ID)]
			delete(c.pending, string(*m.ID))
			c.mu.Unlock()
			if reply != nil {
				reply <- m
			}
		}
	}
}

// answer replies to a request of gopls.
func (c *client) answer(m message) {
	var result any
	if m.Method == "workspace/configuration" {
		var params struct{ Items []any }
		if err := json.Unmarshal(m.Params, &params); err != nil {
			c.t.Errorf("workspace/configuration: %v", err)
		}
		c.mu.Lock()
		var all []any
		for range params.Items {
			all = append(all, c.settings)
		}
		c.mu.Unlock()
		result = all
	}
	body, err := json.Marshal(result)
	if err == nil {
		err = c.wire.send(message{ID: m.ID, Result: body})
	}
	if err != nil {
		c.t.Errorf("answer to %s: %v", m.Method, err)
	}
}

// changed wakes those who wait for diagnostics. The lock is held.
func (c *client) changed() {
	close(c.news)
	c.news = make(chan struct{})
}

// request asks and decodes the reply into result, unless that is nil.
func (c *client) request(method string, params, result any) {
	c.t.Helper()
	body, err := json.Marshal(params)
	if err != nil {
		c.t.Fatal(err)
	}
	reply := make(chan message, 1)
	c.mu.Lock()
	c.nextID++
	id := json.RawMessage(strconv.Itoa(c.nextID))
	if c.gone != nil {
		c.mu.Unlock()
		c.t.Fatalf("%s: gopls has left: %v", method, c.gone)
	}
	c.pending[string(id)] = reply
	c.mu.Unlock()
	if err := c.wire.send(message{ID: &id, Method: method, Params: body}); err != nil {
		c.t.Fatalf("%s: %v", method, err)
	}
	select {
	case m, ok := <-reply:
		switch {
		case !ok:
			c.t.Fatalf("%s: gopls has left", method)
		case m.Error != nil:
			c.t.Fatalf("%s: %s", method, m.Error.Message)
		case result != nil:
			if err := json.Unmarshal(m.Result, result); err != nil {
				c.t.Fatalf("%s: %v in %s", method, err, m.Result)
			}
		}
	case <-time.After(patience):
		c.t.Fatalf("%s: no reply after %s", method, patience)
	}
}

func (c *client) notify(method string, params any) {
	c.t.Helper()
	body, err := json.Marshal(params)
	if err == nil {
		err = c.wire.send(message{Method: method, Params: body})
	}
	if err != nil {
		c.t.Errorf("%s: %v", method, err)
	}
}

// uri is the name of a file in the protocol.
func uri(file string) string { return "file://" + filepath.ToSlash(file) }

// file is the path of a file of the workspace.
func (c *client) file(name string) string { return filepath.Join(c.root, filepath.FromSlash(name)) }

// mark is code that an analyzer of gopls's own reports. Gopls publishes a list
// without the findings of analyzers right after an edit, and the full one later;
// with the mark at the end of each text they can be told apart.
const mark = "\nfunc _(mark int) { mark = mark }\n"

// complete says whether a list has the findings of analyzers.
func complete(all []diagnostic) bool {
	return slices.ContainsFunc(all, func(d diagnostic) bool { return d.Source == "assign" })
}

// openFile opens a file of the workspace with the text that is on disk and the
// mark.
func (c *client) openFile(name string) {
	c.t.Helper()
	text, err := os.ReadFile(c.file(name))
	if err != nil {
		c.t.Fatal(err)
	}
	c.mu.Lock()
	c.open[name] = document{1, string(text) + mark}
	c.mu.Unlock()
	c.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{
		"uri": uri(c.file(name)), "languageId": "go", "version": 1, "text": string(text) + mark,
	}})
}

// edit gives an open file a new text, which is not saved.
func (c *client) edit(name, text string) {
	c.t.Helper()
	c.mu.Lock()
	version := c.open[name].version + 1
	c.open[name] = document{version, text}
	c.mu.Unlock()
	c.notify("textDocument/didChange", map[string]any{
		"textDocument":   map[string]any{"uri": uri(c.file(name)), "version": version},
		"contentChanges": []any{map[string]any{"text": text}},
	})
}

// configure changes the settings while gopls runs.
func (c *client) configure(settings map[string]any) {
	c.t.Helper()
	c.mu.Lock()
	c.settings = settings
	c.mu.Unlock()
	c.notify("workspace/didChangeConfiguration", map[string]any{"settings": map[string]any{"gopls": settings}})
}

// text is what the editor shows.
func (c *client) text(name string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open[name].text
}

// until waits for the complete diagnostics of the newest version of an open
// file, until they satisfy a condition, and returns them. What says what is waited for.
func (c *client) until(name, what string, ok func([]diagnostic) bool) []diagnostic {
	c.t.Helper()
	deadline := time.After(patience)
	for {
		c.mu.Lock()
		p, news, gone, want := c.shown[name], c.news, c.gone, c.open[name].version
		c.mu.Unlock()
		if p.version == want && complete(p.all) && ok(p.all) {
			return p.all
		}
		if gone != nil {
			c.t.Fatalf("%s: waiting for %s: gopls has left: %v", name, what, gone)
		}
		select {
		case <-news:
		case <-deadline:
			c.t.Fatalf("%s: no %s after %s; published for version %d of %d: %s", name, what, patience, p.version, want, fmt.Sprint(p.all))
		}
	}
}
