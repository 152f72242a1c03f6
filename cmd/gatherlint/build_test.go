package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
)

// fakeTarget makes a program that is a text, or fails with err.
func fakeTarget(err error) target {
	return target{
		name: "fake", about: "a text", flags: []string{"version"},
		run: func(_ context.Context, b *builder) error {
			if err != nil {
				return err
			}
			b.made = "fake " + b.version
			return os.WriteFile(b.built, []byte("made"), 0o600)
		},
	}
}

// fakeBuild runs "gatherlint build" in dir with the fake target.
func fakeBuild(dir string, failure error, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = env{stdout: &out, stderr: &errs, dir: dir}.build(args, []target{fakeTarget(failure)})
	return code, out.String(), errs.String()
}

// sourceDir is a module that looks like gatherlint's.
func sourceDir(t *testing.T) string {
	return writeModule(t, map[string]string{"go.mod": "module " + modulePath + "\n\ngo 1.25\n", "sub/x.go": "package sub\n"})
}

func TestBuild(t *testing.T) {
	t.Parallel()
	dir := sourceDir(t)
	write(t, dir, "old", "old")
	if err := os.Symlink("old", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		args []string
		file string
	}{
		{[]string{"fake"}, "fake-gatherlint"},
		{[]string{"fake", "-o", "new"}, "new"},
		{[]string{"fake", "-o", filepath.Join(dir, "sub", "new")}, "sub/new"},
		{[]string{"fake", "-o", "old"}, "old"},
		{[]string{"fake", "-o", "link"}, "old"},
		{[]string{"fake", "-source", ".", "-o", "a"}, "a"},
		{[]string{"fake", "-source=sub", "-o", "b"}, "b"},
	}
	for _, tt := range tests {
		code, out, errs := fakeBuild(dir, nil, append(tt.args, "-version=v9")...)
		wantCode(t, code, exitClean, out, errs)
		wantText(t, "stdout", out, "fake v9 with gatherlint from "+dir+": "+filepath.FromSlash(tt.file)+"\n")
		path := filepath.Join(dir, tt.file)
		wantText(t, tt.file, read(t, path), "made")
		if fi, err := os.Stat(path); err != nil || fi.Mode().Perm() != 0o755 {
			t.Errorf("%s: %v, %v", tt.file, fi.Mode(), err)
		}
	}
	noLeftovers(t, dir)
}

func TestBuildUsage(t *testing.T) {
	t.Parallel()
	dir := sourceDir(t)
	tests := []struct {
		args   []string
		stderr string
	}{
		{nil, "build needs a target: fake"},
		{[]string{"foo"}, `unknown target "foo"; the targets are fake`},
		{[]string{"-o", "x", "fake"}, `unknown target "-o"; the targets are fake`},
		{[]string{"fake", "-outpt", "x"}, "unknown flag -outpt; the flags of build fake are -o, -version, -source"},
		{[]string{"fake", "-checks", "all"}, "unknown flag -checks; the flags of build fake are -o, -version, -source"},
		{[]string{"fake", "-o"}, "flag needs an argument: -o"},
		{[]string{"fake", "-o="}, "flag -o is empty"},
		{[]string{"fake", "-source", ""}, "flag -source is empty"},
		{[]string{"fake", "./..."}, `unexpected argument "./..."; build fake takes flags only`},
	}
	for _, tt := range tests {
		code, out, errs := fakeBuild(dir, errors.New("it ran"), tt.args...)
		wantCode(t, code, exitUsage, out, errs)
		wantText(t, "stdout", out, "")
		wantText(t, "stderr", errs, "gatherlint: "+tt.stderr+"\n")
	}
	for _, args := range [][]string{{"-h"}, {"help"}, {"fake", "-h"}} {
		code, out, errs := fakeBuild(dir, errors.New("it ran"), args...)
		wantCode(t, code, exitClean, out, errs)
		wantContains(t, "help", out, "fake             a text\n", "-o file ", "-source dir ", "-version version ")
		if strings.Contains(out, "-checks") {
			t.Errorf("help has a flag that no target takes:\n%s", out)
		}
	}
	noLeftovers(t, dir)
}

// The real targets have names, flags that exist, and refuse what they can
// before they fetch anything.
func TestBuildTargets(t *testing.T) {
	t.Parallel()
	dir := sourceDir(t)
	code, out, errs := gatherlint(t, dir, "build", "foo")
	wantCode(t, code, exitUsage, out, errs)
	wantContains(t, "stderr", errs, `unknown target "foo"; the targets are golangci-lint and gopls`)
	for _, version := range []string{"v1.64.8", "1.64.8", "3", "main"} {
		code, out, errs := gatherlint(t, dir, "build", "golangci-lint", "-version", version)
		wantCode(t, code, exitUsage, out, errs)
		wantText(t, "stderr", errs, `gatherlint: invalid value "`+version+"\" for flag -version: it is not a version 2 of golangci-lint, nor latest\n")
	}
	for _, tt := range targets() {
		for _, name := range tt.flags {
			if !strings.Contains(buildUsage([]target{tt}), "\n  -"+name+" ") {
				t.Errorf("%s takes -%s, which is not among the flags", tt.name, name)
			}
		}
	}
	noLeftovers(t, dir)
}

func TestBuildFails(t *testing.T) {
	t.Parallel()
	own := sourceDir(t)
	other := badModule(t)
	write(t, own, "text", "x")
	lost := "this gatherlint was not built from a released version, so it does not know where its source is; -source names the directory"
	tests := []struct {
		name, dir string
		args      []string
		stderr    string // may stop short of the reason, which the system words
	}{
		{"another module", other, nil, lost + "\n"},
		{"no module", t.TempDir(), nil, lost + "\n"},
		{"source is not there", own, []string{"-source=nowhere"}, "-source nowhere: no such directory\n"},
		{"source is a file", own, []string{"-source=text"}, "-source text: not a directory\n"},
		{"source is another module", own, []string{"-source", other}, "-source " + other + ": it is not in the source of gatherlint, but in module example.com/m\n"},
		{"source is in no module", own, []string{"-source", t.TempDir()}, "-source "},
		{"output is a directory", own, []string{"-o", "sub"}, "cannot write sub: it is a directory\n"},
		{"output is a device", own, []string{"-o", os.DevNull}, "cannot write " + os.DevNull + ": it is not a regular file\n"},
		{"output is in no directory", own, []string{"-o", "nowhere/x"}, "cannot write " + filepath.Join(own, "nowhere/x") + ": no such file or directory\n"},
		{"output is below a file", own, []string{"-o", "text/x"}, "cannot write text/x: "},
		{"the build", own, nil, "it ran\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, out, errs := fakeBuild(tt.dir, errors.New("it ran"), append([]string{"fake"}, tt.args...)...)
			wantCode(t, code, exitFailed, out, errs)
			wantText(t, "stdout", out, "")
			if !strings.HasPrefix(errs, "gatherlint: "+tt.stderr) || strings.Count(errs, "\n") != 1 {
				t.Errorf("stderr:\n%s\nwant one line that begins with:\n%s", errs, tt.stderr)
			}
			noLeftovers(t, tt.dir)
		})
	}
}

// A build that fails in the go command says what it was about to do and why it
// failed, and leaves the old program in place.
func TestBuildOffline(t *testing.T) {
	t.Parallel()
	dir := sourceDir(t)
	write(t, dir, "old", "old")
	code, out, errs := gatherlint(t, dir, "build", "golangci-lint", "-version=2.0.999", "-o=old")
	wantCode(t, code, exitFailed, out, errs)
	want := `gatherlint: building golangci-lint v2.0.999; the first time this takes some minutes
gatherlint: cannot fetch golangci-lint v2.0.999: github.com/golangci/golangci-lint/v2@v2.0.999: module lookup disabled by GOPROXY=off
`
	wantText(t, "stderr", errs, want)
	wantText(t, "old program", read(t, filepath.Join(dir, "old")), "old")
	noLeftovers(t, dir)
}

func TestBuildNoGoCommand(t *testing.T) {
	dir := sourceDir(t)
	t.Setenv("PATH", dir)
	code, out, errs := fakeBuild(dir, nil, "fake")
	wantCode(t, code, exitFailed, out, errs)
	wantText(t, "stderr", errs, "gatherlint: cannot find the go command in PATH; gatherlint build runs go build underneath\n")
}

func TestBuildInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	dir := sourceDir(t)
	var out, errs bytes.Buffer
	err := env{stdout: &out, stderr: &errs, dir: dir}.buildTarget(ctx, fakeTarget(nil), nil)
	if !errors.Is(err, errInterrupted) {
		t.Errorf("error %v, want %v", err, errInterrupted)
	}
	noLeftovers(t, dir)
}

// noLeftovers looks for files that were to be temporary.
func noLeftovers(t *testing.T, dir string) {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(dir, ".gatherlint-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestReleased(t *testing.T) {
	t.Parallel()
	fork := &debug.Module{Path: "example.com/fork", Version: "v1.0.0", Sum: "h1:y"}
	tests := []struct {
		main debug.Module
		want string // the lines of go.mod, or ""
	}{
		{debug.Module{Path: modulePath, Version: "v1.2.3", Sum: "h1:x"}, "require " + modulePath + " v1.2.3\n"},
		{debug.Module{Path: modulePath, Version: "v1.2.3", Replace: fork}, "require " + modulePath + " v0.0.0\nreplace " + modulePath + " => example.com/fork v1.0.0\n"},
		{debug.Module{Path: modulePath, Version: "(devel)"}, ""},
		{debug.Module{Path: modulePath, Version: "v0.0.0-20261122000000-0123456789ab"}, ""}, // go build in a clean clone
		{debug.Module{Path: modulePath, Version: "v1.2.3", Replace: &debug.Module{Path: "../fork"}}, ""},
		{debug.Module{Path: "example.com/other", Version: "v1.2.3", Sum: "h1:x"}, ""},
		{debug.Module{}, ""},
	}
	for _, tt := range tests {
		s, ok := released(&debug.BuildInfo{Main: tt.main})
		got := ""
		if ok {
			got = s.goMod()
		}
		wantText(t, tt.main.Path+"@"+tt.main.Version, got, tt.want)
	}
	wantText(t, "a directory", selfModule{dir: "/a b"}.goMod(), "require "+modulePath+" v0.0.0\nreplace "+modulePath+" => \"/a b\"\n")
}

func TestForeignFlags(t *testing.T) {
	t.Parallel()
	got := foreignFlags("-mod=vendor -modcacherw '--modfile=a b' '-ldflags=-s -w' -overlay=x -buildvcs=false -json -trimpath\n")
	wantText(t, "GOFLAGS", got, "-modcacherw '-ldflags=-s -w' -buildvcs=false -trimpath")
}

func TestComplaint(t *testing.T) {
	t.Parallel()
	for stderr, want := range map[string]string{
		"go: downloading x v1\ngo: added y v1\ngo: x@v1: no such host\n": "x@v1: no such host",
		"# x\nx.go:1: bad\n\n": "# x\n\tx.go:1: bad",
		"go: downloading x v1": "the go command failed and does not say why",
	} {
		wantText(t, stderr, complaint(stderr), want)
	}
}
