package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSources reads what a line directive can present.
func TestSources(t *testing.T) {
	t.Parallel()
	dir := writeModule(t, map[string]string{
		"m/a.go": "compiled", "m/other.go": "package m", "m/gram.y": "grammar", "m/.git/config.go": "secret", "m/_x/y.go": "secret",
		"m/credentials.json": "secret", "m/large.go": strings.Repeat("x", maxSourceFile+1), "secret.go": "secret", "linked.go": "compiled",
	})
	for name, target := range map[string]string{
		"out.go": "../secret.go", "in.go": "other.go", "way": "..", "dangling.go": "nowhere.go", "loop.go": "loop.go", "linked.go": "../linked.go", "hidden.go": ".git/config.go",
	} {
		if err := os.Symlink(target, filepath.Join(dir, "m", name)); err != nil {
			t.Skip(err)
		}
	}
	if err := os.Mkdir(dir+"/m/dir.go", 0o777); err != nil {
		t.Fatal(err)
	}
	pipes := exec.Command("mkfifo", dir+"/m/pipe.go").Run() == nil
	p := pkg{Dir: dir + "/m", GoFiles: []string{"a.go", "linked.go"}}
	p.Module = &struct {
		Main bool
		Dir  string
	}{true, dir + "/m"}
	dependency := pkg{Dir: dir + "/dep", GoFiles: []string{"d.go"}}
	s := env{dir: dir}.sourcesOf(&options{dir: "m"}, []pkg{p, dependency})
	for name, want := range map[string]string{
		"m/a.go": "compiled", dir + "/m/a.go": "compiled", "m/linked.go": "compiled", "m/../m/other.go": "package m", "m/in.go": "package m", "m/gram.y": "grammar",
		"secret.go": "", "m/../secret.go": "", "m/out.go": "", "m/way/secret.go": "", "m/dangling.go": "", "m/loop.go": "", "m/hidden.go": "",
		"m/.git/config.go": "", "m/_x/y.go": "", "m/credentials.json": "", "m/large.go": "", "m/dir.go": "", "m": "", "": "", "m/pipe.go": "",
		"/etc/passwd": "", "/proc/self/environ": "", "/dev/zero": "", "/dev/zero/x.go": "", "dep/d.go": "", "m/nul\x00.go": "",
	} {
		if name == "m/pipe.go" && !pipes {
			continue
		}
		text, err := s.read(name)
		if string(text) != want || (err == nil) != (want != "") {
			t.Errorf("%q: %.20q, %v, want %q", name, text, err, want)
		}
	}
	if _, err := s.read(dir + "/secret.go"); !errors.Is(err, errNotShown) {
		t.Errorf("error %v, want %v", err, errNotShown)
	}
}

// TestLineDirective presents files that must not be shown, in all formats.
func TestLineDirective(t *testing.T) {
	t.Parallel()
	dir := writeModule(t, map[string]string{
		"secret.go": "hunter2 in line 1", "m/go.mod": goMod, "m/.env": "hunter2",
		"m/grammar.y": "one\ntwo badTwo\n",
		"m/x.go": "package m\n\n//line ../secret.go:1:1\nfunc badA() {}\n\n//line " + "/proc/self/environ:1:1\nfunc badB() {}\n" +
			"//line .env:1:1\nfunc badC() {}\n//line /dev/zero:1:1\nfunc badD() {}\n//line grammar.y:2:1\nfunc badE() {}\n",
	})
	for _, format := range formats() {
		code, out, errs := gatherlint(t, dir+"/m", "-format", format)
		wantCode(t, code, exitFindings, out, errs)
		for _, bad := range []string{"hunter2", "PATH="} {
			if strings.Contains(out, bad) {
				t.Errorf("%s has %q:\n%s", format, bad, out)
			}
		}
		if format == "text" {
			wantContains(t, "text", out, "        two badTwo\n")
		}
	}
}

// TestOverlay shows what was compiled in place of the file.
func TestOverlay(t *testing.T) {
	t.Parallel()
	dir := writeModule(t, map[string]string{
		"m/go.mod": goMod, "m/x.go": "package m\n", "x2.txt": "package m\n\nfunc badOver() { /* overlaid */ }\n",
	})
	write(t, dir, "overlay.json", `{"Replace": {"`+filepath.ToSlash(dir)+`/m/x.go": "`+filepath.ToSlash(dir)+`/x2.txt"}}`)
	code, out, errs := gatherlint(t, dir+"/m", "-overlay", dir+"/overlay.json")
	wantCode(t, code, exitFindings, out, errs)
	wantContains(t, "stdout", out, "func badOver() { /* overlaid */ }")
}
