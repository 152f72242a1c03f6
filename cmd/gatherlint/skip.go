package main

import (
	"errors"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// A skip is the glob of a flag -skip, in the parts between its slashes.
type skip []string

// parseSkip reads a glob. "./" at its beginning, and "/" and "/..." at its end, say
// nothing that it would not say without them.
func parseSkip(glob string) (skip, error) {
	s := strings.TrimPrefix(filepath.ToSlash(glob), "./")
	s = strings.TrimSuffix(strings.TrimSuffix(s, "/..."), "/")
	if s == "" || s == "." || s == "..." {
		return nil, errors.New("it would leave nothing; a glob like vendor, *_gen.go or internal/old is needed")
	}
	parts := strings.Split(s, "/")
	for _, part := range parts {
		if _, err := path.Match(part, ""); err != nil {
			return nil, errors.New("it is no valid glob")
		}
	}
	if len(parts) == 1 {
		parts = []string{"**", parts[0]}
	}
	return parts, nil
}

// covers says whether a file or a directory, relative to the directory of the run,
// or a directory above it, matches the glob.
func (s skip) covers(rel string) bool {
	if rel == "." {
		return false
	}
	parts := strings.Split(filepath.ToSlash(rel), "/")
	for n := range parts {
		if matchParts(s, parts[:n+1]) {
			return true
		}
	}
	return false
}

// matchParts matches part by part; "**" stands for any number of them. The globs
// are valid.
func matchParts(glob, parts []string) bool {
	if len(glob) == 0 {
		return len(parts) == 0
	}
	if glob[0] == "**" {
		return matchParts(glob[1:], parts) || len(parts) > 0 && matchParts(glob, parts[1:])
	}
	if len(parts) == 0 {
		return false
	}
	ok, _ := path.Match(glob[0], parts[0])
	return ok && matchParts(glob[1:], parts[1:])
}

// skips says whether a flag -skip covers the file or directory of an absolute path.
func (g *goCmd) skips(o *options, file string) bool {
	rel, err := filepath.Rel(g.dir, file)
	return err == nil && slices.ContainsFunc(o.skip, func(s skip) bool { return s.covers(rel) })
}
