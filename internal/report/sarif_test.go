package report

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// sarifOf writes a report as SARIF and reads it back. That it follows the schema
// is tested in internal/hosts/sarif, which needs other modules.
func sarifOf(t *testing.T, r *Report) sarifRun {
	t.Helper()
	text := written(t, func(b *strings.Builder) error { return SARIF(b, r, readHarbour) })
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	var log sarifLog
	if err := dec.Decode(&log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || len(log.Runs) != 1 {
		t.Fatalf("version %s, %d runs", log.Version, len(log.Runs))
	}
	return log.Runs[0]
}

func TestSARIFRun(t *testing.T) {
	run := sarifOf(t, harbour())
	driver := run.Tool.Driver
	if driver.Name != "gatherlint" || driver.Version != "0.5.0" || run.ColumnKind != "utf16CodeUnits" {
		t.Errorf("driver %+v, columns %s", driver, run.ColumnKind)
	}
	if rule := driver.Rules[1]; rule.ID != "droppedwait" || rule.Help != (sarifMessage{"Help for g", "**Help** for `g`"}) ||
		rule.HelpURI != "https://example.org/#droppedwait" || rule.Configuration.Level != "error" || rule.Properties.Tags[1] != "errors dropped" {
		t.Errorf("rule %+v", rule)
	}
	if rule := driver.Rules[0]; rule.Help.Text == "" || rule.Properties.Tags != nil {
		t.Errorf("rule without help %+v", rule)
	}
	if i := run.Invocations[0]; i.Successful || len(i.Notifications) != 1 || i.Notifications[0].Message.Text != harbour().Messages[0] {
		t.Errorf("invocation %+v", i)
	}
	for i, want := range []int{1, 1, 1, 0, 0, -1} {
		if got := run.Results[i].RuleIndex; got != want {
			t.Errorf("result %d has the rule %d, want %d", i, got, want)
		}
	}
	clean := sarifOf(t, &Report{Version: "(devel)"})
	if !clean.Invocations[0].Successful || clean.Results == nil || clean.Tool.Driver.Rules == nil || clean.Tool.Driver.Version != "" {
		t.Errorf("a clean run: %+v", clean)
	}
}

// where words a location.
func where(l sarifLocation) string {
	if l.Physical == nil {
		return "nowhere"
	}
	a := l.Physical.Artifact
	s := strings.TrimPrefix(a.BaseID+"/", "/") + a.URI
	if r := l.Physical.Region; r != nil {
		s += fmt.Sprintf(" %d:%d-%d:%d", r.StartLine, r.StartColumn, r.EndLine, r.EndColumn)
		if r.Snippet != nil {
			s += " " + r.Snippet.Text
		}
	}
	return s
}

func TestSARIFLocations(t *testing.T) {
	run := sarifOf(t, harbour())
	for i, want := range []string{
		"%SRCROOT%/quay/a%20b.go 4:18-4:26 g.Wait()",
		"%SRCROOT%/quay/a%20b.go 5:2-5:10 g.Wait()",
		"%SRCROOT%/quay/a%20b.go 9:2-10:2",
		"file:///else/z.go 3:10-0:0",
		"%SRCROOT%/gone.go 3:0-0:0",
	} {
		if got := where(run.Results[i].Locations[0]); got != want {
			t.Errorf("result %d is at %s, want %s", i, got, want)
		}
	}
	if r := run.Results[5]; r.Locations != nil || r.CodeFlows != nil || r.Related != nil || r.Fixes != nil {
		t.Errorf("a result of nowhere: %+v", r)
	}
	if run.Results[0].Locations[0].Logical[0].Name != "example.com/quay" || run.Results[4].Locations[0].Logical != nil {
		t.Errorf("packages: %+v, %+v", run.Results[0].Locations, run.Results[4].Locations)
	}
	if got := run.Results[2].Fingerprints["gatherlint/v1"]; got != harbour().Findings[2].Fingerprint {
		t.Errorf("fingerprint %s", got)
	}
	if got := artifact(`C:/quay/x.go`); got.URI != "./C:/quay/x.go" && got.URI != "file:///C:/quay/x.go" {
		t.Errorf("a file on a drive is %+v", got)
	}
}

// TestSARIFThreads has two actors that take turns, and a step of nobody.
func TestSARIFThreads(t *testing.T) {
	result := sarifOf(t, harbour()).Results[0]
	var got []string
	for _, flow := range result.CodeFlows[0].ThreadFlows {
		for _, at := range flow.Locations {
			s := fmt.Sprintf("%s/%s %d %s: %s", flow.ID, flow.Message.Text, at.ExecutionOrder, at.Importance, at.Location.Message.Text)
			if p := at.Properties; p != nil {
				s += fmt.Sprintf(" on %+v blocks %t", *p.On, p.Blocks)
			}
			got = append(got, s)
		}
	}
	equal(t, "threads", strings.Join(got, "\n"), strings.Join([]string{
		"spawner Quay.Load/spawner Quay.Load 1 important: 1. Quay.Load starts the first task on {Kind:group Name:g} blocks false",
		"spawner Quay.Load/spawner Quay.Load 4 essential: 4. Quay.Load returns",
		"task the first task/task the first task 2 essential: 2. the first task sends on out[i] on {Kind:channel Name:out[i]} blocks true",
		"schedule/schedule 3 important: 3. g waits",
	}, "\n"))
	for i, r := range result.Related {
		if r.ID != i+1 || !strings.HasPrefix(r.Message.Text, fmt.Sprintf("%d. ", i+1)) {
			t.Errorf("step %d is %+v", i+1, r)
		}
	}
	if got := where(result.Related[0]); got != "%SRCROOT%/quay/a%20b.go 3:1-0:0" {
		t.Errorf("step 1 is at %s", got)
	}
}

func TestSARIFFixes(t *testing.T) {
	fixes := sarifOf(t, harbour()).Results[0].Fixes
	if len(fixes) != 1 {
		t.Fatalf("%d fixes, want the one with edits", len(fixes))
	}
	var got []string
	for _, c := range fixes[0].Changes {
		for _, r := range c.Replacements {
			d := r.Deleted
			s := fmt.Sprintf("%s %d:%d-%d:%d", c.Artifact.URI, d.StartLine, d.StartColumn, d.EndLine, d.EndColumn)
			if d.ByteOffset != nil {
				s += fmt.Sprintf(" bytes %d+%d", *d.ByteOffset, *d.ByteLength)
			}
			if r.Inserted != nil {
				s += " " + r.Inserted.Text
			}
			got = append(got, s)
		}
	}
	equal(t, "fixes", strings.Join(got, "\n"), strings.Join([]string{
		"quay/a%20b.go 5:2-5:10 return g.Wait()",
		"quay/a%20b.go 4:2-4:2 // ",
		"gone.go 0:0-0:0 bytes 1+2",
	}, "\n"))
}
