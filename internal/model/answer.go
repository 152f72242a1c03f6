package model

// An Answer is what the model knows about a question. Unknown is not a
// finding: what the model cannot see makes every check silent, and that is
// decided here, once, by asking for Yes or No and never for "not No".
type Answer int8

// The three answers, ordered by how much they claim.
const (
	No Answer = iota
	Unknown
	Yes
)

func (a Answer) String() string {
	switch a {
	case Yes:
		return "yes"
	case No:
		return "no"
	}
	return "unknown"
}

// both is Yes if a and b are, and No if they both are; alternatives that
// disagree are Unknown.
func both(a, b Answer) Answer {
	if a == b {
		return a
	}
	return Unknown
}

// all combines the answers of alternatives, one of which holds at run time.
// No alternatives at all is Unknown.
func all(answers []Answer) Answer {
	if len(answers) == 0 {
		return Unknown
	}
	sum := answers[0]
	for _, a := range answers[1:] {
		sum = both(sum, a)
	}
	return sum
}
