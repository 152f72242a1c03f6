package fanout

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

// reaches reports whether to is one of from, or can be reached from them.
func reaches[N comparable](from []N, to N, next func(N) []N) bool {
	found := false
	visit(from, next, func(n N) bool {
		found = n == to
		return found
	})
	return found
}

// reached is the set of nodes that can be reached from those of from, these included.
func reached[N comparable](from []N, next func(N) []N) map[N]bool {
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
	return reached([]*Block{b}, func(x *Block) []*Block {
		if x == until {
			return nil
		}
		return x.Succs
	})
}

// Reaches reports whether to comes after the block on some path.
func (b *Block) Reaches(to *Block) bool {
	if b.reach == nil {
		b.reach = reached(b.Succs, func(x *Block) []*Block { return x.Succs })
	}
	return b.reach[to]
}
