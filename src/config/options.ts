import { cidr, egressPorts, host, origin, proxyUrl } from './network-reader.ts'
import { ownOrPackagedPath, packagedPath } from './packaged-path.ts'
import { anyText, baseUrl, listOf, oneOf, onOrOff, optionalText, type Reader, storeUrl, wholeNumber } from './reader.ts'
import { listenedPort, metricsPort, rateLimit, sealingKeys, upcomingDays } from './service-reader.ts'

/** One variable of the environment. */
export interface Option {
  readonly variable: `PORTOLAN_${string}`
  /** The value where the variable is not set. */
  readonly fallback: string
  readonly meaning: string
  /** What an empty value means. Absent: the same as a variable that is not set. */
  readonly empty?: string
  /** Messages do not repeat the value, since it may hold a password. */
  readonly isSecret?: boolean
  readonly read: Reader<unknown>
}

/** Options by the field of the configuration that each of them sets. */
export interface OptionGroup {
  readonly [field: string]: Option | OptionGroup
}

/** The table of options: all that is read of the environment, and the table of the README. */
export const options = {
  host: {
    variable: 'PORTOLAN_HOST',
    fallback: '127.0.0.1',
    meaning: 'Address to listen on',
    read: anyText
  },
  port: {
    variable: 'PORTOLAN_PORT',
    fallback: '8080',
    meaning: 'Port to listen on; 0 takes a free one',
    read: listenedPort
  },
  databaseUrl: {
    variable: 'PORTOLAN_DATABASE_URL',
    fallback: 'sqlite:data/portolan.db',
    meaning: '`sqlite:PATH`, `sqlite::memory:` or `postgres://…`',
    isSecret: true,
    read: storeUrl
  },
  secretKeys: {
    variable: 'PORTOLAN_SECRET_KEY',
    fallback: '',
    meaning:
      'Seals the secrets in the store: 32 bytes in base64 or hex. Old keys follow it, apart by commas, for reading only',
    empty: 'a file beside the database; with PostgreSQL, secrets are kept in clear',
    isSecret: true,
    read: sealingKeys
  },
  migrates: {
    variable: 'PORTOLAN_MIGRATE',
    fallback: 'on',
    meaning:
      '`off`: a start changes no tables, and refuses a store with an older schema, which `portolan migrate` brings up to date',
    read: onOrOff
  },
  role: {
    variable: 'PORTOLAN_ROLE',
    fallback: 'all',
    meaning:
      '`all`; `web`: answers, and neither sends webhooks nor tells transitions; `send`: does only that, and answers health and metrics. See [operations](docs/operations.md)',
    read: oneOf(['all', 'web', 'send'])
  },
  drainDelaySeconds: {
    variable: 'PORTOLAN_DRAIN_DELAY',
    fallback: '0',
    meaning: 'Seconds for which answers go on after SIGTERM, while `/health/ready` is 503 already',
    read: wholeNumber(0, 600)
  },
  catalogues: {
    variable: 'PORTOLAN_CATALOGUES',
    fallback: 'catalogues',
    meaning: 'Folder of documents to publish into an empty store; where there is no such folder, that of the package',
    empty: 'none',
    read: ownOrPackagedPath('catalogues')
  },
  feeds: {
    variable: 'PORTOLAN_FEEDS',
    fallback: 'feeds',
    meaning:
      'Folder of the lists that are fetched again and again, one YAML file each; where there is no such folder, that of the package. See [polling](docs/polling.md)',
    empty: 'none',
    read: ownOrPackagedPath('feeds')
  },
  readAccess: {
    variable: 'PORTOLAN_READ_ACCESS',
    fallback: 'public',
    meaning: '`public`, or `key`: reads need a key with `catalogue:read`',
    read: oneOf(['public', 'key'])
  },
  logLevel: {
    variable: 'PORTOLAN_LOG_LEVEL',
    fallback: 'info',
    meaning: '`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`',
    read: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
  },
  publicUrl: {
    variable: 'PORTOLAN_PUBLIC_URL',
    fallback: '',
    meaning: 'Base of links',
    empty: 'from the request',
    read: baseUrl
  },
  hosts: {
    variable: 'PORTOLAN_HOSTS',
    fallback: '',
    meaning:
      'Names of the service, separated by commas; it answers for no other. The host of `PORTOLAN_PUBLIC_URL` is always among them',
    empty: 'any',
    read: listOf(host, 'names of hosts without ports, separated by commas')
  },
  corsOrigins: {
    variable: 'PORTOLAN_CORS_ORIGINS',
    fallback: '',
    meaning:
      'Origins whose pages may read answers, separated by commas, as `https://cmdb.example`; `*`: those of any origin, without a key',
    empty: 'none',
    read: listOf(origin, 'origins as https://host:port, or *, separated by commas')
  },
  tls: {
    cert: {
      variable: 'PORTOLAN_TLS_CERT',
      fallback: '',
      meaning:
        'PEM file of the certificate, with which the service itself speaks TLS; it is read again when it changes',
      empty: 'no TLS',
      read: optionalText
    },
    key: {
      variable: 'PORTOLAN_TLS_KEY',
      fallback: '',
      meaning: 'PEM file of the private key of that certificate',
      empty: 'none',
      read: optionalText
    },
    clientCa: {
      variable: 'PORTOLAN_TLS_CLIENT_CA',
      fallback: '',
      meaning: 'PEM file of the authorities whose certificates clients must show',
      empty: 'clients show none',
      read: optionalText
    }
  },
  trustProxy: {
    variable: 'PORTOLAN_TRUST_PROXY',
    fallback: '',
    meaning:
      'CIDRs of proxies whose `X-Forwarded-For`, `-Proto`, `-Host` and `-Prefix` count, separated by commas. Each of them must set these fields or remove them',
    empty: 'none',
    read: listOf(cidr, 'addresses or CIDRs, separated by commas')
  },
  threads: {
    variable: 'PORTOLAN_THREADS',
    fallback: '2',
    meaning:
      'Threads in which costly answers are made, beside the loop that answers, and the one from which webhooks are sent; 0: none, and webhooks are sent from the loop',
    read: wholeNumber(0, 64)
  },
  deadlineSeconds: {
    variable: 'PORTOLAN_DEADLINE',
    fallback: '20',
    meaning: 'Seconds that an answer may take, its time in the queue included; a publish may take six times as long',
    read: wholeNumber(1, 600)
  },
  rateLimit: {
    variable: 'PORTOLAN_RATE_LIMIT',
    fallback: '3000',
    meaning: 'Units a minute for each key, and for each address without one; `off`: no limit. [Limits](docs/limits.md)',
    read: rateLimit
  },
  metricsPort: {
    variable: 'PORTOLAN_METRICS_PORT',
    fallback: '',
    meaning: 'Port for `/metrics`, which is then nowhere else; 0 takes a free one',
    empty: 'at `PORTOLAN_PORT`',
    read: metricsPort
  },
  cacheMegabytes: {
    variable: 'PORTOLAN_CACHE_MB',
    fallback: '64',
    meaning: 'Bound of the one memory for rendered answers and documents',
    read: wholeNumber(1, 1_000_000)
  },
  noticeDays: {
    variable: 'PORTOLAN_NOTICE_DAYS',
    fallback: '0',
    meaning: 'How many days before its end a retirement must be announced',
    read: wholeNumber(0, 36_500)
  },
  upcomingDays: {
    variable: 'PORTOLAN_UPCOMING_DAYS',
    fallback: '30,7,1',
    meaning: 'How many days before a transition subscribers are told that it is coming, separated by commas',
    empty: 'never',
    read: upcomingDays
  },
  clockHoldSeconds: {
    variable: 'PORTOLAN_CLOCK_HOLD',
    fallback: '300',
    meaning: 'Seconds that the clock must be steady after a jump before transitions are logged again',
    read: wholeNumber(0, 86_400)
  },
  egress: {
    allow: {
      variable: 'PORTOLAN_EGRESS_ALLOW',
      fallback: '',
      meaning:
        'CIDRs of receivers of webhooks beside public addresses, separated by commas; loopback only if it is named here',
      read: listOf(cidr, 'addresses or CIDRs, separated by commas')
    },
    ports: {
      variable: 'PORTOLAN_EGRESS_PORTS',
      fallback: '443,8443',
      meaning: 'Ports of receivers of webhooks, separated by commas; `*`: any',
      read: egressPorts
    },
    allowsHttp: {
      variable: 'PORTOLAN_ALLOW_HTTP',
      fallback: 'off',
      meaning: '`on`: webhooks may go to receivers without TLS',
      read: onOrOff
    },
    proxy: {
      variable: 'PORTOLAN_EGRESS_PROXY',
      fallback: '',
      meaning: 'Proxy through which webhooks go out, `http://HOST:PORT` or `http://USER:PASSWORD@HOST:PORT`',
      isSecret: true,
      read: proxyUrl
    }
  },
  deliveryRate: {
    variable: 'PORTOLAN_DELIVERY_RATE',
    fallback: '10',
    meaning: 'Webhooks a second to one receiver, at most',
    read: wholeNumber(1, 1_000_000)
  },
  hasPages: {
    variable: 'PORTOLAN_PAGES',
    fallback: 'on',
    meaning: '`off`: there are no pages for people, and problems are JSON for browsers too',
    read: onOrOff
  },
  trustedDocuments: {
    variable: 'PORTOLAN_TRUSTED_DOCUMENTS',
    fallback: 'schema/documents',
    meaning:
      'Folder of GraphQL operations that clients may name by hash, `.graphql` or manifests as `.json`; the default is in the package',
    empty: 'none',
    read: packagedPath('schema/documents')
  },
  graphql: {
    trustsOnlyDocuments: {
      variable: 'PORTOLAN_TRUSTED_ONLY',
      fallback: 'off',
      meaning: '`on`: no other GraphQL operations are executed',
      read: onOrOff
    },
    allowsIntrospection: {
      variable: 'PORTOLAN_INTROSPECTION',
      fallback: 'on',
      meaning: '`off`: GraphQL does not answer questions about its schema',
      read: onOrOff
    },
    hasGraphiql: {
      variable: 'PORTOLAN_GRAPHIQL',
      fallback: 'off',
      meaning: '`on`: a page to try GraphQL out, at `/graphiql`',
      read: onOrOff
    }
  }
} as const satisfies OptionGroup

/** The options of a group, those of its own groups too, in order. */
export function optionsIn(group: OptionGroup): readonly Option[] {
  return Object.values(group).flatMap((entry) => (isOption(entry) ? [entry] : optionsIn(entry)))
}

export function isOption(entry: Option | OptionGroup): entry is Option {
  return typeof entry.read === 'function'
}
