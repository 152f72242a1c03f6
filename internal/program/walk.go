package program

// every visits each node that can come after those of from, and these, once. Of
// a node, visit says whether what follows it is to be visited too, and whether
// the node may be there at all; every reports whether all may.
func (p *Program) every(from []int, visit func(*Node) (onward, fine bool)) bool {
	seen := make(bits, len(p.Nodes)/64+1)
	rest := append([]int(nil), from...)
	for len(rest) > 0 {
		id := rest[len(rest)-1]
		rest = rest[:len(rest)-1]
		if seen.Has(id) {
			continue
		}
		seen.Add(id)
		onward, fine := visit(p.Nodes[id])
		if !fine {
			return false
		}
		if onward {
			rest = append(rest, p.Nodes[id].Next...)
		}
	}
	return true
}
