package survey

import (
	"flag"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
)

var update = flag.Bool("update", false, "rewrite the golden dumps")

var dumpPkg = flag.String("dump", "", "print the model of a package below testdata/src and stop")

// The model of every function in testdata/src/model is the one that was read
// against its source and written down, one golden file for each source file.
// Functions that gather nothing are listed at its end.
func TestDump(t *testing.T) {
	b := modelOf(t, "model")
	byFile := map[string]string{}
	functions := map[string]bool{}
	for _, f := range b.pkg.FanOuts {
		byFile[fileOf(b, f.At.Pos)] += dumpOf(&model.Package{FanOuts: []*model.FanOut{f}}, b.pass)
		functions[f.Spawner] = true
	}
	for _, s := range b.pkg.Scenes {
		byFile[fileOf(b, s.At.Pos)] += dumpOf(&model.Package{Scenes: []*model.Scene{s}}, b.pass)
	}
	if len(functions) < 30 {
		t.Errorf("the model has %d functions, want 30 at least", len(functions))
	}
	var want []string
	for _, file := range b.pass.Files {
		source := fileOf(b, file.Pos())
		text := fold(byFile[source])
		for _, d := range file.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok && !strings.Contains(text, "fan-out in "+spawnerName(b, fd)+" (") {
				text += "no fan-out in " + spawnerName(b, fd) + "\n"
			}
		}
		golden := filepath.Join("testdata", strings.TrimSuffix(source, ".go")+".golden")
		want = append(want, golden)
		compareGolden(t, golden, text)
	}
	slices.Sort(want)
	if got, _ := filepath.Glob("testdata/*.golden"); !slices.Equal(got, want) {
		t.Errorf("golden files %v, want %v", got, want)
	}
}

func fileOf(b *built, p token.Pos) string {
	return filepath.Base(b.pass.Fset.Position(p).Filename)
}

func spawnerName(b *built, fd *ast.FuncDecl) string {
	name := fd.Name.Name
	if recv := b.pass.TypesInfo.Defs[fd.Name].(*types.Func).Signature().Recv(); recv != nil {
		name = known.NamedType(recv.Type()).Obj().Name() + "." + name
	}
	return name
}

// fold shortens a dump: what is below a line is written out the first time only,
// so that a helper which is called everywhere does not fill the file.
func fold(text string) string {
	lines := strings.Split(text, "\n")
	indent := func(i int) int { return len(lines[i]) - len(strings.TrimLeft(lines[i], " ")) }
	seen := map[string]bool{}
	var out strings.Builder
	for i := 0; i < len(lines)-1; {
		out.WriteString(lines[i] + "\n")
		end := i + 1
		for end < len(lines)-1 && indent(end) > indent(i) {
			end++
		}
		below := strings.Join(lines[i+1:end], "\n")
		if indent(i) < 4 || end-i < 4 || !seen[below] {
			seen[below] = true
			i++
			continue
		}
		out.WriteString(strings.Repeat(" ", indent(i)+2) + "(as above)\n")
		i = end
	}
	return out.String()
}

func compareGolden(t *testing.T, golden, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) == got {
		return
	}
	was, is := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for i := range max(len(was), len(is)) {
		if i >= len(was) || i >= len(is) || was[i] != is[i] {
			t.Errorf("%s:%d: model and golden dump differ (-update rewrites)\n got: %s\nwant: %s", golden, i+1, lineAt(is, i), lineAt(was, i))
			return
		}
	}
}

func lineAt(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(end of file)"
}

// TestPrint is no test: it prints the model that -dump asks for.
func TestPrint(t *testing.T) {
	if *dumpPkg == "" {
		t.Skip("no -dump")
	}
	all, err := buildAll(*dumpPkg)
	if err != nil {
		t.Fatal(err)
	}
	os.Stdout.WriteString(all[*dumpPkg].dump())
}
