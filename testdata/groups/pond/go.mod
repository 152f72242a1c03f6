module example.org/groups/pond

go 1.25.0

require github.com/alitto/pond/v2 v2.7.1
