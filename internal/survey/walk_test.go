package survey

import (
	"go/ast"
	"strings"
	"testing"

	"github.com/gatherlint/gatherlint/internal/model"
)

// A path can pass the marks that the comment of a function in testdata/src/walks
// promises, and cannot pass those that it excludes: the conditions that the
// model can compare go the same way both times, others go either way. Pairs
// after "today:" are those that the walk gets wrong.
func TestWalk(t *testing.T) {
	b := modelOf(t, "walks")
	bodies := map[string]*model.Body{}
	for _, f := range b.pkg.FanOuts {
		bodies[f.Spawner] = f.Body
	}
	n := 0
	for _, d := range b.pass.Files[0].Decls {
		fd, ok := d.(*ast.FuncDecl)
		if !ok || bodies[fd.Name.Name] == nil {
			continue
		}
		for pair, want := range marks(fd.Doc.Text()) {
			n++
			if got := canPass(bodies[fd.Name.Name], pair[0], pair[1]); got != want {
				t.Errorf("%s: a path over %s and then %s: %t, want %t", fd.Name.Name, pair[0], pair[1], got, want)
			}
		}
	}
	if n < 40 {
		t.Errorf("%d pairs of marks, want 40 at least", n)
	}
}

// marks reads "path: a > b; not: a > c; today: a > c" at the end of a comment.
func marks(doc string) map[[2]string]bool {
	out := map[[2]string]bool{}
	_, list, _ := strings.Cut(doc, "path:")
	for part := range strings.SplitSeq("path:"+list, ";") {
		kind, pairs, _ := strings.Cut(strings.TrimSpace(part), ":")
		for text := range strings.SplitSeq(pairs, ",") {
			first, second, ok := strings.Cut(strings.TrimSpace(text), " > ")
			if pair := [2]string{first, second}; ok {
				out[pair] = kind == "path" || kind == "today" && !out[pair]
			}
		}
	}
	return out
}

// canPass reports whether a walk finds a path over both marks in this order.
func canPass(body *model.Body, first, second string) bool {
	isMark := func(op *model.Op, name string) bool { return op.Kind == model.OpCall && op.Text == name }
	w := &model.Walk{Body: body, Step: func(op *model.Op, stage int, _ *model.Path) (int, model.Verdict) {
		switch {
		case stage == 1 && isMark(op, second):
			return stage, model.Hit
		case stage == 0 && isMark(op, first):
			return 1, model.GoOn
		}
		return stage, model.GoOn
	}}
	return w.Find() != nil
}
