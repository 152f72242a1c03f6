package program

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

// A Scale is what the unknown sizes stand for in one run.
type Scale map[string]int64

// A Round is several runs whose findings count together.
type Round struct {
	Sizes       []Scale
	Speculative bool // nothing is claimed
}

// A symbol collects how a program uses an unknown size.
type symbol struct {
	length  bool // of a collection
	workers bool // it only says how many workers to start, and room for them
	starts  bool // it does say how many to start
}

// Rounds lists what is to be played.
func (p *Program) Rounds(thorough bool) []Round {
	syms := p.symbols()
	names := slices.Sorted(maps.Keys(syms))
	if len(names) == 0 {
		return []Round{{Sizes: []Scale{nil}}}
	}
	fill := func(n int64, except func(*symbol) bool, m int64) Scale {
		sc := Scale{}
		for _, name := range names {
			sc[name] = n
			if except != nil && except(syms[name]) {
				sc[name] = m
			}
		}
		return sc
	}
	out := []Round{{Sizes: []Scale{fill(1, nil, 0), fill(2, nil, 0), fill(3, nil, 0)}}}
	if more := p.bounded(); more > MaxCount {
		out[0].Sizes = append(out[0].Sizes, fill(more, nil, 0))
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
		out = append(out, Round{Sizes: []Scale{fill(1, isLength, 0)}, Speculative: true}, Round{Sizes: []Scale{fill(3, isLength, 0)}, Speculative: true})
	}
	if workers > 0 && workers < len(names) {
		out = append(out, Round{Sizes: []Scale{fill(3, isWorkers, 1)}})
	}
	if thorough && len(names) > 1 {
		for _, name := range names {
			few, many := fill(3, nil, 0), fill(1, nil, 0)
			few[name], many[name] = 1, 3
			out = append(out, Round{Sizes: []Scale{few}, Speculative: true}, Round{Sizes: []Scale{many}, Speculative: true})
		}
	}
	return out
}

// bounded is a little more than the largest written number of workers, places or units, if
// that is as large as the largest count that is played: an unknown count can then be
// larger than it. It is nought if there is no such number.
func (p *Program) bounded() int64 {
	var more int64
	room := func(op *model.Op, s *model.Size) {
		if s == nil || len(s.Terms) > 0 || s.Const < MaxCount {
			return
		}
		if n := p.Room(p.World.Of(op), s.Const); n <= maxRoom {
			more = max(more, n+2) // one is taken out, mostly, before somebody leaves
		}
	}
	large := func(s *model.Size) bool { return s != nil && len(s.Terms) == 0 && s.Const >= MaxCount }
	spawns := p.spawning()
	for _, n := range p.left {
		if n.Kind == Branch && n.Block.Heads != nil && spawns[n.Block.Heads] && large(n.Block.Heads.Count) {
			more = max(more, MaxCount+1)
		}
		if n.Op == nil {
			continue
		}
		for _, op := range append([]*model.Op{n.Op}, n.Op.Cases...) {
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
func (p *Program) symbols() map[string]*symbol {
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
		if n.Kind == Branch && n.Block.Heads != nil {
			note(n.Block.Heads.Count, spawning[n.Block.Heads], true)
		}
		if n.Op == nil {
			continue
		}
		for _, op := range append([]*model.Op{n.Op}, n.Op.Cases...) {
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
func (p *Program) spawning() map[*model.Loop]bool {
	out, works := map[*model.Loop]bool{}, map[*model.Loop]bool{}
	for _, n := range p.Nodes {
		if n.Op == nil || n.Block == nil {
			continue
		}
		for _, l := range n.Block.Loops {
			switch n.Op.Kind {
			case model.OpSpawn:
				if t := p.Tasks[n.Op.Task]; t != nil && p.consumes(t) {
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

// MaxCount is the largest number that is played as it is.
const MaxCount = 3

// reduced is what a number that is too large to play stands for. One such number
// may count something: it is played as the largest one that is played, and the
// others, which are capacities, keep their order to it.
func (p *Program) reduced(n int64) int64 {
	switch {
	case p.large == 0 || n == p.large:
		return MaxCount
	case n < p.large:
		return MaxCount - 1
	}
	return n
}

// maxExact is the largest number of rounds that is played as it is, where a round
// starts no task.
const maxExact = 10

// FindLarge finds the number that is too large to play and counts something; it
// reports false if there are several, whose relation to each other would be lost.
// Loops that start nothing are played with all their rounds if no other number is
// large: what they count may be written out one by one elsewhere.
func (p *Program) FindLarge() bool {
	n, ok := int64(0), true
	note := func(s *model.Size) {
		if s == nil || s.Const <= MaxCount {
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
		if x.Op == nil || x.Block == nil || !x.Op.Kind.IsSync() && x.Calls == nil {
			continue
		}
		for _, l := range x.Block.Loops {
			if l.Count == nil || l.Count.Const <= MaxCount {
				continue
			}
			starts = starts || x.Op.Kind == model.OpSpawn || x.Calls != nil || l.Count.Const > maxExact || len(l.Count.Terms) > 0
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
		if x.Op == nil || x.Op.Kind == model.OpLimit || x.Op.Kind == model.OpAdd && !loops {
			continue // limits are rooms, and what no loop counts is played as it is
		}
		note(x.Op.N)
	}
	p.large = n
	return ok
}

// RoundsOf is how often a loop with a number runs in the small.
func (p *Program) RoundsOf(l *model.Loop) int64 {
	if p.exact[l] {
		return l.Count.Const
	}
	return max(0, min(l.Count.Const, MaxCount))
}

// consumes reports whether a task receives in a loop that ends only when there is
// no more.
func (p *Program) consumes(t *Routine) bool {
	for _, n := range p.Nodes {
		if n.Routine.Owner != t || n.Op == nil || n.Block == nil {
			continue
		}
		for _, op := range append([]*model.Op{n.Op}, n.Op.Cases...) {
			if op.Kind != model.OpRange && op.Kind != model.OpReceive || op.Chan == nil {
				continue
			}
			for _, l := range n.Block.Loops {
				if l.Count == nil {
					return true
				}
			}
		}
	}
	return false
}

// Number is a size as a number: of what has none of its own, the one that it has in a
// run. Scaled tells that it is played as a smaller one than it is.
func (p *Program) Number(s *model.Size, in Scale) (n int64, scaled bool) {
	if len(s.Terms) == 0 && s.Const > MaxCount && p.large != 0 {
		return p.reduced(s.Const), true
	}
	return s.Eval(func(t model.SizeTerm) int64 { return in[t.Sym] }), false
}
