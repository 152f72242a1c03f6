package analyzer_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// makeProgram is the program with a number.
func makeProgram(seed int64, number int) (program, error) {
	m := &maker{Rand: rand.New(rand.NewPCG(uint64(seed), uint64(number))), name: fmt.Sprintf("Prog%04d", number)}
	m.begin()
	var body []string
	switch m.one(34, 22, 11, 13, 7, 4, 9, 50) {
	case 0:
		body = m.gather()
	case 1:
		body = m.pipeline()
	case 2:
		body = m.semaphore()
	case 3:
		body = m.signal()
	case 4:
		body = m.meet()
	case 5:
		body = m.merge()
	case 6:
		body = m.anything()
	default:
		body = m.forms()
	}
	p, err := m.file(body)
	p.text = slowly(p.text)
	return p, err
}

// slowly puts a pause before every operation that can block: any goroutine can be
// slow there, and without the pause no run would show it.
func slowly(text string) string {
	if !strings.Contains(text, "example.org/oracle") {
		text = strings.Replace(text, "\n)\n", "\n\n\t\"example.org/oracle\"\n)\n", 1)
	}
	var out []string
	for _, line := range strings.Split(text, "\n") {
		code := strings.TrimLeft(line, "\t")
		indent := line[:len(line)-len(code)]
		blocks := strings.Contains(code, "<-") || strings.Contains(code, ".Wait()") || strings.HasPrefix(code, "select {") ||
			strings.HasPrefix(code, "for ") && strings.Contains(code, "range ") || strings.Contains(code, ".Add(")
		first, _, _ := strings.Cut(code, " ")
		switch first {
		case "case", "default:", "}", "defer", "go", "func", "//":
			blocks = false
		}
		if blocks && indent != "" {
			out = append(out, indent+"oracle.Step()")
		}
		out = append(out, line)
		if first == "defer" && indent != "" {
			out = append(out, indent+"defer oracle.Step()")
		}
	}
	return strings.Join(out, "\n")
}

// begin decides on the contexts and the kind of fan-out.
func (m *maker) begin() {
	m.ctxs = []string{"ctx"}
	if m.chance(22) {
		m.cancel = m.word("defer", "defer", "wait", "exit")
		m.head = append(m.head, declaration{name: "cancel", line: "ctx, cancel := context.WithCancel(ctx)", unused: "ctx, cancel := context.WithCancel(ctx)\n_ = cancel",
			typ: "context.CancelFunc", arg: "cancel"})
		if m.cancel == "defer" {
			m.head = append(m.head, declaration{line: "defer cancel()"})
		}
	}
	kinds := []string{plainGroup, ctxGroup, addBefore, addAtOnce, addInside, waitGroupGo, bare, loose}
	m.join = kinds[m.one(14, 28, 16, 6, 3, 12, 12, 9)]
	switch {
	case m.join == ctxGroup && m.chance(30):
		m.head = append(m.head, declaration{name: "g", line: "g, ctx := errgroup.WithContext(ctx)", typ: "*errgroup.Group", arg: "g"})
	case m.join == ctxGroup:
		m.head = append(m.head, declaration{name: "gctx", line: "g, gctx := errgroup.WithContext(ctx)", unused: "g, _ := errgroup.WithContext(ctx)",
			typ: "context.Context", arg: "gctx"})
		m.ctxs = []string{"ctx", "gctx", "gctx"}
	case m.join == plainGroup && m.chance(30):
		m.head = append(m.head, declaration{name: "g", line: "g := new(errgroup.Group)", typ: "*errgroup.Group", arg: "g"})
	case m.join == plainGroup:
		m.head = append(m.head, declaration{name: "g", line: "var g errgroup.Group", typ: "*errgroup.Group", arg: "&g"})
	case m.isCounter():
		m.head = append(m.head, declaration{name: "wg", line: "var wg sync.WaitGroup", typ: "*sync.WaitGroup", arg: "&wg"})
	case m.join == bare:
		m.channel("done", "struct{}", m.size())
	}
	if m.isGroup() && m.chance(14) {
		m.head = append(m.head, declaration{line: "g.SetLimit(" + m.word("1", "2", "2") + ")"})
	}
}

// site starts one task, or one for each round of a loop.
func (m *maker) site(s size, body func(scope) []string) []string {
	var first []string
	if m.join == addAtOnce {
		first = lines("wg.Add(" + string(s) + ")")
	}
	return lines(first, m.loop(s, m.start(s, body)))
}

// start starts a task as the kind of the fan-out wants it.
func (m *maker) start(s size, body func(scope) []string) []string {
	sc := scope{task: true, loop: s != "1"}
	switch {
	case m.isGroup():
		sc.errs = true
		b := lines(body(sc), "return nil")
		if call := m.outlined(b, " error", sc); call != "" {
			return lines("g.Go(func() error {", "return "+call, "})")
		}
		return lines("g.Go(func() error {", b, "})")
	case m.join == waitGroupGo:
		return lines("wg.Go(func() {", body(sc), "})")
	case m.isCounter():
		sc.late = m.chance(15)
		b := lines("defer wg.Done()", body(sc))
		if sc.late {
			b = lines(b[1:], "wg.Done()")
		}
		switch m.join {
		case addBefore:
			return lines("wg.Add(1)", m.goes(sc, b))
		case addInside:
			return m.goes(sc, lines("wg.Add(1)", b))
		}
		return m.goes(sc, b)
	case m.join == bare:
		m.joins = append(m.joins, s)
		b := body(sc)
		if m.chance(60) {
			return m.goes(sc, lines("defer func() { done <- struct{}{} }()", b))
		}
		return m.goes(sc, lines(b, m.step(), "done <- struct{}{}"))
	}
	return m.goes(sc, body(sc))
}

func (m *maker) goes(s scope, body []string) []string {
	if call := m.outlined(body, "", s); call != "" {
		return lines("go " + call)
	}
	return lines("go func() {", body, "}()")
}

// outlined makes a body a function of its own, at times, and is the call of it.
func (m *maker) outlined(body []string, result string, s scope) string {
	if !m.chance(12) {
		return ""
	}
	all := append([]declaration{
		{name: "ctx", typ: "context.Context", arg: "ctx"}, {name: "items", typ: "[]int", arg: "items"}, {name: "n", typ: "int", arg: "n"},
	}, m.head...)
	if s.loop {
		all = append(all, declaration{name: "item", typ: "int", arg: "item"})
	}
	var params, args []string
	for _, d := range all {
		if d.name != "" && mentions(body, d.name) {
			params, args = append(params, d.name+" "+d.typ), append(args, d.arg)
		}
	}
	name := fmt.Sprintf("%sTask%d", m.name, len(m.helpers))
	m.declares(name, "func "+name+"("+strings.Join(params, ", ")+")"+result+" {\n"+strings.Join(body, "\n")+"\n}\n")
	return name + "(" + strings.Join(args, ", ") + ")"
}

// wait joins the tasks that have been started, if the fan-out is joined.
func (m *maker) wait(last bool) []string {
	early := m.cancels("wait", 60)
	switch {
	case m.isGroup() && last:
		return lines(early, m.word("return g.Wait()", "if err := g.Wait(); err != nil {\nreturn err\n}"))
	case m.isGroup():
		return lines(early, m.word("g.Wait()", "_ = g.Wait()"))
	case m.isCounter():
		return lines(early, "wg.Wait()")
	}
	for _, s := range m.joins {
		early = append(early, m.loop(s, lines("<-done"))...)
	}
	return early
}

// closer closes a channel when the tasks have ended.
func (m *maker) closer(c *channel) []string {
	join := m.wait(false)
	if m.cancel == "wait" && len(join) > 1 && join[0] == "cancel()" {
		join = join[1:]
	}
	return lines("go func() {", join, "close("+c.name+")", "}()")
}

// drain receives what a number of tasks have sent.
func (m *maker) drain(s scope, c *channel, sizes []size) []string {
	var out []string
	for _, n := range sizes {
		if m.chance(6) {
			n = m.size()
		}
		body := m.recv(s, c)
		if m.chance(12) {
			body = lines(body, m.mayFail(s))
		} else if m.chance(10) {
			body = lines(body, "if oracle.Flip() {", "break", "}")
		}
		out = append(out, m.loop(n, body)...)
	}
	return out
}

// gather: tasks send results, someone takes them.
func (m *maker) gather() []string {
	sizes := []size{m.size()}
	out := m.channel("out", m.word("int", "int", "error"), sizes[0])
	work := func(s scope) []string {
		if out.elem == "error" && m.chance(40) {
			return lines("if err := oracle.Fail(); err != nil {", m.send(s, out), m.exit(s, "err"), "}", m.maybe(55, m.send(s, out)))
		}
		return lines(m.step(), m.maybe(30, m.mayFail(s)), m.send(s, out), m.maybe(12, m.mayFail(s)))
	}
	body := m.site(sizes[0], work)
	if m.chance(25) {
		sizes = append(sizes, m.size())
		body = lines(body, m.site(sizes[1], work))
	}
	body = lines(body, m.maybe(10, m.mayFail(scope{})))
	var s scope
	switch m.one(30, 12, 28, 14, 12, 4) {
	case 0:
		return lines(body, m.drain(s, out, sizes), m.wait(true))
	case 1:
		return lines(body, m.wait(false), m.closes(out, 80), m.maybe(60, m.ranges(s, out, nil)))
	case 2:
		if m.join == loose || m.chance(5) {
			return lines(body, m.ranges(s, out, nil))
		}
		return lines(body, m.closer(out), m.ranges(s, out, m.maybe(20, m.mayFail(s))), m.maybe(40, m.wait(true)))
	case 3:
		done := m.channel("drained", "struct{}", "1")
		inner := scope{task: true}
		take := m.ranges(inner, out, nil)
		if m.chance(30) {
			take = m.drain(inner, out, sizes)
		}
		tell := m.chance(70)
		collect := lines("go func() {", m.maybe(90, "defer close(drained)"), take, "}()")
		if m.chance(50) {
			body, collect = collect, body
		}
		return lines(body, collect, m.wait(false), m.closes(out, 85), m.maybe(b2i(tell), m.recv(s, done)))
	case 4:
		return lines(body, m.recv(s, out), m.maybe(50, m.wait(true)))
	}
	return lines(body, m.wait(true))
}

func b2i(b bool) int {
	if b {
		return 100
	}
	return 0
}

// pipeline: one sends and closes, workers take until the end.
func (m *maker) pipeline() []string {
	count, workers := m.size(), m.size()
	jobs, results := m.channel("jobs", "int", count), m.channel("results", m.word("int", "error"), count)
	var s scope
	feed := func(s scope) []string {
		deferred, closed := m.chance(60), m.chance(93)
		s.loop = true
		send := m.loop(count, lines(m.maybe(15, m.mayFail(s)), m.send(s, jobs)))
		return lines(m.maybe(b2i(deferred && closed), "defer close(jobs)"), send, m.maybe(b2i(!deferred && closed), "close(jobs)"))
	}
	reply := m.chance(45)
	work := func(s scope) []string {
		s.loop = false
		return m.ranges(s, jobs, lines(m.step(), m.maybe(30, m.mayFail(s)), m.maybe(b2i(reply), m.send(s, results))))
	}
	producer := func() []string {
		switch m.one(40, 40, 20) {
		case 0:
			return m.site("1", feed)
		case 1:
			return lines("go func() {", feed(scope{task: true}), "}()")
		}
		return feed(s)
	}
	body := lines(m.site(workers, work), producer())
	if m.chance(30) {
		body = lines(producer(), m.site(workers, work))
	}
	switch {
	case !reply:
		return lines(body, m.wait(true))
	case m.chance(50) && m.join != loose:
		return lines(body, m.closer(results), m.ranges(s, results, nil), m.maybe(50, m.wait(true)))
	case m.chance(70):
		return lines(body, m.drain(s, results, []size{count}), m.wait(true))
	}
	return lines(body, m.wait(false), m.closes(results, 95), m.ranges(s, results, nil))
}
