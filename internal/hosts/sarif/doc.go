// Package sarif tests the SARIF that gatherlint writes. It has tests only.
package sarif
