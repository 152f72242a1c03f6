//go:build ignore

// This is the program that TestOracle builds: it calls the examples of one
// folder and prints which goroutines they leave behind. It is no part of the
// test binary, because it needs its own GOEXPERIMENT. The build constraint is
// cut off when the file is copied; the variable folders comes from the test.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"reflect"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"time"
	"unsafe"
)

// patience is how long a call may take before its context is cancelled.
const patience = 50 * time.Millisecond

// A job is what the test asks for: Rounds times Copies calls of each case.
type job struct {
	Folder         string
	Rounds, Copies int
	Cases          []oracleCase
}

// An oracleCase is a function to call. Its parameters of type string are from
// Words. Alone means that it also meets channels that nobody serves, Orphan that
// it is also called with a context that is never cancelled.
type oracleCase struct {
	Name          string
	Words         []string
	Alone, Orphan bool
}

// A report is the answer to a job.
type report struct {
	NoProfile bool              // this Go has no profile of leaked goroutines
	Cannot    map[string]string // what functions cannot be called, and why
	Panics    map[string]string
	Profile   string // the leaked goroutines, in pprof's text form
}

func main() {
	log.SetFlags(0)
	var j job
	if err := json.NewDecoder(os.Stdin).Decode(&j); err != nil {
		log.Fatal(err)
	}
	out := report{Cannot: map[string]string{}, Panics: map[string]string{}}
	if profile := pprof.Lookup("goroutineleak"); profile == nil {
		out.NoProfile = true
	} else if j.Folder != "" {
		j.run(&out)
		var text strings.Builder
		if err := profile.WriteTo(&text, 1); err != nil {
			log.Fatal(err)
		}
		out.Profile = text.String()
	}
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		log.Fatal(err)
	}
}

func (j *job) run(out *report) {
	die := &die{}
	functions := folders[j.Folder](die.throw)
	var mu sync.Mutex
	note := func(in map[string]string, name, text string) {
		mu.Lock()
		defer mu.Unlock()
		in[name] = text
	}
	for round := range j.Rounds {
		runtime.GOMAXPROCS(1 + round%2)
		die.seed(round)
		var calls sync.WaitGroup
		start := func(c oracleCase, orphan bool) {
			m := maker{die: die, words: c.Words, alone: c.Alone && die.throw(2) == 0}
			calls.Go(func() {
				if err := m.call(c.Name, reflect.ValueOf(functions[c.Name]), orphan); errors.Is(err, errCannot) {
					note(out.Cannot, c.Name, err.Error())
				} else if err != nil {
					note(out.Panics, c.Name, err.Error())
				}
			})
		}
		for range j.Copies {
			for _, c := range j.Cases {
				start(c, false)
				if c.Orphan {
					start(c, true)
				}
			}
		}
		calls.Wait()
	}
	runtime.GOMAXPROCS(2)
	settle()
}

// settle waits until the tasks that will end have ended, or a second has passed.
// It need not be exact: a goroutine that is in the profile never ends.
func settle() {
	for end := time.Now().Add(time.Second); time.Now().Before(end); {
		before := runtime.NumGoroutine()
		time.Sleep(patience)
		if runtime.NumGoroutine() == before {
			return
		}
	}
}

// A die is the luck of all cases: which calls fail, and who runs first.
type die struct {
	mu     sync.Mutex
	random *rand.Rand
}

func (d *die) seed(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.random = rand.New(rand.NewPCG(uint64(n), 0))
}

// throw returns a number below n. Now and then it lets other goroutines go first.
func (d *die) throw(n int) int {
	d.mu.Lock()
	result, yields := d.random.IntN(max(n, 1)), d.random.IntN(3)
	d.mu.Unlock()
	for range yields {
		runtime.Gosched()
	}
	return result
}

// A maker makes arguments for a call.
type maker struct {
	die   *die
	words []string
	alone bool // nobody serves the channels
	ctx   context.Context
}

var (
	errCannot = errors.New("cannot be called")
	errThrown = errors.New("failed by chance")
)

// call calls a function in a goroutine that has its name as label, and comes
// back when the function has returned or patience is at an end. Nothing here
// may keep the arguments reachable after that: what is reachable from a running
// goroutine is not seen as leaked.
func (m maker) call(name string, f reflect.Value, orphan bool) error {
	returned := make(chan error, 1)
	cancel := func() {}
	if orphan {
		m.ctx, _ = context.WithCancel(context.Background())
	} else {
		m.ctx, cancel = context.WithCancel(context.Background())
	}
	go pprof.Do(context.Background(), pprof.Labels("case", name), func(context.Context) {
		m.invoke(f, returned)
	})
	var err error
	select {
	case err = <-returned:
	case <-time.After(patience):
	}
	cancel()
	return err
}

// invoke makes the arguments, calls the function and uses what it returns, as a
// decent caller does: functions are called, channels are drained.
func (m maker) invoke(f reflect.Value, returned chan<- error) {
	var err error
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panics: %v", r)
		}
		returned <- err
	}()
	args, err := m.arguments(f.Type())
	if err != nil {
		return
	}
	results := f.Call(args)
	for _, result := range results {
		switch t := result.Type(); {
		case t.Kind() == reflect.Chan && t.ChanDir()&reflect.RecvDir != 0 && !result.IsNil():
			for ok := true; ok; {
				_, ok = result.Recv()
			}
		case t.Kind() == reflect.Func && !result.IsNil():
			if args, err := m.arguments(t); err == nil {
				result.Call(args)
			}
		}
	}
}

// arguments makes the arguments for a function of type t; for variadic
// parameters it passes one element.
func (m maker) arguments(t reflect.Type) ([]reflect.Value, error) {
	var args []reflect.Value
	for i := range t.NumIn() {
		in := t.In(i)
		if t.IsVariadic() && i == t.NumIn()-1 {
			in = in.Elem()
		}
		arg, ok := m.value(in)
		if in.Kind() == reflect.String {
			arg.SetString(m.words[m.die.throw(len(m.words))])
		}
		if !ok {
			return nil, fmt.Errorf("%w: there is no value for its parameter of type %v", errCannot, in)
		}
		args = append(args, arg)
	}
	return args, nil
}

var (
	contextType  = reflect.TypeFor[context.Context]()
	errorType    = reflect.TypeFor[error]()
	durationType = reflect.TypeFor[time.Duration]()
)

// value makes a value of type t.
func (m maker) value(t reflect.Type) (v reflect.Value, ok bool) {
	v = reflect.New(t).Elem()
	switch {
	case t == contextType:
		return reflect.ValueOf(m.ctx), true
	case t == errorType:
		return reflect.ValueOf(errThrown), true
	case t == durationType:
		v.SetInt(int64(time.Millisecond))
		return v, true
	}
	switch t.Kind() {
	case reflect.Bool:
		v.SetBool(m.die.throw(2) == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(2)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(2)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(2)
	case reflect.String:
		v.SetString("word")
	case reflect.Slice:
		v.Set(reflect.MakeSlice(t, 3, 3))
		for i := range 3 {
			if !m.set(v.Index(i)) {
				return v, false
			}
		}
	case reflect.Array:
		for i := range t.Len() {
			if !m.set(v.Index(i)) {
				return v, false
			}
		}
	case reflect.Func:
		v.Set(reflect.MakeFunc(t, m.fake(t)))
	case reflect.Chan:
		return m.channel(t)
	case reflect.Struct:
		return v, m.fill(v)
	case reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		return v, t.Elem().Kind() == reflect.Struct && m.fill(v.Elem())
	default:
		return v, false
	}
	return v, true
}

func (m maker) set(place reflect.Value) bool {
	v, ok := m.value(place.Type())
	if ok {
		place.Set(v)
	}
	return ok
}

// fill sets the fields of a struct of the examples; those that there is no value
// for stay zero. Structs of other packages do as they are, if their
// documentation says so.
func (m maker) fill(v reflect.Value) bool {
	switch t := v.Type(); {
	case t.PkgPath() == "sync", strings.HasSuffix(t.PkgPath(), "/errgroup"), t.PkgPath() == "":
		return true
	case !strings.HasPrefix(t.PkgPath(), modulePath):
		return false
	}
	for i := range v.NumField() {
		field := v.Field(i)
		switch field.Kind() {
		case reflect.Pointer, reflect.Chan: // nil, so that no type is made within itself
		default:
			m.set(reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem())
		}
	}
	return true
}

// channel makes a channel of one direction: one to receive from gives three
// values and is closed, one to send on is drained. Those of both directions
// have no obvious other side.
func (m maker) channel(t reflect.Type) (reflect.Value, bool) {
	if t.ChanDir() == reflect.BothDir {
		return reflect.Value{}, false
	}
	both := reflect.ChanOf(reflect.BothDir, t.Elem())
	if m.alone {
		return reflect.MakeChan(both, 0).Convert(t), true
	}
	c := reflect.MakeChan(both, 3)
	if t.ChanDir() == reflect.SendDir {
		go func() {
			for ok := true; ok; {
				_, ok = c.Recv()
			}
		}()
		return c.Convert(t), true
	}
	for range 3 {
		v, ok := m.value(t.Elem())
		if !ok {
			return reflect.Value{}, false
		}
		c.Send(v)
	}
	c.Close()
	return c.Convert(t), true
}

// fake is the body of a function that is given to an example: it obeys its
// context, fails by chance, and returns zeros.
func (m maker) fake(t reflect.Type) func([]reflect.Value) []reflect.Value {
	return func(args []reflect.Value) []reflect.Value {
		var failure error
		if m.die.throw(2) == 0 {
			failure = errThrown
		}
		for _, arg := range args {
			if ctx, ok := arg.Interface().(context.Context); ok && ctx.Err() != nil {
				failure = ctx.Err()
			}
		}
		var results []reflect.Value
		for i := range t.NumOut() {
			result := reflect.New(t.Out(i)).Elem()
			if t.Out(i) == errorType && failure != nil {
				result.Set(reflect.ValueOf(failure))
			}
			results = append(results, result)
		}
		return results
	}
}
