package relevant

import (
	"go/ast"
	"go/types"
	"maps"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
)

// Functions that lock what they have locked: in the same function, or by calling, with a
// lock held, another function of the package that takes it too.
//
// This looks at the text only, as leavesHolding does: a lock is what is written after the
// name of a parameter, the receiver's too, or of a variable. What is found is only a reason
// to build the function.

// forReading marks the locks that are taken for reading.
const forReading = " R"

// localMark begins the key of a variable of the function, which is nothing to its callers.
const localMark = "@"

// locking is what a function does with locks.
type locking struct {
	pass   *analysis.Pass
	params map[types.Object]string // by parameter: its number
	// takes are the locks that it takes while it has given none back.
	takes map[string]bool
	gives bool
	twice bool // it takes one that it has taken
	calls []lockingCall
	// lits are the literals in it, each as a function of its own.
	lits map[*ast.FuncLit]*locking
}

// lockingCall is a call of a function of the package, with the locks held then, and what
// it is given, as it is written.
type lockingCall struct {
	fn   *types.Func
	held taken
	args []string
	lits []*locking // the literals among them
}

// lockingOf goes through a function; nil if it does nothing with locks.
func lockingOf(pass *analysis.Pass, d *ast.FuncDecl) *locking {
	l := &locking{pass: pass, params: map[types.Object]string{}, takes: map[string]bool{}, lits: map[*ast.FuncLit]*locking{}}
	n := 0
	for _, list := range []*ast.FieldList{d.Recv, d.Type.Params} {
		if list == nil {
			continue
		}
		for _, f := range list.List {
			for _, name := range f.Names {
				l.params[pass.TypesInfo.Defs[name]] = strconv.Itoa(n)
				n++
			}
			if len(f.Names) == 0 {
				n++
			}
		}
	}
	l.list(d.Body.List, taken{})
	if len(l.calls) == 0 && len(l.takes) == 0 && !l.twice {
		return nil
	}
	return l
}

// list goes through statements, and notes in held what they leave taken.
func (l *locking) list(list []ast.Stmt, held taken) {
	for _, stmt := range list {
		l.stmt(stmt, held)
		for _, inner := range innerLists(stmt) {
			branch := maps.Clone(held)
			l.list(inner, branch)
			if len(inner) == 0 || !leaves(inner[len(inner)-1]) {
				maps.DeleteFunc(held, func(key string, _ bool) bool { return !branch[key] })
			}
		}
	}
}

// stmt goes through the calls of a statement outside of its inner lists, and of the
// literals in it. What is started happens later; what is deferred is looked at as if it
// happened here, where it locks.
func (l *locking) stmt(stmt ast.Stmt, held taken) {
	deferred, _ := stmt.(*ast.DeferStmt)
	if _, ok := stmt.(*ast.GoStmt); ok {
		return
	}
	ast.Inspect(stmt, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			lit := l.literal(n)
			lit.list(n.Body.List, maps.Clone(held))
			l.calls, l.twice = append(l.calls, lit.calls...), l.twice || lit.twice
			return false
		case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
			return false
		case *ast.CallExpr:
			l.call(n, held, deferred != nil && deferred.Call == n)
		}
		return true
	})
}

func (l *locking) literal(n *ast.FuncLit) *locking {
	if l.lits[n] == nil {
		l.lits[n] = &locking{pass: l.pass, params: l.params, takes: map[string]bool{}, lits: l.lits}
	}
	return l.lits[n]
}

func (l *locking) call(call *ast.CallExpr, held taken, deferred bool) {
	var id *ast.Ident
	var recv ast.Expr
	switch f := call.Fun.(type) {
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id, recv = f.Sel, f.X
	default:
		return
	}
	fn, ok := l.pass.TypesInfo.Uses[id].(*types.Func)
	if !ok {
		return
	}
	if what, takes := known.Takes(fn); what == known.ALock || what == known.AReadLock {
		if key := l.mutex(call.Fun); key != "" {
			l.lock(key, what == known.AReadLock, takes, held, deferred)
		}
		return
	}
	if fn.Pkg() != l.pass.Pkg {
		return
	}
	c := lockingCall{fn: fn.Origin(), held: maps.Clone(held)}
	if fn.Signature().Recv() != nil && recv != nil {
		c.args = append(c.args, l.key(recv))
	}
	for _, a := range call.Args {
		c.args = append(c.args, l.key(a))
		if lit, ok := a.(*ast.FuncLit); ok {
			c.lits = append(c.lits, l.literal(lit))
		}
	}
	l.calls = append(l.calls, c)
}

// lock notes that a lock is taken or given back.
func (l *locking) lock(key string, reads, takes bool, held taken, deferred bool) {
	l.twice = l.twice || takes && (held[key] || !reads && held[key+forReading])
	if reads {
		key += forReading
	}
	switch {
	case deferred:
	case takes:
		if !l.gives {
			l.takes[key] = true
		}
		held[key] = true
	default:
		l.gives = true
		delete(held, key)
	}
}

// mutex is the key of the lock that a method is called on, that of an embedded one too;
// "" if it has none.
func (l *locking) mutex(fun ast.Expr) string {
	sel, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	key, s := l.key(sel.X), l.pass.TypesInfo.Selections[sel]
	if key == "" || s == nil {
		return ""
	}
	t := s.Recv()
	for _, i := range s.Index()[:len(s.Index())-1] {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok {
			return ""
		}
		key, t = key+"."+st.Field(i).Name(), st.Field(i).Type()
	}
	return key
}

// key is a parameter, a variable, or a field of one; "" for all else.
func (l *locking) key(x ast.Expr) string {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		obj := l.pass.TypesInfo.Uses[x]
		if v, ok := obj.(*types.Var); ok && v.Parent() == l.pass.Pkg.Scope() {
			return v.Name()
		}
		if v, ok := obj.(*types.Var); ok && l.params[v] == "" {
			return localMark + strconv.Itoa(int(v.Pos()))
		}
		return l.params[obj]
	case *ast.SelectorExpr:
		if key := l.key(x.X); key != "" {
			return key + "." + x.Sel.Name
		}
	case *ast.UnaryExpr:
		return l.key(x.X)
	}
	return ""
}

// within is what a lock of the function that is called is for the one that calls it, "" if
// that is not known. A literal has the words of its function.
func (c lockingCall) within(key string) string {
	if c.fn == nil {
		return key
	}
	if strings.HasPrefix(key, localMark) {
		return ""
	}
	base, path, _ := strings.Cut(key, ".")
	if path != "" {
		path = "." + path
	}
	base, reads := strings.CutSuffix(base, forReading)
	if n, err := strconv.Atoi(base); err == nil {
		if n >= len(c.args) || c.args[n] == "" {
			return ""
		}
		base = c.args[n]
	}
	if reads {
		path += forReading
	}
	return base + path
}

// relocks reports which of the functions may take a lock a second time, other than for
// reading both times.
func relocks(all map[*types.Func]*locking) map[*types.Func]bool {
	for changed := true; changed; {
		changed = false
		for _, l := range all {
			for _, call := range l.calls {
				c := all[call.fn]
				if c == nil || l.gives {
					continue
				}
				before := len(l.takes)
				for key := range c.takes {
					if key = call.within(key); key != "" && strings.Count(key, ".") <= model.MaxLockPath {
						l.takes[key] = true
					}
				}
				changed = changed || len(l.takes) > before
			}
		}
	}
	out := map[*types.Func]bool{}
	for fn, l := range all {
		again := l.twice
		for _, call := range l.calls {
			c := all[call.fn]
			if c == nil {
				continue
			}
			again = again || call.relocks(c.takes, call.held)
			inside := taken{}
			for key := range c.takes {
				inside[call.within(key)] = true
			}
			for _, lit := range call.lits {
				again = again || (lockingCall{}).relocks(lit.takes, inside)
				for _, x := range lit.calls {
					again = again || all[x.fn] != nil && x.relocks(all[x.fn].takes, inside)
				}
			}
		}
		if again {
			out[fn] = true
		}
	}
	return out
}

// relocks reports whether a function that takes locks, by its own words, takes one that is
// held where it is called.
func (c lockingCall) relocks(takes map[string]bool, held taken) bool {
	for key := range takes {
		lock, reads := strings.CutSuffix(c.within(key), forReading)
		if lock != "" && (held[lock] || !reads && held[lock+forReading]) {
			return true
		}
	}
	return false
}
