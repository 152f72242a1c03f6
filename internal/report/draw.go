package report

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Diagram is a sequence diagram: actors side by side, events from top to
// bottom.
type Diagram struct {
	ID     string // begins the ids of its elements; unique in a page
	Title  string // read aloud where the picture cannot be seen
	Desc   string // likewise, in full
	Lanes  []Actor
	Events []Event
}

// An Event is one row of a diagram: an arrow from one lane to another, or a
// mark on one lane if From and To are the same. Both are indexes of Lanes;
// what is out of range is not drawn.
type Event struct {
	From, To int
	Text     string
	Starts   bool // the lane To begins to live here
	Blocks   bool // the lane From never gets past it
	Failure  bool // what the schedule comes to
}

// Measures of a diagram in pixels of CSS.
const (
	leastBox     = 84 // width of the box with a lane's name
	laneGap      = 16 // between two boxes
	boxTop       = 4
	boxHeight    = 54
	sideMargin   = 10
	leastWidth   = 330 // a narrower diagram has no room for its texts
	easyWidth    = 420 // what fits beside the source
	besideSource = 470 // the room beside the source on a screen of 1,400 pixels
	widestLabel  = 290
	leastLabel   = 170 // room enough for most texts
	labelGap     = 17  // between a mark and its text
	lineHeight   = 16
	markRadius   = 10
	tailHeight   = 30 // below the last event
)

// A drawing is a diagram being written.
type drawing struct {
	strings.Builder
	*Diagram
	names         [][]string // of the lanes, in lines
	boxes         []int      // widths
	middles       []int      // of the lanes
	total, height int        // of the whole
	rows          []row
}

// A row is where an event is drawn.
type row struct {
	event int
	y     int // of the arrow and the mark
	label []string
	tag   string // says in a word what the shape of the mark says
	x     int    // of the label
	top   int    // baseline of the first line of tag and label
	left  bool   // the label ends at x
}

// SVG draws the diagram as an element for a page of HTML. Its looks are in
// page/diagram.css. The result is "" if there is nothing to draw.
func (d *Diagram) SVG() template.HTML {
	w := &drawing{Diagram: d}
	w.layOut()
	if len(w.rows) == 0 {
		return ""
	}
	esc := template.HTMLEscapeString
	fmt.Fprintf(w, `<svg class="diagram" role="img" aria-labelledby="%[1]s-t %[1]s-d" width="%[2]d" height="%[3]d" viewBox="0 0 %[2]d %[3]d">`,
		esc(d.ID), w.total, w.height)
	fmt.Fprintf(w, "\n<title id=\"%s-t\">%s</title><desc id=\"%s-d\">%s</desc>\n", esc(d.ID), esc(d.Title), esc(d.ID), esc(d.Desc))
	for i := range d.Lanes {
		w.lifeline(i)
	}
	for i := range d.Lanes {
		w.box(i)
	}
	for _, r := range w.rows {
		w.event(r)
	}
	w.WriteString("</svg>")
	return template.HTML(w.String())
}

// width is how wide the drawing is, in pixels.
func (d *Diagram) width() int {
	w := &drawing{Diagram: d}
	w.placeLanes()
	return w.total
}

// placeLanes makes each lane as wide as its name.
func (w *drawing) placeLanes() {
	x := sideMargin
	for _, a := range w.Lanes {
		lines := nameLines(a.Name)
		box := leastBox
		for _, line := range lines {
			box = max(box, utf8.RuneCountInString(line)*nameLetterWidth/10+16)
		}
		w.names = append(w.names, lines)
		w.boxes = append(w.boxes, box)
		w.middles = append(w.middles, x+box/2)
		x += box + laneGap
	}
	w.total = max(leastWidth, x-laneGap+sideMargin)
	for _, e := range w.Events {
		from, to := w.middle(e.From), w.middle(e.To)
		if from == 0 || to < from {
			continue
		}
		end := func(label int) int { return from + labelGap + min(textWidth(e.Text), label) + sideMargin }
		// The text of an arrow to the right has no other place, that of a mark has.
		if to > from || end(leastLabel) <= easyWidth {
			w.total = max(w.total, end(leastLabel), min(end(widestLabel), easyWidth))
		}
	}
}

// middle is where a lane is, 0 if there is no such lane.
func (w *drawing) middle(lane int) int {
	if lane < 0 || lane >= len(w.middles) {
		return 0
	}
	return w.middles[lane]
}

// layOut finds the place of everything.
func (w *drawing) layOut() {
	w.placeLanes()
	y := boxTop + boxHeight + 8
	for i, e := range w.Events {
		from, to := w.middle(e.From), w.middle(e.To)
		if from == 0 || to == 0 {
			continue
		}
		r := row{event: i, tag: tagOf(e)}
		r.x = min(from, to) + labelGap
		room := w.total - sideMargin - r.x
		if end := from - labelGap; to <= from && end-sideMargin > room && room < min(textWidth(e.Text), leastLabel) {
			r.left, r.x = true, end
			room = end - sideMargin
		}
		r.label = wrap(e.Text, min(room, widestLabel))
		lines := len(r.label)
		if r.tag != "" {
			lines++
		}
		r.top = y + lineHeight
		if e.From != e.To { // the text stands on the arrow
			r.y = r.top + (lines-1)*lineHeight + 13
			y = r.y + markRadius
		} else { // the text begins beside the mark
			r.y = r.top - 4
			y = max(r.top+(lines-1)*lineHeight, r.y+markRadius)
		}
		y += 6
		w.rows = append(w.rows, r)
	}
	w.height = y + tailHeight
}

// tagOf says in a word what an event has come to.
func tagOf(e Event) string {
	switch {
	case e.Blocks && e.Failure:
		return "failure, blocked"
	case e.Blocks:
		return "blocked"
	case e.Failure:
		return "failure"
	}
	return ""
}

// lifeline draws the line below a lane's box: faint until the actor is
// started, hatched from where it is blocked.
func (w *drawing) lifeline(lane int) {
	x, top, bottom := w.middles[lane], boxTop+boxHeight, w.height-8
	for _, r := range w.rows {
		if e := w.Events[r.event]; e.Starts && e.To == lane && e.From != lane {
			fmt.Fprintf(w, "<path class=\"before\" d=\"M%d %dV%d\"/>\n", x, top, r.y)
			top = r.y
			break
		} else if e.From == lane {
			break // it has done something already
		}
	}
	end := bottom
	for _, r := range w.rows {
		if e := w.Events[r.event]; e.Blocks && e.From == lane {
			end = r.y
			break
		}
	}
	class := "life"
	if !isGoroutine(w.Lanes[lane]) {
		class = "life shared"
	}
	fmt.Fprintf(w, "<path class=\"%s\" d=\"M%d %dV%d\"/>\n", class, x, top, end)
	if end < bottom {
		fmt.Fprintf(w, "<path class=\"stuck\" d=\"M%d %dV%d\"/><path class=\"stuckend\" d=\"M%d %dh20\"/>\n", x, end, bottom-2, x-10, bottom)
	}
}

func isGoroutine(a Actor) bool { return a.Kind == "spawner" || a.Kind == "task" || a.Kind == "" }

// box draws the name of a lane.
func (w *drawing) box(lane int) {
	a, x := w.Lanes[lane], w.middles[lane]
	class, radius := "box", 6
	if !isGoroutine(a) {
		class, radius = "box shared", boxHeight/2
	}
	esc := template.HTMLEscapeString
	fmt.Fprintf(w, "<g><title>%s</title><rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\"/>",
		esc(strings.TrimSpace(a.Kind+" "+a.Name)), class, x-w.boxes[lane]/2, boxTop, w.boxes[lane], boxHeight, radius)
	name := w.names[lane]
	y := boxTop + 20
	if a.Kind != "" {
		fmt.Fprintf(w, `<text class="kind" x="%d" y="%d">%s</text>`, x, boxTop+16, esc(a.Kind))
		y = boxTop + 31
	} else {
		y += 5
	}
	if len(name) == 1 {
		y += 5
	}
	for i, line := range name {
		fmt.Fprintf(w, `<text class="name" x="%d" y="%d">%s</text>`, x, y+i*14, esc(line))
	}
	w.WriteString("</g>\n")
}

// event draws one row.
func (w *drawing) event(r row) {
	e := w.Events[r.event]
	class := "step"
	if e.Blocks {
		class += " blocks"
	}
	if e.Failure {
		class += " failure"
	}
	fmt.Fprintf(w, `<g class="%s" data-step="%d">`, class, r.event+1)
	from, to := w.middles[e.From], w.middles[e.To]
	if from != to {
		side := 1 // which way the arrow points
		if to < from {
			side = -1
		}
		fmt.Fprintf(w, `<path class="line" d="M%d %dH%d"/>`, from+side*markRadius, r.y, to-side*8)
		fmt.Fprintf(w, `<path class="head" d="M%d %dl%d -5v10z"/>`, to-side, r.y, -side*9)
	}
	w.plate(r)
	anchor := ""
	if r.left {
		anchor = ` text-anchor="end"`
	}
	y := r.top
	if r.tag != "" {
		fmt.Fprintf(w, `<text class="tag"%s x="%d" y="%d">%s</text>`, anchor, r.x, y, r.tag)
		y += lineHeight
	}
	for i, line := range r.label {
		fmt.Fprintf(w, `<text%s x="%d" y="%d">%s</text>`, anchor, r.x, y+i*lineHeight, template.HTMLEscapeString(line))
	}
	w.mark(e, from, r.y, r.event+1)
	w.WriteString("</g>\n")
}

// plate interrupts the lines that would run through the text of a row.
func (w *drawing) plate(r row) {
	width, lines := 0, len(r.label)
	for _, line := range r.label {
		width = max(width, textWidth(line))
	}
	if r.tag != "" {
		width = max(width, textWidth(r.tag))
		lines++
	}
	x := r.x - 3
	if r.left {
		x = r.x + 3 - width - 6
	}
	fmt.Fprintf(w, `<rect class="plate" x="%d" y="%d" width="%d" height="%d"/>`, x, r.top-12, width+6, lines*lineHeight)
}

// mark draws the number of an event: in a circle, in an octagon like a stop
// sign where a goroutine is blocked, in a diamond where the schedule ends.
func (w *drawing) mark(e Event, x, y, n int) {
	switch {
	case e.Blocks:
		fmt.Fprintf(w, `<path class="mark" d="M%d %dh10l7 7v10l-7 7h-10l-7 -7v-10z"/>`, x-5, y-12)
	case e.Failure:
		fmt.Fprintf(w, `<path class="mark" d="M%d %dl13 13l-13 13l-13 -13z"/>`, x, y-13)
	default:
		fmt.Fprintf(w, `<circle class="mark" cx="%d" cy="%d" r="%d"/>`, x, y, markRadius)
	}
	fmt.Fprintf(w, `<text class="number" x="%d" y="%d">%s</text>`, x, y+4, strconv.Itoa(n))
}
