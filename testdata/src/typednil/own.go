package typednil

import (
	"fmt"
	"sync"
)

// Groups of the package's own, which give the errors of their tasks back as a type that
// is an error.

type faults struct{ list []error }

func (f *faults) Error() string { return fmt.Sprint(f.list) }

type patrol struct {
	wg     sync.WaitGroup
	mu     sync.Mutex
	faults *faults
}

func (p *patrol) Go(f func() error) {
	p.wg.Add(1)
	go func() {
		defer p.wg.Done()
		if err := f(); err != nil {
			p.mu.Lock()
			defer p.mu.Unlock()
			if p.faults == nil {
				p.faults = &faults{}
			}
			p.faults.list = append(p.faults.list, err)
		}
	}()
}

func (p *patrol) Wait() *faults {
	p.wg.Wait()
	return p.faults
}

// damages is a list that is an error.
type damages []error

func (d damages) Error() string { return fmt.Sprint([]error(d)) }

type survey struct {
	wg      sync.WaitGroup
	mu      sync.Mutex
	damages damages
}

func (s *survey) Go(f func() error) {
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		err := f()
		if err == nil {
			return
		}
		s.mu.Lock()
		s.damages = append(s.damages, err)
		s.mu.Unlock()
	}()
}

func (s *survey) Wait() damages {
	s.wg.Wait()
	return s.damages
}

// A lookout begins with a pointer.
type lookout struct {
	wg     sync.WaitGroup
	faults *faults
}

func (l *lookout) Go(f func() error) {
	l.wg.Add(1)
	go func() {
		defer l.wg.Done()
		if err := f(); err != nil {
			l.faults.list = append(l.faults.list, err)
		}
	}()
}

func (l *lookout) Wait() *faults {
	l.wg.Wait()
	return l.faults
}

func patrolled(buoys []buoy) error {
	var p patrol
	for _, b := range buoys {
		p.Go(b.check)
	}
	return p.Wait() // want `typednil: the \*faults of p\.Wait is never nil as an error`
}

func patrolledOrNil(buoys []buoy) error {
	var p patrol
	for _, b := range buoys {
		p.Go(b.check)
	}
	if found := p.Wait(); found != nil {
		return found
	}
	return nil
}

func surveyed(buoys []buoy) (err error) {
	s := &survey{}
	for _, b := range buoys {
		s.Go(func() error { return b.check() })
	}
	err = s.Wait() // want `typednil: the damages of s\.Wait is never nil as an error`
	return err
}

func surveyedOrNil(buoys []buoy) error {
	s := &survey{}
	for _, b := range buoys {
		s.Go(func() error { return b.check() })
	}
	if found := s.Wait(); len(found) > 0 {
		return found
	}
	return nil
}

// lookedOut always has something to give back.
func lookedOut(buoys []buoy) error {
	l := &lookout{faults: &faults{}}
	for _, b := range buoys {
		l.Go(b.check)
	}
	if err := l.Wait(); len(err.list) > 0 {
		return err
	}
	return nil
}
