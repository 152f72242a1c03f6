package analyzer_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/schedule"
	"github.com/gatherlint/gatherlint/internal/survey"
)

// TestRecall holds against testdata/recall.txt what is judged of testdata/src: of
// each function every channel, group, lock and semaphore, or why not, and what the
// play of its scene did not know. Progress is read there, and what a change loses.
func TestRecall(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	judged, all := 0, 0
	for _, name := range append(checkNames(), "explained", "nasty", "origins", "quiet", "walks") {
		r := recallOf(pass(t, name))
		fmt.Fprintf(&out, "%s: %d of %d\n%s", name, r.judged, r.all, r.text)
		judged, all = judged+r.judged, all+r.all
	}
	got := fmt.Sprintf("judged: %d of %d\n\n%s", judged, all, &out)
	path := filepath.Join("testdata", "recall.txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("what is judged differs from %s: %s\n%s", path, firstDifference(got, string(want)), repair(t))
	}
}

// A recall is what is judged of a package.
type recall struct {
	judged, all int
	text        string
}

// recallOf lists the objects of the scenes of a package, a line for each function,
// and the channels that are made outside of all scenes.
func recallOf(pass *analysis.Pass) recall {
	var r recall
	m, _ := survey.Model(pass, nil)
	made := map[token.Pos]bool{}
	for _, s := range m.Scenes {
		for _, c := range s.Chans {
			made[c.At.Pos] = true
		}
	}
	var text strings.Builder
	for _, f := range pass.Files {
		for _, d := range f.Decls {
			fd, ok := d.(*ast.FuncDecl)
			if !ok || fd.Body == nil {
				continue
			}
			var lines []string
			for _, s := range m.Scenes {
				if fd.Pos() <= s.At.Pos && s.At.Pos < fd.End() {
					lines = append(lines, r.scene(s)...)
				}
			}
			for i := range chansOutside(pass, fd, made) {
				r.all++
				lines = append(lines, fmt.Sprintf("a channel (%d): in no scene", i+1))
			}
			for _, line := range lines {
				fmt.Fprintf(&text, "  %s: %s\n", fd.Name.Name, line)
			}
		}
	}
	r.text = text.String()
	return r
}

// chansOutside are the channels that a function makes and no scene has.
func chansOutside(pass *analysis.Pass, fd *ast.FuncDecl, made map[token.Pos]bool) []token.Pos {
	var out []token.Pos
	ast.Inspect(fd.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 || made[call.Lparen] || made[call.Pos()] {
			return true
		}
		if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "make" {
			if _, isChan := call.Args[0].(*ast.ChanType); isChan {
				out = append(out, call.Pos())
			}
		}
		return true
	})
	return out
}

// scene has a line for what is not judged of a scene, and one for what is.
func (r *recall) scene(s *model.Scene) []string {
	var judged, not []string
	add := func(what, name, why string, leaks []model.Leak) {
		r.all++
		switch {
		case why == "":
			r.judged++
			judged = append(judged, what+" "+name)
			return
		case len(leaks) > 0:
			r.judged++
			judged = append(judged, fmt.Sprintf("%s %s until it is %s", what, name, why))
			return
		}
		not = append(not, fmt.Sprintf("%s %s: %s", what, name, why))
	}
	for _, c := range s.Chans {
		if !c.Fills { // the runtime sends on it, and nobody waits in vain
			add("channel", c.Name, c.Escapes, s.Leaks[c])
		}
	}
	for _, g := range s.Groups {
		add("group", g.Name, g.Escapes, s.Leaks[g])
	}
	for _, l := range s.Locks {
		add("lock", l.Name, l.Escapes, nil)
	}
	for _, m := range s.Sems {
		add("semaphore", m.Name, m.Escapes, nil)
	}
	var out []string
	if len(judged) > 0 {
		out = append(out, "judged: "+strings.Join(judged, ", "))
	}
	out = append(out, not...)
	unknown := slices.DeleteFunc(schedule.Play(s, true).Unknown, func(why string) bool {
		return slices.ContainsFunc(not, func(line string) bool { return strings.HasSuffix(line, why) })
	})
	if len(unknown) > 0 {
		out = append(out, "the play does not know: "+strings.Join(unknown, "; "))
	}
	return out
}
