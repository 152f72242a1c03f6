package report

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"
)

// pageFiles are the page's template, looks and behaviour.
//
//go:embed page/page.html page/page.css page/diagram.css page/page.js
var pageFiles embed.FS

// HTML writes the report as one page that needs no other file and no network.
// source reads a file of the findings; where it fails, the page says so in
// place of the source. Equal reports and sources make equal pages. The error
// is that of w.
func HTML(w io.Writer, r *Report, source Source) error {
	page, err := newPage(r, source)
	if err != nil {
		return err
	}
	text, err := pageFiles.ReadFile("page/page.html")
	if err != nil {
		return err
	}
	tmpl, err := template.New("page").Parse(string(text))
	if err != nil {
		return err
	}
	// Only a whole page is a page.
	var buf bytes.Buffer
	if err := tmpl.Execute(&buf, page); err != nil {
		return err
	}
	_, err = w.Write(buf.Bytes())
	return err
}

// A pageData is what the template shows.
type pageData struct {
	Style    template.CSS
	Script   template.JS
	Policy   string // allows the style and the script, and nothing else
	Version  string
	Headline string
	Analysed string
	Rules    []pageRule
	Families []*pageFamily
	Packages []pageCount // with findings
	Messages []string
	Total    int
}

// A pageFamily is a part of the page: what is wrong, package by package.
type pageFamily struct {
	Name     string
	Key      string // identifies it in the page
	Count    int
	Checks   []pageCount
	Packages []*pagePackage
}

type pagePackage struct {
	Name     string
	Findings []*pageFinding
}

// A pageCount is a name to filter by and how many findings have it.
type pageCount struct {
	Name  string
	Count int
}

// A pageFinding is a card.
type pageFinding struct {
	ID, Check, Family, Package string
	Place                      string
	Message                    string
	Open                       bool // from the start
	Rule                       pageRule
	Diagram                    template.HTML
	Steps                      []pageStep
	Files                      []excerpt
	Fixes                      []pageFix
	Wide                       bool // the drawing does not fit beside the source
}

// A pageRule is a check and a link to its page.
type pageRule struct {
	Name, URL string
	Summary   []segment
}

// A pageStep is a step in words.
type pageStep struct {
	N     int
	Text  string
	Tag   string
	Place string
	Link  string // to the line of the source, "" if it is not shown
}

func newPage(r *Report, source Source) (*pageData, error) {
	r = plain(r)
	style, err := joinPage("page/page.css", "page/diagram.css")
	if err != nil {
		return nil, err
	}
	script, err := joinPage("page/page.js")
	if err != nil {
		return nil, err
	}
	p := &pageData{
		Style:    template.CSS(style),
		Script:   template.JS(script),
		Policy:   policy(style, script),
		Version:  r.Version,
		Analysed: counted(r.Packages, "package") + " analysed, " + counted(len(r.Rules), "check"),
		Messages: r.Messages,
		Total:    len(r.Findings),
	}
	for _, rule := range r.Rules {
		p.Rules = append(p.Rules, ruleOf(rule))
	}
	p.addFindings(r, &sources{read: source})
	switch {
	case len(r.Findings) > 0:
		p.Headline = counted(len(r.Findings), "finding") + " in " + counted(len(p.Packages), "package")
	case len(r.Messages) > 0:
		p.Headline = "No findings, but not everything could be analysed"
	default:
		p.Headline = "No findings"
	}
	return p, nil
}

// joinPage is the text of embedded files, one after the other.
func joinPage(names ...string) (string, error) {
	var sb strings.Builder
	for _, name := range names {
		text, err := pageFiles.ReadFile(name)
		if err != nil {
			return "", err
		}
		// Git may have checked it out with the line ends of Windows.
		sb.Write(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
	}
	return sb.String(), nil
}

// policy is a content security policy that allows these two and nothing else.
func policy(style, script string) string {
	return fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; img-src data:; base-uri 'none'; form-action 'none'", hashOf(style), hashOf(script))
}

// hashOf names a text in a content security policy.
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// addFindings sorts the findings into families, and into packages there.
func (p *pageData) addFindings(r *Report, src *sources) {
	rules := make(map[string]Rule)
	for _, rule := range r.Rules {
		rules[rule.Name] = rule
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		rule := rules[f.Check]
		family := p.family(cmp.Or(rule.Family, "other"))
		family.Count++
		family.Checks = count(family.Checks, f.Check)
		p.Packages = count(p.Packages, f.Package)
		pkg := family.pkg(f.Package)
		pkg.Findings = append(pkg.Findings, cardOf(f, rule, family.Key, "f"+strconv.Itoa(i+1), src))
	}
	byName := func(a, b pageCount) int { return cmp.Compare(a.Name, b.Name) }
	slices.SortFunc(p.Packages, byName)
	slices.SortFunc(p.Families, func(a, b *pageFamily) int { return cmp.Compare(a.Name, b.Name) })
	for _, family := range p.Families {
		slices.SortFunc(family.Checks, byName)
		slices.SortFunc(family.Packages, func(a, b *pagePackage) int { return cmp.Compare(a.Name, b.Name) })
	}
	if len(p.Families) > 0 {
		p.Families[0].Packages[0].Findings[0].Open = true
	}
}

func (p *pageData) family(name string) *pageFamily {
	for _, f := range p.Families {
		if f.Name == name {
			return f
		}
	}
	f := &pageFamily{Name: name, Key: "family" + strconv.Itoa(len(p.Families)+1)}
	p.Families = append(p.Families, f)
	return f
}

// pkg is the part of a package, which is new if the findings have reached one
// that they have not seen for a while; most often it is the last one.
func (f *pageFamily) pkg(name string) *pagePackage {
	for _, p := range slices.Backward(f.Packages) {
		if p.Name == name {
			return p
		}
	}
	p := &pagePackage{Name: name}
	f.Packages = append(f.Packages, p)
	return p
}

// count counts one more of a name.
func count(counts []pageCount, name string) []pageCount {
	for i := range slices.Backward(counts) {
		if counts[i].Name == name {
			counts[i].Count++
			return counts
		}
	}
	return append(counts, pageCount{name, 1})
}

// cardOf makes the card of one finding.
func cardOf(f *Finding, rule Rule, family, id string, src *sources) *pageFinding {
	told := *f
	told.Steps = placed(f.Steps)
	f = &told
	d := diagramOf(f, id)
	card := &pageFinding{
		ID: id, Check: f.Check, Family: family, Package: f.Package, Place: f.Place.String(),
		Message: f.Message, Rule: ruleOf(rule),
		Diagram: d.SVG(),
		Wide:    d.width() > besideSource,
		Files:   src.excerpts(f, id),
		Fixes:   src.fixes(f.Fixes),
	}
	shown := make(map[int]string)
	for _, file := range card.Files {
		for _, line := range file.Lines {
			for _, mark := range line.Marks {
				shown[mark.N] = line.ID
			}
		}
	}
	for i, s := range f.Steps {
		card.Steps = append(card.Steps, pageStep{i + 1, s.Text, tagOf(d.Events[i]), s.Place.String(), shown[i+1]})
	}
	return card
}

func ruleOf(r Rule) pageRule { return pageRule{r.Name, r.URL, codeSpans(r.Summary)} }

// codeSpans cuts a sentence of Markdown at its backquotes.
func codeSpans(text string) []segment {
	var out []segment
	for i, part := range strings.Split(text, "`") {
		class := ""
		if i%2 == 1 {
			class = "code"
		}
		if part != "" {
			out = append(out, segment{class, part})
		}
	}
	return out
}

// counted is a number and what it counts.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + noun + "s"
}

// thousands writes a number with commas.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
