import { randomBytes } from 'node:crypto'
import { createKey } from '../../src/catalogue/keys.ts'
import { openStore } from '../../src/store/open.ts'

/** A key that may publish whatever it likes, made in a store that no service has opened yet: its text. */
export async function publisherKey(url: string): Promise<string> {
  const store = await openStore(url)
  const catalogues = { store, now: () => Date.now(), random: (count: number) => randomBytes(count) }
  const { text } = await createKey(catalogues, { scopes: ['catalogue:publish', 'catalogue:override'] })
  await store.close()
  return text
}
