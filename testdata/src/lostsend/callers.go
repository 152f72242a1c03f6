package lostsend

import (
	"context"
	"errors"
)

// Ways that no caller takes: what all calls give decides the branch.

var errNoVisit = errors.New("no visit")

// ask starts one who looks up each title.
func ask(titles []string) chan error {
	told := make(chan error)
	for _, title := range titles {
		go func() {
			_, err := lookUp(context.Background(), title)
			told <- err
		}()
	}
	return told
}

// visit leaves early on a holiday, and nobody comes then.
func visit(titles []string, holiday bool) error {
	told := ask(titles)
	if holiday {
		return errNoVisit
	}
	for range titles {
		<-told
	}
	return nil
}

// Visit comes on other days.
func Visit(titles []string) error {
	return errors.Join(visit(titles, false), visit(nil, false))
}

// visitAtNight leaves early where it is both late and dark, which no caller says.
func visitAtNight(titles []string, late, dark bool) error {
	told := ask(titles)
	if late && dark {
		return errNoVisit
	}
	for range titles {
		<-told
	}
	return nil
}

// VisitAtNight is late, or in the dark.
func VisitAtNight(titles []string) error {
	return errors.Join(visitAtNight(titles, true, false), visitAtNight(titles, false, true))
}

type manners struct {
	quiet, hasty bool
	limit        int
}

// visitWith leaves early in haste.
func visitWith(titles []string, m manners) error {
	told := ask(titles)
	if m.hasty || m.limit > 3 {
		return errNoVisit
	}
	for range titles {
		<-told
	}
	return nil
}

// VisitQuietly is in no haste.
func VisitQuietly(titles []string) error { return visitWith(titles, manners{quiet: true, limit: 2}) }

// visitAfter asks first, if there is something to ask.
func visitAfter(titles []string, ready func() error) error {
	told := ask(titles)
	if ready != nil {
		if err := ready(); err != nil {
			return err
		}
	}
	for range titles {
		<-told
	}
	return nil
}

// VisitNow has nothing to ask.
func VisitNow(titles []string) error { return visitAfter(titles, nil) }

// fewEnough fails for more than ten.
func fewEnough(n int) error {
	if n > 10 {
		return errNoVisit
	}
	return nil
}

// VisitFew asks for three.
func VisitFew(titles []string) error {
	told := ask(titles)
	if err := fewEnough(3); err != nil {
		return err
	}
	for range titles {
		<-told
	}
	return nil
}

// visitSome leaves early on a day that one caller names.
func visitSome(titles []string, day int, closed bool) error {
	told := make(chan error)
	for _, title := range titles {
		go func() {
			_, err := lookUp(context.Background(), title)
			told <- err // want `lostsend: the task blocks for ever sending on told; visitSome returns without receiving from it`
		}()
	}
	if day == 7 && closed {
		return errNoVisit
	}
	for range titles {
		<-told
	}
	return nil
}

// VisitSome is there on a Sunday too.
func VisitSome(titles []string) error {
	return errors.Join(visitSome(titles, 7, true), visitSome(titles, 6, false))
}

// visitIf is told by its caller whether to leave early.
func visitIf(titles []string, leave bool) error {
	told := make(chan error)
	for _, title := range titles {
		go func() {
			_, err := lookUp(context.Background(), title)
			told <- err // want `lostsend: the task blocks for ever sending on told; visitIf returns without receiving from it`
		}()
	}
	if leave {
		return errNoVisit
	}
	for range titles {
		<-told
	}
	return nil
}

// VisitIf hands on what it is told.
func VisitIf(titles []string, leave bool) error {
	return errors.Join(visitIf(titles, leave), visitIf(titles, false))
}

// visitLater makes up its own mind.
func visitLater(titles []string, leave bool) error {
	told := make(chan error)
	for _, title := range titles {
		go func() {
			_, err := lookUp(context.Background(), title)
			told <- err // want `lostsend: the task blocks for ever sending on told; visitLater returns without receiving from it`
		}()
	}
	leave = leave || len(titles) > 5
	if leave {
		return errNoVisit
	}
	for range titles {
		<-told
	}
	return nil
}

// VisitLater says no.
func VisitLater(titles []string) error { return visitLater(titles, false) }

// visitBy is handed on.
func visitBy(titles []string, leave bool) error {
	told := make(chan error)
	for _, title := range titles {
		go func() {
			_, err := lookUp(context.Background(), title)
			told <- err // want `lostsend: the task blocks for ever sending on told; visitBy returns without receiving from it`
		}()
	}
	if leave {
		return errNoVisit
	}
	for range titles {
		<-told
	}
	return nil
}

// VisitBy calls it itself, and gives it away.
func VisitBy(titles []string) (func([]string, bool) error, error) {
	return visitBy, visitBy(titles, false)
}

// door is called through an interface that has no name.
type door struct{}

func (*door) open(titles []string, leave bool) error {
	told := make(chan error)
	for _, title := range titles {
		go func() {
			_, err := lookUp(context.Background(), title)
			told <- err // want `lostsend: the task blocks for ever sending on told; door.open returns without receiving from it`
		}()
	}
	if leave {
		return errNoVisit
	}
	for range titles {
		<-told
	}
	return nil
}

type house struct {
	front interface {
		open(titles []string, leave bool) error
	}
}

// NewHouse has a door.
func NewHouse() *house { return &house{&door{}} }

// Enter leaves early if there are many.
func (h *house) Enter(titles []string) error { return h.front.open(titles, len(titles) > 5) }

// OpenDoor opens one of its own.
func OpenDoor(titles []string) error { return new(door).open(titles, false) }

// visitUnless leaves where two values differ, which values of two types always do.
func visitUnless(titles []string, a, b any) error {
	told := make(chan error)
	for _, title := range titles {
		go func() {
			_, err := lookUp(context.Background(), title)
			told <- err // want `lostsend: the task blocks for ever sending on told; .* returns without receiving from it`
		}()
	}
	if a != b {
		return errNoVisit
	}
	for range titles {
		<-told
	}
	return nil
}

// VisitUnless gives a number twice.
func VisitUnless(titles []string) error { return visitUnless(titles, 1, int64(1)) }
