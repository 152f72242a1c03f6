package lostsend

import "context"

// Written numbers: what they are compared with decides how they are played.

// roomForSixteen has more room than is tried, and no match for all titles.
//
// not run: it takes more titles than the function is given.
func roomForSixteen(ctx context.Context, titles []string) error {
	errs := make(chan error, 16)
	for _, title := range titles {
		go func() { errs <- renew(ctx, title) }() // want `lostsend: the task blocks for ever sending on errs; roomForSixteen returns`
	}
	for range titles {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// fourOfFive takes one answer less than there are.
func fourOfFive() (err error) {
	errs := make(chan error)
	go func() { errs <- validate("a") }() // want `lostsend: the task blocks for ever sending on errs; fourOfFive returns`
	go func() { errs <- validate("b") }() // want `lostsend: the task blocks for ever sending on errs; fourOfFive returns`
	go func() { errs <- validate("c") }() // want `lostsend: the task blocks for ever sending on errs; fourOfFive returns`
	go func() { errs <- validate("d") }() // want `lostsend: the task blocks for ever sending on errs; fourOfFive returns`
	go func() { errs <- validate("e") }() // want `lostsend: the task blocks for ever sending on errs; fourOfFive returns`
	for range 4 {
		err = <-errs
	}
	return err
}
