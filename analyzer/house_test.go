package analyzer_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/gatherlint/gatherlint/analyzer"
)

// The tests of this file keep the house in order: what is registered, tested
// and documented is the same; packages import downwards only; messages have one
// style; nothing grows beyond a screen or two.

// Registry, folders, goldens and sections have the same names.
func TestRegistry(t *testing.T) {
	want := checkNames()
	compare := func(what string, got []string) {
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, but the registered checks are %v", what, got, want)
		}
	}
	glob := func(pattern string, name func(string) string) []string {
		paths, err := filepath.Glob(repoFile(pattern))
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, p := range paths {
			names = append(names, name(p))
		}
		return names
	}
	folder := func(p string) string { return filepath.Base(filepath.Dir(p)) }
	for _, file := range []string{"example.go", "bad.go", "good.go"} {
		compare("folders of testdata/src with "+file, glob("testdata/src/*/"+file, folder))
	}
	compare("files of testdata/golden", glob("testdata/golden/*.txt", func(p string) string { return strings.TrimSuffix(filepath.Base(p), ".txt") }))
	var sections []string
	for _, m := range regexp.MustCompile(`(?m)^### (.*)$`).FindAllStringSubmatch(readRepo(t, "docs/checks.md"), -1) {
		if m[1] != "directive" {
			sections = append(sections, m[1])
		}
	}
	compare("sections of docs/checks.md", sections)
	var listed []string
	for _, c := range analyzer.Checks() {
		listed = append(listed, c.Name)
	}
	compare("analyzer.Checks", listed)
}

// weak are words of advice or doubt; a message states a fact.
var weak = regexp.MustCompile(`(?i)\b(should|shall|must|may|might|could|maybe|perhaps|probably|consider|please|try|potential(ly)?|possibl[ey])\b`)

var (
	findingLine = regexp.MustCompile(`^[^ ].*?:\d+(?::\d+)?: ([a-z]+): (.*)$`)
	stepLine    = regexp.MustCompile(`^    .*?:\d+(?::\d+)?: (\d+)\. (.*)$`)
	closingLine = regexp.MustCompile(`^\d+ findings? in \d+ packages?(?:; \d+ can be fixed with -fix)?$`)
	fixLine     = regexp.MustCompile(`^    fix: (.*)$`)
)

// Every message that is known to the tests has the one style of messages.
func TestMessages(t *testing.T) {
	texts := map[string]string{}
	for _, name := range checkNames() {
		texts[name] = readRepo(t, "testdata/golden/"+name+".txt")
	}
	_, demo, _ := strings.Cut(readRepo(t, "README.md"), "<!-- demo:begin -->\n```\n")
	if demo, _, _ = strings.Cut(demo, "```\n"); demo == "" {
		t.Error("the README has no output of the demo")
	}
	texts["README"] = demo
	for _, source := range slices.Sorted(maps.Keys(texts)) {
		own := identifiers(t, source)
		for _, block := range strings.Split(strings.TrimSpace(texts[source]), "\n\n") {
			lines := strings.Split(block, "\n")
			m := findingLine.FindStringSubmatch(lines[0])
			if source == "README" && closingLine.MatchString(lines[0]) {
				continue
			}
			if m == nil || source != "README" && m[1] != source || !slices.Contains(checkNames(), m[1]) {
				t.Errorf("%s: a finding does not begin with the name of its check: %s", source, lines[0])
				continue
			}
			style(t, source, m[2], own)
			if !strings.Contains(m[2], "; ") {
				t.Errorf("%s: a message is not fact; consequence: %s", source, m[2])
			}
			if source == "README" {
				lines = withoutSource(t, lines)
			}
			steps(t, source, lines, own)
		}
	}
}

var caretLine = regexp.MustCompile(`^ {8}\s*\^+$`)

// withoutSource takes the line of source and the carets below it, which the
// command prints under a finding, out of its lines.
func withoutSource(t *testing.T, lines []string) []string {
	t.Helper()
	if len(lines) < 3 || !strings.HasPrefix(lines[1], "        ") || !caretLine.MatchString(lines[2]) {
		t.Errorf("README: a finding without its line of source: %s", lines[0])
		return lines
	}
	return append(lines[:1:1], lines[3:]...)
}

// steps looks at what follows a finding.
func steps(t *testing.T, source string, lines []string, own map[string]bool) {
	t.Helper()
	n, others := 0, 0
	for _, line := range lines[1:] {
		if m := fixLine.FindStringSubmatch(line); m != nil {
			if strings.HasSuffix(m[1], ".") || !unicode.IsUpper(rune(m[1][0])) {
				t.Errorf("%s: the title of a fix is not a sentence without a full stop: %s", source, m[1])
			}
			continue
		}
		n++
		m := stepLine.FindStringSubmatch(line)
		if m == nil || m[1] != string(rune('0'+n)) {
			t.Errorf("%s: not step %d: %s", source, n, line)
			continue
		}
		if strings.HasPrefix(m[2], "or ") {
			others++
		}
		style(t, source, m[2], own)
	}
	if n -= others; n < 2 || n > 6 {
		t.Errorf("%s: %d steps, want 2 to 6: %s", source, n, lines[0])
	}
}

func style(t *testing.T, source, text string, own map[string]bool) {
	t.Helper()
	first := text[:strings.IndexFunc(text+" ", func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' })]
	if text != "" && unicode.IsUpper(rune(text[0])) && !own[first] {
		t.Errorf("%s: a text begins with a capital letter and %s is not a name in the code: %s", source, first, text)
	}
	if strings.HasSuffix(text, ".") {
		t.Errorf("%s: a text ends with a full stop: %s", source, text)
	}
	if strings.Contains(text, "$") || strings.Contains(text, " literal)") {
		t.Errorf("%s: a text has a name that no author has written: %s", source, text)
	}
	if w := weak.FindString(text); w != "" {
		t.Errorf("%s: a text has the word %q: %s", source, w, text)
	}
}

// identifiers are the names in the code that a golden file is about.
func identifiers(t *testing.T, source string) map[string]bool {
	t.Helper()
	dir := "testdata/src/" + source
	if source == "README" {
		dir = "testdata/demo"
	}
	names := map[string]bool{}
	for _, f := range goFiles(t, dir) {
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				names[id.Name] = true
			}
			return true
		})
	}
	return names
}

// A goFile is a parsed file of the repository.
type goFile struct {
	path, pkg string // slash-separated, relative to the root
	test      bool
	fset      *token.FileSet
	syntax    *ast.File
}

// goFiles parses the Go files below a directory of the repository. Below the
// root it leaves testdata out, as the go command does.
func goFiles(t *testing.T, dir string) []goFile {
	t.Helper()
	var out []goFile
	fset := token.NewFileSet()
	err := filepath.WalkDir(repoFile(dir), func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(repoFile(""), p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() && dir == "" && rel != "." && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_")) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(rel, ".go") {
			return nil
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		syntax, err := parser.ParseFile(fset, p, text, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			return err
		}
		out = append(out, goFile{rel, path.Dir(rel), strings.HasSuffix(rel, "_test.go"), fset, syntax})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) == 0 {
		t.Fatalf("no Go files in %s", dir)
	}
	return out
}

const module = "github.com/gatherlint/gatherlint/"

// ssaFloors are the packages that know SSA.
var ssaFloors = []string{"internal/source", "internal/flow", "internal/depth", "internal/value", "internal/given", "internal/build", "internal/method", "internal/answers", "internal/alarms", "internal/survey", "internal/errtrace", "internal/waitresult", "internal/order", "internal/race", "internal/rewrite"}

// SSA is for the floors that build the model and answer for it, a report knows nothing
// of how it came about.
func TestImports(t *testing.T) {
	for _, f := range goFiles(t, "") {
		for _, spec := range f.syntax.Imports {
			imp := strings.Trim(spec.Path.Value, `"`)
			if strings.HasPrefix(imp, "golang.org/x/tools/go/ssa") && !slices.Contains(ssaFloors, f.pkg) {
				t.Errorf("%s imports %s: SSA is for %v alone", f.path, imp, ssaFloors)
			}
			if f.pkg == "internal/report" && !f.test && strings.HasPrefix(imp, module) {
				t.Errorf("%s imports %s: a report knows nothing of how it came about", f.path, imp)
			}
		}
	}
}

// An analyzer runs in other people's processes: it does not end them, and does
// nothing before it is asked.
func TestManners(t *testing.T) {
	forbidden := map[string]bool{"panic": true, "recover": true, "log.Fatal": true, "log.Fatalf": true, "log.Fatalln": true, "log.Panic": true, "os.Exit": true}
	for _, f := range goFiles(t, "") {
		if f.test || floorOf(f.pkg) < 0 || f.pkg == "cmd/gatherlint" {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			name := ""
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Name.Name == "init" && n.Recv == nil {
					t.Errorf("%s has a func init", f.fset.Position(n.Pos()))
				}
			case *ast.CallExpr:
				switch fun := n.Fun.(type) {
				case *ast.Ident:
					name = fun.Name
				case *ast.SelectorExpr:
					if x, ok := fun.X.(*ast.Ident); ok {
						name = x.Name + "." + fun.Sel.Name
					}
				}
			}
			if forbidden[name] {
				t.Errorf("%s calls %s", f.fset.Position(n.Pos()), name)
			}
			return true
		})
	}
}

// Nothing is longer than can be read at a time.
func TestSizes(t *testing.T) {
	const fileLimit, funcLimit = 500, 80
	for _, f := range goFiles(t, "") {
		line := func(p token.Pos) int { return f.fset.Position(p).Line }
		if n := line(f.syntax.FileEnd); n > fileLimit {
			t.Errorf("%s has %d lines, the limit is %d", f.path, n, fileLimit)
		}
		for _, decl := range f.syntax.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok {
				if n := line(fn.End()) - line(fn.Pos()) + 1; n > funcLimit {
					t.Errorf("%s: %s has %d lines, the limit is %d", f.path, fn.Name.Name, n, funcLimit)
				}
			}
		}
	}
}

// variables are the package-level variables and why they are needed; those that
// errors.New or regexp.MustCompile make, and _, need no reason.
var variables = map[string]string{
	"analyzer.Analyzer":             "what drivers import; never assigned again",
	"internal/check.registry":       "written by the initialisers of the check files only",
	"internal/model.opNames":        "a table",
	"internal/known.groups":         "a table, read through Group",
	"internal/known.gatherers":      "likewise, through Gatherer",
	"internal/known.table":          "a table",
	"internal/known.objectMethods":  "a table, read through ObjectMethod",
	"internal/known.hintWords":      "a table, read through CallHints and WordHints",
	"internal/known.errorType":      "the predeclared type error",
	"internal/known.requestTypes":   "a table",
	"internal/known.commandFields":  "a table, read through CommandField",
	"internal/known.commandNames":   "a table, read through CommandField",
	"internal/known.commandActions": "a table, read through CommandField",
	"internal/known.commandUsages":  "a table, read through CommandField",
	"internal/known.testDirs":       "a table, read through IsTestPath",
	"internal/known.RequestPath":    "a table",
	"internal/report.pageFiles":     "embedded files, which nobody assigns",
}

func TestVariables(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range goFiles(t, "") {
		if f.test {
			continue
		}
		for _, decl := range f.syntax.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.VAR {
				continue
			}
			for _, spec := range gen.Specs {
				spec := spec.(*ast.ValueSpec)
				for i, name := range spec.Names {
					if name.Name == "_" || i < len(spec.Values) && constantCall(spec.Values[i]) {
						continue
					}
					key := f.pkg + "." + name.Name
					seen[key] = true
					if variables[key] == "" {
						t.Errorf("%s is a package-level variable; pass it on instead, or list it in house_test.go with the reason why it is one", key)
					}
				}
			}
		}
	}
	for key := range variables {
		if !seen[key] {
			t.Errorf("%s is listed and is no variable any more", key)
		}
	}
}

// constantCall says whether an expression makes an error or a regular
// expression, which nobody changes.
func constantCall(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	pkg, ok := sel.X.(*ast.Ident)
	return ok && (pkg.Name == "errors" && sel.Sel.Name == "New" || pkg.Name == "regexp" && sel.Sel.Name == "MustCompile")
}

// Words of this list have no place in a package or file name: they say nothing.
func TestNames(t *testing.T) {
	empty := regexp.MustCompile(`^(utils?|helpers?|common|misc|shared|stuff|temp|tmp)$`)
	for _, f := range goFiles(t, "") {
		for _, word := range strings.FieldsFunc(strings.TrimSuffix(f.path, ".go"), func(r rune) bool { return r == '/' || r == '_' }) {
			if empty.MatchString(word) {
				t.Errorf("%s: %q does not say what is in it", f.path, word)
			}
		}
	}
}

// The engine knows functions of the standard library by their names in one package only.
func TestKnownNames(t *testing.T) {
	function := regexp.MustCompile(`^(\((\*)?)?(context|errors|fmt|io|os|runtime|sync|sync/atomic|time)\.[A-Z]\w*(\)\.[A-Z]\w*)?$`)
	shown := []string{"sync.WaitGroup"} // a kind of group, in what explain says
	for _, f := range goFiles(t, "internal") {
		if f.test || f.pkg == "internal/known" {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			if name, err := strconv.Unquote(lit.Value); err == nil && function.MatchString(name) && !slices.Contains(shown, name) {
				t.Errorf("%s: %s belongs into a table of internal/known", f.path, name)
			}
			return true
		})
	}
}

// The documentation names no place of the machine that it was written on.
func TestPaths(t *testing.T) {
	local := regexp.MustCompile(`/(work|home|root|Users)/`)
	for _, p := range []string{"README.md", "CONTRIBUTING.md", "docs/checks.md", "docs/compare.md", "docs/limits.md", "docs/corpus.md", "docs/found.md", "docs/formats.md", "docs/editors.md", "docs/fleet.md", "docs/golangci-lint.md", "docs/ci.md", "docs/groups.md", "docs/speed.md", ".ci/run"} {
		if m := local.FindString(readRepo(t, p)); m != "" {
			t.Errorf("%s has a path with %s", p, m)
		}
	}
}
