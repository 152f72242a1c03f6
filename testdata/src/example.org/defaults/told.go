package defaults

import (
	"context"
	"log/slog"
	"sync"
)

// A failure that is told without an error.

// A knocker has knocked at a door.
type knocker struct{ door string }

// opens says whether a door is open.
func opens(door string) (bool, error) {
	if door == "" {
		return false, errClosed
	}
	return len(door)%2 == 0, nil
}

// report is told of an error and says that it went wrong.
func report(err error) bool {
	slog.Error("report", "err", err)
	return false
}

// toldByComparison compares what it has found.
func toldByComparison(door string) bool {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		_ = knock(context.Background(), door)
	}()
	ok, err := opens(door)
	if err != nil {
		return err == nil
	}
	wg.Wait()
	return ok
}

// toldByHelper has a function of its own say it.
func toldByHelper(door string) bool {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		_ = knock(context.Background(), door)
	}()
	ok, err := opens(door)
	if err != nil {
		return report(err)
	}
	wg.Wait()
	return ok
}

// toldByFlag says it by what is true.
func toldByFlag(door string) (failed bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		_ = knock(context.Background(), door)
	}()
	ok, err := opens(door)
	if err != nil {
		return true
	}
	wg.Wait()
	return !ok
}

// toldByName says it by what it has set.
func toldByName(door string) (failed bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		_ = knock(context.Background(), door)
	}()
	ok, err := opens(door)
	if err != nil {
		failed = true
		return
	}
	wg.Wait()
	return !ok
}

// toldByCode says it by a number.
func toldByCode(door string) int {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		_ = knock(context.Background(), door)
	}()
	ok, err := opens(door)
	if err != nil {
		_ = report(err)
		return 1
	}
	wg.Wait()
	_ = ok
	return 0
}

// toldByNothing gives nothing then.
func toldByNothing(door string) *knocker {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		_ = knock(context.Background(), door)
	}()
	ok, err := opens(door)
	if err != nil {
		_ = report(err)
		return nil
	}
	wg.Wait()
	_ = ok
	return &knocker{door: door}
}

// notTold says nothing to anyone who calls.
func notTold(door string) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		_ = knock(context.Background(), door)
	}()
	ok, err := opens(door)
	if err != nil {
		_ = report(err)
		return // want `missedwait: notTold returns without wg\.Wait; its tasks outlive the call`
	}
	wg.Wait()
	_ = ok
}

// otherReason returns another number, and there was no error.
func otherReason(door string) int {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		_ = knock(context.Background(), door)
	}()
	if len(door) > 9 {
		return 1 // want `missedwait: otherReason returns without wg\.Wait; its tasks outlive the call`
	}
	wg.Wait()
	return 0
}
