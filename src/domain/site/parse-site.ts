import { Compile } from 'typebox/compile'
import { sortedSet } from '../document/document-reader.ts'
import type { Fault } from '../errors.ts'
import { canonicalJson } from '../json/canonical-json.ts'
import { isRecord } from '../json/fields.ts'
import { pointerTo } from '../json/pointer.ts'
import { quote } from '../json/source-text.ts'
import type { Source } from '../json/span.ts'
import { withoutUndefined } from '../json/without-undefined.ts'
import { compareText } from '../text.ts'
import { isTimeZone } from '../time/authored-time.ts'
import type { Instant } from '../time/instant.ts'
import type { KnownCatalogue } from './known-names.ts'
import { readBinding } from './parse-binding.ts'
import { readOverlay } from './parse-overlay.ts'
import { type Binding, type Overlay, type SiteDocument, SiteInputSchema, type TakenCatalogue } from './site-document.ts'
import { type KnownCatalogues, SiteReader } from './site-reader.ts'

type ParsedSite = { readonly site: SiteDocument } | { readonly faults: readonly Fault[] }

interface SiteContext {
  /** The site that the document must be for. */
  readonly id?: string
  /** The text that was parsed, so that faults have a line and a column. */
  readonly source?: Source
  /** The catalogues that the document takes, as `catalogueIdsIn` lists them, without those that do not exist. */
  readonly catalogues: KnownCatalogues
  /** The ids of all catalogues, to find the one that is probably meant. */
  readonly catalogueIds: Iterable<string>
  /** When the document is published: overlays end at most 400 days later. */
  readonly publishedAt: Instant
}

const validator = Compile(SiteInputSchema)
const TakenInputSchema = SiteInputSchema.properties.catalogues.items

/** The ids of the catalogues that a document of a site takes, as far as it can be read: what `parseSite` has to be told about. */
export function catalogueIdsIn(input: unknown): readonly string[] {
  const list: unknown = isRecord(input) ? input.catalogues : undefined
  if (!Array.isArray(list)) return []
  return sortedSet(list.flatMap((item: unknown) => (isRecord(item) && typeof item.id === 'string' ? item.id : [])))
}

/**
 * Reads the document of a site, as parsed JSON or YAML, into canonical form: the same for the same content in whichever order. Or it reports
 * every fault at once, up to 1000, with JSON Pointers (RFC 6901) into the input. Names that do not exist are faults with the nearest ones.
 */
export function parseSite(
  input: unknown,
  { id, source, catalogues, catalogueIds, publishedAt }: SiteContext
): ParsedSite {
  const reading = new SiteReader(timeZoneOf(input), validator.Check(input), publishedAt)
  const { faults } = reading
  if (input === null || input === undefined) {
    faults.add('', 'wrong_type', 'the document is empty: portolan init-site writes a first one')
    return { faults: faults.list(source) }
  }
  const fields = reading.fields(SiteInputSchema, input, '', { open: ['catalogues', 'bindings', 'overlays'] })
  const { timeZone = 'UTC', unbound = 'omit' } = fields
  if (fields.id !== undefined && id !== undefined && fields.id !== id)
    faults.add('/id', 'id_mismatch', `is ${quote(fields.id)}, but the site is ${quote(id)}`)
  const title = reading.title(fields.title, '/title')
  if (!isTimeZone(timeZone)) {
    const detail = `${quote(timeZone)} is not a time zone: write its IANA name, such as Europe/London or UTC`
    faults.add('/timeZone', 'unknown_time_zone', detail)
  }
  const taken = readCatalogues(fields.catalogues ?? [], catalogues, catalogueIds, reading)
  const bindings: Binding[] = []
  for (const [index, value] of (fields.bindings ?? []).entries()) {
    if (faults.isFull) break
    bindings.push(...one(readBinding(value, `/bindings/${index}`, reading)))
  }
  const overlays = readOverlays(fields.overlays ?? [], reading)
  if (faults.count > 0 || fields.id === undefined || title === undefined) return { faults: faults.list(source) }
  const site = {
    id: fields.id,
    title,
    timeZone,
    catalogues: taken,
    bindings: sortedByText(bindings, bindingText),
    overlays,
    unbound
  }
  return { site }
}

function one<T>(found: T | undefined): readonly T[] {
  return found === undefined ? [] : [found]
}

/** The time zone of the dates, or UTC where the document has none that is known, so that one unknown zone is one fault. */
function timeZoneOf(input: unknown): string {
  const written = isRecord(input) ? input.timeZone : undefined
  return typeof written === 'string' && isTimeZone(written) ? written : 'UTC'
}

/** The order of bindings: by what they bind, the general ones first. */
function bindingText(binding: Binding): string {
  const { role, variable, component, catalogue = '', requirement = '' } = binding
  const bound = role !== undefined ? `0${role}` : variable !== undefined ? `1${variable}` : `2${component}`
  return [bound, catalogue, requirement, canonicalJson(binding)].join('\n')
}

function sortedByText<T>(list: readonly T[], textOf: (item: T) => string): readonly T[] {
  return list
    .map((item) => ({ item, text: textOf(item) }))
    .sort((a, b) => compareText(a.text, b.text))
    .map(({ item }) => item)
}

function readCatalogues(
  list: readonly unknown[],
  known: KnownCatalogues,
  ids: Iterable<string>,
  reading: SiteReader
): readonly TakenCatalogue[] {
  const { faults } = reading
  const read: TakenCatalogue[] = []
  const taken = new Map<string, KnownCatalogue | undefined>()
  for (const [index, value] of list.entries()) {
    if (faults.isFull) break
    const at = `/catalogues${pointerTo(index)}`
    const fields = reading.fields(TakenInputSchema, value, at, { strictLists: ['requirements', 'without'] })
    const { id, asOf, requirements, without, conditions } = fields
    if (id === undefined) continue
    if (read.some((other) => other.id === id)) faults.add(`${at}/id`, 'duplicate_key', `${quote(id)} stands twice`)
    const catalogue = known.get(id)
    taken.set(id, catalogue)
    if (!catalogue) reading.unknown(`${at}/id`, 'catalogue', id, ids)
    if (requirements !== undefined && without !== undefined)
      faults.add(at, 'one_of', 'has requirements and without: name what the site takes, or what it does not take')
    const about = catalogue ? [catalogue] : []
    for (const field of ['requirements', 'without'] as const)
      for (const [place, key] of (fields[field] ?? []).entries())
        reading.requirementOf(key, about, `${at}/${field}/${place}`)
    for (const key of Object.keys(conditions ?? {}))
      requireCondition(key, about, `${at}/conditions${pointerTo(key)}`, reading)
    read.push(
      withoutUndefined({
        id,
        asOf,
        requirements: requirements && sortedSet(requirements),
        without: without && sortedSet(without),
        conditions: conditions && Object.fromEntries(Object.entries(conditions).sort(([a], [b]) => compareText(a, b)))
      })
    )
  }
  reading.taken = taken
  return sortedByText(read, ({ id }) => id)
}

/** A condition is of a requirement that is, or was, conditional or optional. */
function requireCondition(key: string, about: readonly KnownCatalogue[], at: string, reading: SiteReader): void {
  reading.requirementOf(key, about, at)
  const known = reading.requirementNames(about, key)
  if (known.length > 0 && !known.some(({ isConditional }) => isConditional))
    reading.faults.add(
      at,
      'condition_not_allowed',
      `${quote(key)} is required and has no condition: without leaves it out`
    )
}

function readOverlays(list: readonly unknown[], reading: SiteReader): readonly Overlay[] {
  const overlays: Overlay[] = []
  const seen = new Set<string>()
  for (const [index, value] of list.entries()) {
    if (reading.faults.isFull) break
    const at = `/overlays/${index}`
    const written = isRecord(value) ? value.id : undefined
    if (typeof written === 'string' && seen.size === seen.add(written).size)
      reading.faults.add(`${at}/id`, 'duplicate_key', `the id ${quote(written)} stands twice`)
    overlays.push(...one(readOverlay(value, at, reading)))
  }
  return sortedByText(overlays, ({ id }) => id)
}
