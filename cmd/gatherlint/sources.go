package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxSourceFile is the size in bytes up to which a file is shown. What is larger
// was not written by hand.
const maxSourceFile = 4 << 20

// maxAsked is the same for a file that the user names.
const maxAsked = 64 << 20

// sourceKinds are the endings of the files that a line directive may present in
// place of the compiled one: Go, and what generators of Go read. The name of any
// other file could be that of a secret which happens to lie within the module.
func sourceKinds() []string {
	return []string{".go", ".y", ".l", ".rl", ".peg", ".qtpl", ".templ", ".gop"}
}

// Positions name the file that a line directive presents, which can be any file
// of the machine, a device or a pipe. A sources knows which ones a report may
// show: those that were compiled, and regular files of the main module, or of the
// modules of the workspace, that are sources by their name and are not hidden.
type sources struct {
	base     string          // where relative names begin
	compiled map[string]bool // absolute
	roots    []string        // directories of the modules
}

// sourcesOf are the sources of the packages that were listed. An overlay is
// compiled in place of files that need not exist.
func (e env) sourcesOf(o *options, packages []pkg) *sources {
	dir := absolute(e.dir, o.dir)
	s := &sources{base: e.dir, compiled: make(map[string]bool)}
	for _, p := range packages {
		for _, files := range [][]string{p.GoFiles, p.CgoFiles, p.TestGoFiles, p.XTestGoFiles} {
			for _, name := range files {
				s.compiled[absolute(p.Dir, name)] = true
			}
		}
		if m := p.Module; m != nil && m.Main && m.Dir != "" && !slices.Contains(s.roots, m.Dir) {
			s.roots = append(s.roots, m.Dir)
		}
	}
	for _, flag := range o.build {
		file, ok := strings.CutPrefix(flag, "-overlay=")
		if !ok {
			continue
		}
		var overlay struct{ Replace map[string]string }
		data, err := readRegular(absolute(dir, file), maxAsked)
		if err != nil || json.Unmarshal(data, &overlay) != nil {
			continue // go list has complained
		}
		for from, to := range overlay.Replace {
			if to != "" && s.compiled[absolute(dir, from)] {
				s.compiled[absolute(dir, to)] = true
			}
		}
	}
	return s
}

var errNotShown = errors.New("it is no source file of the module")

// read reads a file of a report, or says why it is not shown. A name that leads
// elsewhere is refused before the file system is asked about it: to ask may be to
// connect to another machine.
func (s *sources) read(file string) ([]byte, error) {
	path := filepath.Clean(absolute(s.base, filepath.FromSlash(file)))
	if s.compiled[path] {
		return readRegular(path, maxSourceFile)
	}
	i := slices.IndexFunc(s.roots, func(root string) bool { return isSource(root, path) })
	if i < 0 {
		return nil, errNotShown
	}
	// Links are followed, but not to where the name itself could not lead.
	root, err := filepath.EvalSymlinks(s.roots[i])
	if err != nil {
		return nil, err
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return nil, err
	}
	if !isSource(root, path) {
		return nil, errNotShown
	}
	return readRegular(path, maxSourceFile)
}

// isSource reports whether a path is, by its name, that of a source below root.
// As for the go command, names that begin with a dot or an underscore are hidden.
func isSource(root, path string) bool {
	rel, err := filepath.Rel(root, path)
	if err != nil || !filepath.IsLocal(rel) || !slices.Contains(sourceKinds(), filepath.Ext(rel)) {
		return false
	}
	return !slices.ContainsFunc(strings.Split(filepath.ToSlash(rel), "/"), func(part string) bool {
		return strings.HasPrefix(part, ".") || strings.HasPrefix(part, "_")
	})
}

// readRegular reads a regular file of at most limit bytes.
func readRegular(path string, limit int64) ([]byte, error) {
	fi, err := os.Stat(path) // to open a pipe is to wait for its writer
	if err != nil {
		return nil, err
	}
	if !fi.Mode().IsRegular() {
		return nil, errors.New("it is not a regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if now, err := f.Stat(); err != nil || !os.SameFile(fi, now) {
		return nil, errors.New("it has changed since it was analysed")
	}
	// Some files are longer than their size says.
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = errors.New("it is too large")
	}
	if err != nil {
		return nil, err
	}
	return data, nil
}
