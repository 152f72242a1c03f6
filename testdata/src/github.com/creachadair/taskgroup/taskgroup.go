// Package taskgroup declares what the examples need of the real one.
package taskgroup

type Task func() error

type Group struct{}

func New(ef any) *Group                { return new(Group).OnError(ef) }
func (g *Group) OnError(ef any) *Group { return g }
func (g *Group) Go(task Task)          {}
func (g *Group) Run(task func())       {}
func (g *Group) Wait() error           { return nil }
