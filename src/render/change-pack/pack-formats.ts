import type { SubjectPack } from '../../domain/change-pack/subject-pack.ts'
import { packCalendar } from './pack-calendar.ts'
import { packCsv } from './pack-csv.ts'
import { packJira } from './pack-jira.ts'
import { packValue } from './pack-json.ts'
import { packMarkdown } from './pack-markdown.ts'
import { packProbes } from './pack-probes.ts'
import { packServicenow } from './pack-servicenow.ts'

/** What links in a change pack begin with, and the URL of the same pack as JSON. */
interface PackLinks {
  readonly base: string
  readonly url: string
}

interface PackFormat {
  readonly contentType: string
  readonly render: (pack: SubjectPack, links: PackLinks) => string | Promise<string>
}

const json = 'application/json; charset=utf-8'

/** The one table of the formats of change packs. */
export const packFormats = {
  json: { contentType: json, render: (pack, { base }) => JSON.stringify(packValue(pack, base)) },
  markdown: { contentType: 'text/markdown; charset=utf-8', render: (pack, { url }) => packMarkdown(pack, url) },
  html: {
    contentType: 'text/html; charset=utf-8',
    // What reads Markdown is loaded with the first page that is asked for.
    render: async (pack, { url }) => (await import('./pack-html.ts')).packHtml(pack, url)
  },
  csv: { contentType: 'text/csv; charset=utf-8; header=present', render: packCsv },
  servicenow: { contentType: json, render: (pack, { base }) => JSON.stringify(packServicenow(pack, base)) },
  jira: { contentType: json, render: (pack, { base }) => JSON.stringify(packJira(pack, base)) },
  probes: { contentType: json, render: (pack) => JSON.stringify(packProbes(pack)) },
  ics: { contentType: 'text/calendar; charset=utf-8', render: packCalendar }
} as const satisfies Readonly<Record<string, PackFormat>>

export type PackFormatName = keyof typeof packFormats
// The names of the table, which the type of its keys says and the standard library forgets.
export const packFormatNames = Object.keys(packFormats) as readonly PackFormatName[]
