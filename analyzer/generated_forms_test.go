package analyzer_test

import "fmt"

// Plans for what passes between the goroutines and for how a loop goes, rather than for
// who waits for whom: messages that carry an error or say that they are the last, tries
// that are repeated, more workers and slots than a model has, loops over functions,
// loops that count by hand, a look at how much a channel holds, recover, objects with a
// life, and calls of a literal that a helper makes.
//
// Locks are missing here for the reason that stands in generated_words_test.go, and with
// them sync.Cond.

// forms is one of these plans.
func (m *maker) forms() []string {
	plans := []func() []string{m.messages, m.lastItem, m.retries, m.many, m.ranged, m.byHand, m.looks, m.recovers, m.object, m.callbacks}
	return plans[m.one(14, 14, 10, 8, 10, 12, 8, 6, 10, 8)]()
}

// parcel declares the type of a message: a value, an error, and whether it is the last.
func (m *maker) parcel() string {
	name := m.name + "Parcel"
	m.declares(name, "type "+name+" struct {\nv int\nerr error\nlast bool\n}\n")
	return name
}

// give sends one value, guarded or not.
func (m *maker) give(s scope, c *channel, value string) []string {
	if op := c.name + " <- " + value; m.chance(75) {
		return lines(m.step(), op)
	} else {
		return lines(m.step(), m.guarded(s, op, nil))
	}
}

// messages: each task sends what it has come to, error included, and who gathers them
// looks at the error.
func (m *maker) messages() []string {
	parcel, count := m.parcel(), m.size()
	out := m.channel("out", parcel, count)
	work := func(s scope) []string {
		if m.chance(50) {
			return lines("err := oracle.Fail()", m.give(s, out, parcel+"{v: 1, err: err}"))
		}
		return lines("if err := oracle.Fail(); err != nil {", m.maybe(85, m.give(s, out, parcel+"{err: err}")), m.exit(s, "nil"), "}",
			m.give(s, out, parcel+"{v: 1}"))
	}
	var s scope
	body := m.site(count, work)
	look := func() []string { return lines("if r.err != nil {", m.leaves(s, "r.err"), "}") }
	switch m.one(45, 35, 20) {
	case 0:
		return lines(body, m.loop(count, lines(m.step(), "r := <-out", look())), m.wait(true))
	case 1:
		if m.join == loose {
			break
		}
		return lines(body, m.closer(out), "for r := range out {", look(), "}", m.maybe(50, m.wait(true)))
	}
	take := lines("go func() {", "for r := range out {", "if r.err != nil {", m.word("return", "break", "continue"), "}", "}", "}()")
	return lines(take, body, m.wait(false), m.closes(out, 80))
}

// leaves is what a loop does when it has met an error.
func (m *maker) leaves(s scope, err string) []string {
	switch m.one(45, 20, 20, 15) {
	case 0:
		return m.exit(s, err)
	case 1:
		return lines("break")
	case 2:
		return lines("continue")
	}
	return lines("_ = " + err)
}

// lastItem: a task sends until something fails, and the message with the error, or with
// the mark, is the last one; the reader goes by the same.
func (m *maker) lastItem() []string {
	parcel := m.parcel()
	out := m.channel("out", parcel, "2")
	marked, closed := m.chance(50), m.chance(35)
	feed := func(s scope) []string {
		send := lines("err := oracle.Fail()", m.give(s, out, parcel+"{v: 1, err: err}"), "if err != nil {", m.exit(s, "nil"), "}")
		return lines(m.maybe(b2i(closed), "defer close(out)"), m.loop(m.size(), send), m.maybe(b2i(marked), m.give(s, out, parcel+"{last: true}")))
	}
	stop := m.word("r.err != nil", "r.err != nil", "r.last", "r.err != nil || r.last", "r.err != nil || r.last", "r.err != nil || r.last")
	leave := lines("if "+stop+" {", m.word("break", "return r.err"), "}")
	read := lines("for {", "r := <-out", leave, "}")
	if closed {
		read = lines("for r := range out {", leave, "}")
	}
	return lines(m.site("1", feed), read, m.wait(true))
}

// retries: a task tries again a few times and sends when it has succeeded, or what it
// has come to at last.
func (m *maker) retries() []string {
	count, tries := m.size(), m.word("2", "3", "5")
	out := m.channel("out", "error", count)
	work := func(s scope) []string {
		try := lines("err := oracle.Fail()", "if err == nil {", m.give(s, out, "nil"), m.exit(s, "nil"), "}")
		return lines(fmt.Sprintf(m.word("for range %s {", "for try := 0; try < %s; try++ {"), tries), try, "}", m.maybe(55, m.give(s, out, "context.Canceled")))
	}
	var s scope
	return lines(m.site(count, work), m.drain(s, out, []size{count}), m.wait(true))
}

// many: more workers, items and slots than are played as such. All are constants: the
// runs have small numbers for the others.
func (m *maker) many() []string {
	workers := size(m.word("4", "8", "10", "16"))
	slots := m.declare("slots", "struct{}", ", "+m.word(string(workers), string(workers), "4", "10"))
	jobs := m.declare("jobs", "int", m.word("", ", "+string(workers)))
	var s scope
	if m.chance(50) { // slots that are taken and given back
		task := func(s scope) []string {
			inside := lines(m.step(), m.maybe(50, m.mayFail(s)))
			if m.chance(60) {
				return lines("defer func() { <-slots }()", inside)
			}
			return lines(inside, "<-slots")
		}
		count := size(m.word("4", "10", "16"))
		body := m.loop(count, lines(m.give(s, slots, "struct{}{}"), m.start(count, task)))
		return lines(m.maybe(b2i(m.join == addAtOnce), "wg.Add("+string(count)+")"), body, m.wait(true))
	}
	work := func(s scope) []string { return m.ranges(s, jobs, m.maybe(60, m.mayFail(s))) }
	feed := m.loop(size(m.word(string(workers), "20")), m.give(s, jobs, "1"))
	return lines(m.site(workers, work), feed, m.maybe(92, "close(jobs)"), m.wait(true))
}

// ranged: a loop over a function, which calls the body of the loop.
func (m *maker) ranged() []string {
	count := m.size()
	out := m.channel("out", "int", count)
	name := m.helper("Each", "(n int) func(func(int) bool) {", "return func(yield func(int) bool) {", "for i := range n {", "if !yield(i) {", "return", "}", "}", "}")
	number := string(count)
	var s scope
	if m.chance(50) { // the spawner starts or takes in the loop
		work := func(s scope) []string {
			s.loop = false
			return lines(m.maybe(30, m.mayFail(s)), m.send(s, out))
		}
		start := lines("for range "+name+"("+number+") {", m.start(count, work), "}")
		if m.join == addAtOnce {
			start = lines("wg.Add("+number+")", start)
		}
		take := lines("for range "+name+"("+number+") {", m.recv(s, out), "}")
		if m.chance(50) {
			take = m.drain(s, out, []size{count})
		}
		return lines(start, take, m.wait(true))
	}
	feed := func(s scope) []string {
		return lines(m.maybe(85, "defer close(out)"), "for i := range "+name+"("+number+") {", m.maybe(30, m.mayFail(s)), m.give(s, out, "i"), "}")
	}
	return lines(m.site("1", feed), m.ranges(s, out, m.maybe(30, m.mayFail(s))), m.wait(true))
}

// byHand: loops whose ends are counted in the body.
func (m *maker) byHand() []string {
	count := m.size()
	out := m.channel("out", "error", count)
	work := func(s scope) []string {
		return lines(m.maybe(25, m.mayFail(s)), m.give(s, out, "oracle.Fail()"))
	}
	var s scope
	look := m.maybe(50, "if err != nil {", m.word("return err", "break", "continue"), "}")
	if len(look) == 0 {
		look = lines("_ = err")
	}
	body := m.site(count, work)
	switch m.one(35, 35, 30) {
	case 0:
		return lines(body, "for left := "+string(count)+"; left > 0; left-- {", "err := <-out", look, "}", m.wait(true))
	case 1:
		return lines(body, "left := "+string(count), "for left > 0 {", "err := <-out", "left--", look, "}", m.wait(true))
	}
	return lines(body, "for got := 0; ; got++ {", "if got == "+string(count)+" {", "break", "}", m.recv(s, out), "}", m.wait(true))
}

// looks: somebody asks how much a channel holds.
func (m *maker) looks() []string {
	count := m.size()
	out := m.channel("out", "int", count)
	work := func(s scope) []string {
		if m.chance(30) {
			return lines("if len(out) < cap(out) {", m.give(s, out, "1"), "}")
		}
		return lines(m.maybe(30, m.mayFail(s)), m.send(s, out))
	}
	var s scope
	if m.chance(60) {
		return lines(m.site(count, work), m.wait(false), "for len(out) > 0 {", m.recv(s, out), "}")
	}
	return lines(m.site(count, work), "if len(out) > 0 {", m.recv(s, out), "}", m.wait(true))
}

// recovers: a task tells its end, or that it has panicked, in a deferred call.
func (m *maker) recovers() []string {
	count := m.size()
	out := m.channel("out", "error", count)
	risk := m.chance(50)
	work := func(s scope) []string {
		tell := lines("defer func() {", "if r := recover(); r != nil {", "out <- context.Canceled", "}", "}()")
		return lines(tell, m.maybe(b2i(risk), "if oracle.Flip() {", "panic(\"lost\")", "}"), m.maybe(30, m.mayFail(s)), m.maybe(80, m.give(s, out, "nil")))
	}
	var s scope
	return lines(m.site(count, work), m.drain(s, out, []size{count}), m.wait(true))
}

// object: the channels stand in fields, and methods do what the tasks do.
func (m *maker) object() []string {
	name := m.name + "Pool"
	m.declares(name, "type "+name+" struct {\njobs chan int\nstop chan struct{}\ndone chan struct{}\n}\n")
	m.declares(name, "func (p *"+name+") run() {\n"+m.word("defer close(p.done)", "defer close(p.done)", "")+"\nfor {\nselect {\ncase <-p.jobs:\n"+
		m.word("", "if oracle.Fail() != nil {\nreturn\n}")+"\ncase <-p.stop:\nreturn\n}\n}\n}\n")
	put := m.word("p.jobs <- v", "select {\ncase p.jobs <- v:\ncase <-p.stop:\n}", "select {\ncase p.jobs <- v:\ncase <-p.done:\n}")
	m.declares(name, "func (p *"+name+") put(v int) {\n"+put+"\n}\n")
	end := m.word("close(p.stop)\n<-p.done", "close(p.stop)\n<-p.done", "close(p.stop)", "<-p.done")
	m.declares(name, "func (p *"+name+") end() {\n"+end+"\n}\n")
	made := fmt.Sprintf("p := &%s{jobs: make(chan int%s), stop: make(chan struct{}), done: make(chan struct{})}", name, m.word("", ", 1"))
	m.head = append(m.head, declaration{"p", made, "", "*" + name, "p"})
	var s scope
	deferred := m.chance(35)
	feed := m.loop(m.size(), lines(m.maybe(25, m.mayFail(s)), m.step(), "p.put(1)"))
	run := m.site("1", func(scope) []string { return lines("p.run()") })
	return lines(m.maybe(b2i(deferred), "defer p.end()"), run, feed, m.maybe(b2i(!deferred), m.maybe(80, "p.end()")), m.wait(true))
}

// callbacks: a literal is called in place, as often as a helper likes, and its error
// ends the walk.
func (m *maker) callbacks() []string {
	count := m.size()
	out := m.channel("out", "int", count)
	walk := m.helper("Walk", "(n int, visit func(int) error) error {", "for i := range n {", "if err := visit(i); err != nil {", "return err", "}", "}", "return nil")
	var s scope
	call := func(s scope, inside []string) []string {
		whole := lines("err := "+walk+"("+string(count)+", func(i int) error {", inside, "return nil", "})")
		if s.task && !s.errs {
			return lines(whole, "if err != nil {", m.exit(s, "err"), "}")
		}
		return lines(whole, "if err != nil {", m.word("return err", "_ = err"), "}")
	}
	inner := scope{task: true, errs: true}
	if m.chance(50) {
		feed := func(s scope) []string {
			return lines(m.maybe(85, "defer close(out)"), call(s, lines(m.maybe(40, m.mayFail(inner)), m.give(inner, out, "i"))))
		}
		return lines(m.site("1", feed), m.ranges(s, out, m.maybe(25, m.mayFail(s))), m.wait(true))
	}
	work := func(s scope) []string { return lines(m.maybe(30, m.mayFail(s)), m.send(s, out)) }
	return lines(m.site(count, work), call(s, lines(m.maybe(30, m.mayFail(inner)), m.recv(inner, out))), m.wait(true))
}
