package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// A staged change is written to a temporary file beside its target.
type staged struct{ temp, target string }

// writeChanges replaces files, each at once and all or, as far as the file
// system lets it, none: all new texts are on disk before the first file is
// replaced. The error names the file.
func writeChanges(changes []change) (err error) {
	var files []staged
	defer func() {
		if err != nil {
			for _, f := range files {
				_ = os.Remove(f.temp) // it may be in place already; nothing else can be done
			}
		}
	}()
	for _, c := range changes {
		f, err := stage(c)
		if err != nil {
			return fmt.Errorf("%w; no file was changed", err)
		}
		files = append(files, f)
	}
	for i, f := range files {
		if err := os.Rename(f.temp, f.target); err != nil {
			return fmt.Errorf("%w; the fixes of %d of %d files are applied", err, i, len(files))
		}
	}
	return nil
}

// stage checks that a file may be replaced and writes its new text to a
// temporary file. A file without any write permission is refused even to the
// superuser, whom the system would let write: somebody has said that it is
// not to be changed. Links are followed, because renaming would replace them.
func stage(c change) (_ staged, err error) {
	target, err := filepath.EvalSymlinks(c.path)
	if err != nil {
		return staged{}, err
	}
	fi, err := os.Stat(target)
	if err != nil {
		return staged{}, err
	}
	if !fi.Mode().IsRegular() {
		return staged{}, fmt.Errorf("%s is not a regular file", c.path)
	}
	if fi.Mode().Perm()&0o222 == 0 {
		return staged{}, fmt.Errorf("%s is read-only", c.path)
	}
	// Renaming asks for write permission of the directory only.
	w, err := os.OpenFile(target, os.O_WRONLY, 0)
	if err != nil {
		return staged{}, err
	}
	if err := w.Close(); err != nil {
		return staged{}, err
	}
	now, err := os.ReadFile(target)
	if err != nil {
		return staged{}, err
	}
	if !bytes.Equal(now, c.old) {
		return staged{}, fmt.Errorf("%s has changed since it was analysed", c.path)
	}
	temp, err := os.CreateTemp(filepath.Dir(target), ".gatherlint-*")
	if err != nil {
		return staged{}, fmt.Errorf("cannot write beside %s: %w", c.path, err)
	}
	_, err = temp.Write(c.new)
	err = errors.Join(err, temp.Chmod(fi.Mode().Perm()), temp.Close())
	if err != nil {
		_ = os.Remove(temp.Name()) // the first error counts
		return staged{}, fmt.Errorf("cannot write the new text of %s: %w", c.path, err)
	}
	return staged{temp.Name(), target}, nil
}
