import { createKey } from '../../../src/catalogue/keys.ts'
import type { TestApp } from '../../support/app.ts'

/** The text of a new key that may read some catalogues only. */
export async function narrowedKey(
  { catalogues }: Pick<TestApp, 'catalogues'>,
  narrowing: readonly string[]
): Promise<string> {
  return (await createKey(catalogues, { scopes: ['catalogue:read'], catalogues: [...narrowing] })).text
}
