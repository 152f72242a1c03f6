// Package gin stands for the library of the same name: what handlers are given.
package gin

import "net/http"

// A Context is one request and its answer.
type Context struct {
	Request *http.Request
}

// JSON answers.
func (c *Context) JSON(code int, obj any) {}
