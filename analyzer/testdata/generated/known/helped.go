package generated

import (
	"context"

	"example.org/oracle"
)

// Helped blocks in a function that it calls.
func Helped(ctx context.Context, items []int, n int) error {
	out := make(chan int, 1)
	go HelpedSend(out)
	if err := oracle.Fail(); err != nil {
		return err
	}
	<-out
	<-out
	return nil
}

func HelpedSend(out chan int) {
	out <- 1
	out <- 2 // hangs
}
