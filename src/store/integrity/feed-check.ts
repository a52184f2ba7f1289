import { asc } from 'drizzle-orm'
import { parseFeedRecord } from '../../domain/polling/parse-feed-record.ts'
import type { Reads } from '../engine/engine.ts'
import { damage } from './damage.ts'
import { strictRows } from './strict-rows.ts'

/**
 * Checks what feeds remember: that it can be read, and that the catalogues have what they say was taken in. `heads`: the number of the head of
 * each catalogue, by its id.
 * @throws PortolanError `store_damaged`
 */
export async function checkFeeds(reads: Reads, heads: ReadonlyMap<string, number>): Promise<void> {
  const { feeds } = reads.tables
  for (const { id, body, heldDocument } of await strictRows(reads, feeds, { order: [asc(feeds.id)] })) {
    const record = parseFeedRecord(body)
    if (record?.id !== id) throw damage(`What is kept of the feed ${id} is no record of a feed.`)
    if ((record.held === undefined) !== (heldDocument === null) || !isDocumentOf(id, heldDocument))
      throw damage(`The change of the feed ${id} that is held is not as it was written.`)
    const accepted = record.accepted?.revision ?? 0
    const head = heads.get(id)
    if (accepted > 0 && head === undefined) throw damage(`The feed ${id} has no catalogue any more.`)
    if (accepted > (head ?? 0))
      throw damage(`The feed ${id} was taken in up to revision ${accepted}, and its catalogue ends at ${head}.`)
  }
}

function isDocumentOf(id: string, text: string | null): boolean {
  if (text === null) return true
  try {
    return Object(JSON.parse(text)).id === id
  } catch {
    return false
  }
}
