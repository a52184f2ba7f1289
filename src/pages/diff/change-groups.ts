import type { Comparison } from '../../catalogue/history/compare.ts'
import { type Change, type Impact, impacts } from '../../domain/change/change.ts'
import { groupBy } from '../../domain/group.ts'
import { type ChangeRow, changeRow, stepsBetween } from './change-row.ts'

/** The changes that mean the same for a firewall, by requirement. */
export interface ChangeGroup {
  readonly impact: Impact
  readonly heading: string
  readonly note: string
  readonly parts: readonly ChangePart[]
}

interface ChangePart {
  /** The key of the requirement; absent: the catalogue itself. */
  readonly key?: string
  readonly title: string
  readonly rows: readonly ChangeRow[]
}

const words: Readonly<Record<Impact, { readonly heading: string; readonly note: string }>> = {
  opens: { heading: 'Open', note: 'A firewall has to let this through that it did not have to before.' },
  closes: { heading: 'Close', note: 'Nothing in this catalogue needs this any more.' },
  announces: { heading: 'Announced', note: 'A date was set or moved; nothing has to be done before it.' },
  informs: { heading: 'For information', note: 'No firewall has to change.' }
}

/** The changes in the order in which the page has them: by impact. */
export function byImpact(changes: readonly Change[]): readonly Change[] {
  return impacts.flatMap((impact) => changes.filter((change) => change.impact === impact))
}

/** The groups of some changes. `edition`: what the catalogue says of its issue, where that differs. */
export function changeGroups(
  changes: readonly Change[],
  titles: ReadonlyMap<string, string>,
  edition: Comparison['edition']
): readonly ChangeGroup[] {
  return impacts.flatMap((impact): readonly ChangeGroup[] => {
    const own = changes.filter((change) => change.impact === impact)
    const parts = [...groupBy(own, ({ requirement }) => requirement)].map(([key, list]) => ({
      ...(key !== undefined && { key }),
      title: key === undefined ? 'The catalogue itself' : (titles.get(key) ?? key),
      rows: list.map(changeRow)
    }))
    const all = impact === 'informs' && edition ? [...parts, editionPart(edition)] : parts
    return all.length === 0 ? [] : [{ impact, ...words[impact], parts: all }]
  })
}

function editionPart({ before, after }: NonNullable<Comparison['edition']>): ChangePart {
  return {
    title: 'The issue',
    rows: [{ mark: '~', what: 'edition', op: 'changed', fields: stepsBetween(before, after) }]
  }
}

/** `4 to open, 2 to close, 12 announced, 1 for information`, of what there is. */
export function impactSentence(changes: readonly Change[]): string {
  const verbs: Readonly<Record<Impact, string>> = {
    opens: 'to open',
    closes: 'to close',
    announces: 'announced',
    informs: 'for information'
  }
  return impacts
    .map((impact) => ({ impact, count: changes.filter((change) => change.impact === impact).length }))
    .filter(({ count }) => count > 0)
    .map(({ impact, count }) => `${count} ${verbs[impact]}`)
    .join(', ')
}
