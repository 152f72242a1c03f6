package explained

// A feed may wait for its other end: nobody here can tell.
type feed interface {
	Put(n int)
	Take() (int, error)
}

// assumed reads what its goroutine writes, after a call that may wait for that.
func assumed(open func() feed, write func(feed) error) (int, error) {
	f := open()
	var failed error
	go func() {
		failed = write(f)
		f.Put(-1)
	}()
	n, err := f.Take()
	if err != nil {
		return 0, err
	}
	return n, failed
}
