import { secretBox } from '../../../../src/store/engine/secret-box.ts'
import { verify } from '../../../../src/store/integrity/verify.ts'
import { keysOf, openEngine } from '../../../../src/store/open-engine.ts'
import { type Cell, type Place, rowEditor } from './row-editor.ts'

/** The tables of history, snapshot, log and signatures. */
const tables = [
  'log',
  'catalogues',
  'revisions',
  'profiles',
  'orders',
  'requirements',
  'endpoints',
  'sites',
  'site_revisions',
  'events',
  'signing_keys'
]

/** Columns that hold neither: the counter of commits, and names of keys. */
const left = ['log.version', 'log.database', 'log.secret_key', 'signing_keys.id', 'signing_keys.created_at']

export interface HandEdits {
  readonly edits: number
  /** How often the database itself refused. */
  readonly refused: number
  readonly columns: number
  /** What was changed and not found. */
  readonly missed: readonly string[]
}

/** Makes edits of one character or bit, each in a random row and column, each undone before the next, and lets each be looked for. */
export async function handEdits(url: string, edits: number, random: () => number): Promise<HandEdits> {
  const editor = await rowEditor(url)
  const engine = await openEngine(url, 'refuse')
  const sealed = { ...engine, secrets: secretBox(keysOf(url, [])) }
  const missed: string[] = []
  const columns = new Set<string>()
  let [made, refused] = [0, 0]
  try {
    await verify(sealed)
    while (made < edits) {
      const table = pick(tables, random)
      const place = pick(await editor.places(table), random)
      if (left.includes(`${table}.${place.column}`)) continue
      const value = await editor.read(place)
      if (value === null) continue
      const edited = edit(value, random)
      const at = await editor.write(place, edited)
      if (!at) {
        refused += 1
        continue
      }
      made += 1
      columns.add(`${table}.${place.column}`)
      const found = await verify(sealed).then(
        () => undefined,
        (error) => error
      )
      if (found?.code !== 'store_damaged')
        missed.push(`${describe(place)}: ${show(value)} -> ${show(edited)}: ${found}`)
      if (!(await editor.write(at, value))) throw new Error(`${describe(place)} cannot be put back`)
    }
    await verify(sealed)
    return { edits: made, refused, columns: columns.size, missed }
  } finally {
    await engine.close()
    await editor.close()
  }
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error('there is nothing to choose from')
  return item
}

function edit(value: Exclude<Cell, null>, random: () => number): Cell {
  if (typeof value === 'boolean') return !value
  if (typeof value === 'number') return flipBit(value, Math.floor(random() * 31))
  if (Buffer.isBuffer(value)) {
    const bytes = Buffer.from(value)
    const place = Math.floor(random() * bytes.length)
    bytes[place] = (bytes[place] ?? 0) ^ (1 << Math.floor(random() * 8))
    return bytes
  }
  return editText(value, random)
}

/** Another character in the place of one, one more, or one less. */
function editText(text: string, random: () => number): string {
  const characters = [...text]
  const place = Math.floor(random() * characters.length)
  const other = pick([...'aZ09 "\\,.:-{}[]é'], random)
  const kind = pick(['replace', 'insert', 'remove'], random)
  if (kind === 'remove') characters.splice(place, 1)
  else characters.splice(place, kind === 'insert' ? 0 : 1, other)
  const edited = characters.join('')
  return edited === text ? editText(text, random) : edited
}

function flipBit(value: number, bit: number): number {
  return Number(BigInt(value) ^ (1n << BigInt(bit)))
}

function describe({ table, column, row }: Place): string {
  return `${table}.${column} of row ${row}`
}

function show(value: Cell): string {
  return JSON.stringify(Buffer.isBuffer(value) ? value.toString('hex') : value).slice(0, 300)
}
