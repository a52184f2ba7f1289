import { randomBytes } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCatalogues } from '../../../src/catalogue/catalogues.ts'
import { createKey } from '../../../src/catalogue/keys.ts'
import { publishDocument } from '../../../src/catalogue/publishing/publish.ts'
import { openStore } from '../../../src/store/open.ts'
import { addresses, documentInput, requirementInput } from '../../support/document.ts'

/*
 * A catalogue that a narrowed key sees, and one that it does not. They share a host, which the first one closes, so that each read that looks
 * beyond one catalogue has something to leak.
 */

export const seen = 'feed.seen'
/** `feed.*` does not name it. */
export const hidden = 'feeder'
/** Texts that stand in the hidden catalogue only. */
export const hiddenTexts = ['feeder', 'Obscure', 'obscure', '20.0.0.']

const shared = { kind: 'host', value: 'shared.example.net' }

const seenDocument = documentInput({
  id: seen,
  requirements: [
    requirementInput({
      endpoints: [
        { ...shared, until: '2020-01-01T00:00:00Z' },
        { kind: 'host', value: 'updates.example.net' },
        { kind: 'address', value: '30.0.0.1', until: '2199-01-01T00:00:00Z' }
      ]
    })
  ]
})

/** So large that all reads across catalogues are costly. */
const hiddenDocument = documentInput({
  id: hidden,
  title: 'Obscure',
  vendor: 'Obscure',
  product: 'Obscure',
  edition: { label: 'obscure', summary: 'Obscure' },
  requirements: [
    requirementInput({
      title: 'Obscure',
      endpoints: [
        shared,
        { kind: 'host', value: 'obscure.example.org', until: '2198-01-01T00:00:00Z' },
        ...addresses(400)
      ]
    })
  ]
})

interface Test {
  teardown(end: () => void): void
}

export interface NarrowedStores {
  /** URLs of stores that are the same but for the hidden catalogue, which the second one has. */
  readonly alone: string
  readonly both: string
  /** Texts of keys that may do everything, in both stores: to `feed.*`, and to all catalogues. */
  readonly narrowed: string
  readonly whole: string
}

/** Two stores with the same epoch, keys and events. Events of the seen catalogue have the same seqs in both. */
export async function narrowedStores(t: Test): Promise<NarrowedStores> {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-narrowed-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }))
  const url = (name: string) => `sqlite:${folder}/${name}/portolan.db`
  mkdirSync(join(folder, 'alone'))
  const [narrowed, whole] = await inStore(url('alone'), async (catalogues) => {
    await publish(catalogues, seenDocument)
    const keys = [{ catalogues: ['feed.*'] }, {}].map((bounds) =>
      createKey(catalogues, { scopes: ['admin'], ...bounds })
    )
    return (await Promise.all(keys)).map(({ text }) => text)
  })
  // The key that secrets are sealed with lies beside the database.
  cpSync(join(folder, 'alone'), join(folder, 'both'), { recursive: true })
  await inStore(url('both'), async (catalogues) => {
    await publish(catalogues, hiddenDocument)
    await createKey(catalogues, { scopes: ['admin'], name: 'Obscure', catalogues: [hidden] })
  })
  return { alone: url('alone'), both: url('both'), narrowed: narrowed ?? '', whole: whole ?? '' }
}

type Opened = ReturnType<typeof makeCatalogues>

async function inStore<T>(url: string, act: (catalogues: Opened) => Promise<T>): Promise<T> {
  const catalogues = makeCatalogues(await openStore(url), {
    now: () => Date.parse('2026-11-24T12:00:00Z'),
    random: randomBytes,
    onError: (error) => {
      throw error
    }
  })
  await catalogues.heads.refresh()
  const result = await act(catalogues)
  await catalogues.close()
  return result
}

async function publish(catalogues: Opened, document: ReturnType<typeof documentInput>): Promise<void> {
  await publishDocument(catalogues, {
    catalogue: document.id,
    manuscript: { bytes: Buffer.from(JSON.stringify(document)), notation: 'json', id: document.id },
    precondition: { kind: 'create' },
    overrides: [],
    author: 'test',
    isDryRun: false
  })
}
