package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// repository makes a git repository of a directory, with all files in one commit.
func repository(t *testing.T, dir string) (git func(args ...string)) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git command")
	}
	git = func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com"}, args...)...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	git("init", "-q")
	git("add", ".")
	git("commit", "-q", "-m", "first")
	return git
}

// TestNewFrom has findings on lines that were changed in all ways since a commit,
// and on lines that were not.
func TestNewFrom(t *testing.T) {
	t.Parallel()
	dir := badModule(t)
	old := "package d\n\nfunc badKept() {}\n\nfunc badGoes() {}\n\nvar between = 1\n\nfunc badLast() {}\n"
	write(t, dir, "m/d/d.go", old)
	write(t, dir, "m/b/größe.go", "package b\n\nfunc badRenamed() {}\n\n// one\n// two\n// three\n")
	git := repository(t, dir)
	code, out, errs := gatherlint(t, dir, "-new-from", "HEAD")
	wantCode(t, code, exitClean, out, errs)
	wantText(t, "stdout", out, "no findings in 5 packages\n")

	git("mv", "m/b", "m/e")
	write(t, dir, "m/d/d.go", strings.Replace(old, "badGoes", "badCame", 1))
	git("commit", "-q", "-a", "-m", "second")
	write(t, dir, "m/e/new.go", "package b\n\nfunc badUnknown() {}\n")
	write(t, dir, "a/a.go", "package a\n\nfunc badB() {}\n\nfunc badA() {}\n\nfunc badStaged() {}\n")
	git("add", "a/a.go")
	for _, tt := range []struct{ rev, from, want string }{
		{"HEAD~1", "m", "../a/a.go:7:6: badStaged d/d.go:5:6: badCame e/new.go:3:6: badUnknown"},
		{"HEAD", "", "a/a.go:7:6: badStaged m/e/new.go:3:6: badUnknown"},
	} {
		code, out, errs = gatherlint(t, filepath.Join(dir, tt.from), "-C", dir, "-format=short", "-new-from", tt.rev)
		wantCode(t, code, exitFindings, out, errs)
		got := strings.ReplaceAll(strings.TrimSpace(out), " bad: ", " ")
		got = strings.ReplaceAll(strings.ReplaceAll(got, "\n", " "), " is bad; it is not good", "")
		wantText(t, "since "+tt.rev, got, tt.want)
	}
	for rev, want := range map[string]string{
		"nowhere": "-new-from nowhere: git knows no such revision here\n",
		"":        "invalid value \"\" for flag -new-from: a revision of git is needed, like main or HEAD~3\n",
		"--all":   "invalid value \"--all\" for flag -new-from: a revision of git is needed, like main or HEAD~3\n",
	} {
		code, out, errs = gatherlint(t, dir, "-new-from="+rev)
		wantCode(t, code, exitUsage, out, errs)
		wantText(t, "stderr", errs, "gatherlint: "+want)
	}
	code, out, errs = gatherlint(t, badModule(t), "-new-from=HEAD")
	wantCode(t, code, exitUsage, out, errs)
	wantContains(t, "stderr", errs, "gatherlint: -new-from HEAD: ", "not a git repository")
}

// TestChangesTouch has a finding with a step on a changed line.
func TestChangesTouch(t *testing.T) {
	t.Parallel()
	g := &goCmd{dir: "/m"}
	c := &changes{lines: map[string][]changedLines{"/m/a.go": {{10, 12}}, "/m/n.go": {{from: 1}}}, real: map[string]string{}}
	at := func(posn, end string, steps ...string) finding {
		f := finding{Posn: posn, End: end}
		for _, s := range steps {
			f.Related = append(f.Related, step{Posn: s})
		}
		return f
	}
	for _, tt := range []struct {
		finding finding
		want    bool
	}{
		{at("/m/a.go:9:1", "/m/a.go:9:5"), false},
		{at("/m/a.go:9:1", "/m/a.go:10:5"), true},
		{at("/m/a.go:12:1", "/m/a.go:12:1"), true},
		{at("/m/a.go:13:1", ""), false},
		{at("/m/a.go:3:1", "", "/m/a.go:2:1", "/m/a.go:11:1"), true},
		{at("/m/b.go:10:1", "", "/m/a.go:2:1"), false},
		{at("/m/n.go:400:1", ""), true},
		{at("-", "-"), false},
	} {
		if got := c.touch(g, tt.finding); got != tt.want {
			t.Errorf("%+v: %t", tt.finding, got)
		}
	}
}

func TestParseDiff(t *testing.T) {
	t.Parallel()
	diff := `diff --git a/a.go b/a.go
--- a/a.go
+++ b/a.go
@@ -1 +1,2 @@ package a
--- a/fooled.go
+++ b/fooled.go
+@@ -1 +1 @@
@@ -9,2 +9,0 @@
-x
-y
\ No newline at end of file
@@ -20,0 +19 @@
+z
diff --git "a/gr\303\266\303\237e.go" "b/gr\303\266\303\237e.go"
--- "a/gr\303\266\303\237e.go"
+++ "b/gr\303\266\303\237e.go"
@@ -2 +0,0 @@
-x
diff --git a/a b.go b/a b.go
new file mode 100644
--- /dev/null
+++ b/a b.go` + "\t" + `
@@ -0,0 +1,3 @@
+1
+2
+3
diff --git a/gone.go b/gone.go
--- a/gone.go
+++ /dev/null
@@ -1 +0,0 @@
-x
`
	want := map[string][]changedLines{
		"a.go": {{1, 2}, {9, 10}, {19, 19}}, "größe.go": {{1, 1}}, "a b.go": {{1, 3}},
	}
	if got := parseDiff(diff); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
