package stuckwait

import "errors"

// An object that two calls of one function make: the shorter story is told.

type logbook struct {
	read func(page int) (string, error)
}

// reread reads the first page, and then all.
func (l *logbook) reread(pages int) error {
	first, err := l.read(0)
	if err == nil {
		if err := l.entries(first); err != nil {
			return err
		}
	}
	for i := 1; i <= pages; i++ {
		page, err := l.read(i)
		if err != nil {
			return err
		}
		if err := l.entries(page); err != nil {
			return err
		}
	}
	return nil
}

// entries has room for one error, while a page may have more of them.
func (l *logbook) entries(page string) (err error) {
	lines := make(chan string, 10)
	bad := make(chan error, 1)
	go func() {
		defer close(lines)
		for _, c := range page {
			line, err := l.read(int(c))
			switch {
			case err != nil:
				bad <- err
			case line == "":
				bad <- errors.New("an empty line")
				return
			}
			lines <- line
		}
	}()
	n := 0
	for line := range lines { // want `stuckwait: logbook.entries blocks for ever ranging over lines; the task blocks for ever sending on bad`
		n += len(line)
	}
	select {
	case err := <-bad:
		return err
	default:
	}
	if n == 0 {
		return errors.New("nothing in the book")
	}
	return nil
}
