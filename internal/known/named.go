package known

import (
	"fmt"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/gatherlint/gatherlint/internal/model"
)

// NamedGroups reads a list of TYPE=KNOWN, as the user writes it: types that keep
// the contract of a group of the table.
func NamedGroups(list string) ([]*model.Contract, error) {
	var out []*model.Contract
	for _, item := range strings.Split(list, ",") {
		item = strings.TrimSpace(item)
		if item == "" {
			continue
		}
		name, like, ok := strings.Cut(item, "=")
		dot := strings.LastIndexByte(name, '.')
		if !ok || dot <= 0 || dot == len(name)-1 || strings.LastIndexByte(name, '/') > dot {
			return nil, fmt.Errorf("group %q is not of the form import/path.Type=known/path.Type", item)
		}
		c := Group(like)
		if c == nil {
			return nil, fmt.Errorf("unknown group %q; the known groups are %s", like, strings.Join(slices.Sorted(maps.Keys(groups)), ", "))
		}
		own := *c
		own.Path, own.Type, own.Kind = name[:dot], name[dot+1:], model.LookAlike
		out = append(out, &own)
	}
	return out, nil
}

// Contracts lists the groups that are known, by import path and type.
func Contracts() []*model.Contract {
	out := slices.AppendSeq(slices.Collect(maps.Values(groups)), maps.Values(gatherers))
	slices.SortFunc(out, func(a, b *model.Contract) int {
		return strings.Compare(a.Path+"."+a.Type, b.Path+"."+b.Type)
	})
	return out
}

// ShortFunc names a function as its users write it: "errgroup.WithContext",
// "pool.Pool.WithContext".
func ShortFunc(fn *types.Func) string {
	name := fn.Pkg().Name() + "."
	if recv := fn.Signature().Recv(); recv != nil {
		if n := NamedType(recv.Type()); n != nil {
			name += n.Obj().Name() + "."
		}
	}
	return name + fn.Name()
}
