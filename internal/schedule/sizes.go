package schedule

import (
	"maps"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// Sizes.
//
// What has no number of its own (the length of a slice, a parameter) is played
// small, in several rounds. In the first all unknown sizes are equal: then "a
// task for each item, room for n" balances, and a capacity of one does not. That
// one unknown size is larger than another is not claimed by itself, because the
// code may well have them equal, with one exception: a number that says how many
// tasks to start, and nothing else, is a number of workers, and nobody takes it
// for the number of items. That nothing at all is to be done is not claimed either:
// who calls mostly sees to it, and the code does not state it.

// A scale is what the unknown sizes stand for in one run.
type scale map[string]int64

// A round is several runs whose findings count together.
type round struct {
	sizes       []scale
	speculative bool // nothing is claimed
}

// A symbol collects how a program uses an unknown size.
type symbol struct {
	length  bool // of a collection
	workers bool // it only says how many workers to start, and room for them
	starts  bool // it does say how many to start
}

// rounds lists what is to be played.
func (p *program) rounds(thorough bool) []round {
	syms := p.symbols()
	names := slices.Sorted(maps.Keys(syms))
	if len(names) == 0 {
		return []round{{sizes: []scale{nil}}}
	}
	fill := func(n int64, except func(*symbol) bool, m int64) scale {
		sc := scale{}
		for _, name := range names {
			sc[name] = n
			if except != nil && except(syms[name]) {
				sc[name] = m
			}
		}
		return sc
	}
	out := []round{{sizes: []scale{fill(1, nil, 0), fill(2, nil, 0), fill(3, nil, 0)}}}
	if more := p.bounded(); more > maxCount {
		out[0].sizes = append(out[0].sizes, fill(more, nil, 0))
	}
	isLength := func(s *symbol) bool { return s.length }
	isWorkers := func(s *symbol) bool { return s.workers && s.starts }
	lengths, workers := 0, 0
	for _, s := range syms {
		if s.length {
			lengths++
		}
		if isWorkers(s) {
			workers++
		}
	}
	if lengths > 0 && thorough {
		out = append(out, round{sizes: []scale{fill(1, isLength, 0)}, speculative: true}, round{sizes: []scale{fill(3, isLength, 0)}, speculative: true})
	}
	if workers > 0 && workers < len(names) {
		out = append(out, round{sizes: []scale{fill(3, isWorkers, 1)}})
	}
	if thorough && len(names) > 1 {
		for _, name := range names {
			few, many := fill(3, nil, 0), fill(1, nil, 0)
			few[name], many[name] = 1, 3
			out = append(out, round{sizes: []scale{few}, speculative: true}, round{sizes: []scale{many}, speculative: true})
		}
	}
	return out
}

// bounded is a little more than the largest written number of workers, places or units, if
// that is as large as the largest count that is played: an unknown count can then be
// larger than it. It is nought if there is no such number.
func (p *program) bounded() int64 {
	var more int64
	room := func(op *model.Op, s *model.Size) {
		if s == nil || len(s.Terms) > 0 || s.Const < maxCount {
			return
		}
		if n := p.room(p.world.of(op), s.Const); n <= maxRoom {
			more = max(more, n+2) // one is taken out, mostly, before somebody leaves
		}
	}
	large := func(s *model.Size) bool { return s != nil && len(s.Terms) == 0 && s.Const >= maxCount }
	spawns := p.spawning()
	for _, n := range p.left {
		if n.kind == branch && n.block.Heads != nil && spawns[n.block.Heads] && large(n.block.Heads.Count) {
			more = max(more, maxCount+1)
		}
		if n.op == nil {
			continue
		}
		for _, op := range append([]*model.Op{n.op}, n.op.Cases...) {
			switch {
			case op.Kind == model.OpSend && op.Chan != nil && op.Chan.Inside:
				room(op, op.Chan.Size)
			case op.Kind == model.OpLimit:
				room(op, op.N)
			case op.Kind == model.OpAcquire && op.Sem != nil:
				room(op, op.Sem.Size)
			}
		}
	}
	return more
}

// symbols lists the unknown sizes of the program.
func (p *program) symbols() map[string]*symbol {
	out := map[string]*symbol{}
	note := func(s *model.Size, spawns, counts bool) {
		s.Symbols(func(t model.SizeTerm) {
			if out[t.Sym] == nil {
				out[t.Sym] = &symbol{length: t.Length, workers: !t.Length}
			}
			if spawns && counts {
				out[t.Sym].starts = true
			}
			out[t.Sym].workers = out[t.Sym].workers && spawns
		})
	}
	spawning := p.spawning()
	for _, n := range p.left {
		if n.kind == branch && n.block.Heads != nil {
			note(n.block.Heads.Count, spawning[n.block.Heads], true)
		}
		if n.op == nil {
			continue
		}
		for _, op := range append([]*model.Op{n.op}, n.op.Cases...) {
			note(op.N, op.Kind == model.OpAdd, false) // as many are added as workers are started
			if op.Chan != nil {
				note(op.Chan.Size, true, false) // there is often room for as many as there are workers
			}
			if op.Sem != nil {
				note(op.Sem.Size, false, false)
			}
		}
	}
	return out
}

// spawning lists the loops that start workers, and do not work on channels. A
// worker takes what there is to do from a channel, until there is no more.
func (p *program) spawning() map[*model.Loop]bool {
	out, works := map[*model.Loop]bool{}, map[*model.Loop]bool{}
	for _, n := range p.nodes {
		if n.op == nil || n.block == nil {
			continue
		}
		for _, l := range n.block.Loops {
			switch n.op.Kind {
			case model.OpSpawn:
				if t := p.tasks[n.op.Task]; t != nil && p.consumes(t) {
					out[l] = true
				} else {
					works[l] = true
				}
			case model.OpSend, model.OpReceive, model.OpRange, model.OpSelect:
				works[l] = true
			}
		}
	}
	for l := range works {
		delete(out, l)
	}
	return out
}

// maxCount is the largest number that is played as it is.
const maxCount = 3

// reduced is what a number that is too large to play stands for. One such number
// may count something: it is played as the largest one that is played, and the
// others, which are capacities, keep their order to it.
func (p *program) reduced(n int64) int64 {
	switch {
	case p.large == 0 || n == p.large:
		return maxCount
	case n < p.large:
		return maxCount - 1
	}
	return n
}

// maxExact is the largest number of rounds that is played as it is, where a round
// starts no task.
const maxExact = 10

// largeNumber finds the number that is too large to play and counts something; ok
// is false if there are several, whose relation to each other would be lost. Loops
// that start nothing are played with all their rounds if no other number is large:
// what they count may be written out one by one elsewhere.
func (p *program) largeNumber() (n int64, ok bool) {
	ok = true
	note := func(s *model.Size) {
		if s == nil || s.Const <= maxCount {
			return
		}
		if len(s.Terms) > 0 || n != 0 && n != s.Const {
			ok = false
		}
		n = s.Const
	}
	matter, starts := map[*model.Loop]bool{}, false
	var large []*model.Loop
	for _, x := range p.left {
		if x.op == nil || x.block == nil || !x.op.Kind.IsSync() && x.calls == nil {
			continue
		}
		for _, l := range x.block.Loops {
			if l.Count == nil || l.Count.Const <= maxCount {
				continue
			}
			starts = starts || x.op.Kind == model.OpSpawn || x.calls != nil || l.Count.Const > maxExact || len(l.Count.Terms) > 0
			if !matter[l] {
				large = append(large, l)
			}
			matter[l] = true
		}
	}
	p.exact = map[*model.Loop]bool{}
	for _, l := range large {
		if starts {
			note(l.Count)
		} else {
			p.exact[l] = true
		}
	}
	loops := n != 0
	for _, x := range p.left {
		if x.op == nil || x.op.Kind == model.OpLimit || x.op.Kind == model.OpAdd && !loops {
			continue // limits are rooms, and what no loop counts is played as it is
		}
		note(x.op.N)
	}
	return n, ok
}

// roundsOf is how often a loop with a number runs in the small.
func (p *program) roundsOf(l *model.Loop) int64 {
	if p.exact[l] {
		return l.Count.Const
	}
	return max(0, min(l.Count.Const, maxCount))
}

// consumes reports whether a task receives in a loop that ends only when there is
// no more.
func (p *program) consumes(t *routine) bool {
	for _, n := range p.nodes {
		if n.routine.owner != t || n.op == nil || n.block == nil {
			continue
		}
		for _, op := range append([]*model.Op{n.op}, n.op.Cases...) {
			if op.Kind != model.OpRange && op.Kind != model.OpReceive || op.Chan == nil {
				continue
			}
			for _, l := range n.block.Loops {
				if l.Count == nil {
					return true
				}
			}
		}
	}
	return false
}
