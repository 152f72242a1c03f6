package model

// Scenes.
//
// What can happen depends on all groups, goroutines and channels of one activation of the
// spawner together. That is a scene: the spawner's body and, through its ops, the bodies of
// all tasks and of all functions that they call. An object that code outside the scene can
// reach escapes: from then on, whoever plays the scene must expect anything of it.

// A Scene is all that one activation of a spawner sets in motion.
type Scene struct {
	Spawner string // the function, as its author would name it
	At      Span   // its name
	Extent  Span   // all of its source
	// EndsProcess: when the spawner returns, the process ends. Once: what it leaves behind does not add up, as it runs once.
	EndsProcess, Once bool
	// Test: the spawner is part of the tests of a package.
	Test   bool
	Ops    int // how many ops there are in all its bodies
	Body   *Body
	Chans  []*Chan // those made in the scene
	Groups []*Group
	Locks  []*Lock
	Sems   []*Sem
	Ctxs   []*Ctx // those made in the scene
	// Cut: it is so large, with what it calls, that not all of its calls are followed.
	Cut bool
	// Parts are the functions that code which is not seen calls one after the other,
	// where the scene is the life of an object.
	Parts []Part
	// Goes: after the last of them the client goes on. Of what it has given the object it
	// has ended nothing.
	Goes bool
	// Around is the scene that this one is a part of, nil if there is none.
	Around *Scene
	// Outer are the objects that are made in the scene around: their ops here are not
	// all that there are, whatever Escapes says.
	Outer map[any]bool
	// Leaks says of an object that escapes at which places code that is not seen gets hold of
	// it: before that every operation on it is an Op of the scene. None if that is not known.
	Leaks map[any][]Leak
	// Evidence answers what costs an analysis of its own.
	Evidence Evidence
}

// A Leak is a place in a block: before this one of its ops, or at its end.
type Leak struct {
	Block  *Block
	Before int
}

// A Part is one of the functions that make up the life of an object.
type Part struct {
	Name string
	// At is its name in its declaration, which is where the life has the call of it, or
	// its start: no client is seen.
	At     Span
	Extent Span
	// Flag is asked before all else, "" if there is none.
	Flag    string
	FlagAt  Span
	FlagSet bool
}

// A Holder is a function that takes something that others have too (a lock, a place, a
// count), gives it back, and may return in between: Takes are where it does so. So is one that
// calls what calls it back, and one of which one of the lists says something.
type Holder struct {
	Body      *Body
	Takes     []*Op
	Elsewhere []*Op    // OpLock: those of Takes that other functions may give back
	Alone     []*Op    // sends and receives on channels that nobody else has yet
	Drains    [][2]*Op // receives from timers, behind that by which the timer came to be idle
	Owes      []*Op    // OpDone: of a group that it is given for that alone
	Early     []*Op    // OpReturn: before these, by what it has found itself
	Lapses    []*Lapse
	Replies   []*Reply
	Outlivers []*Outliver // that it starts
	Evidence  Evidence
}

// A Lapse is a deed of a method that rests on a flag which it has asked under a lock, done
// without the lock; another method, By, sets the flag and ends what the deed is done to.
type Lapse struct {
	Flag     string // the field
	By, Lock string // Lock: the field, "" for an atomic flag
	Gives    Span   // where the lock is given back, or the atomic flag is read
	Deed     *Op    // OpSend, OpAdd
	Sets     Span
	End      *Op // OpClose, OpWait
}

// A Reply is a send on a channel without room that came in a message, or was kept by an object
// (by an Asks that is OpSet): By waits for it among others, so that it may have left, or for the
// lock that the sender holds (a Waits that is OpLock).
type Reply struct {
	Send, Asks, Waits *Op
	By, Held, Asker   string // Held is that lock, "" for none; Asker the function of Asks
}

// An Outliver is a goroutine of an object that goes round for ever, in the loop at Round,
// though the object has a method, End, by which clients end it.
type Outliver struct {
	Name      string // of a literal ""
	End       Part
	Go, Round Span
	// Stopped: the loop ranges over the ticks of a ticker that End stops, so that it waits.
	Stopped bool
}

// A Lock is a mutex.
type Lock struct {
	Name string
	// Plain: it is a variable, or a field of an object that a function is given, or gets
	// once, so that it is the same one as long as the function runs.
	Plain bool
	// Escapes says why not every operation on it is an Op of the scene.
	Escapes string
}

// A Sem is a golang.org/x/sync/semaphore.Weighted.
type Sem struct {
	Name    string
	Size    *Size
	Escapes string
}

// A Life says when a context ends.
type Life int8

// Lives of contexts.
const (
	LifeUnknown Life = iota // not known: with its parent, or when code that is not seen wants it
	LifeNever
	LifeOutside // when the caller's does, if ever
	LifeOwn     // when a CancelFunc is called, by an op of the scene, or with its parent
	LifeGroup   // when a task of the group fails, when Wait returns, or with its parent
	LifeSame    // with its parent
	LifeTimed   // when its time is over, or before
)

// Life says when the context ends, and of which context it is a child.
func (c *Ctx) Life() (Life, *Ctx) {
	switch c.Kind {
	case CtxNever:
		return LifeNever, nil
	case CtxRoot:
		return LifeOutside, nil
	case CtxOfGroup:
		if len(c.Group.Parent) == 1 {
			return LifeGroup, c.Group.Parent[0]
		}
	case CtxDerived:
		if len(c.Parents) != 1 {
			return LifeUnknown, nil
		}
		switch c.Adds {
		case AddsCancel:
			if c.CancelLocal {
				return LifeOwn, c.Parents[0]
			}
		case AddsValue:
			return LifeSame, c.Parents[0]
		case AddsDeadline:
			return LifeTimed, c.Parents[0]
		}
		return LifeUnknown, c.Parents[0]
	}
	return LifeUnknown, nil
}
