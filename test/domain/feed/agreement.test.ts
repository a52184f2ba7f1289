import t from 'tap'
import { agreement, type PendingChange } from '../../../src/domain/feed/observe.ts'
import { minuteMs } from '../../../src/domain/time/duration.ts'

/** What is published of contents that are seen a minute apart. */
function published(contents: string, settleMinutes: number): string {
  let pending: PendingChange | undefined
  let head = 'A'
  return [...contents]
    .map((content, minute) => {
      if (content === head) {
        pending = undefined
        return '-'
      }
      const next = agreement(pending, { content, at: minute * minuteMs }, settleMinutes * minuteMs)
      pending = next.kind === 'wait' ? next.pending : undefined
      if (next.kind === 'agreed') head = content
      return next.kind === 'agreed' ? content : '.'
    })
    .join('')
}

t.test('without settling, each change is published as it is seen', async (t) => {
  t.equal(published('ABABB', 0), '-BAB-')
})

t.test('a change waits for a fetch that agrees and lies far enough apart', async (t) => {
  t.equal(published('ABBBB', 3), '-...B')
  t.equal(published('ABBB', 3), '-...')
})

t.test('another state between two fetches begins anew', async (t) => {
  t.equal(published('ABABABAB', 1), '-.-.-.-.')
  t.equal(published('ABCBCBBC', 1), '-.....B.')
})
