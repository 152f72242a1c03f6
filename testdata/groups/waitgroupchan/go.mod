module example.org/groups/waitgroupchan

go 1.26.6

require tailscale.com v1.102.5

require golang.org/x/sys v0.47.0 // indirect
