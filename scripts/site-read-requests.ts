import { catalogue, type ExampleRequest, readRequests } from './example-requests.ts'

const site = '/v1/sites/leeds'

/** The reads of a site, by the same reads of a catalogue. */
const operations: Readonly<Record<string, string>> = {
  getView: 'getSiteView',
  listEndpoints: 'listSiteEndpoints',
  listSlices: 'listSiteSlices',
  getExport: 'getSiteExport',
  getExportOfSlice: 'getSiteExportOfSlice',
  getExportReport: 'getSiteExportReport',
  getTimeline: 'getSiteTimeline',
  getCatalogueCalendar: 'getSiteCalendar',
  getCatalogueFeed: 'getSiteFeed'
}

/** Requests to a site that takes the first catalogue, with what is asked of that catalogue too. */
export const siteReadRequests: readonly ExampleRequest[] = [
  {
    operation: 'getSiteView',
    name: 'syslog',
    summary: 'A requirement with the addresses that play its role',
    url: `${site}/view?requirement=syslog`
  },
  {
    operation: 'getSiteView',
    name: 'unknownRevision',
    summary: 'The site has no such revision',
    url: `${site}/view?siteAsOf=7`
  },
  {
    operation: 'listSiteEndpoints',
    name: 'syslog',
    summary: 'The rows of a requirement with the addresses that play its role',
    url: `${site}/endpoints?requirement=syslog&format=csv`
  },
  {
    operation: 'auditSite',
    name: 'firewall',
    summary: 'What a firewall of the site lets through today',
    method: 'POST',
    url: `${site}/audit?requirement=syslog`,
    body: { entries: ['10.20.1.5', '192.0.2.10'] }
  },
  {
    operation: 'getSiteChangePack',
    name: 'nothing',
    summary: 'From a revision to itself there is nothing to do',
    url: `${site}/change-pack?from=1&to=1`
  },
  {
    operation: 'getSiteChangePack',
    name: 'as-markdown',
    summary: 'The same for a ticket',
    url: `${site}/change-pack?from=1&to=1&format=markdown`
  },
  {
    operation: 'getSiteChangePack',
    name: 'as-page',
    summary: 'The Markdown as a page',
    url: `${site}/change-pack?from=1&to=1&format=html`
  },
  {
    operation: 'getSiteChangePack',
    name: 'as-table',
    summary: 'The same as a table',
    url: `${site}/change-pack?from=1&to=1&format=csv`
  },
  {
    operation: 'getSiteChangePack',
    name: 'as-calendar',
    summary: 'An entry for each step',
    url: `${site}/change-pack?from=1&to=1&format=ics`
  },
  ...readRequests.flatMap((each) => {
    const operation = operations[each.operation]
    const rest = each.url.startsWith(catalogue) ? each.url.slice(catalogue.length) : undefined
    if (operation === undefined || rest === undefined || /[?&]asOf=/.test(rest)) return []
    return [{ ...each, operation, url: `${site}${rest.replace(/^\?/, '/view?')}` }]
  })
]
