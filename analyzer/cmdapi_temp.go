package analyzer

import (
	"github.com/gatherlint/gatherlint/internal/check"
)

// Check describes one check. Temporary, the lead replaces this file.
type Check struct {
	Name, Family, Summary string
	OptIn                 bool
}

// Checks returns every check, sorted by name.
func Checks() []Check {
	var all []Check
	for _, c := range check.All() {
		all = append(all, Check{c.Name, string(c.Family), c.Doc.Summary, c.OptIn})
	}
	return all
}

// Help returns the documentation of a check.
func Help(name string) (string, error) {
	for _, c := range check.All() {
		if c.Name == name {
			return c.Name + ": " + c.Doc.Summary + "\n", nil
		}
	}
	return "", unknownCheck(name)
}
