package analyzer_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"go/ast"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/analyzer"
)

// The tests of this file keep what nogo of Bazel's rules_go asks of package
// analyzer. internal/hosts/ci runs the real nogo.

// A listed is a package as "go list" describes it.
type listed struct {
	ImportPath, Export string
	Standard           bool
}

// closure lists package analyzer and everything that it imports.
func closure(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Export,Standard", module+"analyzer").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []listed
	for decoder := json.NewDecoder(bytes.NewReader(out)); decoder.More(); {
		var p listed
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

// nogo takes the variable Analyzer of a package, and nothing else.
func TestNogoVariable(t *testing.T) {
	exports := map[string]string{}
	for _, p := range closure(t) {
		exports[p.ImportPath] = p.Export
	}
	lookup := func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }
	pkg, err := importer.ForCompiler(token.NewFileSet(), "gc", lookup).Import(module + "analyzer")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, name := range pkg.Scope().Names() {
		v, ok := pkg.Scope().Lookup(name).(*types.Var)
		if ok && types.TypeString(v.Type(), nil) == "*golang.org/x/tools/go/analysis.Analyzer" {
			found = append(found, name)
		}
	}
	if !slices.Equal(found, []string{"Analyzer"}) {
		t.Errorf("the variables of type *analysis.Analyzer are %v, want Analyzer alone", found)
	}
	if err := analysis.Validate([]*analysis.Analyzer{analyzer.Analyzer}); err != nil {
		t.Error(err)
	}
}

// nogo registers the declared facts with gob and writes them so.
func TestNogoFacts(t *testing.T) {
	if len(analyzer.Analyzer.FactTypes) == 0 {
		t.Fatal("the analyzer declares no facts")
	}
	for _, fact := range analyzer.Analyzer.FactTypes {
		if reflect.TypeOf(fact).Kind() != reflect.Pointer {
			t.Errorf("fact %T is not a pointer", fact)
		}
		gob.Register(fact)
		var buf bytes.Buffer
		if err := gob.NewEncoder(&buf).Encode([]analysis.Fact{fact}); err != nil {
			t.Errorf("fact %T cannot be written: %v", fact, err)
		}
		var back []analysis.Fact
		if err := gob.NewDecoder(&buf).Decode(&back); err != nil || len(back) != 1 || !reflect.DeepEqual(back[0], fact) {
			t.Errorf("fact %T is read as %v, error %v", fact, back, err)
		}
	}
}

// nogo sets analyzer_flags by their names, on the variable. Every option that
// is a flag has to work that way; a wrong value is an error.
func TestNogoFlags(t *testing.T) {
	a := analyzer.New(nil)
	if analyzer.Analyzer.Flags.Lookup("checks") == nil {
		t.Error("Analyzer has no flag checks")
	}
	if err := a.Flags.Set("checks", "lostctx"); err != nil || a.Flags.Lookup("checks").Value.String() != "lostctx" {
		t.Errorf("checks is %q, error %v", a.Flags.Lookup("checks").Value, err)
	}
	if err := a.Flags.Set("checks", "losctx"); err == nil || a.Flags.Lookup("checks").Value.String() != "lostctx" {
		t.Errorf("checks is %q, error %v", a.Flags.Lookup("checks").Value, err)
	}
}

// Whoever imports package analyzer runs nothing of gatherlint's: no package
// below it has an init function, and what registers with golangci-lint is not
// among them.
func TestNogoImports(t *testing.T) {
	own := map[string]bool{}
	for _, p := range closure(t) {
		if rel, ok := strings.CutPrefix(p.ImportPath, module); ok {
			own[rel] = true
			continue
		}
		if !p.Standard && !strings.HasPrefix(p.ImportPath, "golang.org/x/") {
			t.Errorf("package analyzer depends on %s", p.ImportPath)
		}
	}
	if !own["analyzer"] || own["plugin"] || own["cmd/gatherlint"] {
		t.Errorf("package analyzer depends on %v", own)
	}
	plugin := 0
	for _, f := range goFiles(t, "") {
		if f.test {
			continue
		}
		for _, decl := range f.syntax.Decls {
			if !isInit(decl) {
				continue
			}
			if f.pkg == "plugin" {
				plugin++
			} else {
				t.Errorf("%s has a func init", f.path)
			}
		}
	}
	if plugin != 1 {
		t.Errorf("package plugin has %d functions init, want 1", plugin)
	}
}

func isInit(decl ast.Decl) bool {
	fn, ok := decl.(*ast.FuncDecl)
	return ok && fn.Recv == nil && fn.Name.Name == "init"
}
