package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// command runs a program in the surroundings that a module out of its
// repository needs: no workspace, go.mod and go.sum may be completed. The
// error contains what the program wrote to stderr; the output is valid
// nevertheless.
func command(ctx context.Context, dir, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	if dir != "" {
		cmd.Env = append(cmd.Environ(), "GOWORK=off", "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" -mod=mod -buildvcs=false"))
	}
	return output(cmd)
}

// output runs a command.
func output(cmd *exec.Cmd) ([]byte, error) {
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		text := strings.TrimSpace(errs.String())
		if text == "" {
			text = err.Error()
		}
		return out.Bytes(), fmt.Errorf("%s: %s", filepath.Base(cmd.Path), text)
	}
	return out.Bytes(), nil
}

// doneFile marks a copy that fetch has finished.
const doneFile = ".corpus-module"

// fetch makes a writable copy of the module in dir that builds on its own. A
// finished copy of the same module is left as it is; any other directory that
// is not empty is an error. The directory temp is outside of any module.
func fetch(ctx context.Context, module, dir, temp string) error {
	if done, err := os.ReadFile(filepath.Join(dir, doneFile)); err == nil && string(done) == module {
		return nil
	}
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return fmt.Errorf("%s is not empty and is not a finished copy of %s", dir, module)
	}
	cached, err := download(ctx, module, temp)
	if err != nil {
		return err
	}
	if err := copyModule(cached, dir); err != nil {
		return fmt.Errorf("cannot copy %s: %w", module, err)
	}
	if err := makeWhole(ctx, module, dir); err != nil {
		return fmt.Errorf("cannot prepare %s: %w", module, err)
	}
	return os.WriteFile(filepath.Join(dir, doneFile), []byte(module), 0o666)
}

// download brings a module to the module cache and returns its directory
// there. It runs in temp, because the requirements of gatherlint must not
// matter.
func download(ctx context.Context, module, temp string) (string, error) {
	out, runErr := command(ctx, temp, "go", "mod", "download", "-json", module)
	var got struct{ Dir, Error string }
	if err := json.Unmarshal(out, &got); err != nil && runErr == nil {
		return "", fmt.Errorf("cannot read the output of go mod download: %w", err)
	}
	switch {
	case got.Error != "":
		return "", fmt.Errorf("cannot download %s: %s", module, got.Error)
	case runErr != nil:
		return "", fmt.Errorf("cannot download %s: %w", module, runErr)
	}
	return got.Dir, nil
}

// copyModule copies the files of a module, writable, without what the author
// has for working on it: vendored copies and the workspace.
func copyModule(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		switch {
		case d.IsDir() && rel == "vendor":
			return filepath.SkipDir
		case d.IsDir():
			return os.MkdirAll(filepath.Join(to, rel), 0o777)
		case rel == "go.work" || rel == "go.work.sum" || !d.Type().IsRegular():
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), data, 0o666)
	})
}

// A goMod is go.mod as go mod edit -json prints it, as far as it is needed.
type goMod struct {
	Require []struct{ Path, Version string }
	Replace []struct {
		Old, New struct{ Path, Version string }
	}
}

// makeWhole changes go.mod so that it can be used away from its repository,
// and completes go.mod and go.sum.
func makeWhole(ctx context.Context, module, dir string) error {
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); errors.Is(err, fs.ErrNotExist) {
		path, _, _ := strings.Cut(module, "@")
		if _, err := command(ctx, dir, "go", "mod", "init", path); err != nil {
			return err
		}
	}
	out, err := command(ctx, dir, "go", "mod", "edit", "-json")
	if err != nil {
		return err
	}
	var mod goMod
	if err := json.Unmarshal(out, &mod); err != nil {
		return err
	}
	exists := func(path string) bool {
		_, err := os.Stat(filepath.Join(dir, filepath.FromSlash(path), "go.mod"))
		return err == nil
	}
	if edits := goModEdits(&mod, module, exists); len(edits) > 0 {
		if _, err := command(ctx, dir, "go", append([]string{"mod", "edit"}, edits...)...); err != nil {
			return err
		}
	}
	// Packages that do not load do not stop this; gatherlint names them.
	_, err = command(ctx, dir, "go", "list", "-deps", "-test", "-e", "./...")
	return err
}

// goModEdits returns the arguments of go mod edit that make go.mod of the
// module path@version usable outside of its repository. Replacements by
// directories that are not part of the module are dropped. Kubernetes is
// published with requirements v0.0.0, which those replacements served: v1.X.Y
// belongs to v0.X.Y of its k8s.io modules.
func goModEdits(mod *goMod, module string, exists func(dir string) bool) []string {
	var edits []string
	for _, r := range mod.Replace {
		if isLocal(r.New.Path) && !exists(r.New.Path) {
			old := r.Old.Path
			if r.Old.Version != "" {
				old += "@" + r.Old.Version
			}
			edits = append(edits, "-dropreplace="+old)
		}
	}
	path, version, _ := strings.Cut(module, "@")
	if rest, ok := strings.CutPrefix(version, "v1."); ok && path == "k8s.io/kubernetes" {
		for _, r := range mod.Require {
			if r.Version == "v0.0.0" && strings.HasPrefix(r.Path, "k8s.io/") {
				edits = append(edits, "-require="+r.Path+"@v0."+rest)
			}
		}
	}
	slices.Sort(edits)
	return slices.Compact(edits)
}

// isLocal says whether the new path of a replacement is a directory.
func isLocal(path string) bool {
	return path == "." || path == ".." || strings.HasPrefix(path, "./") || strings.HasPrefix(path, "../") || filepath.IsAbs(path)
}
