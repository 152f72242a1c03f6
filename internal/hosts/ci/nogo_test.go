package ci

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gatherlint/gatherlint/internal/hosts/setup"
)

// rulesGo is the version of rules_go whose nogo is run.
const rulesGo = "github.com/bazelbuild/rules_go@v0.65.0"

// nogoSources are the files that rules_go makes nogo of, in its BUILD.bazel.
var nogoSources = regexp.MustCompile(`(?s)name = "nogo_srcs",\s+srcs = \[(.*?)\]`)

// buildNogo builds nogo with package analyzer in it as rules_go does: its own
// generator writes a file that is compiled together with its sources. Bazel
// lets them import an internal package of x/tools; for the go command the path
// of the module has to.
func buildNogo(t *testing.T, config string) string {
	t.Helper()
	dir := t.TempDir()
	var download struct{ Dir string }
	text := setup.Run(t, dir, nil, "go", "mod", "download", "-json", rulesGo).Want(t, 0).Stdout
	if err := json.Unmarshal([]byte(text), &download); err != nil {
		t.Fatal(err)
	}
	builders := filepath.Join(download.Dir, "go", "tools", "builders")
	m := nogoSources.FindStringSubmatch(setup.Read(t, builders, "BUILD.bazel"))
	if m == nil {
		t.Fatal("BUILD.bazel of rules_go does not list the sources of nogo")
	}
	files := map[string]string{
		"go.mod": "module golang.org/x/tools/nogo\n\ngo 1.25.0\n\nrequire github.com/gatherlint/gatherlint v0.0.0\n\nreplace github.com/gatherlint/gatherlint => " + setup.Root(t) + "\n",
	}
	for _, m := range regexp.MustCompile(`"(\w+\.go)"`).FindAllStringSubmatch(m[1], -1) {
		files[m[1]] = setup.Read(t, builders, m[1])
	}
	setup.Write(t, dir, files)
	generator := t.TempDir()
	setup.Write(t, generator, map[string]string{
		"go.mod":    "module generator\n\ngo 1.25.0\n",
		"nogo.json": config,
		"main.go":   setup.Read(t, builders, "generate_nogo_main.go"),
		"flags.go":  setup.Read(t, builders, "flags.go"),
		"run.go":    "package main\n\nimport (\n\t\"log\"\n\t\"os\"\n)\n\nfunc main() {\n\tif err := genNogoMain(os.Args[1:]); err != nil {\n\t\tlog.Fatal(err)\n\t}\n}\n",
	})
	setup.Run(t, generator, nil, "go", "run", ".", "-output", filepath.Join(dir, "nogo_generated.go"),
		"-analyzer_importpath", "github.com/gatherlint/gatherlint/analyzer", "-config", "nogo.json").Want(t, 0)
	setup.Run(t, dir, nil, "go", "mod", "tidy").Want(t, 0)
	exe := filepath.Join(dir, "nogo-program")
	setup.Run(t, dir, nil, "go", "build", "-buildvcs=false", "-o", exe, ".").Want(t, 0)
	return exe
}

// finding is a line of a finding in the text of nogo and of go vet.
var finding = regexp.MustCompile(`(?m)^(\S+\.go:\d+:\d+: [^\t\n].*?)(?: \(gatherlint\))?$`)

// A bazel runs nogo in the module of dir as Bazel's actions do: once on a package,
// when it is built first, also if that is for another package.
type bazel struct {
	nogo, dir string
	out       string   // where the facts are
	facts     []string // the flags that name those of the packages that were built
	built     map[string]bool
}

func newBazel(t *testing.T, nogo, dir string) *bazel {
	return &bazel{nogo: nogo, dir: dir, out: t.TempDir(), built: map[string]bool{}}
}

// build runs the actions that are missing for packages, dependencies first, for
// facts only where the code is that of others. The findings are relative to the
// directory, sorted.
func (b *bazel) build(t *testing.T, patterns ...string) []string {
	t.Helper()
	type pkg struct {
		ImportPath, Dir, Export string
		Standard                bool
		GoFiles                 []string
		Module                  struct{ Main bool }
	}
	var importcfg strings.Builder
	var pkgs []pkg
	list := append([]string{"list", "-export", "-deps", "-json"}, patterns...)
	decoder := json.NewDecoder(strings.NewReader(setup.Run(t, b.dir, nil, "go", list...).Want(t, 0).Stdout))
	for decoder.More() {
		var p pkg
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		if p.Export != "" {
			importcfg.WriteString("packagefile " + p.ImportPath + "=" + p.Export + "\n")
		}
		if !p.Standard && !b.built[p.ImportPath] {
			pkgs = append(pkgs, p)
		}
	}
	setup.Write(t, b.out, map[string]string{"importcfg": importcfg.String()})
	var found []string
	for _, p := range pkgs {
		file := filepath.Join(b.out, strings.Repeat("x", len(b.facts)+1))
		args := append([]string{"-importcfg", filepath.Join(b.out, "importcfg"), "-go_version", "1.26", "-p", p.ImportPath, "-x", file}, b.facts...)
		if !p.Module.Main {
			args = append(args, "-facts_only")
		}
		for _, name := range p.GoFiles {
			args = append(args, filepath.Join(p.Dir, name))
		}
		r := setup.Run(t, b.dir, []string{"GOARCH=amd64"}, b.nogo, args...)
		for _, m := range finding.FindAllStringSubmatch(strings.ReplaceAll(r.Stderr, b.dir+"/", ""), -1) {
			found = append(found, m[1])
		}
		if r.Code != 0 && !strings.Contains(r.Stderr, "errors found by nogo during build-time code analysis:") {
			t.Fatalf("nogo on %s: exit code %d\n%s", p.ImportPath, r.Code, r.Stderr)
		}
		b.facts = append(b.facts, "-fact", p.ImportPath+"="+file)
		b.built[p.ImportPath] = true
	}
	slices.Sort(found)
	return found
}

// TestNogo runs the real nogo: with the configuration of the documentation it
// finds what go vet finds, in any order of packages, with other flags what they
// say, and a flag that does not exist is refused.
func TestNogo(t *testing.T) {
	setup.Real(t)
	config := setup.Blocks(t, "docs/ci.md", "json")[0]
	demo, command := setup.Demo(t, nil), setup.Command(t)
	var want []string
	for _, m := range finding.FindAllStringSubmatch(setup.Run(t, demo, nil, "go", "vet", "-vettool="+command, "./...").Want(t, 1).Stderr, -1) {
		want = append(want, m[1])
	}
	slices.Sort(want)
	nogo := buildNogo(t, config)
	got := newBazel(t, nogo, demo).build(t, "./...")
	if len(want) < 2 || !slices.Equal(got, want) {
		t.Errorf("nogo:\n%s\ngo vet:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}

	testNogoOrder(t, nogo)

	one := buildNogo(t, strings.Replace(config, `"default"`, `"lostctx,deadctx"`, 1))
	quay := filepath.Join("quay", "papers.go")
	lost := "g, _ := errgroup.WithContext(ctx)"
	text := setup.Read(t, demo, quay)
	if got := newBazel(t, one, demo).build(t, "./..."); len(got) != 2 {
		t.Errorf("with two checks:\n%s", strings.Join(got, "\n"))
	}
	setup.Write(t, demo, map[string]string{quay: strings.Replace(text, lost, lost+" //nolint:gatherlint", 1)})
	if got := newBazel(t, one, demo).build(t, "./..."); len(got) != 1 || !strings.Contains(got[0], ": deadctx: ") {
		t.Errorf("with a comment nolint:\n%s", strings.Join(got, "\n"))
	}

	for from, to := range map[string]string{`"checks": "default"`: `"chekcs": "default"`, `"default"`: `"losctx"`} {
		wrong := buildNogo(t, strings.Replace(config, from, to, 1))
		setup.Write(t, demo, map[string]string{"importcfg": ""})
		r := setup.Run(t, demo, nil, wrong, "-importcfg", "importcfg", "-p", "x", "main.go")
		if r.Code != 1 || !strings.Contains(r.Stderr, "gatherlint: ") || !strings.Contains(r.Stderr, strings.Trim(strings.Split(to, ":")[0], `"`)) {
			t.Errorf("%s: exit code %d\n%s", to, r.Code, r.Stderr)
		}
	}
}
