import Type from 'typebox'

export const namePattern = '^[a-z0-9]+(?:[-._][a-z0-9]+)*$'
export const urlPattern = '^https?://[^\\s]+$'
/** An application protocol, such as `https`. */
export const applicationPattern = '^[a-z0-9][a-z0-9+./-]*$'
/** A date as it is printed: a day, a month or a year. */
export const printedDatePattern = '^[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?$'

/** A slug: the id of a catalogue, the key of a requirement, a tag, or the name of a role or feed. */
export const NameSchema = Type.String({ minLength: 1, maxLength: 100, pattern: namePattern })
/** One line for people. */
export const TitleSchema = Type.String({ minLength: 1, maxLength: 200 })
/** Prose of one or several lines. */
export const ProseSchema = Type.String({ minLength: 1, maxLength: 4000 })
export const RemarksSchema = Type.String({ minLength: 1, maxLength: 4000, description: 'Remarks for people' })
export const UrlSchema = Type.String({ minLength: 1, maxLength: 2000, pattern: urlPattern })

/** An instant in canonical form: RFC 3339 in UTC. */
export const InstantSchema = Type.String({ format: 'date-time', examples: ['2018-11-22T00:00:00Z'] })
/** An instant with an offset, or a bare date or month in the time zone of the catalogue. */
export const AuthoredTimeSchema = Type.String({
  minLength: 7,
  maxLength: 40,
  examples: ['2018-11-22', '2018-10', '2018-11-22T00:00:00Z'],
  description: 'An instant, or a date or month: its first instant in the time zone of the catalogue'
})

// Characters that nobody can see, and that can mislead a reader or break a rendering: C0 and C1 controls except tab and newline, soft
// hyphen, zero-width and bidirectional controls, line separators, blank letters, byte order mark, tag characters, lone surrogates and
// noncharacters. U+200C and U+200D are allowed, since scripts and emoji need them.
const forbidden =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e007f}\p{Surrogate}\p{Noncharacter_Code_Point}]/u

/**
 * The text in normal form (NFC, LF, no outer white space), or its fault. `lines: 'one'` refuses tab and newline too. A text in normal
 * form stays as it is.
 */
export function cleanText(text: string, lines: 'one' | 'many'): { readonly text: string } | { readonly fault: string } {
  const plain = text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text
  const found = forbidden.exec(plain)
  if (found) return { fault: `contains the invisible or control character ${codePointName(found[0])}: remove it` }
  const trimmed = plain.normalize('NFC').trim()
  if (trimmed === '') return { fault: 'is blank: give a text, or leave the field out' }
  if (lines === 'one' && /[\t\n]/.test(trimmed)) return { fault: 'has several lines or a tab: write it in one line' }
  return { text: trimmed }
}

/** Order by UTF-16 code unit, as everywhere in this service: the same on every machine, unlike a collation of a language or a database. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The name by which people look up a character: `U+202E`. */
export function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
