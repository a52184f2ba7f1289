const superscript = '\u00b9\u00b2\u00b3\u2070-\u2079'
const mark = new RegExp(`(?:\\s*\\[(\\d{1,2}|[a-z*])\\]|(?<![./])([*†‡§${superscript}]+))$`)
const noteStart = new RegExp(`^(?:\\[(\\d{1,2}|[a-z*])\\]|([*†‡§${superscript}]+)|(\\d{1,2})\\))[\\s:.]*`)

/** A text without the marks of footnotes at its end: `443*` or `www.example.net [1]`. A lone asterisk is no mark. */
export function withoutMarks(written: string): { readonly text: string; readonly marks: readonly string[] } {
  const marks: string[] = []
  let text = written.trim()
  for (let found = mark.exec(text); found && found.index > 0; found = mark.exec(text)) {
    marks.push(found[1] ?? found[2] ?? '')
    text = text.slice(0, found.index).trimEnd()
  }
  return { text, marks }
}

/** A footnote, if a text begins as one: with the mark that stands at what it is about. */
export function readFootnote(written: string): { readonly mark: string; readonly text: string } | undefined {
  const found = noteStart.exec(written.trim())
  const text = found && written.trim().slice(found[0].length)
  return text ? { mark: found[1] ?? found[2] ?? found[3] ?? '', text } : undefined
}
