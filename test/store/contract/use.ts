import type tap from 'tap'
import type { Store } from '../../../src/store/store.ts'

/** What tap hands to a test. */
export type Testing = Parameters<Parameters<typeof tap.test>[0]>[0]

export type Use = (t: Testing, store: Store, url: string) => Promise<void>

export interface Contract {
  readonly runs: number
  test(title: string, use: Use): void
}
