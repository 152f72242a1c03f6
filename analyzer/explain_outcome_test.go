package analyzer

import (
	"strings"
	"testing"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/schedule"
)

// That nobody blocks for ever is said without reserve only where everything was
// seen and explored.
func TestOutcome(t *testing.T) {
	stuck := []*schedule.Stuck{{}}
	for _, test := range []struct {
		r    schedule.Result
		cut  bool
		want string
	}{
		{schedule.Result{States: 7}, false, "every schedule was explored (7 states): no goroutine blocks for ever"},
		{schedule.Result{States: 7}, true, "in all that is seen (7 states), no goroutine"},
		{schedule.Result{States: 7, Unknown: []string{"c: it leaks"}}, false, "in all that is seen (7 states), no goroutine"},
		{schedule.Result{States: 7, Limits: []string{"large counts"}}, false, "in what was explored (7 states), no goroutine"},
		{schedule.Result{States: 7, Sized: stuck}, false, "in what was explored (7 states), no goroutine"},
		{schedule.Result{States: 1, Stuck: stuck}, false, "every schedule was explored (1 state): one ends"},
		{schedule.Result{States: 7, Stuck: stuck, Limits: []string{"large counts"}}, false, "in what was explored (7 states), one schedule ends"},
		{schedule.Result{States: 7, Spent: true, Stuck: stuck}, false, "not every schedule was explored: the limit was reached after 7 states; one schedule ends"},
		{schedule.Result{States: 7, Spent: true}, false, "not every schedule was explored: the limit was reached after 7 states"},
		{schedule.Result{}, false, "no schedule was explored: there is nothing here"},
		{schedule.Result{}, true, "no schedule was explored: of what goroutines could block at"},
		{schedule.Result{Skipped: true}, false, "no schedule was explored: the limit of states for a package"},
	} {
		if got := outcome(&model.Scene{Cut: test.cut}, &test.r); !strings.HasPrefix(got, test.want) {
			t.Errorf("%+v: %q, want %q", test.r, got, test.want)
		}
	}
}
