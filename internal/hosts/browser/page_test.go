// Package browser_test looks at the report of findings as a person would: in
// Chromium, with keys and mouse. It is a module of its own so that the program
// that it needs is nobody else's concern.
package browser_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gatherlint/gatherlint/internal/report"
)

const source = `package fetch

func fetch(ctx context.Context, names []string) (string, error) {
	g, gctx := errgroup.WithContext(ctx)
	out := make(chan string)
	for _, name := range names {
		g.Go(func() error { // a comment that is long enough to reach beyond the edge of a small screen, and then some more
			out <- name
			return nil
		})
	}
	return <-out, g.Wait()
}
`

func readSource(file string) ([]byte, error) {
	if strings.HasPrefix(file, "gone") {
		return nil, fs.ErrNotExist
	}
	return []byte(source), nil
}

// families are the checks of the report and what they belong to.
var families = map[string]string{"lostsend": "goroutines leaked", "stuckwait": "goroutines leaked", "droppedwait": "errors dropped"}

// finding makes the i-th finding of a report.
func finding(i int, check, pkg string) report.Finding {
	file := pkg[strings.LastIndexByte(pkg, '/')+1:] + "/fetch.go"
	spawner, task := report.Actor{Kind: "spawner", Name: fmt.Sprintf("Client.fetch%d", i)}, report.Actor{Kind: "task", Name: "the task"}
	out, group := report.Actor{Kind: "channel", Name: "out"}, report.Actor{Kind: "group", Name: "g"}
	at := func(line, column int) report.Place {
		return report.Place{File: file, Line: line, Column: column, EndLine: line, EndColumn: column + 3}
	}
	return report.Finding{
		Check: check, Package: pkg, Place: at(8, 4),
		Message: fmt.Sprintf("task %d blocks for ever sending on out; fetch returns without receiving from it", i),
		Steps: []report.Step{
			{Place: at(4, 2), Text: spawner.Name + " makes g and its context gctx", Actor: spawner, On: &group},
			{Place: at(7, 3), Text: spawner.Name + " starts a task under g, in a loop", Kind: "starts", Actor: spawner, On: &task},
			{Place: at(12, 9), Text: spawner.Name + " receives once from out", Actor: spawner, On: &out},
			{Place: at(8, 4), Text: "the task blocks for ever sending on out", Actor: task, On: &out, Blocks: true},
			{Place: at(12, 16), Text: "g.Wait never returns", Actor: spawner, On: &group, Blocks: true},
		},
		Fixes: []report.Fix{{Message: "Make room in out"}},
	}
}

// small is a report of seven findings in two families and three packages, one
// of them without its source.
func small() *report.Report {
	r := &report.Report{Version: "v0.0.0", Packages: 9}
	for _, name := range []string{"droppedwait", "lostsend", "stuckwait"} {
		r.Rules = append(r.Rules, report.Rule{Name: name, Family: families[name], Summary: "what it reports", URL: "https://example.com/" + name})
	}
	for i, f := range []string{"droppedwait a", "lostsend a", "lostsend a", "lostsend b", "stuckwait b", "stuckwait gone", "droppedwait gone"} {
		check, pkg, _ := strings.Cut(f, " ")
		r.Findings = append(r.Findings, finding(i+1, check, "example.com/"+pkg))
	}
	r.Findings[3].Steps[3].Text = "the task sends WWWW MMMM on out while everybody else has left, and what it has to say reaches nobody any more"
	r.Findings[4].Steps[0].Actor.Name = strings.Repeat("aVeryLongNameOfAFunction", 12)
	r.Findings[4].Message = strings.Repeat("unbroken", 60)
	r.Findings[4].Steps[1].Text = strings.Repeat("unbroken", 60)
	r.Findings[4].Steps[2].File = strings.Repeat("directory/", 30) + "x.go"
	return r
}

// write makes the page of a report.
func write(t *testing.T, r *report.Report) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	out, err := os.Create(file)
	must(t, err)
	must(t, report.HTML(out, r, readSource))
	must(t, out.Close())
	return file
}

const (
	shown   = `[...document.querySelectorAll(".finding")].filter(f => f.checkVisibility()).map(f => f.id).join(" ")`
	focused = `(document.activeElement.closest(".finding") || document.activeElement).id`
	status  = `document.getElementById("shown").textContent`
	all     = "f1 f7 f2 f3 f4 f5 f6" // family by family, package by package
)

func TestPage(t *testing.T) {
	b := start(t)
	file := write(t, small())
	for _, test := range []struct {
		name          string
		width, height int
		scheme        string
		run           func(*tab)
	}{
		{"opens", 1280, 900, "light", opens},
		{"filters", 1280, 900, "light", filters},
		{"searches", 1280, 900, "light", searches},
		{"keys", 1280, 900, "light", keys},
		{"steps", 1280, 900, "light", steps},
		{"theme", 1280, 900, "dark", theme},
		{"address", 1280, 900, "light", address},
		{"phone", 360, 740, "light", phone},
		{"paper", 1280, 900, "dark", paper},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := b.open(t, file, test.width, test.height, test.scheme)
			test.run(p)
			p.shoot(test.name)
			p.quiet(file)
		})
	}
}

func opens(p *tab) {
	want(p, "findings", shown, all)
	want(p, "open ones", `document.querySelectorAll(".finding[open]").length`, 1)
	want(p, "headline", `document.querySelector("h1").textContent`, "7 findings in 3 packages")
	want(p, "families", `[...document.querySelectorAll("main h2")].map(h => h.textContent).join("; ")`, "errors dropped 2; goroutines leaked 5")
	want(p, "drawn lanes of an open finding", `document.querySelectorAll("#f1 svg .box").length`, 4)
	want(p, "the drawing has a size", `document.querySelector("#f1 svg").getBoundingClientRect().height > 150`, true)
	want(p, "name of the drawing", `document.getElementById(document.querySelector("#f1 svg").getAttribute("aria-labelledby").split(" ")[0]).textContent`, "schedule of droppedwait at a/fetch.go:8:4")
	want(p, "blocked goroutines", `document.querySelectorAll("#f1 svg .stuck").length`, 2)
	want(p, "source not readable", `document.querySelector("#f6 .problem").textContent`, "source not readable: file does not exist")
	// Every text of a drawing stays within it, whatever the fonts of this machine.
	p.eval(`document.querySelectorAll(".finding").forEach(f => { f.open = true; })`, nil)
	p.frame()
	want(p, "texts beyond their drawing", `[...document.querySelectorAll("svg.diagram text")].filter(el => { const b = el.getBBox(), s = el.ownerSVGElement.viewBox.baseVal;
		return b.x < 0 || b.x + b.width > s.width || b.y + b.height > s.height; }).map(el => el.textContent).join("; ")`, "")
	p.eval(`document.querySelectorAll(".finding").forEach(f => { f.open = f.id === "f1"; })`, nil)
	want(p, "ids that are not unique", `(() => { const ids = [...document.querySelectorAll("[id]")].map(e => e.id); return ids.length - new Set(ids).size; })()`, 0)
	want(p, "controls without a name", `[...document.querySelectorAll("button, input, select, summary, a, [tabindex='0']")]
		.filter(e => !(e.textContent.trim() || e.getAttribute("aria-label") || e.labels && e.labels.length)).length`, 0)
}

func filters(p *tab) {
	p.click(`input.check[value="lostsend"]`)
	want(p, "without lostsend", shown, "f1 f7 f5 f6")
	want(p, "status", status, "4 of 7 findings")
	want(p, "the family is half chosen", `document.querySelectorAll("input.family")[1].indeterminate`, true)
	p.click(`fieldset:nth-of-type(1) input.family`)
	want(p, "without a family as well", shown, "f5 f6")
	want(p, "headings without findings", `[...document.querySelectorAll("main h2, main h3")].filter(h => h.checkVisibility()).map(h => h.textContent).join("; ")`,
		"goroutines leaked 5; example.com/b; example.com/gone")
	p.eval(`(() => { const s = document.getElementById("package"); s.value = "example.com/gone"; s.dispatchEvent(new Event("change", {bubbles: true})); })()`, nil)
	p.frame()
	want(p, "in one package", shown, "f6")
	p.click("#reset")
	want(p, "all again", shown, all)
	want(p, "status", status, "7 findings")
}

func searches(p *tab) {
	p.press("/")
	want(p, "the key / leads to", focused, "search")
	typed := func(text string) {
		p.eval(`document.getElementById("search").select()`, nil)
		p.must("Input.insertText", object{"text": text}, nil)
		p.frame()
	}
	typed("fetch3")
	want(p, "by a word of a step", shown, "f3")
	typed("TASK fetch4")
	want(p, "two words, in any case", shown, "f4")
	typed("errgroup.withcontext lostsend")
	want(p, "by source and check", shown, "f2 f3 f4")
	typed("gone/fetch.go:8")
	want(p, "by place", shown, "f7 f6")
	typed("nowhere to be found")
	want(p, "nothing", shown, "")
	want(p, "says so", `document.getElementById("nothing").checkVisibility()`, true)
	p.press("j")
	want(p, "a letter is typed, not obeyed", `document.getElementById("search").value`, "nowhere to be foundj")
	p.press("Escape")
	want(p, "escape shows all", shown, all)
	want(p, "and leads to", focused, "f1")
}

func keys(p *tab) {
	p.press("Tab")
	want(p, "the first stop is", `document.activeElement.className`, "skip")
	want(p, "it is seen", `document.activeElement.getBoundingClientRect().top >= 0`, true)
	p.press("Enter")
	want(p, "it leads to", focused, "findings")
	for _, stop := range []string{"j f1", "j f7", "ArrowDown f2", "k f7", "ArrowUp f1", "k f1", "j f7"} {
		key, id, _ := strings.Cut(stop, " ")
		p.press(key)
		want(p, "after "+key, focused, id)
	}
	want(p, "the focus is seen", `getComputedStyle(document.activeElement).outlineStyle`, "solid")
	p.press("Enter")
	want(p, "enter opens", `document.getElementById("f7").open`, true)
	p.press(" ")
	want(p, "space closes", `document.getElementById("f7").open`, false)
	p.click(`input.check[value="lostsend"]`)
	p.press("j")
	want(p, "what is hidden is passed over", focused, "f5")
	want(p, "it is in sight", `(() => { const r = document.activeElement.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight; })()`, true)
}

func steps(p *tab) {
	p.click("#f1 .steps li:nth-child(4) a")
	want(p, "a step leads to its line", `document.activeElement.dataset.n`, "8")
	p.eval(`document.querySelector('#f1 .steps li[data-step="2"]').dispatchEvent(new MouseEvent("mouseover", {bubbles: true}))`, nil)
	want(p, "a step is shown in drawing, list and source", `[...document.querySelectorAll(".lit")].map(e => e.tagName).join(" ")`, "g LI B")
	want(p, "marks in the source", `[...document.querySelectorAll("#f1 .l")].filter(l => l.querySelector(".m")).map(l => l.dataset.n + ":" + [...l.querySelectorAll(".m")].map(m => m.textContent)).join(" ")`,
		"4:1 7:2 8:4 12:3,5")
}

func theme(p *tab) {
	const ground = `getComputedStyle(document.body).backgroundColor`
	want(p, "follows the system", ground, "rgb(23, 22, 20)")
	p.click("#theme")
	want(p, "switched", ground, "rgb(247, 246, 243)")
	want(p, "offers", `document.getElementById("theme").textContent`, "Use dark")
	p.eval(`window.before = true; location.reload()`, nil)
	p.wait("the page to load again", `!window.before && document.readyState === "complete" && !document.getElementById("theme").hidden`)
	want(p, "remembered", ground, "rgb(247, 246, 243)")
	p.click("#theme")
	want(p, "switched back", ground, "rgb(23, 22, 20)")
	p.eval(`localStorage.clear()`, nil) // the other tabs have the same
	want(p, "the drawing goes along", `getComputedStyle(document.querySelector("#f1 .box")).fill`, "rgb(32, 31, 28)")
}

func address(p *tab) {
	p.click("#f4 > summary")
	want(p, "an open finding has an address", `location.hash`, "#f4")
	p.click(`input.check[value="stuckwait"]`)
	p.eval(`location.hash = "#f5"`, nil)
	p.wait("the finding to open", `document.getElementById("f5").open && document.getElementById("f5").checkVisibility()`)
}

func phone(p *tab) {
	p.eval(`document.querySelectorAll("details").forEach(d => { d.open = true; })`, nil)
	p.frame()
	want(p, "width of the page", `document.documentElement.scrollWidth`, 360)
	// Clipped by a box that scrolls is well; beyond the screen is not.
	want(p, "what is beyond the edge", `[...document.querySelectorAll("body *")].filter(e => e.checkVisibility() && !e.closest(".skip, .scroll > *, pre > *, select *") &&
		e.getBoundingClientRect().right > 360.5).map(e => e.tagName + "." + e.className).join(" ")`, "")
	for _, box := range []string{"#f1 .scroll", "#f1 pre"} {
		want(p, box+" scrolls in its own box", fmt.Sprintf(`(() => { const s = document.querySelector(%q); s.scrollLeft = 40; return s.scrollLeft; })()`, box), 40)
		p.eval(fmt.Sprintf(`document.querySelector(%q).scrollLeft = 0`, box), nil)
	}
	want(p, "source is below the drawing", `document.querySelector("#f1 .sources").getBoundingClientRect().top >= document.querySelector("#f1 .proof").getBoundingClientRect().bottom`, true)
	p.eval(`document.querySelectorAll("details").forEach(d => { d.open = d.id === "f1"; }); scrollTo(0, 0)`, nil)
}

func paper(p *tab) {
	p.eval(`document.querySelector('input.check[value="lostsend"]').click()`, nil)
	p.frame()
	p.eval(`dispatchEvent(new Event("beforeprint"))`, nil)
	want(p, "open on paper", `[...document.querySelectorAll(".finding[open]")].map(f => f.id).join(" ")`, "f1 f7 f5 f6")
	p.must("Emulation.setEmulatedMedia", object{"media": "print"}, nil)
	want(p, "the filter is not printed", `document.getElementById("filter").checkVisibility()`, false)
	want(p, "paper is white", `getComputedStyle(document.body).backgroundColor`, "rgb(255, 255, 255)")
	p.eval(`dispatchEvent(new Event("afterprint"))`, nil)
	want(p, "as before", `[...document.querySelectorAll(".finding[open]")].map(f => f.id).join(" ")`, "f1")
}

func TestEmptyPage(t *testing.T) {
	b := start(t)
	r := small()
	r.Findings = nil
	file := write(t, r)
	p := b.open(t, file, 360, 740, "dark")
	want(p, "headline", `document.querySelector("h1").textContent`, "No findings")
	want(p, "width of the page", `document.documentElement.scrollWidth`, 360)
	p.click("#theme")
	want(p, "the switch works", `document.documentElement.dataset.theme`, "light")
	p.shoot("empty")
	p.quiet(file)
}

// Names that are code or markup elsewhere do nothing.
func TestHostilePage(t *testing.T) {
	b := start(t)
	evil := `<img src="https://example.com/x" onerror="window.hit=1">"'>]]></script></template></svg><script>window.hit=2</script>`
	r := small()
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Check, f.Package, f.File, f.Message = evil, evil, evil, evil
		f.Steps[1].Text, f.Steps[1].Actor.Name, f.Steps[1].File = evil, evil, "gone"+evil
	}
	r.Messages, r.Rules[0].Name, r.Rules[0].Family, r.Rules[0].URL = []string{evil}, evil, evil, "javascript:window.hit=3"
	file := write(t, r)
	p := b.open(t, file, 1280, 900, "light")
	p.eval(`document.querySelectorAll("details").forEach(d => { d.open = true; })`, nil)
	p.frame()
	want(p, "nothing has run", `String(window.hit)`, "undefined")
	want(p, "pictures and scripts", `document.querySelectorAll("img, main script, template").length`, 0)
	want(p, "the message is shown as it is", `document.querySelector("#f1 .message").textContent`, evil)
	p.click("input.check")
	want(p, "the filter works", status, "0 of 7 findings")
	p.quiet(file)
}

// A thousand findings stay quick. The bounds are ten times and more what was
// measured on two busy cores; they are there to notice work that grows with the
// square of the findings, or layout that is asked for once a card.
func TestThousandFindings(t *testing.T) {
	b := start(t)
	r := &report.Report{Version: "v0.0.0", Packages: 400, Rules: small().Rules}
	for i := range 1000 {
		r.Findings = append(r.Findings, finding(i, []string{"droppedwait", "lostsend", "stuckwait"}[i%3], fmt.Sprintf("example.com/p%02d", i/25)))
	}
	begin := time.Now()
	file := write(t, r)
	written := time.Since(begin)
	info, err := os.Stat(file)
	must(t, err)
	begin = time.Now()
	p := b.open(t, file, 1280, 900, "light")
	p.frame()
	opened := time.Since(begin)
	// From the key to the next frame that shows its effect.
	var slowest, script float64
	for i, text := range []string{"f", "fe", "fetch9", "fetch99", "", "lostsend", "nothing at all", ""} {
		var took struct{ Frame, Script float64 }
		p.eval(fmt.Sprintf(`new Promise(done => { const s = document.getElementById("search"), begin = performance.now(); s.value = %q; s.dispatchEvent(new Event("input", {bubbles: true}));
			requestAnimationFrame(() => { const script = performance.now() - begin; requestAnimationFrame(() => done({Frame: performance.now() - begin, Script: script})); }); })`, text), &took)
		slowest, script = max(slowest, took.Frame), max(script, took.Script)
		if i == 3 {
			want(p, "found", status, "11 of 1,000 findings") // fetch99, and fetch990 to fetch999
		}
	}
	t.Logf("%d bytes written in %v, opened in %v; a letter typed into search: at most %.0f ms to the next frame, %.0f ms of them script", info.Size(), written, opened, slowest, script)
	if written > 20*time.Second || opened > 30*time.Second || slowest > 3000 {
		t.Errorf("too slow: written in %v, opened in %v, search %.0f ms", written, opened, slowest)
	}
	want(p, "a drawing that nobody has asked for is rendered", `document.querySelector("#f500 svg").checkVisibility()`, false)
	p.click("#f500 > summary")
	want(p, "opened, it is", `document.querySelector("#f500 svg").checkVisibility()`, true)
	p.shoot("thousand")
	p.quiet(file)
}
