module github.com/gatherlint/gatherlint/internal/hosts/browser

go 1.25.0

require github.com/gatherlint/gatherlint v0.0.0

replace github.com/gatherlint/gatherlint => ../../..
