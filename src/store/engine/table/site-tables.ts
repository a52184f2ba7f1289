import type { SiteGuardRail } from '../../../domain/site/site-revision.ts'
import type { Instant } from '../../../domain/time/instant.ts'
import type { Dialect } from '../dialect.ts'

/** The tables of sites and their history, a part of `defineTables`. */
export function defineSiteTables(dialect: Dialect) {
  const { table, text, integer, big, json, packed, digest, primaryKey, index } = dialect

  const sites = table(
    'sites',
    {
      id: integer('id').primaryKey(),
      /** 0 until the first revision is committed. */
      head: integer('head').notNull(),
      /** The newest event of the site. */
      seq: big('seq').notNull(),
      slug: text('slug').notNull().unique(),
      title: text('title').notNull(),
      /** The ids of the catalogues that a revision of the site has taken, in order: who may not read all of them may not read its events. */
      catalogues: json<readonly string[]>('catalogues').notNull()
    },
    // For the heads that changed since a seq.
    (row) => [index('sites_seq').on(row.seq)]
  )

  const siteRevisions = table(
    'site_revisions',
    {
      site: integer('site')
        .notNull()
        .references(() => sites.id),
      number: integer('number').notNull(),
      seq: big('seq').notNull(),
      publishedAt: big('published_at').notNull(),
      recordedAt: big('recorded_at').notNull(),
      author: text('author'),
      authorKey: text('author_key'),
      added: integer('added').notNull(),
      removed: integer('removed').notNull(),
      changed: integer('changed').notNull(),
      digest: digest('digest').notNull(),
      chain: digest('chain').notNull(),
      reason: text('reason'),
      overrides: json<readonly SiteGuardRail[]>('overrides').notNull(),
      /** The whole document: a site is small. */
      document: packed('document').notNull(),
      /** The instants at which the document itself changes what holds. */
      transitions: json<readonly Instant[]>('transitions').notNull()
    },
    (row) => [
      primaryKey({ columns: [row.site, row.number] }),
      index('site_revisions_published').on(row.site, row.publishedAt, row.number)
    ]
  )

  return { sites, siteRevisions }
}
