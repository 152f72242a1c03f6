package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestOutputFile writes reports to files: new ones, in place of others, and in
// place of what a link leads to.
func TestOutputFile(t *testing.T) {
	t.Parallel()
	dir := badModule(t)
	write(t, dir, "out/old.txt", "old")
	if err := os.Chmod(dir+"/out/old.txt", 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("old.txt", dir+"/out/link.txt"); err != nil {
		t.Skip(err)
	}
	if err := errors.Join(os.Symlink("second.txt", dir+"/out/dangling.txt"), os.Symlink("../made.txt", dir+"/out/second.txt")); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ path, reads string }{
		{"new.txt", "new.txt"},
		{dir + "/out/absolute.txt", "out/absolute.txt"},
		{"out/old.txt", "out/old.txt"},
		{"out/link.txt", "out/old.txt"},
		{"out/dangling.txt", "made.txt"},
	} {
		code, out, errs := gatherlint(t, dir, "-o", tt.path)
		wantCode(t, code, exitFindings, out, errs)
		wantText(t, "stdout", out, "5 findings in 2 packages; 4 can be fixed with -fix\n")
		wantText(t, "stderr", errs, "")
		wantText(t, tt.reads, read(t, filepath.Join(dir, tt.reads)), badModuleText)
		wantNoTemp(t, dir)
		write(t, dir, tt.reads, "old")
	}
	if fi, err := os.Lstat(dir + "/out/link.txt"); err != nil || fi.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is %v, %v", fi, err)
	}
	// Permissions stay; a new file has those that any program gives it.
	plain, err := os.Create(filepath.Join(dir, "plain"))
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	usual, err := plain.Stat()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{"out/old.txt": 0o600, "new.txt": usual.Mode().Perm()} {
		if fi, err := os.Stat(filepath.Join(dir, name)); err != nil || fi.Mode().Perm() != want {
			t.Errorf("%s has the mode %v, %v, want %v", name, fi.Mode(), err, want)
		}
	}
	// Under -C the path is still relative to where the user stands.
	code, out, errs := gatherlint(t, dir, "-C", "b", "-o", "b.json", "-format", "json")
	wantCode(t, code, exitFindings, out, errs)
	wantContains(t, "b.json", read(t, dir+"/b.json"), `"file": "b/b.go"`)
	code, out, errs = gatherlint(t, dir, "-json", "-o", "vet.json", "./b")
	wantCode(t, code, exitClean, out, errs)
	wantText(t, "stdout of -json", out, "")
	wantContains(t, "vet.json", read(t, dir+"/vet.json"), `"category": "bad"`)
	code, out, errs = gatherlint(t, dir, "-fix", "-diff", "-o", "a.patch", "./c")
	wantCode(t, code, exitClean, out, errs)
	wantText(t, "an empty patch", read(t, dir+"/a.patch"), "")
	code, out, errs = gatherlint(t, dir, "-fix", "-o", "fixed.txt", "./a")
	wantCode(t, code, exitClean, out, errs)
	wantText(t, "stdout of -fix", out, "applied 4 fixes to 3 files\n"+appliedLines+"no findings in 1 package\n")
	wantText(t, "fixed.txt", read(t, dir+"/fixed.txt"), "no findings in 1 package\n")
	wantNoTemp(t, dir)
}

// TestOutputRefused has files that cannot be written, which is found before the
// analysis. It works for the superuser too.
func TestOutputRefused(t *testing.T) {
	t.Parallel()
	dir := badModule(t)
	write(t, dir, "locked.txt", "old")
	if err := os.Chmod(dir+"/locked.txt", 0o444); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nowhere/x", dir+"/dangling"); err != nil {
		t.Skip(err)
	}
	readOnly := "it is read-only"
	if os.Getuid() != 0 {
		readOnly = "permission denied"
	}
	for path, want := range map[string]string{
		"nowhere/x.txt": "no such file or directory",
		"a":             "it is a directory",
		"go.mod/x":      "not a directory",
		"locked.txt":    readOnly,
		dir:             "it is a directory",
	} {
		code, out, errs := gatherlint(t, dir, "-o", path)
		wantCode(t, code, exitFailed, out, errs)
		wantText(t, "stdout", out, "")
		wantText(t, "stderr", errs, "gatherlint: cannot write "+path+": "+want+"\n")
	}
	wantText(t, "locked.txt", read(t, dir+"/locked.txt"), "old")
	wantNoTemp(t, dir)
}

// TestOutputOfFailure keeps the file of a run before, and makes none.
func TestOutputOfFailure(t *testing.T) {
	t.Parallel()
	dir := writeModule(t, map[string]string{"x.go": "package x\n\nvar X = nope\n", "old.json": "old"})
	for _, args := range [][]string{{"-format", "json"}, {"-json"}, {"-fix", "-diff"}, {"-C", "nowhere"}} {
		for _, file := range []string{"old.json", "new.json"} {
			code, out, errs := gatherlint(t, dir, append(args, "-o", file)...)
			want := exitFailed
			if args[0] == "-C" {
				want = exitUsage
			}
			wantCode(t, code, want, out, errs)
			wantText(t, "stdout", out, "")
		}
	}
	wantText(t, "old.json", read(t, dir+"/old.json"), "old")
	if _, err := os.Stat(dir + "/new.json"); !os.IsNotExist(err) {
		t.Errorf("new.json: %v", err)
	}
	wantNoTemp(t, dir)
}

// TestOutputInterrupted ends a run in the middle of the analysis.
func TestOutputInterrupted(t *testing.T) {
	t.Parallel()
	started := filepath.Join(t.TempDir(), "started")
	dir := writeModule(t, map[string]string{"x.go": "package x\n\n// " + started + "\nfunc sleep() {}\n", "out": "old"})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		for range 2000 {
			if _, err := os.Stat(started); err == nil {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		cancel()
	}()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	o, err := parseOptions([]string{"-o", "out"}, stub())
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	code := env{stdout: &out, stderr: &errs, dir: dir, exe: exe}.analyse(ctx, o)
	wantCode(t, code, exitFailed, out.String(), errs.String())
	wantText(t, "stderr", errs.String(), "gatherlint: interrupted\n")
	wantText(t, "out", read(t, dir+"/out"), "old")
	wantNoTemp(t, dir)
}

// TestOutputDevice writes to what cannot be renamed.
func TestOutputDevice(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip(err)
	}
	dir := badModule(t)
	code, out, errs := gatherlint(t, dir, "-o", os.DevNull)
	wantCode(t, code, exitFindings, out, errs)
	code, out, errs = gatherlint(t, dir, "-o", "/dev/full", "-format", "html")
	wantCode(t, code, exitFailed, out, errs)
	wantText(t, "stderr", errs, "gatherlint: cannot write /dev/full: no space left on device\n")
	code, out, errs = gatherlint(t, dir, "-o", "/dev/full", "./b") // less than the buffer holds
	wantCode(t, code, exitFailed, out, errs)
	wantText(t, "stderr", errs, "gatherlint: cannot write /dev/full: no space left on device\n")
	if fi, err := os.Stat("/dev/full"); err != nil || fi.Mode().IsRegular() {
		t.Errorf("/dev/full: %v, %v", fi, err)
	}
}
