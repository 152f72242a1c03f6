module example.org/groups/taskgroup

go 1.26.0

require github.com/creachadair/taskgroup v0.14.5
