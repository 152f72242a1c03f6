package check

import (
	"fmt"

	"github.com/gatherlint/gatherlint/internal/model"
)

// room gives the channel a capacity for all that is sent, where that is certain.
func (l *leak) room() []Fix {
	op := l.cause.Op
	if op.Kind != model.OpSend || op.Chan == nil || len(l.scene.Parts) > 0 {
		return nil
	}
	at, size, ok := l.scene.Evidence.Room(l.scene, op.Chan)
	if !ok {
		return nil
	}
	return []Fix{{
		Title: fmt.Sprintf("Make %s with a capacity of %s, room for all that is sent", op.Text, size),
		Edits: []Edit{{Span: model.Span{Pos: at, End: at}, New: ", " + size}},
	}}
}

// deferIt defers what was not reached, where nothing depends on the order.
func (l *leak) deferIt() []Fix {
	if l.missed.Kind != model.OpDone && l.missed.Kind != model.OpClose || len(l.scene.Parts) > 0 {
		return nil
	}
	d := l.scene.Evidence.Deferred(l.scene, l.left.Task, l.missed, l.cause.Op, l.cause.Task == nil)
	if d == nil {
		return nil
	}
	edits := []Edit{{Span: model.Span{Pos: d.At, End: d.At}, New: d.Text}}
	for _, cut := range d.Cut {
		edits = append(edits, Edit{Span: cut})
	}
	return []Fix{{Title: "Defer " + d.Call + " at the top of the task", Edits: edits}}
}
