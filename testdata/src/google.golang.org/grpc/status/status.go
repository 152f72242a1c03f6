// Package status stands in for google.golang.org/grpc/status.
package status

import (
	"errors"
	"fmt"

	"google.golang.org/grpc/codes"
)

func Error(c codes.Code, msg string) error {
	if c == codes.OK {
		return nil
	}
	return errors.New(msg)
}

func Errorf(c codes.Code, format string, a ...any) error {
	return Error(c, fmt.Sprintf(format, a...))
}
