package lostsend

import (
	"context"
	"testing"
	"time"
)

// foundInTime is for users.
func foundInTime(title string) (shelf string) {
	shelves := make(chan string)
	go func() {
		shelf, _ := lookUp(context.Background(), title)
		shelves <- shelf // want `lostsend: the task blocks for ever sending on shelves; foundInTime returns without receiving from it`
	}()
	select {
	case shelf = <-shelves:
	case <-time.After(time.Second):
	}
	return shelf
}

// found is for tests, and what it leaves behind ends with them.
func found(t testing.TB, title string) (shelf string) {
	shelves := make(chan string)
	go func() {
		shelf, _ := lookUp(context.Background(), title)
		shelves <- shelf
	}()
	select {
	case shelf = <-shelves:
	case <-time.After(time.Second):
		t.Error("not found in time")
	}
	return shelf
}
