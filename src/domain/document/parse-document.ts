import type { Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Fault } from '../errors.ts'
import type { Fields } from '../json/fields.ts'
import { quote } from '../json/source-text.ts'
import type { Source } from '../json/span.ts'
import { withoutUndefined } from '../json/without-undefined.ts'
import { isTimeZone } from '../time/authored-time.ts'
import type { Instant } from '../time/instant.ts'
import { type Component, type Document, DocumentInputSchema, type Guidance, type Variable } from './document.ts'
import { DocumentReader, sortedSet } from './document-reader.ts'
import { type KnownRequirements, readKnown } from './known-requirement.ts'
import { readEdition } from './parse-edition.ts'
import { type ReadRequirement, readRequirement } from './parse-requirement.ts'

export type ParsedDocument =
  | { readonly document: Document; readonly publishedAt?: Instant }
  | { readonly faults: readonly Fault[] }

const validator = Compile(DocumentInputSchema)
const ComponentInputSchema = DocumentInputSchema.properties.components.items
const VariableInputSchema = DocumentInputSchema.properties.variables.items
const GuidanceInputSchema = DocumentInputSchema.properties.guidance.items

/**
 * Reads the document that an author wrote, as parsed JSON or YAML, into canonical form: the same for the same content, whoever wrote it
 * and in which order. Or it reports every fault at once, up to 1000, with JSON Pointers (RFC 6901) into the input. A field of the wrong
 * shape is not judged further; all others are. `id`: the catalogue that the document must be for. `source`: the
 * text that was parsed, so that faults have a line and a column. `publishedAt` in the result is the value
 * of `edition.publishedAt`. `known`: requirements that were read before, and need not be read again.
 */
export function parseDocument(
  input: unknown,
  { id, source, known }: { readonly id?: string; readonly source?: Source; readonly known?: KnownRequirements } = {}
): ParsedDocument {
  const reading = new DocumentReader(timeZoneOf(input), validator.Check(input))
  const { faults } = reading
  if (input === null || input === undefined) {
    faults.add('', 'wrong_type', 'the document is empty: portolan init writes a first one')
    return { faults: faults.list(source) }
  }
  const fields = reading.fields(DocumentInputSchema, input, '', {
    open: ['edition', 'components', 'variables', 'guidance', 'requirements']
  })
  const profile = readProfile(fields, id, reading)
  const guidance = readGuidance(fields.guidance ?? [], reading)
  const edition = fields.edition === undefined ? undefined : readEdition(fields.edition, reading)
  const read: ReadRequirement[] = []
  for (const [index, value] of (fields.requirements ?? []).entries()) {
    if (faults.isFull) break
    const at = `/requirements/${index}`
    const requirement = known?.(value)
    read.push((requirement && readKnown(requirement, at, reading)) ?? readRequirement(value, at, reading))
  }
  checkKeys(read, reading)
  checkMentions(reading)
  const requirements = read.flatMap(({ requirement }) => requirement ?? [])
  if (faults.count > 0 || !profile || !edition) return { faults: faults.list(source) }
  const { publishedAt } = edition
  const document = withoutUndefined({ ...profile, edition: edition.edition, guidance, requirements })
  return withoutUndefined({ document, publishedAt })
}

/** The time zone of the dates, or UTC where the document has none that is known, so that one unknown zone is one fault. */
function timeZoneOf(input: unknown): string {
  if (typeof input !== 'object' || input === null || !('timeZone' in input)) return 'UTC'
  return typeof input.timeZone === 'string' && isTimeZone(input.timeZone) ? input.timeZone : 'UTC'
}

type Input = Fields<Static<typeof DocumentInputSchema>>

function readProfile(fields: Input, expectedId: string | undefined, reading: DocumentReader) {
  const { faults } = reading
  const { id, timeZone = 'UTC', successor } = fields
  if (id !== undefined && expectedId !== undefined && id !== expectedId)
    faults.add('/id', 'id_mismatch', `is ${quote(id)}, but the catalogue is ${quote(expectedId)}`)
  const title = reading.title(fields.title, '/title')
  const vendor = reading.title(fields.vendor, '/vendor')
  const product = reading.title(fields.product, '/product')
  const version = reading.text(fields.version, '/version', 'one', 100)
  const aliases = fields.aliases?.map((alias, index) => reading.title(alias, `/aliases/${index}`) ?? '')
  if (!isTimeZone(timeZone)) {
    const detail = `${quote(timeZone)} is not a time zone: write its IANA name, such as Europe/London or UTC`
    faults.add('/timeZone', 'unknown_time_zone', detail)
  }
  if (successor !== undefined && successor === id)
    faults.add('/successor', 'successor_is_self', 'a catalogue does not succeed itself')
  const components = readComponents(fields.components ?? [], reading)
  const variables = readVariables(fields.variables ?? [], reading)
  const endOfSupport = reading.time(fields.endOfSupport, '/endOfSupport')?.text
  if (id === undefined || title === undefined || vendor === undefined || product === undefined || version === undefined)
    return undefined
  const names = { id, title, vendor, product, version }
  // That a source announces is the rule, and not said.
  const announces = fields.announces === false ? false : undefined
  const rest = { timeZone, successor, endOfSupport, announces, components, variables }
  return { ...names, aliases: aliases && sortedSet(aliases), ...rest }
}

function readComponents(list: readonly unknown[], reading: DocumentReader): readonly Component[] | undefined {
  const components: Component[] = []
  for (const [index, value] of list.entries()) {
    const at = `/components/${index}`
    const { key, title: written } = reading.fields(ComponentInputSchema, value, at)
    const title = reading.title(written, `${at}/title`)
    if (key === undefined) continue
    if (reading.components.has(key))
      reading.faults.add(`${at}/key`, 'duplicate_key', `the key ${quote(key)} stands twice`)
    reading.components.add(key)
    if (title !== undefined) components.push({ key, title })
  }
  return components.length === 0 ? undefined : components
}

function readVariables(list: readonly unknown[], reading: DocumentReader): readonly Variable[] | undefined {
  const variables: Variable[] = []
  for (const [index, value] of list.entries()) {
    const at = `/variables/${index}`
    const fields = reading.fields(VariableInputSchema, value, at)
    const { key } = fields
    const title = reading.title(fields.title, `${at}/title`)
    const pattern = reading.text(fields.pattern, `${at}/pattern`, 'one', 500)
    if (key === undefined) continue
    if (reading.variables.has(key))
      reading.faults.add(`${at}/key`, 'duplicate_key', `the key ${quote(key)} stands twice`)
    reading.variables.add(key)
    if (title !== undefined) variables.push(withoutUndefined({ key, title, pattern }))
  }
  return variables.length === 0 ? undefined : variables
}

function readGuidance(list: readonly unknown[], reading: DocumentReader): readonly Guidance[] | undefined {
  const seen = new Set<string>()
  const guidance: Guidance[] = []
  for (const [index, value] of list.entries()) {
    if (reading.faults.isFull) break
    const at = `/guidance/${index}`
    const { key, topic, text: written } = reading.fields(GuidanceInputSchema, value, at)
    const text = reading.prose(written, `${at}/text`)
    if (key !== undefined && seen.size === seen.add(key).size)
      reading.faults.add(`${at}/key`, 'duplicate_key', `the key ${quote(key)} stands twice`)
    if (key !== undefined && topic !== undefined && text !== undefined) guidance.push({ key, topic, text })
  }
  return guidance.length === 0 ? undefined : guidance
}

/** Reports keys that stand twice, and former keys that are taken: a key names one requirement for as long as the catalogue lives. */
function checkKeys(read: readonly ReadRequirement[], reading: DocumentReader): void {
  const { faults } = reading
  const taken = new Set<string>()
  for (const { at, key } of read)
    if (key !== undefined && taken.size === taken.add(key).size)
      faults.add(`${at}/key`, 'duplicate_key', `the key ${quote(key)} stands twice`)
  const claimed = new Map<string, string>()
  for (const { at, previousKeys } of read)
    for (const [index, key] of previousKeys.entries()) {
      const owner = claimed.get(key) ?? at
      claimed.set(key, owner)
      const place = `${at}/previousKeys/${index}`
      if (taken.has(key)) faults.add(place, 'previous_key_present', `${quote(key)} is the key of a requirement here`)
      else if (owner !== at) faults.add(place, 'previous_key_claimed_twice', `${quote(key)} is claimed at ${owner} too`)
    }
}

/** Reports mentioned values that no endpoint of the document has. */
function checkMentions(reading: DocumentReader): void {
  const { mentions, hosts, values, known, faults } = reading
  // Most documents mention nothing.
  if (mentions.length === 0) return
  for (const endpoint of known.flatMap(({ endpoints }) => endpoints)) {
    if (endpoint.kind === 'host') hosts.add(endpoint.value)
    if (endpoint.kind !== 'any') values.add(endpoint.value)
  }
  for (const { at, field, value } of mentions)
    if (field === 'serves' && !hosts.has(value))
      faults.add(
        at,
        'unknown_serves',
        `no endpoint of kind host has the value ${quote(value)}${reading.nearest(value, hosts)}`
      )
    else if (field === 'replacedBy' && !values.has(value))
      faults.add(
        at,
        'unknown_replaced_by',
        `no endpoint has the value ${quote(value)}${reading.nearest(value, values)}`
      )
}
