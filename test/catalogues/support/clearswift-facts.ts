/** One row of the vendor's tables. */
export interface Row {
  readonly key: string
  readonly scope: string
  readonly direction: string
  readonly necessity: string
  readonly inferred: readonly string[]
  /** `transport ports application`; a hyphen where the source names no application. */
  readonly services: readonly string[]
  readonly hosts?: readonly string[]
  /** `address > host that it serves`. Those of the antivirus mirrors stand apart. */
  readonly addresses?: readonly string[]
  /** `name > URL` */
  readonly feeds?: readonly string[]
  readonly roles?: readonly string[]
  readonly proxy?: Readonly<Record<string, string>>
}

const plainHttp = { httpProxy: 'allowed', tlsInspection: 'not-applicable' }

/**
 * The vendor's "Ports and Protocols" for the SECURE Exchange Gateway 4.8, issue 2.3, transcribed for a second time: straight
 * from the source, never from the YAML, so that a slip of one transcription is not in the other as well. A new edition is entered
 * here from the source too.
 */
export const facts = {
  profile: {
    id: 'clearswift-exchange-gateway-4.8',
    vendor: 'Clearswift',
    product: 'SECURE Exchange Gateway',
    version: '4.8',
    aliases: ['SECURE Email Gateway Version 4'],
    timeZone: 'UTC'
  },
  guidance: [
    { key: 'unrestricted-outbound', topic: 'firewall' },
    { key: 'entries-may-change', topic: 'changes' },
    { key: 'prefer-hostnames', topic: 'firewall' },
    { key: 'dns-resolvers', topic: 'dns' },
    { key: 'proxy-restrictions', topic: 'proxy' }
  ],
  editions: {
    before: { label: 'pre-2.3', reconstructed: true, publishedAt: '2018-09-01T00:00:00Z' },
    issue: { label: '2.3', date: '2018-10', publishedAt: '2018-10-01T00:00:00Z' }
  },
  mirrors: {
    old: ['184.72.245.1', '79.125.8.252', '175.41.136.7', '174.129.26.118', '176.34.251.142', '54.254.98.96'],
    new: ['185.155.104.24', '70.33.161.213', '185.155.104.25', '70.33.161.214'],
    from: '2018-10-01T00:00:00Z',
    until: '2018-11-22T00:00:00Z',
    /** The rows that they stand in. */
    rows: ['kaspersky-av-updates', 'sophos-av-updates']
  },
  requirements: [
    {
      key: 'dns',
      scope: 'external',
      direction: 'both',
      necessity: 'required',
      inferred: ['necessity', 'application'],
      services: ['udp 53 dns', 'tcp 53 dns']
    },
    {
      key: 'appliance-online-help',
      scope: 'external',
      direction: 'outbound',
      necessity: 'required',
      inferred: ['necessity', 'application', 'proxy'],
      services: ['tcp 80 http'],
      hosts: ['apphelp.clearswift.com'],
      addresses: ['79.125.18.99 > apphelp.clearswift.com'],
      proxy: plainHttp
    },
    {
      key: 'product-os-updates',
      scope: 'external',
      direction: 'outbound',
      necessity: 'required',
      inferred: ['necessity', 'application', 'proxy'],
      services: ['tcp 80 http'],
      hosts: ['repo.clearswift.net', 'rh.repo.clearswift.net'],
      addresses: [
        '46.51.174.180 > repo.clearswift.net',
        '176.34.178.169 > rh.repo.clearswift.net',
        '54.216.128.43 > rh.repo.clearswift.net'
      ],
      proxy: plainHttp
    },
    {
      key: 'kaspersky-av-updates',
      scope: 'external',
      direction: 'outbound',
      necessity: 'conditional',
      inferred: ['necessity', 'condition', 'application', 'proxy'],
      services: ['tcp 80 http'],
      hosts: [
        'kav-update-8-1.clearswift.net',
        'kav-update-8-2.clearswift.net',
        'kav-update-8-3.clearswift.net',
        'kav-update-8-4.clearswift.net'
      ],
      proxy: plainHttp
    },
    {
      key: 'sophos-av-updates',
      scope: 'external',
      direction: 'outbound',
      necessity: 'conditional',
      inferred: ['necessity', 'condition', 'application', 'proxy'],
      services: ['tcp 80 http'],
      hosts: [
        'sav-update-1.clearswift.net',
        'sav-update-2.clearswift.net',
        'sav-update-3.clearswift.net',
        'sav-update-4.clearswift.net'
      ],
      proxy: plainHttp
    },
    {
      key: 'rss-feed',
      scope: 'external',
      direction: 'outbound',
      necessity: 'required',
      inferred: ['necessity', 'application', 'proxy'],
      services: ['tcp 80 http'],
      hosts: ['www.clearswift.com'],
      addresses: ['185.181.126.115 > www.clearswift.com'],
      proxy: plainHttp
    },
    {
      key: 'service-availability-list',
      scope: 'external',
      direction: 'outbound',
      necessity: 'required',
      inferred: ['necessity', 'application', 'proxy'],
      services: ['tcp 80 http'],
      hosts: ['services1.clearswift.net', 'services2.clearswift.net', 'services3.clearswift.net'],
      feeds: ['aws-ip-ranges > https://ip-ranges.amazonaws.com/ip-ranges.json'],
      proxy: plainHttp
    },
    {
      key: 'ntp-server',
      scope: 'external',
      direction: 'outbound',
      necessity: 'required',
      inferred: ['necessity', 'direction', 'application'],
      services: ['udp 123 ntp'],
      hosts: ['time.clearswift.net']
    },
    {
      key: 'kaspersky-ksn-lookup',
      scope: 'external',
      direction: 'outbound',
      necessity: 'conditional',
      inferred: ['necessity', 'condition'],
      services: ['tcp 443 -'],
      proxy: { tlsInspection: 'forbidden' }
    },
    {
      key: 'license-key-validation',
      scope: 'external',
      direction: 'outbound',
      necessity: 'required',
      inferred: ['necessity', 'application'],
      services: ['tcp 443 https'],
      hosts: ['applianceupdate.clearswift.com'],
      addresses: [
        '86.188.240.24 > applianceupdate.clearswift.com',
        '213.106.99.208 > applianceupdate.clearswift.com',
        '46.236.38.70 > applianceupdate.clearswift.com'
      ],
      proxy: { httpProxy: 'allowed', tlsInspection: 'with-client-certificate' }
    },
    {
      key: 'backup-restore',
      scope: 'internal',
      direction: 'outbound',
      necessity: 'conditional',
      inferred: ['necessity', 'condition', 'direction'],
      services: ['tcp 21 ftp', 'tcp 21,990 ftps', 'tcp 22 sftp'],
      roles: ['backup-server']
    },
    {
      key: 'secure-console',
      scope: 'internal',
      direction: 'inbound',
      necessity: 'required',
      inferred: ['necessity', 'direction'],
      services: ['tcp 22 ssh'],
      roles: ['administrators']
    },
    {
      key: 'management-ui',
      scope: 'internal',
      direction: 'both',
      necessity: 'required',
      inferred: ['necessity', 'direction'],
      services: ['tcp 443 -'],
      roles: ['administrators', 'peer-gateways']
    },
    {
      key: 'pmm-ui',
      scope: 'internal',
      direction: 'inbound',
      necessity: 'conditional',
      inferred: ['necessity', 'condition', 'direction'],
      services: ['tcp 80 -'],
      roles: ['pmm-users']
    },
    {
      key: 'pmm-directory-auth-tcp',
      scope: 'internal',
      direction: 'outbound',
      necessity: 'conditional',
      inferred: ['necessity', 'condition', 'direction'],
      services: ['tcp 135,139,445 -'],
      roles: ['directory-servers']
    },
    {
      key: 'pmm-directory-auth-udp',
      scope: 'internal',
      direction: 'outbound',
      necessity: 'conditional',
      inferred: ['necessity', 'condition', 'direction'],
      services: ['udp 137 -'],
      roles: ['directory-servers']
    },
    {
      key: 'directory-access',
      scope: 'internal',
      direction: 'outbound',
      necessity: 'required',
      inferred: ['necessity', 'direction'],
      services: ['tcp 389 ldap', 'tcp 3268 -', 'tcp 3269 -', 'tcp 636 ldaps'],
      roles: ['directory-servers']
    },
    {
      key: 'snmp-alerts',
      scope: 'internal',
      direction: 'outbound',
      necessity: 'conditional',
      inferred: ['necessity', 'condition', 'direction', 'application'],
      services: ['udp 162 snmp'],
      roles: ['snmp-manager']
    },
    {
      key: 'lexical-data',
      scope: 'internal',
      direction: 'outbound',
      necessity: 'required',
      inferred: ['necessity', 'direction'],
      services: ['tcp 443 https', 'tcp 22 sftp', 'tcp 990 ftps'],
      roles: ['lexical-data-server']
    },
    {
      key: 'syslog',
      scope: 'internal',
      direction: 'outbound',
      necessity: 'required',
      inferred: ['necessity', 'direction', 'application'],
      services: ['tcp 514 syslog'],
      roles: ['syslog-server']
    }
  ] as readonly Row[]
}

export type Facts = typeof facts
