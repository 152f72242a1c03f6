package deadctx

import "testing"

// testClosed wants to see that a closed desk lends nothing.
func testClosed(t *testing.T) {
	d := openDesk(t.Context())
	d.g.Go(func() error { return post(d.ctx, "Momo") })
	if err := d.close(); err != nil {
		t.Fatal(err)
	}
	if err := d.lend("Momo"); err == nil {
		t.Error("a closed desk lends")
	}
}
