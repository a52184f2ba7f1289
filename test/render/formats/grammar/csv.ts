import { isIP } from 'node:net'

/** RFC 4180, section 2, to the letter. */
export function readCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = []
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y
  let row: string[] = []
  while (cell.lastIndex < text.length) {
    const from = cell.lastIndex
    const found = cell.exec(text)
    if (!found) throw new Error(`not RFC 4180 from character ${from}: ${JSON.stringify(text.slice(from, from + 40))}`)
    const [, quoted, plain = '', end] = found
    row.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  if (row.length > 0) throw new Error('the last row has no end')
  return rows
}

/** What is wrong with an export, if anything is. */
export function csvFault(text: string): string | undefined {
  try {
    const [header = [], ...rows] = readCsv(text)
    for (const row of rows) {
      if (row.length !== header.length) return `${row.length} cells under ${header.length} columns: ${row.join('|')}`
      for (const value of row) if (/^[\s]*[=+\-@＝＋－＠﹦﹢﹣﹫−]|^[\t\r]/.test(value)) return `a formula: ${value}`
      const named = Object.fromEntries(header.map((column, index) => [column, row[index] ?? '']))
      const { portFrom = '', portTo = '', kind = '', value = '' } = named
      for (const port of [portFrom, portTo])
        if (port !== '' && !(/^[1-9]\d*$/.test(port) && Number(port) <= 65535)) return `not a port: ${port}`
      if (kind === 'address' && !isNetwork(value)) return `not an address: ${value}`
    }
    return undefined
  } catch (error) {
    return String(error)
  }
}

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/')
  const bits = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : -1
  return rest.length === 0 && bits > 0 && (prefix === undefined || (/^\d+$/.test(prefix) && Number(prefix) <= bits))
}
