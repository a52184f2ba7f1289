/** One request whose answer becomes an example of an operation. */
export interface ExampleRequest {
  readonly operation: string
  /** The name of the example within its operation and answer. */
  readonly name: string
  readonly summary: string
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** The key that is presented; absent: no key. */
  readonly as?: 'admin' | 'publisher' | 'reader' | 'subscriber' | 'stranger'
  readonly body?: unknown
  /** Whether the body is sent as YAML. */
  readonly isYaml?: boolean
  /** Whether the service is starting or stopping. */
  readonly isUnready?: boolean
  /** The text up to which an endless answer is read. */
  readonly upTo?: string
  /** Which lines of the answer are kept, if the others differ from run to run. */
  readonly lines?: RegExp
}

export const catalogue = '/v1/catalogues/clearswift-exchange-gateway-4.8'

const requests: readonly ExampleRequest[] = [
  {
    operation: 'any',
    name: 'badKey',
    summary: 'A key that is presented must be valid, even where none is needed',
    url: catalogue,
    as: 'stranger'
  },
  {
    operation: 'any',
    name: 'starting',
    summary: 'The service is starting or stopping',
    url: catalogue,
    isUnready: true
  },
  { operation: 'listCatalogues', name: 'all', summary: 'All catalogues', url: '/v1/catalogues' },
  {
    operation: 'listCatalogues',
    name: 'bareDate',
    summary: 'A date is no instant',
    url: '/v1/catalogues?asOf=2018-10-15'
  },
  {
    operation: 'getView',
    name: 'oneRequirement',
    summary: 'One requirement of the newest revision, now',
    url: `${catalogue}?requirement=rss-feed`
  },
  {
    operation: 'getView',
    name: 'unknownParameter',
    summary: 'A misspelt parameter is not ignored',
    url: `${catalogue}?requirment=rss-feed`
  },
  {
    operation: 'getView',
    name: 'noCatalogue',
    summary: 'There is no such catalogue',
    url: '/v1/catalogues/clearswift-exchange-gateway-4.9'
  },
  {
    operation: 'getView',
    name: 'beforeTheFirst',
    summary: 'Nothing had been published then',
    url: `${catalogue}?asOf=2017-01-01T00:00:00Z`
  },
  {
    operation: 'listRequirements',
    name: 'byTag',
    summary: 'The requirements with a tag',
    url: `${catalogue}/requirements?tag=news`
  },
  {
    operation: 'listRequirements',
    name: 'otherCursor',
    summary: 'A cursor that was not made here',
    url: `${catalogue}/requirements?cursor=abc`
  },
  {
    operation: 'getRequirement',
    name: 'now',
    summary: 'The requirement now',
    url: `${catalogue}/requirements/rss-feed`
  },
  {
    operation: 'getRequirement',
    name: 'retiring',
    summary: 'The endpoints of another requirement whose end is announced',
    url: `${catalogue}/requirements/kaspersky-av-updates?status=retiring`
  },
  {
    operation: 'getRequirement',
    name: 'noRequirement',
    summary: 'There is no such requirement',
    url: `${catalogue}/requirements/rss`
  },
  {
    operation: 'listEndpoints',
    name: 'oneRequirement',
    summary: 'The endpoints of one requirement',
    url: `${catalogue}/endpoints?requirement=rss-feed`
  },
  {
    operation: 'listEndpoints',
    name: 'oneRequirement',
    summary: 'The endpoints of one requirement',
    url: `${catalogue}/endpoints?requirement=rss-feed&format=csv`
  },
  {
    operation: 'listEndpoints',
    name: 'oneRequirement',
    summary: 'The endpoints of one requirement',
    url: `${catalogue}/endpoints?requirement=rss-feed&format=ndjson`
  },
  {
    operation: 'listSlices',
    name: 'external',
    summary: 'The slices of the external requirements',
    url: `${catalogue}/slices?scope=external&requirement=rss-feed&requirement=ntp-server`
  },
  {
    operation: 'getExport',
    name: 'plainList',
    summary: 'The addresses of one slice, one on each line',
    url: `${catalogue}/exports/plain-ip?slice=out-tcp-80`
  },
  {
    operation: 'getExport',
    name: 'checksum',
    summary: 'The MD5 of the same bytes',
    url: `${catalogue}/exports/plain-ip.md5?slice=out-tcp-80`
  },
  {
    operation: 'getExport',
    name: 'policyZone',
    summary: 'A response policy zone',
    url: `${catalogue}/exports/rpz?slice=out-tcp-443&requirement=license-key-validation`
  },
  {
    operation: 'getExport',
    name: 'proxyScript',
    summary: 'A script for browsers',
    url: `${catalogue}/exports/pac?slice=out-tcp-443&requirement=license-key-validation`
  },
  {
    operation: 'getExport',
    name: 'dataCenter',
    summary: 'An object for each slice, for Check Point',
    url: `${catalogue}/exports/checkpoint-gdc?requirement=license-key-validation`
  },
  {
    operation: 'getExport',
    name: 'variables',
    summary: 'Variables for Ansible',
    url: `${catalogue}/exports/ansible?requirement=license-key-validation`
  },
  {
    operation: 'getExport',
    name: 'usageDescription',
    summary: 'A Manufacturer Usage Description, RFC 8520',
    url: `${catalogue}/exports/mud?requirement=license-key-validation`
  },
  {
    operation: 'getExport',
    name: 'accessLists',
    summary: 'Access lists, RFC 8519',
    url: `${catalogue}/exports/acl?requirement=license-key-validation`
  },
  {
    operation: 'getExport',
    name: 'table',
    summary: 'A table for spreadsheets',
    url: `${catalogue}/exports/csv?requirement=license-key-validation`
  },
  {
    operation: 'getExport',
    name: 'page',
    summary: 'A table for people',
    url: `${catalogue}/exports/markdown?requirement=license-key-validation`
  },
  {
    operation: 'getExport',
    name: 'rows',
    summary: 'One row on each line',
    url: `${catalogue}/exports/jsonl?requirement=license-key-validation`
  },
  {
    operation: 'getExport',
    name: 'policy',
    summary: 'One file of an export for firewalld: a policy',
    url: `${catalogue}/exports/firewalld?part=out&requirement=license-key-validation`
  },
  {
    operation: 'getExport',
    name: 'sliceRequired',
    summary: 'A list has no ports, and the view has several slices',
    url: `${catalogue}/exports/plain-ip?requirement=dns`
  },
  {
    operation: 'getExport',
    name: 'unknownSlice',
    summary: 'A slice that no revision had',
    url: `${catalogue}/exports/plain-ip?requirement=dns&slice=out-tcp-1`
  },
  {
    operation: 'getExport',
    name: 'budget',
    summary: 'A budget that would open too much',
    url: `${catalogue}/exports/plain-ip?slice=out-tcp-80&aggregate=budget:2`
  },
  {
    operation: 'getExportReport',
    name: 'plainList',
    summary: 'What a list of addresses leaves out of one requirement',
    url: `${catalogue}/exports/plain-ip/report?requirement=service-availability-list`
  },
  { operation: 'listFormats', name: 'all', summary: 'All formats', url: '/v1/formats' },
  { operation: 'listRevisions', name: 'all', summary: 'All revisions', url: `${catalogue}/revisions` },
  {
    operation: 'listRevisions',
    name: 'firstPage',
    summary: 'The first page of many',
    url: `${catalogue}/revisions?limit=1`
  },
  {
    operation: 'getRevision',
    name: 'announcement',
    summary: 'New mirrors, and the end of the old ones',
    url: `${catalogue}/revisions/2`
  },
  {
    operation: 'getRevision',
    name: 'noRevision',
    summary: 'There is no such revision',
    url: `${catalogue}/revisions/3`
  },
  {
    operation: 'getChangePack',
    name: 'between-revisions',
    summary: 'The work of a revision that replaces six addresses',
    url: `${catalogue}/change-pack?from=1&to=2`
  },
  {
    operation: 'getChangePack',
    name: 'as-markdown',
    summary: 'The same for a ticket',
    url: `${catalogue}/change-pack?from=1&to=2&format=markdown`
  },
  {
    operation: 'getChangePack',
    name: 'for-servicenow',
    summary: 'The same as bodies for ServiceNow: one change for each window',
    url: `${catalogue}/change-pack?from=1&to=2&format=servicenow`
  },
  {
    operation: 'getChangePack',
    name: 'for-jira',
    summary: 'The same as a body for Jira: one task for each window',
    url: `${catalogue}/change-pack?from=1&to=2&format=jira`
  },
  {
    operation: 'getChangePack',
    name: 'as-table',
    summary: 'The same as a table',
    url: `${catalogue}/change-pack?from=1&to=2&format=csv`
  },
  {
    operation: 'getChangePack',
    name: 'as-page',
    summary: 'The Markdown as a page',
    url: `${catalogue}/change-pack?from=1&to=2&format=html`
  },
  {
    operation: 'getChangePack',
    name: 'as-calendar',
    summary: 'An entry for each step',
    url: `${catalogue}/change-pack?from=1&to=2&format=ics`
  },
  {
    operation: 'getChangePack',
    name: 'as-probes',
    summary: 'Targets of Prometheus for what is opened',
    url: `${catalogue}/change-pack?from=1&to=2&format=probes`
  },
  {
    operation: 'getChangePack',
    name: 'as-patch',
    summary: 'What differs in a list, for git apply',
    url: `${catalogue}/change-pack?from=1&to=2&format=patch&export=plain-ip&slice=out-tcp-80`
  },
  {
    operation: 'getDiff',
    name: 'midnight',
    summary: 'What the clock changes on 22 November 2018, without a publish',
    url: `${catalogue}/diff?from=2&fromEffectiveAt=2018-11-21T00:00:00Z&to=2&toEffectiveAt=2018-11-22T00:00:00Z`
  },
  {
    operation: 'getDiff',
    name: 'noRevision',
    summary: 'There is no such revision',
    url: `${catalogue}/diff?from=1&to=3`
  },
  {
    operation: 'getTimeline',
    name: 'all',
    summary: 'Two revisions, and what the second announces',
    url: `${catalogue}/timeline`
  },
  {
    operation: 'getReleases',
    name: 'all',
    summary: 'Two revisions, and what the clock has done since',
    url: `${catalogue}/releases.json`
  },
  {
    operation: 'lookUp',
    name: 'address',
    summary: 'An old mirror in two requirements',
    url: '/v1/lookup?value=184.72.245.1'
  },
  { operation: 'lookUp', name: 'nothing', summary: 'A value is needed', url: '/v1/lookup' },
  { operation: 'search', name: 'name', summary: 'What lies under a name', url: '/v1/search?q=clearswift.net&limit=2' },
  {
    operation: 'listEvents',
    name: 'after',
    summary: 'The events after the first one',
    url: '/v1/events?after=1'
  },
  {
    operation: 'streamEvents',
    name: 'after',
    summary: 'The events after the first one, and then new events',
    url: '/v1/events/stream?after=1',
    upTo: '\n\n'
  },
  {
    operation: 'getCatalogueFeed',
    name: 'newest',
    summary: 'What happened to the first catalogue',
    url: `${catalogue}/feed.atom`
  },
  { operation: 'getFeed', name: 'newest', summary: 'What happened to all catalogues', url: '/v1/feed.atom' },
  {
    operation: 'getCatalogueCalendar',
    name: 'announced',
    summary: 'The retirement that the second revision announces',
    url: `${catalogue}/calendar.ics`
  },
  { operation: 'getCalendar', name: 'announced', summary: 'All announced transitions', url: '/v1/calendar.ics' },
  {
    operation: 'confirmClock',
    name: 'steady',
    summary: 'The clock is right',
    method: 'POST',
    url: '/v1/clock/confirm',
    as: 'admin'
  },
  {
    operation: 'confirmClock',
    name: 'reader',
    summary: 'Only an administrator may confirm it',
    method: 'POST',
    url: '/v1/clock/confirm',
    as: 'reader'
  },
  {
    operation: 'getDelta',
    name: 'baseline',
    summary: 'A baseline of one requirement',
    url: '/v1/delta?requirement=rss-feed'
  },
  {
    operation: 'getDelta',
    name: 'firstPage',
    summary: 'The first page of a baseline',
    url: '/v1/delta?requirement=rss-feed&limit=1'
  },
  {
    operation: 'getDelta',
    name: 'baseline',
    summary: 'The same baseline as NDJSON',
    url: '/v1/delta?requirement=rss-feed',
    headers: { accept: 'application/x-ndjson' }
  },
  {
    operation: 'getDelta',
    name: 'otherStore',
    summary: 'A cursor of a store that was replaced',
    url: '/v1/delta?cursor=WzEsIjBjYTBmNTM3IiwiMTExNTMwYTRiZWQ3IixbMiwwXSwwLDBd'
  },
  {
    operation: 'getDigest',
    name: 'twoBuckets',
    summary: 'The endpoints in two buckets',
    url: '/v1/digest?type=endpoint&buckets=2'
  },
  {
    operation: 'getSnapshot',
    name: 'flat',
    summary: 'The endpoints of one requirement',
    url: '/v1/snapshot/endpoints?requirement=rss-feed'
  },
  {
    operation: 'getSnapshot',
    name: 'netbox',
    summary: 'The same requirement for NetBox',
    url: '/v1/snapshot/requirements,endpoints?requirement=rss-feed&shape=netbox'
  },
  { operation: 'getMe', name: 'publisher', summary: 'The key of a publisher', url: '/v1/me', as: 'publisher' },
  { operation: 'getMe', name: 'noKey', summary: 'The request has no key', url: '/v1/me' },
  {
    operation: 'getProblemType',
    name: 'known',
    summary: 'A code',
    url: '/problems/time_out_of_range'
  },
  { operation: 'getProblemType', name: 'unknown', summary: 'There is no such code', url: '/problems/teapot' },
  { operation: 'getLiveness', name: 'live', summary: 'The process runs', url: '/health/live' },
  { operation: 'getReadiness', name: 'ready', summary: 'The service is ready', url: '/health/ready' },
  {
    operation: 'getReadiness',
    name: 'starting',
    summary: 'The service is starting or stopping',
    url: '/health/ready',
    isUnready: true
  },
  {
    operation: 'getMetrics',
    name: 'some',
    summary: 'Some of the metrics',
    url: '/metrics',
    lines: /portolan_(catalogues|log_seq|events_written)/
  }
]

const shapes = '/shapes/m365/clearswift-exchange-gateway-4.8'
const client = 'clientrequestid=b10c5ed1-bad1-445f-b386-b919946339a7'

/** What scripts read that were written for other services. */
const shapeRequests: readonly ExampleRequest[] = [
  {
    operation: 'getAwsIpRanges',
    name: 'oneRequirement',
    summary: 'The addresses of one requirement',
    url: '/shapes/aws/clearswift-exchange-gateway-4.8/ip-ranges.json?requirement=service-availability-list'
  },
  {
    operation: 'getAwsIpRanges',
    name: 'noCatalogue',
    summary: 'There is no such catalogue',
    url: '/shapes/aws/clearswift/ip-ranges.json'
  },
  {
    operation: 'listOfficeVersions',
    name: 'newest',
    summary: 'The newest version',
    url: `${shapes}/version?${client}`
  },
  {
    operation: 'listOfficeVersions',
    name: 'listAsCsv',
    summary: 'The newest version as CSV',
    url: `${shapes}/version?${client}&Format=CSV`
  },
  {
    operation: 'listOfficeVersions',
    name: 'listAsRss',
    summary: 'The newest version as RSS',
    url: `${shapes}/version?${client}&Format=RSS`
  },
  {
    operation: 'listOfficeVersions',
    name: 'noClient',
    summary: 'The GUID of the script is missing',
    url: `${shapes}/version`
  },
  {
    operation: 'getOfficeVersion',
    name: 'allVersions',
    summary: 'All versions of an instance',
    url: `${shapes}/version/Worldwide?${client}&AllVersions=true`
  },
  {
    operation: 'getOfficeVersion',
    name: 'csv',
    summary: 'The newest version as CSV',
    url: `${shapes}/version/Worldwide?${client}&Format=CSV`
  },
  {
    operation: 'getOfficeVersion',
    name: 'rss',
    summary: 'All versions as RSS',
    url: `${shapes}/version/Worldwide?${client}&AllVersions=true&Format=RSS`
  },
  {
    operation: 'getOfficeEndpoints',
    name: 'someSets',
    summary: 'The sets of two requirements',
    url: `${shapes}/endpoints/Worldwide?${client}&requirement=rss-feed&requirement=service-availability-list`
  },
  {
    operation: 'getOfficeEndpoints',
    name: 'csv',
    summary: 'One set as CSV',
    url: `${shapes}/endpoints/Worldwide?${client}&requirement=rss-feed&Format=CSV`
  },
  {
    operation: 'getOfficeEndpoints',
    name: 'otherInstance',
    summary: 'The catalogue is another instance',
    url: `${shapes}/endpoints/China?${client}`
  },
  {
    operation: 'getOfficeChanges',
    name: 'all',
    summary: 'All changes of one set',
    url: `${shapes}/changes/Worldwide/0000000000?${client}&requirement=service-availability-list`
  },
  {
    operation: 'getOfficeChanges',
    name: 'shortVersion',
    summary: 'A version has ten digits',
    url: `${shapes}/changes/Worldwide/2018?${client}`
  }
]

/** The exports of one requirement, whose only slice is named in the path. */
const exportsAtPaths = requests.flatMap((each) => {
  const [path = '', parameters = ''] = each.url.split('?')
  const query = new URLSearchParams(parameters)
  if (each.operation !== 'getExport' || query.get('requirement') !== 'license-key-validation') return []
  query.delete('slice')
  return [
    { ...each, operation: 'getExportOfSlice', name: `${each.name}AtPath`, url: `${path}/out-tcp-443.txt?${query}` }
  ]
})

/** Requests to the catalogues of the repository on 1 November 2018. Their answers are small and complete. */
export const readRequests: readonly ExampleRequest[] = [
  ...requests,
  {
    operation: 'getExportOfSlice',
    name: 'plainListAtPath',
    summary: 'The addresses of one slice, one on each line',
    url: `${catalogue}/exports/plain-ip/out-tcp-80.txt`
  },
  ...exportsAtPaths,
  ...shapeRequests
]

/** The documents of a publisher: the two editions, with the few requirements that an example has room for. */
export interface Manuscripts {
  readonly first: object
  readonly second: object
  readonly faulty: object
}

/** Requests to an empty store, in this order. `etag` is replaced by the ETag of the newest document. */
export function writeRequests({ first, second, faulty }: Manuscripts): readonly ExampleRequest[] {
  const document = `${catalogue}/document`
  const put = { operation: 'publishDocument', method: 'PUT', url: document, as: 'publisher' } as const
  const restore = {
    operation: 'restoreRevision',
    method: 'POST',
    as: 'publisher',
    headers: { 'if-match': 'etag' }
  } as const
  const restoreUrl = `${catalogue}/revisions/1/restore?reason=Published+by+mistake`
  return [
    { ...put, name: 'create', summary: 'A new catalogue', headers: { 'if-none-match': '*' }, body: first },
    {
      ...put,
      name: 'dryRun',
      summary: 'What a publish would change',
      url: `${document}?dryRun=true`,
      headers: { 'if-match': 'etag' },
      body: second,
      isYaml: true
    },
    { ...put, name: 'noPrecondition', summary: 'The request has no precondition', body: second },
    { ...put, name: 'publish', summary: 'A new revision', headers: { 'if-match': 'etag' }, body: second },
    {
      ...put,
      name: 'stale',
      summary: 'Somebody else published meanwhile',
      headers: { 'if-match': '"1-stale"' },
      body: { ...first, title: 'Ports and Protocols' }
    },
    {
      ...put,
      name: 'faulty',
      summary: 'Every fault at once',
      headers: { 'if-match': 'etag' },
      body: faulty
    },
    {
      ...put,
      name: 'guardRail',
      summary: 'An endpoint would vanish without having been announced as retiring',
      headers: { 'if-match': 'etag' },
      body: first
    },
    { ...put, name: 'reader', summary: 'The key may only read', as: 'reader', body: first },
    { operation: 'getDocument', name: 'newest', summary: 'The newest document', url: document },
    {
      operation: 'getDocument',
      name: 'newest',
      summary: 'The newest document',
      url: document,
      headers: { accept: 'application/yaml' }
    },
    {
      operation: 'audit',
      name: 'firewall',
      summary: 'What a firewall lets through today',
      method: 'POST',
      url: `${catalogue}/audit`,
      body: { entries: ['www.clearswift.com', { value: '185.181.126.115', port: 'tcp/80' }, '192.0.2.10'] }
    },
    {
      operation: 'audit',
      name: 'noAddress',
      summary: 'An entry that cannot be read',
      method: 'POST',
      url: `${catalogue}/audit`,
      body: { entries: ['185.181.126', 'https://www.clearswift.com/path', '185.181.126.115:80'] }
    },
    {
      operation: 'auditAll',
      name: 'firewall',
      summary: 'What a firewall lets through today, for whatever catalogue',
      method: 'POST',
      url: '/v1/audit',
      body: { entries: ['www.clearswift.com', '185.181.126.0-185.181.126.255', 'tcp/443'] }
    },
    {
      ...restore,
      name: 'dryRun',
      summary: 'What the rollback would change',
      url: `${restoreUrl}&override=unannounced_removal&dryRun=true`
    },
    { ...restore, name: 'guardRail', summary: 'The guard rails are those of publishing', url: restoreUrl },
    {
      ...restore,
      name: 'restored',
      summary: 'Rolled back, with an override',
      url: `${restoreUrl}&override=unannounced_removal`
    }
  ]
}
