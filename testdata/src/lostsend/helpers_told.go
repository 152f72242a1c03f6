package lostsend

// A lender receives in goroutines of its own. What is in a variable of the interface is not
// seen.
type lender interface {
	lend(titles <-chan string)
	call(f func())
}

var lenders lender = library{}

// front is what everybody sees.
var front stock

type library struct{}

func (library) lend(titles <-chan string) {
	go func() {
		for range titles {
		}
	}()
}

func (library) call(f func()) { go f() }
