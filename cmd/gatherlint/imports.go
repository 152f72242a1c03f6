package main

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
)

// dropImports removes the imports of which the fixes removed the last use.
// What an unnamed import is called is guessed from its path, which is safe
// because it need only be told apart from the other imports of the file: a
// name that the old text took from an import and the new text does not.
func dropImports(before, after []byte) ([]byte, error) {
	oldFile, err := parser.ParseFile(token.NewFileSet(), "", before, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	newFile, err := parser.ParseFile(fset, "", after, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	was, is := qualifiers(oldFile), qualifiers(newFile)
	dropped := false
	for _, spec := range slices.Clone(newFile.Imports) {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // not what the parser accepts
		}
		names, explicit := importNames(p), ""
		if spec.Name != nil {
			explicit = spec.Name.Name
			names = []string{explicit}
		}
		used := func(set map[string]bool) bool {
			return slices.ContainsFunc(names, func(n string) bool { return set[n] })
		}
		if used(was) && !used(is) {
			astutil.DeleteNamedImport(fset, newFile, explicit, p)
			dropped = true
		}
	}
	if !dropped {
		return after, nil
	}
	var buf bytes.Buffer
	if err := format.Node(&buf, fset, newFile); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// qualifiers returns the identifiers before a dot that nothing in the file
// declares: names of imports, and of variables in other files.
func qualifiers(file *ast.File) map[string]bool {
	unresolved := make(map[*ast.Ident]bool)
	for _, id := range file.Unresolved {
		unresolved[id] = true
	}
	names := make(map[string]bool)
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok && unresolved[id] {
				names[id.Name] = true
			}
		}
		return true
	})
	return names
}

var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// importNames guesses what the package with an import path may be called.
func importNames(importPath string) []string {
	base := path.Base(importPath)
	names := []string{base}
	if dir := path.Dir(importPath); majorVersion.MatchString(base) && dir != "." {
		base = path.Base(dir)
		names = append(names, base)
	}
	base, _, _ = strings.Cut(base, ".") // gopkg.in/yaml.v3
	base = strings.TrimSuffix(strings.TrimPrefix(base, "go-"), "-go")
	return append(names, base, strings.ReplaceAll(base, "-", "_"), strings.ReplaceAll(base, "-", ""))
}
