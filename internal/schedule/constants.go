package schedule

import "github.com/gatherlint/gatherlint/internal/program"

// firstConst is the first of the values that stand for constants.
const firstConst = program.Counted + 1

// constants are the values that stand for constants, and for messages.
type constants struct {
	numbers map[string]program.Value
	// fields are what is known of the fields of messages, by the constant that
	// stands for the message.
	fields map[program.Value]map[string]program.Value
}

// constant is the value that a constant's text stands for.
func (c *constants) constant(text string) program.Value {
	switch text {
	case "nil":
		return program.IsNil
	case "true":
		return program.IsTrue
	case "false":
		return program.IsFalse
	}
	v, ok := c.numbers[text]
	if !ok {
		if len(c.numbers) > 200 {
			return program.Unknown
		}
		v = firstConst + program.Value(len(c.numbers))
		c.numbers[text] = v
	}
	return v
}
