module example.org/groups/oklogrun

go 1.25.0

require github.com/oklog/run v1.2.0
