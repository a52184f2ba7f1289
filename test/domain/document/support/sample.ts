import type { Document } from '../../../../src/domain/document/document.ts'
import { parseDocument } from '../../../../src/domain/document/parse-document.ts'
import type { Revision } from '../../../../src/domain/history/revision.ts'
import { type Rows, toRows } from '../../../../src/domain/history/rows.ts'
import type { Instant } from '../../../../src/domain/time/instant.ts'
import { transitionsOf } from '../../../../src/domain/view/lifetime.ts'

/** What an author writes. */
export type Written = Readonly<Record<string, unknown>>

export const at = (text: string): Instant => Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text)

export const address = (value: string, rest: Written = {}): Written => ({ kind: 'address', value, ...rest })
export const host = (value: string, rest: Written = {}): Written => ({ kind: 'host', value, ...rest })
export const role = (value: string, rest: Written = {}): Written => ({ kind: 'role', value, title: value, ...rest })
export const feed = (value: string, rest: Written = {}): Written => ({
  kind: 'feed',
  value,
  url: 'https://example.net/feed.json',
  ...rest
})
export const any = (rest: Written = {}): Written => ({ kind: 'any', ...rest })

/** Outbound to tcp/443, external, required. */
export function requirement(key: string, endpoints: readonly Written[] = [], rest: Written = {}): Written {
  return {
    key,
    title: key,
    scope: 'external',
    direction: 'outbound',
    necessity: 'required',
    services: [{ transport: 'tcp', ports: [443] }],
    endpoints,
    ...rest
  }
}

export function written(requirements: readonly Written[], rest: Written = {}): Written {
  return {
    id: 'gateway',
    title: 'Gateway',
    vendor: 'Example',
    product: 'Gateway',
    version: '1',
    edition: { label: '1', summary: 'A summary' },
    requirements,
    ...rest
  }
}

export function documentOf(requirements: readonly Written[], rest: Written = {}): Document {
  const parsed = parseDocument(written(requirements, rest))
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.document
}

export function rowsOf(requirements: readonly Written[], rest: Written = {}): Rows {
  return toRows(documentOf(requirements, rest))
}

/** The first revision of a document, with what a view takes from it. */
export function revisionOf(document: Document, rest: Partial<Revision> = {}): Revision {
  return {
    catalogue: document.id,
    number: 1,
    label: document.edition.label,
    publishedAt: at('2020-01-01'),
    recordedAt: at('2020-01-01'),
    summary: document.edition.summary,
    reconstructed: false,
    overrides: [],
    counts: { added: 0, removed: 0, changed: 0 },
    digest: 'sha256:00',
    chain: 'sha256:00',
    transitions: transitionsOf(toRows(document)),
    ...rest
  }
}
