package model

import mathbits "math/bits"

// Bits is a set of small numbers.
type Bits []uint64

// Has reports whether i is a member.
func (b Bits) Has(i int) bool { return i>>6 < len(b) && b[i>>6]&(1<<(i&63)) != 0 }

// Add makes i a member.
func (b *Bits) Add(i int) {
	for i>>6 >= len(*b) {
		*b = append(*b, 0)
	}
	(*b)[i>>6] |= 1 << (i & 63)
}

// Drop makes i no member.
func (b Bits) Drop(i int) {
	if i>>6 < len(b) {
		b[i>>6] &^= 1 << (i & 63)
	}
}

// Join adds the members of c.
func (b *Bits) Join(c Bits) {
	for len(*b) < len(c) {
		*b = append(*b, 0)
	}
	for i, x := range c {
		(*b)[i] |= x
	}
}

// Intersects reports whether b and c have a member in common.
func (b Bits) Intersects(c Bits) bool {
	for i := range min(len(b), len(c)) {
		if b[i]&c[i] != 0 {
			return true
		}
	}
	return false
}

// Grow adds the members of c and calls f for those that are new.
func (b *Bits) Grow(c Bits, f func(int)) {
	for len(*b) < len(c) {
		*b = append(*b, 0)
	}
	for i, x := range c {
		fresh := x &^ (*b)[i]
		(*b)[i] |= x
		for ; fresh != 0; fresh &= fresh - 1 {
			f(i<<6 | mathbits.TrailingZeros64(fresh))
		}
	}
}
