package race

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Accesses by place: who else comes to the memory that an access is about?

// A user is an access of the goroutine with this index.
type user struct {
	who int
	n   int // among the accesses of the goroutine
	a   *access
}

// A placeTree holds the accesses of a function by place. What is behind a pointer
// has a tree of its own; below a pointer the steps of a path lead from node to node.
type placeTree struct {
	trees map[placeRoot]*placeNode
	found map[placeKey]*users
}

type placeRoot struct {
	root   ssa.Value
	before string // the path up to its last pointer
}

type placeKey struct {
	root ssa.Value
	path string
}

type placeNode struct {
	users []user
	below map[string]*placeNode
}

// users are the accesses that meet a place, by goroutine and in their order there.
type users struct {
	list []user
	// any and writers are the first two goroutines with an access, and with a write.
	any, writers []int
}

func newPlaceTree() *placeTree {
	return &placeTree{trees: map[placeRoot]*placeNode{}, found: map[placeKey]*users{}}
}

// treeOf is the tree that a place is in, and the steps that lead there.
func treeOf(p memory) (placeRoot, []string) {
	i := strings.LastIndexByte(p.path, '*')
	if i < 0 {
		return placeRoot{root: p.root}, pathSteps(p.path)
	}
	return placeRoot{p.root, p.path[:i+1]}, pathSteps(p.path[i+1:])
}

func (t *placeTree) add(u user) {
	root, steps := treeOf(u.a.memory)
	n := t.trees[root]
	if n == nil {
		n = &placeNode{}
		t.trees[root] = n
	}
	for _, s := range steps {
		next := n.below[s]
		if next == nil {
			next = &placeNode{}
			if n.below == nil {
				n.below = map[string]*placeNode{}
			}
			n.below[s] = next
		}
		n = next
	}
	n.users = append(n.users, u)
}

// of lists the accesses that meet the place.
func (t *placeTree) of(p memory) *users {
	key := placeKey{p.root, p.path}
	if out := t.found[key]; out != nil {
		return out
	}
	out := &users{}
	t.found[key] = out
	root, steps := treeOf(p)
	if n := t.trees[root]; n != nil {
		n.overlapping(steps, out)
	}
	slices.SortFunc(out.list, func(x, y user) int { return cmp.Or(cmp.Compare(x.who, y.who), cmp.Compare(x.n, y.n)) })
	for _, u := range out.list {
		noteTwo(&out.any, u.who)
		if u.a.Write {
			noteTwo(&out.writers, u.who)
		}
	}
	return out
}

// overlapping adds the accesses on the way along the steps, and all below their end. An
// element with an index that is not constant is taken to be any.
func (n *placeNode) overlapping(steps []string, out *users) {
	out.list = append(out.list, n.users...)
	if len(steps) == 0 {
		for _, next := range n.below {
			next.overlapping(nil, out)
		}
		return
	}
	if steps[0] != "[i" {
		for _, s := range []string{steps[0], "[i"} {
			if next := n.below[s]; next != nil && (s == steps[0] || steps[0][0] == '[') {
				next.overlapping(steps[1:], out)
			}
		}
		return
	}
	for s, next := range n.below {
		if s[0] == '[' {
			next.overlapping(steps[1:], out)
		}
	}
}

func noteTwo(list *[]int, who int) {
	if len(*list) < 2 && !slices.Contains(*list, who) {
		*list = append(*list, who)
	}
}

// besides reports whether one of the goroutines is not who.
func besides(list []int, who int) bool {
	return len(list) > 1 || len(list) == 1 && list[0] != who
}
