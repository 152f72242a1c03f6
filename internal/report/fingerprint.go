package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// SetFingerprints gives each finding a text that stays the same while the code
// around it changes, so that a finding can be recognised in another run. It is
// made of the check, the package, the message and the text of the line, not of
// line numbers nor the name of the file. Findings that are equal in all of these
// are numbered in their order. What cannot be read counts as an empty line.
func SetFingerprints(r *Report, source Source) {
	lines := newLines(source)
	seen := make(map[string]int)
	for i := range r.Findings {
		f := &r.Findings[i]
		text, _ := lines.line(f.File, f.Line)
		words := []string{f.Check, f.Package, f.Message, strings.Join(strings.Fields(text), " ")}
		sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
		hash := hex.EncodeToString(sum[:16])
		seen[hash]++
		f.Fingerprint = fmt.Sprintf("%s:%d", hash, seen[hash])
	}
}
