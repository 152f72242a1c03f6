package lostsend

import (
	"context"
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
