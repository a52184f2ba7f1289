import { commitSite, siteDocument } from '../test/http/site/support/committed-site.ts'
import { alternate, timed } from './alternate.ts'
import { sitePointAt, viewOf } from './built.ts'
import { publishAnyway, sqliteUrl, withCatalogues } from './catalogues.ts'
import { coldView } from './cold-reads.ts'
import { milliseconds } from './figures.ts'
import type { Benchmark } from './row.ts'
import { SyntheticCatalogue } from './synthetic-catalogue.ts'
import { withFolder } from './temporary-folder.ts'

/** Reads a site over ten catalogues and renders its view, without any cache, against the views of the ten. */
export const coldSites: Benchmark = ({ size, say }) => {
  const [count, endpoints, pairs] = size === 'quick' ? [2, 100, 1] : [10, 1000, 25]
  const ids = Array.from({ length: count }, (_, index) => `part-${index}`)
  return withFolder((folder) =>
    withCatalogues(sqliteUrl(folder), 0, async (catalogues) => {
      say(`${count} catalogues`)
      for (const [index, id] of ids.entries())
        for (const document of new SyntheticCatalogue({ id, endpoints, changed: 0, seed: index * endpoints }).take(1))
          await publishAnyway(catalogues, id, Buffer.from(JSON.stringify(document)))
      const site = siteDocument({ catalogues: ids.map((id) => ({ id })) })
      await commitSite({ catalogues, clock: { now: Date.now() } }, site)
      const { ours, baseline, figure } = await alternate(
        pairs,
        () =>
          timed(async () => JSON.stringify(await viewOf(catalogues, await sitePointAt(catalogues, site.id, {}), {}))),
        () =>
          timed(async () => {
            for (const id of ids) await coldView(catalogues, id, 1)
          })
      )
      return [
        {
          what: `cold view of a site, ${count} catalogues of ${endpoints.toLocaleString('en')} endpoints, against their views`,
          ours: milliseconds(ours),
          baseline: milliseconds(baseline),
          figure,
          goal: { atMost: 1.3 }
        }
      ]
    })
  )
}
