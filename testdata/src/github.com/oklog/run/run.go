// Package run declares what the examples need of the real one.
package run

type Group struct{}

func (g *Group) Add(execute func() error, interrupt func(error)) {}
func (g *Group) Run() error                                      { return nil }
