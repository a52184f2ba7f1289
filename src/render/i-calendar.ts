import type { Instant } from '../domain/time/instant.ts'

/** An iCalendar, RFC 5545, of components whose lines are not folded yet. */
export function iCalendar(title: string, components: readonly string[]): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Portolan//Portolan//EN',
    'METHOD:PUBLISH',
    // NAME is of RFC 7986; older programs know X-WR-CALNAME.
    `NAME:${iCalText(title)}`,
    `X-WR-CALNAME:${iCalText(title)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    // Outlook reads this field in place of the one before.
    'X-PUBLISHED-TTL:PT1H',
    // A calendar must have a component, also while nothing is announced (section 3.6).
    ...(components.length === 0 ? timeZoneUtc : components),
    'END:VCALENDAR'
  ]
  return lines.map((line) => `${foldLine(line)}\r\n`).join('')
}

const timeZoneUtc = [
  'BEGIN:VTIMEZONE',
  'TZID:UTC',
  'BEGIN:STANDARD',
  'DTSTART:19700101T000000',
  'TZOFFSETFROM:+0000',
  'TZOFFSETTO:+0000',
  'END:STANDARD',
  'END:VTIMEZONE'
]

/** An instant such as `20181122T000000Z`. Fractions of a second are cut off, since section 3.3.12 has no place for them. */
export function iCalInstant(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

/** Escapes a value of type TEXT, section 3.3.11. */
export function iCalText(text: string): string {
  return text.replaceAll(/[\\;,]/g, '\\$&').replaceAll('\n', '\\n')
}

/** Folds a line into lines of at most 75 octets, section 3.1. No character is cut in two. */
function foldLine(line: string): string {
  const lines: string[] = []
  let current = ''
  let octets = 0
  for (const character of line) {
    const length = Buffer.byteLength(character)
    if (octets + length > 75) {
      lines.push(current)
      current = ' '
      octets = 1
    }
    current += character
    octets += length
  }
  return [...lines, current].join('\r\n')
}
