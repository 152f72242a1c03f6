module github.com/gatherlint/gatherlint/internal/hosts

go 1.25.0

require (
	go.yaml.in/yaml/v3 v3.0.6
	golang.org/x/mod v0.37.0
)
