package flow

import "golang.org/x/tools/go/ssa"

// Chain is the declarations around fr: those of the functions that lead to it.
func (fr *Frame) Chain() map[*ssa.Function]bool {
	if fr.decls == nil {
		fr.decls = map[*ssa.Function]bool{}
		for f := fr; f != nil; f = f.Around() {
			fr.decls[Declared(f.Fn)] = true
		}
	}
	return fr.decls
}
