import { chainLink } from '../../../src/domain/history/digest.ts'
import { verify } from '../../../src/store/integrity/verify.ts'
import { openStore } from '../../../src/store/open.ts'
import { withEngineOf } from '../../../src/store/open-engine.ts'
import { firstComings, type Inbox, isAscending } from './inbox.ts'
import type { Publisher } from './publisher.ts'
import type { Failures } from './report.ts'

/** Whether all that was acknowledged is in a store, once and in order, and the store verifies. */
export async function judgeStore(
  url: string,
  publishers: readonly Publisher[],
  failures: Failures
): Promise<{ readonly revisions: number; readonly events: number }> {
  const store = await openStore(url)
  let revisions = 0
  for (const { catalogue, acknowledged } of publishers) {
    const all = [...(await store.revisions(catalogue, { from: 1_000_000, limit: 1_000_000 }))].reverse()
    revisions += all.length
    const labels = all.map(({ label }) => Number(label))
    failures.expect(
      labels.every((label, index) => label === index + 1),
      `${catalogue} has the turns ${labels.join(' ')}`
    )
    failures.expect(
      acknowledged.every((turn) => labels.includes(turn)),
      `${catalogue} lost a turn that was acknowledged`
    )
    let previous: string | undefined
    for (const { chain, counts: _, transitions: __, seq: ___, ...facts } of all) {
      failures.expect(chainLink(previous, facts) === chain, `${catalogue} ${facts.number} breaks the chain`)
      previous = chain
    }
  }
  const seqs = (await store.events({ after: 0, limit: 1_000_000 })).map(({ seq }) => seq)
  failures.expect(
    seqs.every((seq, index) => seq === index + 1),
    'the log has a gap'
  )
  failures.expect(seqs.length === revisions, `${seqs.length} events for ${revisions} revisions`)
  await store.close()
  await withEngineOf({ url, keys: [] }, verify).catch((error: unknown) => failures.expect(false, String(error)))
  return { revisions, events: seqs.length }
}

/** Whether each event came to a receiver, in order. @returns how many came more than once, at most `most` */
export function judgeInbox(
  { url, seqs, faults }: Inbox,
  { events, most }: { readonly events: number; readonly most: number },
  failures: Failures
): number {
  const first = firstComings(seqs)
  const doubled = seqs.length - first.length
  failures.expect(first.length === events, `${url} got ${first.length} of ${events} events`)
  failures.expect(isAscending(first), `${url} got events out of order`)
  failures.expect(doubled <= most, `${url} got ${doubled} events twice, and at most ${most} can be explained`)
  failures.expect(faults.length === 0, `${url}: ${faults[0]}`)
  return doubled
}
