package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// An output is where the result of a run goes: stdout, or a file, which appears
// under its name when it is complete. Until then it is a temporary file beside
// its target.
type output struct {
	buf     *bufio.Writer
	written int      // bytes, the buffered ones among them
	file    *os.File // nil for stdout
	target  string   // what the file is renamed to; "" if it is written in place
}

// open prepares an output before the analysis, which may take long, so that a
// file that cannot be written is found at once. The path is relative to where
// the user stands.
func (e env) open(path string) (*output, error) {
	if path == "" {
		return &output{buf: bufio.NewWriter(e.stdout)}, nil
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(e.dir, path)
	}
	perm := fs.FileMode(0o666)
	fi, err := os.Stat(path)
	exists := err == nil
	switch {
	case exists && fi.IsDir():
		return nil, errors.New("it is a directory")
	case exists:
		// Renaming asks for write permission of the directory only.
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return nil, reason(err)
		}
		if !fi.Mode().IsRegular() { // a device or a pipe
			return &output{buf: bufio.NewWriter(f), file: f}, nil
		}
		if err := f.Close(); err != nil {
			return nil, reason(err)
		}
		if perm = fi.Mode().Perm(); perm&0o222 == 0 {
			return nil, errors.New("it is read-only") // to the superuser too
		}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, reason(err)
	}
	if path, err = behindLinks(path); err != nil {
		return nil, reason(err)
	}
	f, err := beside(path, perm)
	if err != nil {
		return nil, reason(err)
	}
	out := &output{buf: bufio.NewWriter(f), file: f, target: path}
	if exists {
		if err := f.Chmod(perm); err != nil {
			out.discard()
			return nil, reason(err)
		}
	}
	return out, nil
}

// behindLinks is the file that a name stands for, which need not exist. A link
// stays a link: renaming would replace it.
func behindLinks(path string) (string, error) {
	const most = 40 // as many as the system follows
	for range most {
		fi, err := os.Lstat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return path, nil
		case err != nil:
			return "", err
		case fi.Mode()&fs.ModeSymlink == 0:
			return filepath.EvalSymlinks(path)
		}
		target, err := os.Readlink(path)
		if err != nil {
			return "", err
		}
		dir, err := filepath.EvalSymlinks(filepath.Dir(path))
		if err != nil {
			return "", err
		}
		path = absolute(dir, target)
	}
	return "", errors.New("too many links")
}

// beside makes a temporary file in the directory of path. The system takes the
// bits of the umask from its permissions, as it would for path, which
// os.CreateTemp does not allow.
func beside(path string, perm fs.FileMode) (*os.File, error) {
	for n := os.Getpid(); ; n++ {
		name := filepath.Join(filepath.Dir(path), fmt.Sprintf(".gatherlint-%d-%s", n, filepath.Base(path)))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// reason is an error without the path, which the user knows, or is a temporary
// one.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// Write has no error: the buffer keeps the first one for commit, which reports
// it once.
func (o *output) Write(b []byte) (int, error) {
	_, _ = o.buf.Write(b)
	o.written += len(b)
	return len(b), nil
}

// commit writes what is buffered and gives the file its name.
func (o *output) commit() error {
	err := o.buf.Flush()
	if o.file == nil || err != nil {
		return reason(err)
	}
	f := o.file
	if o.target == "" {
		o.file = nil
		return reason(f.Close())
	}
	if err := f.Close(); err != nil {
		return reason(err)
	}
	if err := os.Rename(f.Name(), o.target); err != nil {
		var link *os.LinkError
		if errors.As(err, &link) {
			return link.Err
		}
		return err
	}
	o.file = nil
	return nil
}

// discard removes the temporary file of an output that was not committed.
func (o *output) discard() {
	if o.file == nil {
		return
	}
	_ = o.file.Close() // it may be closed already; it goes anyway
	if o.target != "" {
		_ = os.Remove(o.file.Name()) // nothing else can be done
	}
	o.file = nil
}

var _ io.Writer = (*output)(nil)
