package race

import (
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/build"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/order"
)

// A Finder answers for one package. It looks at each function once.
type Finder struct {
	*build.Builder

	races    map[*model.Body][]ownedRace
	touches  map[*model.Body]*touched // once they were asked for
	mentions *mentions
	lending  map[*ssa.Function][]*ssa.Function // see lenders, nil until somebody asks
	orders   *order.Orders
}

// New is a finder of the races in what b has built.
func New(b *build.Builder) *Finder {
	return &Finder{Builder: b, races: map[*model.Body][]ownedRace{}, touches: map[*model.Body]*touched{}, orders: order.New(b)}
}
