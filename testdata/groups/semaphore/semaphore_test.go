package semaphore

import (
	"errors"
	"testing"
)

func TestMasked(t *testing.T) {
	dives := []dive{{reef: true}, {}, {}, {}, {}, {}, {}, {}}
	masked := false
	for range 2000 {
		masked = masked || !errors.Is(diveAll(t.Context(), dives), errReef)
		if err := diveAllChecked(t.Context(), dives); !errors.Is(err, errReef) {
			t.Fatal("diveAllChecked gives", err)
		}
	}
	if !masked {
		t.Error("diveAll has masked no accident")
	}
}
