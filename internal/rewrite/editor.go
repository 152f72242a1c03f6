package rewrite

import "github.com/gatherlint/gatherlint/internal/build"

// An Editor answers for one package.
type Editor struct{ *build.Builder }
