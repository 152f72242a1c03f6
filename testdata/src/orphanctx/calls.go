package orphanctx

import (
	"context"
	"net/http"
)

// What is generated for a service.

type lendRequest struct{ book string }

type lendReply struct{}

// UnimplementedDeskServer has what a server does not bring itself.
type UnimplementedDeskServer struct{}

// Lend is not there.
func (UnimplementedDeskServer) Lend(context.Context, *lendRequest) (*lendReply, error) {
	return nil, http.ErrNotSupported
}

// Follow is not there.
func (UnimplementedDeskServer) Follow(*lendRequest, lendStream) error { return http.ErrNotSupported }

type lendStream interface {
	Send(*lendReply) error
	Context() context.Context
	SendMsg(m any) error
	RecvMsg(m any) error
}

// A server answers calls.
type server struct {
	UnimplementedDeskServer
	desk
}

// Lend answers before the book is entered.
func (s *server) Lend(ctx context.Context, req *lendRequest) (*lendReply, error) {
	go s.enter(ctx, req.book) // want `orphanctx: goroutine calls d\.books\.Enter with ctx, which is cancelled when server\.Lend returns; the call is cut off`
	return &lendReply{}, nil
}

// Follow is a streaming call.
func (s *server) Follow(req *lendRequest, stream lendStream) error {
	go s.enter(stream.Context(), req.book) // want `orphanctx: goroutine calls d\.books\.Enter with ctx, which is cancelled when server\.Follow returns; the call is cut off`
	return nil
}

// Return is no call of the service: whose context it is given, is not known.
func (s *server) Return(ctx context.Context, req *lendRequest) (*lendReply, error) {
	go s.enter(ctx, req.book)
	return &lendReply{}, nil
}

// A client has the same methods and serves nobody.
type client struct{ desk }

func (c *client) Lend(ctx context.Context, req *lendRequest) (*lendReply, error) {
	go c.enter(ctx, req.book)
	return &lendReply{}, nil
}

// A proxy answers calls, and lets what it starts live on.
type proxy struct {
	UnimplementedDeskServer
	desk
}

func (p *proxy) Lend(ctx context.Context, req *lendRequest) (*lendReply, error) {
	go p.enter(context.WithoutCancel(ctx), req.book)
	return &lendReply{}, nil
}

// tagged has what methods derive from a request.
type tagged interface {
	Tag(ctx context.Context) context.Context
	Detach(ctx context.Context) context.Context
}

// serveTagged derives by a method that is not seen.
func (d *desk) serveTagged(t tagged) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx := t.Tag(r.Context())
		go d.enter(ctx, "globe") // want `orphanctx: goroutine calls d\.books\.Enter with ctx, which is cancelled when the function literal in desk\.serveTagged returns; the call is cut off`
		w.WriteHeader(http.StatusAccepted)
	}
}

// serveDetachedTag derives by one that says that it lets go.
func (d *desk) serveDetachedTag(t tagged) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		go d.enter(t.Detach(r.Context()), "globe")
		w.WriteHeader(http.StatusAccepted)
	}
}

// serveOwn derives by one that is.
func (d *desk) serveOwn(w http.ResponseWriter, r *http.Request) {
	go d.enter(d.tag(r.Context()), "globe") // want `orphanctx: goroutine calls d\.books\.Enter with ctx, which is cancelled when desk\.serveOwn returns; the call is cut off`
	w.WriteHeader(http.StatusAccepted)
}

func (d *desk) tag(ctx context.Context) context.Context {
	return context.WithValue(ctx, key{}, d.mail)
}
