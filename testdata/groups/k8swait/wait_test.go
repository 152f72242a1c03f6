package k8swait

import (
	"context"
	"testing"
	"testing/synctest"
)

func TestLeftBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if choirSentHome(t.Context(), 0) == nil {
			t.Error("choirSentHome had a hall")
		}
		ctx, cancel := context.WithCancel(t.Context())
		if choir(ctx, 0) != nil {
			t.Error("choir says that it had no hall")
		}
		cancel() // else the singer left behind is a deadlock of the bubble
	})
}
