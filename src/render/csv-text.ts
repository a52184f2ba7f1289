/** A line of comma-separated values, RFC 4180: quotes doubled, CRLF at its end. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(quoteField).join(',')}\r\n`
}

function quoteField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
