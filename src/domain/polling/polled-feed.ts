import Type from 'typebox'
import type { Fault } from '../errors.ts'
import type { Adapter } from '../feed/adapter.ts'
import { type AdapterName, adapterNames, adapters } from '../feed/adapters.ts'
import type { Select } from '../feed/select.ts'
import { Faults } from '../json/faults.ts'
import { fieldsOf } from '../json/fields.ts'
import { pointerTo } from '../json/pointer.ts'
import { quote } from '../json/source-text.ts'
import { withoutUndefined } from '../json/without-undefined.ts'
import { parseYaml } from '../json/yaml.ts'
import { meant } from '../nearest-name.ts'
import { NameSchema, UrlSchema } from '../text.ts'
import { dayMs, hourMs, minuteMs, parsePeriod } from '../time/duration.ts'

/** A list that is asked for again and again, and becomes a catalogue of the same id. */
export interface PolledFeed {
  readonly id: string
  readonly adapter: AdapterName
  /** Where the list is published. */
  readonly url?: string
  /** The `file:` URL that it is read from in place of the network. */
  readonly mirror?: string
  /** As it is written, such as `PT15M`. */
  readonly every: string
  readonly everyMs: number
  readonly select?: Select
  readonly lingerMs: number
  readonly settleMs: number
  /** The path of a map, beside the file of the feed. */
  readonly map?: string
  /** Of a mirror of a mirror: the URL of the origin. */
  readonly mirrorOf?: string
}

const duration = { minLength: 3, maxLength: 20 }
const FeedFileSchema = Type.Object({
  id: NameSchema,
  adapter: Type.Enum(adapterNames),
  url: Type.Optional(UrlSchema),
  mirror: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 2000,
      pattern: '^file:///',
      description: 'write a URL as file:///srv/lists'
    })
  ),
  every: Type.String({ ...duration, examples: ['PT15M'] }),
  select: Type.Optional(
    Type.Record(
      Type.String({ minLength: 1 }),
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 1000 })
    )
  ),
  linger: Type.Optional(Type.String({ ...duration, examples: ['P7D'] })),
  settle: Type.Optional(Type.String({ ...duration, examples: ['PT30M'] })),
  map: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
  mirrorOf: Type.Optional(UrlSchema)
})

/** How long what is no longer listed still holds, where nobody says otherwise. */
const defaultLingerMs = 7 * dayMs

/** Reads the file of a feed, in YAML, with every fault at once. */
export function parseFeedFile(
  bytes: Uint8Array
): { readonly feed: PolledFeed } | { readonly faults: readonly Fault[] } {
  const read = parseYaml(bytes)
  if ('fault' in read)
    return { faults: [{ pointer: '', code: 'unreadable', detail: `the file ${read.fault}`, ...read.place }] }
  const faults = new Faults()
  const fields = fieldsOf(FeedFileSchema, read.value, '', faults) ?? {}
  const { id, adapter, url, mirror, select, map, mirrorOf } = fields
  const everyMs = readPeriod(fields.every, '/every', faults)
  const lingerMs = fields.linger === undefined ? defaultLingerMs : readPeriod(fields.linger, '/linger', faults)
  const settleMs = fields.settle === undefined ? 0 : readPeriod(fields.settle, '/settle', faults)
  if (adapter !== undefined) {
    checkEvery(adapter, everyMs, faults)
    checkSelect(adapter, select ?? {}, faults)
    if (mirrorOf !== undefined && adapter !== 'portolan')
      faults.add('/mirrorOf', 'not_possible', 'is for the adapter portolan only')
    if (map !== undefined && adapter !== 'json') faults.add('/map', 'not_possible', 'is for the adapter json only')
    if (map === undefined && adapter === 'json') faults.add('', 'required', 'map is required with the adapter json')
  }
  if (faults.count === 0 && url === undefined && mirror === undefined)
    faults.add('', 'required', 'url is required, or mirror: where is the list?')
  if (
    faults.count > 0 ||
    id === undefined ||
    adapter === undefined ||
    fields.every === undefined ||
    everyMs === undefined ||
    lingerMs === undefined ||
    settleMs === undefined
  )
    return { faults: faults.list(read.source) }
  const { every } = fields
  return {
    feed: withoutUndefined({ id, adapter, url, mirror, every, everyMs, select, lingerMs, settleMs, map, mirrorOf })
  }
}

function readPeriod(text: string | undefined, at: string, faults: Faults): number | undefined {
  if (text === undefined) return undefined
  const read = parsePeriod(text)
  if ('millis' in read) return read.millis
  faults.add(at, 'wrong_format', `${quote(text)} ${read.fault}`)
  return undefined
}

/** The providers of these lists ask for no more. */
const leastEvery: Readonly<Record<string, { readonly ms: number; readonly text: string }>> = {
  m365: { ms: hourMs, text: 'PT1H' }
}

/** How long a list of this kind is left alone between two fetches that nobody asked for, in milliseconds. */
export function leastEveryOf(adapter: AdapterName): { readonly ms: number; readonly text: string } {
  return leastEvery[adapter] ?? { ms: minuteMs, text: 'PT1M' }
}

function checkEvery(adapter: AdapterName, everyMs: number | undefined, faults: Faults): void {
  const least = leastEveryOf(adapter)
  if (everyMs !== undefined && everyMs < least.ms)
    faults.add('/every', 'out_of_range', `must be at least ${least.text} for the adapter ${adapter}`)
}

function checkSelect(adapter: AdapterName, select: Select, faults: Faults): void {
  const { fields = [] } = adapterOf(adapter)
  const known = fields.map(({ name }) => name)
  for (const name of Object.keys(select)) {
    if (known.some((field) => field.toLowerCase() === name.toLowerCase())) continue
    const hint =
      known.length === 0 ? ': nothing of it can be selected' : meant(name, known) || `; it has ${known.join(', ')}`
    faults.add(`/select${pointerTo(name)}`, 'unknown_field', `a list of ${adapter} has no field ${quote(name)}${hint}`)
  }
}

/** An adapter by its name. */
export function adapterOf(name: AdapterName): Adapter {
  const found = adapters.find((each) => each.name === name)
  if (!found) throw new Error(`there is no adapter ${name}`)
  return found
}

/** Where a list is published, as it may be told: the own URL of its provider, or another without its query. */
export function toldUrl({ adapter, url }: Pick<PolledFeed, 'adapter' | 'url'>): string | undefined {
  return url === undefined || url === adapterOf(adapter).url ? url : withoutQuery(url)
}

/** A URL as it may be told: without its query, which may hold a secret. */
export function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '')
}
