package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// An object is one JSON value of go vet's output, which is about one package
// or one of its test variants.
type object struct {
	raw      []byte // as go vet wrote it
	answer   answer // whose object it is; the zero value where go vet does not say
	id       string // of the package; "" if there is nothing to say about it
	findings []finding
	errors   []string // why the analyzer gave up
}

// A finding is one diagnostic of go vet's JSON.
type finding struct {
	Category string `json:"category"`
	Posn     string `json:"posn"`
	End      string `json:"end"`
	Message  string `json:"message"`
	Fixes    []fix  `json:"suggested_fixes"`
	Related  []step `json:"related"`

	pkg string // the import path of the package, without its test variant
}

// A step is one event of the schedule that proves a finding.
type step struct {
	Posn    string `json:"posn"`
	End     string `json:"end"`
	Message string `json:"message"`
}

// A fix is a change that removes the finding.
type fix struct {
	Message string `json:"message"`
	Edits   []edit `json:"edits"`
}

// An edit replaces the bytes from Start to End of a file.
type edit struct {
	Filename string `json:"filename"`
	Start    int    `json:"start"`
	End      int    `json:"end"`
	New      string `json:"new"`
}

// decodeObjects reads the concatenated JSON values of go vet -json, and the
// answers before them. On an error, the objects before it are valid.
func decodeObjects(data []byte) ([]object, error) {
	var objects []object
	var next answer
	for dec := json.NewDecoder(bytes.NewReader(data)); ; {
		var raw json.RawMessage
		if err := dec.Decode(&raw); err == io.EOF {
			return objects, nil
		} else if err != nil {
			return objects, err
		}
		if ans, ok := decodeAnswer(raw); ok {
			if next = ans; !ans.Full {
				objects = append(objects, object{answer: ans})
			}
			continue
		}
		obj, err := decodeObject(raw)
		if err != nil {
			return objects, err
		}
		obj.answer, next = next, answer{}
		objects = append(objects, obj)
	}
}

// decodeAnswer reads an answer; other values are none.
func decodeAnswer(raw json.RawMessage) (answer, bool) {
	if !bytes.HasPrefix(raw, []byte(`{"":`)) {
		return answer{}, false
	}
	var tree map[string]answer
	err := json.Unmarshal(raw, &tree)
	return tree[""], err == nil
}

// unanswered returns the packages that go vet was asked about in vain: what it
// gave was kept from when the package was a dependency of another one.
func (r *result) unanswered() []pkg {
	asked, answered := map[string]bool{}, map[string]bool{}
	for _, obj := range r.objects {
		switch ans := obj.answer; {
		case !ans.Full:
			asked[ans.Package] = true
		case !ans.External:
			answered[ans.Package] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(r.packages), func(p pkg) bool {
		return !asked[p.ImportPath] || answered[p.ImportPath]
	})
}

// keepNamed drops the objects about packages that were not named, and those of
// a package without its tests beside one with them.
func (r *result) keepNamed() {
	tests := map[string]bool{}
	for _, p := range r.packages {
		tests[p.ImportPath] = len(p.TestGoFiles) > 0
	}
	r.objects = slices.DeleteFunc(r.objects, func(obj object) bool {
		ans := obj.answer
		with, named := tests[ans.Package]
		return ans != (answer{}) && !(named && ans.Full && (ans.External || ans.Tests == with))
	})
	sortObjects(r.objects)
	r.objects = slices.CompactFunc(r.objects, func(a, b object) bool {
		return a.answer == b.answer && a.answer != (answer{}) && bytes.Equal(a.raw, b.raw)
	})
}

// decodeObject reads one value: package id -> analyzer -> findings or error.
func decodeObject(raw json.RawMessage) (object, error) {
	obj := object{raw: raw}
	var tree map[string]map[string]json.RawMessage
	if err := json.Unmarshal(raw, &tree); err != nil {
		return obj, err
	}
	for _, id := range slices.Sorted(maps.Keys(tree)) {
		obj.id = cmp.Or(obj.id, id)
		for _, name := range slices.Sorted(maps.Keys(tree[id])) {
			msg := tree[id][name]
			if !bytes.HasPrefix(msg, []byte("[")) {
				var e struct {
					Error string `json:"error"`
				}
				if err := json.Unmarshal(msg, &e); err != nil {
					return obj, err
				}
				obj.errors = append(obj.errors, fmt.Sprintf("%s: %s failed: %s", id, name, e.Error))
				continue
			}
			var fs []finding
			if err := json.Unmarshal(msg, &fs); err != nil {
				return obj, err
			}
			pkg, _, _ := strings.Cut(id, " [")
			for i := range fs {
				fs[i].pkg = pkg
			}
			obj.findings = append(obj.findings, fs...)
		}
	}
	return obj, nil
}

// sortObjects orders what go vet wrote as packages happened to be ready.
func sortObjects(objects []object) {
	slices.SortFunc(objects, func(a, b object) int {
		return cmp.Or(cmp.Compare(a.id, b.id), bytes.Compare(a.raw, b.raw), cmp.Compare(a.answer.Package, b.answer.Package))
	})
}

// findings returns all findings in the order of file, line, column and
// message. What is said of a package and of its test variant is one finding.
func (r *result) findings() []finding {
	var all []finding
	for _, obj := range r.objects {
		all = append(all, obj.findings...)
	}
	slices.SortStableFunc(all, func(a, b finding) int {
		pa, pb := parsePosn(a.Posn), parsePosn(b.Posn)
		return cmp.Or(
			cmp.Compare(pa.file, pb.file),
			cmp.Compare(pa.line, pb.line),
			cmp.Compare(pa.column, pb.column),
			cmp.Compare(a.Message, b.Message),
		)
	})
	return slices.CompactFunc(all, func(a, b finding) bool {
		return a.Posn == b.Posn && a.Message == b.Message
	})
}

// A place is a position in a file. The column, or it and the line, are 0 if
// they are not known.
type place struct {
	file         string
	line, column int
}

// parsePosn reads "file:line:column", "file:line", "file", and "-" or "" for
// no position.
func parsePosn(posn string) place {
	if posn == "-" {
		posn = ""
	}
	p := place{file: posn}
	var numbers []int
	for len(numbers) < 2 {
		i := strings.LastIndexByte(p.file, ':')
		n, err := strconv.Atoi(p.file[i+1:])
		if i < 0 || err != nil {
			break
		}
		numbers = append(numbers, n)
		p.file = p.file[:i]
	}
	switch len(numbers) {
	case 1:
		p.line = numbers[0]
	case 2:
		p.line, p.column = numbers[1], numbers[0]
	}
	return p
}

// short is the position as it is printed.
func (p place) short(e env) string {
	s := e.rel(p.file)
	if p.line > 0 {
		s += fmt.Sprintf(":%d", p.line)
	}
	if p.column > 0 {
		s += fmt.Sprintf(":%d", p.column)
	}
	return s
}

func plural(n int, noun string) string { return plural2(n, noun, noun+"s") }

func plural2(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
