import type { ExampleRequest } from './example-requests.ts'

const site = '/v1/sites/leeds'
const leeds = {
  id: 'leeds',
  title: 'Leeds',
  timeZone: 'Europe/London',
  catalogues: [{ id: 'clearswift-exchange-gateway-4.8', without: ['rss-feed'] }],
  bindings: [
    { role: 'administrators', values: ['10.20.4.0/24'] },
    {
      role: 'syslog-server',
      values: [
        { value: '10.20.1.5', until: '2019-03-01' },
        { value: '10.20.9.5', from: '2019-03-01' }
      ]
    }
  ],
  overlays: [
    {
      id: 'case-771',
      action: 'add',
      catalogue: 'clearswift-exchange-gateway-4.8',
      requirement: 'kaspersky-av-updates',
      endpoint: { kind: 'address', value: '203.0.113.9' },
      until: '2019-01-15',
      reason: 'Vendor case 771'
    }
  ]
}
const [administrators, syslog] = leeds.bindings
const put = { operation: 'publishSite', method: 'PUT', url: `${site}/document`, as: 'publisher' } as const
const restore = { operation: 'restoreSiteRevision', method: 'POST', as: 'publisher' } as const
const create = { 'if-none-match': '*' }

/** The life of a site, in this order: it is published, changed and rolled back. */
export const siteRequests: readonly ExampleRequest[] = [
  { ...put, name: 'noPrecondition', summary: 'A publish without a precondition', body: leeds },
  {
    ...put,
    name: 'faulty',
    summary: 'A role that no catalogue has',
    headers: create,
    body: { ...leeds, bindings: [{ role: 'syslog-sever', values: ['010.0.0.1'] }] }
  },
  {
    ...put,
    name: 'dryRun',
    summary: 'What a publish would change',
    url: `${put.url}?dryRun=true`,
    headers: create,
    body: leeds
  },
  { ...put, name: 'created', summary: 'A new site', headers: create, body: leeds, isYaml: true },
  { ...put, name: 'again', summary: 'A retry writes nothing', headers: create, body: leeds },
  {
    ...put,
    name: 'stale',
    summary: 'The site exists',
    headers: create,
    body: { ...leeds, title: 'Leeds, floor 2' }
  },
  {
    ...put,
    name: 'guardRail',
    summary: 'A role that had values has none',
    headers: { 'if-match': '*' },
    body: { ...leeds, bindings: [{ ...administrators, values: [] }, syslog] }
  },
  {
    ...put,
    name: 'changed',
    summary: 'A new revision',
    headers: { 'if-match': '*' },
    body: { ...leeds, bindings: [{ ...administrators, values: ['10.20.4.0/24', '10.20.5.0/24'] }, syslog] }
  },
  {
    ...restore,
    name: 'dryRun',
    summary: 'What a restore would change',
    url: `${site}/revisions/1/restore?reason=Published+by+mistake&dryRun=true`,
    headers: { 'if-match': '*' }
  },
  {
    ...restore,
    name: 'restored',
    summary: 'The document of the first revision again',
    url: `${site}/revisions/1/restore?reason=Published+by+mistake`,
    headers: { 'if-match': '*' }
  },
  {
    ...restore,
    name: 'unknown',
    summary: 'There is no such revision',
    url: `${site}/revisions/9/restore?reason=Published+by+mistake`,
    headers: { 'if-match': '*' }
  },
  { operation: 'listSites', name: 'all', summary: 'All sites', url: '/v1/sites' },
  { operation: 'getSite', name: 'one', summary: 'A site', url: site },
  { operation: 'getSite', name: 'unknown', summary: 'There is no such site', url: '/v1/sites/hull' },
  { operation: 'getSiteDocument', name: 'json', summary: 'The document', url: `${site}/document` },
  {
    operation: 'getSiteDocument',
    name: 'yaml',
    summary: 'The first revision',
    url: `${site}/document?siteAsOf=1&format=yaml`
  },
  {
    operation: 'getSiteDocument',
    name: 'unknown',
    summary: 'There is no such revision',
    url: `${site}/document?siteAsOf=9`
  },
  { operation: 'listSiteFindings', name: 'all', summary: 'What to look at', url: `${site}/findings` },
  { operation: 'listSiteRevisions', name: 'all', summary: 'The history', url: `${site}/revisions` },
  {
    operation: 'getSiteRevision',
    name: 'second',
    summary: 'What the second revision changed',
    url: `${site}/revisions/2`
  },
  {
    operation: 'getSiteDiff',
    name: 'views',
    summary: 'What the clock changes of what it needs',
    url: `${site}/diff?from=2&to=2&fromEffectiveAt=2019-02-28T23:59:59Z&toEffectiveAt=2019-03-01T00:00:00Z`
  },
  { operation: 'getSiteDiff', name: 'documents', summary: 'Two revisions', url: `${site}/diff?from=1&to=2` }
]
