package program

import (
	"github.com/gatherlint/gatherlint/internal/model"
)

// bits are a set of numbers: of nodes, objects, facts, or deeds.
type bits = model.Bits

// maxStarts bounds how many starts within starts are followed: as many as there can be
// goroutines in a schedule.
const maxStarts = 20

// A Program is a scene written out as one graph of nodes. Every body of the
// scene is called at one place only, so a node says by itself how its process
// came there, and no call stack is needed.
type Program struct {
	Scene *model.Scene
	Nodes []*Node    // by ID, those that do not matter too
	Roots []*Routine // those that processes start in; Roots[0] is the spawner
	Tasks map[*model.Task]*Routine
	World *World

	// What a process remembers, and what it may forget.
	Memory    *Memory
	Numbering Numbering
	Live      []bits   // by node: the facts that matter there
	Future    []Future // by node

	// What can still happen, and to which objects.
	Reach    []bits           // by node: what can still happen from there: see Needs
	Judged   []bool           // by node: whether anything can be said of what can still happen from there: see judges
	Touches  []bits           // by node: the objects that its op is on
	Touched  []*Object        // the objects that some node can touch
	Outer    []*Object        // those of them that are contexts of the caller
	Sure     bits             // the objects that are known
	Solo     bits             // the objects of which each process knows which one it has, and that are reached in no other way
	Soloists []*Object        // the same as a list
	Contexts map[*Object]bits // by group: those that end with it
	Limited  map[*Object]bool // the groups of which it matters how many tasks there are at a time
	Harmless map[*Object]bool // the locks that cannot block anybody for ever

	// What is assumed where nothing is known.
	BranchScope []bits               // by node: the objects that a branch is about
	Guesses     map[*model.Op]bits   // cases of selects of which nothing says that they are ready, with what these decide about
	Idle        map[*model.Op]bool   // the cases after which a process only goes round
	Failures    map[*Object][]string // by channel: the fields by which its senders tell that something has failed

	leaks    map[*model.Block][]leak // by block, in order
	bodies   map[*model.Body]*Routine
	routines []*Routine // all of them, the roots too
	ofLoop   map[*model.Loop]*Routine
	left     []*Node              // the nodes that matter, in order: see slice
	flow     [][]int              // by node: those that can come after it: see follow
	renewed  map[int]bits         // by node: see renews
	large    int64                // see FindLarge
	exact    map[*model.Loop]bool // see FindLarge
	rooms    map[roomKey]int64    // see Room
}

// A Routine is a body in the program.
type Routine struct {
	Body  *model.Body
	Task  *model.Task // of the bodies that processes start in
	Owner *Routine    // the one whose process it runs in
	// Up is the routine that calls it, nil for those that processes start in.
	Up          *Routine
	Site        int // the node of the call
	Entry, Exit int
	deferred    []int // the nodes of its deferred ops
	Index       int
	// Wants are the results that something asks for; of a body that processes
	// start in, it is the group that does.
	Wants bits
	// Late: it is run by a deferred call, after the results are settled.
	Late bool
	// Ending stands for the end of a task, where it can block.
	Ending *model.Op
}

// A NodeKind says what a process does at a node.
type NodeKind int8

const (
	Pass     NodeKind = iota // goes on
	Event                    // performs Op
	Branch                   // decides
	Register                 // registers a deferred op: see DeferredAt
	Leave                    // runs the deferred ops of the routine, then goes up
	Endless                  // does nothing more, and does not end
	Leak                     // gives Leaks to code that is not seen
)

// A Node is one thing that a process does, and what can follow.
type Node struct {
	ID      int
	Kind    NodeKind
	Op      *model.Op
	Block   *model.Block
	Routine *Routine
	Next    []int // Event, Pass: one; Branch: two, the first where its condition holds; Leave: none
	Calls   *Routine
	// Outcome is how the call can end, if it is one step: it does nothing that
	// matters but fail or not.
	Outcome *Outcome
	Gives   []Value // of a return: what is known of the results at all times
	Leaks   *Object // of a Leak
	given   any     // of a Leak: that object in the model
	// Inner: a branch of a called function that only decides what it returns.
	Inner bool
}

// InLoop reports whether the node is in a loop of its function.
func (n *Node) InLoop() bool { return n.Block != nil && len(n.Block.Loops) > 0 }

// Compile writes the scene out. The nodes of a block are one for each op, and
// one for its end.
func Compile(s *model.Scene) *Program {
	p := &Program{Scene: s, leaks: leaksOf(s), bodies: map[*model.Body]*Routine{}, Tasks: map[*model.Task]*Routine{}, ofLoop: map[*model.Loop]*Routine{}}
	p.start(s.Body, nil)
	p.World = newWorld(p)
	p.harmlessLocks()
	return p
}

// Prepare leaves out what does not matter, and computes what a run has to know of
// the rest.
func (p *Program) Prepare() {
	p.slice()
	p.rooms = map[roomKey]int64{}
	p.flow = make([][]int, len(p.Nodes))
	for _, n := range p.left {
		p.flow[n.ID] = p.follow(n)
	}
	p.Memory = newMemory(p)
	p.markInner()
	p.liveness()
	p.effects()
	p.scopeBranches()
	p.guess()
	p.turnRound()
	p.futures()
	p.groupUses()
	p.judged()
	p.Failures = p.failuresSent()
}

// start adds a body that processes start in, and all that they reach.
func (p *Program) start(b *model.Body, t *model.Task) *Routine {
	r := &Routine{Body: b, Task: t, Index: len(p.Roots)}
	if t != nil && t.Spawn != nil {
		r.Ending = &model.Op{Kind: model.OpDone, At: t.At, Group: t.Spawn.Group}
	}
	r.Owner = r
	p.Roots = append(p.Roots, r)
	p.add(r)
	return r
}

func (p *Program) node(k NodeKind, r *Routine) *Node {
	n := &Node{ID: len(p.Nodes), Kind: k, Routine: r}
	p.Nodes = append(p.Nodes, n)
	return n
}

// add writes out the body of r.
func (p *Program) add(r *Routine) {
	exit := p.node(Leave, r)
	r.Exit = exit.ID
	p.routines = append(p.routines, r)
	if r.Body == nil || len(r.Body.Blocks) == 0 {
		r.Entry = exit.ID
		return
	}
	p.bodies[r.Body] = r
	first := make([]int, len(r.Body.Blocks))
	type gap struct {
		n *Node
		b *model.Block
	}
	var gaps []gap
	for i, blk := range r.Body.Blocks {
		for _, l := range blk.Loops {
			p.ofLoop[l] = r
		}
		var prev *Node
		link := func(n *Node) {
			n.Block = blk
			if prev == nil {
				first[i] = n.ID
			} else {
				prev.Next = append(prev.Next, n.ID)
			}
			prev = n
		}
		open := true
		for k, op := range blk.Ops {
			p.writeLeaks(blk, k, r, link)
			n := p.op(op, r)
			link(n)
			switch op.Kind {
			case model.OpReturn, model.OpPanic, model.OpGoexit:
				if !op.Deferred {
					n.Next = []int{exit.ID}
					open = false
				}
			case model.OpExit:
				open = op.Deferred
			}
			if !open {
				break
			}
		}
		if !open {
			continue
		}
		p.writeLeaks(blk, len(blk.Ops), r, link)
		end := p.node(Pass, r)
		link(end)
		switch len(blk.Succs) {
		case 0:
			end.Next = []int{exit.ID} // of a body that was made up
		case 2:
			end.Kind = Branch
		}
		gaps = append(gaps, gap{end, blk})
	}
	for _, g := range gaps {
		for _, s := range g.b.Succs {
			g.n.Next = append(g.n.Next, first[s.Index])
		}
	}
	r.Entry = first[0]
}

// op is the node of one op. A deferred op has two: one where it is registered,
// and one where it happens.
func (p *Program) op(op *model.Op, r *Routine) *Node {
	n := p.node(Event, r)
	n.Op = op
	at := n
	if op.Deferred {
		n.Kind = Register
		at = p.node(Event, r)
		at.Op = op
		at.Next = []int{r.Exit}
		r.deferred = append(r.deferred, at.ID)
	}
	into := op.Into
	if op.Iterates != nil {
		into = op.Iterates
	}
	if into != nil && p.bodies[into] == nil {
		at.Calls = &Routine{Body: into, Up: r, Owner: r.Owner, Site: at.ID, Late: r.Late || op.Deferred}
		p.add(at.Calls)
	}
	if op.Kind == model.OpSpawn && op.Task != nil && p.Tasks[op.Task] == nil {
		t := &Routine{}
		p.Tasks[op.Task] = t // before its body: a task may start itself
		p.Tasks[op.Task] = p.start(op.Task.Body, op.Task)
	}
	return n
}

// DeferredAt is the node where the deferred op registered at n happens.
func (p *Program) DeferredAt(n *Node) int { return n.ID + 1 }
