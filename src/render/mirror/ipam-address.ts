import { endpointValue, type Status } from '../../domain/document/endpoint.ts'
import { groupBy } from '../../domain/group.ts'
import type { FlatEndpoint } from '../../domain/mirror/mirror.ts'
import { familyOf } from '../../domain/network/address.ts'
import { shortHash } from '../../domain/read/etag.ts'
import { mostAlive } from '../../domain/view/lifetime.ts'

/** An address or a prefix as an IPAM keeps it: once, whatever needs it. */
export interface IpamAddress {
  /** With a length, also for a single address. */
  readonly prefix: string
  readonly isSingle: boolean
  /** The status of the most alive of its endpoints. */
  readonly status: Status
  /** Made of the value alone, so it stays when requirements come and go. */
  readonly id: string
  /** At most 200 characters. */
  readonly description: string
  /** Every requirement that names the value, a line for each, with its tags and remarks there. */
  readonly comments: string
  /** The tags that the value has anywhere, sorted. */
  readonly tags: readonly string[]
}

/** The addresses of some endpoints by value, each once: an IPAM refuses duplicates, and a value can stand in many requirements. */
export function ipamAddresses(endpoints: readonly FlatEndpoint[]): readonly IpamAddress[] {
  const byValue = groupBy(
    endpoints.filter(({ kind }) => kind === 'address'),
    endpointValue
  )
  return [...byValue].map(([value, rows]) => {
    const isSingle = !value.includes('/')
    const texts = rows.map(neededBy)
    return {
      prefix: isSingle ? `${value}/${familyOf(value) === 'ipv6' ? 128 : 32}` : value,
      isSingle,
      status: rows.map(({ status }) => status).reduce(mostAlive),
      id: `ip_${shortHash(value)}`,
      description: shortText(texts.join('; ')),
      comments: rows.map((row, index) => `${texts[index]}${tagsAndRemarks(row)}`).join('\n'),
      tags: [...new Set(rows.flatMap(({ tags = [] }) => tags))].sort()
    }
  })
}

function neededBy({ requirement, catalogue, until }: FlatEndpoint): string {
  const end = until === undefined ? '' : `, until ${until}`
  return `${requirement.key} of ${catalogue.id}${end}`
}

function tagsAndRemarks({ tags, remarks }: FlatEndpoint): string {
  const words = tags === undefined ? '' : `, tags ${tags.join(' ')}`
  return remarks === undefined ? words : `${words}: ${remarks}`
}

/** Text of at most 200 characters, the limit of a description in NetBox. */
export function shortText(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 199)}…`
}
