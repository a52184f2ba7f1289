import type { FeedRecord } from '../../../src/domain/polling/feed-record.ts'
import { newFeedRecord } from '../../../src/domain/polling/feed-state.ts'
import type { Contract } from './use.ts'

const now = Date.parse('2026-11-24T12:00:00Z')
const id = 'feed.example'
const first = newFeedRecord(id, now)

const held: FeedRecord = {
  id,
  token: '17',
  accepted: { source: 'sha256:a', validators: { etag: '"1"', lastModified: 'then' }, digest: 'b', revision: 3 },
  lastFetch: { at: now, outcome: 'held', status: 200 },
  lastSuccess: now,
  lastChange: now - 1000,
  failures: 0,
  next: now + 60_000,
  pending: { content: 'sha256:c', firstSeen: now },
  behind: '16',
  held: {
    content: 'sha256:d',
    since: now,
    findings: [{ rule: 'mass_removal', pointer: '/requirements', detail: 'much' }],
    head: 3,
    answered: { source: 'sha256:a', validators: {}, digest: 'e' }
  }
}

export function feedContract({ test }: Contract): void {
  test('a feed is claimed by one holder at a time, and by nobody who knows an older version', async (t, { feeds }) => {
    const claim = { first, now, leaseMs: 60_000 }
    const claims = await Promise.all(['a', 'b', 'c'].map((holder) => feeds.claim({ ...claim, holder, version: 0 })))
    t.strictSame(
      claims.filter((claimed) => claimed !== undefined),
      [first],
      'one of them has it'
    )
    const holder = ['a', 'b', 'c'][claims.findIndex((claimed) => claimed !== undefined)] ?? ''
    t.equal(await feeds.write('d', held, '{}'), false, 'nobody else writes')
    t.equal(await feeds.write(holder, held, '{"id":"x"}'), true)
    t.equal(await feeds.write(holder, held, '{}'), false, 'and its lease is given back')
    t.strictSame((await feeds.all()).get(id), { record: held, version: 1 })
    t.equal(await feeds.heldDocument(id), '{"id":"x"}')
    t.equal(await feeds.claim({ ...claim, holder: 'e', version: 0 }), undefined, 'it was written since')
    t.strictSame(await feeds.claim({ ...claim, holder: 'e' }), held)
    await feeds.write('e', held)
    t.equal(await feeds.heldDocument(id), '{"id":"x"}', 'what is held stays')
    await feeds.claim({ ...claim, holder: 'f' })
    t.equal(await feeds.hold({ id, holder: 'g', now, leaseMs: 1 }), false, 'another holder renews nothing')
    t.equal(await feeds.hold({ id, holder: 'f', now, leaseMs: 3_600_000 }), true)
    t.equal(await feeds.claim({ ...claim, holder: 'g', now: now + 61_000 }), undefined, 'a renewed lease holds on')
    t.equal(await feeds.hold({ id, holder: 'f', now, leaseMs: 0 }), true)
    t.strictSame(
      await feeds.claim({ ...claim, holder: 'h', version: 2 }),
      held,
      'given back, with what was known before'
    )
    await feeds.write('h', first)
    t.equal(await feeds.heldDocument(id), undefined, 'and goes with its record')
  })
}
