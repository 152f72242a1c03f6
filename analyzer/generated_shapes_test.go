package analyzer_test

// semaphore: a buffered channel holds the tasks that may run.
func (m *maker) semaphore() []string {
	count := m.size()
	sem := m.declare("sem", "struct{}", ", "+m.word("1", "2", "n"))
	out := m.channel("out", "int", count)
	var s scope
	outside, sends := m.chance(60), m.chance(40)
	task := func(s scope) []string {
		var b []string
		if !outside {
			b = m.send(s, sem)
		}
		inside := lines(m.step(), m.maybe(40, m.mayFail(s)), m.maybe(b2i(sends), m.send(s, out)))
		if m.chance(75) {
			return lines(b, "defer func() { <-sem }()", inside)
		}
		return lines(b, inside, "<-sem")
	}
	start := m.start(count, task)
	if outside {
		start = lines(m.send(s, sem), m.maybe(10, m.mayFail(s)), start)
	}
	body := m.loop(count, start)
	if m.join == addAtOnce {
		body = lines("wg.Add("+string(count)+")", body)
	}
	switch {
	case !sends:
		return lines(body, m.wait(true))
	case m.chance(40) && m.join != loose:
		return lines(body, m.closer(out), m.ranges(s, out, nil))
	case m.chance(60):
		return lines(body, m.drain(s, out, []size{count}), m.wait(true))
	}
	collect := lines("go func() {", m.drain(scope{task: true}, out, []size{count}), "}()")
	return lines(collect, body, m.wait(true))
}

// signal: tasks wait until a channel is closed, or for one token each.
func (m *maker) signal() []string {
	count := m.size()
	stop := m.channel("stop", "struct{}", count)
	out := m.channel("out", "error", count)
	var s scope
	task := func(s scope) []string {
		switch m.one(35, 35, 30) {
		case 0:
			return lines(m.maybe(30, m.mayFail(s)), m.recv(s, stop))
		case 1:
			return lines("select {", "case <-stop:", m.exit(s, "nil"), "case <-"+m.ctxs[len(m.ctxs)-1]+".Done():", m.exit(s, "ctx.Err()"), "}")
		}
		return lines("select {", "case out <- oracle.Fail():", "case <-stop:", m.exit(s, "nil"), "}")
	}
	body := m.site(count, task)
	token := m.chance(25)
	tell := func(s scope) []string {
		if token {
			return m.loop(count, m.send(s, stop))
		}
		return lines("close(stop)")
	}
	middle := lines(m.step(), m.maybe(40, m.mayFail(s)), m.maybe(40, m.recv(s, out)))
	switch m.one(30, 30, 15, 15, 10) {
	case 0:
		return lines("defer close(stop)", body, middle, m.maybe(30, m.wait(true)))
	case 1:
		return lines(body, middle, tell(s), m.wait(true))
	case 2: // another task tells them
		other := func(s scope) []string { return lines(m.maybe(40, m.mayFail(s)), m.step(), "close(stop)") }
		return lines(body, m.site("1", other), m.maybe(30, m.recv(s, out)), m.wait(true))
	case 3:
		return lines("go func() {", m.step(), tell(scope{task: true}), "}()", body, m.maybe(30, middle), m.wait(true))
	}
	return lines(body, middle, m.wait(false), tell(s))
}

// meet: tasks of one fan-out send to each other.
func (m *maker) meet() []string {
	count := m.size()
	ping, pong := m.channel("ping", "int", count), m.channel("pong", "error", count)
	answer := m.chance(50)
	back := func(op []string) []string { return m.maybe(b2i(answer), op) }
	sender := func(s scope) []string {
		return lines(m.maybe(25, m.mayFail(s)), m.send(s, ping), back(m.recv(s, pong)))
	}
	receiver := func(s scope) []string {
		return lines(m.maybe(25, m.mayFail(s)), m.recv(s, ping), m.maybe(15, m.mayFail(s)), back(m.send(s, pong)))
	}
	if m.chance(50) {
		sender, receiver = receiver, sender
	}
	other := count
	if m.chance(15) {
		other = m.size()
	}
	return lines(m.site(count, sender), m.site(other, receiver), m.wait(true))
}

// merge: the spawner takes from two channels until both are closed, and switches
// the closed one off.
func (m *maker) merge() []string {
	left, right := m.channel("left", "int", "2"), m.channel("right", "int", "2")
	feed := func(c *channel) func(s scope) []string {
		count := m.size()
		return func(s scope) []string {
			s.loop = true
			return lines(m.maybe(85, "defer close("+c.name+")"), m.loop(count, lines(m.maybe(20, m.mayFail(s)), m.send(s, c))))
		}
	}
	branch := func(c *channel) []string {
		return lines("case _, ok := <-"+c.name+":", "if !ok {", c.name+" = nil", "}")
	}
	way := m.maybe(40, "case <-ctx.Done():", "return ctx.Err()")
	return lines(m.site("1", feed(left)), m.site("1", feed(right)), "for left != nil || right != nil {",
		"select {", branch(left), branch(right), way, "}", "}", m.wait(true))
}

// anything: a few tasks and a spawner that send and receive at random.
func (m *maker) anything() []string {
	var chans []*channel
	for _, name := range []string{"a", "b", "c"}[:1+m.IntN(3)] {
		chans = append(chans, m.channel(name, m.word("int", "int", "error", "struct{}"), m.size()))
	}
	some := func(s scope, most int) []string {
		var out []string
		for range 1 + m.IntN(most) {
			c := chans[m.IntN(len(chans))]
			op := m.send(s, c)
			if m.chance(50) {
				op = m.recv(s, c)
			}
			if m.chance(20) {
				op = m.loop(m.size(), op)
			}
			out = lines(out, m.maybe(20, m.mayFail(s)), op)
		}
		return out
	}
	var body []string
	for range 1 + m.IntN(3) {
		body = lines(body, m.site(m.size(), func(s scope) []string { return some(s, 2) }))
	}
	var s scope
	early := m.chance(30)
	return lines(body, m.maybe(b2i(early), m.wait(false)), m.maybe(70, some(s, 2)), m.maybe(b2i(!early), m.wait(true)))
}
