import type { Document } from '../document/document.ts'
import type { EditionSource } from '../document/edition.ts'
import { parseDocument } from '../document/parse-document.ts'
import { type Fault, PortolanError } from '../errors.ts'
import { withoutUndefined } from '../json/without-undefined.ts'
import { variablesOf } from '../network/pattern.ts'
import type { FeedSource, Imported } from './adapter.ts'
import type { ReadRequirements } from './history/read-requirements.ts'

/** What an importer is told of the catalogue, where the source does not say it. */
export interface ImportHead {
  readonly id: string
  readonly title?: string
  readonly vendor?: string
  readonly product?: string
  readonly version?: string
  /** False of a list whose publisher announces nothing. */
  readonly announces?: false
  /** The document of the catalogue as it is, if there is one. */
  readonly head?: Document
  readonly edition: { readonly label: string; readonly summary: string; readonly source?: EditionSource }
  /** Of the states of one list: what was read of those before. */
  readonly known?: ReadRequirements
}

/**
 * Makes a document of what was imported, with its requirements in the order of `requirements`. What the source cannot say is kept of the
 * head: the profile, guidance, components, variables, and former keys.
 * @throws PortolanError `invalid_source` with every value that cannot be read, at its cell
 */
export function parseImported(
  source: Pick<FeedSource, 'name'>,
  imported: Imported,
  { known, ...about }: ImportHead,
  requirements: Imported['requirements']
): Document {
  requireReadable(source, imported)
  const written = writtenDocument({ ...imported, requirements }, about)
  const parsed = parseDocument(written, { id: about.id, ...(known && { known: (each) => known.find(each) }) })
  if ('faults' in parsed)
    throw refusal(
      source,
      parsed.faults.map((fault) => placed(fault, imported, requirements))
    )
  known?.remember(written.requirements, parsed.document.requirements)
  return parsed.document
}

/** @throws PortolanError `invalid_source` where a cell or a value cannot be read */
export function requireReadable(source: Pick<FeedSource, 'name'>, { refused }: Imported): void {
  if (refused.length > 0) throw refusal(source, refused)
}

function writtenDocument(
  { requirements, components }: Imported,
  { id, head, edition, ...options }: Omit<ImportHead, 'known'>
) {
  const names = withoutUndefined(options)
  const profile = head
    ? { ...head, ...names }
    : { id, title: titleOf(id), vendor: 'Unknown', product: titleOf(id), version: '1', ...names }
  // What has a former key of the head again is a requirement of its own.
  const taken = new Set(requirements.flatMap(({ key, previousKeys }) => [key, previousKeys].flat().map(String)))
  const former = new Map(
    head?.requirements.map(({ key, previousKeys = [] }) => {
      const kept = previousKeys.filter((each) => !taken.has(each))
      return [key, kept.length > 0 ? kept : undefined]
    })
  )
  return withoutUndefined({
    ...profile,
    components: namedOnce(head?.components ?? [], components),
    variables: namedOnce(head?.variables ?? [], variablesIn(requirements)),
    edition,
    requirements: requirements.map((requirement) => {
      const previousKeys = former.get(String(requirement.key))
      return previousKeys ? withoutUndefined({ previousKeys, ...requirement }) : requirement
    })
  })
}

/** `clearswift-gateway` is Clearswift gateway, where nobody says more. */
function titleOf(id: string): string {
  const words = id.replace(/^feed\./, '').replace(/[-_]+/g, ' ')
  return words.slice(0, 1).toUpperCase() + words.slice(1)
}

interface Named {
  readonly key: string
  readonly title: string
}

function namedOnce(before: readonly Named[], found: readonly Named[]): readonly Named[] | undefined {
  const all = [...before, ...found.filter(({ key }) => before.every((each) => each.key !== key))]
  return all.length === 0 ? undefined : all
}

function variablesIn(requirements: Imported['requirements']): readonly Named[] {
  const names = new Set<string>()
  for (const { endpoints } of requirements)
    for (const { kind, value } of Array.isArray(endpoints) ? endpoints : [])
      if (kind === 'pattern' && typeof value === 'string') for (const name of variablesOf(value)) names.add(name)
  return [...names].map((key) => ({ key, title: key }))
}

/** A fault of the document, at the cell of what it is about. `ordered`: the requirements as the document has them. */
function placed(fault: Fault, { places, requirements }: Imported, ordered: Imported['requirements']): Fault {
  const [, index, rest = ''] = /^\/requirements\/(\d+)(.*)$/.exec(fault.pointer) ?? []
  const requirement = ordered[Number(index)]
  const pointer = requirement ? `/requirements/${requirements.indexOf(requirement)}${rest}` : fault.pointer
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const place = places.get(at)
    if (place) return { ...fault, pointer: pointer.slice(at.length), ...place }
  }
  return fault
}

function refusal({ name }: Pick<FeedSource, 'name'>, faults: readonly Fault[]): PortolanError {
  const count = faults.length === 1 ? 'one value' : `${faults.length} values`
  return new PortolanError('invalid_source', `${name} has ${count} that cannot be taken; nothing was written.`, {
    faults: faults.slice(0, 1000)
  })
}
