import { type ExportEntry, type ExportTarget, targetValue } from '../../domain/export/export-entry.ts'
import { sha256 } from '../../domain/json/sha256.ts'
import type { PortRange } from '../../domain/network/network-service.ts'
import { patternExpression } from '../../domain/network/pattern.ts'
import { protocolNumber } from '../../domain/network/protocol.ts'
import { commentText } from '../export/comment.ts'
import { isGroup, type Rule } from './rule.ts'

/** A rule of Suricata without its number: all that decides which packets it matches, and a text for people. */
interface Signature {
  readonly header: string
  readonly options: readonly string[]
  readonly note: string
}

/**
 * The rules of Suricata, one on each line, that let through what some rules allow: an address is one line, and a name is two, for the
 * name in TLS and for the host of HTTP. $HOME_NET is the product.
 *
 * A sid is made from what its rule matches, and from nothing else: it stays the same from revision to revision, and the rev with it. It is
 * between 1,000,000,000 and 1,999,999,999, which no published list of rules uses. Where two rules of an export would get the same one, the
 * later takes the next that is free, so a sid is never there twice.
 */
export function suricataRules(rules: readonly Rule[]): readonly string[] {
  const taken = new Set<number>()
  return rules
    .flatMap((rule) => rule.entries.flatMap((entry) => signaturesOf(rule, entry)))
    .map(({ header, options, note }) => {
      const sid = freeSid(`${header} ${options.join(' ')}`, taken)
      return `pass ${header} (${[`msg:"${quoted(note)}"`, ...options, `sid:${sid}`, 'rev:1'].join('; ')};)`
    })
}

const firstSid = 1_000_000_000
const sids = 1_000_000_000

function freeSid(text: string, taken: Set<number>): number {
  let sid = firstSid + (Number.parseInt(sha256(text).slice(7, 19), 16) % sids)
  while (taken.has(sid)) sid = sid + 1 === firstSid + sids ? firstSid : sid + 1
  taken.add(sid)
  return sid
}

function signaturesOf(rule: Rule, entry: ExportEntry): readonly Signature[] {
  const { target } = entry
  const note = `${rule.name} ${targetValue(target) ?? 'any'} ${entry.requirements.join(' ')}`
  const name = nameMatch(target)
  if (name === undefined) return addressSignatures(rule, entry, note)
  const end = headerEnd(rule, 'any')
  return [
    { header: `tls ${end}`, options: ['flow:to_server,established', 'tls.sni', ...name.inAnyCase], note },
    // The buffer is in lower case already, and Suricata refuses nocase there.
    { header: `http ${end}`, options: ['flow:to_server,established', 'http.host', ...name.inLowerCase], note }
  ]
}

function addressSignatures(rule: Rule, entry: ExportEntry, note: string): readonly Signature[] {
  const { target } = entry
  const address = target.kind === 'address' ? `[${target.address.value}]` : 'any'
  const { protocol, options } = protocolOf(rule)
  return [{ header: `${protocol} ${headerEnd(rule, address, isGroup(entry))}`, options, note }]
}

/** From where to where. What comes in for a multicast group has the group as its destination. */
function headerEnd({ direction, ports, sourcePorts }: Rule, peer: string, isForGroup = false): string {
  const [from, to] = direction === 'outbound' ? ['$HOME_NET', peer] : isForGroup ? ['any', peer] : [peer, '$HOME_NET']
  return `${from} ${portsOf(sourcePorts)} -> ${to} ${portsOf(ports)}`
}

function portsOf(range: PortRange | undefined): string {
  if (range === undefined) return 'any'
  return range.from === range.to ? `${range.from}` : `[${range.from}:${range.to}]`
}

/** Suricata reads icmp as that of the packet's family. Protocols without a word of their own are matched by their number. */
function protocolOf({ transport, icmp }: Rule): { readonly protocol: string; readonly options: readonly string[] } {
  switch (transport) {
    case 'any':
      return { protocol: 'ip', options: [] }
    case 'tcp':
    case 'udp':
    case 'sctp':
      return { protocol: transport, options: [] }
    case 'icmp':
    case 'icmpv6':
      return {
        protocol: transport === 'icmpv6' ? 'icmpv6' : icmp ? 'icmpv4' : 'icmp',
        options: [...(icmp ? [`itype:${icmp.type}`] : []), ...(icmp?.code !== undefined ? [`icode:${icmp.code}`] : [])]
      }
    default:
      return { protocol: 'ip', options: [`ip_proto:${protocolNumber(transport)}`] }
  }
}

interface NameMatch {
  readonly inAnyCase: readonly string[]
  readonly inLowerCase: readonly string[]
}

/** A name as a whole; what ends with a full stop and the name under a wildcard; an expression for a pattern. */
function nameMatch(target: ExportTarget): NameMatch | undefined {
  switch (target.kind) {
    case 'host':
      return contentMatch(`content:"${contentText(target.value)}"; startswith; endswith`)
    case 'wildcard':
      return contentMatch(`content:"${contentText(`.${target.value}`)}"; endswith`)
    case 'pattern': {
      const expression = patternExpression(target.value)
      return { inAnyCase: [`pcre:"/${expression}/i"`], inLowerCase: [`pcre:"/${expression}/"`] }
    }
    default:
      return undefined
  }
}

function contentMatch(text: string): NameMatch {
  return { inAnyCase: [`${text}; nocase`], inLowerCase: [text] }
}

/** Characters that no canonical name has are written as their bytes, so that none can end a content or begin an option. */
function contentText(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      return /[a-z0-9._-]/.test(character) ? character : `|${byte.toString(16).padStart(2, '0')}|`
    })
    .join('')
}

/** Suricata wants a backslash before these in a msg; a comment text has no quotes and backslashes. */
function quoted(text: string): string {
  return commentText(text).replace(/[;:]/g, (mark) => `\\${mark}`)
}
