package main

import (
	"flag"
	"fmt"
	"runtime/debug"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/analyzer"
)

// help prints the usage, or the documentation of a check.
func (e env) help(args []string, a *analysis.Analyzer) int {
	switch {
	case len(args) == 0:
		fmt.Fprint(e.stdout, usage(a))
	case len(args) > 1:
		fmt.Fprintln(e.stderr, `gatherlint: usage: gatherlint help [CHECK | checks]`)
		return exitUsage
	case args[0] == "checks":
		fmt.Fprint(e.stdout, checkList())
	default:
		text, err := analyzer.Help(args[0])
		if err != nil {
			fmt.Fprintf(e.stderr, "gatherlint: %v\n", err)
			return exitUsage
		}
		fmt.Fprintln(e.stdout, strings.TrimRight(text, "\n"))
	}
	return exitClean
}

// usage is the help text, with the flags of the analyzer.
func usage(a *analysis.Analyzer) string {
	var b strings.Builder
	b.WriteString(`Gatherlint reports fan-outs whose cancellation, errors or goroutines get lost.

usage: gatherlint [flags] [packages]     the default is ./...
       gatherlint help [checks | CHECK]  list the checks, or document one
       gatherlint explain FILE:LINE      what is seen there, and what is not
       gatherlint build TARGET           golangci-lint or gopls with it inside
       gatherlint version
       go vet -vettool="$(command -v gatherlint)" [flags] [packages]

Flags:
`)
	seen := make(map[string]bool)
	line := func(name, arg, text string) {
		seen[name] = true
		fmt.Fprintf(&b, "  %-16s %s\n", strings.TrimRight("-"+name+" "+arg, " "), text)
	}
	own := ownFlags()
	for _, d := range own[:1] {
		line(d.name, d.arg, d.usage)
	}
	a.Flags.VisitAll(func(f *flag.Flag) {
		if !seen[f.Name] && f.Name != analyzer.ExplainFlag {
			arg, text := flag.UnquoteUsage(f)
			line(f.Name, arg, text)
		}
	})
	for _, d := range own[1:] {
		line(d.name, d.arg, d.usage)
	}
	b.WriteString(`
Exit codes:
  0  no findings
  1  something could not be analysed; findings elsewhere are printed
  2  wrong usage
  3  findings
  130  interrupted (128 and the number of the signal)
`)
	return b.String()
}

// checkList names all checks in their families.
func checkList() string {
	families := make(map[string][]analyzer.Check)
	var order []string
	for _, c := range analyzer.Checks() {
		if families[c.Family] == nil {
			order = append(order, c.Family)
		}
		families[c.Family] = append(families[c.Family], c)
	}
	var b strings.Builder
	for i, family := range order {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s:\n", family)
		for _, c := range families[family] {
			optIn := ""
			if c.OptIn {
				optIn = " (opt-in)"
			}
			fmt.Fprintf(&b, "  %-16s %s%s\n", c.Name, c.Summary, optIn)
		}
	}
	return b.String()
}

// version prints the version of the module, the revision it was built from
// where the go command recorded one, and the version of Go.
func (e env) version(args []string) int {
	if len(args) > 0 {
		fmt.Fprintln(e.stderr, "gatherlint: usage: gatherlint version")
		return exitUsage
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return e.failf("the executable does not say what it was built from")
	}
	fmt.Fprintln(e.stdout, versionLine(info))
	return exitClean
}

func versionLine(info *debug.BuildInfo) string {
	version := info.Main.Version
	if version == "" {
		version = "(devel)"
	}
	parts := []string{"gatherlint " + version}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			parts = append(parts, "revision "+s.Value)
		case s.Key == "vcs.modified" && s.Value == "true":
			parts = append(parts, "modified")
		}
	}
	return strings.Join(append(parts, info.GoVersion), ", ")
}
