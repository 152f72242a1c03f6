package model

import (
	mathbits "math/bits"
	"slices"
)

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

// With is a set of the members of b and i.
func (b Bits) With(i int) Bits {
	out := make(Bits, max(len(b), i>>6+1))
	copy(out, b)
	out.Add(i)
	return out
}

// Without is a set of the members of b that are none of c. It may share b.
func (b Bits) Without(c Bits) Bits {
	if !b.Intersects(c) {
		return b
	}
	out := slices.Clone(b)
	for i := range min(len(b), len(c)) {
		out[i] &^= c[i]
	}
	return out
}

// Within is a set of the members of b that are members of c. It may share b.
func (b Bits) Within(c Bits) Bits {
	outside := func(i int) bool { return i >= len(c) || b[i]&^c[i] != 0 }
	for i := range b {
		if b[i] == 0 || !outside(i) {
			continue
		}
		out := make(Bits, min(len(b), len(c)))
		for j := range out {
			out[j] = b[j] & c[j]
		}
		return out
	}
	return b
}

// Join adds the members of c and reports whether there were new ones.
func (b *Bits) Join(c Bits) bool {
	grown := false
	if more := len(c) - len(*b); more > 0 {
		*b = append(*b, make(Bits, more)...)
	}
	for i, x := range c {
		if x&^(*b)[i] != 0 {
			(*b)[i] |= x
			grown = true
		}
	}
	return grown
}

// Each calls f for each member, in order.
func (b Bits) Each(f func(int)) {
	for w, x := range b {
		for ; x != 0; x &= x - 1 {
			f(w<<6 | mathbits.TrailingZeros64(x))
		}
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
