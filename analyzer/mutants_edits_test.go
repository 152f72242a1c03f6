package analyzer_test

import (
	"fmt"
	"go/ast"
	"go/types"
	"math/rand/v2"
	"strings"
)

// An edit replaces bytes of a file.
type edit struct {
	from, to int
	text     string
}

// A mutation changes the syntax of a function at one place. It gives nothing
// where the function has no place for it. What it makes need not compile.
type mutation struct {
	name  string
	apply func(s *site, r *rand.Rand) []edit
}

// A site is a function that is to be changed, with the places for it.
type site struct {
	src   *mutantFile
	fn    *ast.FuncDecl
	stmts []ast.Stmt // those that stand in a list
	next  []ast.Stmt // the one behind each, nil for the last
	conds []ast.Expr // of if and for
	calls []*ast.CallExpr
}

func siteOf(src *mutantFile, fn *ast.FuncDecl) *site {
	s := &site{src: src, fn: fn}
	list := func(all []ast.Stmt) {
		for i, st := range all {
			s.stmts = append(s.stmts, st)
			if i+1 < len(all) {
				s.next = append(s.next, all[i+1])
			} else {
				s.next = append(s.next, nil)
			}
		}
	}
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			list(n.List)
		case *ast.CaseClause:
			list(n.Body)
		case *ast.CommClause:
			list(n.Body)
		case *ast.IfStmt:
			s.conds = append(s.conds, n.Cond)
		case *ast.ForStmt:
			if n.Cond != nil {
				s.conds = append(s.conds, n.Cond)
			}
		case *ast.CallExpr:
			s.calls = append(s.calls, n)
		}
		return true
	})
	return s
}

func (s *site) text(n ast.Node) string { return s.src.text[s.src.at(n.Pos()):s.src.at(n.End())] }

func (s *site) replace(n ast.Node, text string) []edit {
	return []edit{{s.src.at(n.Pos()), s.src.at(n.End()), text}}
}

// mutations are all ways to change a function; "S" in a pattern is a statement.
func mutations() []mutation {
	all := []mutation{
		{"swap", swapStatements},
		{"negate", negateCondition},
		{"call of the function itself", recurse},
		{"method value", methodValue},
		{"converted method value", convertedValue},
		{"method expression", methodExpression},
		{"generic argument", genericArgument},
		{"nil argument", nilArgument},
	}
	for _, pattern := range []string{
		"", // deleted
		"S\nS",
		"for range 2 {\nS\n}",
		"for {\nS\n}",
		"for {\nS\nbreak\n}",
		"mutant:\nfor {\nfor {\nS\nbreak mutant\n}\n}",
		"goto mutant\nmutant:\nS",
		"mutant:\nS\nif len(mutantNone) > 0 {\ngoto mutant\n}",
		"if len(mutantNone) > 0 {\nS\n}",
		"if len(mutantNone) > 0 {\nreturn\n}\nS",
		"S\npanic(1)",
		"switch {\ndefault:\nS\n}",
		"select {\ndefault:\nS\n}",
		"select {\ncase <-mutantChan:\nS\ncase mutantChan <- 1:\n}",
		"for range mutantChan {\nS\n}",
		"for range mutantSeq {\nS\n}",
		"func() {\nS\n}()",
		"defer func() {\nS\n}()",
		"go func() {\nS\n}()",
		"mutantRun(func() {\nS\n})",
		"defer mutantRun(func() {\nS\n})",
		"go mutantRun(func() {\nS\n})",
		"mutant := func() {\nS\n}\nmutant()",
		"mutant := func() {\nS\n}\ngo mutant()",
		"var mutant func(int)\nmutant = func(n int) {\nif n > 0 {\nmutant(n - 1)\n}\nS\n}\nmutant(2)",
		"defer func() {\nrecover()\nS\n}()",
		"mutantLock.Lock()\nS\nmutantLock.Unlock()",
		"mutantGroup.Add(1)\ngo func() {\ndefer mutantGroup.Done()\nS\n}()",
		"(func(func()))(mutantGroup.Go)(func() {\nS\n})\n(func())(mutantGroup.Wait)()",
	} {
		all = append(all, mutation{fmt.Sprintf("%q", pattern), wrap(pattern)})
	}
	return all
}

// mutantDecls are what the patterns use; they are put behind the last declaration.
const mutantDecls = `

var (
	mutantNone  []int
	mutantChan  chan int
	mutantLock  mutantSync.Mutex
	mutantGroup mutantSync.WaitGroup
)

func mutantRun[F ~func()](f F) { f() }

func mutantSame[T any](x T) T { return x }

func mutantSeq(yield func(int) bool) { _ = yield(1) && yield(2) }
`

// pick is one of the list, or the zero value if there is none.
func pick[T any](r *rand.Rand, list []T) (one T, ok bool) {
	if len(list) == 0 {
		return one, false
	}
	return list[r.IntN(len(list))], true
}

func wrap(pattern string) func(*site, *rand.Rand) []edit {
	return func(s *site, r *rand.Rand) []edit {
		st, ok := pick(r, s.stmts)
		if !ok {
			return nil
		}
		return s.replace(st, strings.ReplaceAll(pattern, "S", s.text(st)))
	}
}

func swapStatements(s *site, r *rand.Rand) []edit {
	if len(s.stmts) == 0 {
		return nil
	}
	i := r.IntN(len(s.stmts))
	a, b := s.stmts[i], s.next[i]
	if b == nil {
		return nil
	}
	return append(s.replace(a, s.text(b)), s.replace(b, s.text(a))...)
}

func negateCondition(s *site, r *rand.Rand) []edit {
	c, ok := pick(r, s.conds)
	if !ok {
		return nil
	}
	return s.replace(c, "!("+s.text(c)+")")
}

// recurse calls the function with its own parameters before a statement.
func recurse(s *site, r *rand.Rand) []edit {
	st, ok := pick(r, s.stmts)
	if !ok {
		return nil
	}
	var args []string
	for _, f := range s.fn.Type.Params.List {
		_, variadic := f.Type.(*ast.Ellipsis)
		for _, name := range f.Names {
			args = append(args, name.Name)
			if variadic {
				args[len(args)-1] += "..."
			}
		}
	}
	call := s.fn.Name.Name + "(" + strings.Join(args, ", ") + ")"
	if s.fn.Recv != nil {
		if len(s.fn.Recv.List[0].Names) == 0 {
			return nil
		}
		call = s.fn.Recv.List[0].Names[0].Name + "." + call
	}
	how, _ := pick(r, []string{"", "go ", "defer "})
	return s.replace(st, how+call+"\n"+s.text(st))
}

// methodCalls are the calls of methods, and the name before the parenthesis.
func (s *site) methodCall(r *rand.Rand) (*ast.CallExpr, *ast.SelectorExpr, *types.Selection) {
	var calls []*ast.CallExpr
	for _, c := range s.calls {
		if sel, ok := c.Fun.(*ast.SelectorExpr); ok && s.src.pass.TypesInfo.Selections[sel] != nil {
			calls = append(calls, c)
		}
	}
	c, ok := pick(r, calls)
	if !ok {
		return nil, nil, nil
	}
	sel := c.Fun.(*ast.SelectorExpr)
	return c, sel, s.src.pass.TypesInfo.Selections[sel]
}

func (s *site) typeText(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p == s.src.pass.Pkg {
			return ""
		}
		return p.Name()
	})
}

func methodValue(s *site, r *rand.Rand) []edit {
	c, sel, _ := s.methodCall(r)
	if c == nil {
		return nil
	}
	form, _ := pick(r, []string{"mutantSame(%s)", "(%s)", "func() { mutant := %s; mutant"})
	if !strings.HasPrefix(form, "func") {
		return s.replace(sel, fmt.Sprintf(form, s.text(sel)))
	}
	args := s.src.text[s.src.at(c.Lparen):s.src.at(c.End())]
	return s.replace(c, fmt.Sprintf(form, s.text(sel))+args+" }()")
}

func convertedValue(s *site, r *rand.Rand) []edit {
	_, sel, selection := s.methodCall(r)
	if sel == nil {
		return nil
	}
	return s.replace(sel, "("+s.typeText(selection.Type())+")("+s.text(sel)+")")
}

func methodExpression(s *site, r *rand.Rand) []edit {
	c, sel, selection := s.methodCall(r)
	if c == nil || selection.Kind() != types.MethodVal {
		return nil
	}
	recv, t := s.text(sel.X), selection.Recv()
	if _, ok := types.Unalias(t).(*types.Pointer); !ok && !types.IsInterface(t) {
		recv, t = "&"+recv, types.NewPointer(t)
	}
	args := s.src.text[s.src.at(c.Lparen)+1 : s.src.at(c.Rparen)]
	return s.replace(c, fmt.Sprintf("(%s).%s(%s, %s)", s.typeText(t), sel.Sel.Name, recv, args))
}

func (s *site) argument(r *rand.Rand) ast.Expr {
	var args []ast.Expr
	for _, c := range s.calls {
		args = append(args, c.Args...)
	}
	a, _ := pick(r, args)
	return a
}

func genericArgument(s *site, r *rand.Rand) []edit {
	a := s.argument(r)
	if a == nil {
		return nil
	}
	return s.replace(a, "mutantSame("+s.text(a)+")")
}

func nilArgument(s *site, r *rand.Rand) []edit {
	a := s.argument(r)
	if a == nil {
		return nil
	}
	return s.replace(a, "nil")
}
