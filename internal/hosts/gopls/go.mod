// The tests of gatherlint inside gopls. They need minutes, and a gopls that
// they build, so they are a module of their own.
module github.com/gatherlint/gatherlint/internal/hosts/gopls

go 1.25.0
