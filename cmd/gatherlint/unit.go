package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// go vet of Go 1.26 keeps what its tool prints about a package, and gives it
// again when the package is looked at again. Whether the package was named, or
// analysed for the facts that others need of it, is not part of the key. A tool
// that prints nothing for a dependency, as the protocol has it, thereby loses
// the findings of whoever names that package next.
//
// So the tool prints the findings of a dependency too where somebody may name it
// (unit.inFull), and the command takes only those of the packages that were named.
// To tell them apart, and to notice a package whose findings were never looked
// for, it asks the tool for an answer before each package's findings.

// askedFlag is a flag of the vet tool that the command passes and nobody else:
// answers are printed.
const askedFlag = "asked"

// The values of askedFlag. Their results are kept apart, as flags are part of
// the key.
const (
	askedNamed = "named" // dependencies as without the flag
	askedAll   = "all"   // every dependency is analysed in full
)

// An answer says which package the next object of go vet's output is about.
type answer struct {
	Package  string // the import path, without "_test" for external tests
	Full     bool   // findings were looked for; otherwise no object follows
	Tests    bool   // the package with the tests inside it
	External bool   // its external tests
}

// A unit is a package as go vet hands it to its tool.
type unit struct {
	ImportPath, Dir           string
	GoFiles, IgnoredFiles     []string
	ModulePath, ModuleVersion string
	Module                    *struct{ Path, Version string } // in place of the two above, from Go 1.27 on
	VetxOnly                  bool                            // only facts are asked for
	Stdout                    string                          // the file of the output, which go vet keeps; "" before Go 1.26

	file string // the unit was read from
}

// readUnit reads the file of the protocol, the last argument. A file that cannot
// be read is left to the driver to complain about.
func readUnit(args []string) *unit {
	u := &unit{file: args[len(args)-1]}
	if data, err := os.ReadFile(u.file); err != nil || json.Unmarshal(data, u) != nil {
		return &unit{}
	}
	if u.Module != nil {
		u.ModulePath, u.ModuleVersion = u.Module.Path, u.Module.Version
	}
	return u
}

// inFull says whether findings are looked for and printed: those of a package
// that was named, and those of a dependency whose output may be given again when
// it is named.
func (u *unit) inFull(args []string) bool {
	switch {
	case !u.VetxOnly:
		return true
	case u.Stdout == "":
		return false // this go vet keeps no output
	case flagValue(args, "fix") == "true" && flagValue(args, "diff") != "true":
		// The driver would change the dependency's files. They are not kept with
		// the output of a dependency, so nothing gets lost.
		return false
	case flagValue(args, askedFlag) == askedAll:
		return true
	}
	return u.own() && !u.namedWithTests()
}

// own says whether the package is of a main module: one without a version. What
// has no module is of the standard library, or of a GOPATH.
func (u *unit) own() bool {
	if u.ModulePath != "" {
		return u.ModuleVersion == ""
	}
	src := filepath.Join(os.Getenv("GOROOT"), "src") + string(filepath.Separator)
	return !strings.HasPrefix(u.Dir, src)
}

// namedWithTests says whether the package has tests inside of it, so that go vet,
// when the package is named, looks at it together with them: that is another
// unit, which is never a dependency only. Test files with a build constraint do
// not count, because other tags would make the two the same.
func (u *unit) namedWithTests() bool {
	entries, err := os.ReadDir(u.Dir)
	if err != nil {
		return false
	}
	for _, entry := range entries {
		path := filepath.Join(u.Dir, entry.Name())
		if !strings.HasSuffix(path, "_test.go") || strings.HasPrefix(entry.Name(), "_") ||
			strings.HasPrefix(entry.Name(), ".") || slices.Contains(u.IgnoredFiles, path) {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err == nil && !strings.HasSuffix(f.Name.Name, "_test") && !constrained(f) {
			return true
		}
	}
	return false
}

// constrained says whether a file has a build constraint.
func constrained(f *ast.File) bool {
	for _, group := range f.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "//go:build ") || strings.HasPrefix(c.Text, "// +build ") {
				return true
			}
		}
	}
	return false
}

// named returns the file of the protocol for the unit as if it had been named.
// It is written beside the first, in the directory that go vet made for the unit
// and will remove.
func (u *unit) named() (string, error) {
	data, err := os.ReadFile(u.file)
	if err != nil {
		return "", err
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(data, &fields); err != nil {
		return "", err
	}
	fields["VetxOnly"] = json.RawMessage("false")
	if data, err = json.Marshal(fields); err != nil {
		return "", err
	}
	file := filepath.Join(filepath.Dir(u.file), "named.cfg")
	return file, os.WriteFile(file, data, 0o666)
}

// answering makes the analyzer print its answer before the driver prints what
// it finds.
func (u *unit) answering(a *analysis.Analyzer, full bool) *analysis.Analyzer {
	own := *a
	asked := own.Flags.String(askedFlag, "", "for the command: print answers too; `"+askedNamed+" or "+askedAll+"`")
	own.Run = func(pass *analysis.Pass) (any, error) {
		// Without a file for it, go vet shows what a dependency prints.
		if *asked != "" && (full || u.Stdout != "") {
			if err := u.answer(pass, full); err != nil {
				return nil, err
			}
		}
		return a.Run(pass)
	}
	return &own
}

// answer prints the answer to what is standard output by now: the driver has put
// the file of the unit there.
func (u *unit) answer(pass *analysis.Pass, full bool) error {
	isTest := func(file string) bool { return strings.HasSuffix(file, "_test.go") }
	ans := answer{Package: u.ImportPath, Full: full}
	if strings.HasSuffix(pass.Pkg.Name(), "_test") && !slices.ContainsFunc(u.GoFiles, func(f string) bool { return !isTest(f) }) {
		ans.Package, ans.External = strings.TrimSuffix(u.ImportPath, "_test"), true
	} else {
		ans.Tests = slices.ContainsFunc(u.GoFiles, isTest)
	}
	// No package has an empty id.
	line, err := json.Marshal(map[string]answer{"": ans})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(os.Stdout, "%s\n", line)
	return err
}

// flagValue is the last value that the arguments give to a flag; a bare flag is
// a true one.
func flagValue(args []string, flag string) string {
	last := ""
	for _, arg := range args {
		name, value, ok := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		if !strings.HasPrefix(arg, "-") || name != flag {
			continue
		}
		if last = value; !ok {
			last = "true"
		}
	}
	return last
}
