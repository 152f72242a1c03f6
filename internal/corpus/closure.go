package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"

	"golang.org/x/tools/go/analysis"
)

// A listed is a package as go list -json prints it, as far as it is needed.
type listed struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	ImportMap  map[string]string
	Standard   bool
	DepOnly    bool
	Module     *struct{ Path, Version, GoVersion string }
}

// list lists the packages that the patterns name and all below them, imported
// ones first. Tests are left out, and so are files that need cgo.
func list(ctx context.Context, dir string, patterns []string) ([]*listed, error) {
	args := []string{"list", "-mod=mod", "-deps", "-e", "-json=ImportPath,Dir,GoFiles,ImportMap,Standard,DepOnly,Module"}
	cmd := exec.CommandContext(ctx, "go", append(args, patterns...)...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), "GOWORK=off", "CGO_ENABLED=0")
	out, err := output(cmd)
	if err != nil {
		return nil, err
	}
	var all []*listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := &listed{}
		if err := dec.Decode(p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("cannot read the output of go list: %w", err)
		}
		all = append(all, p)
	}
}

// A closure is packages that were parsed and type-checked in this process, with
// the facts that the analyzer told of them.
type closure struct {
	fset     *token.FileSet
	packages map[string]*types.Package
	facts    map[factKey]analysis.Fact
}

type factKey struct {
	obj types.Object // nil for a fact about pkg
	pkg *types.Package
	t   reflect.Type
}

func newClosure() *closure {
	return &closure{fset: token.NewFileSet(), packages: map[string]*types.Package{"unsafe": types.Unsafe}, facts: map[factKey]analysis.Fact{}}
}

// A checked is a package whose source is at hand.
type checked struct {
	*listed
	pkg   *types.Package
	files []*ast.File
	info  *types.Info
}

// check parses and type-checks a package. What it imports was checked before.
// The error is the first one; a package with errors has its types nevertheless,
// so that those above it can be checked.
func (c *closure) check(p *listed) (*checked, error) {
	var files []*ast.File
	var first error
	note := func(err error) {
		if first == nil {
			first = err
		}
	}
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(c.fset, filepath.Join(p.Dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			note(err)
		}
		if f != nil {
			files = append(files, f)
		}
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Instances: map[*ast.Ident]types.Instance{},
		Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Scopes: map[ast.Node]*types.Scope{},
		FileVersions: map[*ast.File]string{},
	}
	conf := types.Config{Importer: imports{c, p}, Sizes: types.SizesFor("gc", runtime.GOARCH), Error: note}
	conf.IgnoreFuncBodies = p.Standard && p.DepOnly // has no facts
	if p.Module != nil && p.Module.GoVersion != "" {
		conf.GoVersion = "go" + p.Module.GoVersion
	}
	pkg, err := conf.Check(p.ImportPath, c.fset, files, info)
	if err != nil {
		note(err)
	}
	c.packages[p.ImportPath] = pkg
	return &checked{p, pkg, files, info}, first
}

// imports finds the packages that one package imports.
type imports struct {
	c *closure
	p *listed
}

func (i imports) Import(path string) (*types.Package, error) {
	if to, ok := i.p.ImportMap[path]; ok {
		path = to
	}
	if pkg := i.c.packages[path]; pkg != nil {
		return pkg, nil
	}
	return nil, fmt.Errorf("package %s was not checked", path)
}

// pass is a pass of the analyzer over the package; what it reports goes to report.
func (c *closure) pass(p *checked, a *analysis.Analyzer, report func(analysis.Diagnostic)) *analysis.Pass {
	get := func(k factKey, f analysis.Fact) bool {
		k.t = reflect.TypeOf(f)
		g := c.facts[k]
		if g != nil {
			reflect.ValueOf(f).Elem().Set(reflect.ValueOf(g).Elem())
		}
		return g != nil
	}
	pass := &analysis.Pass{
		Analyzer: a, Fset: c.fset, Files: p.files, Pkg: p.pkg, TypesInfo: p.info,
		TypesSizes: types.SizesFor("gc", runtime.GOARCH), ResultOf: map[*analysis.Analyzer]any{}, Report: report,
		ImportObjectFact:  func(o types.Object, f analysis.Fact) bool { return get(factKey{obj: o}, f) },
		ImportPackageFact: func(pkg *types.Package, f analysis.Fact) bool { return get(factKey{pkg: pkg}, f) },
		ExportObjectFact:  func(o types.Object, f analysis.Fact) { c.facts[factKey{obj: o, t: reflect.TypeOf(f)}] = f },
		ExportPackageFact: func(f analysis.Fact) { c.facts[factKey{pkg: p.pkg, t: reflect.TypeOf(f)}] = f },
	}
	if m := p.Module; m != nil && !p.Standard {
		pass.Module = &analysis.Module{Path: m.Path, Version: m.Version, GoVersion: m.GoVersion}
	}
	return pass
}
