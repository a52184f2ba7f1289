import type { AdapterName } from '../../../../../src/domain/feed/adapters.ts'

/** A small list of each provider, in its documented shape. */
export const fixtures = {
  aws: {
    syncToken: '1787400000',
    createDate: '2026-08-22-12-00-00',
    prefixes: [
      { ip_prefix: '198.51.100.0/24', region: 'eu-west-1', service: 'AMAZON', network_border_group: 'eu-west-1' },
      { ip_prefix: '198.51.100.0/24', region: 'eu-west-1', service: 'S3', network_border_group: 'eu-west-1' },
      { ip_prefix: '192.0.2.7/32', region: 'us-west-2', service: 'EC2', network_border_group: 'us-west-2-lax-1' },
      { ip_prefix: '203.0.113.0/25', region: 'us-west-2', service: 'EC2', network_border_group: 'us-west-2' },
      { ip_prefix: '203.0.113.128/25', region: 'GLOBAL', service: 'CLOUDFRONT', network_border_group: 'GLOBAL' }
    ],
    ipv6_prefixes: [
      { ipv6_prefix: '2001:db8::/32', region: 'eu-west-1', service: 'S3', network_border_group: 'eu-west-1' },
      { ipv6_prefix: '2001:db8:1::1/128', region: 'us-west-2', service: 'EC2', network_border_group: 'us-west-2' }
    ]
  },
  m365: [
    {
      id: 9,
      serviceArea: 'Exchange',
      serviceAreaDisplayName: 'Exchange Online',
      urls: ['*.mail.example.com', 'autodiscover.*.example.com', '*-files.example.com'],
      ips: ['198.51.100.0/24', '192.0.2.7/32', '2001:db8::/48'],
      tcpPorts: '443,80',
      udpPorts: '3478-3481',
      expressRoute: true,
      category: 'Allow',
      required: true,
      notes: ''
    },
    {
      id: 11,
      serviceArea: 'Skype',
      serviceAreaDisplayName: 'Skype for Business Online',
      ips: ['203.0.113.0/24'],
      udpPorts: '3478,3479',
      expressRoute: false,
      category: 'Optimize',
      required: true
    },
    {
      id: 78,
      serviceArea: 'Common',
      serviceAreaDisplayName: 'Microsoft 365 Common',
      urls: ['<tenant>.files.example.com', 'www.example.com:443', '*.mail.example.com'],
      tcpPorts: '443',
      expressRoute: false,
      category: 'Default',
      required: false,
      notes: 'Some features need it.'
    }
  ],
  azure: {
    changeNumber: 370,
    cloud: 'Public',
    values: [
      {
        name: 'ActionGroup',
        id: 'ActionGroup',
        properties: {
          changeNumber: 51,
          region: '',
          regionId: 0,
          platform: 'Azure',
          systemService: 'ActionGroup',
          addressPrefixes: ['198.51.100.0/30', '192.0.2.7/32', '2001:db8::1/128'],
          networkFeatures: ['API', 'NSG', 'UDR', 'FW']
        }
      },
      {
        name: 'Sql.WestEurope',
        id: 'Sql.WestEurope',
        properties: {
          changeNumber: 22,
          region: 'westeurope',
          regionId: 18,
          platform: 'Azure',
          systemService: 'AzureSQL',
          addressPrefixes: ['203.0.113.0/24'],
          networkFeatures: null
        }
      }
    ]
  },
  gcp: {
    syncToken: '1753384588780',
    creationTime: '2025-07-24T12:16:28.780563',
    prefixes: [
      { ipv4Prefix: '198.51.100.0/24', service: 'Google Cloud', scope: 'africa-south1' },
      { ipv6Prefix: '2001:db8::/44', service: 'Google Cloud', scope: 'africa-south1' },
      { ipv4Prefix: '203.0.113.0/24', service: 'Google Cloud', scope: 'global' }
    ]
  },
  github: {
    verifiable_password_authentication: false,
    ssh_key_fingerprints: { SHA256_RSA: 'abc' },
    hooks: ['198.51.100.0/24', '2001:db8::/32'],
    web: ['198.51.100.0/24'],
    api: ['198.51.100.0/24', '192.0.2.7/32'],
    git: ['203.0.113.0/24'],
    actions: ['203.0.113.0/24'],
    domains: {
      website: ['*.example.com', 'www.example.net'],
      actions_inbound: { full_domains: ['api.example.com'], wildcard_domains: ['*.example.org'] },
      artifact_attestations: { trust_domain: '', services: ['*.actions.example.com'] }
    }
  },
  oracle: {
    last_updated_timestamp: '2026-02-03T16:19:01.779889',
    regions: [
      {
        region: 'eu-madrid-3',
        cidrs: [
          { cidr: '198.51.100.0/24', tags: ['OCI'] },
          { cidr: '203.0.113.0/25', tags: ['OSN', 'OBJECT_STORAGE'] }
        ]
      },
      { region: 'af-casablanca-1', cidrs: [{ cidr: '203.0.113.128/25', tags: ['OSN'] }] }
    ]
  },
  cloudflare: {
    result: { ipv4_cidrs: ['198.51.100.0/24', '203.0.113.0/24'], ipv6_cidrs: ['2001:db8::/32'], etag: 'abc' },
    success: true,
    errors: [],
    messages: []
  },
  fastly: { addresses: ['198.51.100.0/24', '203.0.113.0/24'], ipv6_addresses: ['2001:db8::/32'] },
  atlassian: {
    syncToken: 1787400000,
    creationDate: '2026-08-22T12:00:00.000000',
    items: [
      {
        network: '198.51.100.0',
        mask_len: 24,
        cidr: '198.51.100.0/24',
        mask: '255.255.255.0',
        region: ['eu-west-1', 'global'],
        product: ['jira', 'confluence'],
        direction: ['egress', 'ingress'],
        perimeter: 'commercial'
      },
      {
        network: '203.0.113.7',
        mask_len: 32,
        cidr: '203.0.113.7/32',
        mask: '255.255.255.255',
        region: ['us-east-1'],
        product: ['jira'],
        direction: ['egress'],
        perimeter: 'commercial'
      }
    ]
  },
  zscaler: {
    'zscaler.net': {
      'continent : EMEA': {
        'city : Amsterdam II': [
          {
            range: '198.51.100.0/24',
            vpn: 'ams2-vpn.example.net',
            gre: '198.51.100.12',
            hostname: 'ams2.sme.example.net',
            latitude: '52',
            longitude: '5'
          },
          { range: '198.51.100.0/24', vpn: '', gre: '198.51.100.13', hostname: '', latitude: '52', longitude: '5' }
        ],
        'city : Paris': [{ range: '203.0.113.0/24', vpn: '', gre: '', hostname: '', latitude: '48', longitude: '2' }]
      }
    },
    svpnIPs: ['192.0.2.7', '192.0.2.7', '2001:db8::30']
  }
} as const satisfies Partial<Record<AdapterName, unknown>>

export type FixtureName = keyof typeof fixtures
// The keys are those of the value above.
export const fixtureNames = Object.keys(fixtures) as readonly FixtureName[]
