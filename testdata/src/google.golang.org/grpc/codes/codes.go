// Package codes stands in for google.golang.org/grpc/codes.
package codes

type Code uint32

const (
	OK       Code = 0
	NotFound Code = 5
)
