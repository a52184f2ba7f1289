import { and, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import { type Narrowing, prefixOf } from '../../domain/narrowing.ts'
import type { Tables } from '../engine/tables.ts'
import type { EventFilter } from '../store.ts'

/** The condition that a filter takes an event; undefined: it takes all. */
export function matches(tables: Tables, { types, ...filter }: EventFilter): SQL | undefined {
  return and(named(tables, filter), allowed(tables, filter), types && inArray(tables.events.type, [...types]))
}

/** Where both catalogues and sites are named, an event about either of them. */
function named(tables: Tables, { catalogues, sites }: EventFilter): SQL | undefined {
  if (!sites) return catalogues && ofCatalogues(tables, inArray(tables.catalogues.slug, [...catalogues]))
  const ofNamed = catalogues && ofCatalogues(tables, inArray(tables.catalogues.slug, [...catalogues]))
  return or(ofNamed, ofSites(tables, sites))
}

function allowed(tables: Tables, { within, amongSites }: EventFilter): SQL | undefined {
  const ofAllowed = within && ofCatalogues(tables, isNamedBy(tables.catalogues.slug, within))
  if (!amongSites) return ofAllowed
  return or(ofAllowed ?? isNull(tables.events.site), ofSites(tables, amongSites))
}

function ofCatalogues({ events, catalogues }: Tables, where: SQL | undefined): SQL {
  return inArray(events.catalogue, sql`(select ${catalogues.id} from ${catalogues} where ${where})`)
}

function ofSites({ events, sites }: Tables, ids: readonly string[]): SQL {
  return inArray(events.site, sql`(select ${sites.id} from ${sites} where ${inArray(sites.slug, [...ids])})`)
}

/** The condition that a narrowing names a catalogue. A narrowing to nothing names none. */
function isNamedBy(slug: Tables['catalogues']['slug'], within: Narrowing): SQL | undefined {
  const prefixes = within.flatMap((pattern) => prefixOf(pattern) ?? [])
  // The comparisons of LIKE and `<` depend on characters that ids may have, and on the collation.
  const begins = prefixes.map((prefix) => eq(sql`substr(${slug}, 1, ${sql.raw(String(prefix.length))})`, prefix))
  return or(
    inArray(
      slug,
      within.filter((pattern) => prefixOf(pattern) === undefined)
    ),
    ...begins
  )
}
