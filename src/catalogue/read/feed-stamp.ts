import type { Catalogues } from '../catalogues.ts'
import type { Point } from './point.ts'

/** What a feed was when an answer was made: which catalogues published it, and the newest event of the first of them. */
export interface FeedStamp {
  readonly url: string
  readonly catalogues: readonly string[]
  readonly seq: number
}

/** What must not have changed for an answer at a point to be given again. */
export function feedStampsOf({ feeds = [] }: Pick<Point, 'feeds'>): readonly FeedStamp[] {
  return feeds.flatMap(({ url, found, seq, moves }) =>
    moves === 'with-feed' ? [{ url, catalogues: found.map(({ catalogue }) => catalogue), seq }] : []
  )
}

/** Whether a feed is what it was. */
export function isUnmoved({ heads }: Pick<Catalogues, 'heads'>, { url, catalogues, seq }: FeedStamp): boolean {
  const known = heads.moment.byFeed.get(url) ?? []
  const [first] = known
  return (
    known.length === catalogues.length &&
    known.every((catalogue, at) => catalogue === catalogues[at]) &&
    (first === undefined ? 0 : heads.get(first)?.seq) === seq
  )
}
