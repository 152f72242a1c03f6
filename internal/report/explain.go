package report

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
)

// An Explanation is what is known of a spawner and its fan-outs.
type Explanation struct {
	Title    string        `json:"title"`
	At       Place         `json:"at"`
	Sections []ExplainPart `json:"sections"`
	Strokes  []Step        `json:"drawing,omitempty"` // in the order of the source
}

// An ExplainPart is a section of an explanation, or a sentence of one.
type ExplainPart struct {
	Text  string        `json:"text"`
	At    *Place        `json:"at,omitempty"`
	Parts []ExplainPart `json:"parts,omitempty"`
}

// Where is the place for people, "" if there is none.
func (p ExplainPart) Where() string {
	if p.At == nil {
		return ""
	}
	return p.At.String()
}

// An explainCard is an explanation with its drawing, and the source that it is
// of. Their numbers are the same.
type explainCard struct {
	Explanation
	Diagram template.HTML
	Files   []excerpt
}

// ExplainHTML writes explanations as a page that needs no other file. source
// reads a file of the strokes; it may be nil. The error is that of w.
func ExplainHTML(w io.Writer, version string, list []Explanation, source Source) error {
	style, err := joinPage("page/page.css", "page/diagram.css")
	if err != nil {
		return err
	}
	script, err := joinPage("page/page.js")
	if err != nil {
		return err
	}
	style += explainStyle
	data := struct {
		Style           template.CSS
		Script          template.JS
		Policy, Version string
		Cards           []explainCard
	}{Style: template.CSS(style), Script: template.JS(script), Policy: policy(style, script), Version: version}
	src := &sources{read: source}
	for i, x := range list {
		data.Cards = append(data.Cards, explainCardOf(x, fmt.Sprintf("x%d", i), src))
	}
	text, err := pageFiles.ReadFile("page/page.html")
	if err != nil {
		return err
	}
	tmpl, err := template.New("page").Parse(string(text))
	if err == nil {
		tmpl, err = tmpl.New("explain").Parse(explainPage)
	}
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := tmpl.Execute(&buf, data); err != nil {
		return err
	}
	_, err = w.Write(buf.Bytes())
	return err
}

func explainCardOf(x Explanation, id string, src *sources) explainCard {
	x = plainExplanation(x)
	card := explainCard{Explanation: x, Diagram: explainDiagram(&x, id).SVG()}
	if src.read == nil || len(x.Strokes) == 0 {
		return card
	}
	card.Files = src.excerpts(&Finding{Place: x.At, Steps: x.Strokes}, id)
	for _, f := range card.Files {
		for i := range f.Lines {
			// The last stroke is no failure, and the spawner's line no finding.
			l := &f.Lines[i]
			l.Failure, l.Found = false, false
			for j := range l.Marks {
				l.Marks[j].Failure = false
			}
		}
	}
	return card
}

const explainStyle = `
.explained { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: .25rem clamp(1rem, 3vw, 2rem) 1.25rem; margin: 1.5rem 0; }
.explained h1 { font-size: 1.3rem; margin: 1.25rem 0 1rem; }
.explained h2 { font-size: .95rem; margin: 1.25rem 0 .35rem; }
.explained ul { padding-left: 1.2rem; }
.explained .at { color: var(--muted); font: 12px/1.5 var(--mono); }
.explained .scroll { overflow-x: auto; }
.explained p { color: var(--muted); margin-bottom: .75rem; }
.explained .body { border-top: 0; padding: 0; }
.explained .body.alone { grid-template-columns: minmax(0, 1fr); }
.explained .m { min-width: 1.3rem; }
.top.bare { padding-bottom: 0; }
.top.bare > * { margin-bottom: 0; }
`

const explainPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{.Policy}}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{with index .Cards 0}}{{.Title}}{{end}} · gatherlint</title>
<link rel="icon" href="data:,">
<style>{{.Style}}</style>
</head>
<body>
<header class="top bare">
<div class="brand">gatherlint explain</div>
<button type="button" class="theme" id="theme" hidden><svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6.25"/><path d="M8 1.75a6.25 6.25 0 0 1 0 12.5z"/></svg><span id="themename"></span></button>
</header>
<main>
{{- range .Cards}}
<article class="explained">
<h1>{{.Title}} <span class="at">{{.At}}</span></h1>
<div class="body{{if not .Files}} alone{{end}}">
<div class="proof">
{{- range .Sections}}
<h2>{{.Text}}</h2>
{{template "parts" .Parts}}
{{- end}}
</div>
{{- if .Files}}
<div class="sources">{{range .Files}}{{template "source" .}}{{end}}</div>
{{- end}}
</div>
{{- if .Diagram}}
<h2>drawing</h2>
<p>Who does what to what, in the order of the source.</p>
<div class="scroll" tabindex="0" role="region" aria-label="drawing of the fan-out">{{.Diagram}}</div>
{{- end}}
</article>
{{- end}}
</main>
<footer><p>gatherlint {{.Version}}</p></footer>
<script>{{.Script}}</script>
</body>
</html>
{{define "parts"}}<ul>
{{- range .}}
<li>{{.Text}}{{with .Where}} <span class="at">{{.}}</span>{{end}}{{with .Parts}}{{template "parts" .}}{{end}}</li>
{{- end}}
</ul>{{end}}
`

// explainDiagram draws who does what to what.
func explainDiagram(x *Explanation, id string) *Diagram {
	d := &Diagram{ID: id, Title: x.Title}
	add := func(a Actor) {
		if !slices.Contains(d.Lanes, a) {
			d.Lanes = append(d.Lanes, a)
		}
	}
	for _, s := range x.Strokes {
		add(s.Actor)
		if s.On != nil {
			add(*s.On)
		}
	}
	slices.SortStableFunc(d.Lanes, func(a, b Actor) int { return cmp.Compare(laneRank(a), laneRank(b)) })
	var desc []string
	started := map[Actor]bool{}
	for _, s := range x.Strokes {
		e := Event{From: slices.Index(d.Lanes, s.Actor), Text: s.Text}
		e.To = e.From
		if s.On != nil {
			e.To = slices.Index(d.Lanes, *s.On)
			e.Starts = s.On.Kind == "task" && !started[*s.On]
			started[*s.On] = true
		}
		d.Events = append(d.Events, e)
		desc = append(desc, s.Actor.Name+" "+s.Text)
	}
	d.Desc = strings.Join(desc, "\n")
	return d
}

// plainExplanation is plain for an explanation.
func plainExplanation(x Explanation) Explanation {
	x.Title, x.Sections = Plain(x.Title), plainParts(x.Sections)
	strokes := plain(&Report{Findings: []Finding{{Steps: x.Strokes}}})
	x.Strokes = strokes.Findings[0].Steps
	return x
}

func plainParts(parts []ExplainPart) []ExplainPart {
	var out []ExplainPart
	for _, p := range parts {
		out = append(out, ExplainPart{Plain(p.Text), p.At, plainParts(p.Parts)})
	}
	return out
}
