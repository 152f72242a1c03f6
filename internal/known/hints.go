package known

import (
	"slices"
	"strings"

	"github.com/gatherlint/gatherlint/internal/model"
)

// Names of calls that are not seen. Those that tell of waiting, of telling others, of
// limits and of stopping err on the side of silence: who may learn of another, or may
// end, is not blamed.

// A word is looked for in a name, in lower case: anywhere, or where its ends say.
type word struct {
	text          string
	begins, whole bool
}

var hintWords = map[model.Hint][]word{
	model.HintWaits: {{text: "wait"}, {text: "load", whole: true}, {text: "gosched", whole: true}},
	model.HintTells: {
		{text: "store", whole: true}, {text: "add", whole: true}, {text: "swap", whole: true}, {text: "compareandswap", whole: true},
		{text: "signal", whole: true}, {text: "broadcast", whole: true},
	},
	model.HintLimits: {
		{text: "after", whole: true}, {text: "before", whole: true}, {text: "since", whole: true}, {text: "until", whole: true},
		{text: "deadline"}, {text: "timeout"}, {text: "timedout"}, {text: "elapsed"}, {text: "expire"}, {text: "nextbackoff"},
		{text: "load", begins: true}, {text: "compareandswap"},
	},
	model.HintAsks: {
		{text: "stop"}, {text: "quit"}, {text: "cancel"}, {text: "shut"}, {text: "abort"}, {text: "dying"}, {text: "clos"}, {text: "kill"},
		{text: "interrupt"}, {text: "backoff"}, {text: "attempt"}, {text: "retr"}, {text: "tries"}, {text: "limit"}, {text: "remain"},
		{text: "next", begins: true}, {text: "scan", begins: true}, {text: "more"}, {text: "hasnext"},
	},
	model.HintStops: {
		{text: "stop"}, {text: "quit"}, {text: "cancel"}, {text: "shut"}, {text: "abort"}, {text: "clos"}, {text: "kill"}, {text: "interrupt"},
		{text: "terminate"}, {text: "signal"}, {text: "broadcast"}, {text: "store"}, {text: "deadline"},
	},
}

// CallHints is what the name of a call tells: the last part of its text.
func CallHints(text string) model.Hint {
	if IsAlarm(text) {
		return 0 // a pause, by itself no end
	}
	name := text[strings.LastIndexByte(text, '.')+1:]
	out := wordHints(strings.ToLower(name))
	if MakesError(name) {
		out |= model.HintFails
	}
	return out
}

// WordHints is what a constant tells that something is compared with.
func WordHints(text string) model.Hint { return wordHints(strings.ToLower(text)) }

func wordHints(name string) model.Hint {
	var out model.Hint
	for hint, words := range hintWords {
		if slices.ContainsFunc(words, func(w word) bool { return w.in(name) }) {
			out |= hint
		}
	}
	return out
}

func (w word) in(name string) bool {
	switch {
	case w.whole:
		return name == w.text
	case w.begins:
		return strings.HasPrefix(name, w.text)
	}
	return strings.Contains(name, w.text)
}

// MakesError reports whether a function is named as one whose result is an error every
// time. It errs on the side of yes: what may be nil is then not looked at.
func MakesError(name string) bool {
	return strings.HasPrefix(name, "New") || strings.HasPrefix(name, "Wrap") || strings.HasSuffix(name, "Errorf") || strings.Contains(name, "Error") || name == "Append"
}

// AssertsNoError reports whether a function is named as an assertion that an error is
// nil. It errs on the side of yes: what it is given has then been looked at.
func AssertsNoError(name string) bool { return strings.HasPrefix(name, "NoError") }
