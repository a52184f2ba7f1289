import { strict as assert } from 'node:assert'
import { createHash } from 'node:crypto'
import { canonicalJson } from '../../../../src/domain/json/canonical-json.ts'
import type { Entry } from '../../../../src/domain/mirror/delta.ts'
import type { MirrorObject } from '../../../../src/domain/mirror/mirror.ts'
import type { TestApp } from '../../../support/app.ts'

export interface DeltaPage {
  readonly items: readonly Entry[]
  readonly page: { readonly next: string | null; readonly cursor: string | null }
  readonly seq: number
  readonly epoch: string
  readonly count?: number
  readonly digest?: string
}

/** A client of the delta as one would write it: a map that refuses what a database with foreign keys would refuse. */
export class Mirror {
  readonly objects = new Map<string, MirrorObject>()
  readonly #request: TestApp['request']
  readonly #query: string
  cursor: string | undefined
  /** Entries on a page. */
  limit: number | undefined

  /** `query`: filters, such as `tag=a&kind=host`. */
  constructor(request: TestApp['request'], query = '') {
    this.#request = request
    this.#query = query
  }

  url(cursor = this.cursor): string {
    const paging = [
      ...(this.limit === undefined ? [] : [`limit=${this.limit}`]),
      ...(cursor === undefined ? [] : [`cursor=${cursor}`])
    ]
    return `/v1/delta?${[this.#query, ...paging].filter((part) => part !== '').join('&')}`
  }

  /** Reads at most `pages` pages of a round, and says whether that was the end of it; `between` is done after each page. */
  async round({ pages = Number.POSITIVE_INFINITY, between = async () => {} } = {}): Promise<DeltaPage | undefined> {
    const entries: Entry[] = []
    // A baseline begins with an empty copy: it does not say what is gone.
    if (this.cursor === undefined) this.objects.clear()
    let url = this.url()
    for (let count = 0; count < pages; count += 1) {
      const answer = await this.#request(url)
      assert.equal(answer.statusCode, 200, answer.body)
      const page = answer.json<DeltaPage>()
      entries.push(...page.items)
      for (const entry of page.items) this.#apply(entry)
      await between()
      assert.equal(page.page.next === null, page.page.cursor !== null)
      if (page.page.next === null) {
        this.cursor = page.page.cursor ?? undefined
        assert.equal(page.count, this.objects.size)
        assert.equal(page.digest, this.digest())
        assertOrder(entries)
        return { ...page, items: entries }
      }
      url = page.page.next.replace(/^https?:\/\/[^/]+/, '')
    }
    return undefined
  }

  #apply(entry: Entry): void {
    if (entry.op === 'delete') {
      const children = [...this.objects.values()].filter((object) => parentOf(object) === entry.id)
      assert.equal(children.length, 0, `${entry.id} is deleted before its children`)
      // A round that was broken off is read again: what is gone already stays gone.
      this.objects.delete(entry.id)
      return
    }
    const { op: _, seq: __, ...object } = entry
    const parent = parentOf(object)
    assert(parent === undefined || this.#parentIds().has(parent), `${entry.id} comes before its parent`)
    this.objects.set(object.id, object)
  }

  /** A mirror of endpoints alone has no parents to speak of. */
  #parentIds(): { has(id: string): boolean } {
    return /(^|&)type=/.test(this.#query) ? { has: () => true } : this.objects
  }

  digest(): string {
    const lines = [...this.objects.values()].map(
      ({ type, id, data }) => `${type} ${id} ${sha256(canonicalJson(data))}\n`
    )
    return `sha256:${sha256(lines.sort().join(''))}`
  }
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function parentOf(object: MirrorObject): string | undefined {
  switch (object.type) {
    case 'catalogue':
      return undefined
    case 'requirement':
      return object.data.catalogue.id
    case 'endpoint':
      return object.data.requirement.id
    default:
      throw new Error(`unknown object ${object satisfies never}`)
  }
}

/** One entry for each object; upserts parents first, then deletes children first. */
function assertOrder(entries: readonly Entry[]): void {
  assert.equal(new Set(entries.map(({ id }) => id)).size, entries.length, 'one entry for each object')
  const order = ['upsert catalogue', 'upsert requirement', 'upsert endpoint', 'delete endpoint', 'delete requirement']
  const ranks = entries.map(({ op, type }) => order.indexOf(`${op} ${type}`))
  assert.deepEqual(ranks, [...ranks].sort())
}
