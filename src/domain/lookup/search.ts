import type { Profile, RequirementFields } from '../document/document.ts'
import type { Endpoint } from '../document/endpoint.ts'
import { PortolanError } from '../errors.ts'
import { type ParsedAddress, parseAddress } from '../network/address.ts'
import { hostCovers, parseHost } from '../network/host.ts'
import { patternCovers } from '../network/pattern.ts'
import { type LookupTarget, matchEndpoint } from './lookup.ts'

/** A word of a search. All words have to be found in one catalogue, requirement or endpoint. */
export interface SearchWord {
  /** In lower case. */
  readonly text: string
  /** An address or CIDR, which is also found by what covers it or lies in it; or a name, which is found by what lies under it. */
  readonly target?: LookupTarget
}

const mostWords = 10

/**
 * Reads what is searched for: words, apart by spaces.
 * @throws PortolanError `invalid_parameter`
 */
export function parseSearch(text: string): readonly SearchWord[] {
  const words = [
    ...new Set(
      text
        .toLowerCase()
        .split(/\s+/)
        .filter((word) => word !== '')
    )
  ]
  if (words.length === 0) throw new PortolanError('invalid_parameter', 'Say what is searched for: q is empty.')
  if (words.length > mostWords)
    throw new PortolanError(
      'invalid_parameter',
      `At most ${mostWords} words are searched for, and these are ${words.length}.`
    )
  return words.map((word) => {
    const target = targetOf(word)
    return { text: word, ...(target && { target }) }
  })
}

function targetOf(word: string): LookupTarget | undefined {
  const address: ParsedAddress | { readonly fault: string } = parseAddress(word)
  if (!('fault' in address)) return address
  if (!word.includes('.')) return undefined
  const host = parseHost(word)
  return 'fault' in host ? undefined : host
}

/** The fields of something that is searched, by their names. */
type Texts = Readonly<Record<string, readonly (string | undefined)[]>>

/** The names of the fields of a catalogue that have the words, or undefined where one is not found. */
export function searchCatalogue(
  id: string,
  profile: Profile,
  words: readonly SearchWord[]
): readonly string[] | undefined {
  const { title, vendor, product, version, aliases = [] } = profile
  return fieldsWith(
    { id: [id], title: [title], vendor: [vendor], product: [product], version: [version], aliases },
    words
  )
}

/** The same of a requirement. */
export function searchRequirement(
  fields: RequirementFields,
  words: readonly SearchWord[]
): readonly string[] | undefined {
  const { key, previousKeys = [], title, tags = [], remarks, condition, owner, component, externalIds = {} } = fields
  return fieldsWith(
    {
      key: [key],
      previousKeys,
      title: [title],
      tags,
      remarks: [remarks],
      condition: [condition],
      owner: [owner],
      component: [component],
      externalIds: Object.values(externalIds)
    },
    words
  )
}

/** The same of an endpoint. */
export function searchEndpoint(endpoint: Endpoint, words: readonly SearchWord[]): readonly string[] | undefined {
  const texts: Texts = {
    title: [endpoint.kind === 'role' ? endpoint.title : undefined],
    url: [endpoint.kind === 'feed' ? endpoint.url : undefined],
    remarks: [endpoint.remarks],
    tags: endpoint.tags ?? []
  }
  return fieldsWith(texts, words, (word) => (hasValue(endpoint, word) ? ['value'] : []))
}

function hasValue(endpoint: Endpoint, { text, target }: SearchWord): boolean {
  if (endpoint.kind === 'any') return false
  if (endpoint.kind === 'pattern' && target && !('family' in target) && patternCovers(endpoint.value, target.value))
    return true
  if (endpoint.kind !== 'host' && endpoint.kind !== 'address') return endpoint.value.toLowerCase().includes(text)
  if (target === undefined || 'family' in target !== (endpoint.kind === 'address')) return endpoint.value.includes(text)
  if (!('family' in target))
    return endpoint.value.endsWith(`.${target.value}`) || hostCovers(endpoint.value, target.value)
  return matchEndpoint(endpoint, target) !== undefined
}

function fieldsWith(
  texts: Texts,
  words: readonly SearchWord[],
  others: (word: SearchWord) => readonly string[] = () => []
): readonly string[] | undefined {
  const found = new Set<string>()
  for (const word of words) {
    const fields = Object.entries(texts).flatMap(([field, values]) =>
      values.some((value) => value?.toLowerCase().includes(word.text)) ? [field] : []
    )
    const all = [...fields, ...others(word)]
    if (all.length === 0) return undefined
    for (const field of all) found.add(field)
  }
  return [...found].sort()
}
