import type { Document } from '../../../../src/domain/document/document.ts'
import type { Imported } from '../../../../src/domain/feed/adapter.ts'
import { type Observed, observe, type Sighting, seenSource } from '../../../../src/domain/feed/observe.ts'
import { dayMs } from '../../../../src/domain/time/duration.ts'
import { address, at, requirement, type Written } from '../../document/support/sample.ts'

/** The values of a list by their group. */
export type List = Readonly<Record<string, readonly (string | Written)[]>>

const provider = { title: 'Ranges', vendor: 'Example', product: 'Cloud' }
const start = at('2026-03-01')
export const day = (number: number) => start + number * dayMs

/** What an adapter makes of a list. */
export function importedList(list: List, rest: Partial<Imported> = {}): Imported {
  const requirements = Object.entries(list).map(([key, values]) =>
    requirement(
      key,
      values.map((value) => (typeof value === 'string' ? address(value) : value))
    )
  )
  return { requirements, components: [], places: new Map(), notes: [], refused: [], columns: [], ...rest }
}

export type Seen = Partial<Sighting> & { readonly at: number; readonly token?: string }

export function see(list: List, { token, ...sighting }: Seen): Observed {
  return observe({
    adapter: { name: 'sample', provider, tokens: 'rising', url: 'https://example.net/list.json' },
    source: seenSource({ bytes: Buffer.from(JSON.stringify(list)), name: 'list.json' }),
    imported: importedList(list, token === undefined ? {} : { token }),
    id: 'feed.sample',
    lingerMs: 7 * dayMs,
    ...sighting
  })
}

export interface Step {
  readonly list: List
  readonly at: number
  readonly token?: string
}

/** The heads after each step, and what came of each. */
export function follow(steps: readonly Step[], lingerMs = 7 * dayMs) {
  let head: Document | undefined
  return steps.map(({ list, ...step }) => {
    const seen = see(list, { ...step, lingerMs, ...(head && { head }) })
    if (seen.kind === 'changed') head = seen.document
    if (!head) throw new Error('the first list is a change')
    return { kind: seen.kind, head, ends: endsOf(head) }
  })
}

/** The ends of all values by group and value; null: none is told. */
export function endsOf({ requirements }: Document): Readonly<Record<string, number | null>> {
  return Object.fromEntries(
    requirements.flatMap(({ key, endpoints }) =>
      endpoints.map((endpoint) => [
        `${key} ${'value' in endpoint ? endpoint.value : ''}`,
        endpoint.until === undefined ? null : Date.parse(endpoint.until)
      ])
    )
  )
}
