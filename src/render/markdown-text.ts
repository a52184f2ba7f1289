/** Escapes text, so that nothing in it is Markdown or HTML, and it stays in its cell. A line break stays one. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|~$&#!]/g, '\\$&').replaceAll('\n', '<br>')
}

/**
 * A fact with its name, as one of the lines of a cell. Further lines of the text are indented, so that a reader, of whatever kind, sees
 * where the next fact begins.
 */
export function markdownFact(name: string, text: string): string {
  return `${escapeMarkdown(name)}: ${text.split('\n').map(escapeMarkdown).join('<br>&emsp;')}`
}

/** The lines of a cell. */
export function markdownLines(lines: readonly string[]): string {
  return lines.join('<br>')
}

/** A link. The URL stands in angle brackets, where only what `escapeMarkdown` escapes could end it. */
export function markdownLink(text: string, url: string): string {
  return `[${escapeMarkdown(text)}](<${escapeMarkdown(url)}>)`
}

/** A table of GitHub Flavored Markdown. The cells are Markdown already. */
export function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return [headings, headings.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}
