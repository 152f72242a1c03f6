package analyzer_test

import (
	"fmt"
	"go/format"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
)

// The generator makes small programs with a fan-out, each one function
//
//	func Prog0001(ctx context.Context, items []int, n int) error
//
// and at times a few helper functions, in a file of its own. Programs at random
// are of no use: nearly all of them hang at once, and for one reason. So each is
// made after a plan (generated_plans_test.go): results that are gathered, a
// pipeline, a semaphore, a signal, tasks that meet, and for what nobody thought
// of a plan without one. A plan says who sends, who receives, who closes and who
// waits so that it balances; then at every corner a die decides whether
// something is left out, leaves early, comes in another order or has another
// size. About half of the programs hang in some schedule, the others never do.
//
// This file has the words that the plans are written in. A text is a list of
// lines. Each line has one operation at most, so that a line names an operation.
// Choices come from one source that is seeded with the seed and the number of
// the program: the same two numbers make the same program.
//
// A panic would end the process of the run. So a channel is closed after a join
// of its senders or by its only sender, and a counter never goes below zero,
// except where a plan joins with a counter that misses tasks: rare, and the
// runner counts it. Mutexes are left out, because a goroutine that waits for one
// keeps the fake clock from moving.

// A program is a generated function and what it needs, as a Go file.
type program struct{ name, text string }

// maker makes one program.
type maker struct {
	*rand.Rand
	name    string
	join    string // of the fan-out: one of the kinds below
	head    []declaration
	ctxs    []string // contexts that a select can watch
	cancel  string   // when the cancel function is called: "", "defer", "wait", "exit"
	joins   []size   // how many tasks report to the join channel
	loops   int      // with a variable, so far
	helpers []helper
}

// A helper is a declaration beside the program, which is left out if nothing mentions it.
type helper struct{ name, text string }

// A declaration is a line at the top of the program. If nothing uses the name,
// the line is the other one. A task that is a function of its own gets the
// variable as a parameter of the type, with the argument.
type declaration struct{ name, line, unused, typ, arg string }

// The kinds of fan-outs.
const (
	plainGroup  = "g"        // errgroup.Group
	ctxGroup    = "g, ctx"   // the same with a context
	addBefore   = "wg.Add"   // sync.WaitGroup, Add before each go
	addAtOnce   = "wg.Add n" // ... Add before the loop
	addInside   = "wg.Add t" // ... Add in the task, which is too late
	waitGroupGo = "wg.Go"
	bare        = "bare" // joined by a channel
	loose       = "none" // not joined at all
)

func (m *maker) isGroup() bool { return m.join == plainGroup || m.join == ctxGroup }

func (m *maker) isCounter() bool { return strings.HasPrefix(m.join, "wg.") }

// chance is true in so many of a hundred cases.
func (m *maker) chance(percent int) bool { return m.IntN(100) < percent }

// one draws an index by weight.
func (m *maker) one(weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	at := m.IntN(sum)
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return 0
}

func (m *maker) word(words ...string) string { return words[m.IntN(len(words))] }

// lines puts texts together: lines and lists of lines.
func lines(parts ...any) []string {
	var out []string
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			if p != "" {
				out = append(out, p)
			}
		case []string:
			out = append(out, p...)
		}
	}
	return out
}

func mentions(body []string, name string) bool {
	word := regexp.MustCompile(`\b` + name + `\b`)
	return slices.ContainsFunc(body, word.MatchString)
}

// A size is how often a loop runs or how much a channel holds.
type size string

func (m *maker) size() size {
	if m.chance(35) {
		return size(m.word("1", "2", "2", "3"))
	}
	return size(m.word("n", "len(items)"))
}

// loop repeats a body, which may use the variable item.
func (m *maker) loop(s size, body []string) []string {
	used := mentions(body, "item")
	leaves := slices.Contains(body, "break") || slices.Contains(body, "continue")
	if s == "1" && !used && !leaves && m.chance(70) {
		return body
	}
	if used { // an outer loop has another variable
		m.loops++
		item := fmt.Sprintf("item%d", m.loops)
		var own []string
		for _, line := range body {
			own = append(own, itemWord.ReplaceAllString(line, item))
		}
		if s == "len(items)" {
			return lines("for _, "+item+" := range items {", own, "}")
		}
		return lines(m.word(fmt.Sprintf("for %s := range %s {", item, s), fmt.Sprintf("for %[1]s := 0; %[1]s < %[2]s; %[1]s++ {", item, s)), own, "}")
	}
	if s == "len(items)" && m.chance(60) {
		return lines("for range items {", body, "}")
	}
	return lines(m.word(fmt.Sprintf("for range %s {", s), fmt.Sprintf("for i := 0; i < %s; i++ {", s)), body, "}")
}

var itemWord = regexp.MustCompile(`\bitem\b`)

// A channel is declared once and handled with the operations below.
type channel struct {
	name, elem string
}

// channel declares a channel; sends is the number of sends that the plan has in
// mind, which is one of the capacities.
func (m *maker) channel(name, elem string, sends size) *channel {
	var capacity string
	switch m.one(45, 30, 15, 10) {
	case 1:
		capacity = ", " + string(sends)
	case 2:
		capacity = ", " + m.word("1", "1", "2", "3")
	case 3:
		capacity = ", " + string(m.size())
	}
	return m.declare(name, elem, capacity)
}

func (m *maker) declare(name, elem, capacity string) *channel {
	m.head = append(m.head, declaration{name, fmt.Sprintf("%s := make(chan %s%s)", name, elem, capacity), "", "chan " + elem, name})
	return &channel{name, elem}
}

// A scope is where a text stands: what its function returns.
type scope struct {
	task bool
	errs bool // the function has an error result
	late bool // Done is called at the end of the task and not deferred
	loop bool // item is known
}

// closes closes a channel if its senders have been joined.
func (m *maker) closes(c *channel, percent int) []string {
	if m.join == loose {
		return nil
	}
	return m.maybe(percent, "close("+c.name+")")
}

// exit leaves the function.
func (m *maker) exit(s scope, err string) []string {
	switch {
	case s.late:
		return lines(m.maybe(50, "wg.Done()"), "return")
	case s.task && !s.errs:
		return lines("return")
	case s.task:
		return lines("return " + err)
	}
	return lines(m.cancels("exit", 100), m.maybe(8, m.wait(false)), "return "+err)
}

func (m *maker) maybe(percent int, parts ...any) []string {
	if m.chance(percent) {
		return lines(parts...)
	}
	return nil
}

// cancels calls the cancel function where m.cancel says so.
func (m *maker) cancels(at string, percent int) []string {
	if m.cancel != at {
		return nil
	}
	return m.maybe(percent, "cancel()")
}

// step lets others run first.
func (m *maker) step() []string { return m.maybe(65, "oracle.Step()") }

// mayFail leaves the function if work fails, or for a reason unknown.
func (m *maker) mayFail(s scope) []string {
	if m.chance(25) {
		return lines("if oracle.Flip() {", m.exit(s, "nil"), "}")
	}
	return lines("if err := oracle.Fail(); err != nil {", m.exit(s, "err"), "}")
}

func (m *maker) value(s scope, c *channel) string {
	switch {
	case c.elem == "error":
		return m.word("oracle.Fail()", "oracle.Fail()", "nil")
	case c.elem == "int" && s.loop:
		return m.word("item", "1")
	case c.elem == "int":
		return "1"
	}
	return c.elem + "{}"
}

// guarded makes an operation a case of a select with a way out.
func (m *maker) guarded(s scope, op string, then []string) []string {
	ctx := m.ctxs[m.IntN(len(m.ctxs))]
	way := lines("case <-"+ctx+".Done():", m.maybe(85, m.exit(s, ctx+".Err()")))
	switch m.one(70, 12, 12, 6) {
	case 1:
		way = lines("default:", m.maybe(30, m.exit(s, "nil")))
	case 2:
		way = lines("case <-time.After("+m.word("2", "5", "20")+" * time.Millisecond):", m.maybe(50, m.exit(s, "nil")))
	case 3:
		if m.chance(50) {
			way = nil
		} else {
			way = append(way, "case <-time.After(50 * time.Millisecond):")
		}
	}
	if m.chance(15) && way != nil {
		return lines("select {", way, "case "+op+":", then, "}")
	}
	return lines("select {", "case "+op+":", then, way, "}")
}

func (m *maker) send(s scope, c *channel) []string {
	op := c.name + " <- " + m.value(s, c)
	switch m.one(60, 28, 7, 5) {
	case 1:
		return lines(m.step(), m.guarded(s, op, nil))
	case 2:
		name := m.helper("Send"+c.elem, "(c chan "+c.elem+", v "+c.elem+") {", "oracle.Step()", "c <- v")
		return lines(fmt.Sprintf("%s(%s, %s)", name, c.name, strings.TrimPrefix(op, c.name+" <- ")))
	case 3:
		name := m.helper("Try"+c.elem, "(ctx context.Context, c chan<- "+c.elem+", v "+c.elem+") error {",
			"select {", "case c <- v:", "return nil", "case <-ctx.Done():", "return ctx.Err()", "}")
		return lines(m.step(), fmt.Sprintf("if err := %s(%s, %s, %s); err != nil {", name, m.ctxs[len(m.ctxs)-1], c.name,
			strings.TrimPrefix(op, c.name+" <- ")), m.exit(s, "err"), "}")
	}
	return lines(m.step(), op)
}

// recv receives once. From a channel of errors it may return the first one.
func (m *maker) recv(s scope, c *channel) []string {
	from := "<-" + c.name
	if c.elem == "error" && m.chance(55) {
		return lines(m.step(), "if err := "+from+"; err != nil {", m.exit(s, "err"), "}")
	}
	switch m.one(50, 20, 15, 8) {
	case 1:
		return lines(m.step(), m.guarded(s, from, m.maybe(15, m.mayFail(s))))
	case 2:
		if c.elem == "error" {
			return lines(m.step(), m.guarded(s, "err := "+from, lines("if err != nil {", m.exit(s, "err"), "}")))
		}
		return lines(m.step(), "if _, ok := "+from+"; !ok {", m.exit(s, "nil"), "}")
	case 3:
		name := m.helper("Recv"+c.elem, "(c <-chan "+c.elem+") "+c.elem+" {", "oracle.Step()", "return <-c")
		return lines(fmt.Sprintf("%s(%s)", name, c.name))
	}
	return lines(m.step(), from)
}

// ranges receives until the channel is closed.
func (m *maker) ranges(s scope, c *channel, body []string) []string {
	switch {
	case m.chance(12):
		return lines("for {", "v, ok := <-"+c.name, "if !ok {", "break", "}", "_ = v", body, "}")
	case m.chance(15):
		ctx := m.ctxs[m.IntN(len(m.ctxs))]
		return lines("for {", "select {", "case _, ok := <-"+c.name+":", "if !ok {", m.exit(s, "nil"), "}", body,
			"case <-"+ctx+".Done():", m.exit(s, ctx+".Err()"), "}", "}")
	case c.elem == "error" && m.chance(40):
		return lines("for err := range "+c.name+" {", "if err != nil {", m.exit(s, "err"), "}", body, "}")
	}
	return lines("for range "+c.name+" {", body, "}")
}

// helper adds a function next to the program, once.
func (m *maker) helper(what, signature string, body ...string) string {
	name := m.name + strings.NewReplacer("struct", "Token", "{}", "", "int", "Int", "error", "Error").Replace(what)
	m.declares(name, "func "+name+signature+"\n"+strings.Join(body, "\n")+"\n}\n")
	return name
}

// declares adds a declaration next to the program, once.
func (m *maker) declares(name, text string) {
	if h := (helper{name, text}); !slices.Contains(m.helpers, h) {
		m.helpers = append(m.helpers, h)
	}
}

// file is the finished program.
func (m *maker) file(body []string) (program, error) {
	var head []string
	for _, d := range slices.Backward(m.head) {
		if d.name == "" || mentions(body, d.name) || mentions(head, d.name) {
			head = slices.Insert(head, 0, d.line)
		} else if d.unused != "" {
			head = slices.Insert(head, 0, d.unused)
		}
	}
	all := lines(head, body)
	if !strings.HasPrefix(body[len(body)-1], "return") {
		all = append(all, "return nil")
	}
	text := "func " + m.name + "(ctx context.Context, items []int, n int) error {\n" + strings.Join(all, "\n") + "\n}\n"
	for _, h := range slices.Backward(m.helpers) { // one may call an earlier one
		if mentions([]string{text}, h.name) {
			text += "\n" + h.text
		}
	}
	var imports []string
	for _, path := range []string{"context", "sync", "time", "example.org/oracle", "golang.org/x/sync/errgroup"} {
		if regexp.MustCompile(`\b` + path[strings.LastIndex(path, "/")+1:] + `\.`).MatchString(text) {
			if strings.Contains(path, ".") && !strings.Contains(strings.Join(imports, ""), ".") {
				imports = append(imports, "")
			}
			imports = append(imports, fmt.Sprintf("%q", path))
		}
	}
	out, err := format.Source([]byte("package generated\n\nimport (\n" + strings.Join(imports, "\n") + "\n)\n\n" + text))
	if err != nil {
		return program{}, fmt.Errorf("%v in\n%s", err, text)
	}
	return program{m.name, string(out)}, nil
}
