import type { Static } from 'typebox'
import type { Fields } from '../json/fields.ts'
import { pointerTo } from '../json/pointer.ts'
import { quote } from '../json/source-text.ts'
import { withoutUndefined } from '../json/without-undefined.ts'
import { compareServices, type Service } from '../network/network-service.ts'
import { namePattern } from '../text.ts'
import { type Requirement, RequirementInputSchema } from './document.ts'
import { type DocumentReader, sortedSet } from './document-reader.ts'
import { readEndpoints } from './parse-endpoints.ts'
import { readService } from './parse-service.ts'

/** A requirement as far as it could be read. Its keys are compared with those of other requirements even where it has faults. */
export interface ReadRequirement {
  readonly at: string
  readonly key?: string
  readonly previousKeys: readonly string[]
  /** Absent where it has faults. */
  readonly requirement?: Requirement
}

/** Reads one requirement. Its faults are among those of `reading`. */
export function readRequirement(value: unknown, at: string, reading: DocumentReader): ReadRequirement {
  const { faults } = reading
  const before = faults.count
  const fields = reading.fields(RequirementInputSchema, value, at, { open: ['services', 'endpoints'] })
  const { key, scope, direction, necessity, previousKeys = [] } = fields
  const title = reading.title(fields.title, `${at}/title`)
  const condition = readCondition(fields, value, at, reading)
  const component = readComponent(fields.component, `${at}/component`, reading)
  const services = readServices(fields.services ?? [], `${at}/services`, reading)
  const remarks = reading.prose(fields.remarks, `${at}/remarks`)
  const owner = reading.title(fields.owner, `${at}/owner`)
  const externalIds = readExternalIds(fields.externalIds, `${at}/externalIds`, reading)
  const references = fields.references?.map((reference, index) => {
    const place = `${at}/references/${index}`
    const url = reading.url(reference.url, `${place}/url`) ?? ''
    return withoutUndefined({ title: reading.title(reference.title, `${place}/title`), url })
  })
  const endpoints = readEndpoints(fields.endpoints ?? [], `${at}/endpoints`, reading)
  const keys = withoutUndefined({ at, key, previousKeys })
  if (key === undefined || title === undefined || faults.count > before) return keys
  if (scope === undefined || direction === undefined || necessity === undefined) return keys
  const requirement = withoutUndefined({
    key,
    previousKeys: setOrNothing(previousKeys),
    title,
    scope,
    direction,
    necessity,
    condition,
    component,
    inferred: setOrNothing(fields.inferred),
    services,
    proxy: readProxy(fields.proxy),
    tags: setOrNothing(fields.tags),
    remarks,
    owner,
    externalIds,
    references,
    endpoints
  })
  return { ...keys, requirement }
}

function setOrNothing<T extends string>(list: readonly T[] = []): readonly T[] | undefined {
  return list.length === 0 ? undefined : sortedSet(list)
}

type Input = Fields<Static<typeof RequirementInputSchema>>

function readComponent(key: string | undefined, at: string, reading: DocumentReader) {
  const { components, faults } = reading
  if (key === undefined || components.has(key)) return key
  faults.add(
    at,
    'unknown_component',
    `there is no component ${quote(key)} among components${reading.suggestion(key, components)}`
  )
  return undefined
}

/** What is required has no condition, what is conditional has one, and what is optional may have one. `written`: the requirement as it stands. */
function readCondition(
  { condition, necessity }: Input,
  written: unknown,
  at: string,
  reading: DocumentReader
): string | undefined {
  const place = `${at}/condition`
  if (condition !== undefined && necessity === 'required')
    reading.faults.add(
      place,
      'condition_not_allowed',
      'what is required has no condition: is it conditional or optional?'
    )
  // A condition of the wrong shape is a fault already.
  if (necessity === 'conditional' && !isWritten(written, 'condition'))
    reading.faults.add(
      place,
      'required',
      'condition is required where the necessity is conditional: add condition, which says when'
    )
  return reading.prose(condition, place)
}

function isWritten(input: unknown, field: string): boolean {
  return typeof input === 'object' && input !== null && Reflect.get(input, field) !== undefined
}

function readProxy(proxy: Input['proxy']) {
  return proxy && withoutUndefined({ httpProxy: proxy.httpProxy, tlsInspection: proxy.tlsInspection })
}

function readServices(list: readonly unknown[], at: string, reading: DocumentReader): readonly Service[] {
  const placed: { readonly service: Service; readonly index: number }[] = []
  for (const [index, value] of list.entries()) {
    const service = readService(value, at + pointerTo(index), reading)
    if (service) placed.push({ service, index })
  }
  placed.sort((a, b) => compareServices(a.service, b.service) || a.index - b.index)
  for (const [position, { service, index }] of placed.entries()) {
    const previous = placed[position - 1]
    if (previous && compareServices(previous.service, service) === 0)
      reading.faults.add(at + pointerTo(index), 'duplicate_service', `is the same service as number ${previous.index}`)
  }
  return placed.map(({ service }) => service)
}

function readExternalIds(
  ids: Readonly<Record<string, string>> | undefined,
  at: string,
  reading: DocumentReader
): Readonly<Record<string, string>> | undefined {
  if (ids === undefined) return undefined
  const name = new RegExp(namePattern)
  const kept = new Map<string, string>()
  for (const [namespace, id] of Object.entries(ids)) {
    const place = at + pointerTo(namespace)
    if (!name.test(namespace) || namespace.length > 100)
      reading.faults.add(place, 'wrong_key', 'a namespace is a name of lower-case letters, digits and hyphens')
    else kept.set(namespace, reading.text(id, place, 'one', 200) ?? '')
  }
  if (Object.keys(ids).length === 0) reading.faults.add(at, 'empty', 'is empty: leave it out')
  return Object.fromEntries([...kept].sort(([a], [b]) => (a < b ? -1 : 1)))
}
