package analyzer_test

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// The tests of this file keep the floors: who may see whom, and that a floor stays
// small enough to be held in mind.

// A floor is a package that findings travel through, and what it may import of the
// project.
type floor struct {
	pkg  string
	sees []string
}

// floors are in order: each imports only what stands above it here, and of that only
// what it lists.
var floors = []floor{
	{"internal/model", nil},
	{"internal/known", []string{"internal/model"}},
	{"internal/facts", []string{"internal/model", "internal/known"}},
	{"internal/relevant", []string{"internal/model", "internal/known", "internal/facts"}},
	{"internal/source", []string{"internal/model", "internal/known", "internal/facts", "internal/relevant"}},
	{"internal/flow", []string{"internal/model", "internal/known", "internal/facts", "internal/source"}},
	{"internal/depth", []string{"internal/model", "internal/flow"}},
	{"internal/value", []string{"internal/model", "internal/known", "internal/source", "internal/flow"}},
	{"internal/given", []string{"internal/model", "internal/source", "internal/flow", "internal/value"}},
	{"internal/build", []string{"internal/model", "internal/known", "internal/facts", "internal/relevant", "internal/source", "internal/flow", "internal/value", "internal/given"}},
	{"internal/method", []string{"internal/known", "internal/source", "internal/value"}},
	{"internal/answers", []string{"internal/model", "internal/known", "internal/source", "internal/flow", "internal/value", "internal/build", "internal/method"}},
	{"internal/alarms", []string{"internal/model", "internal/known", "internal/source", "internal/value", "internal/build", "internal/method"}},
	{"internal/survey", []string{"internal/model", "internal/known", "internal/facts", "internal/relevant", "internal/source", "internal/flow", "internal/depth", "internal/value", "internal/build", "internal/method", "internal/answers", "internal/alarms"}},
	{"internal/errtrace", []string{"internal/model", "internal/known", "internal/source", "internal/flow", "internal/value", "internal/build"}},
	{"internal/waitresult", []string{"internal/model", "internal/known", "internal/source", "internal/flow", "internal/build"}},
	{"internal/order", []string{"internal/model", "internal/known", "internal/source", "internal/flow", "internal/value", "internal/build"}},
	{"internal/race", []string{"internal/model", "internal/known", "internal/source", "internal/flow", "internal/value", "internal/build", "internal/order"}},
	{"internal/rewrite", []string{"internal/model", "internal/known", "internal/facts", "internal/source", "internal/flow", "internal/value", "internal/build"}},
	{"internal/explain", []string{"internal/model"}},
	{"internal/program", []string{"internal/model"}},
	{"internal/schedule", []string{"internal/model", "internal/program"}},
	{"internal/polling", []string{"internal/model"}},
	{"internal/routine", []string{"internal/model"}},
	{"internal/check", []string{"internal/model", "internal/polling", "internal/schedule", "internal/routine"}},
	{"analyzer", []string{
		"internal/model", "internal/known", "internal/facts", "internal/source", "internal/build", "internal/survey", "internal/errtrace", "internal/waitresult", "internal/race", "internal/rewrite",
		"internal/explain", "internal/schedule", "internal/check",
	}},
	{"internal/report", nil},
	{"cmd/gatherlint", []string{"analyzer", "internal/report"}},
}

func floorOf(pkg string) int {
	return slices.IndexFunc(floors, func(f floor) bool { return f.pkg == pkg })
}

// syntaxFree are the floors that see neither syntax trees nor types nor SSA: what they
// know is the model.
var syntaxFree = []string{"internal/model", "internal/explain", "internal/program", "internal/schedule", "internal/polling", "internal/routine", "internal/check"}

// Each package imports only floors below it, and no more than it needs. The arrows are
// counted: go test ./analyzer -run TestFloors -v.
func TestFloors(t *testing.T) {
	arrows, up := map[[2]string]bool{}, map[[2]string]bool{}
	for _, f := range goFiles(t, "") {
		from := floorOf(f.pkg)
		for _, spec := range f.syntax.Imports {
			imp := strings.Trim(spec.Path.Value, `"`)
			if slices.Contains(syntaxFree, f.pkg) && !f.test {
				if imp == "go/types" || imp == "go/ast" || strings.HasPrefix(imp, "golang.org/") {
					t.Errorf("%s imports %s: it sees the model only", f.path, imp)
				}
			}
			own, isOwn := strings.CutPrefix(imp, module)
			to := floorOf(own)
			if !isOwn || f.test || from < 0 || to < 0 {
				continue
			}
			arrow := [2]string{f.pkg, own}
			arrows[arrow] = true
			if to >= from {
				up[arrow] = true
				t.Errorf("%s imports %s, which is not below it", f.path, own)
			}
			if !slices.Contains(floors[from].sees, own) {
				t.Errorf("%s imports %s, which it has no need to see", f.path, own)
			}
		}
	}
	t.Logf("%d arrows between %d packages, %d of them run upwards", len(arrows), len(floors), len(up))
}

// larger are the floors that may be larger than others, and why.
var larger = map[string]int{
	"internal/check": 10000, // one file for each check; nobody reads them together
}

// A floor that is too large to be held in mind is split.
func TestFloorSizes(t *testing.T) {
	const limit = 3500
	lines, exported := map[string]int{}, map[string]int{}
	for _, f := range goFiles(t, "") {
		if f.test || floorOf(f.pkg) < 0 {
			continue
		}
		lines[f.pkg] += f.fset.Position(f.syntax.FileEnd).Line
		for _, d := range f.syntax.Decls {
			for _, name := range declaredNames(d) {
				if ast.IsExported(name) {
					exported[f.pkg]++
				}
			}
		}
	}
	for _, f := range floors {
		t.Logf("%-20s %5d lines, %3d exported names", f.pkg, lines[f.pkg], exported[f.pkg])
		if lines[f.pkg] == 0 {
			t.Errorf("%s is listed and does not exist", f.pkg)
		}
		if most := max(limit, larger[f.pkg]); strings.HasPrefix(f.pkg, "internal/") && lines[f.pkg] > most {
			t.Errorf("%s has %d lines, the limit is %d", f.pkg, lines[f.pkg], most)
		}
	}
}

// declaredNames are the names that a declaration of a file declares.
func declaredNames(d ast.Decl) []string {
	var out []string
	switch d := d.(type) {
	case *ast.FuncDecl:
		out = append(out, d.Name.Name)
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				out = append(out, s.Name.Name)
			case *ast.ValueSpec:
				for _, id := range s.Names {
					out = append(out, id.Name)
				}
			}
		}
	}
	return out
}

// Each floor says at its head what it answers, how, and what it ignores.
func TestEssays(t *testing.T) {
	words := map[string]int{}
	for _, f := range goFiles(t, "") {
		if !f.test && f.syntax.Doc != nil {
			words[f.pkg] = max(words[f.pkg], len(strings.Fields(f.syntax.Doc.Text())))
		}
	}
	for _, f := range floors {
		if strings.HasPrefix(f.pkg, "internal/") && f.pkg != "internal/check" && words[f.pkg] < 30 {
			t.Errorf("the comment of package %s has %d words; say what it answers, how, and what it ignores", f.pkg, words[f.pkg])
		}
	}
}

// replaced are names that this project used for things that have a name in the field,
// and the names that took their place. They had more than one meaning, or none that
// could be looked up.
var replaced = map[string]string{
	"stays":     "invariant",
	"fixed":     "isInvariant",
	"nest":      "syntax",
	"quits":     "GoexitOf",
	"gate":      "relevant.Find, or a start signal",
	"gated":     "relevant",
	"meets":     "overlaps, intersects, IsSync",
	"news":      "syncToken",
	"carries":   "tokensAfter",
	"passOn":    "propagate",
	"carrier":   "tokenSet",
	"carriers":  "sets",
	"handed":    "objectTokens",
	"handedOn":  "leaksAddress",
	"handOn":    "noteLeaks",
	"way":       "accessPath",
	"held":      "ref, or heldAt for locks",
	"ownUses":   "DirectUses",
	"ownMethod": "localMethod",
	"own":       "localSteps, makeWritable",
	"stakes":    "branchScope",
	"settle":    "runLocal",
	"settles":   "outcomesOfSent, inPlace",
	"doubt":     "decider",
	"doubtful":  "speculative",
	"doubted":   "uncorrelated",
	"engine":    "Package, Flow, Values, Builder: one a floor",
}

// Names that were replaced do not come back.
func TestReplacedNames(t *testing.T) {
	for _, f := range goFiles(t, "") {
		if f.test || floorOf(f.pkg) < 0 || floorOf(f.pkg) > floorOf("internal/explain") {
			continue
		}
		for _, d := range f.syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil && replaced[fn.Name.Name] == "" {
				continue
			}
			for _, name := range declaredNames(d) {
				if now := replaced[name]; now != "" {
					t.Errorf("%s: %s has another name by now: %s", f.fset.Position(d.Pos()), name, now)
				}
			}
		}
	}
}

// Budgets stand in one table, each with the reason why it is there.
func TestLimits(t *testing.T) {
	for _, f := range goFiles(t, "") {
		if f.test || floorOf(f.pkg) < 0 || floorOf(f.pkg) > floorOf("internal/explain") {
			continue
		}
		for _, d := range f.syntax.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok || gen.Tok != token.CONST {
				continue
			}
			for _, name := range declaredNames(d) {
				if !strings.HasPrefix(strings.ToLower(name), "max") {
					continue
				}
				if f.path != "internal/model/limits.go" {
					t.Errorf("%s: the limit %s stands in internal/model/limits.go", f.fset.Position(d.Pos()), name)
				}
				if gen.Doc == nil {
					t.Errorf("%s: why is %s what it is?", f.fset.Position(d.Pos()), name)
				}
			}
		}
	}
}
