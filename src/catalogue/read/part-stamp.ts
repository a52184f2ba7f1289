import type { Catalogues } from '../catalogues.ts'
import type { SitePoint } from './point.ts'

/** A site, or a catalogue that it takes, with its newest event when an answer was made. */
export interface PartStamp {
  readonly kind: 'site' | 'catalogue'
  readonly id: string
  readonly seq: number
}

/** What must not have changed for an answer at a point to be given again, beside feeds. */
export function partStampsOf({ site, parts }: SitePoint): readonly PartStamp[] {
  const own = site.headSeq === undefined ? [] : [{ kind: 'site' as const, id: site.revision.site, seq: site.headSeq }]
  return [
    ...own,
    ...parts.flatMap(({ revision: { catalogue }, headSeq }) =>
      headSeq === undefined ? [] : [{ kind: 'catalogue' as const, id: catalogue, seq: headSeq }]
    )
  ]
}

/** Whether nothing happened to a part since. */
export function isPartUnmoved({ heads }: Pick<Catalogues, 'heads'>, { kind, id, seq }: PartStamp): boolean {
  return (kind === 'site' ? heads.site(id) : heads.get(id))?.seq === seq
}

/** What the catalogues of a site are at a point as a text; empty for a catalogue. */
export function partFacts({ parts = [] }: Partial<Pick<SitePoint, 'parts'>>): string {
  if (parts.length === 0) return ''
  return JSON.stringify(
    parts.map(({ revision: { catalogue, number, digest } }) => [catalogue, number, digest.slice(7, 23)])
  )
}
