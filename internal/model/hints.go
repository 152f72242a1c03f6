package model

// A Hint is what the name of a call, or a word that is compared with, tells where
// nothing better is known. Hints are a set.
type Hint uint8

// What names tell. Package known says which names do.
const (
	HintWaits  Hint = 1 << iota // the call learns of others, or is held up by them
	HintTells                   // others learn of it
	HintLimits                  // a loop that asks it ends in time
	HintAsks                    // a loop that asks it goes through data, counts attempts, or is told to stop
	HintStops                   // it tells somebody to end
	HintFails                   // its result is an error every time
)

// Has reports whether h tells one of the others.
func (h Hint) Has(others Hint) bool { return h&others != 0 }
