package known

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"testing"
)

// TestDetaches holds names of functions that let a context live on, and of others that
// derive one.
func TestDetaches(t *testing.T) {
	for name, want := range map[string]bool{
		"Detach": true, "DetachedContext": true, "WithoutCancel": true, "NewBackground": true, "WithNoCancel": true,
		"WithValue": false, "WithSpan": false, "WithCancel": false, "Attach": false,
	} {
		if Detaches(name) != want {
			t.Errorf("Detaches(%s) = %v", name, !want)
		}
	}
}

// TestIsTestPath holds directories of helpers for tests, and others that are named alike.
func TestIsTestPath(t *testing.T) {
	for path, want := range map[string]bool{
		"util/testutil": true, "pkg/datastore/test": true, "/e2e/setup": true, "internal/tests/rig": true, "integrationtests/proxy": true,
		"": false, "latest": false, "cmd/testnet": false, "pkg/testify": false, "integration": false, "internal/mtest": false,
	} {
		if IsTestPath(path) != want {
			t.Errorf("IsTestPath(%s) = %v", path, !want)
		}
	}
	for path, want := range map[string]bool{"internal/mtest": true, "/httptest": true, "/pkg/latest": false, "/testing": false} {
		if IsTestName(path) != want {
			t.Errorf("IsTestName(%s) = %v", path, !want)
		}
	}
}

// TestContextNames holds the calls that only hand a context on.
func TestContextNames(t *testing.T) {
	for text, want := range map[string]bool{"http.NewRequestWithContext": true, "retry.NewRequestWithContext": true, "http.NewRequest": false, "c.Do": false} {
		if MakesRequest(text) != want {
			t.Errorf("MakesRequest(%s) = %v", text, !want)
		}
	}
	if got := Makes("exec.CommandContext"); got != "a command" {
		t.Errorf("Makes(exec.CommandContext) = %q", got)
	}
}

// TestRequests holds the functions that answer requests against those that only look
// alike.
func TestRequests(t *testing.T) {
	const src = `package p

import "context"

type stream interface {
	Context() context.Context
	SendMsg(any) error
	RecvMsg(any) error
}

type UnimplementedDeskServer struct{}

func (UnimplementedDeskServer) Lend(context.Context, int) error { return nil }
func (UnimplementedDeskServer) Follow(int, stream) error        { return nil }

type server struct{ UnimplementedDeskServer }

func (server) Lend(context.Context, int) error   { return nil }
func (*server) Follow(int, stream) error         { return nil }
func (server) Return(context.Context, int) error { return nil }

type UnimplementedShelfHandler struct{}

func (UnimplementedShelfHandler) Fill(context.Context, *int) (*int, error) { return nil, nil }

type shelf struct{ UnimplementedShelfHandler }

func (*shelf) Fill(context.Context, *int) (*int, error) { return nil, nil }

type client struct{ UnimplementedDeskClient }
type UnimplementedDeskClient struct{}

func (UnimplementedDeskClient) Lend(context.Context, int) error { return nil }
func (client) Lend(context.Context, int) error                  { return nil }
`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	conf := types.Config{Importer: importer.Default()}
	pkg, err := conf.Check("p", fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		typ, method string
		want        []RequestParam
	}{
		{"server", "Lend", []RequestParam{RequestContext, NoRequest}},
		{"server", "Follow", []RequestParam{NoRequest, RequestCarries}},
		{"server", "Return", nil},
		{"shelf", "Fill", []RequestParam{RequestContext, NoRequest}},
		{"client", "Lend", nil},
	} {
		obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(pkg.Scope().Lookup(c.typ).Type()), true, pkg, c.method)
		got := Requests(obj.(*types.Func).Signature(), c.method)
		if len(got) != len(c.want) {
			t.Errorf("%s.%s: %v, want %v", c.typ, c.method, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s.%s: %v, want %v", c.typ, c.method, got, c.want)
			}
		}
	}
}

// TestSaysKept holds comments that say that a lock is kept, and those that only name it.
func TestSaysKept(t *testing.T) {
	for note, want := range map[string]bool{
		"Do not unlock the gate.": true, "we don't ever unlock here": true, "returns without unlocking mu": true,
		"unlock before the door is shut": false, "not ours: the caller has to unlock": true, "nothing to do": false,
		"not deferred: unlock must come before the call": false, "do not unlock before the update": false, "never unlock twice": false,
		"Intentionally leave the lock held.": true, "returns with mu locked": true, "the caller must release it": true,
		"called with the lock held": false, "never leave it locked": false, "callers must hold mu": false, "leave if locked": false,
	} {
		if SaysKept(note) != want {
			t.Errorf("SaysKept(%q) = %v", note, !want)
		}
	}
}
