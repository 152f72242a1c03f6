package check

import (
	"fmt"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/schedule"
)

// Who has the lock that a goroutine is blocked at: itself, another one that is blocked
// too, or one that has left without giving it back.

// holder is the event by which the lock of a blocked goroutine was taken last and is still
// held, nil if it is not known.
func (l *leak) holder(b *schedule.Blocked) *schedule.Event {
	var held []*schedule.Event
	for i := range l.stuck.Events {
		e := &l.stuck.Events[i]
		switch {
		case e.Op == nil || e.Op.Lock != b.Op.Lock:
		case e.Op.Kind == model.OpLock:
			held = append(held, e)
		case e.Op.Kind == model.OpUnlock:
			mine := slices.IndexFunc(held, func(h *schedule.Event) bool { return h.Proc == e.Proc && h.Op.Read == e.Op.Read })
			if mine < 0 {
				mine = slices.IndexFunc(held, func(h *schedule.Event) bool { return h.Op.Read == e.Op.Read })
			}
			if mine >= 0 {
				held = slices.Delete(held, mine, mine+1)
			}
		}
	}
	if len(held) == 0 {
		return nil
	}
	return held[len(held)-1]
}

// hasItself reports whether a goroutine is blocked at a lock that it has taken itself.
func (l *leak) hasItself(b *schedule.Blocked) bool {
	e := l.holder(b)
	return e != nil && e.Proc == b.Proc
}

// followsHolder reports whether the cause is blocked at a lock that another goroutine has,
// which is blocked at it as well, or at something that is no lock: that one is told. If the
// spawner is that one, the lock is what to tell.
func (l *leak) followsHolder() bool {
	if l.cause.Op.Kind != model.OpLock {
		return false
	}
	e := l.holder(l.cause)
	if e == nil || e.Proc == l.cause.Proc {
		return false
	}
	has := l.blockedAs(e.Proc)
	switch {
	case has == nil:
		return false
	case has.Op.Kind == model.OpLock:
		return has.Op.Lock == l.cause.Op.Lock
	}
	return has.Task != nil
}

// blockedAs is where the goroutine of a process is blocked, nil if it is not.
func (l *leak) blockedAs(proc int) *schedule.Blocked {
	i := slices.IndexFunc(l.stuck.Blocked, func(b *schedule.Blocked) bool { return b.Proc == proc })
	if i < 0 {
		return nil
	}
	return l.stuck.Blocked[i]
}

// followsChannel reports whether all that a goroutine is blocked at a lock for is that
// another one is blocked at a channel: that one is told.
func (l *leak) followsChannel(b *schedule.Blocked) bool {
	return slices.ContainsFunc(l.stuck.Blocked, func(o *schedule.Blocked) bool { return o != b && onChannel(o.Op) })
}

// lockedFirst reports whether b is the first of those that are blocked at a lock, if there
// are such that want to read, of these.
func (l *leak) lockedFirst(b *schedule.Blocked) bool {
	first := func(o *schedule.Blocked) bool { return o.Op.Kind == model.OpLock && o.Op.Read }
	if !slices.ContainsFunc(l.stuck.Blocked, first) {
		first = func(o *schedule.Blocked) bool { return o.Op.Kind == model.OpLock }
	}
	return l.stuck.Blocked[slices.IndexFunc(l.stuck.Blocked, first)] == b
}

// writer is who waits to write, where a goroutine that reads cannot begin to read again.
func (l *leak) writer(b *schedule.Blocked) *schedule.Blocked {
	if !b.Op.Read {
		return nil
	}
	i := slices.IndexFunc(l.stuck.Blocked, func(o *schedule.Blocked) bool {
		return o.Op.Kind == model.OpLock && o.Op.Lock == b.Op.Lock && !o.Op.Read
	})
	if i < 0 {
		return nil
	}
	return l.stuck.Blocked[i]
}

// lockedBy tells who has what a goroutine is blocked at, if that is a lock, and what the
// goroutine did last.
func (l *leak) lockedBy(s *steps, b *schedule.Blocked) {
	if b.Op.Kind != model.OpLock {
		return
	}
	if e := l.holder(b); e != nil {
		who := l.actor(e.Task)
		if e.Proc != b.Proc {
			who = l.beside(e.Task, l.actor(b.Task))
		}
		s.tell(Takes, who, e.Op.At, "%s locks %s", subject(who, e.In), e.Op.Lock.Name).with(e.Op)
	}
	last := -1
	for i, e := range l.stuck.Events {
		if e.Op != nil && e.Proc == b.Proc && e.In == b.In && (onChannel(e.Op) || e.Op.Kind == model.OpWait) {
			last = i
		}
	}
	if last >= 0 {
		*s = append(*s, l.happens(l.actor(b.Task), last).steps...)
	}
}

// keptOut tells, of a lock that the blocked goroutine b has, where it has taken it and which
// other goroutine is blocked at it: what comes between b and the one that waits in the end.
func (l *leak) keptOut(b *schedule.Blocked) (takes, waits steps) {
	for _, o := range l.stuck.Blocked {
		if o == b || o == l.wait || o.Op.Kind != model.OpLock {
			continue
		}
		if e := l.holder(o); e != nil && e.Proc == b.Proc {
			has, out := l.actor(b.Task), l.beside(o.Task, l.actor(b.Task))
			takes.tell(Takes, has, e.Op.At, "%s locks %s", subject(has, e.In), e.Op.Lock.Name).with(e.Op)
			waits.tell(Blocks, out, o.Op.At, "%s waits for %s", subject(out, o.In), o.Op.Lock.Name).with(o.Op)
			return takes, waits
		}
	}
	return nil, nil
}

// stuckAtLock is the finding where nobody but goroutines at locks is blocked.
func (l *leak) stuckAtLock() Finding {
	b, e := l.cause, l.holder(l.cause)
	who, fact := l.actor(b.Task), fmt.Sprintf("%s blocks for ever locking %s", subject(l.actor(b.Task), b.In), b.Op.Lock.Name)
	var s steps
	at := b.Op.At
	if b.Task != nil {
		l.starts(&s, b.Task, b.Proc)
	}
	switch {
	case e == nil:
		fact += "; nobody is left to release it"
	case e.Proc != b.Proc:
		return l.heldByOther(e, fact, s)
	case subject(who, e.In) == subject(who, b.In):
		fact += ", which it has locked already"
		l.keeps(&s, e, b)
	default:
		fact = relockMessage(subject(who, b.In), b.Op.Lock.Name, subject(who, e.In))
		s.tell(Takes, who, e.Op.At, "%s locks %s", subject(who, e.In), e.Op.Lock.Name).with(e.Op)
		for f := b.In; f != nil && f.Up != nil; f = f.Up {
			if f.Up == e.In {
				at = f.Call.At // there it can be mended
			}
		}
	}
	if w := l.writer(b); w != nil && e != nil && e.Op.Read {
		writer := l.beside(w.Task, who)
		wants, mine := subject(writer, w.In), subject(who, b.In)
		if w.Task != nil && wants == mine {
			wants = another(w.Task) // it starts elsewhere, which a message does not say
		}
		fact = fmt.Sprintf("%s blocks for ever locking %s to read once more; %s, which waits to write, comes first", mine, b.Op.Lock.Name, wants)
		if w.Task != nil && w.Task != b.Task {
			l.starts(&s, w.Task, w.Proc)
		}
		s.tell(Blocks, writer, w.Op.At, "%s waits to write, and keeps others from beginning to read", subject(writer, w.In)).with(w.Op)
	}
	s.calls(who, b.In)
	l.stays(&s, who, b)
	return Finding{At: at, Message: fact, Steps: s}
}

// keeps tells that a goroutine locks by an event, and which branch then leads it past the
// unlock and back to the lock.
func (l *leak) keeps(s *steps, e *schedule.Event, b *schedule.Blocked) {
	who := l.actor(e.Task)
	s.tell(Takes, who, e.Op.At, "%s locks %s", subject(who, e.In), e.Op.Lock.Name).with(e.Op)
	var past *decision
	for _, c := range b.Choices {
		d := &decision{Choice: c, event: len(l.stuck.Events) - 1}
		unlocks := func(o *model.Op) bool { return o.Kind == model.OpUnlock && o.Lock == e.Op.Lock }
		if len(c.Block.Succs) == 2 && d.goesAway(unlocks) && !d.endsLoop() {
			past = d
		}
	}
	if past != nil {
		*s = append(*s, l.decided(who, past).steps...)
	}
}

// heldByOther is stuckAtLock where another goroutine has taken the lock, by the event e.
func (l *leak) heldByOther(e *schedule.Event, fact string, s steps) Finding {
	b := l.cause
	who := l.actor(b.Task)
	other, at := l.beside(e.Task, who), l.blockedAs(e.Proc)
	if e.Task != nil && e.Task != b.Task {
		l.starts(&s, e.Task, e.Proc)
	}
	if at != nil && at.Op.Kind == model.OpLock {
		if mine := l.holder(at); mine != nil && mine.Proc == b.Proc {
			s.tell(Takes, who, mine.Op.At, "%s locks %s", subject(who, mine.In), mine.Op.Lock.Name).with(mine.Op)
		}
	}
	s.tell(Takes, other, e.Op.At, "%s locks %s", subject(other, e.In), e.Op.Lock.Name).with(e.Op)
	switch {
	case at == nil:
		fact += fmt.Sprintf("; %s has left without unlocking it", subject(other, e.In))
	case at.Op.Kind == model.OpLock:
		fact += fmt.Sprintf("; %s has locked it and blocks for ever locking %s", subject(other, e.In), at.Op.Lock.Name)
		l.blocksAs(&s, other, at)
	default:
		fact += "; nobody is left to release it"
	}
	l.stays(&s, who, b)
	return Finding{At: b.Op.At, Message: fact, Steps: s}
}
