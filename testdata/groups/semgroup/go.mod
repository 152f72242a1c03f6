module example.org/groups/semgroup

go 1.25.0

require github.com/fatih/semgroup v1.2.0

require golang.org/x/sync v0.0.0-20210220032951-036812b2e83c // indirect
