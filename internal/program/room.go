package program

import "github.com/gatherlint/gatherlint/internal/model"

// Room: how much a buffer, a limit or a semaphore of a written size holds in the small.
//
// What is counted one by one in the code, or by loops as small as those that are
// played, is played as it is written, and so is the room for it. A room for ten is
// played smaller only if something of which there is no number uses it, as there can
// be more of that than any room is for; or if it is used in a loop that is played
// with fewer rounds itself.

// maxRoom is the largest room that is filled by what has no number.
const maxRoom = 6

// A roomKey is an object with a size that is set for it.
type roomKey struct {
	o    *Object
	size int64
}

// Room is how much an object of that size holds in the small.
func (p *Program) Room(o *Object, size int64) int64 {
	if size <= MaxCount || o == nil {
		return size
	}
	key := roomKey{o, size}
	n, ok := p.rooms[key]
	if !ok {
		n = p.scaled(o, size)
		p.rooms[key] = n
	}
	return n
}

func (p *Program) scaled(o *Object, size int64) int64 {
	var all int64
	large, open := false, false
	for _, n := range p.Nodes {
		if n.Kind != Event || n.Op == nil {
			continue
		}
		for _, op := range append([]*model.Op{n.Op}, n.Op.Cases...) {
			if p.World.Of(op) != o || !takesRoom(op) {
				continue
			}
			times, isLarge, known := p.times(n)
			if op.Kind == model.OpAcquire && (op.N == nil || len(op.N.Terms) > 0) {
				known = false
			} else if op.Kind == model.OpAcquire {
				times, isLarge = times*min(op.N.Const, MaxCount), isLarge || op.N.Const > MaxCount
			}
			all, large, open = all+times, large || isLarge, open || !known
		}
	}
	switch {
	case open:
		return min(size, max(MaxCount, all))
	case large:
		return p.reduced(size)
	}
	return size
}

// takesRoom reports whether an op takes a place of a channel, limit or semaphore.
func takesRoom(op *model.Op) bool {
	return op.Kind == model.OpSend || op.Kind == model.OpAcquire || op.Kind == model.OpSpawn
}

// times is how often a node is come to in the small: the rounds of the loops around
// it, and around the calls and starts that lead to it; large tells that a loop is
// played with fewer rounds than it has, known that all have a number.
func (p *Program) times(n *Node) (times int64, large, known bool) {
	times, known = 1, true
	ends := p.around(n, func(b *model.Block) {
		for _, l := range b.Loops {
			if l.Count == nil || len(l.Count.Terms) > 0 {
				known = false
				continue
			}
			large = large || l.Count.Const > p.RoundsOf(l)
			times *= p.RoundsOf(l)
		}
	})
	return times, large, known && ends
}
