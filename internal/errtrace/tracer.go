package errtrace

import "github.com/gatherlint/gatherlint/internal/build"

// A Tracer answers for one package.
type Tracer struct{ *build.Builder }
