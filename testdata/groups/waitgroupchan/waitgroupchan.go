// Package waitgroupchan has a WaitGroupChan of tailscale.com/syncs in use.
package waitgroupchan

import "tailscale.com/syncs"

type crate struct{ sealed bool }

func (c crate) stow() {}

// BAD: a sealed crate is never counted out, and Wait waits for it.
func stowAll(crates []crate) {
	wg := syncs.NewWaitGroupChan()
	wg.Add(len(crates))
	for _, c := range crates {
		go func() {
			if c.sealed {
				return // want "misseddone: "
			}
			c.stow()
			wg.Decr()
		}()
	}
	wg.Wait()
}

// GOOD: every crate is.
func stowAllCounted(crates []crate) {
	wg := syncs.NewWaitGroupChan()
	wg.Add(len(crates))
	for _, c := range crates {
		go func() {
			defer wg.Decr()
			if c.sealed {
				return
			}
			c.stow()
		}()
	}
	wg.Wait()
}

// GOOD: a receive from DoneChan waits as well.
func stowAllSignalled(crates []crate) {
	wg := syncs.NewWaitGroupChan()
	wg.Add(len(crates))
	for _, c := range crates {
		go func() {
			defer wg.Decr()
			c.stow()
		}()
	}
	<-wg.DoneChan()
}
