package source

import "golang.org/x/tools/go/ssa"

// A CallAfter is a call that code which is not seen makes when a function has
// returned: of a method of what it got. It stands at the return, in no block.
type CallAfter struct {
	*ssa.Return
	Call ssa.CallCommon
}

// Common is the call.
func (c *CallAfter) Common() *ssa.CallCommon { return &c.Call }

// Value is nil: nothing is known of what becomes of the result.
func (c *CallAfter) Value() *ssa.Call { return nil }
