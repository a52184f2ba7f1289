import { PortolanError } from './domain/errors.ts'
import { type EgressPolicy, readCidr } from './domain/webhook/receiver-url.ts'

/** How the service runs. Every option has a default that works with nothing set. */
export interface Config {
  readonly host: string
  readonly port: number
  readonly databaseUrl: string
  /** Folder of documents to publish into an empty store; absent: none. */
  readonly catalogues?: string
  readonly readAccess: 'public' | 'key'
  readonly logLevel: string
  /** Base of links, without a slash at the end; absent: from the request. */
  readonly publicUrl?: string
  readonly cacheMegabytes: number
  readonly noticeDays: number
  /** Descending, each once. */
  readonly upcomingDays: readonly number[]
  readonly clockHoldSeconds: number
  /** Where webhooks may go. */
  readonly egress: EgressPolicy
  /** Requests a second to one receiver. */
  readonly deliveryRate: number
  readonly graphql: {
    readonly hasGraphiql: boolean
    readonly allowsIntrospection: boolean
    readonly trustsOnlyDocuments: boolean
  }
  /** Folder, or manifest, of operations that clients name by hash; absent: none. */
  readonly trustedDocuments?: string
}

interface Option {
  readonly name: string
  readonly fallback: string
  readonly meaning: string
}

/** The table of the README, and all that is read of the environment. */
export const options: readonly Option[] = [
  { name: 'PORTOLAN_HOST', fallback: '127.0.0.1', meaning: 'Address to listen on' },
  { name: 'PORTOLAN_PORT', fallback: '8080', meaning: 'Port to listen on; 0 takes a free one' },
  {
    name: 'PORTOLAN_DATABASE_URL',
    fallback: 'sqlite:data/portolan.db',
    meaning: '`sqlite:PATH`, `sqlite::memory:` or `postgres://…`'
  },
  {
    name: 'PORTOLAN_CATALOGUES',
    fallback: 'catalogues',
    meaning: 'Folder of documents to publish into an empty store; empty: none'
  },
  {
    name: 'PORTOLAN_READ_ACCESS',
    fallback: 'public',
    meaning: '`public`, or `key`: reads need a key with `catalogue:read`'
  },
  {
    name: 'PORTOLAN_LOG_LEVEL',
    fallback: 'info',
    meaning: '`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`'
  },
  { name: 'PORTOLAN_PUBLIC_URL', fallback: '', meaning: 'Base of links; empty: from the request' },
  { name: 'PORTOLAN_CACHE_MB', fallback: '64', meaning: 'Bound of the one memory for rendered answers and documents' },
  { name: 'PORTOLAN_NOTICE_DAYS', fallback: '0', meaning: 'How long before its end a retirement must be announced' },
  {
    name: 'PORTOLAN_UPCOMING_DAYS',
    fallback: '30,7,1',
    meaning: 'How many days before a transition it is told that it is coming; empty: never'
  },
  {
    name: 'PORTOLAN_CLOCK_HOLD',
    fallback: '300',
    meaning: 'Seconds that the clock must be steady after a jump before it tells transitions again'
  },
  {
    name: 'PORTOLAN_EGRESS_ALLOW',
    fallback: '',
    meaning:
      'CIDRs of receivers of webhooks beside public addresses, apart by commas; loopback only if it is named here'
  },
  {
    name: 'PORTOLAN_EGRESS_PORTS',
    fallback: '443,8443',
    meaning: 'Ports of receivers of webhooks; `*`: any'
  },
  { name: 'PORTOLAN_ALLOW_HTTP', fallback: 'off', meaning: '`on`: webhooks may go to receivers without TLS' },
  { name: 'PORTOLAN_DELIVERY_RATE', fallback: '10', meaning: 'Webhooks a second to one receiver, at most' },
  { name: 'PORTOLAN_GRAPHIQL', fallback: 'off', meaning: '`on`: a page to try GraphQL out, at `/graphiql`' },
  { name: 'PORTOLAN_INTROSPECTION', fallback: 'on', meaning: '`off`: GraphQL does not answer what its schema is' },
  {
    name: 'PORTOLAN_TRUSTED_DOCUMENTS',
    fallback: 'schema/documents',
    meaning:
      'Folder of GraphQL operations that clients may name by hash, `.graphql` or manifests as `.json`; empty: none'
  },
  { name: 'PORTOLAN_TRUSTED_ONLY', fallback: 'off', meaning: '`on`: no other GraphQL operations are executed' }
]

/** @throws PortolanError `invalid_parameter`, naming the option. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const text = (name: string) => environment[name] ?? options.find((option) => option.name === name)?.fallback ?? ''
  const whole = (name: string, least: number, most: number) => {
    const value = text(name)
    const number = Number(value)
    if (/^\d+$/.test(value) && number >= least && number <= most) return number
    throw new PortolanError('invalid_parameter', `${name}=${value} must be a whole number from ${least} to ${most}.`)
  }
  const wholes = (name: string, least: number, most: number) => {
    const values = text(name) === '' ? [] : text(name).split(',')
    const numbers = values.map(Number)
    if (values.every((value) => /^\d+$/.test(value)) && numbers.every((number) => number >= least && number <= most))
      return [...new Set(numbers)].sort((a, b) => b - a)
    throw new PortolanError(
      'invalid_parameter',
      `${name}=${text(name)} must be whole numbers from ${least} to ${most} with commas between them.`
    )
  }
  const oneOf = <T extends string>(name: string, values: readonly T[]): T => {
    const found = values.find((value) => value === text(name))
    if (found !== undefined) return found
    throw new PortolanError('invalid_parameter', `${name}=${text(name)} must be one of ${values.join(', ')}.`)
  }
  const list = (name: string) =>
    text(name)
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
  const isOn = (name: string) => {
    const value = text(name).toLowerCase()
    if (['on', 'true', '1', 'yes'].includes(value)) return true
    if (['off', 'false', '0', 'no', ''].includes(value)) return false
    throw new PortolanError('invalid_parameter', `${name}=${text(name)} must be on or off.`)
  }
  const databaseUrl = text('PORTOLAN_DATABASE_URL')
  if (!/^(sqlite:.+|postgres(ql)?:\/\/.+)$/.test(databaseUrl)) {
    throw new PortolanError(
      'invalid_parameter',
      'PORTOLAN_DATABASE_URL must be sqlite:PATH, sqlite::memory: or postgres://…'
    )
  }
  const [catalogues, publicUrl] = [text('PORTOLAN_CATALOGUES'), text('PORTOLAN_PUBLIC_URL')]
  const trustedDocuments = text('PORTOLAN_TRUSTED_DOCUMENTS')
  if (publicUrl !== '' && !/^https?:\/\/[^/\s]+(\/[^\s]*)?$/.test(publicUrl)) {
    throw new PortolanError('invalid_parameter', `PORTOLAN_PUBLIC_URL=${publicUrl} must be an http or https URL.`)
  }
  const egressPorts = text('PORTOLAN_EGRESS_PORTS')
  return Object.freeze({
    host: text('PORTOLAN_HOST'),
    port: whole('PORTOLAN_PORT', 0, 65535),
    databaseUrl,
    ...(catalogues !== '' && { catalogues }),
    readAccess: oneOf('PORTOLAN_READ_ACCESS', ['public', 'key']),
    logLevel: oneOf('PORTOLAN_LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    ...(publicUrl !== '' && { publicUrl: publicUrl.replace(/\/+$/, '') }),
    cacheMegabytes: whole('PORTOLAN_CACHE_MB', 1, 1_000_000),
    noticeDays: whole('PORTOLAN_NOTICE_DAYS', 0, 36_500),
    upcomingDays: wholes('PORTOLAN_UPCOMING_DAYS', 1, 3_650),
    clockHoldSeconds: whole('PORTOLAN_CLOCK_HOLD', 0, 86_400),
    egress: {
      allow: list('PORTOLAN_EGRESS_ALLOW').map((cidr) => readEgress('PORTOLAN_EGRESS_ALLOW', cidr, readCidr(cidr))),
      ...(egressPorts !== '*' && {
        ports: list('PORTOLAN_EGRESS_PORTS').map((port) => readEgress('PORTOLAN_EGRESS_PORTS', port, readPort(port)))
      }),
      allowsHttp: isOn('PORTOLAN_ALLOW_HTTP')
    },
    deliveryRate: whole('PORTOLAN_DELIVERY_RATE', 1, 1_000_000),
    graphql: {
      hasGraphiql: isOn('PORTOLAN_GRAPHIQL'),
      allowsIntrospection: isOn('PORTOLAN_INTROSPECTION'),
      trustsOnlyDocuments: isOn('PORTOLAN_TRUSTED_ONLY')
    },
    ...(trustedDocuments !== '' && { trustedDocuments })
  })
}

function readEgress<T>(name: string, text: string, value: T | undefined): T {
  if (value !== undefined) return value
  throw new PortolanError('invalid_parameter', `${name}: ${text} is not one.`)
}

function readPort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return port >= 1 && port <= 65535 ? port : undefined
}
