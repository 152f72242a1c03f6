package report

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const fetchSource = "package fetch\n\n// fetch asks all.\nfunc fetch(n int) int {\n\tout := make(chan int) // no room\n\tfor i := range n {\n\t\tgo func() { out <- ask(i) }()\n\t}\n\tif n > 3 {\n\t\treturn 0\n\t}\n\treturn <-out\n}\n"

// pageSample is a report with one finding.
func pageSample() *Report {
	return &Report{
		Version: "v1.2.3", Packages: 4,
		Rules: []Rule{{Name: "lostsend", Family: "goroutines leaked", Summary: "a task blocks for ever, see `Wait`", URL: "https://example.com/checks#lostsend"}},
		Findings: []Finding{{
			Check: "lostsend", Package: "example.com/fetch",
			Place:   Place{File: "fetch/fetch.go", Line: 7, Column: 15, EndLine: 7, EndColumn: 28},
			Message: "task blocks for ever sending on out; fetch returns without receiving from it",
			Steps: []Step{
				{Place: Place{File: "fetch/fetch.go", Line: 7, Column: 3}, Text: "fetch starts a task, in a loop", Actor: Actor{"spawner", "fetch"}, On: &Actor{"task", "the task"}},
				{Place: Place{File: "fetch/fetch.go", Line: 10, Column: 3}, Text: "fetch returns here", Actor: Actor{"spawner", "fetch"}},
				{Place: Place{File: "fetch/fetch.go", Line: 7, Column: 15}, Text: "the task blocks for ever sending on out", Actor: Actor{"task", "the task"}, On: &Actor{"channel", "out"}, Blocks: true},
			},
			Fixes: []Fix{{Message: "Make room in out"}},
		}},
	}
}

func readFetch(file string) ([]byte, error) {
	if file != "fetch/fetch.go" {
		return nil, &fs.PathError{Op: "open", Path: "/somewhere/" + file, Err: fs.ErrNotExist}
	}
	return []byte(fetchSource), nil
}

func pageOf(t *testing.T, r *Report, source Source) string {
	t.Helper()
	var buf bytes.Buffer
	if err := HTML(&buf, r, source); err != nil {
		t.Fatal(err)
	}
	if page := buf.String(); !strings.HasPrefix(page, "<!doctype html>") || !strings.HasSuffix(page, "</html>\n") {
		t.Fatalf("not a page: %.80q", page)
	}
	return buf.String()
}

func pageHas(t *testing.T, page string, all ...string) {
	t.Helper()
	for _, s := range all {
		if !strings.Contains(page, s) {
			t.Errorf("the page has no %s", s)
		}
	}
}

func TestHTML(t *testing.T) {
	page := pageOf(t, pageSample(), readFetch)
	pageHas(t, page,
		"<h1>1 finding in 1 package</h1>", "4 packages analysed, 1 check", "v1.2.3",
		`<details class="finding" id="f1" data-check="lostsend" data-family="family1" data-package="example.com/fetch" open>`,
		`<span class="place">fetch/fetch.go:7:15</span>`, "<svg class=\"diagram\"", `<em>failure, blocked</em>`, "Make room in out",
		`see <code>Wait</code> <a href="https://example.com/checks#lostsend"`,
		`<a class="place" href="#f1s1">fetch/fetch.go:7:3</a>`, `<a class="place" href="#f1s2">fetch/fetch.go:10:3</a>`,
		`id="f1s1" tabindex="-1" data-n="7"><span class="marks"><b class="m" data-step="1" title="fetch starts a task, in a loop">1</b><b class="m blocks failure" data-step="3"`,
		`<span class="found">out &lt;- ask(i)</span>`, `<span class="c">// no room</span>`, `<span class="k">func</span>`,
	)
	if again := pageOf(t, pageSample(), readFetch); again != page {
		t.Error("the same report makes another page")
	}
	if n := strings.Count(page, "http"); n != strings.Count(page, "https://example.com/checks")+strings.Count(page, `http-equiv`) {
		t.Errorf("the page names %d addresses; only those of the checks are expected", n)
	}
}

func TestHTMLEmpty(t *testing.T) {
	r := pageSample()
	r.Findings = nil
	page := pageOf(t, r, nil)
	pageHas(t, page, "<h1>No findings</h1>", "4 packages analysed", "No check has anything to report", "lostsend")
	if strings.Contains(page, `id="search"`) || strings.Contains(page, "<details") {
		t.Error("there is nothing to search in, and the page lets one")
	}
	r.Messages = []string{"example.com/x: cannot find <package>"}
	page = pageOf(t, r, nil)
	pageHas(t, page, "<h1>No findings, but not everything could be analysed</h1>", "<li>example.com/x: cannot find &lt;package&gt;</li>")
	if strings.Contains(page, "No check has anything to report") {
		t.Error("the page is calm although something was not analysed")
	}
	pageOf(t, &Report{}, nil)
}

// Whatever stands in names, texts and sources stays text.
func TestHTMLHostile(t *testing.T) {
	evil := "<img src=x onerror=alert(1)>\"'`&]]></script></template></style><!--<script>alert(2)//\x00\u2028\xff{{.}}"
	r := pageSample()
	f := &r.Findings[0]
	place := Place{File: evil, Line: 1, Column: 1}
	*f = Finding{Check: evil, Package: evil, Place: place, Message: evil, Fixes: []Fix{{Message: evil}}, Steps: []Step{
		{Place: place, Text: evil, Actor: Actor{evil, evil}, On: &Actor{evil, evil + "2"}},
		{Place: place, Text: evil + " starts " + evil, Blocks: true},
	}}
	r.Version, r.Messages = evil, []string{evil}
	r.Rules = []Rule{{Name: evil, Family: evil, Summary: evil, URL: "javascript:alert(3)"}}
	page := pageOf(t, r, func(string) ([]byte, error) { return []byte("package x // " + evil), nil })
	if n := strings.Count(page, "<script"); n != 1 {
		t.Errorf("%d scripts", n)
	}
	if n := strings.Count(page, "<style"); n != 1 {
		t.Errorf("%d styles", n)
	}
	for _, s := range []string{"<img", "javascript:", "<!--", "onerror=alert(1)>"} {
		if strings.Contains(page, s) {
			t.Errorf("the page contains %s", s)
		}
	}
	// What is not alone in being text has to be in quotes.
	for _, tag := range regexp.MustCompile(`<[a-z][^<>]*>`).FindAllString(page, -1) {
		if strings.Contains(tag, "onerror") && !regexp.MustCompile(`="[^"]*onerror[^"]*"`).MatchString(tag) {
			t.Errorf("an attribute has ended early: %s", tag)
		}
	}
}

// The policy allows the script and the style that are in the page.
func TestHTMLPolicy(t *testing.T) {
	page := pageOf(t, pageSample(), readFetch)
	for _, name := range []string{"style", "script"} {
		m := regexp.MustCompile(`(?s)<` + name + `>(.*?)</` + name + `>`).FindStringSubmatch(page)
		if m == nil {
			t.Fatalf("no %s", name)
		}
		policy := strings.ReplaceAll(page[:strings.Index(page, "<title>")], "&#43;", "+")
		if want := name + "-src &#39;" + hashOf(m[1]) + "&#39;"; !strings.Contains(policy, want) {
			t.Errorf("the policy has no %s", want)
		}
	}
	if m := regexp.MustCompile(` (style|on[a-z]+)="`).FindString(page); m != "" {
		t.Errorf("the policy forbids the attribute%s", m)
	}
}

func TestHTMLGroups(t *testing.T) {
	r := &Report{Rules: []Rule{{Name: "b", Family: "second"}, {Name: "a", Family: "first"}}}
	for _, f := range []string{"b q", "b p", "a p", "b q", "new p"} {
		check, pkg, _ := strings.Cut(f, " ")
		r.Findings = append(r.Findings, Finding{Check: check, Package: pkg})
	}
	p, err := newPage(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, family := range p.Families {
		for _, pkg := range family.Packages {
			for _, f := range pkg.Findings {
				got = append(got, fmt.Sprint(family.Name, "/", pkg.Name, "/", f.Check, " ", f.ID, " ", f.Open))
			}
		}
	}
	want := []string{"first/p/a f3 true", "other/p/new f5 false", "second/p/b f2 false", "second/q/b f1 false", "second/q/b f4 false"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if p.Headline != "5 findings in 2 packages" {
		t.Error(p.Headline)
	}
}

type brokenWriter struct{}

var errBroken = errors.New("no room")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestHTMLWriteError(t *testing.T) {
	if err := HTML(brokenWriter{}, pageSample(), readFetch); !errors.Is(err, errBroken) {
		t.Errorf("%v, want %v", err, errBroken)
	}
}

// Text stands out from what is behind it, by day and by night: at least 4.5 to
// 1, as the guidelines for accessible pages want.
func TestHTMLContrast(t *testing.T) {
	css, err := joinPage("page/page.css")
	if err != nil {
		t.Fatal(err)
	}
	colours := map[string][]string{}
	for _, m := range regexp.MustCompile(`--([a-z]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)`).FindAllStringSubmatch(css, -1) {
		colours[m[1]] = m[2:]
	}
	pairs := []string{"onaccent accent"}
	for _, ink := range []string{"ink", "muted", "accent"} {
		for _, ground := range []string{"ground", "surface", "sunken", "wash"} {
			pairs = append(pairs, ink+" "+ground)
		}
	}
	for _, pair := range pairs {
		ink, ground, _ := strings.Cut(pair, " ")
		if len(colours[ink]) == 0 || len(colours[ground]) == 0 {
			t.Fatalf("page.css has no %s", pair)
		}
		for i, scheme := range []string{"light", "dark"} {
			a, b := luminance(t, colours[ink][i]), luminance(t, colours[ground][i])
			if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4.5 {
				t.Errorf("%s on %s, %s: contrast %.2f", ink, ground, scheme, ratio)
			}
		}
	}
}

// luminance is the relative luminance of a colour.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
