package source

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

const conditionsSource = `package p

type result struct{ err error }

func load(int) (int, error)
func save() error
func odd(int) bool

func f(in chan int, errs chan error, results chan result, xs []int) error {
	n, err := load(1)
	if err != nil /*1*/ {
		return err
	}
	if err := save(); err != nil /*2*/ {
		return err
	}
	select {
	case err := <-errs:
		if err != nil /*3*/ {
			return err
		}
	case r := <-results:
		if r.err != nil /*4*/ {
			return r.err
		}
	}
	for err := range errs {
		if nil != err /*5*/ {
			return err
		}
	}
	if save() != nil /*6*/ {
		return nil
	}
	if n > 1 {
		_, err = load(2)
	}
	if err != nil /*7*/ || !odd(n) /*8*/ {
		return err
	}
	if err = save(); err == nil /*9*/ && n > 2 /*10*/ {
		return func() error {
			if err != nil /*11*/ {
				return err
			}
			return nil
		}()
	}
	for i := 0; i < n /*12*/; i++ {
		for range xs {
			in <- 1 /*13*/
		}
	}
	if !<-make(chan bool) /*14*/ {
		return nil
	}
	return nil
}
`

// Each mark stands behind a condition; SSA places a comparison at its operator, a call
// at its parenthesis, and a negation not at all.
func TestCondition(t *testing.T) {
	p, text, offset := conditionsPackage(t)
	for mark, want := range map[string]struct{ at, text, err, from string }{
		"1":  {"!=", "err != nil", "err", "load(1)"},
		"2":  {"!=", "err != nil", "err", "save()"},
		"3":  {"!=", "err != nil", "err", "<-errs"},
		"4":  {"!=", "r.err != nil", "r.err", "<-results"},
		"5":  {"!=", "nil != err", "err", "errs"},
		"6":  {"!=", "save() != nil", "save()", "save()"},
		"7":  {"!=", "err != nil", "err", ""}, // one of two calls
		"8":  {"(", "odd(n)", "", ""},
		"9":  {"==", "err == nil", "err", "save()"},
		"10": {">", "n > 2", "", ""},
		"11": {"!=", "err != nil", "err", ""}, // of the function around it
		"12": {"<", "i < n", "", ""},
		"14": {"<-", "<-make(chan bool)", "", "<-make(chan bool)"},
	} {
		end := strings.Index(conditionsSource, "/*"+mark+"*/")
		at := strings.LastIndex(conditionsSource[:end], want.at)
		c := p.Condition(offset + token.Pos(at))
		if c == nil {
			t.Errorf("%s: no condition", mark)
			continue
		}
		if c.Text != want.text || text(c.At.Pos, c.At.End) != want.text || text(c.Err.Pos, c.Err.End) != want.err || text(c.From.Pos, c.From.End) != want.from {
			t.Errorf("%s: %q at %q, error %q from %q (%s), want %+v", mark, c.Text, text(c.At.Pos, c.At.End), text(c.Err.Pos, c.Err.End), text(c.From.Pos, c.From.End), c.FromText, want)
		}
		if c.Receives != (strings.Contains(want.from, "<-") || want.from == "errs") {
			t.Errorf("%s: receives %t", mark, c.Receives)
		}
	}
	if c := p.Condition(offset); c != nil {
		t.Errorf("outside of a function: %+v", c)
	}
	inner := offset + token.Pos(strings.Index(conditionsSource, "/*13*/")-3)
	for depth, want := range []string{"for i := 0; i < n /*12*/; i++ ", "for range xs"} {
		if c := p.Loop(inner, depth); c == nil || text(c.At.Pos, c.At.End) != want {
			t.Errorf("loop %d: %+v, want %s", depth, c, want)
		}
	}
	if c := p.Loop(inner, 2); c != nil {
		t.Errorf("a loop too many: %+v", c)
	}
}

func conditionsPackage(t *testing.T) (p *Package, text func(from, to token.Pos) string, offset token.Pos) {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", conditionsSource, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}}
	conf := types.Config{Error: func(error) {}} // functions without a body
	pkg, _ := conf.Check("p", fset, []*ast.File{f}, info)
	text = func(from, to token.Pos) string {
		if !from.IsValid() {
			return ""
		}
		return conditionsSource[fset.Position(from).Offset:fset.Position(to).Offset]
	}
	return &Package{Pass: &analysis.Pass{Fset: fset, Files: []*ast.File{f}, Pkg: pkg, TypesInfo: info}}, text, f.FileStart
}
