import type { Revision } from '../history/revision.ts'

const known = ['Worldwide', 'China', 'USGovDoD', 'USGovGCCHigh'] as const

/** The instance of Microsoft 365 that a revision stands for: the one that its source names, else the one of most customers. */
export function instanceOf({ source }: Pick<Revision, 'source'>): string {
  const named = /\/endpoints\/(\w+)/i.exec(source?.url ?? '')?.[1]?.toLowerCase()
  return known.find((each) => each.toLowerCase() === named) ?? 'Worldwide'
}
