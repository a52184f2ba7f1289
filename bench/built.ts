import type * as FollowersOf from '../src/catalogue/event/followers.ts'
import type * as Compare from '../src/catalogue/history/compare.ts'
import type * as Keys from '../src/catalogue/keys.ts'
import type * as Lookup from '../src/catalogue/lookup/lookup.ts'
import type * as LedgersOf from '../src/catalogue/mirror/ledgers.ts'
import type * as Publish from '../src/catalogue/publishing/publish.ts'
import type * as DocumentOf from '../src/catalogue/read/document.ts'
import type * as Point from '../src/catalogue/read/point.ts'
import type * as SitePoint from '../src/catalogue/read/site-point.ts'
import type * as View from '../src/catalogue/read/view.ts'
import type * as DeliveriesOf from '../src/delivery/deliveries.ts'
import type * as Diff from '../src/domain/change/diff.ts'
import type * as Rows from '../src/domain/history/rows.ts'
import type * as ContextOf from '../src/graphql/reading/context.ts'
import type * as Schema from '../src/graphql/schema.ts'
import type * as Open from '../src/open-catalogues.ts'
import type * as RenderExport from '../src/render/export/export.ts'
import type * as Formats from '../src/render/formats/formats.ts'

/**
 * Everything that is measured within a process, from the output of `npm run build`: the thread that reads large documents starts only
 * from built files, and a benchmark should measure what runs in production.
 */
async function built<Module>(file: string): Promise<Module> {
  return import(new URL(`../dist/${file}.js`, import.meta.url).href)
}

export const { compare } = await built<typeof Compare>('catalogue/history/compare')
export const { documentJson, loadDocument } = await built<typeof DocumentOf>('catalogue/read/document')
export const { createKey } = await built<typeof Keys>('catalogue/keys')
export const { Followers } = await built<typeof FollowersOf>('catalogue/event/followers')
export const { Ledgers } = await built<typeof LedgersOf>('catalogue/mirror/ledgers')
export const { lookUp } = await built<typeof Lookup>('catalogue/lookup/lookup')
export const { pointAt } = await built<typeof Point>('catalogue/read/point')
export const { publishDocument } = await built<typeof Publish>('catalogue/publishing/publish')
export const { sitePointAt } = await built<typeof SitePoint>('catalogue/read/site-point')
export const { viewOf } = await built<typeof View>('catalogue/read/view')
export const { Deliveries } = await built<typeof DeliveriesOf>('delivery/deliveries')
export const { diff } = await built<typeof Diff>('domain/change/diff')
export const { toRows } = await built<typeof Rows>('domain/history/rows')
export const { contextOf } = await built<typeof ContextOf>('graphql/reading/context')
export const { executableSchema } = await built<typeof Schema>('graphql/schema')
export const { renderExport } = await built<typeof RenderExport>('render/export/export')
export const { formats } = await built<typeof Formats>('render/formats/formats')
export const { openCatalogues } = await built<typeof Open>('open-catalogues')
