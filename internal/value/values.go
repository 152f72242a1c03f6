package value

import "github.com/gatherlint/gatherlint/internal/flow"

// Values answers for one package.
type Values struct {
	*flow.Flow

	unfailing map[methodOf]bool // see NeverFails
}
