export type Paint = (text: string) => string
export type Cell = string | { readonly text: string; readonly paint: Paint }
export type TableRow = readonly Cell[]

const gap = '  '

/** Rows in aligned columns, without white space at the end of a line. Colours do not count as width. */
export function renderTable(rows: readonly TableRow[], indent = ''): string {
  const texts = rows.map((row) => row.map((cell) => oneLine(typeof cell === 'string' ? cell : cell.text)))
  const widths: number[] = []
  for (const row of texts) {
    row.forEach((text, column) => {
      widths[column] = Math.max(widths[column] ?? 0, width(text))
    })
  }
  return rows
    .map((row, index) => {
      const line = texts[index] ?? []
      const last = line.findLastIndex((text) => text !== '')
      return row.slice(0, last + 1).map((cell, column) => {
        const text = line[column] ?? ''
        const padding = column === last ? '' : ' '.repeat((widths[column] ?? 0) - width(text))
        return (typeof cell === 'string' ? text : cell.paint(text)) + padding
      })
    })
    .map((cells) => (indent + cells.join(gap)).trimEnd())
    .join('\n')
}

/** Text in one line of at most `length` characters. A longer text is cut and ends in `…`. */
export function clipText(text: string, length: number): string {
  const characters = [...oneLine(text)]
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : characters.join('')
}

/** Text without line breaks and control characters, so that a cell neither breaks its line nor controls the terminal. */
function oneLine(text: string): string {
  return text.replace(/[\s\0-\x1f\x7f-\x9f]+/g, ' ').trim()
}

function width(text: string): number {
  return [...text].length
}
