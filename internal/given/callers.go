package given

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// A datum is what is known of a value. Of the zero Datum nothing is.
type datum struct {
	constant constant.Value
	isNil    bool
	notNil   bool
	fields   map[string]datum // of a struct
}

// A call is what one call gives, by the index of the parameter. There is nothing where it
// gives what is not known.
type call map[int]datum

// Callers are the callers of the functions of a package.
type Callers struct {
	pkg   *source.Package
	calls map[*ssa.Function][]call
	sites map[ssa.CallInstruction]call // see written
	kept  map[*ssa.Alloc]ssa.Value     // see keeps
}

// New knows nothing yet: functions are looked at when they are asked for.
func New(pkg *source.Package) *Callers {
	return &Callers{pkg, map[*ssa.Function][]call{}, map[ssa.CallInstruction]call{}, map[*ssa.Alloc]ssa.Value{}}
}

// known reports whether anything is.
func (d datum) known() bool { return d.constant != nil || d.isNil || d.notNil || d.fields != nil }

// callsOf are the calls of fn, one that gives nothing if there may be others.
func (c *Callers) callsOf(fn *ssa.Function) []call {
	out, ok := c.calls[fn]
	if !ok {
		out = c.read(fn)
		c.calls[fn] = out
	}
	return out
}

func (c *Callers) read(fn *ssa.Function) []call {
	unknown := []call{nil}
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return unknown
	}
	calls, all := c.pkg.CallsOf(obj)
	if !all || len(calls) > model.MaxCallers {
		return unknown
	}
	var out []call
	for _, x := range calls {
		out = append(out, c.readCall(obj.Signature(), x))
	}
	return out
}

// written is what stands at the call of an activation.
func (c *Callers) written(fr *flow.Frame) call {
	out, ok := c.sites[fr.Site]
	if ok {
		return out
	}
	obj, ok := fr.Fn.Object().(*types.Func)
	x := c.pkg.Positions.Call(fr.Site.Pos())
	if ok && x != nil && typeutil.StaticCallee(c.pkg.Pass.TypesInfo, x) == obj {
		out = c.readCall(obj.Signature(), x)
	}
	c.sites[fr.Site] = out
	return out
}

// readCall is what one call gives.
func (c *Callers) readCall(sig *types.Signature, x *ast.CallExpr) call {
	out := call{}
	first := 0 // of the arguments, among the parameters of the SSA
	if sig.Recv() != nil {
		sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
		if s := c.pkg.Pass.TypesInfo.Selections[sel]; !ok || s == nil || s.Kind() != types.MethodVal {
			return out
		}
		first = 1
	}
	if len(x.Args) != sig.Params().Len() {
		return out // a call that gives several results, or variadic
	}
	for i, arg := range x.Args {
		if !sig.Variadic() || i < len(x.Args)-1 {
			out[first+i] = c.literal(arg)
		}
	}
	return out
}

// literal is what an expression that is written down is.
func (c *Callers) literal(x ast.Expr) datum {
	x = ast.Unparen(x)
	info := c.pkg.Pass.TypesInfo
	tv := info.Types[x]
	switch {
	case tv.Value != nil:
		return datum{constant: tv.Value}
	case tv.IsNil():
		return datum{isNil: true}
	}
	switch x := x.(type) {
	case *ast.FuncLit:
		return datum{notNil: true}
	case *ast.UnaryExpr:
		return datum{notNil: x.Op == token.AND}
	case *ast.CompositeLit:
		return c.composite(x, tv.Type)
	case *ast.Ident:
		_, isFunc := info.Uses[x].(*types.Func)
		return datum{notNil: isFunc}
	}
	return datum{}
}

// composite is what a literal of a struct has in its fields; of other types only that it is
// not nil.
func (c *Callers) composite(x *ast.CompositeLit, t types.Type) datum {
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return datum{notNil: true}
	}
	out := zeroOf(t)
	for i, elt := range x.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			if name, ok := kv.Key.(*ast.Ident); ok {
				out.fields[name.Name] = c.literal(kv.Value)
			}
		} else {
			out.fields[st.Field(i).Name()] = c.literal(elt)
		}
	}
	return out
}

// zeroOf is the zero value of a type.
func zeroOf(t types.Type) datum {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		switch info := t.Info(); {
		case info&types.IsBoolean != 0:
			return datum{constant: constant.MakeBool(false)}
		case info&types.IsString != 0:
			return datum{constant: constant.MakeString("")}
		case info&types.IsNumeric != 0:
			return datum{constant: constant.MakeInt64(0)}
		}
	case *types.Pointer, *types.Interface, *types.Slice, *types.Map, *types.Chan, *types.Signature:
		return datum{isNil: true}
	case *types.Struct:
		out := datum{fields: map[string]datum{}}
		for f := range t.Fields() {
			out.fields[f.Name()] = zeroOf(f.Type())
		}
		return out
	}
	return datum{}
}
