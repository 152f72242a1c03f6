package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestGroups runs the built command on the modules of testdata/groups, each of
// which uses the real library of a group that gatherlint knows: it reports what
// the comments "// want" say, where they say so, and nothing else. Their own
// tests show that what is reported goes wrong when it is run, and that what is
// not reported does not.
//
// The libraries come from the module proxy, so it only runs on request:
//
//	GATHERLINT_HOSTS=1 go test ./cmd/gatherlint -run TestGroups
func TestGroups(t *testing.T) {
	if os.Getenv("GATHERLINT_HOSTS") == "" {
		t.Skip("it downloads the libraries; set GATHERLINT_HOSTS to run it")
	}
	tool := filepath.Join(t.TempDir(), "gatherlint")
	goRun(t, ".", "build", "-o", tool, ".")
	mods, err := filepath.Glob(filepath.Join("..", "..", "testdata", "groups", "*", "go.mod"))
	if err != nil || len(mods) == 0 {
		t.Fatalf("no modules: %v", err)
	}
	for _, mod := range mods {
		dir := filepath.Dir(mod)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			goRun(t, dir, "mod", "download")
			goRun(t, dir, "test", "-count=1", "./...")
			compareWants(t, wantsOf(t, dir), reportedBy(t, tool, dir))
		})
	}
}

// online is the environment without what TestMain sets for the other tests.
func online() []string {
	return append(os.Environ(), "GOPROXY=", "GO111MODULE=", asTool+"=")
}

func goRun(t *testing.T, dir string, args ...string) {
	t.Helper()
	c := exec.Command("go", args...)
	c.Dir, c.Env = dir, online()
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("go %s in %s: %v\n%s", strings.Join(args, " "), dir, err, out)
	}
}

// reportedBy lists the messages of the tool by file and line.
func reportedBy(t *testing.T, tool, dir string) map[string][]string {
	t.Helper()
	c := exec.Command(tool, "./...")
	c.Dir, c.Env = dir, online()
	out, err := c.Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != exitFindings) {
		t.Fatalf("gatherlint in %s: %v\n%s", dir, err, out)
	}
	found := map[string][]string{}
	finding := regexp.MustCompile(`(?m)^(\S+\.go:\d+):\d+: (.+)$`)
	for _, m := range finding.FindAllStringSubmatch(string(out), -1) {
		found[m[1]] = append(found[m[1]], m[2])
	}
	return found
}

// wantsOf lists what the comments "// want" ask for: the beginning of a message,
// in quotes, for each finding of the line, or of one so many lines before or
// after ("// want -1 ...").
func wantsOf(t *testing.T, dir string) map[string][]string {
	t.Helper()
	wants := map[string][]string{}
	comment := regexp.MustCompile(`// want ([+-]\d+ )?(".*")$`)
	quoted := regexp.MustCompile(`"([^"]*)"`)
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		for i, line := range strings.Split(string(text), "\n") {
			if m := comment.FindStringSubmatch(line); m != nil {
				offset, _ := strconv.Atoi(strings.TrimSpace(m[1])) // none is 0
				for _, q := range quoted.FindAllStringSubmatch(m[2], -1) {
					key := fmt.Sprintf("%s:%d", filepath.ToSlash(name), i+1+offset)
					wants[key] = append(wants[key], q[1])
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return wants
}

func compareWants(t *testing.T, wants, found map[string][]string) {
	t.Helper()
	for _, key := range slices.Sorted(maps.Keys(wants)) {
		for _, want := range wants[key] {
			i := slices.IndexFunc(found[key], func(msg string) bool { return strings.HasPrefix(msg, want) })
			if i < 0 {
				t.Errorf("%s: want %q, have %q", key, want, found[key])
				continue
			}
			found[key] = slices.Delete(found[key], i, i+1)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(found)) {
		for _, msg := range found[key] {
			t.Errorf("%s: not wanted: %s", key, msg)
		}
	}
}
