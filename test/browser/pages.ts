import { readFileSync } from 'node:fs'
import { repository } from '../support/repository.ts'

/** A page as the browser run looks at it. */
export interface BrowsedPage {
  /** Its path and query, on the service with the first catalogue, on 1 November 2018. */
  readonly url: string
  /** The status that it is answered with. Default: 200. */
  readonly status?: number
  /** What is written into the fields of its form, which is then sent: the answer is what is looked at. */
  readonly form?: Readonly<Record<string, string>>
  /** It is of a service that reads need a key for: it is asked for, or was given to the form that asks. Default: of one that needs none. */
  readonly key?: 'asked' | 'given'
  /** The name of the file in `trees/` with what it says to who does not see it. */
  readonly tree?: string
}

const id = 'clearswift-exchange-gateway-4.8'
const first = `/c/${id}`
const draft = readFileSync(`${repository}/catalogues/${id}/2-2.3.yaml`, 'utf8')
const rules = [
  '185.155.104.24',
  '54.254.98.96 tcp/80',
  '198.51.100.1',
  `https://example.com/${'a'.repeat(300)}`,
  'no rule'
]

/** The one list: every page stands here, in each state that looks different. */
export const browsedPages: readonly BrowsedPage[] = [
  { url: '/', tree: 'list' },
  { url: '/?effectiveAt=2018-12-01T00:00:00Z' },
  { url: first, tree: 'paper' },
  { url: `${first}?asOf=1&effectiveAt=2018-09-15T00:00:00Z` },
  { url: `${first}?scope=internal` },
  { url: `${first}/timeline`, tree: 'timeline' },
  { url: `${first}/timeline?asOf=1&effectiveAt=2018-09-15T00:00:00Z` },
  { url: `${first}/diff`, tree: 'diff' },
  { url: `${first}/diff?from=2&fromEffectiveAt=2018-11-21T23:59:59Z&to=2&toEffectiveAt=2018-11-22T00:00:00Z` },
  { url: `${first}/diff?from=2&to=2` },
  { url: `${first}/exports` },
  { url: `${first}/exports?device=fortios&slice=out-tcp-80`, tree: 'exports' },
  { url: `${first}/exports?format=edl-ip` },
  { url: `${first}/todo`, tree: 'todo' },
  { url: `${first}/todo?since=label:2.3` },
  { url: '/search?q=sophos', tree: 'search' },
  { url: '/search?q=kasperski' },
  { url: '/audit' },
  { url: '/audit', tree: 'audit', form: { entries: rules.join('\n') } },
  { url: '/preview' },
  { url: '/preview', form: { document: draft.replaceAll('www.clearswift.com', 'www2.clearswift.com') } },
  { url: '/preview', form: { document: draft.replace('direction: outbound', 'direction: out') } },
  { url: '/lookup' },
  { url: '/lookup?value=184.72.245.1', tree: 'lookup' },
  { url: '/lookup?value=tcp/443&effectiveAt=2018-12-01T00:00:00Z' },
  { url: '/lookup?value=clearswift.net' },
  { url: '/lookup?value=1.2.3.400', status: 400 },
  { url: '/help' },
  { url: '/help/exports' },
  { url: '/help/webhooks' },
  { url: '/problems/invalid_document' },
  { url: '/c/clearswift-exchange-gateway-4', status: 404 },
  { url: `${first}?effectiveAt=tomorrow`, status: 400, tree: 'problem' },
  { url: '/subscriptions', status: 401, key: 'asked', tree: 'sign-in' },
  { url: '/subscriptions', key: 'given', tree: 'subscriptions' },
  { url: '/subscriptions/{subscription}', key: 'given', tree: 'subscription' }
]
