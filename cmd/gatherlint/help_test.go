package main

import (
	"runtime/debug"
	"strings"
	"testing"

	"github.com/gatherlint/gatherlint/analyzer"
)

func TestHelpOfChecks(t *testing.T) {
	t.Parallel()
	code, list, errs := gatherlint(t, "", "help", "checks")
	wantCode(t, code, exitClean, list, errs)
	for _, c := range analyzer.Checks() {
		wantContains(t, "help checks", list, c.Name, c.Family, c.Summary)
		code, out, errs := gatherlint(t, "", "help", c.Name)
		wantCode(t, code, exitClean, out, errs)
		wantContains(t, "help "+c.Name, out, c.Name)
	}
	code, out, errs := gatherlint(t, "", "help", "no-such-check")
	wantCode(t, code, exitUsage, out, errs)
	wantContains(t, "stderr", errs, "gatherlint: ", "no-such-check")
	for _, c := range analyzer.Checks() {
		wantContains(t, "stderr", errs, c.Name)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	code, out, errs := gatherlint(t, "", "version")
	wantCode(t, code, exitClean, out, errs)
	if !strings.HasPrefix(out, "gatherlint ") || !strings.Contains(out, ", go") {
		t.Errorf("version: %s", out)
	}
	setting := func(k, v string) debug.BuildSetting { return debug.BuildSetting{Key: k, Value: v} }
	for want, info := range map[string]*debug.BuildInfo{
		"gatherlint (devel), go1.26": {GoVersion: "go1.26"},
		"gatherlint v1.2.3, go1.26":  {GoVersion: "go1.26", Main: debug.Module{Version: "v1.2.3"}},
		"gatherlint v1.2.3, revision 0a1b, modified, go1.26": {
			GoVersion: "go1.26", Main: debug.Module{Version: "v1.2.3"},
			Settings: []debug.BuildSetting{setting("vcs", "git"), setting("vcs.revision", "0a1b"), setting("vcs.modified", "true")},
		},
	} {
		wantText(t, "version", versionLine(info), want)
	}
}
