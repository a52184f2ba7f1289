/** Text with an apostrophe before it if a spreadsheet would run it as a formula. */
export function inertText(text: string): string {
  return isFormula(text) ? `'${text}` : text
}

/** The text of a cell that `inertText` wrote. */
export function authoredText(cell: string): string {
  return cell.startsWith("'") && isFormula(cell) ? cell.slice(1) : cell
}

/**
 * Spreadsheets of East Asia take the full-width and other forms of the signs alike, so their compatible form (NFKC) counts. Apostrophes that a
 * text has already are looked past: it gets one more, so that whoever reads the cell back knows how many are the author's.
 */
function isFormula(text: string): boolean {
  const rest = text.replace(/^'+/, '')
  const first = /^\s*[^\s]/u.exec(rest)?.[0].normalize('NFKC') ?? rest
  return /^\s*[=+\-@\u2212]|^[\t\r\n]/.test(first)
}
