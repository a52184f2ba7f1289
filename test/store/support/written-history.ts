import { randomBytes } from 'node:crypto'
import { makeCatalogues } from '../../../src/catalogue/catalogues.ts'
import { recordTransitions } from '../../../src/catalogue/event/transitions.ts'
import { publishDocument } from '../../../src/catalogue/publishing/publish.ts'
import { signingKeyOf } from '../../../src/catalogue/webhook/signing.ts'
import { eventId } from '../../../src/domain/event/ulid.ts'
import { guardRails } from '../../../src/domain/history/revision.ts'
import type { SealingKey } from '../../../src/domain/sealing.ts'
import { openStore } from '../../../src/store/open.ts'
import { addresses, documentInput, requirementInput } from '../../support/document.ts'
import { siteOf, sitePublicationOf } from './sites.ts'

const start = Date.parse('2026-01-01T00:00:00Z')
const day = 86_400_000

/** Endpoints of every kind that has fields of its own, some of which come and go with the revision. */
function endpoints(turn: number, width: number): readonly object[] {
  return [
    ...addresses(width, turn),
    { kind: 'host', value: `mirror-${turn % 3}.example.net`, remarks: `Mirror "${turn}" in Zürich`, tags: ['eu'] },
    { kind: 'host', value: 'old.example.net', until: '2026-01-20', replacedBy: ['new.example.net'] },
    { kind: 'host', value: 'new.example.net', from: '2026-01-10', remarks: 'the new one' },
    { kind: 'role', value: 'syslog-server', title: 'Syslog server' },
    { kind: 'feed', value: 'a-list', url: 'https://feeds.example.net/list.json' },
    { kind: 'address', value: '2a00:1450:4001::/48' }
  ]
}

function inputOf(catalogue: string, turn: number, width: number): object {
  return documentInput({
    id: catalogue,
    title: `Product, edition ${turn >> 1}`,
    edition: { label: `1.${turn}`, summary: `Edition ${turn}`, ...(turn % 2 === 1 && { reason: 'It was asked for' }) },
    requirements: [
      requirementInput({ endpoints: endpoints(turn, width) }),
      requirementInput({ key: `extra-${turn % 2}`, endpoints: [{ kind: 'any' }], remarks: `Turn ${turn}` }),
      requirementInput({ key: 'time', title: 'Time', services: [{ transport: 'udp', ports: [123] }] }),
      // So many that the order is kept as its difference from the one before.
      ...['dns', 'mail', 'ssh'].map((key) =>
        requirementInput({ key, endpoints: [{ kind: 'role', value: key, title: key }] })
      )
    ]
  })
}

/** Fills a store as the service does: catalogues with some revisions, what the clock brought, and a key that signs. */
export async function writeHistory(
  url: string,
  {
    catalogues: names = ['gateway', 'relay'],
    revisions = 4,
    width = 6,
    keys = []
  }: {
    readonly catalogues?: readonly string[]
    readonly revisions?: number
    /** How many addresses each revision has. */
    readonly width?: number
    readonly keys?: readonly SealingKey[]
  } = {}
): Promise<void> {
  let now = start
  const store = await openStore(url, keys)
  const open = makeCatalogues(store, {
    now: () => now,
    random: randomBytes,
    onError: (error) => {
      throw error
    }
  })
  try {
    await open.heads.refresh()
    for (let turn = 1; turn <= revisions; turn += 1) {
      for (const catalogue of names) {
        const { kind } = await publishDocument(open, {
          catalogue,
          manuscript: { bytes: Buffer.from(JSON.stringify(inputOf(catalogue, turn, width))), notation: 'json' },
          precondition: { kind: 'any' },
          overrides: guardRails,
          reason: 'Of a test',
          author: 'somebody',
          authorKey: 'k1',
          isDryRun: false
        })
        if (kind !== 'published') throw new Error(`revision ${turn} of ${catalogue} is ${kind}`)
      }
      now += 6 * day
      for (const catalogue of names) await recordTransitions(open, catalogue, now)
    }
    // All that the last revision announces has come by then, so that nothing is due when somebody opens the store.
    now += 60 * day
    for (const catalogue of names) await recordTransitions(open, catalogue, now)
    const first = sitePublicationOf(siteOf('leeds', '10.20.1.5', [...names]), 1)
    const second = sitePublicationOf(siteOf('leeds', '10.20.1.6', [...names]), 2, first.revision)
    if ((await store.sites.heads()).length === 0)
      for (const publication of [first, second]) {
        const events = publication.events.map((event) => ({ ...event, id: eventId(now, randomBytes(10)) }))
        await store.sites.commit({ ...publication, events })
      }
    await signingKeyOf(open)
  } finally {
    await open.close()
  }
}
