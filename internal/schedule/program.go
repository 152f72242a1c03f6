package schedule

import (
	"github.com/gatherlint/gatherlint/internal/model"
)

// A program is a scene written out as one graph of nodes. Every body of the
// scene is called at one place only, so a node says by itself how its process
// came there, and no call stack is needed.
type program struct {
	scene  *model.Scene
	nodes  []*node
	bodies map[*model.Body]*routine
	tasks  map[*model.Task]*routine
	roots  []*routine // those that processes start in; roots[0] is the spawner
	// routines are all of them, the roots too.
	routines []*routine
	world    *world
	mem      *memory
	ofLoop   map[*model.Loop]*routine
	harmless map[*object]bool     // see harmlessLocks
	large    int64                // see largeNumber
	left     []*node              // the nodes that matter, in order: see slice
	flow     [][]int              // by node: those that can come after it: see follow
	live     []bits               // by node: the facts that matter there
	future   []future             // by node
	touches  []bits               // by node: the objects that its op is on
	renewed  map[int]bits         // by node: see renews
	contexts map[*object]bits     // by group: those that end with it
	counts   map[*object]bool     // by group: see groupUses
	failures map[*object][]string // by channel: see failuresSent
	// soloists are the objects of which each process knows which one it has, and that are
	// reached in no other way, as set and list.
	solo        bits
	soloists    []*object
	touched     []*object // the objects that some node can touch
	outer       []*object // those of them that are contexts of the caller
	number      numbering
	branchScope []bits             // by node: the objects that a branch is about
	sure        bits               // the objects that are known
	guesses     map[*model.Op]bits // see guess
	reach       []bits             // by node: what can still happen from there (see deed)
	frames      map[*routine]*Frame
	exact       map[*model.Loop]bool // see largeNumber
	rooms       map[roomKey]int64    // see room
	idle        map[*model.Op]bool   // see turnRound
}

// A routine is a body in the program.
type routine struct {
	body  *model.Body
	task  *model.Task // of the bodies that processes start in
	owner *routine    // the one whose process it runs in
	// up is the routine that calls it, nil for those that processes start in.
	up          *routine
	site        int // the node of the call
	entry, exit int
	deferred    []int // the nodes of its deferred ops
	index       int
	// wants are the results that something asks for; of a body that processes
	// start in, it is the group that does.
	wants bits
	// late: it is run by a deferred call, after the results are settled.
	late bool
	// ending stands for the end of a task, where it can block.
	ending *model.Op
}

// A nodeKind says what a process does at a node.
type nodeKind int8

const (
	pass     nodeKind = iota // goes on
	event                    // performs op
	branch                   // decides
	register                 // registers the deferred op at node next[1]
	leave                    // runs the deferred ops of the routine, then goes up
	endless                  // does nothing more, and does not end
)

type node struct {
	id      int
	kind    nodeKind
	op      *model.Op
	block   *model.Block
	routine *routine
	next    []int // event, pass: one; branch: two; leave: the one after the call
	calls   *routine
	// outcome is how the call can end, if it is one step: it does nothing that
	// matters but fail or not.
	outcome *outcome
	gives   []value // of a return: what is known of the results at all times
	// inner: a branch of a called function that only decides what it returns.
	inner bool
}

// compile writes the scene out. The nodes of a block are one for each op, and
// one for its end.
func compile(s *model.Scene) *program {
	p := &program{scene: s, bodies: map[*model.Body]*routine{}, tasks: map[*model.Task]*routine{}, ofLoop: map[*model.Loop]*routine{}}
	p.start(s.Body, nil)
	p.world = newWorld(p)
	p.harmlessLocks()
	return p
}

// prepare leaves out what does not matter, and computes what a run has to know of
// the rest.
func (p *program) prepare() {
	p.slice()
	p.rooms = map[roomKey]int64{}
	p.flow = make([][]int, len(p.nodes))
	for _, n := range p.left {
		p.flow[n.id] = p.follow(n)
	}
	p.mem = newMemory(p)
	p.markInner()
	p.liveness()
	p.effects()
	p.scopeBranches()
	p.guess()
	p.turnRound()
	p.futures()
	p.groupUses()
	p.failures = p.failuresSent()
}

// start adds a body that processes start in, and all that they reach.
func (p *program) start(b *model.Body, t *model.Task) *routine {
	r := &routine{body: b, task: t, index: len(p.roots)}
	if t != nil && t.Spawn != nil {
		r.ending = &model.Op{Kind: model.OpDone, At: t.At, Group: t.Spawn.Group}
	}
	r.owner = r
	p.roots = append(p.roots, r)
	p.add(r)
	return r
}

func (p *program) node(k nodeKind, r *routine) *node {
	n := &node{id: len(p.nodes), kind: k, routine: r}
	p.nodes = append(p.nodes, n)
	return n
}

// add writes out the body of r.
func (p *program) add(r *routine) {
	exit := p.node(leave, r)
	r.exit = exit.id
	p.routines = append(p.routines, r)
	if r.body == nil || len(r.body.Blocks) == 0 {
		r.entry = exit.id
		return
	}
	p.bodies[r.body] = r
	first := make([]int, len(r.body.Blocks))
	type gap struct {
		n *node
		b *model.Block
	}
	var gaps []gap
	for i, blk := range r.body.Blocks {
		for _, l := range blk.Loops {
			p.ofLoop[l] = r
		}
		var prev *node
		link := func(n *node) {
			n.block = blk
			if prev == nil {
				first[i] = n.id
			} else {
				prev.next = append(prev.next, n.id)
			}
			prev = n
		}
		open := true
		for _, op := range blk.Ops {
			n := p.op(op, r)
			link(n)
			switch op.Kind {
			case model.OpReturn, model.OpPanic, model.OpGoexit:
				if !op.Deferred {
					n.next = []int{exit.id}
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
		end := p.node(pass, r)
		link(end)
		switch len(blk.Succs) {
		case 0:
			end.next = []int{exit.id} // of a body that was made up
		case 2:
			end.kind = branch
		}
		gaps = append(gaps, gap{end, blk})
	}
	for _, g := range gaps {
		for _, s := range g.b.Succs {
			g.n.next = append(g.n.next, first[s.Index])
		}
	}
	r.entry = first[0]
}

// op is the node of one op. A deferred op has two: one where it is registered,
// and one where it happens.
func (p *program) op(op *model.Op, r *routine) *node {
	n := p.node(event, r)
	n.op = op
	at := n
	if op.Deferred {
		n.kind = register
		at = p.node(event, r)
		at.op = op
		at.next = []int{r.exit}
		r.deferred = append(r.deferred, at.id)
	}
	into := op.Into
	if op.Iterates != nil {
		into = op.Iterates
	}
	if into != nil && p.bodies[into] == nil {
		at.calls = &routine{body: into, up: r, owner: r.owner, site: at.id, late: r.late || op.Deferred}
		p.add(at.calls)
	}
	if op.Kind == model.OpSpawn && op.Task != nil && p.tasks[op.Task] == nil {
		t := &routine{}
		p.tasks[op.Task] = t // before its body: a task may start itself
		p.tasks[op.Task] = p.start(op.Task.Body, op.Task)
	}
	return n
}

// deferredAt is the node where the deferred op registered at n happens.
func (p *program) deferredAt(n *node) int { return n.id + 1 }
