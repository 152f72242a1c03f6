package report

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// labelSize is the size of a label's letters in pixels; page/diagram.css says
// the same.
const labelSize = 13

// letterWidth estimates how wide a letter is in a sans serif font, in
// hundredths of the font's size. It is on the large side: fonts differ, and a
// text that is broken too early does no harm.
func letterWidth(r rune) int {
	switch {
	case strings.ContainsRune("iljtfI.,:;'|!()[] ", r):
		return 36
	case strings.ContainsRune("mwMW@%", r):
		return 92
	case r >= 0x1100: // the wide scripts begin here
		return 105
	case unicode.IsUpper(r):
		return 72
	}
	return 59
}

// textWidth estimates the width of a label in pixels.
func textWidth(s string) int {
	sum := 0
	for _, r := range s {
		sum += letterWidth(r)
	}
	return sum * labelSize / 100
}

// wrap breaks a text into lines of at most width pixels, between words where
// that is possible. It returns at least one line and at most eight; what is
// left out is shown by an ellipsis.
func wrap(text string, width int) []string {
	const most = 8
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if len(lines) > most {
			break
		}
		if line != "" && textWidth(line+" "+word) <= width {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for n := fit(word, width); n < len(word) && len(lines) <= most; n = fit(word, width) {
			lines = append(lines, word[:n])
			word = word[n:]
		}
		line = word
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	if len(lines) > most {
		lines = lines[:most]
		lines[most-1] += "…"
	}
	return lines
}

// fit is how many bytes of a word fit into width pixels, at least one letter.
// A dot or a slash near the end is a good place to break a name.
func fit(word string, width int) int {
	sum := 0
	for i, r := range word {
		if sum += letterWidth(r) * labelSize; i == 0 || sum <= width*100 {
			continue
		}
		if dot := strings.LastIndexAny(word[:i], "./-_"); dot > i/2 {
			return dot + 1
		}
		return i
	}
	return len(word)
}

// nameLetterWidth is the width of a letter of a lane's name, in a monospaced
// font, in tenths of a pixel.
const nameLetterWidth = 73

// nameLetters is how many letters of a name fit into a line of a lane's box.
const nameLetters = 17

// nameLines breaks the name of a lane into one or two lines, after a dot or a
// blank where there is one, and shortens what does not fit.
func nameLines(name string) []string {
	if utf8.RuneCountInString(name) <= nameLetters {
		return []string{name}
	}
	if i := strings.LastIndex(name, " of line "); i > 0 {
		return []string{shorten(name[:i], nameLetters), name[i+1:]}
	}
	for i := len(name) - 2; i > 0; i-- {
		head := name[:i+1]
		if strings.IndexByte(". /", name[i]) >= 0 && utf8.RuneCountInString(head) <= nameLetters {
			return []string{strings.TrimSpace(head), shorten(name[i+1:], nameLetters)}
		}
	}
	letters := []rune(name)
	return []string{string(letters[:nameLetters]), shorten(string(letters[nameLetters:]), nameLetters)}
}

// shorten cuts the middle out of a name of more than n letters.
func shorten(name string, n int) string {
	letters := []rune(name)
	if len(letters) <= n {
		return name
	}
	head := n / 2
	return string(letters[:head]) + "…" + string(letters[len(letters)-(n-head-1):])
}
