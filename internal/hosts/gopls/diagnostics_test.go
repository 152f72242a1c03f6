package gopls_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

type position struct{ Line, Character int }

type textRange struct{ Start, End position }

type location struct {
	URI   string
	Range textRange
}

// A diagnostic is one of those of gopls, as it sends them.
type diagnostic struct {
	Range           textRange
	Severity        int
	Code            any // a string, or a number
	CodeDescription struct{ Href string }
	Source          string
	Message         string
	Related         []struct {
		Location location
		Message  string
	} `json:"relatedInformation"`

	raw json.RawMessage // to be sent back with a request for fixes
}

func (d diagnostic) String() string {
	return fmt.Sprintf("%d:%d %s %v: %s", d.Range.Start.Line+1, d.Range.Start.Character+1, d.Source, d.Code, d.Message)
}

// published is the diagnostics of a version of a file.
type published struct {
	version int
	all     []diagnostic
}

// publish takes in diagnostics that gopls sent.
func (c *client) publish(params json.RawMessage) {
	var p struct {
		URI         string
		Version     int
		Diagnostics []json.RawMessage
	}
	if err := json.Unmarshal(params, &p); err != nil {
		c.t.Errorf("publishDiagnostics: %v", err)
		return
	}
	var all []diagnostic
	for _, raw := range p.Diagnostics {
		d := diagnostic{raw: raw}
		if err := json.Unmarshal(raw, &d); err != nil {
			c.t.Errorf("publishDiagnostics: %v in %s", err, raw)
			return
		}
		all = append(all, d)
	}
	name := strings.TrimPrefix(p.URI, uri(c.root)+"/")
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shown[name] = published{p.Version, all}
	c.changed()
}

// ours are the diagnostics of gatherlint.
func ours(all []diagnostic) []diagnostic {
	return slices.DeleteFunc(slices.Clone(all), func(d diagnostic) bool { return d.Source != "gatherlint" })
}

// checks are the names of the checks that the diagnostics are of, in the order
// of the lines.
func checks(all []diagnostic) string {
	slices.SortStableFunc(all, func(a, b diagnostic) int { return a.Range.Start.Line - b.Range.Start.Line })
	var names []string
	for _, d := range ours(all) {
		names = append(names, fmt.Sprint(d.Code))
	}
	return strings.Join(names, " ")
}

// shows is the condition that the findings are of these checks, by line.
func shows(want string) func([]diagnostic) bool {
	return func(all []diagnostic) bool { return checks(all) == want }
}

// fixes asks for the quick fixes of a diagnostic.
func (c *client) fixes(name string, d diagnostic) []action {
	c.t.Helper()
	var actions []action
	c.request("textDocument/codeAction", map[string]any{
		"textDocument": map[string]any{"uri": uri(c.file(name))},
		"range":        map[string]any{"start": lower(d.Range.Start), "end": lower(d.Range.End)},
		"context":      map[string]any{"diagnostics": []json.RawMessage{d.raw}, "only": []string{"quickfix"}},
	}, &actions)
	return actions
}

func lower(p position) map[string]int {
	return map[string]int{"line": p.Line, "character": p.Character}
}

// An action is a quick fix that gopls offers.
type action struct {
	Title string
	Kind  string
	Edit  struct {
		DocumentChanges []struct {
			TextDocument struct {
				URI     string
				Version int
			}
			Edits []struct {
				Range   textRange
				NewText string
			}
		}
	}
}

// apply changes the open files as an action says, and sends the new texts.
// Columns are taken for bytes, which they are in texts that are ASCII.
func (c *client) apply(a action) error {
	c.t.Helper()
	if len(a.Edit.DocumentChanges) == 0 {
		return fmt.Errorf("%q changes nothing", a.Title)
	}
	for _, change := range a.Edit.DocumentChanges {
		name := filepath.ToSlash(strings.TrimPrefix(change.TextDocument.URI, uri(c.root)+"/"))
		text := c.text(name)
		if text == "" {
			return fmt.Errorf("%q changes %s, which is not open", a.Title, name)
		}
		edits := slices.Clone(change.Edits)
		// The last one first, so that the places of the others stay valid.
		slices.SortFunc(edits, func(a, b struct {
			Range   textRange
			NewText string
		}) int {
			return offset(text, b.Range.Start) - offset(text, a.Range.Start)
		})
		for _, e := range edits {
			text = text[:offset(text, e.Range.Start)] + e.NewText + text[offset(text, e.Range.End):]
		}
		c.edit(name, text)
	}
	return nil
}

// offset is where a position is in a text.
func offset(text string, p position) int {
	at := 0
	for range p.Line {
		at += strings.Index(text[at:], "\n") + 1
	}
	return at + p.Character
}
