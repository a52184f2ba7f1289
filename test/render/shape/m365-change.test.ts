import t from 'tap'
import type { Document, Requirement } from '../../../src/domain/document/document.ts'
import type { Endpoint } from '../../../src/domain/document/endpoint.ts'
import type { HistoryRequirement, HistoryRow } from '../../../src/domain/history/history.ts'
import type { Revision } from '../../../src/domain/history/revision.ts'
import { canonicalJson } from '../../../src/domain/json/canonical-json.ts'
import { markRevisions } from '../../../src/domain/shape/edition-mark.ts'
import { type SetFacts, setFactNames } from '../../../src/domain/shape/endpoint-set.ts'
import { setChanges } from '../../../src/domain/shape/set-change.ts'
import { setIdIn, setIdsOf } from '../../../src/domain/shape/set-id.ts'
import { formatInstant } from '../../../src/domain/time/instant.ts'
import { filterView } from '../../../src/domain/view/filter.ts'
import { viewAt } from '../../../src/domain/view/view.ts'
import { type M365Change, m365Change } from '../../../src/render/shape/m365-change.ts'
import { m365Sets } from '../../../src/render/shape/m365-set.ts'
import { fc, runs } from '../../support/scale.ts'

const day = 86_400_000
const start = Date.parse('2026-01-01T00:00:00Z')
const everything = { isWithoutIpv6: false }

/** A bound of a lifetime, in days after the first revision. */
const bound = fc.option(
  fc.integer({ min: -3, max: 12 }).map((days) => formatInstant(start + days * day)),
  { nil: undefined }
)
const endpoints: fc.Arbitrary<readonly Endpoint[]> = fc
  .uniqueArray(fc.record({ number: fc.integer({ min: 1, max: 6 }), isName: fc.boolean(), from: bound, until: bound }), {
    selector: ({ number, isName }) => `${number}${isName}`,
    maxLength: 6
  })
  .map((rows) =>
    rows.map(({ number, isName, from, until }) => ({
      ...(isName
        ? ({ kind: 'host', value: `host${number}.example.net` } as const)
        : ({ kind: 'address', value: `20.0.0.${number}` } as const)),
      ...(from !== undefined && until !== undefined && from < until && { from }),
      ...(until !== undefined && { until })
    }))
  )
const requirements: fc.Arbitrary<readonly Requirement[]> = fc.uniqueArray(
  fc
    .record({
      key: fc.constantFrom('alpha', 'beta', 'gamma'),
      necessity: fc.constantFrom('required' as const, 'optional' as const),
      port: fc.constantFrom(80, 443),
      isExpress: fc.boolean(),
      remarks: fc.option(fc.constant('A note'), { nil: undefined }),
      endpoints
    })
    .map(({ key, necessity, port, isExpress, remarks, endpoints }) => ({
      key,
      title: key,
      scope: 'external' as const,
      direction: 'outbound' as const,
      necessity,
      services: [{ transport: 'tcp' as const, ports: [{ from: port, to: port }] }],
      ...(isExpress && { tags: ['express-route'] }),
      ...(remarks !== undefined && { remarks }),
      endpoints
    })),
  { selector: ({ key }) => key }
)

/** The rows of history that some documents in their order leave behind. */
function rowsOf<Row>(documents: readonly (readonly Row[])[]): readonly { row: Row; since: number; until?: number }[] {
  const standing = new Map<string, { row: Row; since: number; until?: number }>()
  const all: { row: Row; since: number; until?: number }[] = []
  documents.forEach((rows, index) => {
    const named = new Map(rows.map((row) => [canonicalJson(row), row]))
    for (const [name, entry] of standing)
      if (!named.has(name)) {
        entry.until = index + 1
        standing.delete(name)
      }
    for (const [name, row] of named)
      if (!standing.has(name)) {
        const entry = { row, since: index + 1 }
        standing.set(name, entry)
        all.push(entry)
      }
  })
  return all
}

function historyOf(documents: readonly (readonly Requirement[])[]) {
  const catalogue = 'product-1'
  const requirements: HistoryRequirement[] = rowsOf(
    documents.map((list) => list.map(({ endpoints: _, ...fields }) => fields))
  ).map(({ row, ...bounds }) => ({ catalogue, fields: row, ...bounds }))
  const endpoints: HistoryRow[] = rowsOf(
    documents.map((list) =>
      list.flatMap(({ key, endpoints }) => endpoints.map((endpoint) => ({ requirement: key, endpoint })))
    )
  ).map(({ row, ...bounds }) => ({ catalogue, ...row, ...bounds }))
  return { requirements, endpoints }
}

const revision = (number: number): Revision => ({
  catalogue: 'product-1',
  number,
  label: String(number),
  publishedAt: start + (number - 1) * day * 2,
  recordedAt: start + (number - 1) * day * 2,
  summary: 'A summary',
  reconstructed: false,
  overrides: [],
  counts: { added: 0, removed: 0, changed: 0 },
  digest: '',
  chain: '',
  transitions: []
})

interface HeldSet extends Partial<SetFacts> {
  readonly ips: ReadonlySet<string>
  readonly urls: ReadonlySet<string>
}

const nothing: HeldSet = { ips: new Set(), urls: new Set() }

/** What a script that keeps its own copy does with the changes. */
function applied(sets: ReadonlyMap<number, HeldSet>, changes: readonly M365Change[]): ReadonlyMap<number, HeldSet> {
  const held = new Map(sets)
  for (const { endpointSetId, disposition, add, remove, previous = {}, current = {} } of changes) {
    if (disposition === 'Remove') {
      held.delete(endpointSetId)
      continue
    }
    const { ips, urls, ...facts } = held.get(endpointSetId) ?? nothing
    const left = Object.fromEntries(Object.entries(facts).filter(([name]) => !(name in previous)))
    held.set(endpointSetId, {
      ...left,
      ...current,
      ips: new Set([...[...ips].filter((ip) => !remove?.ips?.includes(ip)), ...(add?.ips ?? [])]),
      urls: new Set([...[...urls].filter((url) => !remove?.urls?.includes(url)), ...(add?.urls ?? [])])
    })
  }
  return held
}

function written(sets: ReadonlyMap<number, HeldSet>): unknown {
  return [...sets]
    .sort(([a], [b]) => a - b)
    .map(([id, { ips, urls, ...facts }]) => ({
      id,
      ips: [...ips].sort(),
      urls: [...urls].sort(),
      facts: setFactNames.map((name) => facts[name] ?? null)
    }))
}

t.test('the changes from one version to another, applied to the sets of the one, give those of the other', async () => {
  fc.assert(
    fc.property(fc.array(requirements, { minLength: 2, maxLength: 6 }), fc.nat(), fc.nat(), (documents, a, b) => {
      const [from, to] = [(a % documents.length) + 1, (b % documents.length) + 1].sort((x, y) => x - y)
      if (from === undefined || to === undefined) return
      const revisions = documents.map((_, index) => revision(index + 1))
      const marks = markRevisions(undefined, revisions).map(({ mark }) => mark)
      const history = historyOf(documents)
      const ids = setIdsOf(history.requirements, (number) => documents[number - 1]?.map(({ key }) => key))
      const setsOf = (number: number): ReadonlyMap<number, HeldSet> => {
        const document: Document = {
          id: 'product-1',
          title: 'Product 1',
          vendor: 'Vendor',
          product: 'Product',
          version: '1',
          timeZone: 'UTC',
          edition: { label: '1', summary: 'A summary' },
          requirements: documents[number - 1] ?? []
        }
        const { publishedAt } = revision(number)
        const view = filterView(viewAt(document, revision(number), publishedAt), {})
        const { sets } = m365Sets(view, (key) => setIdIn(ids, key, number), everything)
        return new Map(
          sets.map(({ id, serviceAreaDisplayName: _, ips = [], urls = [], ...facts }) => [
            id,
            { ...facts, ips: new Set(ips), urls: new Set(urls) }
          ])
        )
      }
      const all = setChanges({ ...history, marks, ids }, {}, everything).map((change, index) =>
        m365Change(change, index + 1)
      )
      const version = (number: number) => String(marks[number - 1]?.version)
      const between = all.filter((change) => change.version > version(from) && change.version <= version(to))
      const expected = JSON.stringify(written(setsOf(to)))
      const found = JSON.stringify(written(applied(setsOf(from), between)))
      if (found !== expected) throw new Error(`${found}\nis not\n${expected}`)
      const fromNothing = JSON.stringify(
        written(
          applied(
            new Map(),
            all.filter((change) => change.version <= version(to))
          )
        )
      )
      if (fromNothing !== expected) throw new Error(`${fromNothing}\nis not\n${expected}`)
    }),
    { numRuns: runs(300) }
  )
})

t.test('the list of all changes only grows at its end, so that each keeps its number', async () => {
  fc.assert(
    fc.property(fc.array(requirements, { minLength: 2, maxLength: 5 }), (documents) => {
      const changesOf = (list: readonly (readonly Requirement[])[]) => {
        const history = historyOf(list)
        const marks = markRevisions(
          undefined,
          list.map((_, index) => revision(index + 1))
        ).map(({ mark }) => mark)
        const ids = setIdsOf(history.requirements, (number) => list[number - 1]?.map(({ key }) => key))
        return setChanges({ ...history, marks, ids }, {}, everything)
      }
      const before = changesOf(documents.slice(0, -1))
      const after = changesOf(documents)
      return canonicalJson(after.slice(0, before.length)) === canonicalJson(before)
    })
  )
})
