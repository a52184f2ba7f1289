import type { ExampleRequest } from './example-requests.ts'

const one = '/v1/feeds/feed.example-mirrors'
const as = 'admin'

/** The life of a feed, in this order: its list is published, most of it vanishes, a person accepts that, and its source fails. */
export const feedRequests: readonly ExampleRequest[] = [
  { operation: 'getPolledFeed', name: 'new', summary: 'The list was not fetched yet', url: one },
  {
    operation: 'fetchFeed',
    name: 'published',
    summary: 'The list is fetched for the first time, and published',
    method: 'POST',
    url: `${one}/fetch`,
    as
  },
  {
    operation: 'fetchFeed',
    name: 'held',
    summary: 'Most of the list has vanished: a guard rail holds the change',
    method: 'POST',
    url: `${one}/fetch`,
    as
  },
  { operation: 'listFeeds', name: 'held', summary: 'All feeds: one has a change that is held', url: '/v1/feeds' },
  { operation: 'getPolledFeed', name: 'held', summary: 'A guard rail refused the newest content', url: one },
  {
    operation: 'getHeldChange',
    name: 'removal',
    summary: 'What the guard rail found, and the change',
    url: `${one}/held`
  },
  {
    operation: 'acceptHeldChange',
    name: 'noReason',
    summary: 'A reason is needed',
    method: 'POST',
    url: `${one}/held/accept`,
    as
  },
  {
    operation: 'acceptHeldChange',
    name: 'accepted',
    summary: 'It is right, and published as it was shown',
    method: 'POST',
    url: `${one}/held/accept?reason=The%20vendor%20gave%20a%20data%20centre%20up`,
    as
  },
  { operation: 'getHeldChange', name: 'nothing', summary: 'Nothing is held any more', url: `${one}/held` },
  {
    operation: 'fetchFeed',
    name: 'failed',
    summary: 'The source is out of order: the newest revision stays',
    method: 'POST',
    url: `${one}/fetch`,
    as
  }
]
