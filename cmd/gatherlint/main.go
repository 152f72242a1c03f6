// Command gatherlint reports fan-outs whose cancellation, errors or goroutines get lost.
package main

import (
	"golang.org/x/tools/go/analysis/singlechecker"

	"github.com/gatherlint/gatherlint/analyzer"
)

func main() { singlechecker.Main(analyzer.Analyzer) }
