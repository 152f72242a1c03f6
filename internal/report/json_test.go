package report

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestJSONRoundTrip reads a document back, strictly, and compares all that it
// is meant to hold.
func TestJSONRoundTrip(t *testing.T) {
	for name, r := range map[string]*Report{"harbour": harbour(), "nothing": {Version: "(devel)"}} {
		text := written(t, func(b *strings.Builder) error { return JSON(b, r) })
		dec := json.NewDecoder(strings.NewReader(text))
		dec.DisallowUnknownFields()
		var d document
		if err := dec.Decode(&d); err != nil {
			t.Fatal(err)
		}
		if d.Version != 1 || d.Tool != (tool{"gatherlint", r.Version}) || d.Packages != r.Packages {
			t.Errorf("%s: version %d, tool %+v, %d packages", name, d.Version, d.Tool, d.Packages)
		}
		want := *r
		want.Rules = slices.Clone(r.Rules)
		for i := range want.Rules {
			want.Rules[i].Help, want.Rules[i].Text = "", "" // not part of the format
		}
		want.Findings = slices.Clone(r.Findings)
		for i := range want.Findings {
			want.Findings[i].Steps = notNil(want.Findings[i].Steps)
		}
		if !reflect.DeepEqual(d.Rules, notNil(want.Rules)) {
			t.Errorf("%s: rules %+v, want %+v", name, d.Rules, want.Rules)
		}
		if !reflect.DeepEqual(d.Findings, append([]Finding{}, want.Findings...)) {
			t.Errorf("%s: findings %+v, want %+v", name, d.Findings, want.Findings)
		}
		if !reflect.DeepEqual(d.Messages, notNil(want.Messages)) {
			t.Errorf("%s: messages %q", name, d.Messages)
		}
		if r.Findings != nil && r.Findings[1].Steps != nil {
			t.Error("writing changed the report")
		}
		if name == "harbour" && !strings.Contains(text, "looks: <fine>") {
			t.Errorf("the text is escaped more than JSON needs:\n%s", text)
		}
	}
}

// A field is a field of the JSON format.
type field struct {
	path, kind string
	optional   bool
}

// fields walks a type as encoding/json does.
func fields(t reflect.Type, path string) []field {
	kinds := map[reflect.Kind]string{reflect.String: "string", reflect.Int: "number", reflect.Bool: "boolean", reflect.Struct: "object", reflect.Slice: "list"}
	var out []field
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		if f.Anonymous {
			out = append(out, fields(f.Type, path)...)
			continue
		}
		typ := f.Type
		if typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		kind := kinds[typ.Kind()]
		below := path + name
		if typ.Kind() == reflect.Slice {
			typ = typ.Elem()
			below += "[]"
			if typ.Kind() == reflect.String {
				kind += " of strings"
			}
		}
		out = append(out, field{path + name, kind, strings.HasPrefix(options, "omit")})
		if typ.Kind() == reflect.Struct {
			out = append(out, fields(typ, below+".")...)
		}
	}
	return out
}

// TestJSONDocumented compares the tables of docs/formats.md with the types: each
// field, its type, and whether it may be left out, in their order.
func TestJSONDocumented(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "formats.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(page), "\n## json\n")
	text, _, _ = strings.Cut(text, "\n## ")
	var got []field
	for _, m := range regexp.MustCompile("(?m)^\\| (\\*?)`(\\S+)`\\*? \\| ([^|]*) \\| [^|]+ \\|$").FindAllStringSubmatch(text, -1) {
		got = append(got, field{m[2], m[3], m[1] != ""})
	}
	want := fields(reflect.TypeFor[document](), "")
	// The page describes the fields of an object behind those of its parent.
	slices.SortStableFunc(want, func(a, b field) int { return depth(a) - depth(b) })
	slices.SortStableFunc(got, func(a, b field) int { return depth(a) - depth(b) })
	if !slices.Equal(got, want) {
		t.Errorf("docs/formats.md describes\n%v\nand the format has\n%v", got, want)
	}
	if v := "\nVersion " + strconv.Itoa(JSONVersion) + "."; !strings.Contains(text, v) {
		t.Errorf("docs/formats.md does not say %q", v)
	}
	for _, kind := range []string{"spawner", "task", "channel", "context", "group", "variable", "other"} {
		if !strings.Contains(text, "`"+kind+"`") {
			t.Errorf("docs/formats.md does not name the kind of actors %s", kind)
		}
	}
}

// depth sorts by how deep a field is, lists before what stands behind them.
func depth(f field) int { return strings.Count(f.path, "[]") }
