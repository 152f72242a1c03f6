package report

import (
	"regexp"
	"strings"
	"testing"
)

// TestGitHub reads the commands back as the runner does: the properties end at
// the next "::", commas part them, and escapes are undone last.
func TestGitHub(t *testing.T) {
	out := written(t, func(b *strings.Builder) error { return GitHub(b, harbour(), readHarbour) })
	command := regexp.MustCompile(`^::(error) (.*?)::(.*)$`)
	undo := strings.NewReplacer("%0A", "\n", "%0D", "\r", "%3A", ":", "%2C", ",", "%25", "%")
	var got []string
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	for _, line := range lines[:len(lines)-1] {
		m := command.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("not a command: %s", line)
		}
		var properties []string
		for _, p := range strings.Split(m[2], ",") {
			properties = append(properties, undo.Replace(p))
		}
		got = append(got, strings.Join(properties, "|")+"|"+undo.Replace(m[3]))
	}
	want := []string{
		"file=quay/a b.go|line=4|endLine=4|col=18|endColumn=26|title=gatherlint: droppedwait|100% of g.Wait is dropped; it, looks: <fine>\n" +
			"1. quay/a b.go:3:1: Quay.Load starts the first task\n2. quay/a b.go:4:22: the first task sends on out[i]\n" +
			"3. quay/a b.go:4:22: g waits\n4. quay/a b.go:5:2: Quay.Load returns",
		"file=quay/a b.go|line=5|endLine=5|col=2|endColumn=10|title=gatherlint: droppedwait|it is dropped",
		"file=quay/a b.go|line=9|endLine=10|title=gatherlint: droppedwait|it is dropped",
		"file=/else/z.go|line=3|col=10|title=gatherlint: directive|says nothing",
		"file=gone.go|line=3|endLine=3|title=gatherlint: directive|gone",
		"title=gatherlint: unheard|of nowhere",
		"title=gatherlint|x/x.go:1:1: undefined: y\n\tbecause: 100%",
	}
	equal(t, "commands", strings.Join(got, "\n--\n"), strings.Join(want, "\n--\n"))
	equal(t, "last line", lines[len(lines)-1], harbour().Summary())
	// What the toolkit of GitHub Actions makes of the same text.
	equal(t, "data", data("100%\r\na,b:c"), "100%25%0D%0Aa,b:c")
	equal(t, "property", property("100%\r\na,b:c"), "100%25%0D%0Aa%2Cb%3Ac")
}
