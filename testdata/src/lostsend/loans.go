package lostsend

import "context"

// A loan is a book, or why it is not to be had.
type loan struct {
	title string
	err   error
}

// deliverAll hands on what it is given, and says apart when something has failed.
func deliverAll(ctx context.Context, shelves [][]loan) <-chan loan {
	out := make(chan loan, 1)
	go func() {
		defer close(out)
		for _, shelf := range shelves {
			if _, err := lookUp(ctx, shelf[0].title); err != nil {
				out <- loan{err: err}
				return
			}
			for _, f := range shelf {
				out <- f
			}
		}
	}()
	return out
}

func titlesOf(ctx context.Context, shelves [][]loan) (titles []string, _ error) {
	for f := range deliverAll(ctx, shelves) {
		if f.err != nil {
			return nil, f.err
		}
		titles = append(titles, f.title)
	}
	return titles, nil
}

// lendAll goes on after it has said that something failed.
func lendAll(ctx context.Context, shelves [][]loan) <-chan loan {
	out := make(chan loan, 1)
	go func() {
		defer close(out)
		for _, shelf := range shelves {
			if _, err := lookUp(ctx, shelf[0].title); err != nil {
				out <- loan{err: err}
				continue
			}
			for _, f := range shelf {
				out <- f // want `lostsend: the task blocks for ever sending on out; lentOf returns without receiving from it`
			}
		}
	}()
	return out
}

func lentOf(ctx context.Context, shelves [][]loan) (titles []string, _ error) {
	for f := range lendAll(ctx, shelves) {
		if f.err != nil {
			return nil, f.err
		}
		titles = append(titles, f.title)
	}
	return titles, nil
}
