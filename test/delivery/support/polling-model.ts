/** A list as its provider means it: groups of values, and the token of this state. */
export interface ModelList {
  readonly groups: Readonly<Record<string, readonly string[]>>
  readonly token: number
}

export interface ModelPeriods {
  readonly lingerMs: number
  readonly settleMs: number
}

/** When each value of each group ends; null: no end is known. */
type Ends = ReadonlyMap<string, number | null>

/**
 * What is published of a list that is polled, in the plainest words. It knows of no HTTP: an answer is a list, or no list. A rail holds what would
 * leave a group without a value. No list of the test has so many values that another rail speaks.
 */
export class PollingModel {
  ends: Ends = new Map()
  revisions = 0
  token: number | undefined
  isFailing = false
  isBehind = false
  held: { readonly said: string; readonly ends: Ends; readonly token: number } | undefined
  #pending: { readonly said: string; readonly since: number } | undefined

  fail(): void {
    this.isFailing = true
  }

  see({ groups, token }: ModelList, at: number, { lingerMs, settleMs }: ModelPeriods): void {
    this.isFailing = false
    this.isBehind = false
    const said = JSON.stringify(groups)
    const listed = Object.entries(groups).flatMap(([group, values]) => values.map((value) => `${group} ${value}`))
    const all = new Map<string, number | null>(listed.map((id) => [id, null]))
    for (const [id, end] of this.ends) if (!all.has(id)) all.set(id, end ?? at + lingerMs)
    const pending = this.#pending
    this.#pending = undefined
    const { held } = this
    if (this.revisions > 0 && plain(all) === plain(this.ends)) {
      this.held = undefined
      this.token = Math.max(token, this.token ?? token)
      return
    }
    this.isBehind = token < (this.token ?? token)
    if (this.isBehind) return
    this.held = undefined
    if (held?.said !== said) {
      const since = pending?.said === said ? pending.since : at
      if (at - since < settleMs) this.#pending = { said, since }
      if (this.#pending) return
    }
    const ends = new Map([...all].filter(([, end]) => end === null || end > at))
    const open = openGroups(ends)
    if ([...openGroups(this.ends)].some((group) => !open.has(group))) this.held = { said, ends, token }
    else this.#publish(ends, token)
  }

  accept(): void {
    if (this.held) this.#publish(this.held.ends, this.held.token)
    this.held = undefined
  }

  #publish(ends: Ends, token: number): void {
    this.ends = ends
    this.token = token
    this.revisions += 1
  }
}

function openGroups(ends: Ends): ReadonlySet<string> {
  return new Set([...ends].filter(([, end]) => end === null).map(([id]) => id.replace(/ .*$/, '')))
}

/** Rows in one order, to be compared. */
export function plain(ends: Iterable<readonly [string, number | null]>): string {
  return JSON.stringify([...ends].map((row) => JSON.stringify(row)).sort())
}
