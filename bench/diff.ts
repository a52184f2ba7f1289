import type { Catalogues } from '../src/catalogue/catalogues.ts'
import { openStore } from '../src/store/open.ts'
import { type Alternated, alternate, timed } from './alternate.ts'
import { compare, diff, loadDocument, toRows } from './built.ts'
import { sqliteUrl, withCatalogues } from './catalogues.ts'
import { digits, milliseconds } from './figures.ts'
import { fill } from './fill.ts'
import type { Benchmark, Row, Run } from './row.ts'
import { SyntheticCatalogue } from './synthetic-catalogue.ts'
import { withFolder } from './temporary-folder.ts'

const id = 'compared'

/** The diff of two distant revisions from the rows that changed, against reading and comparing both whole documents, without any cache. */
export const diffs: Benchmark = async (run) => {
  const sizes = run.size === 'quick' ? [300, 600] : [1_000, 10_000, 100_000]
  const measured = []
  for (const endpoints of sizes) measured.push(await compareFar(endpoints, run))
  const [least, most] = [measured[0], measured.at(-1)]
  if (!least || !most) throw new Error('nothing was measured')
  const growth: Row = {
    what: `diff of as many changed rows, ${sizes.at(-1)?.toLocaleString('en')} endpoints against ${sizes[0]?.toLocaleString('en')}`,
    ours: milliseconds(most.ours),
    baseline: milliseconds(least.ours),
    figure: { value: most.ours / least.ours, unit: 'x' }
  }
  return [...measured.map(({ row }) => row), growth]
}

function compareFar(endpoints: number, { size, say }: Run): Promise<Alternated & { readonly row: Row }> {
  return withFolder(async (folder) => {
    say(`${endpoints} endpoints`)
    const url = sqliteUrl(folder)
    const [revisions, changed, pairs] = size === 'quick' ? [5, 12, 1] : [21, 24, 7]
    const store = await openStore(url)
    await fill(store, new SyntheticCatalogue({ id, endpoints, changed }).take(revisions))
    await store.close()
    return withCatalogues(url, 0, async (catalogues) => {
      const count = (await compareByRows(catalogues, revisions)).changes.length
      const whole = (await compareWhole(catalogues, revisions)).changes.length
      if (count !== whole) throw new Error(`${count} changes by rows, ${whole} by whole documents`)
      const measured = await alternate(
        pairs,
        () => timed(() => compareByRows(catalogues, revisions)),
        () => timed(() => compareWhole(catalogues, revisions))
      )
      const row: Row = {
        what: `diff of revisions 1 and ${revisions}: ${digits(count)} changes among ${endpoints.toLocaleString('en')} endpoints`,
        ours: milliseconds(measured.ours),
        baseline: milliseconds(measured.baseline),
        figure: measured.figure
      }
      return { ...measured, row }
    })
  })
}

function compareByRows(catalogues: Catalogues, to: number) {
  const revision = (number: number) => ({ asOf: { kind: 'number', number } as const })
  return compare(catalogues, id, revision(1), revision(to))
}

async function compareWhole(catalogues: Catalogues, to: number) {
  const rows = async (number: number) => toRows(await loadDocument(catalogues, { catalogue: id, number }))
  return diff({ rows: await rows(1) }, { rows: await rows(to) }, Date.now())
}
