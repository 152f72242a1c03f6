package model

import (
	"cmp"
	"iter"
	"slices"
)

// Paths through one body.
//
// A Walk searches the paths of a body from its entry, breadth first, so that
// the first hit is a shortest one. What a path means is up to the caller: a
// small integer, the stage, says how far it has come. The walk itself keeps
// what a path knows of the variables: the last value that was set, and the
// outcome of conditions, so that a condition tested twice goes the same way
// both times. Paths differ only in what they know; two paths that arrive at a
// block in the same stage knowing the same are one; what cannot matter any more
// is forgotten (live.go).
//
// It is no play of one goroutine (package schedule). A play is of a program that was written
// out and sliced for a few objects, whose ops happen or block; a Walk is of the body as it
// stands, where each op is asked about, none blocks, and a call is one step. As a play it
// would need a program for each of the dozens of questions that checks have of a body, and
// the play a stage and a Step that cuts: more to know on both sides than two loops that go
// from block to block. What a condition is, both read from the same Cond and Term.
//
// It is exact about order and about repeated conditions, and ignores what a
// condition implies about another one. maxStates bounds the search; when it is
// spent there is no answer.

// A Verdict is what a step says of a path.
type Verdict int8

// Verdicts.
const (
	GoOn Verdict = iota
	Cut          // this path is of no interest any more
	Hit          // this is what was looked for
)

// A Walk is one search.
type Walk struct {
	Body *Body
	// Start is the stage at the entry.
	Start int
	// Step is asked for every op in order of execution, and for the case that a
	// select takes when it is taken (it can cut the path there, not hit), with the stage reached
	// so far, and returns the stage after it.
	Step func(op *Op, stage int, p *Path) (int, Verdict)
	// Marks lists what else happens in a block, in its order; nil if nothing matters.
	Marks func(*Block) []Mark
	// Mark is asked for each of them, as Step is for an op.
	Mark func(m Mark, stage int, p *Path) (int, Verdict)
	// Enter, if set, is asked for every block before its ops for the stage there.
	Enter func(blk *Block, stage int) int
	// Branch, if set, is told the way that a condition goes, holds being whether
	// its first successor is taken, and returns the stage there. The path is the one
	// that leads to the condition.
	Branch func(c *Cond, holds bool, stage int, p *Path) int

	// Deep: paths are followed to their end one after the other. What lies far from
	// the entry is found before the budget is spent on the many ways there, but not
	// by a shortest path.
	Deep bool
	// Most bounds the visits of blocks; 0 stands for maxStates.
	Most int
	// Visits is how many visits of blocks Find and FindAll took.
	Visits int

	spent bool // the budget was met: there is no answer
}

// Spent reports whether the budget was met: there is no answer.
func (w *Walk) Spent() bool { return w.spent }

// GiveUp notes that the paths of the body are too many for what was asked.
func (b *Body) GiveUp() { b.spent = true }

// Spent reports whether a Walk over the body has met its budget.
func (b *Body) Spent() bool { return b.spent }

// A Mark is something that happens between the ops of a block: an access to memory,
// say.
type Mark interface {
	// Before is how many ops of the block come before it.
	Before() int
	// Place is where it stands in the source.
	Place() Span
}

// A Path is how the search came to where it is.
type Path struct {
	prev  *Path
	block *Block
	stage int
	facts facts
	hit   *Op
}

// Find returns the path to a first hit, nil if there is none or the budget is
// spent.
func (w *Walk) Find() *Path {
	paths := w.find(1)
	if len(paths) == 0 {
		return nil
	}
	return paths[0]
}

// FindAll returns one path for every op that is hit, in order of discovery.
func (w *Walk) FindAll() []*Path { return w.find(-1) }

func (w *Walk) find(limit int) []*Path {
	var hits []*Path
	if w.Body == nil || len(w.Body.Blocks) == 0 {
		return nil
	}
	index := w.Body.index()
	start := &Path{block: w.Body.Blocks[0], stage: w.Start, facts: facts{index: index}}
	todo := []*Path{start}
	seen := map[string]bool{}
	hitOps := map[*Op]bool{}
	w.Visits, w.spent = 0, false
	for ; len(todo) > 0; w.Visits++ {
		if w.Visits > cmp.Or(w.Most, maxStates) {
			w.spent, w.Body.spent = true, true
			return nil
		}
		p := w.next(&todo)
		hit, open := w.block(p)
		if hit != nil && !hitOps[hit] {
			hitOps[hit] = true
			p.hit = hit
			hits = append(hits, p)
			if len(hits) == limit {
				return hits
			}
		}
		if !open {
			continue
		}
		from := len(todo)
		for i, s := range p.block.Succs {
			f, feasible := p.facts.branch(p.block, i)
			if !feasible {
				continue
			}
			next := &Path{prev: p, block: s, stage: p.stage, facts: f.forget(index.live[s.Index])}
			if c := p.block.Cond; c != nil && c.Taken != nil && i == 0 {
				stage, v := w.Step(c.Taken, next.stage, next)
				if v != GoOn {
					continue
				}
				next.stage = stage
			}
			if c := p.block.Cond; c != nil && w.Branch != nil && len(p.block.Succs) == 2 {
				next.stage = w.Branch(c, i == 0, next.stage, p)
			}
			if key := next.key(); !seen[key] {
				seen[key] = true
				todo = append(todo, next)
			}
		}
		if w.Deep {
			slices.Reverse(todo[from:]) // the first successor is the last in
		}
	}
	return hits
}

// next takes the path that is to be followed next.
func (w *Walk) next(todo *[]*Path) *Path {
	list := *todo
	if w.Deep {
		p := list[len(list)-1]
		*todo = list[:len(list)-1]
		return p
	}
	*todo = list[1:]
	return list[0]
}

// block runs the ops of p's block; open says that the path goes on after it.
func (w *Walk) block(p *Path) (hit *Op, open bool) {
	if w.Enter != nil {
		p.stage = w.Enter(p.block, p.stage)
	}
	var marks []Mark
	if w.Marks != nil {
		marks = w.Marks(p.block)
	}
	for i, op := range p.block.Ops {
		for ; len(marks) > 0 && marks[0].Before() <= i; marks = marks[1:] {
			if hit, open := w.mark(marks[0], p); !open {
				return hit, false
			}
		}
		stage, v := w.Step(op, p.stage, p)
		p.stage = stage
		switch v {
		case Cut:
			return nil, false
		case Hit:
			return op, false
		}
		if op.Kind == OpSet {
			p.facts = p.facts.assign(op)
		}
		if op.Kind == OpReturn || op.Kind == OpPanic || op.Kind == OpGoexit || !op.Deferred && op.Into != nil && !op.Into.Returns() {
			return nil, false
		}
	}
	for _, m := range marks {
		if hit, open := w.mark(m, p); !open {
			return hit, false
		}
	}
	return nil, true
}

func (w *Walk) mark(m Mark, p *Path) (hit *Op, open bool) {
	stage, v := w.Mark(m, p.stage, p)
	p.stage = stage
	if v == Hit {
		return &Op{At: m.Place()}, false
	}
	return nil, v != Cut
}

// cannotFail reports whether result index of the event is the error of a call
// that, with the arguments of this call, has no way to a return that gives one.
func (e *Event) cannotFail(index int) bool {
	if e == nil || e.Fallible == nil || index != e.Last {
		return false
	}
	if !e.judged {
		e.judged = true // before the answer: a function that calls itself may fail
		w := &Walk{Body: e.Fallible, Step: func(op *Op, stage int, _ *Path) (int, Verdict) {
			if op.Kind == OpReturn && !slices.ContainsFunc(op.Errs, func(x *Err) bool { return x.Kind != ErrNil }) {
				return stage, Cut
			}
			if op.Kind == OpReturn {
				return stage, Hit
			}
			return stage, GoOn
		}}
		e.succeeds = w.Find() == nil && !w.spent
	}
	return e.succeeds
}

// Op is the op that was hit.
func (p *Path) Op() *Op { return p.hit }

// Stage is how far the path had come at the hit.
func (p *Path) Stage() int { return p.stage }

// Ways lists the blocks of the path that ask a condition, the last one first, with
// the index of the way that it took.
func (p *Path) Ways() iter.Seq2[*Block, int] {
	return func(yield func(*Block, int) bool) {
		for ; p.prev != nil; p = p.prev {
			b := p.prev.block
			if b.Cond != nil && len(b.Succs) == 2 && !yield(b, slices.Index(b.Succs, p.block)) {
				return
			}
		}
	}
}

// NonNil reports whether the path has found the variable not to be nil, or has set it so.
func (p *Path) NonNil(v *Var) bool {
	if isNil, known := p.facts.outcome(v.Key() + " == nil"); known {
		return !isNil
	}
	set := p.facts.value(&Term{Var: v})
	return set != nil && set.NonNil
}

// False reports whether the path has found a term that is a flag false, or has set it so.
func (p *Path) False(t *Term) bool {
	if t != nil && t.Var != nil {
		if holds, known := p.facts.outcome(t.Var.Key()); known {
			return !holds
		}
	}
	is := p.facts.value(t)
	return is != nil && is.Const == "false"
}

// FoundNil is the op, by what it gives, of which a condition has just found a
// result nil, or not nil; no event if it asks something else.
func (p *Path) FoundNil(c *Cond, holds bool) (of *Event, isNil bool) {
	if c.X == nil || c.Y == nil {
		return nil, false
	}
	x, y := c.X, c.Y
	if x.Const == "nil" {
		x, y = y, x
	}
	if x = p.facts.value(x); x == nil || y.Const != "nil" {
		return nil, false
	}
	return x.Gives, holds != c.Neg
}

// Ctx is what the path knows the context in use to be: what the variable it is
// read from was last set to, or else all it may be.
func (p *Path) Ctx(u *Use) []*Ctx {
	if u.Var != nil {
		if op := p.facts.lastSet(u.Var); op != nil && op.SetCtx != nil {
			return op.SetCtx
		}
	}
	return u.Ctx
}

// Ops lists the ops on the path that keep holds for, in order of execution, the
// hit included.
func (p *Path) Ops(keep func(*Op) bool) []*Op {
	var blocks []*Path
	for q := p; q != nil; q = q.prev {
		blocks = append(blocks, q)
	}
	slices.Reverse(blocks)
	var out []*Op
	for _, q := range blocks {
		for _, op := range q.block.Ops {
			if keep(op) {
				out = append(out, op)
			}
			if q == p && op == p.hit {
				return out
			}
		}
	}
	return out
}
