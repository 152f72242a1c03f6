package known

import (
	"go/types"
	"strings"
)

// IsLogger reports whether a type is named like a logger.
func IsLogger(t types.Type) bool {
	n := NamedType(t)
	return n != nil && (IsLogName(n.Obj().Name()) || IsLogPackage(PkgPath(n.Obj())))
}

// IsPrintfLike reports whether a function takes any number of anything.
func IsPrintfLike(sig *types.Signature) bool {
	if !sig.Variadic() {
		return false
	}
	s, ok := sig.Params().At(sig.Params().Len() - 1).Type().(*types.Slice)
	if !ok {
		return false
	}
	i, ok := s.Elem().Underlying().(*types.Interface)
	return ok && i.NumMethods() == 0
}

// IsLogLevelName reports whether a function is named like a level of a log.
func IsLogLevelName(name string) bool {
	name = strings.ToLower(name)
	for _, level := range []string{"debug", "info", "warn", "error", "trace", "verbose", "print", "log", "notice"} {
		if strings.HasPrefix(name, level) {
			return true
		}
	}
	return strings.HasSuffix(name, "logf") || strings.HasSuffix(name, "printf")
}

// IsLogPackage reports whether the package is one for logs by its last element.
func IsLogPackage(path string) bool {
	last := path[strings.LastIndexByte(path, '/')+1:]
	if strings.HasPrefix(last, "v") && len(last) <= 3 || strings.HasPrefix(last, "go-") {
		path = strings.TrimSuffix(path, "/"+last)
		if strings.HasPrefix(last, "v") {
			last = path[strings.LastIndexByte(path, '/')+1:]
		}
	}
	return IsLogName(last)
}

// IsLogName reports whether a name is that of a log or a logger.
func IsLogName(name string) bool {
	name = strings.ToLower(name)
	switch name {
	case "zap", "logr", "logrus", "klog", "glog", "slog", "zerolog", "seelog", "entry":
		return name != "entry"
	}
	for _, w := range []string{"log", "logger", "logging"} {
		if name == w || strings.HasSuffix(name, w) && !strings.HasSuffix(name, "catalog") && !strings.HasSuffix(name, "dialog") && !strings.HasSuffix(name, "backlog") && !strings.HasSuffix(name, "wal"+w) {
			return true
		}
	}
	return strings.HasPrefix(name, "logger")
}

// Tells reports whether a function writes to a log, or prints to whatever it is given.
func Tells(fn *types.Func) bool {
	return WritesLog(fn) || PrintsTo(fn)
}

// WritesLog reports whether a function is one that writes to a log or to the terminal,
// by its package, its type, or its name. It errs on the side of no where the function
// gives back more than one result: then it is asked for something.
func WritesLog(fn *types.Func) bool {
	pkg, name, sig := PkgPath(fn), fn.Name(), fn.Signature()
	switch pkg {
	case "fmt":
		return strings.HasPrefix(name, "Print")
	case "testing":
		return name == "Log" || name == "Logf"
	}
	if recv := sig.Recv(); recv != nil && IsLogger(recv.Type()) {
		return true
	}
	switch {
	case sig.Results().Len() > 1:
		return false
	case IsLogPackage(pkg):
		return true
	}
	return sig.Results().Len() == 0 && IsPrintfLike(sig) && (IsLogLevelName(name) || IsLogName(name))
}

// PrintsTo reports whether fn prints to the writer that is its first argument.
func PrintsTo(fn *types.Func) bool {
	return PkgPath(fn) == "fmt" && strings.HasPrefix(fn.Name(), "Fprint")
}

// IsTerminalName reports whether a package variable of this name is one of the streams of
// the process. Which package it is in does not matter: a command may keep its own, to be
// replaced in tests. It errs on the side of a log.
func IsTerminalName(name string) bool { return name == "Stderr" || name == "Stdout" }
