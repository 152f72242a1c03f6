package value

import "github.com/gatherlint/gatherlint/internal/flow"

// Values answers for one package.
type Values struct{ *flow.Flow }
