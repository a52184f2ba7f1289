import { eventJson } from '../src/render/event/event-json.ts'

const instant = Date.parse('2019-01-15T00:00:00Z')
const epoch = '5a1f0c37e2b94d68'

/** What the end of an overlay of the site of the examples is told as. The examples end before it. */
export const siteTransition = eventJson(
  {
    seq: 8,
    id: 'evt_01D179VF00KBY83FQHZ40SJV6S',
    type: 'site.transitioned',
    site: 'leeds',
    occurredAt: instant,
    effectiveAt: instant,
    lateByMs: 0,
    revision: { number: 3, digest: 'sha256:bbcba55d8dbaaeb0bf36863a5beb22f4b8e637e643a059c8a68126c8909207cb' },
    counts: { added: 0, removed: 1, changed: 0 },
    changes: [
      {
        op: 'removed',
        pointer: '/requirements/clearswift-exchange-gateway-4.8~1kaspersky-av-updates/endpoints/address:203.0.113.9',
        requirement: 'clearswift-exchange-gateway-4.8/kaspersky-av-updates',
        endpoint: { kind: 'address', value: '203.0.113.9' },
        before: { kind: 'address', value: '203.0.113.9', status: 'retiring', until: '2019-01-15T00:00:00Z' },
        impact: 'closes'
      }
    ],
    truncated: false
  },
  7,
  epoch,
  'https://portolan.example'
)
