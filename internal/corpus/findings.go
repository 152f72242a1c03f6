package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A finding is one diagnostic, with its file relative to the module.
type finding struct {
	check   string
	at      place
	message string
	steps   []step
}

// A step is one event of the schedule that proves a finding.
type step struct {
	at      place
	message string
}

// A place is a line of a file. The line is 0 if it is not known.
type place struct {
	file string
	line int
}

func (p place) String() string { return fmt.Sprintf("%s:%d", p.file, p.line) }

// decode reads the concatenated JSON values of gatherlint -json, sorts the
// findings by check, file, line and message, and drops repetitions.
func decode(data []byte, dir string) ([]finding, error) {
	type related struct{ Posn, Message string }
	type diagnostic struct {
		Category, Posn, Message string
		Related                 []related
	}
	var all []finding
	for dec := json.NewDecoder(bytes.NewReader(data)); ; {
		var tree map[string]map[string]json.RawMessage
		if err := dec.Decode(&tree); err == io.EOF {
			break
		} else if err != nil {
			return nil, fmt.Errorf("cannot read the output of gatherlint: %w", err)
		}
		for _, byAnalyzer := range tree {
			for _, raw := range byAnalyzer {
				var diags []diagnostic
				if !bytes.HasPrefix(raw, []byte("[")) {
					continue // an error, which gatherlint reports on stderr as well
				}
				if err := json.Unmarshal(raw, &diags); err != nil {
					return nil, fmt.Errorf("cannot read the output of gatherlint: %w", err)
				}
				for _, d := range diags {
					f := finding{check: d.Category, at: parsePosn(d.Posn, dir), message: d.Message}
					if f.check == "" {
						f.check, _, _ = strings.Cut(d.Message, ":")
					}
					for _, r := range d.Related {
						f.steps = append(f.steps, step{parsePosn(r.Posn, dir), r.Message})
					}
					all = append(all, f)
				}
			}
		}
	}
	slices.SortFunc(all, compare)
	return slices.CompactFunc(all, func(a, b finding) bool { return compare(a, b) == 0 }), nil
}

func compare(a, b finding) int {
	return cmp.Or(
		cmp.Compare(a.check, b.check),
		cmp.Compare(a.at.file, b.at.file),
		cmp.Compare(a.at.line, b.at.line),
		cmp.Compare(a.message, b.message),
	)
}

// parsePosn reads "file:line:column" and "file:line".
func parsePosn(posn, dir string) place {
	file, line := posn, 0
	for range 2 {
		i := strings.LastIndexByte(file, ':')
		n, err := strconv.Atoi(file[i+1:])
		if i < 0 || err != nil {
			break
		}
		file, line = file[:i], n
	}
	if rel, err := filepath.Rel(dir, file); err == nil && filepath.IsLocal(rel) {
		file = filepath.ToSlash(rel)
	}
	return place{file, line}
}

// draw returns n of the findings of one check, in their order, or all if there
// are not more. What it draws depends on the findings, n and the seed only.
func draw(findings []finding, n int, seed uint64) []finding {
	if n == 0 || len(findings) <= n {
		return findings
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(findings[0].check)) // never fails
	picked := rand.New(rand.NewPCG(seed, h.Sum64())).Perm(len(findings))[:n]
	slices.Sort(picked)
	var drawn []finding
	for _, i := range picked {
		drawn = append(drawn, findings[i])
	}
	return drawn
}

// show prints sorted findings with their source, and the counts.
func show(w io.Writer, o *options, findings []finding, dir string) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "# %s\n\n", o.module)
	byCheck := make(map[string][]finding)
	for _, f := range findings {
		byCheck[f.check] = append(byCheck[f.check], f)
	}
	src := &sources{dir: dir, lines: make(map[string][]string)}
	var counts strings.Builder
	for _, check := range slices.Sorted(maps.Keys(byCheck)) {
		drawn := draw(byCheck[check], o.sample, o.seed)
		fmt.Fprintf(&counts, "%-16s %d", check, len(byCheck[check]))
		if len(drawn) < len(byCheck[check]) {
			fmt.Fprintf(&counts, " (%d shown, seed %d)", len(drawn), o.seed)
		}
		counts.WriteByte('\n')
		for i, f := range drawn {
			fmt.Fprintf(out, "## %s %d: %s\n%s\n", check, i+1, f.at, f.message)
			for _, s := range f.steps {
				fmt.Fprintf(out, "    %s: %s\n", s.at, s.message)
			}
			src.print(out, f.at, o.context)
			fmt.Fprintln(out)
		}
	}
	fmt.Fprintf(out, "%s%-16s %d\n", counts.String(), "total", len(findings))
	return out.Flush()
}

// sources holds the lines of the files that were read.
type sources struct {
	dir   string
	lines map[string][]string
}

// print writes the lines around a place, its own one marked, or why it cannot.
func (s *sources) print(w io.Writer, at place, context int) {
	lines, ok := s.lines[at.file]
	if !ok {
		path := filepath.FromSlash(at.file)
		if !filepath.IsAbs(path) {
			path = filepath.Join(s.dir, path)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			fmt.Fprintf(w, "(no source: %v)\n", err)
			return
		}
		lines = strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
		s.lines[at.file] = lines
	}
	for n := max(1, at.line-context); n <= min(len(lines), at.line+context); n++ {
		mark := " "
		if n == at.line {
			mark = ">"
		}
		fmt.Fprintf(w, "%s%5d  %s\n", mark, n, strings.TrimRight(lines[n-1], "\r"))
	}
}
