package misseddone

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"sync"
)

// What is called while the lock is held cannot fail, whatever its type says.

// A stamper prints the postage; nobody else can bring one.
type stamper interface {
	print(parcel string) error
}

type inkStamper struct{}

func (inkStamper) print(parcel string) error {
	record(parcel)
	return nil
}

type noStamper struct{}

func (*noStamper) print(string) error { return nil }

// A weigher can find a parcel too heavy.
type weigher interface {
	weigh(parcel string) error
}

type scales struct{}

func (scales) weigh(parcel string) error { return nil }

type oldScales struct{}

func (oldScales) weigh(parcel string) error {
	if fragile(parcel) {
		return errors.New("broken")
	}
	return nil
}

// A Printer is for others to bring.
type Printer interface {
	Print(parcel string) error
}

type blankPrinter struct{}

func (blankPrinter) Print(string) error { return nil }

type counter struct {
	mu      sync.Mutex
	stamp   stamper
	scale   weigher
	printer Printer
}

// stamped has no printing that fails.
func (c *counter) stamped(parcel string) error {
	c.mu.Lock()
	if err := c.stamp.print(parcel); err != nil {
		return err
	}
	record(parcel)
	c.mu.Unlock()
	return nil
}

// weighed leaves with the lock where the old scales break.
// not run: who locks next is elsewhere
func (c *counter) weighed(parcel string) error {
	c.mu.Lock()
	if err := c.scale.weigh(parcel); err != nil {
		return err // want `misseddone: .* returns without c\.mu\.Unlock`
	}
	record(parcel)
	c.mu.Unlock()
	return nil
}

// printed leaves with the lock where somebody's printer has no paper.
// not run: who locks next is elsewhere
func (c *counter) printed(parcel string) error {
	c.mu.Lock()
	if err := c.printer.Print(parcel); err != nil {
		return err // want `misseddone: .* returns without c\.mu\.Unlock`
	}
	record(parcel)
	c.mu.Unlock()
	return nil
}

// stampedAndWeighed can leave at the second return only.
// not run: who locks next is elsewhere
func (c *counter) stampedAndWeighed(parcel string) error {
	c.mu.Lock()
	if err := c.stamp.print(parcel); err != nil {
		return err
	}
	if err := c.scale.weigh(parcel); err != nil {
		return err // want `misseddone: .* returns without c\.mu\.Unlock`
	}
	c.mu.Unlock()
	return nil
}

// labelled writes to memory, and sums up what it has written.
func (c *counter) labelled(parcel string) (uint32, error) {
	var label bytes.Buffer
	sum := crc32.NewIEEE()
	c.mu.Lock()
	if _, err := fmt.Fprintf(&label, "to %s", parcel); err != nil {
		return 0, err
	}
	if _, err := label.WriteString("\n"); err != nil {
		return 0, err
	}
	if _, err := sum.Write(label.Bytes()); err != nil {
		return 0, err
	}
	c.mu.Unlock()
	return sum.Sum32(), nil
}

// printLabel empties the memory to somewhere else.
// not run: who locks next is elsewhere
func (c *counter) printLabel(label *bytes.Buffer, to *printerPort) error {
	c.mu.Lock()
	if _, err := label.WriteTo(to); err != nil {
		return err // want `misseddone: .* returns without c\.mu\.Unlock`
	}
	c.mu.Unlock()
	return nil
}

type printerPort struct{}

func (*printerPort) Write([]byte) (int, error) { return 0, errors.New("no paper") }
