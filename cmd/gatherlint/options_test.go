package main

import (
	"flag"
	"reflect"
	"strings"
	"testing"

	"github.com/gatherlint/gatherlint/analyzer"
)

func TestUsageErrors(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"-diff":                   "flag -diff requires -fix",
		"-json -fix":              "flags -json and -fix cannot be used together; the output of -json contains the fixes",
		"-json -fix -diff":        "flags -json and -fix cannot be used together; the output of -json contains the fixes",
		"-json -format=json":      "flags -json and -format cannot be used together; -json is the JSON of go vet, -format=json a report",
		"-fix -diff -format text": "flags -diff and -format cannot be used together; a diff has one format",
		"-format sraif":           `invalid value "sraif" for flag -format: unknown format, did you mean sarif; the formats are text, short, json, sarif, github, html`,
		"-format=":                `invalid value "" for flag -format: unknown format; the formats are text, short, json, sarif, github, html`,
		"-skip=":                  `invalid value "" for flag -skip: it would leave nothing; a glob like vendor, *_gen.go or internal/old is needed`,
		"-skip=a/[":               `invalid value "a/[" for flag -skip: it is no valid glob`,
		"-test=maybe":             `invalid boolean value "maybe" for -test: it is true or false`,
		"-json -skip=a":           "flags -json and -skip cannot be used together; -json is the JSON of go vet as it is, -format=json a report",
		"-json -test=false":       "flags -json and -test cannot be used together; ",
		"-write-baseline":         "flag -write-baseline requires -baseline, which names the file",
		"-prune-baseline":         "flag -prune-baseline requires -baseline, which names the file",
		"-baseline=":              `invalid value "" for flag -baseline: a file is needed`,
		"-baseline=a -write-baseline -prune-baseline": "flags -write-baseline and -prune-baseline cannot be used together; a baseline that is written has nothing to prune",
		"-baseline=a -write-baseline -new-from=a":     "flag -write-baseline cannot be used with -fix, -format, -o or -new-from; it writes all findings, and only the baseline",
		"-baseline=a -prune-baseline -fix -diff":      "flags -diff and -prune-baseline cannot be used together; -diff changes nothing",
		"explain -baseline=a a.go:1":                  "flag -baseline cannot be used with explain",
		"-o=":                                         `invalid value "" for flag -o: a file is needed`,
		"-chekcs=bad":                                 `unknown flag -chekcs; did you mean -checks? Run "gatherlint help" for all flags`,
		"--jsn ./...":                                 `unknown flag -jsn; did you mean -json? Run "gatherlint help" for all flags`,
		"-somethingelse":                              `unknown flag -somethingelse; run "gatherlint help" for all flags`,
		"-V":                                          `unknown flag -V; run "gatherlint help" for all flags`,
		"-checks=bat":                                 `invalid value "bat" for flag -checks: unknown check "bat"; did you mean "bad"? The checks are: bad`,
		"-checks":                                     "flag needs an argument: -checks",
		"-C":                                          "flag needs an argument: -C",
		"-fix=maybe":                                  `invalid boolean value "maybe" for -fix: parse error`,
		"./... -json":                                 "flag -json comes after the packages; flags come first",
		"-fix -h":                                     `flag -h comes after others; run "gatherlint help"`,
		"-=x":                                         "bad flag syntax: -=x",
		"help bat":                                    "", // worded by package analyzer
		"help a b":                                    "usage: gatherlint help [CHECK | checks]",
		"version 2":                                   "usage: gatherlint version",
		"-json ./... ./a -fi":                         "flag -fi comes after the packages; flags come first",
	} {
		code, out, errs := gatherlint(t, t.TempDir(), strings.Fields(args)...)
		wantCode(t, code, exitUsage, out, errs)
		wantText(t, "stdout of "+args, out, "")
		if !strings.HasPrefix(errs, "gatherlint: "+want) || strings.Count(errs, "\n") != 1 && want != "" {
			t.Errorf("%s: stderr %q, want %q", args, errs, want)
		}
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	actors := []string{"-actors=true"} // all formats draw on them
	for args, want := range map[string]*options{
		"":                {format: "text", checks: "default", tool: actors, patterns: []string{"./..."}},
		"-C x -json a b":  {format: "text", checks: "default", dir: "x", json: true, patterns: []string{"a", "b"}},
		"-fix -diff -- a": {format: "text", checks: "default", tool: actors, fix: true, diff: true, patterns: []string{"a"}},
		"-fix=false .":    {format: "text", checks: "default", tool: actors, patterns: []string{"."}},
		"-json -actors .": {format: "text", checks: "default", tool: actors, json: true, patterns: []string{"."}},
		"-format sarif -o x.sarif -fix": {
			format: "sarif", out: "x.sarif", checks: "default", tool: actors, fix: true, patterns: []string{"./..."},
		},
		"-checks bad -tags=x -on -mod=vendor .": {
			format: "text", checks: "bad",
			tool: []string{"-checks=bad", "-on=true", "-actors=true"}, build: []string{"-tags=x", "-mod=vendor"}, patterns: []string{"."},
		},
	} {
		a := stub()
		a.Flags.Bool("on", false, "")
		a.Flags.Bool("json", false, "hidden by the flag of the command")
		got, err := parseOptions(strings.Fields(args), a)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v, want %+v", args, got, err, want)
		}
		if strings.Contains(args, "bad") && a.Flags.Lookup("checks").Value.String() != "bad" {
			t.Error("the flag of the analyzer is not set")
		}
	}
}

// TestOwnFlags makes sure that all flags are documented, and all documented.
func TestOwnFlags(t *testing.T) {
	t.Parallel()
	a := stub()
	code, out, errs := gatherlint(t, "", "help")
	wantCode(t, code, exitClean, out, errs)
	for _, d := range ownFlags() {
		wantContains(t, "help", out, "  -"+d.name+" ")
	}
	a.Flags.VisitAll(func(f *flag.Flag) { wantContains(t, "help", out, "  -"+f.Name+" ") })
	if n := strings.Count(out, "\n"); n > 40 {
		t.Errorf("help has %d lines; it must fit on a screen", n)
	}
	for line := range strings.Lines(out) {
		if len(line) > 81 {
			t.Errorf("line of help is too long: %s", line)
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	names := []string{"C", "checks", "diff", "fix", "json"}
	for name, want := range map[string]string{
		"check": "checks", "chekcs": "checks", "dif": "diff", "jsonn": "json", "fixx": "fix",
		"recursive": "", "": "", "V": "",
	} {
		if got := analyzer.Nearest(name, names); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", name, got, want)
		}
	}
}
