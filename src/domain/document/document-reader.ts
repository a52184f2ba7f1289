import type Type from 'typebox'
import type { Static } from 'typebox'
import { Faults } from '../json/faults.ts'
import { type FieldOptions, type Fields, fieldsOf, isLonger } from '../json/fields.ts'
import { pointerTo } from '../json/pointer.ts'
import { quote } from '../json/source-text.ts'
import { didYouMean, nearestName, suggestion } from '../nearest-name.ts'
import { parseAddress } from '../network/address.ts'
import { parseHost } from '../network/host.ts'
import { parsePattern } from '../network/pattern.ts'
import { parseUrlPrefix } from '../network/url-prefix.ts'
import { cleanText } from '../text.ts'
import { parseAuthoredTime } from '../time/authored-time.ts'
import { formatInstant, type Instant } from '../time/instant.ts'
import type { Requirement } from './document.ts'

/**
 * How many pairs of characters may be compared to find the names that are probably meant: enough for every mistake that people make, and some
 * tenths of a second for a document that has thousands of unknown names beside thousands of others.
 */
const mostCompared = 10_000_000

/** A value that must be that of an endpoint somewhere in the document. */
export interface Mention {
  readonly at: string
  readonly field: 'serves' | 'replacedBy'
  /** The value in canonical form. */
  readonly value: string
}

export interface ReadTime {
  readonly instant: Instant
  /** RFC 3339 in UTC. */
  readonly text: string
}

/** Reads the parts of one document, and collects its faults and the values that its endpoints have and mention. */
export class DocumentReader {
  readonly faults = new Faults()
  /** The canonical values of host endpoints. */
  readonly hosts = new Set<string>()
  /** The canonical values of all endpoints. */
  readonly values = new Set<string>()
  readonly mentions: Mention[] = []
  /** Requirements that were known before. What their endpoints are is not yet among `hosts` and `values`. */
  readonly known: Requirement[] = []
  /** The keys of the components that requirements may name. */
  readonly components = new Set<string>()
  /** The keys of the variables that patterns may name. */
  readonly variables = new Set<string>()
  /** Whether the whole input is known to fit the schema of documents. */
  readonly wellShaped: boolean
  private comparable = mostCompared
  private readonly timeZone: string
  // The dates of a document are few and repeat.
  private readonly moments = new Map<string, ReadTime>()

  constructor(timeZone: string, wellShaped: boolean) {
    this.timeZone = timeZone
    this.wellShaped = wellShaped
  }

  /** The question after an unknown name, where one of the names is probably meant. */
  nearest(written: string, names: ReadonlySet<string>): string {
    return this.affords(written, names) ? didYouMean(nearestName(written, names)) : ''
  }

  /** The same, or else which names there are. */
  suggestion(written: string, names: ReadonlySet<string>): string {
    return this.affords(written, names) ? suggestion(written, names) : ''
  }

  private affords(written: string, names: ReadonlySet<string>): boolean {
    if (this.comparable < 0) return false
    for (const name of names) this.comparable -= written.length * name.length
    return this.comparable >= 0
  }

  /** The well-shaped fields of an object; every other field becomes a fault. */
  fields<T extends Type.TObject>(schema: T, value: unknown, at: string, options?: FieldOptions): Fields<Static<T>> {
    // The whole input has passed the validator of documents.
    if (this.wellShaped) return value as Fields<Static<T>>
    return fieldsOf(schema, value, at, this.faults, options) ?? {}
  }

  /** The text in normal form, or undefined with a fault. `longest`: the limit of its schema, checked again since NFC may lengthen a text. */
  text(text: string | undefined, at: string, lines: 'one' | 'many', longest: number): string | undefined {
    if (text === undefined) return undefined
    const clean = cleanText(text, lines)
    if ('fault' in clean) this.faults.add(at, 'invalid_text', clean.fault)
    else if (isLonger(clean.text, longest)) this.faults.add(at, 'too_long', `must have at most ${longest} characters`)
    else return clean.text
    return undefined
  }

  title(text: string | undefined, at: string): string | undefined {
    return this.text(text, at, 'one', 200)
  }

  prose(text: string | undefined, at: string): string | undefined {
    return this.text(text, at, 'many', 4000)
  }

  url(text: string | undefined, at: string): string | undefined {
    const url = this.text(text, at, 'one', 2000)
    if (url === undefined || URL.canParse(url)) return url
    this.faults.add(at, 'invalid_url', `${quote(url)} is not a URL`)
    return undefined
  }

  time(text: string | undefined, at: string): ReadTime | undefined {
    if (text === undefined) return undefined
    const known = this.moments.get(text)
    if (known) return known
    const moment = parseAuthoredTime(text, this.timeZone)
    if ('fault' in moment) {
      this.faults.add(at, 'invalid_instant', `${quote(text)} ${moment.fault}`)
      return undefined
    }
    const read = { instant: moment.instant, text: formatInstant(moment.instant) }
    this.moments.set(text, read)
    return read
  }

  host(text: string | undefined, at: string): string | undefined {
    if (text === undefined) return undefined
    const host = parseHost(text)
    if ('value' in host) return host.value
    this.faults.add(at, 'invalid_host', `${quote(text)} ${host.fault}`)
    return undefined
  }

  /** The hosts that an address serves, as a set. Each must be the value of an endpoint. */
  serves(list: readonly string[] | undefined, at: string): readonly string[] | undefined {
    return (
      list &&
      sortedSet(list.map((text, index) => this.mention('serves', this.host(text, at + pointerTo(index)), at, index)))
    )
  }

  /** The values that replace an endpoint, as a set. Each must be the value of an endpoint. */
  replacedBy(list: readonly string[] | undefined, at: string): readonly string[] | undefined {
    return list && sortedSet(list.map((text, index) => this.mention('replacedBy', canonicalValue(text), at, index)))
  }

  private mention(field: Mention['field'], value: string | undefined, at: string, index: number): string {
    const known = field === 'serves' ? this.hosts : this.values
    // Most mentions come after what they mention. The others are checked when the whole document was read.
    if (value !== undefined && !known.has(value)) this.mentions.push({ at: at + pointerTo(index), field, value })
    return value ?? ''
  }
}

/** The canonical form that a value has as an endpoint, of whichever kind: an address, host, pattern or URL in canonical form, or a name as it is. */
export function canonicalValue(text: string): string {
  const address = parseAddress(text)
  if ('value' in address) return address.value
  for (const parse of [parseHost, parsePattern, parseUrlPrefix]) {
    const read = parse(text)
    if ('value' in read) return read.value
  }
  return text
}

/** The items of a list, each once, sorted by code unit. */
export function sortedSet<T extends string>(list: readonly T[]): readonly T[] {
  return list.length < 2 ? list : [...new Set(list)].sort()
}
