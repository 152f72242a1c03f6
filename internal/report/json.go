package report

import (
	"bytes"
	"encoding/json"
	"io"
)

// JSONVersion is the version of the JSON format, which docs/formats.md
// describes. It grows when a field goes or changes its meaning, and not when
// one is added.
const JSONVersion = 1

// A document is a report as JSON.
type document struct {
	Version  int       `json:"version"`
	Tool     tool      `json:"tool"`
	Packages int       `json:"packages"`
	Rules    []Rule    `json:"rules"`
	Findings []Finding `json:"findings"`
	Messages []string  `json:"messages"`
}

type tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

const toolName = "gatherlint"

// JSON writes a report for programs. Lists are never null.
func JSON(w io.Writer, r *Report) error {
	d := document{
		Version: JSONVersion, Tool: tool{toolName, r.Version}, Packages: r.Packages,
		Rules: notNil(r.Rules), Findings: append([]Finding{}, r.Findings...), Messages: notNil(r.Messages),
	}
	for i := range d.Findings {
		d.Findings[i].Steps = notNil(d.Findings[i].Steps)
	}
	return encode(w, d)
}

func notNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// encode writes a value as indented JSON, with < and > as they are.
func encode(w io.Writer, v any) error {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(PlainJSON(buf.Bytes()))
	return err
}
