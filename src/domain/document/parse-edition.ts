import { withoutUndefined } from '../json/without-undefined.ts'
import { parseAuthoredTime } from '../time/authored-time.ts'
import type { Instant } from '../time/instant.ts'
import type { DocumentReader } from './document-reader.ts'
import { type Edition, EditionInputSchema, type EditionSource, EditionSourceSchema } from './edition.ts'

/** Reads what an author says of the edition. `publishedAt`: the value of `edition.publishedAt`, which is no part of the document. */
export function readEdition(
  value: unknown,
  reading: DocumentReader
): { readonly edition: Edition; readonly publishedAt: Instant | undefined } | undefined {
  const fields = reading.fields(EditionInputSchema, value, '/edition', { open: ['source'] })
  const { date, reconstructed } = fields
  const label = reading.text(fields.label, '/edition/label', 'one', 100)
  if (date !== undefined && !isDate(date))
    reading.faults.add('/edition/date', 'invalid_date', `${date} does not exist in the calendar`)
  const summary = reading.prose(fields.summary, '/edition/summary')
  const reason = reading.prose(fields.reason, '/edition/reason')
  const publishedAt = reading.time(fields.publishedAt, '/edition/publishedAt')
  const source = fields.source === undefined ? undefined : readEditionSource(fields.source, reading)
  if (label === undefined || summary === undefined) return undefined
  const edition = withoutUndefined({ label, date, summary, reason, reconstructed: reconstructed || undefined, source })
  return { edition, publishedAt: publishedAt?.instant }
}

function readEditionSource(value: unknown, reading: DocumentReader): EditionSource | undefined {
  const at = '/edition/source'
  const { adapter, digest, ...fields } = reading.fields(EditionSourceSchema, value, at)
  const url = reading.url(fields.url, `${at}/url`)
  const token = reading.text(fields.token, `${at}/token`, 'one', 200)
  const label = reading.text(fields.label, `${at}/label`, 'one', 100)
  const time = reading.time(fields.time, `${at}/time`)?.text
  if (adapter === undefined || url === undefined || digest === undefined) return undefined
  return withoutUndefined({ adapter, url, token, label, time, digest })
}

/** Whether a date at its own precision exists: `2018`, `2018-10` or `2018-10-01`. */
function isDate(text: string): boolean {
  return 'instant' in parseAuthoredTime(text.length === 4 ? `${text}-01` : text, 'UTC')
}
