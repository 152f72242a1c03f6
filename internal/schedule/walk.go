package schedule

// every visits each node that can come after those of from, and these, once. Of
// a node, visit says whether what follows it is to be visited too, and whether
// the node may be there at all; every reports whether all may.
func (p *program) every(from []int, visit func(*node) (onward, fine bool)) bool {
	seen := make(bits, len(p.nodes)/64+1)
	rest := append([]int(nil), from...)
	for len(rest) > 0 {
		id := rest[len(rest)-1]
		rest = rest[:len(rest)-1]
		if seen.Has(id) {
			continue
		}
		seen.Add(id)
		onward, fine := visit(p.nodes[id])
		if !fine {
			return false
		}
		if onward {
			rest = append(rest, p.nodes[id].next...)
		}
	}
	return true
}
