import type { Catalogues } from '../../catalogue/catalogues.ts'
import { type CataloguePoint, pointAt } from '../../catalogue/read/point.ts'
import { parseSince } from '../../domain/change-pack/since.ts'
import type { PackSpan } from '../../domain/change-pack/written-span.ts'
import { type AsOf, parseAsOf } from '../../domain/read/as-of.ts'
import { tagOf } from '../../domain/read/etag.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { StoredRevision } from '../../store/store.ts'

/** From where on somebody asks for what there is to do, and the parameters with which the change pack of REST says the same. */
export interface TodoSpan {
  readonly span: PackSpan
  readonly parameters: { readonly since?: string; readonly from?: string; readonly to?: string }
}

/**
 * Reads an instant, `revision:1`, `label:2.3`, a quoted ETag or a seq; absent: the issue before that of the page. A page whose clock names an
 * issue compares the two issues.
 * @throws PortolanError `invalid_instant`, `unknown_tag`, `unknown_revision`, `time_out_of_range`
 */
export async function todoSpan(
  catalogues: Pick<Catalogues, 'store' | 'heads' | 'now'>,
  since: string | undefined,
  { revision }: CataloguePoint,
  isNewest: boolean
): Promise<TodoSpan> {
  const { catalogue, number } = revision
  const asOf = issueOf(since, Math.max(1, number - 1))
  if (asOf === undefined) {
    const text = since ?? ''
    return { span: { kind: 'since', since: parseSince(text) }, parameters: { since: text } }
  }
  const { revision: from } = await pointAt(catalogues, catalogue, { asOf })
  if (isNewest) return sinceIssue(from, asOf.kind === 'instant' ? asOf.instant : undefined)
  return {
    span: { kind: 'between', from: { kind: 'number', number: from.number }, to: { kind: 'number', number } },
    parameters: { from: String(from.number), to: String(number) }
  }
}

/** Undefined: a tag or a seq. */
function issueOf(since: string | undefined, before: number): AsOf | undefined {
  if (since === undefined) return { kind: 'number', number: before }
  const [, number] = /^revision:(\d{1,15})$/.exec(since) ?? []
  if (number !== undefined) return parseAsOf(number)
  return /^(?:\d+$|"|W\/|\d+-[0-9a-f]{16}-)/.test(since) ? undefined : parseAsOf(since, 'since')
}

function sinceIssue(revision: StoredRevision, instant: Instant | undefined): TodoSpan {
  const tag = tagOf({
    revision,
    ...(instant !== undefined && { transition: instant }),
    query: '',
    representation: 'json'
  })
  return {
    span: {
      kind: 'since',
      since: { kind: 'tag', number: revision.number, digest: revision.digest.slice(7, 23), transition: instant }
    },
    parameters: { since: `"${tag}"` }
  }
}
