// The tests of the SARIF that gatherlint writes, by the official schema and by a
// library that reads it. They need other modules, so they are a module of their
// own.
module github.com/gatherlint/gatherlint/internal/hosts/sarif

go 1.25.0

require (
	github.com/owenrumney/go-sarif/v3 v3.3.1
	github.com/xeipuuv/gojsonschema v1.2.0
)

require (
	github.com/xeipuuv/gojsonpointer v0.0.0-20180127040702-4e3ac2762d5f // indirect
	github.com/xeipuuv/gojsonreference v0.0.0-20180127040603-bd5ef7bd5415 // indirect
)
