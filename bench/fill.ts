import type { Document } from '../src/domain/document/document.ts'
import type { Revision } from '../src/domain/history/revision.ts'
import { type Rows, toRows } from '../src/domain/history/rows.ts'
import { stepBetween } from '../src/domain/history/step.ts'
import { sha256 } from '../src/domain/json/sha256.ts'
import { transitionsOf } from '../src/domain/view/lifetime.ts'
import type { Store } from '../src/store/store.ts'

const firstPublished = Date.parse('2020-01-01T00:00:00Z')
const hour = 3_600_000

/** Commits documents as revisions of their catalogue, one after the other. */
export async function fill(store: Store, documents: Iterable<Document>): Promise<void> {
  const filling = new Filling(store)
  for (const document of documents) await filling.add(document)
}

/**
 * Writes the history of one catalogue, with an hour between two revisions, without validating documents. The rows are those of a real
 * history, except for the changes in the events and the digests, which are made up.
 */
export class Filling {
  readonly #store: Store
  #before: Rows | undefined
  #number = 0

  constructor(store: Store) {
    this.#store = store
  }

  async add(document: Document): Promise<void> {
    this.#number += 1
    const number = this.#number
    const after = toRows(document)
    const revision = revisionOf(document, after, number)
    const { catalogue, label, digest, counts, publishedAt: effectiveAt, recordedAt: occurredAt } = revision
    const type = number === 1 ? 'catalogue.created' : 'catalogue.revision_published'
    const outcome = await this.#store.commit({
      revision,
      step: stepBetween(this.#before, after),
      events: [
        {
          id: `evt_${catalogue}-${number}`,
          type,
          catalogue,
          occurredAt,
          effectiveAt,
          lateByMs: 0,
          revision: { number, label, digest },
          counts,
          changes: [],
          truncated: false
        }
      ]
    })
    if (outcome.kind !== 'committed') throw new Error(`revision ${number} of ${catalogue} met a ${outcome.kind}`)
    this.#before = after
  }
}

function revisionOf({ id, edition }: Document, rows: Rows, number: number): Revision {
  const publishedAt = firstPublished + number * hour
  return {
    catalogue: id,
    number,
    label: edition.label,
    publishedAt,
    recordedAt: publishedAt,
    summary: edition.summary,
    reconstructed: false,
    overrides: [],
    counts: { added: 0, removed: 0, changed: 0 },
    digest: sha256(`${id} ${number}`),
    chain: sha256(`chain of ${id} ${number}`),
    transitions: transitionsOf(rows)
  }
}
