import { type EditionMark, versionText } from '../../domain/shape/edition-mark.ts'
import { csvLine } from '../csv-text.ts'
import { xmlText } from '../xml-text.ts'

/** The newest version of an instance, and all of them, the newest first, where they are asked for. */
export interface M365Version {
  readonly instance: string
  readonly latest: string
  readonly versions?: readonly string[]
}

/** @param marks those of all revisions up to the one that is read, ascending */
export function m365Version(instance: string, marks: readonly EditionMark[], hasAll: boolean): M365Version {
  return {
    instance,
    latest: versionText(marks.at(-1)?.version ?? 0),
    ...(hasAll && { versions: marks.map(({ version }) => versionText(version)).reverse() })
  }
}

/** The version as CSV, RFC 4180; all versions in one field are joined by commas. */
export function m365VersionCsv({ instance, latest, versions }: M365Version): string {
  const names = ['instance', 'latest', ...(versions ? ['versions'] : [])]
  return csvLine(names) + csvLine([instance, latest, ...(versions ? [versions.join(',')] : [])])
}

/**
 * The version as RSS 2.0: an item for each version that is told.
 * @param link the address of the page for people
 * @param marks those of the versions that are told, the newest first
 */
export function m365VersionRss({ instance }: M365Version, link: string, marks: readonly EditionMark[]): string {
  const items = marks.map(({ version, publishedAt }) => {
    const text = versionText(version)
    return `<item><title>${xmlText(`${instance} ${text}`)}</title><link>${xmlText(link)}</link><guid isPermaLink="false">${xmlText(`${instance}-${text}`)}</guid><pubDate>${new Date(publishedAt).toUTCString()}</pubDate></item>\n`
  })
  const title = `Versions of ${instance}`
  const head = `<title>${xmlText(title)}</title><link>${xmlText(link)}</link><description>${xmlText(title)}</description>`
  return `<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>${head}\n${items.join('')}</channel></rss>\n`
}
