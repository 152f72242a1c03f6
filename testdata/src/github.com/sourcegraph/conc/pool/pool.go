// Package pool declares what the examples need of the real one.
package pool

import "context"

type Pool struct{}

func New() *Pool                                             { return &Pool{} }
func (p *Pool) Go(f func())                                  {}
func (p *Pool) Wait()                                        {}
func (p *Pool) WithErrors() *ErrorPool                       { return &ErrorPool{} }
func (p *Pool) WithContext(ctx context.Context) *ContextPool { return &ContextPool{} }
func (p *Pool) WithMaxGoroutines(n int) *Pool                { return p }

type ErrorPool struct{}

func (p *ErrorPool) Go(f func() error) {}
func (p *ErrorPool) Wait() error       { return nil }

type ContextPool struct{}

func (p *ContextPool) Go(f func(ctx context.Context) error) {}
func (p *ContextPool) Wait() error                          { return nil }
func (p *ContextPool) WithCancelOnError() *ContextPool      { return p }
func (p *ContextPool) WithMaxGoroutines(n int) *ContextPool { return p }
