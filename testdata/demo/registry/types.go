package registry

import "time"

// A Ship is expected at the harbour.
type Ship struct {
	Name   string
	Length int
	Due    time.Time
}

// A Container is one piece of cargo.
type Container struct {
	Number string
	Tons   float64
}

// A Manifest lists what a ship carries.
type Manifest struct {
	Ship       string
	Containers []Container
}

// A Clearance is the customs office's word on a ship.
type Clearance struct {
	Ship    string
	Granted bool
}

// A CrewList names who is on board.
type CrewList struct {
	Sailors []string
}

// A HealthReport says whether somebody on board is ill.
type HealthReport struct {
	Ill int
}

// A Berth is a place at the quay.
type Berth struct {
	Ship string
	From int
}
