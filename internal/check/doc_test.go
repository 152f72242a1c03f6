package check_test

import (
	"bytes"
	"flag"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/gatherlint/gatherlint/internal/check"
)

var update = flag.Bool("update", false, "rewrite Doc.Bad and Doc.Good from testdata/src/CHECK/example.go")

// The examples of the documentation are the compiled code of the check's folder.
func TestExamples(t *testing.T) {
	for _, c := range check.All() {
		t.Run(c.Name, func(t *testing.T) {
			bad, good := examples(t, filepath.Join("../../testdata/src", c.Name, "example.go"))
			if c.Doc.Bad == bad && c.Doc.Good == good {
				return
			}
			if *update {
				rewrite(t, c.Name+".go", map[string]string{"Bad": bad, "Good": good})
				return
			}
			t.Errorf("Doc.Bad or Doc.Good of %s is not the code of its example.go; to repair it run\n\tgo test ./internal/check -run TestExamples -update", c.Name)
		})
	}
}

// want is an expectation of package analysistest.
var want = regexp.MustCompile("(?m)[ \t]*// want [`\"].*$")

// examples returns the functions under the comments "BAD:" and "GOOD:".
func examples(t *testing.T, path string) (bad, good string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	offset := func(p token.Pos) int { return fset.Position(p).Offset }
	for _, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Doc == nil {
			continue
		}
		code, err := format.Source(want.ReplaceAll(text[offset(fn.Pos()):offset(fn.End())], nil))
		if err != nil {
			t.Fatal(err)
		}
		switch comment := fn.Doc.Text(); {
		case strings.HasPrefix(comment, "BAD: ") && bad == "":
			bad = string(code)
		case strings.HasPrefix(comment, "GOOD: ") && good == "":
			good = string(code)
		}
	}
	if bad == "" || good == "" {
		t.Fatalf("%s: want one function under a comment BAD: and one under a comment GOOD:", path)
	}
	return bad, good
}

// rewrite replaces fields of the Doc literal in a file of this package.
func rewrite(t *testing.T, path string, fields map[string]string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	last := 0
	ast.Inspect(file, func(n ast.Node) bool {
		kv, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		key, ok := kv.Key.(*ast.Ident)
		if !ok {
			return true
		}
		if code, wanted := fields[key.Name]; wanted {
			literal := "`" + code + "`"
			if strings.Contains(code, "`") {
				literal = strconv.Quote(code)
			}
			out.Write(text[last:fset.Position(kv.Value.Pos()).Offset])
			out.WriteString(literal)
			last = fset.Position(kv.Value.End()).Offset
		}
		return true
	})
	out.Write(text[last:])
	if err := os.WriteFile(path, out.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}

// Every check says everything that its page has a heading for.
func TestDocs(t *testing.T) {
	families := map[check.Family]bool{check.Cancellation: true, check.Errors: true, check.Leaks: true}
	for _, c := range check.All() {
		t.Run(c.Name, func(t *testing.T) {
			if !regexp.MustCompile(`^[a-z]+$`).MatchString(c.Name) {
				t.Errorf("the name %q has more than lower-case letters", c.Name)
			}
			if !families[c.Family] {
				t.Errorf("family %q is none of the documentation's", c.Family)
			}
			d := c.Doc
			for name, text := range map[string]string{
				"Summary": d.Summary, "What": d.What, "Why": d.Why, "Bad": d.Bad, "Good": d.Good, "Limits": d.Limits, "Silence": d.Silence,
			} {
				if strings.TrimSpace(text) == "" {
					t.Errorf("Doc.%s is empty", name)
				}
				if strings.HasPrefix(text, "#") || strings.Contains(text, "\n#") {
					t.Errorf("Doc.%s has a heading of its own", name)
				}
				if strings.Count(text, "`")%2 != 0 {
					t.Errorf("Doc.%s has a backquote without its twin", name)
				}
			}
			for name, text := range map[string]string{"What": d.What, "Why": d.Why, "Limits": d.Limits, "Silence": d.Silence} {
				if !strings.HasSuffix(text, ".") {
					t.Errorf("Doc.%s does not end with a full stop", name)
				}
			}
			if strings.HasSuffix(d.Summary, ".") || strings.Contains(d.Summary, ". ") || strings.Contains(d.Summary, "\n") {
				t.Errorf("Doc.Summary is more than one sentence, or ends with a full stop: %s", d.Summary)
			}
			if first := d.Summary[:1]; first != strings.ToLower(first) {
				t.Errorf("Doc.Summary begins with a capital letter: %s", d.Summary)
			}
			if !strings.Contains(d.Silence, "gatherlint:ignore "+c.Name+" ") {
				t.Errorf("Doc.Silence does not show the directive for %s: %s", c.Name, d.Silence)
			}
		})
	}
}
