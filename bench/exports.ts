import { openStore } from '../src/store/open.ts'
import { alternate, timed } from './alternate.ts'
import { formats, renderExport } from './built.ts'
import { sqliteUrl, withCatalogues } from './catalogues.ts'
import { coldView } from './cold-reads.ts'
import { milliseconds } from './figures.ts'
import { fill } from './fill.ts'
import type { Benchmark, Row } from './row.ts'
import { SyntheticCatalogue } from './synthetic-catalogue.ts'
import { withFolder } from './temporary-folder.ts'

const id = 'exported'

/** The first rendering of a view in each format, which happens once for each interval, against writing that view as JSON. */
export const exports: Benchmark = ({ size, say }) =>
  withFolder(async (folder) => {
    const [endpoints, pairs] = size === 'quick' ? [500, 1] : [10_000, 9]
    const url = sqliteUrl(folder)
    const store = await openStore(url)
    await fill(store, new SyntheticCatalogue({ id, endpoints, changed: 24 }).take(1))
    await store.close()
    return withCatalogues(url, 0, async (catalogues) => {
      const { view } = await coldView(catalogues, id, 1)
      const rows: Row[] = []
      for (const format of formats) {
        say(format.name)
        const { ours, baseline, figure } = await alternate(
          pairs,
          () => timed(() => renderExport(view, format, {}, { recordedAt: 0 })),
          () => timed(() => JSON.stringify(view))
        )
        rows.push({
          what: `${format.name}, ${endpoints.toLocaleString('en')} endpoints`,
          ours: milliseconds(ours),
          baseline: milliseconds(baseline),
          figure
        })
      }
      return rows
    })
  })
