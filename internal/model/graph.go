package model

import "slices"

// visit visits the nodes of a graph that can be reached from those of from, these
// included, each once, until stop says so.
func visit[N comparable](from []N, next func(N) []N, stop func(N) bool) {
	seen := make(map[N]bool, len(from))
	rest := append([]N(nil), from...)
	for len(rest) > 0 {
		n := rest[len(rest)-1]
		rest = rest[:len(rest)-1]
		if seen[n] {
			continue
		}
		seen[n] = true
		if stop(n) {
			return
		}
		rest = append(rest, next(n)...)
	}
}

// Reaches reports whether to is one of from, or can be reached from them.
func Reaches[N comparable](from []N, to N, next func(N) []N) bool {
	found := false
	visit(from, next, func(n N) bool {
		found = n == to
		return found
	})
	return found
}

// Reached is the set of nodes that can be reached from those of from, these included.
func Reached[N comparable](from []N, next func(N) []N) map[N]bool {
	out := map[N]bool{}
	visit(from, next, func(n N) bool {
		out[n] = true
		return false
	})
	return out
}

// Onward is the block and all that can come after it. Nothing is followed beyond
// until, which may be nil.
func (b *Block) Onward(until *Block) map[*Block]bool {
	return Reached([]*Block{b}, func(x *Block) []*Block {
		if x == until {
			return nil
		}
		return x.Succs
	})
}

// Reaches reports whether to comes after the block on some path.
func (b *Block) Reaches(to *Block) bool {
	if !b.reached {
		reachAll(b)
	}
	return b.reach.Has(to.Index)
}

// reachAll computes what comes after from and after all blocks that do. Blocks that
// come after each other have the same set.
func reachAll(from *Block) {
	type visit struct {
		blk  *Block
		next int // of the successors
	}
	order, low := map[*Block]int{}, map[*Block]int{}
	var open []*Block // blocks whose set is not settled
	path := []visit{{blk: from}}
	for len(path) > 0 {
		v := &path[len(path)-1]
		b := v.blk
		if v.next == 0 {
			order[b], low[b] = len(order)+1, len(order)+1
			open = append(open, b)
		}
		if v.next < len(b.Succs) {
			s := b.Succs[v.next]
			v.next++
			switch {
			case s.reached:
			case order[s] == 0:
				path = append(path, visit{blk: s})
			default:
				low[b] = min(low[b], order[s])
			}
			continue
		}
		path = path[:len(path)-1]
		if len(path) > 0 {
			up := path[len(path)-1].blk
			low[up] = min(low[up], low[b])
		}
		if low[b] == order[b] {
			first := len(open) - 1
			for open[first] != b {
				first--
			}
			shareReach(open[first:])
			open = open[:first]
		}
	}
}

// shareReach gives the blocks of a cycle, or a single one, the set of what comes after.
func shareReach(cycle []*Block) {
	var all Bits
	for _, b := range cycle {
		for _, s := range b.Succs {
			all.Add(s.Index)
			all.Join(s.reach)
		}
	}
	for _, b := range cycle {
		b.reach, b.reached = all, true
	}
}

// WithLiterals are the body and those of the function literals in it, also those that run
// as tasks, each once.
func (b *Body) WithLiterals() []*Body {
	out := []*Body{b}
	for i := 0; i < len(out); i++ {
		for _, blk := range out[i].Blocks {
			for _, op := range blk.Ops {
				next := append([]*Body{op.Into}, op.Lits...)
				if op.Task != nil {
					next = append(next, op.Task.Body)
				}
				for _, x := range next {
					if x != nil && x.Extent.Pos > b.Extent.Pos && x.Extent.End <= b.Extent.End && !slices.Contains(out, x) {
						out = append(out, x)
					}
				}
			}
		}
	}
	return out
}
