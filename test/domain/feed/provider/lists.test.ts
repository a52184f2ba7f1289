import t from 'tap'
import { PortolanError } from '../../../../src/domain/errors.ts'
import { isSelected, keptValues } from '../../../../src/domain/feed/select.ts'
import { fc, runs } from '../../../support/scale.ts'
import { fixtureNames, fixtures } from './support/fixtures.ts'
import { adapterNamed, documentFrom, readList, refusalOfList } from './support/lists.ts'

const page = '<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body></body></html>'
const names = fc.constantFrom(...fixtureNames)

t.test('what is not the list is refused, and the refusal says what came', async (t) => {
  for (const name of fixtureNames) {
    const text = JSON.stringify(fixtures[name])
    const cases = [
      ['', /empty: /],
      [page, /web_page: .*title: "502 Bad Gateway"/],
      ['502 Bad Gateway', /malformed_json: /],
      ['<Error><Code>AccessDenied</Code></Error>', /malformed_json: /],
      [text.slice(0, text.length / 2), /malformed_json: .*line 1/],
      [Buffer.from(text, 'utf16le'), /malformed_json: /],
      [Buffer.from([0x1f, 0x8b, 8, 0]), /wrong_kind: .*compressed/],
      ['{}', /missing_field|wrong_kind/],
      ['[]', /wrong_kind|empty/],
      ['[7]', /wrong_kind|wrong_type/],
      ['null', /wrong_kind/],
      ['7', /wrong_kind/]
    ] as const
    for (const [content, expected] of cases)
      t.match(await refusalOfList(name, content), expected, `${name}: ${content.slice(0, 20)}`)
  }
})

t.test('a byte order mark, and white space, are no part of a list', async (t) => {
  for (const name of fixtureNames)
    t.strictSame(
      await documentFrom(name, `\ufeff\n${JSON.stringify(fixtures[name], undefined, 2)}\n`),
      await documentFrom(name, fixtures[name]),
      name
    )
})

t.test('a list is a set: another order of its rows becomes the same document', async (t) => {
  const expected = new Map(
    await Promise.all(fixtureNames.map(async (name) => [name, await documentFrom(name, fixtures[name])] as const))
  )
  await fc.assert(
    fc.asyncProperty(names, fc.infiniteStream(fc.nat()), async (name, numbers) => {
      const next = () => numbers.next().value
      t.strictSame(await documentFrom(name, shuffled(fixtures[name], next)), expected.get(name))
    }),
    { numRuns: runs(100) }
  )
})

t.test('a damaged list is refused with a code, or becomes a document as a whole', async (t) => {
  await fc.assert(
    fc.asyncProperty(names, fc.infiniteStream(fc.nat()), fc.jsonValue(), async (name, numbers, other) => {
      const damaged = damage(fixtures[name], () => numbers.next().value, other)
      try {
        const imported = await readList(name, damaged)
        t.ok(imported.requirements.length > 0 || imported.refused.length > 0)
        await documentFrom(name, damaged)
      } catch (error) {
        if (!(error instanceof PortolanError) || error.code !== 'invalid_source') throw error
        t.ok(error.faults.every(({ code, detail }) => code !== '' && detail !== ''))
      }
    }),
    { numRuns: runs(1000) }
  )
})

t.test('bytes that are damaged are refused with a code, or become a document as a whole', async (t) => {
  await fc.assert(
    fc.asyncProperty(names, fc.nat(), fc.uint8Array({ maxLength: 4 }), async (name, number, bytes) => {
      const text = Buffer.from(JSON.stringify(fixtures[name]))
      const at = number % text.length
      t.match(
        await refusalOfList(name, Buffer.concat([text.subarray(0, at), bytes, text.subarray(at + bytes.length)])),
        /^(?:it was taken|.* \w+: .+)$/s
      )
    }),
    { numRuns: runs(300) }
  )
})

t.test('a document is narrowed by the same words as its list', async (t) => {
  for (const name of fixtureNames) {
    const { fields = [] } = adapterNamed(name)
    const whole = await documentFrom(name, fixtures[name])
    for (const { name: field } of fields) {
      const values = new Set(
        whole.requirements.flatMap(({ endpoints, ...requirement }) =>
          endpoints.flatMap((endpoint) => keptValues(fields, field, requirement, endpoint))
        )
      )
      t.ok(values.size > 0, `${name} has values of ${field}`)
      for (const value of values) {
        const select = { [field]: [value] }
        const narrowed = whole.requirements.flatMap(({ endpoints, ...requirement }) =>
          endpoints
            .filter((endpoint) => isSelected(select, (each) => keptValues(fields, each, requirement, endpoint)))
            .map((endpoint) => rowText(requirement.key, endpoint))
        )
        const { requirements } = await documentFrom(name, fixtures[name], { select })
        const taken = requirements.flatMap(({ key, endpoints }) => endpoints.map((endpoint) => rowText(key, endpoint)))
        t.strictSame(taken, narrowed, `${name} ${field}=${value}`)
      }
    }
  }
})

t.test(
  'every provider has an address, names for its catalogue, and refuses a field that it does not have',
  async (t) => {
    for (const name of fixtureNames) {
      const { url, provider } = adapterNamed(name)
      t.match(url, /^https:\/\//)
      t.match(provider, { title: /\w/, vendor: /\w/, product: /\w/ })
      t.match(
        await refusalOfList(name, fixtures[name], { select: { colour: ['red'] } }),
        /^invalid_parameter: .*"colour"/
      )
    }
  }
)

function rowText(key: string, { kind, ...endpoint }: { readonly kind: string; readonly value?: string }): string {
  return `${key} ${kind} ${endpoint.value}`
}

/** The same value with each of its arrays, and its objects, in another order, but for a list of words that is kept as it is written. */
function shuffled(value: unknown, next: () => number): unknown {
  if (Array.isArray(value))
    return order(
      value.map((item) => shuffled(item, next)),
      next
    )
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    order(Object.entries(value), next).map(([key, item]) => [
      key,
      key === 'networkFeatures' ? item : shuffled(item, next)
    ])
  )
}

function order<Item>(items: readonly Item[], next: () => number): readonly Item[] {
  return items
    .map((item) => ({ item, place: next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item)
}

/** The value with one place in it replaced, left out, doubled or renamed. */
function damage(value: unknown, next: () => number, other: unknown): unknown {
  if (typeof value !== 'object' || value === null || next() % 6 === 0) return other
  const entries: [string, unknown][] = Object.entries(value)
  const place = next() % Math.max(1, entries.length)
  const [key, item] = entries[place] ?? ['', undefined]
  const way = next() % 8
  if (way === 0) entries.splice(place, 1)
  else if (way === 1) entries.splice(place, 0, [`${key}x`, item])
  else if (way === 2) entries[place] = [`${key}x`, item]
  else entries[place] = [key, damage(item, next, other)]
  return Array.isArray(value) ? entries.map(([, each]) => each) : Object.fromEntries(entries)
}
