package setup

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// Version is the version of gatherlint that the proxy of Release has.
const Version = "v0.999.0"

// Release makes a module proxy that has gatherlint, as its source is now, in a
// released version. It returns the environment in which the go command uses it
// for gatherlint and the user's own settings for everything else, with a module
// cache of its own: the version is no real one.
func Release(t *testing.T) []string {
	t.Helper()
	const path = "github.com/gatherlint/gatherlint"
	dir := t.TempDir()
	Write(t, dir, map[string]string{
		path + "/@v/list":                 Version + "\n",
		path + "/@v/" + Version + ".info": `{"Version":"` + Version + `","Time":"2000-01-01T00:00:00Z"}`,
		path + "/@v/" + Version + ".mod":  Read(t, Root(t), "go.mod"),
	})
	f, err := os.Create(filepath.Join(dir, filepath.FromSlash(path), "@v", Version+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	err = zip.CreateFromDir(f, module.Version{Path: path, Version: Version}, Root(t))
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	env := Run(t, dir, nil, "go", "env", "GOPROXY", "GOMODCACHE").Want(t, 0).Stdout
	proxy, cache, _ := strings.Cut(strings.TrimSpace(env), "\n")
	proxies := []string{"file://" + filepath.ToSlash(dir), "file://" + filepath.ToSlash(filepath.Join(cache, "cache", "download")), proxy}
	return []string{
		"GOPROXY=" + strings.Join(proxies, ","),
		"GOSUMDB=off", // nobody has seen the version
		"GOFLAGS=-modcacherw",
		"GOMODCACHE=" + t.TempDir(),
	}
}
