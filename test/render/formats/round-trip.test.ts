import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import { statuses } from '../../../src/domain/document/endpoint.ts'
import { parseDocument } from '../../../src/domain/document/parse-document.ts'
import type { Imported } from '../../../src/domain/feed/adapter.ts'
import { readCsvFeed } from '../../../src/domain/feed/csv-adapter.ts'
import { readMarkdownFeed } from '../../../src/domain/feed/markdown-adapter.ts'
import { readXlsxFeed } from '../../../src/domain/feed/xlsx-adapter.ts'
import { requirementsOfRows } from '../../../src/domain/table/own-rows.ts'
import { cleanText } from '../../../src/domain/text.ts'
import { arbitraryDocument } from '../../domain/document/support/arbitrary-document.ts'
import { documentOf, host, requirement, type Written } from '../../domain/document/support/sample.ts'
import { repository } from '../../support/repository.ts'
import { fc, runs } from '../../support/scale.ts'
import { occasions } from './support/occasions.ts'
import { rendered, renderedText } from './support/rendered.ts'

/** What docs/exports.md, "Tables", says that a table does not carry stands here: what is beside the requirements, and `perRange`. */
const wanted = (document: Document) => ({ document, at: '2020-01-15T00:00:00Z', filter: { status: statuses } })

type Reader = (document: Document) => Imported | Promise<Imported>
const sourceOf = (bytes: string | Uint8Array) => ({ bytes: Buffer.from(bytes), name: 'export' })
const readers: Readonly<Record<string, Reader>> = {
  csv: (document) => readCsvFeed(sourceOf(renderedText('csv', wanted(document)))),
  xlsx: (document) => readXlsxFeed(sourceOf(rendered('xlsx', wanted(document)).body), {}),
  jsonl: (document) => {
    const lines = renderedText('jsonl', wanted(document)).split('\n').slice(0, -1)
    const rows = lines.map((line) => ({ row: JSON.parse(line), place: {} }))
    return { ...requirementsOfRows(rows), components: [], notes: [], refused: [], columns: [] }
  },
  markdown: (document) => readMarkdownFeed(sourceOf(renderedText('markdown', wanted(document))))
}

/** A requirement as tables have it: without its former keys, each range of ports in a service of its own, once. */
function perRange({ previousKeys: _, services, ...rest }: Document['requirements'][number]): Written {
  const split = services.flatMap(({ ports, ...service }) =>
    ports ? ports.map((range) => ({ ...service, ports: [range] })) : [service]
  )
  return { ...rest, services: [...new Map(split.map((service) => [JSON.stringify(service), service])).values()] }
}

/** External requirements come first in Markdown. */
function inSections(requirements: readonly Written[]): readonly Written[] {
  return ['external', 'internal'].flatMap((scope) => requirements.filter((each) => each.scope === scope))
}

/** The canonical form. */
function canonical(document: Document, requirements: readonly Written[]): Document['requirements'] {
  const result = parseDocument({ ...document, requirements })
  if ('faults' in result) throw new Error(JSON.stringify(result.faults))
  return result.document.requirements
}

/** In lines: names that every object has by birth make objects hard to compare. */
function parsed(document: Document, requirements: readonly Written[]): string {
  return JSON.stringify(canonical(document, canonical(document, requirements).map(perRange)), undefined, 1)
}

async function requirementsIn(format: string, document: Document): Promise<readonly Written[]> {
  const read = await readers[format]?.(document)
  if (!read || read.refused.length > 0) throw new Error(JSON.stringify(read?.refused))
  return read.requirements
}

/** The requirements that a table of a document is read back into, and those of the document. */
async function bothWays(format: string, document: Document): Promise<readonly [read: string, original: string]> {
  const original = document.requirements.map(perRange)
  return [
    parsed(document, await requirementsIn(format, document)),
    parsed(document, format === 'markdown' ? inSections(original) : original)
  ]
}

/** Texts full of what the notations of tables use for themselves. */
const marks = [
  "'",
  '=',
  '-',
  '+',
  '@',
  '|',
  '\\',
  '<br>',
  '&emsp;',
  '&',
  '"',
  ',',
  ': ',
  '_',
  '*',
  '[',
  ']',
  '(',
  ')',
  '>',
  '_x000D_',
  'remarks: ',
  ' (role a)',
  'a',
  ' '
]
const hostileText = (lines: 'one' | 'many') =>
  fc
    .string({ unit: fc.constantFrom(...marks, ...(lines === 'many' ? ['\n', '\t'] : [])), minLength: 1, maxLength: 12 })
    .map((text) => cleanText(text, lines))
    .filter((cleaned) => 'text' in cleaned)
    .map((cleaned) => ('text' in cleaned ? cleaned.text : ''))

const hostileDocument = fc
  .record({
    title: hostileText('one'),
    condition: hostileText('many'),
    remarks: hostileText('many'),
    owner: hostileText('one'),
    id: hostileText('one'),
    reference: hostileText('one'),
    path: fc.constantFrom('a', '<b>', '(c)', '|', '&amp;', '\\', '_d_', "'"),
    endpointRemarks: hostileText('many'),
    role: hostileText('one'),
    field: hostileText('one')
  })
  .map(({ title, condition, remarks, owner, id, reference, path, endpointRemarks, role, field }) => {
    const url = `https://example.net/${path}`
    return documentOf([
      requirement(
        'hostile',
        [
          host('www.example.net', { remarks: endpointRemarks }),
          { kind: 'role', value: 'a', title: role },
          { kind: 'feed', value: 'b', url, select: { [field]: [field] } }
        ],
        {
          title,
          necessity: 'conditional',
          condition,
          remarks,
          owner,
          externalIds: { m365: id },
          references: [{ title: reference, url }, { url }]
        }
      )
    ])
  })

for (const format of Object.keys(readers)) {
  t.test(`${format}: any document is read back from its table`, async (t) => {
    for (const documents of [arbitraryDocument, hostileDocument])
      await fc.assert(
        fc.asyncProperty(documents, async (document) => {
          const [read, original] = await bothWays(format, document)
          t.equal(read, original)
        }),
        { numRuns: runs(100) }
      )
  })

  t.test(`${format}: so are the first catalogue, and everything that an export can meet`, async (t) => {
    for (const { name, document } of occasions) {
      const [read, original] = await bothWays(format, document)
      t.equal(read, original, name)
    }
  })
}

/** Tables of vendors that are not part of the repository; `data/README.md` beside it tells of them. */
const vendorTables = join(dirname(repository), 'shared', 'data', 'vendor-tables')
t.test(
  'tables of vendors are read back from every table',
  { skip: !existsSync(vendorTables) && 'the tables of vendors are not on this machine' },
  async (t) => {
    for (const name of readdirSync(vendorTables).filter((file) => file.endsWith('.json'))) {
      const result = parseDocument(JSON.parse(readFileSync(join(vendorTables, name), 'utf8')))
      if ('faults' in result) throw new Error(JSON.stringify(result.faults))
      for (const format of Object.keys(readers)) {
        const { document } = result
        const read = canonical(document, await requirementsIn(format, document))
        const ordered = format === 'markdown' ? inSections(document.requirements) : document.requirements
        t.strictSame(read, ordered, `${name} as ${format}`)
      }
    }
  }
)

t.test('a cell that is lost is seen', async (t) => {
  const [{ document }] = occasions as [(typeof occasions)[0]]
  for (const [column, format] of [
    ['remarks', 'csv'],
    ['serves', 'jsonl'],
    ['from', 'xlsx'],
    ['until', 'markdown']
  ] as const) {
    const read = await requirementsIn(format, document)
    const cut = read.map((requirement) => without(requirement, column))
    t.not(parsed(document, cut), (await bothWays(format, document))[1], column)
  }
})

/** A requirement without a field, its own and that of its endpoints. */
function without(requirement: Written, field: string): Written {
  return JSON.parse(
    JSON.stringify(requirement, (key, value) => (key === field && typeof value !== 'number' ? undefined : value))
  )
}
