// Package registry talks to the port registry, which keeps the papers of all
// ships and the plan of the quay.
package registry

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// A Client is safe for use by several goroutines.
type Client struct {
	base string
	http http.Client
}

// New returns a client of the registry at base.
func New(base string) *Client {
	return &Client{base: base}
}

// Ships lists the ships that are expected today.
func (c *Client) Ships(ctx context.Context) (ships []Ship, err error) {
	err = c.call(ctx, http.MethodGet, "ships", nil, &ships)
	return ships, err
}

// Manifest gets the list of a ship's cargo.
func (c *Client) Manifest(ctx context.Context, ship string) (m Manifest, err error) {
	err = c.call(ctx, http.MethodGet, "manifests/"+url.PathEscape(ship), nil, &m)
	return m, err
}

// Clearance gets the customs office's word on a ship.
func (c *Client) Clearance(ctx context.Context, ship string) (cl Clearance, err error) {
	err = c.call(ctx, http.MethodGet, "clearances/"+url.PathEscape(ship), nil, &cl)
	return cl, err
}

// Crew gets the list of a ship's crew.
func (c *Client) Crew(ctx context.Context, ship string) (l CrewList, err error) {
	err = c.call(ctx, http.MethodGet, "crews/"+url.PathEscape(ship), nil, &l)
	return l, err
}

// Health gets the health report of a ship's crew.
func (c *Client) Health(ctx context.Context, ship string) (r HealthReport, err error) {
	err = c.call(ctx, http.MethodGet, "health/"+url.PathEscape(ship), nil, &r)
	return r, err
}

// Worn says whether the last inspection of a crane found worn ropes.
func (c *Client) Worn(ctx context.Context, crane int) (worn bool, err error) {
	err = c.call(ctx, http.MethodGet, fmt.Sprintf("inspections/%d", crane), nil, &worn)
	return worn, err
}

// Reserve takes a berth.
func (c *Client) Reserve(ctx context.Context, b Berth) error {
	return c.call(ctx, http.MethodPut, "berths", b, nil)
}

// Free gives a ship's berth back.
func (c *Client) Free(ctx context.Context, ship string) error {
	return c.call(ctx, http.MethodDelete, "berths/"+url.PathEscape(ship), nil, nil)
}

// Publish shows the plan of the quay to everybody.
func (c *Client) Publish(ctx context.Context, berths []Berth) error {
	return c.call(ctx, http.MethodPut, "plan", berths, nil)
}

// Summon asks a service, such as the pilots, to come to a ship.
func (c *Client) Summon(ctx context.Context, service, ship string) error {
	return c.call(ctx, http.MethodPost, service, ship, nil)
}

// MoveCrane sends a crane to a position along the quay.
func (c *Client) MoveCrane(ctx context.Context, crane, position int) error {
	return c.call(ctx, http.MethodPost, fmt.Sprintf("cranes/%d", crane), position, nil)
}

// MoveContainer has a container brought ashore or on board.
func (c *Client) MoveContainer(ctx context.Context, number, where string) error {
	return c.call(ctx, http.MethodPost, "containers/"+url.PathEscape(number), where, nil)
}

// call makes one request; in and out may be nil.
func (c *Client) call(ctx context.Context, method, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+"/"+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("registry: %s %s: %s", method, path, resp.Status)
	}
	if out == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(out)
}
