package fanout

import mathbits "math/bits"

// bits is a set of small numbers.
type bits []uint64

func (b bits) has(i int) bool { return i>>6 < len(b) && b[i>>6]&(1<<(i&63)) != 0 }

func (b *bits) add(i int) {
	for i>>6 >= len(*b) {
		*b = append(*b, 0)
	}
	(*b)[i>>6] |= 1 << (i & 63)
}

func (b bits) drop(i int) {
	if i>>6 < len(b) {
		b[i>>6] &^= 1 << (i & 63)
	}
}

// join adds the members of c.
func (b *bits) join(c bits) {
	for len(*b) < len(c) {
		*b = append(*b, 0)
	}
	for i, x := range c {
		(*b)[i] |= x
	}
}

// meets reports whether b and c have a member in common.
func (b bits) meets(c bits) bool {
	for i := range min(len(b), len(c)) {
		if b[i]&c[i] != 0 {
			return true
		}
	}
	return false
}

// grow adds the members of c and calls f for those that are new.
func (b *bits) grow(c bits, f func(int)) {
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
