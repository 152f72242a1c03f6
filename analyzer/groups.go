package analyzer

import (
	"fmt"
	"strings"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
)

// groupsTop is what docs/groups.md says before the table.
const groupsTop = `# Groups gatherlint knows

<!-- Written by "go test ./analyzer -run TestGroupsPage -update" from the table in internal/known/groups.go. -->

A group is known by the package that declares its type and the type's name, never by methods that are called ` + "`Go` and `Wait`" + `: copies and look-alikes have contracts of their own.
Each row was checked against the source of the version that it names.

- *starts* and *waits*: the methods that do so; a function without them starts and waits by itself
- *tells the others to end*: when the context of the group, or what it has in place of one, ends before the join
- *gives*: what the wait returns
- *start blocks*: when the call that starts a task waits
- *reuse*: whether tasks may be started again after the wait

`

const groupsEnd = `
## Types of your own

A type that holds one of these groups, and has a method that starts its argument there and one that waits, is a group as well. gatherlint sees it by itself, in its own package and in those that use it.

Where the code cannot show it (the work goes through an interface, or a copy of a library has another import path), name the type and the known group whose contract it keeps:

` + "```sh\ngatherlint -groups=example.org/jobs.Pool=golang.org/x/sync/errgroup.Group ./...\n```\n" + `
The type has the methods of the known one. ` + "`-groups`" + ` takes several, separated by commas.

When the tasks of a group start later than they are given to it (` + "`run.Group`" + `, pools with a queue), or may not run at all, and for wrappers in other packages, schedules are not explored: the checks of leaked goroutines are silent about them.
`

// GroupsPage returns docs/groups.md: the groups that are known, with what each
// of them promises.
func GroupsPage() string {
	var b strings.Builder
	b.WriteString(groupsTop)
	b.WriteString("| group | read at | starts | waits | tells the others to end | gives | start blocks | reuse | a panic |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n")
	for _, c := range known.Contracts() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s | %s | %s |\n", c.Name(), c.Version,
			methodList(c, model.OpSpawn), methodList(c, model.OpWait), c.Cancels, c.Gives, orDash(c.Blocks), yesNo(c.Reuse), c.Panics)
	}
	b.WriteString(groupsEnd)
	return b.String()
}

func methodList(c *model.Contract, does model.OpKind) string {
	names := c.Methods(does)
	for i, name := range names {
		names[i] = "`" + name + "`"
	}
	return orDash(strings.Join(names, ", "))
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
