package analyzer

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/internal/check"
)

// Suppression: a comment
//
//	//gatherlint:ignore CHECK[,CHECK] REASON
//
// silences findings of these checks on its own line, or on the next line when
// it stands alone. The reason is required: it is what the next reader needs. A
// directive that silences nothing is reported, unless its check did not run.

const directivePrefix = "//gatherlint:ignore"

// A directive is one such comment.
type directive struct {
	pos, end token.Pos
	file     *token.File
	line     int
	checks   map[string]bool
	problem  string // what is wrong with it, "" if nothing
	used     bool
}

type directiveList []*directive

// directives reads the suppressions of the package's files.
func directives(pass *analysis.Pass, running []*check.Check) directiveList {
	on := map[string]bool{}
	for _, c := range running {
		on[c.Name] = true
	}
	var out directiveList
	for _, f := range pass.Files {
		tf := pass.Fset.File(f.FileStart)
		code := codeLines(tf, f)
		for _, cg := range f.Comments {
			for _, c := range cg.List {
				rest, ok := strings.CutPrefix(c.Text, directivePrefix)
				if !ok || rest != "" && rest[0] != ' ' && rest[0] != '\t' {
					continue
				}
				d := parseDirective(rest, on)
				d.pos, d.end, d.file, d.line = c.Pos(), c.End(), tf, tf.Line(c.Pos())
				if !code[d.line] {
					d.line = tf.Line(cg.End()) + 1 // above the code it is about
				}
				out = append(out, d)
			}
		}
	}
	return out
}

func parseDirective(rest string, on map[string]bool) *directive {
	d := &directive{checks: map[string]bool{}}
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		d.problem = "names no check and no reason"
		return d
	}
	anyOn := false
	for _, name := range strings.Split(fields[0], ",") {
		if name == "" {
			d.problem = "has an empty name in its list; names are separated by commas without spaces"
			return d
		}
		if !isKnown(check.All(), name) {
			d.problem = "names the " + unknownCheck(name).Error()
			return d
		}
		d.checks[name] = true
		anyOn = anyOn || on[name]
	}
	if len(fields) == 1 {
		d.problem = "gives no reason"
		return d
	}
	d.used = !anyOn // cannot be judged
	return d
}

// codeLines are the lines on which something other than a comment stands.
func codeLines(tf *token.File, f *ast.File) map[int]bool {
	lines := map[int]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n.(type) {
		case nil, *ast.CommentGroup, *ast.Comment:
			return false
		}
		lines[tf.Line(n.Pos())] = true
		if n.End().IsValid() && n != ast.Node(f) {
			lines[tf.Line(n.End()-1)] = true
		}
		return true
	})
	return lines
}

// covers reports whether a directive silences the finding, and marks it used. A
// directive without a reason silences nothing.
func (l directiveList) covers(file *token.File, fd check.Finding) bool {
	line := file.Line(fd.At.Pos)
	for _, d := range l {
		if d.file == file && d.line == line && d.problem == "" && d.checks[fd.Check] {
			d.used = true
			return true
		}
	}
	return false
}

func (l directiveList) reportUnused(pass *analysis.Pass, generated map[*token.File]bool) {
	for _, d := range l {
		problem := d.problem
		if problem == "" && !d.used {
			problem = "silences nothing"
		}
		if problem == "" || generated[d.file] {
			continue
		}
		pass.Report(analysis.Diagnostic{
			Pos: d.pos, End: d.end, Category: "directive", URL: URL + "#directive",
			Message: fmt.Sprintf("directive: %s %s", strings.TrimPrefix(directivePrefix, "//"), printable(problem)),
		})
	}
}
