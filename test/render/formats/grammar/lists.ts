import { isIP } from 'node:net'

/**
 * Strict readers of flat lists, from what the vendors publish: Palo Alto "Formatting Guidelines for an External Dynamic List", Fortinet
 * "External block list file format", Check Point sk167210 and "Network Feed", Cisco "Custom Security Intelligence Lists" and "Configure
 * a Generic Text Connector". Where a vendor is silent, only what all of them take.
 */
interface Dialect {
  readonly isComment: (line: string) => boolean
  readonly fault: (line: string) => string | undefined
  readonly mayBeEmpty: boolean
}

const never = () => false
const hash = (line: string) => line.startsWith('#')

export const dialects = {
  'plain-ip': { isComment: hash, fault: addressFault, mayBeEmpty: true },
  'plain-host': { isComment: hash, fault: nameFault, mayBeEmpty: true },
  'edl-ip': { isComment: never, fault: addressFault, mayBeEmpty: false },
  'edl-url': { isComment: never, fault: urlFault, mayBeEmpty: false },
  'edl-domain': { isComment: never, fault: nameFault, mayBeEmpty: false },
  'fortinet-ip': { isComment: never, fault: addressFault, mayBeEmpty: false },
  'fortinet-domain': { isComment: never, fault: nameFault, mayBeEmpty: false },
  'checkpoint-feed': {
    isComment: hash,
    fault: (line) => (addressFault(line) === undefined ? undefined : nameFault(line)),
    mayBeEmpty: false
  },
  'cisco-ip csdac': { isComment: never, fault: networkFault, mayBeEmpty: false },
  'cisco-ip security-intelligence': { isComment: hash, fault: networkFault, mayBeEmpty: false }
} as const satisfies Readonly<Record<string, Dialect>>
export type DialectName = keyof typeof dialects

export interface ReadList {
  readonly values: readonly string[]
  readonly faults: readonly string[]
}

export function readList(name: DialectName, text: string): ReadList {
  const dialect: Dialect = dialects[name]
  if (/^\ufeff/.test(text)) return { values: [], faults: ['begins with a byte order mark'] }
  if (text !== '' && !text.endsWith('\n')) return { values: [], faults: ['the last line is not ended'] }
  const values = text
    .split('\n')
    .slice(0, -1)
    .filter((line) => !dialect.isComment(line))
  const faults = values.flatMap((line, index) => {
    const fault = values.indexOf(line) < index ? 'stands there twice' : dialect.fault(line)
    return fault === undefined ? [] : [`${JSON.stringify(line)} ${fault}`]
  })
  if (values.length === 0 && !dialect.mayBeEmpty) faults.push('is empty: the device keeps what it had')
  return { values, faults }
}

function addressFault(line: string): string | undefined {
  const [, address = '', prefix] = /^([0-9a-f.:]+)(?:\/([1-9]?\d|1[0-2]\d))?$/.exec(line) ?? []
  const family = isIP(address)
  if (family === 0) return 'is not an address'
  if (prefix === undefined) return undefined
  return Number(prefix) < (family === 4 ? 32 : 128) ? undefined : 'has a prefix that is not one of a network'
}

/** Cisco: no /0. */
function networkFault(line: string): string | undefined {
  return addressFault(line) ?? (line.endsWith('/0') ? 'is everything' : undefined)
}

/** At most 255 characters; an asterisk only as the first label, and whole. */
function nameFault(line: string): string | undefined {
  if (line.length > 255) return 'is too long'
  if (isIP(line) !== 0) return 'is an address'
  return /^(?:\*\.)?[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/.test(line)
    ? undefined
    : 'is not a name'
}

/**
 * Without a scheme; with a slash after the name, or it would match longer names too. A caret is one label. A path has no wildcards, which
 * PAN-OS would read.
 */
function urlFault(line: string): string | undefined {
  const slash = line.indexOf('/')
  if (slash < 0) return 'has no slash after its name'
  return /[*^\s]/.test(line.slice(slash))
    ? 'has a wildcard in its path'
    : nameFault(line.slice(0, slash).replaceAll('.^.', '.x.'))
}
