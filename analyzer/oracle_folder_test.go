package analyzer_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// An oracleFolder is a folder of examples, parsed.
type oracleFolder struct {
	sources  map[string]string // the text of its files
	pkg      string
	dice     bool // it has a variable dice
	examples []*oracleExample
	problems []string // what is wrong with no example in particular
}

// An oracleExample is a function that is run, or that says why it is not.
type oracleExample struct {
	name, file  string
	call        string   // the expression that is the function, or ""
	first, last int      // its lines
	line        int      // that of its name
	words       []string // for its parameters of type string
	bad         bool
	wants       []oracleWant
	notRun      string // why it is not run
	parentEnds  bool   // it is right to wait for the parent
	mistakes    []string
}

// An oracleWant is a line with a finding, and the lines that the runtime may give for
// the operation there.
type oracleWant struct {
	line  int
	lines []int
}

func (e *oracleExample) run() bool { return e.notRun == "" && len(e.mistakes) == 0 }

func (f *oracleFolder) example(name string) *oracleExample {
	i := slices.IndexFunc(f.examples, func(e *oracleExample) bool { return e.name == name })
	return f.examples[i]
}

// readOracleFolder parses a folder; the name of the folder is that of the check.
func readOracleFolder(t *testing.T, dir string) *oracleFolder {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples in %s: %v", dir, err)
	}
	f := &oracleFolder{sources: map[string]string{}}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f.sources[filepath.Base(path)] = string(text)
	}
	for _, path := range files {
		if err := f.parse(filepath.Base(dir), filepath.Base(path)); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// parse adds the examples of a file.
func (f *oracleFolder) parse(check, file string) error {
	fset := token.NewFileSet()
	syntax, err := parser.ParseFile(fset, file, f.sources[file], parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	f.pkg = syntax.Name.Name
	f.sources[file] = copySent(fset, syntax, f.sources[file])
	wants := readWants(fset, syntax, check)
	inside := map[int]bool{}
	for _, decl := range syntax.Decls {
		switch decl := decl.(type) {
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				if spec, ok := spec.(*ast.ValueSpec); ok && decl.Tok == token.VAR && spec.Names[0].Name == "dice" {
					f.dice = true
				}
			}
		case *ast.FuncDecl:
			line := func(p token.Pos) int { return fset.Position(p).Line }
			e := &oracleExample{file: file, first: line(decl.Pos()), last: line(decl.End()), line: line(decl.Name.Pos())}
			for _, w := range wants {
				if e.first <= w.line && w.line <= e.last {
					e.wants = append(e.wants, w)
					inside[w.line] = true
				}
			}
			if e.classify(decl) {
				e.describe(decl)
				f.examples = append(f.examples, e)
			}
		}
	}
	for _, w := range wants {
		if !inside[w.line] {
			f.problems = append(f.problems, fmt.Sprintf("%s:%d: a finding outside of all functions is not run; move it into one", file, w.line))
		}
	}
	return nil
}

// classify says whether a function of this file is an example, and sets which.
func (e *oracleExample) classify(fn *ast.FuncDecl) bool {
	stem := strings.TrimSuffix(e.file, ".go")
	switch {
	case stem == "bad_crash" || stem == "bad_loops":
		return false
	case stem == "example":
		e.bad = strings.HasPrefix(fn.Doc.Text(), "BAD: ")
		return e.bad || strings.HasPrefix(fn.Doc.Text(), "GOOD: ")
	case stem == "bad" || strings.HasPrefix(stem, "bad_"):
		e.bad = true
		return len(e.wants) > 0
	case stem == "good" || stem == "lookalikes" || strings.HasPrefix(stem, "good_"):
		return fn.Recv == nil && fn.Name.Name != "init"
	}
	return false
}

var (
	oracleNotRun     = regexp.MustCompile(`(?m)^not run:(.*)$`)
	oracleParentEnds = regexp.MustCompile(`(?m)^parent ends:(.*)$`)
)

// describe sets what the declaration says.
func (e *oracleExample) describe(fn *ast.FuncDecl) {
	e.name, e.call = fn.Name.Name, fn.Name.Name
	e.words = append(comparedWords(fn), "word")
	if fn.Recv != nil {
		e.receiver(fn.Recv.List[0].Type)
	}
	if fn.Type.TypeParams != nil {
		e.instantiate(fn.Type.TypeParams)
	}
	if m := oracleNotRun.FindStringSubmatch(fn.Doc.Text()); m != nil {
		if e.notRun = strings.TrimSpace(m[1]); e.notRun == "" {
			e.mistakes = append(e.mistakes, `"not run:" needs a reason`)
		}
	}
	if m := oracleParentEnds.FindStringSubmatch(fn.Doc.Text()); m != nil {
		if e.parentEnds = strings.TrimSpace(m[1]) != ""; !e.parentEnds {
			e.mistakes = append(e.mistakes, `"parent ends:" needs a reason`)
		}
	}
	if e.bad && len(e.wants) == 0 {
		e.mistakes = append(e.mistakes, "it has no want comment")
	}
}

// comparedWords are the strings that a function compares parameters with.
func comparedWords(fn *ast.FuncDecl) []string {
	var words []string
	compare := func(x ast.Expr, with ...ast.Expr) {
		name, ok := x.(*ast.Ident)
		if !ok || !slices.ContainsFunc(fn.Type.Params.List, func(field *ast.Field) bool {
			return slices.ContainsFunc(field.Names, func(id *ast.Ident) bool { return id.Name == name.Name })
		}) {
			return
		}
		for _, y := range with {
			if lit, ok := y.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if word, err := strconv.Unquote(lit.Value); err == nil {
					words = append(words, word)
				}
			}
		}
	}
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			compare(n.X, n.Y)
		case *ast.SwitchStmt:
			for _, c := range n.Body.List {
				compare(n.Tag, c.(*ast.CaseClause).List...)
			}
		}
		return true
	})
	return words
}

// receiver makes a method an expression: a function of its receiver.
func (e *oracleExample) receiver(t ast.Expr) {
	switch t := t.(type) {
	case *ast.StarExpr:
		if id, ok := t.X.(*ast.Ident); ok {
			e.name, e.call = id.Name+"."+e.name, "(*"+id.Name+")."+e.name
			return
		}
	case *ast.Ident:
		e.name = t.Name + "." + e.name
		e.call = e.name
		return
	}
	e.mistakes = append(e.mistakes, "a method of a generic type cannot be called; move what it does into a function")
}

// instantiate gives a generic function a type for each parameter.
func (e *oracleExample) instantiate(params *ast.FieldList) {
	var types []string
	for _, field := range params.List {
		switch c := field.Type.(type) {
		case *ast.Ident:
			if c.Name != "any" && c.Name != "comparable" {
				e.mistakes = append(e.mistakes, "it cannot be called: nobody knows a type for the constraint "+c.Name)
			}
		case *ast.SelectorExpr:
			if c.Sel.Name != "Ordered" {
				e.mistakes = append(e.mistakes, "it cannot be called: nobody knows a type for the constraint "+c.Sel.Name)
			}
		default:
			e.mistakes = append(e.mistakes, "it cannot be called: nobody knows a type for its constraint")
		}
		for range field.Names {
			types = append(types, "string")
		}
	}
	e.call += "[" + strings.Join(types, ", ") + "]"
}

// readWants lists the lines with an expectation of the check.
func readWants(fset *token.FileSet, file *ast.File, check string) []oracleWant {
	var out []oracleWant
	for _, group := range file.Comments {
		for _, c := range group.List {
			text, ok := strings.CutPrefix(c.Text, "// want ")
			if !ok || !strings.Contains(text, check+": ") {
				continue
			}
			line := fset.Position(c.Pos()).Line
			out = append(out, oracleWant{line, append(selectLines(fset, file, line), line)})
		}
	}
	return out
}

// selectLines are the lines that may stand for a line of a select statement: a
// goroutine that waits there is at the word select, or at the case if there is
// only one.
func selectLines(fset *token.FileSet, file *ast.File, line int) []int {
	var out []int
	ast.Inspect(file, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectStmt)
		if !ok {
			return true
		}
		head := fset.Position(s.Pos()).Line
		var cases []int
		for _, c := range s.Body.List {
			cases = append(cases, fset.Position(c.Pos()).Line)
		}
		if head == line {
			out = append(out, cases...)
		}
		if slices.Contains(cases, line) {
			out = append(out, head)
		}
		return true
	})
	return out
}

// copySent has the sends of a file send a copy of the variable or field that is
// there, without moving a line. A blocked sender refers to what it sends, and if
// that is a variable captured by the closure that has the channel as well, then
// the runtime takes the channel for reachable and the goroutine for no leak.
func copySent(fset *token.FileSet, file *ast.File, text string) string {
	var out strings.Builder
	last := 0
	ast.Inspect(file, func(n ast.Node) bool {
		send, ok := n.(*ast.SendStmt)
		if !ok {
			return true
		}
		switch value := send.Value.(type) {
		case *ast.Ident:
			if slices.Contains([]string{"nil", "true", "false"}, value.Name) {
				return true
			}
		case *ast.SelectorExpr, *ast.IndexExpr, *ast.StarExpr:
		default:
			return true
		}
		from, to := fset.Position(send.Value.Pos()).Offset, fset.Position(send.Value.End()).Offset
		out.WriteString(text[last:from] + "oracleCopy(" + text[from:to] + ")")
		last = to
		return true
	})
	return out.String() + text[last:]
}

// functions is a file for the copy of the folder, which gives the program its
// functions and sets its dice.
func (f *oracleFolder) functions() string {
	var b strings.Builder
	fmt.Fprintf(&b, "package %s\n\nfunc OracleFunctions(d func(n int) int) map[string]any {\n", f.pkg)
	if f.dice {
		b.WriteString("\tdice = d\n")
	}
	b.WriteString("\treturn map[string]any{\n")
	for _, e := range f.examples {
		if e.run() {
			fmt.Fprintf(&b, "\t\t%q: %s,\n", e.name, e.call)
		}
	}
	b.WriteString("\t}\n}\n\n//go:noinline\nfunc oracleCopy[T any](v T) T { return v }\n")
	return b.String()
}
