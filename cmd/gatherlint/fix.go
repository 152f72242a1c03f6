package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Fixes are applied here and not by go vet -fix, for three reasons. Go vet
// overwrites files in place, one after the other: when a write fails, that
// file is cut short and the files before it are changed already. It drops all
// fixes of a package in which two fixes overlap, every time, so that running
// it again does not help. And it prints no findings.

// A plan is what the fixes of the findings change.
type plan struct {
	changes []change  // in the order of the paths
	applied []finding // those whose fix is in the changes
	skipped []string  // why other fixes are not, a line each
	failed  bool      // a file cannot be changed: nothing must be
}

// A change replaces the contents of a file.
type change struct {
	path     string
	old, new []byte
}

// A source is a file that fixes want to edit.
type source struct {
	text  []byte
	why   string // why it must not be edited, if so
	edits []edit // accepted, not sorted, none overlaps another
}

// planFixes works out the first fix of each finding. A fix is taken whole or
// not at all: not when it overlaps one that was taken, nor when it touches a
// generated file or one outside of the packages of the main module. The file
// must not have changed since the time when the analysis started: the edits
// are byte offsets in what was analysed.
func (g *goCmd) planFixes(packages []pkg, findings []finding, start time.Time) *plan {
	p := &plan{}
	dirs := make(map[string]bool)
	for _, k := range packages {
		if k.Module == nil && !k.Standard || k.Module != nil && k.Module.Main {
			dirs[k.Dir] = true
		}
	}
	sources := make(map[string]*source)
	for _, f := range findings {
		if len(f.Fixes) == 0 {
			continue
		}
		where := parsePosn(f.Posn).short(g.env)
		why := g.accept(f.Fixes[0].Edits, sources, dirs, start)
		if why != "" {
			p.skipped = append(p.skipped, fmt.Sprintf("%s: fix not applied: %s", where, why))
			continue
		}
		p.applied = append(p.applied, f)
	}
	for path, src := range sources {
		if len(src.edits) == 0 {
			continue
		}
		text, err := src.apply()
		if err != nil {
			p.failed = true
			p.skipped = append(p.skipped, fmt.Sprintf("%s: the fixes break the file: %v", g.env.rel(path), err))
			continue
		}
		p.changes = append(p.changes, change{path, src.text, text})
	}
	slices.SortFunc(p.changes, func(a, b change) int { return cmp.Compare(a.path, b.path) })
	return p
}

// accept adds the edits of a fix to the sources, or says why not.
func (g *goCmd) accept(edits []edit, sources map[string]*source, dirs map[string]bool, start time.Time) string {
	for _, ed := range edits {
		src := sources[ed.Filename]
		if src == nil {
			src = readSource(ed.Filename, dirs, start)
			sources[ed.Filename] = src
		}
		if src.why != "" {
			return g.env.rel(ed.Filename) + " " + src.why
		}
		if ed.Start < 0 || ed.End < ed.Start || ed.End > len(src.text) {
			return fmt.Sprintf("%s has no bytes %d to %d", g.env.rel(ed.Filename), ed.Start, ed.End)
		}
		if slices.ContainsFunc(src.edits, func(taken edit) bool { return taken != ed && overlap(taken, ed) }) {
			return "it overlaps another fix; run again"
		}
	}
	for _, ed := range edits {
		// Two fixes may add the same import.
		if src := sources[ed.Filename]; !slices.Contains(src.edits, ed) {
			src.edits = append(src.edits, ed)
		}
	}
	return ""
}

// overlap says whether the result of two edits depends on their order. Two
// insertions in one place do.
func overlap(a, b edit) bool {
	if a.Start == b.Start {
		return true
	}
	return a.Start < b.End && b.Start < a.End
}

// readSource reads a file that a fix wants to edit.
func readSource(path string, dirs map[string]bool, start time.Time) *source {
	if !dirs[filepath.Dir(path)] {
		return &source{why: "is not in a package of the main module"}
	}
	fi, err := os.Stat(path)
	if err != nil {
		return &source{why: "cannot be read: " + err.Error()}
	}
	if !fi.Mode().IsRegular() {
		return &source{why: "is not a regular file"}
	}
	if fi.ModTime().After(start) {
		return &source{why: "has changed since it was analysed; run again"}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return &source{why: "cannot be read: " + err.Error()}
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.PackageClauseOnly|parser.ParseComments)
	if err != nil {
		return &source{why: "cannot be parsed: " + err.Error()}
	}
	if ast.IsGenerated(file) {
		return &source{why: "is generated"}
	}
	return &source{text: text}
}

// apply returns the text with all edits made, without the imports that are of
// no use any more, and formatted.
func (s *source) apply() ([]byte, error) {
	slices.SortFunc(s.edits, func(a, b edit) int { return cmp.Compare(a.Start, b.Start) })
	var text []byte
	last := 0
	for _, ed := range s.edits {
		text = append(text, s.text[last:ed.Start]...)
		text = append(text, ed.New...)
		last = ed.End
	}
	text = append(text, s.text[last:]...)
	text, err := dropImports(s.text, text)
	if err != nil {
		return nil, err
	}
	return format.Source(text)
}
