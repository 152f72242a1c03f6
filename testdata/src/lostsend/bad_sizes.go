package lostsend

import (
	"context"
	"runtime"
)

// Numbers that are computed, and numbers that are settled before their use.

// roomForHalf has room for every other title.
func roomForHalf(titles []string) string {
	hits := make(chan string, len(titles)/2)
	for _, title := range titles {
		go func() { hits <- title }() // want `lostsend: the task blocks for ever sending on hits; roomForHalf returns`
	}
	for range titles {
		if title := <-hits; onShelf(title) {
			return title
		}
	}
	return ""
}

// relist reads the list as often as it takes.
var relist = func(read func() error) error { return read() }

// listsFirst has a list that a literal puts together.
func listsFirst(ctx context.Context, titles []string) error {
	var open []string
	if err := fetchList(func() error { open = append(open, titles...); return nil }); err != nil {
		return err
	}
	errs := make(chan error)
	for _, title := range open {
		go func() { errs <- renew(ctx, title) }() // want `lostsend: the task blocks for ever sending on errs; listsFirst returns`
	}
	for range open {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// fetchList reads the list as often as it takes.
func fetchList(read func() error) error { return relist(read) }

// oneTooMany has room for all but one of a number with a default.
func oneTooMany(readers int) error {
	if readers <= 0 {
		readers = runtime.NumCPU()
	}
	errs := make(chan error, readers-1)
	for range readers {
		go func() { errs <- validate("in") }() // want `lostsend: the task blocks for ever sending on errs; oneTooMany returns`
	}
	if err := validate("out"); err != nil {
		return err
	}
	return <-errs
}
